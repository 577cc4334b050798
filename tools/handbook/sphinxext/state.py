"""What the extension keeps: between builds (with Sphinx's environment), and during one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment

if TYPE_CHECKING:
    from pybtex.style import FormattedEntry

    from handbook.sphinxext.domain import PlacedMilestone
    from handbook.sphinxext.frame import Frame
    from handbook.sphinxext.reported import Said
    from handbook.sphinxext.upstream.furo_navigation import Listing, Navigation


@dataclass(frozen=True, slots=True)
class Shown:
    """What timelines and links showed: milestones by name, the pages of standards and the names
    that they give them by slug, and what is printed of each source by key.
    """

    milestones: Mapping[str, PlacedMilestone]
    standards: Mapping[str, tuple[str, str]]
    sources: Mapping[str, tuple[str, ...]]


@dataclass(slots=True)
class Kept:
    """What the pages showed at the last build: a page that would show something else is written
    again, though its own text did not change. By page unless said otherwise.
    """

    shown: Shown | None = None
    frames: dict[str, Frame] = field(default_factory=dict)
    listings: dict[str, tuple[Listing, ...]] = field(default_factory=dict)
    around: dict[str, tuple[object, ...]] = field(default_factory=dict)
    moves: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class Running:
    """What one build needs and the next one makes anew."""

    builder: Builder | None = None
    navigation: Navigation | None = None
    #: Label and text of each source by key, once bibtex has labelled its citations.
    entries: dict[str, FormattedEntry] | None = None
    #: What the check says of the pages, once it was asked.
    said: Said | None = None


def kept(env: BuildEnvironment) -> Kept:
    """What was kept from the last build; the caller updates it."""
    found: Kept = env.get_domain("handbook").data["kept"]
    return found


def running(env: BuildEnvironment) -> Running:
    """The state of the build that runs."""
    found: Running = env.get_domain("handbook").running  # type: ignore[attr-defined]
    return found
