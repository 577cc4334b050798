"""``{finder}``: from a need to an ordered list of texts, as tables that a script narrows down.

The order of each list is that of :mod:`handbook.model.profiles`; the script only shows and hides
entries.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import get_translation

from handbook.model.catalogue import CATALOGUE_SOURCE, Deliverable, Status
from handbook.model.profile_shapes import NOT_KNOWN
from handbook.model.profiles import DEPTHS, Service, Want, follow_ups
from handbook.model.records import Adoption
from handbook.sphinxext import nodes as our
from handbook.sphinxext.blocks import HandbookDirective, depend_on_records
from handbook.sphinxext.parts import badge, table
from handbook.sphinxext.record_blocks import Part, country_name
from handbook.sphinxext.served_forms import select

_ = get_translation("handbook")

#: The most texts for the use of another in a row; its page has them all.
_GUIDES = 2


def kind_name(kind: str) -> str:
    """Return the kind of a text, in the reader's language."""
    return {
        "requirements": _("requirements"),
        "requirements and guidance": _("requirements and guidance"),
        "guidance": _("guidance"),
        "procedure": _("procedure"),
        "framework": _("framework"),
        "indicators": _("indicators"),
        "vocabulary": _("vocabulary"),
        "report": _("report"),
        NOT_KNOWN: _("not known"),
    }[kind]


class ProfilesDirective(HandbookDirective):
    """What directives that show profiles have in common."""

    def heading(self, name: str, anchor: str, level: int) -> nodes.rubric:
        """Return a heading below the sections of a page, with its own address."""
        self.env.domains.standard_domain.note_hyperlink_target(
            anchor, self.env.docname, anchor, name
        )
        return nodes.rubric("", name, ids=[anchor], **{"heading-level": level})

    def section(self, name: str, anchor: str) -> nodes.section:
        """Return a section of the page, with an address."""
        self.env.domains.standard_domain.note_hyperlink_target(
            anchor, self.env.docname, anchor, name
        )
        made = nodes.section("", nodes.title("", name), ids=[anchor], names=[anchor])
        self.set_source_info(made)
        return made

    def basis(self, sources: tuple[str, ...], *, beside: str = "") -> Part:
        """Return the citations of a statement, without those that its table has already."""
        known = [
            key for key in sources if key != beside and key in self.handbook.bibliography.sources
        ]
        return [nodes.Text(self.marks.space), *self.cite(known)] if known else []

    def adoptions(self, deliverable: Deliverable) -> list[tuple[Adoption, Deliverable]]:
        """Return the national versions of a text, and of the editions before it, each with its
        edition.
        """
        catalogue, records = self.handbook.catalogue, self.handbook.records
        before = [catalogue.by_id[id_] for id_ in deliverable.replaces if id_ in catalogue.by_id]
        if deliverable.status is not Status.PUBLISHED:
            before = []
        found: dict[str, tuple[Adoption, Deliverable]] = {}
        for edition in (deliverable, *before):
            for one in records.adoptions_of(edition, catalogue):
                found.setdefault(one.id, (one, edition))
        return list(found.values())


