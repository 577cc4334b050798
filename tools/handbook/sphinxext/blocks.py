"""What our directives, roles and transforms share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from docutils import nodes
from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinxcontrib.bibtex.roles import CiteRole

from handbook.model import edtf, marks
from handbook.model.block import Block
from handbook.model.catalogue import CATALOGUE_SOURCE, Catalogue, Deliverable, Family
from handbook.model.marks import Marks
from handbook.rules.findings import Finding, Place
from handbook.sphinxext import domain, parts, project, state
from handbook.sphinxext.dates import display

_ = get_translation("handbook")

#: The words of the data that the page being read shows, and whether each waits for a translation.
SAID = "handbook_said"
N = TypeVar("N", bound=nodes.Node)


class Speaking:
    """Mix-in for classes that know the reader's language."""

    config: Config

    @property
    def marks(self) -> Marks:
        """Return the punctuation that joins the parts of a text."""
        return marks.of(self.config.language)

    def say(self, text: str) -> str:
        """Return words of the data in the reader's language."""
        return project.say(self.config, text)

    def words(self, text: str) -> nodes.Node:
        """Return the same as a node, marked as English where the words are English."""
        return parts.words(self.config, text)


class HandbookDirective(Speaking, SphinxDirective):
    """A directive with access to the handbook's data."""

    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {}

    def say(self, text: str) -> str:
        self._count(text)
        return super().say(text)

    def words(self, text: str) -> nodes.Node:
        self._count(text)
        return super().words(text)

    def _count(self, text: str) -> None:
        """Count words of the data among those that the page has to translate."""
        waits = parts.waits(self.config, text)
        if waits or text in project.words(self.config):
            said = self.env.current_document.get(SAID)
            if said is None:
                said = self.env.current_document[SAID] = {}
            said[text] = waits

    @property
    def handbook(self) -> project.Handbook:
        return project.of(self.config)

    @property
    def domain(self) -> domain.HandbookDomain:
        return domain.of(self.env)

    def warn(self, code: str, message: str, hint: str) -> None:
        parts.warn(code, message, hint, self.get_location())

    def report(self, finding: Finding) -> None:
        """Report a finding of a reader as a build warning, in the words of the check."""
        parts.report(finding, self.get_location())

    def block(self) -> Block:
        """Return the directive in the form that the readers of pages use."""
        path, line = self.get_source_info()
        options = {name: value or "" for name, value in self.options.items()}
        return Block(self.name, " ".join(self.arguments), options, Place(path, line))

    def cell(self, parts: Iterable[Sequence[nodes.Node]]) -> list[nodes.Node]:
        """Join parts of a cell by semicolons; return a dash if there are none."""
        return joined(parts, self.marks.semicolon) or [nodes.Text("–")]

    def listed(self, parts: Iterable[Sequence[nodes.Node]]) -> list[nodes.Node]:
        """Join things of one kind by commas."""
        return joined(parts, self.marks.listed)

    def cite(self, keys: Iterable[str]) -> list[nodes.Node]:
        """Return citations as ``{cite:p}`` writes them."""
        text = ",".join(keys)
        return CiteRole()("cite:p", f"{{cite:p}}`{text}`", text, self.lineno, self.state.inliner)[0]

    def family_name(self, family: Family | None) -> str:
        """Return the name of a family, or of the texts that are in none."""
        return self.say(family.title) if family else _("Other texts")

    def link_to_standard(self, deliverable: Deliverable, text: str) -> addnodes.pending_xref:
        return standard_link(self.env, deliverable, text)

    def as_of(self) -> nodes.paragraph:
        """Return a line with the day that the catalogue describes, and its citation."""
        day = catalogue_day(self.handbook.catalogue, self.config.language)
        source = nodes.Text(_("As of %s. Source: ") % day)
        return nodes.paragraph("", "", source, *self.cite([CATALOGUE_SOURCE]), classes=["hb-as-of"])


class HandbookTransform(Speaking, SphinxPostTransform):
    """A post-transform that has the domain and, through it, the builder (``app`` is deprecated
    there since Sphinx 9).
    """

    @property
    def domain(self) -> domain.HandbookDomain:
        return domain.of(self.env)

    @property
    def builder(self) -> Builder:
        builder = state.running(self.env).builder
        assert builder
        return builder

    def each(self, kind: type[N]) -> list[N]:
        """Return the nodes of a kind of ours."""
        return list(self.document.findall(kind))


def joined(parts: Iterable[Sequence[nodes.Node]], mark: str) -> list[nodes.Node]:
    """Join parts of a text with a mark between every two."""
    content: list[nodes.Node] = []
    for part in parts:
        content += [nodes.Text(mark), *part] if content else [*part]
    return content


def depend_on_catalogue(env: BuildEnvironment) -> None:
    """Let the page be read again when the catalogue's files change."""
    depend(env, (*project.of(env.config).files, *project.word_files(env.config)))


def depend_on_records(env: BuildEnvironment) -> None:
    """Let the page be read again when the records, the profiles or the catalogue change."""
    depend_on_catalogue(env)
    depend(env, project.of(env.config).record_files)


def depend(env: BuildEnvironment, files: Iterable[Path]) -> None:
    """Let the page be read again when one of the files changes."""
    # Sphinx's own function takes one file at a time and joins it to the folder of the pages; these
    # paths are absolute.
    env.dependencies.setdefault(env.docname, set()).update(files)  # type: ignore[arg-type]


def standard_link(
    env: BuildEnvironment, deliverable: Deliverable, text: str
) -> addnodes.pending_xref:
    """Return a link to a standard's page, resolved once all pages are read."""
    domain.of(env).note_standard_link(deliverable.slug, env.docname)
    return parts.internal_link(
        env.docname, "handbook", "standard", deliverable.slug, nodes.inline("", text)
    )


def catalogue_day(catalogue: Catalogue, language: str) -> str:
    """Return the day that the catalogue describes, in the reader's language."""
    return display(edtf.parse(catalogue.as_of["deliverables"]), language)
