"""Check links within the built pages, and what these load from other hosts, without network."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import unquote

from handbook.linkcheck import address, markup
from handbook.model.pages import read_page
from handbook.rules.findings import Finding, Place

_SOURCE_SUFFIXES = (".md", ".rst")
#: The page for lost addresses shows where the site begins.
_ROOT = re.compile(r' data-content_root="(/[^"]*)"')


@dataclass(slots=True)
class Built:
    """The built site.

    ``files`` are paths below ``folder``. For each page, ``anchors`` has the anchors and ``inward``
    the links to the site; ``outward`` has each link to another host, with its page and offset, and
    ``loaded`` what pages load from other hosts. ``links`` counts all links.
    """

    folder: Path
    files: set[str] = field(default_factory=set)
    anchors: dict[str, set[str]] = field(default_factory=dict)
    outward: dict[str, tuple[str, int]] = field(default_factory=dict)
    inward: dict[str, list[markup.Reference]] = field(default_factory=dict)
    loaded: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    links: int = 0


def read(folder: Path) -> Built:
    """Read every page and style sheet below a folder.

    :raises OSError: if the folder cannot be read
    """
    built = Built(folder)
    _walk(os.fspath(folder), "", built.files)
    for name in sorted(built.files):
        if name.endswith((".html", ".htm", ".css")):
            _read_file(built, name)
    return built


def _walk(folder: str, prefix: str, files: set[str]) -> None:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                _walk(entry.path, f"{prefix}{entry.name}/", files)
            else:
                files.add(prefix + entry.name)


def _text(built: Built, name: str) -> str:
    # ten thousand Path objects would be slow
    with open(f"{built.folder}/{name}", "rb") as stream:  # noqa: PTH123
        return markup.decode(stream.read())


def _read_file(built: Built, name: str) -> None:
    text = _text(built, name)
    if name.endswith(".css"):
        references = [
            markup.Reference(value, 0, "style", True) for value in markup.css_addresses(text)
        ]
    else:
        if posixpath.basename(name) == "404.html" and (root := _ROOT.search(text)):
            # this page, which is shown at any depth, contains the path of the site
            own = posixpath.dirname(name)  # an edition in another language has its own folder
            text = text.replace(f'="{root[1]}', f'="/{own}/' if own else '="/')
        page = markup.read(text)
        built.anchors[name] = page.anchors
        references = page.references
        if page.refresh:
            references.append(markup.Reference(page.refresh, 0, "meta"))
    inward: dict[str, markup.Reference] = {}
    for reference in references:
        built.links += 1
        value = reference.value
        scheme = address.scheme(value)
        if not scheme:
            inward.setdefault(value, reference)
        elif reference.loads and scheme != "data":
            built.loaded.setdefault(value, []).append((name, reference.at))
        elif not reference.loads:
            built.outward.setdefault(value, (name, reference.at))
    built.inward[name] = list(inward.values())


class _Resolver:
    """Resolves a relative address to a file.

    The result is ``None`` above the root, and an unknown name for a missing file.
    """

    def __init__(self, files: set[str]) -> None:
        self.files = files
        self.known: dict[tuple[str, str], str | None] = {}

    def __call__(self, folder: str, path: str) -> str | None:
        key = (folder, path)
        if key not in self.known:
            self.known[key] = self._find(folder, path)
        return self.known[key]

    def _find(self, folder: str, path: str) -> str | None:
        if path.startswith("/"):
            folder, path = "", path.lstrip("/")
        for candidate in dict.fromkeys((path, unquote(path))):
            joined = posixpath.normpath(posixpath.join(folder, candidate))
            if joined == ".." or joined.startswith("../"):
                return None
            if joined in self.files and not candidate.endswith("/"):
                return joined
            index = "index.html" if joined == "." else f"{joined}/index.html"
            if index in self.files:
                return index
        return posixpath.normpath(posixpath.join(folder, unquote(path)))


def has_anchor(anchors: Set[str], fragment: str) -> bool:
    """Return whether a page has a fragment, looked up as in the HTML standard: literally, then
    decoded.

    The top of a page always exists, and text fragments are not anchors.
    """
    fragment = fragment.partition(":~:")[0]
    if not fragment or fragment in anchors:
        return True
    decoded = unquote(fragment)
    return decoded in anchors or decoded.lower() == "top"


def check(
    built: Built, root: Path, docs: Path | None = None, former: Mapping[str, str] | None = None
) -> list[Finding]:
    """Return what is wrong within the built site.

    :param root: the folder to which places are relative
    :param docs: the folder of the sources, to name the place to fix
    :param former: pages published once (paths below ``docs``), each with what became of it
    """
    places = _Places(built, root, docs)
    findings = [
        _internal(fault, target, fragment, where, built, places)
        for (fault, target, fragment), where in _faults(built).items()
    ]
    for value, found in built.loaded.items():
        name, at = found[0]
        message = f"the page loads {value} from another host{_others(len(found))}"
        hint = "keep a copy in docs/_static and load that"
        findings.append(Finding(places.find(name, value, at), "L103", message, hint, value))
    findings += _former(built, docs, root, former or {})
    return sorted(findings)


#: Pages, each with a reference that leads nowhere or astray.
_Where = list[tuple[str, markup.Reference]]


def _faults(built: Built) -> dict[tuple[str, str, str], _Where]:
    """Return the wrong references, by code, target and fragment."""
    resolve = _Resolver(built.files)
    wrong: dict[tuple[str, str, str], _Where] = {}
    for name, references in built.inward.items():
        folder = posixpath.dirname(name)
        for reference in references:
            path, fragment = path_of(reference.value), reference.value.partition("#")[2]
            target = resolve(folder, path) if path else name
            if target is None:
                fault = ("L105", reference.value, "")
            elif target not in built.files:
                fault = ("L101", target, "")
            elif (
                fragment
                and target in built.anchors
                and not has_anchor(built.anchors[target], fragment)
            ):
                fault = ("L102", target, fragment)
            else:
                continue
            wrong.setdefault(fault, []).append((name, reference))
    return wrong


def _internal(
    code: str, target: str, fragment: str, where: _Where, built: Built, places: _Places
) -> Finding:
    name, reference = where[0]
    value, decoded = reference.value, unquote(fragment)
    if code == "L105":
        message, hint = (
            f"{value} leads above the root of the site",
            "link to a page within the site",
        )
    elif code == "L101":
        message = f"{value} leads to {target}, which the site does not have"
        hint = _nearest(target, built.files, 0.75) or "correct the path, or delete the link"
    elif decoded.endswith(".md") and path_of(value) == "":
        code, message = "L101", f"{decoded} is not a page of the handbook"
        hint = "correct the path, or write the page"
    else:
        message = f"{target} has no anchor #{decoded}"
        hint = _nearest(decoded, built.anchors[target], 0.7, "#") or (
            f"link to an anchor that is there, or write ({decoded})= above its heading"
        )
    message += _others(len({page for page, _ in where}))
    return Finding(places.find(name, value, reference.at), code, message, hint, value)


def _nearest(wanted: str, names: Set[str], cutoff: float, mark: str = "") -> str:
    # among thousands of links this search would take seconds for each
    close = get_close_matches(wanted, names, n=1, cutoff=cutoff) if len(names) < 2000 else []
    return f"did you mean {mark}{close[0]}?" if close else ""


def path_of(value: str) -> str:
    """Return the path of a relative address: without query and fragment."""
    return value.partition("#")[0].partition("?")[0]


def _others(count: int) -> str:
    return f" (and {count - 1} more {'page' if count == 2 else 'pages'})" if count > 1 else ""


def _former(
    built: Built, docs: Path | None, root: Path, former: Mapping[str, str]
) -> Iterable[Finding]:
    for path, fate in sorted(former.items()):
        stem, suffix = posixpath.splitext(path)
        if (
            suffix in _SOURCE_SUFFIXES
            and not path.startswith("_")
            and f"{stem}.html" not in built.files
        ):
            place = Place(_relative((docs or root) / "conf.py", root))
            yield Finding(
                place,
                "L104",
                f"{stem}.html was published once and is gone ({fate})",
                f"write a line in docs/moved.yaml: {stem}: the page that has its story now",
                f"{stem}.html",
            )


def _relative(path: Path, root: Path) -> str:
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return path.as_posix()


class _Places:
    """Finds where to fix a link: on a line of its source page if it is found there, else in the
    built page.
    """

    def __init__(self, built: Built, root: Path, docs: Path | None) -> None:
        self.built, self.root, self.docs = built, root, docs

    def find(self, name: str, value: str, at: int) -> Place:
        """Return the place of an address at an offset of a built page."""
        if self.docs and name.endswith(".html"):
            place = self._in_source(self.docs / f"{name.removesuffix('.html')}.md", value)
            if place:
                return place
        line, column = markup.Lines(_text(self.built, name)).at(at)
        return Place(_relative(self.built.folder / name, self.root), line, column)

    def _in_source(self, source: Path, value: str) -> Place | None:
        try:
            lines = source.read_text("utf-8", errors="replace").splitlines()
            links = [] if address.scheme(value) else read_page(source).links
        except OSError:
            return None
        path, _, fragment = value.partition("#")
        label, name = unquote(fragment), _stem(path)

        def fits(written: str) -> int:
            """Return how well a link of the source matches that of the built page; 0 for not at
            all.
            """
            there, _, anchor = unquote(written).partition("#")
            if written == value:
                return 4
            if label and anchor == label and (not name or not there or _stem(there) == name):
                return 3
            if label and written == label:
                return 2
            return int(not label and bool(name) and _stem(there) == name)

        best = max(links, key=lambda link: fits(link.value), default=None)
        if best and fits(best.value):
            return Place(_relative(source, self.root), best.line, best.column)
        for wanted in filter(None, (value, label)):
            written = re.compile(rf"(?<=[\"'(<`\s]){re.escape(wanted)}(?=[\"')>`\s]|$)")
            for number, line in enumerate(lines, 1):
                if match := written.search(line):
                    return Place(_relative(source, self.root), number, match.start() + 1)
        return None


def _stem(path: str) -> str:
    return posixpath.basename(path).removesuffix(".html").removesuffix(".md")


def outward_places(
    built: Built, root: Path, docs: Path | None, values: Iterable[str]
) -> dict[str, Place]:
    """Return the first place of each of these external links, in the source of its page if it is
    there.
    """
    places = _Places(built, root, docs)
    found = ((value, *built.outward[value]) for value in values)
    return {value: places.find(name, value, at) for value, name, at in found}
