"""The state of the extension: between builds (with Sphinx's environment), and during one."""

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
    """What timelines and links showed: milestones by name, the pages of standards and their names
    on these pages by slug, and the printed form of each source by key.
    """

    milestones: Mapping[str, PlacedMilestone]
    standards: Mapping[str, tuple[str, str]]
    sources: Mapping[str, tuple[str, ...]]


@dataclass(slots=True)
class Kept:
    """What the pages showed at the last build: a page that would now show something else is written
    again, even if its own text has not changed. By page unless stated otherwise.
    """

    shown: Shown | None = None
    frames: dict[str, Frame] = field(default_factory=dict)
    listings: dict[str, tuple[Listing, ...]] = field(default_factory=dict)
    around: dict[str, tuple[object, ...]] = field(default_factory=dict)
    moves: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class Running:
    """What one build needs and the next one makes again."""

    builder: Builder | None = None
    navigation: Navigation | None = None
    #: Label and text of each source by key, once bibtex has labelled its citations.
    entries: dict[str, FormattedEntry] | None = None
    #: The findings of the check on the pages, once it has run.
    said: Said | None = None
    #: The commit for which git is asked on which days pages changed; empty outside of git.
    commit: str = ""


def kept(env: BuildEnvironment) -> Kept:
    """Return what was kept from the last build; the caller updates it."""
    found: Kept = env.get_domain("handbook").data["kept"]
    return found


def running(env: BuildEnvironment) -> Running:
    """Return the state of the running build."""
    found: Running = env.get_domain("handbook").running  # type: ignore[attr-defined]
    return found