class FinderDirective(ProfilesDirective):
    """All wants, each with its texts in the order of reading."""

    def run(self) -> list[nodes.Node]:
        depend_on_records(self.env)
        profiles = self.handbook.profiles
        made: list[nodes.Node] = [our.served_form(html=self._form())]
        for group, wants in profiles.groups.items():
            section = self.section(self.say(group), f"finder-{nodes.make_id(group)}")
            section["classes"].append("hb-wants")
            for want in wants:
                section += self._want(want)
            section += self.as_of()
            made.append(section)
        return made

    def _want(self, want: Want) -> nodes.container:
        catalogue, profiles = self.handbook.catalogue, self.handbook.profiles
        texts = profiles.ranked(catalogue, want.id)
        heads = [
            (_("Text"), 16),
            (_("Why"), 34),
            (_("Kind of text"), 12),
            (_("Status"), 12),
            (_("What comes next"), 14),
            (_("National versions"), 12),
        ]
        rows = [self._row(one, want) for one in texts]
        group = table(heads, rows)
        for text, row in zip(texts, group[-1].findall(nodes.row), strict=True):
            row["classes"].append(f"hb-text-{text.id}")
        made = nodes.table("", group, classes=["hb-answer", "hb-cards"])
        self.set_source_info(made)
        name = self.say(want.name)
        name = name[0].upper() + name[1:]
        block = nodes.container("", self.heading(name, f"want-{want.id}", 3), made)
        block["classes"] = ["hb-want"]
        if orders := self._orders(want, texts):
            block += orders
        return block

    def _row(self, text: Deliverable, want: Want) -> list[Part]:
        profile = self.handbook.profiles.by_reference[text.reference]
        service = profile.service(want.id)
        assert service
        return [
            [
                self.link_to_standard(text, text.reference),
                nodes.Text(" "),
                nodes.inline("", "", our.short_name("", slug=text.slug), classes=["hb-named"]),
            ],
            [self.words(service.why), *self._rests(service)],
            [nodes.Text(kind_name(profile.kind.value))],
            [badge(text.state)],
            self.cell(self._next(text)),
            [nodes.Text(self._countries(text))],
        ]

    def _rests(self, service: Service) -> Part:
        # the line at the end of the section cites the catalogue
        if service.ours:
            return [nodes.Text(self.marks.space), nodes.emphasis("", _("Our reading."))]
        return self.basis(service.sources, beside=CATALOGUE_SOURCE)

    def _next(self, text: Deliverable) -> Iterator[Part]:
        if text.status is Status.UNDER_DEVELOPMENT:
            yield [nodes.Text(_("stage %s") % text.stage)]
        projects, guides = follow_ups(self.handbook.catalogue, text)
        for one in projects:
            link = self.link_to_standard(one, one.reference)
            yield [link, nodes.Text(self.marks.space + _("is to replace it"))]
        if guides:
            shown = guides if len(guides) == _GUIDES + 1 else guides[:_GUIDES]
            links = ([self.link_to_standard(one, one.reference)] for one in shown)
            part: Part = [nodes.Text(_("for its use: ")), *self.listed(links)]
            if more := len(guides) - len(shown):
                part.append(nodes.Text(self.marks.space + _("and %d more") % more))
            yield part

    def _countries(self, text: Deliverable) -> str:
        found: dict[str, bool] = {}
        for one, edition in self.adoptions(text):
            name = country_name(one.country, self.config.language)
            found[name] = found.get(name, False) or edition is text
        names = [
            name if current else _("%s (older edition)") % name
            for name, current in sorted(found.items())
        ]
        return self.marks.listed.join(names) or "–"

    def _orders(self, want: Want, texts: list[Deliverable]) -> nodes.bullet_list | None:
        """Yield the roles for which the order differs: the same order that the script shows."""
        profiles = self.handbook.profiles
        orders: dict[tuple[str, ...], list[str]] = {}
        for role in profiles.roles:
            order = tuple(
                one.reference for one in profiles.ranked(self.handbook.catalogue, want.id, role.id)
            )
            if order != tuple(one.reference for one in texts):
                orders.setdefault(order, []).append(self.say(role.name))
        items = [
            nodes.list_item(
                "",
                nodes.paragraph(
                    "",
                    "",
                    nodes.strong("", self.marks.semicolon.join(names)),
                    nodes.Text(self.marks.colon + self.marks.listed.join(order)),
                ),
            )
            for order, names in orders.items()
        ]
        return nodes.bullet_list("", *items, bullet="-", classes=["hb-orders"]) if items else None

    def _reading(self) -> dict[str, dict[str, list[int]]]:
        """Return what to read for each want, by role and in order; roles whose list is the same as
        without a role are left out.
        """
        profiles, catalogue = self.handbook.profiles, self.handbook.catalogue
        found = {}
        for want in profiles.wants:
            ranked = {
                role: [one.id for one in profiles.ranked(catalogue, want.id, role)]
                for role in ("", *(one.id for one in profiles.roles))
            }
            found[want.id] = {
                role: ids for role, ids in ranked.items() if not role or ids != ranked[""]
            }
        return found

    def _versions(self, listed: set[int]) -> dict[int, dict[str, list[str]]]:
        """Return the national versions of texts, by country."""
        versions: dict[int, dict[str, list[str]]] = {}
        for text in (one for one in self.handbook.catalogue.deliverables if one.id in listed):
            for one, edition in self.adoptions(text):
                words = one.designation
                if edition is not text:
                    words += self.marks.within(edition.reference)
                versions.setdefault(text.id, {}).setdefault(one.country, []).append(words)
        return versions

    def _form(self) -> str:
        orders = self._reading()
        versions = self._versions({id_ for lists in orders.values() for id_ in lists[""]})
        codes = {code for named in versions.values() for code in named}
        language = self.config.language
        countries = sorted((country_name(code, language), code) for code in codes)
        data = {
            "orders": json.dumps(orders, separators=(",", ":")),
            "versions": json.dumps(versions, separators=(",", ":"), ensure_ascii=False),
            "depths": json.dumps(DEPTHS, separators=(",", ":")),
            "none": _("none known to this handbook"),
            "who": _(
                "For you, %(changed)s of %(all)s lists are in another order. Choose what to do."
            ),
        }
        attributes = "".join(f' data-{name}="{escape(value)}"' for name, value in data.items())
        depths = [
            ("work", _("the first six")),
            ("first", _("the first three")),
        ]
        roles = [(role.id, self.say(role.name)) for role in self.handbook.profiles.roles]
        choices = [(code, name) for name, code in countries]
        fields = [
            select("who", _("Who are you?"), roles, every=_("anyone, or an adviser")),
            self._wants(),
            select("depth", _("How deep?"), depths, every=_("everything that fits")),
            select("country", _("Your country"), choices, every=_("any")),
        ]
        name = escape(_("Find a standard"))
        again, print_ = escape(_("Start again")), escape(_("Print"))
        told = escape(_("%(shown)s of %(all)s texts, in reading order"))
        return (
            f'<form class="hb-filter hb-finder" role="search" aria-label="{name}"'
            f'{attributes}>{"".join(fields)}<button type="reset">{again}</button>'
            f'<button type="button" name="print">{print_}</button>'
            f'<p role="status" data-words="{told}"></p></form>'
            '<p class="hb-for" hidden></p>'
        )

    def _wants(self) -> str:
        label, every = escape(_("What do you want to do?")), escape(_("choose, or read all below"))
        groups = (
            f'<optgroup label="{escape(self.say(group))}">'
            + "".join(
                f'<option value="{one.id}">{escape(self.say(one.name))}</option>' for one in wants
            )
            + "</optgroup>"
            for group, wants in self.handbook.profiles.groups.items()
        )
        return (
            f'<label>{label} <select name="want"><option value="">{every}</option>'
            f"{''.join(groups)}</select></label>"
        )


def setup(app: Sphinx) -> None:
    app.add_directive("finder", FinderDirective)
