"""What makes a build quick changes nothing that it makes."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from random import Random

import pytest
from babel import Locale, UnknownLocaleError
from docutils import nodes
from docutils.utils import new_document

from handbook import sphinxext
from handbook.sphinxext.upstream import (
    babel_locales,
    bibtex_lookups,
    docutils_walks,
    garbage_collection,
)
from support.projects import Project

CITING = {
    "index.md": "# Home\n\nOne {cite:p}`cnis2019`, two {cite:p}`press2017,cnis2019`, again {cite:p}`cnis2019`, none {cite:p}`nobody2000`.\n\n:::{toctree}\ndeep/page\nsources\n:::\n",
    "deep/page.md": "# Page\n\nTwo {cite:p}`press2017,cnis2019` and {cite:t}`cnis2019`.\n",
    "sources.md": '# Sources\n\nHere too {cite:p}`press2017`.\n\n:::{bibliography}\n:filter: cited and docname in docnames or key % "cnis"\n:::\n',
}


@pytest.mark.parametrize("builder", ["html", "dirhtml", "text"])
@pytest.mark.parametrize(
    "filter_", ['cited and docname in docnames or key % "cnis"', "cited", 'key + "x"']
)
def test_citations_are_those_that_bibtex_itself_makes(
    project: Callable[[Mapping[str, str]], Project],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    builder: str,
    filter_: str,
) -> None:
    pages = {
        name: text.replace('cited and docname in docnames or key % "cnis"', filter_)
        for name, text in CITING.items()
    }

    def made(root: Path) -> tuple[dict[str, str], list[str]]:
        done = Project(root, pages).build(builder)
        files = {
            str(path.relative_to(done.out)): path.read_text("utf-8")
            for path in done.out.rglob("*.*")
            if path.suffix in {".html", ".txt"}
        }
        return files, [re.sub(r"at 0x\w+", "", warning) for warning in done.warnings]

    ours = made(tmp_path / "ours")
    others = tuple(module for module in sphinxext.MODULES if module is not bibtex_lookups)
    monkeypatch.setattr(sphinxext, "MODULES", others)
    assert ours == made(tmp_path / "bibtex's")
    assert any("CNIS" in text for text in ours[0].values())


@pytest.mark.parametrize("name", ["zh_CN", "zh_Hans_CN", "en", "de_AT", "xx", "", None, "en-US"])
def test_a_kept_locale_is_the_one_that_babel_itself_finds(name: str | None) -> None:
    def found(parse: Callable[..., Locale]) -> Locale | tuple[type, str]:
        try:
            return parse(name)
        except (UnknownLocaleError, TypeError, ValueError) as error:
            return type(error), str(error)

    kept = babel_locales.KEPT
    assert found(kept) == found(kept) == found(kept.__wrapped__)


def test_a_locale_is_found_through_the_class_and_through_an_object(
    project: Callable[[Mapping[str, str]], Project],
) -> None:
    project({"index.md": "# Home\n"}).build()
    assert Locale.parse("zh_CN") is Locale.parse("zh_CN") == Locale("en").parse("zh_CN")


def test_a_build_leaves_the_search_for_garbage_as_it_was(
    project: Callable[[Mapping[str, str]], Project],
) -> None:
    usual, before = gc.get_threshold(), (700, 10, 10)
    # An application that another test made and never built leaves the collector relaxed.
    gc.set_threshold(*before)
    small = project({"index.md": "# Home\n"})
    note = small.root / "seen"
    with (small.docs / "conf.py").open("a") as conf:
        conf.write(
            f"import gc, pathlib\ndef setup(app):\n    app.connect('env-updated', lambda *_: pathlib.Path({str(note)!r}).write_text(str(gc.get_threshold())) and None)\n"
        )
    try:
        small.build()
        after = gc.get_threshold()
    finally:
        gc.set_threshold(*usual)
    assert note.read_text("utf-8") == str(garbage_collection.RELAXED) != str(before)
    assert after == before


def tree(random: Random, depth: int = 5) -> nodes.Element:
    kind = random.choice([nodes.paragraph, nodes.strong, nodes.section])
    words = [nodes.Text("words")] if random.random() < 0.5 else []
    inside = [tree(random, depth - 1) for _ in range(random.randrange(4))] if depth else []
    return kind("", *words, *inside)


@pytest.mark.parametrize("condition", [None, nodes.Text, nodes.strong, lambda one: one.children])
@pytest.mark.parametrize("change", ["nothing", "removed", "replaced", "added"])
def test_walks_find_what_docutils_itself_finds(
    monkeypatch: pytest.MonkeyPatch, condition: object, change: str
) -> None:
    monkeypatch.setattr(nodes.Node, "findall", docutils_walks.OTHERS)

    def found(walk: Callable[..., Iterable[nodes.Node]], seed: int) -> list[str]:
        root, seen = tree(Random(seed)), []
        for node in walk(root, condition):
            seen.append(f"{type(node).__name__} {len(node.children)} {node.astext()}")
            if node.parent and change == "removed":
                node.parent.remove(node)
            elif node.parent and change == "replaced":
                node.parent.replace(node, [nodes.strong("", "one"), nodes.Text("two")])
                if len(seen) > 40:
                    break
            elif change == "added" and len(seen) % 3 == 0 and isinstance(node, nodes.Element):
                if len(seen) > 40:
                    break
                node.append(nodes.strong("", "more"))
        return seen

    ours = [found(docutils_walks.findall, seed) for seed in range(30)]
    assert ours == [found(docutils_walks.OTHERS, seed) for seed in range(30)]
    assert sum(map(len, ours)) > 60


def test_a_page_has_what_came_into_it_however_it_came() -> None:
    """A page that is not walked through has no node of the kind, whenever the nodes were made."""
    kinds = docutils_walks._Kinds()
    random, bare, wanted = Random(2), 0, (nodes.table, nodes.strong, nodes.Inline, nodes.section)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(docutils_walks, "_kinds", kinds)
        patch.setattr(nodes.Node, "setup_child", docutils_walks.setup_child)
        for read in (True, False):
            old = [nodes.container("", tree(random, 2)) for _ in range(20)]
            for _ in range(20):
                if read:
                    kinds.begin()
                else:
                    kinds.end()
                page = new_document("page")
                page += nodes.paragraph("", "words")
                for _step in range(6):
                    for kind in wanted:
                        found = list(docutils_walks.findall(page, kind))
                        assert found == list(docutils_walks.OTHERS(page, kind))
                        bare += not kinds.may_be_in(page, kind)
                    into = random.choice(list(docutils_walks.OTHERS(page, nodes.Element)))
                    into += random.choice([tree(random, 1), nodes.paragraph(), nodes.table()])
                    if not read and random.random() < 0.1:
                        page += old.pop()  # made before, and held by nobody's tree
    assert bare > 100


def test_walks_with_other_orders_are_those_of_docutils() -> None:
    root = tree(Random(1))
    for order in (
        {"include_self": False},
        {"descend": False},
        {"siblings": True},
        {"ascend": True},
    ):
        for node in list(docutils_walks.OTHERS(root)):
            assert list(docutils_walks.findall(node, nodes.Text, **order)) == list(
                docutils_walks.OTHERS(node, nodes.Text, **order)
            )
