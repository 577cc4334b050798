"""``{rooms}`` and ``{events}``: the architecture as it is in the code, for people who work on
``tools/``.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import get_translation
from sphinx.util.docutils import SphinxDirective

import handbook
from handbook.outputs import room_picture
from handbook.sphinxext import events
from handbook.sphinxext import nodes as our
from handbook.sphinxext.blocks import HandbookTransform

_ = get_translation("handbook")


class RoomsDirective(SphinxDirective):
    """The rooms of the library: a picture, and a list of the purpose and the imports of each."""

    def run(self) -> list[nodes.Node]:
        library = Path(handbook.__file__).parent
        arrows = room_picture.imports(library)
        rows = []
        for floor in handbook.FLOORS:
            for room in floor:
                purpose = _first_line(_docstring(library, room))
                others = ", ".join(sorted(arrows.get(room, set()))) or "–"
                rows.append((nodes.literal("", room), nodes.Text(purpose), nodes.Text(others)))
        return [our.room_picture(), _table(("Room", "What it is for", "Imports from"), rows)]


def _docstring(library: Path, room: str) -> str:
    path = library / room / "__init__.py"
    source = path if path.is_file() else library / f"{room}.py"
    if not source.is_file():
        return ""
    return inspect.getdoc(import_module(f"handbook.{room}")) or ""


class Picture(HandbookTransform):
    """Draw the rooms in HTML; elsewhere their table suffices."""

    default_priority = 4

    def run(self, **kwargs: Any) -> None:
        for node in self.each(our.room_picture):
            if self.builder.format != "html":
                node.parent.remove(node)
                continue
            svg = room_picture.draw(
                handbook.FLOORS,
                room_picture.imports(Path(handbook.__file__).parent),
                "The rooms of the library",
                "Each room imports only from the floors below it; the table below says the same.",
            )
            node.replace_self(
                nodes.raw("", f'<div class="hb-rooms-frame">{svg}</div>', format="html")
            )


class EventsDirective(SphinxDirective):
    """The functions that hook into the build: each event in the order of a build, with our
    functions.
    """

    def run(self) -> list[nodes.Node]:
        rows = [
            (
                nodes.literal("", event),
                nodes.Text(str(priority)),
                # Two words, so that a narrow column can break between them.
                nodes.inline(
                    "", "", *(part for word in name.rsplit(".", 1) for part in _code(word))
                ),
                nodes.Text(why),
            )
            for event, priority, name, why in hooks(self.env.events.listeners)
        ]
        head = ("Event", "Priority", "Function", "What it does")
        return [_table(head, rows, widths=(2, 1, 4, 4))]


def _code(word: str) -> tuple[nodes.Node, nodes.Node]:
    return nodes.literal("", word), nodes.Text(" ")


def hooks(listeners: Any) -> Iterator[tuple[str, int, str, str]]:
    """Yield our listeners: the event, the priority, the function with its module, its purpose."""
    for event in _ORDER:
        for listener in sorted(listeners.get(event, ()), key=lambda one: (one.priority, one.id)):
            function = listener.handler
            module = getattr(function, "__module__", "")
            if module.startswith("handbook."):
                name = getattr(function, "__qualname__", type(function).__name__)
                yield (
                    event,
                    listener.priority,
                    f"{module.removeprefix('handbook.')}.{name}",
                    events.why(function) or _first_line(inspect.getdoc(function)),
                )


#: Sphinx's events in the order of a build.
_ORDER = (
    "config-inited",
    "builder-inited",
    "env-get-outdated",
    "env-before-read-docs",
    "env-purge-doc",
    "source-read",
    "include-read",
    "doctree-read",
    "env-merge-info",
    "env-updated",
    "env-check-consistency",
    "write-started",
    "doctree-resolved",
    "missing-reference",
    "warn-missing-reference",
    "html-collect-pages",
    "html-page-context",
    "build-finished",
)


def _first_line(text: str | None) -> str:
    return " ".join((text or "").split("\n\n")[0].replace("``", "").split())


def _table(
    head: tuple[str, ...], rows: Sequence[tuple[nodes.Node, ...]], widths: Sequence[int] = ()
) -> nodes.table:
    columns = (nodes.colspec(colwidth=width) for width in widths or [1] * len(head))
    group = nodes.tgroup("", *columns, cols=len(head))
    cells = [tuple(nodes.Text(name) for name in head), *rows]
    lines = [
        nodes.row("", *(nodes.entry("", nodes.paragraph("", "", cell)) for cell in row))
        for row in cells
    ]
    group += [nodes.thead("", lines[0]), nodes.tbody("", *lines[1:])]
    return nodes.table("", group, classes=["hb-wide"])


def setup(app: Sphinx) -> None:
    app.add_directive("rooms", RoomsDirective)
    app.add_directive("events", EventsDirective)
    app.add_node(our.room_picture)
    app.add_post_transform(Picture)
