"""Which directives and roles the build knows, what each accepts, and how MyST reads a directive.

The tables are what Sphinx has registered for this handbook; a test compares them with it. So the
check can tell a slip from a name that another extension provides, without loading Sphinx.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docutils.parsers.rst import Directive

#: Each directive: A if it takes an argument, C if it takes content, and its options.
_TABLE = """
accordion -C class flush
acks -C
adoptions -- country home map standard
admonition AC class collapsible name
article-info -- author avatar avatar-alt avatar-link avatar-outline class-avatar class-container
  date read-time
aside AC align class class-body class-title margin name width
attention -C class collapsible name
bibliography AC all cited enumtype filter keyprefix labelprefix list notcited start style
button-link AC align class click-parent color expand new-tab outline ref-type shadow tooltip
button-ref AC align class click-parent color expand new-tab outline ref-type shadow tooltip
card AC class-body class-card class-footer class-header class-img-bottom class-img-top
  class-title footer header img-alt img-background img-bottom img-top link link-alt link-new-tab
  link-type margin shadow text-align width
card-carousel AC class
card-footer -C class
card-header -C class
catalogue -- committee download family status
catalogue-years --
caution -C class collapsible name
centered A-
changes -- months
chinese-terms --
chinese-titles --
class AC
cmdoption AC no-contents-entry no-index no-index-entry no-typesetting nocontentsentry noindex
  noindexentry
code AC class force name number-lines
code-block AC caption class dedent emphasize-lines force lineno-start linenos name
codeauthor A-
compound -C class name
claim -C short verdict
claims --
comparisons -- ahead
confval AC default no-contents-entry no-index no-index-entry no-typesetting type
container AC name
contents A- backlinks class depth local
cssclass AC
counts --
countries --
csv-table AC align class delim encoding escape file header header-rows keepspace name quote
  stub-columns url width widths
danger -C class collapsible name
date -C
default-domain A-
default-role A-
deprecated AC
describe AC no-contents-entry no-index no-index-entry no-typesetting nocontentsentry noindex
  noindexentry
diagram AC fold into title
div AC name style
dropdown AC animate chevron class-body class-container class-title color icon margin name open
envvar AC no-contents-entry no-index no-index-entry no-typesetting nocontentsentry noindex
  noindexentry
epigraph -C
error -C class collapsible name
events --
family-tiles --
fields A- class
figure AC align alt class figclass figname figwidth height loading name scale target width
figure-md AC align class name width
finder --
footbibliography --
footer -C
glossary -C sorted
grid AC class-container class-row gutter margin outline padding reverse
grid-item -C child-align child-direction class columns margin outline padding
grid-item-card AC class-body class-card class-footer class-header class-img-bottom class-img-top
  class-item class-title columns footer header img-alt img-background img-bottom img-top link
  link-alt link-new-tab link-type margin padding shadow text-align width
header -C
highlight A- force linenothreshold
highlights -C
hint -C class collapsible name
hlist -C columns
image A- align alt class height loading name scale target width
important -C class collapsible name
include A- class code encoding end-before end-line heading-offset literal name number-lines
  relative-docs relative-images start-after start-line tab-width
index A- name
indicator-themes --
length-of A-
letters --
line-block -C class name
list-table AC align class header-rows name stub-columns width widths
literalinclude A- append caption class dedent diff emphasize-lines encoding end-at end-before
  force language lineno-match lineno-start linenos lines name prepend pyobject start-after
  start-at tab-width
math AC class label name no-wrap nowrap
meta AC class encoding file url
meetings -- body year
milestone AC after before body date given kind name number place short sources status strands
moduleauthor A-
note -C class collapsible name
object AC no-contents-entry no-index no-index-entry no-typesetting nocontentsentry noindex
  noindexentry
offices -- body home role
only AC
option AC no-contents-entry no-index no-index-entry no-typesetting nocontentsentry noindex
  noindexentry
parsed-literal -C class name
places -- country home kind map standard
productionlist A-
profiles --
program A-
pull-quote -C
purpose-grid --
raw AC class encoding file url
relations -- family
replace -C
role AC class encoding file url
rooms --
rst-class AC
rubric A- class heading-level name
safe-sentence -C not
search-box --
section-numbering -- depth prefix start suffix
self-check -- first
sectionauthor A-
sectnum -- depth prefix start suffix
seealso -C class collapsible name
sidebar AC class name subtitle
source-index -- labels
sourcecode AC caption class dedent emphasize-lines force lineno-start linenos name
sources A-
standard A-
step AC class class-content class-title
steps -C class color start
tab-item AC class-container class-content class-label name selected sync
tab-set -C class orientation sync-group
tab-set-code -C class-item class-set no-sync orientation sync-group
table AC align class name width widths
tabularcolumns A-
target-notes -- class
timeline -- overview strands
tip -C class collapsible name
title A-
toctree -C caption class glob hidden includehidden maxdepth name numbered reversed titlesonly
topic AC class name
unicode A- ltrim rtrim trim
unjoined -C
version-added AC
version-changed AC
version-deprecated AC
version-removed AC
versionadded AC
versionchanged AC
versionremoved AC
warning -C class collapsible name
what-sources-say -C
year-strip --
"""
_ROLES = """
    ab abbr abbreviation ac acronym anonymous-reference any bdg bdg-link bdg-ref
    citation-reference cite cite:alp
    cite:alps cite:author cite:authorpar cite:authorpars cite:authors cite:cauthor
    cite:cauthors cite:ct cite:cts cite:empty cite:label cite:labelpar cite:p cite:ps cite:t
    cite:ts cite:year cite:yearpar code command confval cve cwe date dfn doc download
    emphasis envvar eq fa fa-brands fa-regular fa-solid fab far fas file footcite
    footcite:ct footcite:cts footcite:p footcite:ps footcite:t footcite:ts
    footnote-reference guilabel i index iso kbd keyword literal mailheader makevar manpage
    material-outlined material-regular material-round material-sharp material-twotone math
    menuselection mimetype named-reference newsgroup numref octicon option pep pep-reference
    program raw ref regexp rfc rfc-reference samp strong sub sub-ref
    subscript substitution-reference sup superscript t target term title title-reference token uri
    uri-reference url
"""

_LEVELS = "black danger dark info light muted primary secondary success warning white"


@dataclass(frozen=True, slots=True)
class Takes:
    """What a directive accepts; an unknown directive accepts everything."""

    argument: bool = True
    content: bool = True
    options: frozenset[str] | None = None


def _read_table() -> Iterator[tuple[str, Takes]]:
    for line in _TABLE.strip().replace("\n  ", " ").splitlines():
        name, kinds, *options = line.split()
        yield name, Takes("A" in kinds, "C" in kinds, frozenset(options))


#: What each directive accepts, by its name.
DIRECTIVES: Mapping[str, Takes] = dict(_read_table())
ROLES = frozenset(_ROLES.split()) | {
    f"bdg{kind}-{level}{line}"
    for kind in ("", "-link", "-ref")
    for level in _LEVELS.split()
    for line in ("", "-line")
}
#: Sphinx's domains for programming languages, the prefixes before a colon; the build has those of
#: these.
_OF_CODE = frozenset({"c", "cpp", "js", "py", "rst"})
#: The directives and roles of handbook pages; a hint names them for a name that resembles nothing.
_USUAL = {
    "directive": "milestone, standard, note, warning, list-table, figure, toctree",
    "role": "cite:p, date, iso, term",
}


def unknown(kind: str, name: str) -> tuple[str, str] | None:
    """Return the problem with the name of a ``directive`` or ``role``, and a hint; ``None`` if it
    is known.
    """
    known = DIRECTIVES if kind == "directive" else ROLES
    if name.lower() in known or name.partition(":")[0].lower() in _OF_CODE:
        return None
    close = get_close_matches(name.lower(), known, n=1)
    hint = f"did you mean {close[0]}? " if close else ""
    return f"there is no {kind} {name!r}", f"{hint}use for example {_USUAL[kind]}"


@dataclass(slots=True)
class Parsed:
    """A directive as MyST reads it.

    ``offset`` is the number of lines from the directive's first line to the one below which the
    body begins, -1 if the body begins on the first. ``keys`` are the names of options and how many
    lines below they stand, as typed. ``faults`` are what MyST finds: how many lines below, a
    sentence, a hint.
    """

    argument: str
    options: dict[str, str] = field(default_factory=dict)
    body: list[str] = field(default_factory=list)
    offset: int = 0
    keys: list[tuple[str, int]] = field(default_factory=list)
    faults: list[tuple[int, str, str]] = field(default_factory=list)


class _Anything(dict[str, Any]):
    """A specification of options that accepts every name and keeps each value as typed."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> Any:
        return lambda value: value or ""


@lru_cache(maxsize=4)
def _stand_in(argument: bool, options: bool) -> type[Directive]:
    """Return a class with what MyST's parser asks of a directive's class."""
    from docutils.parsers.rst import Directive

    members = {
        "optional_arguments": int(argument),
        "final_argument_whitespace": True,
        "has_content": True,
        "option_spec": _Anything({"class": str}) if options else None,
    }
    return type("StandIn", (Directive,), members)


_KEY = re.compile(r"\s*:\s*([^\s:][^:]*?)\s*:(?:\s|$)")
_HYPHENS = "write each as :name: value, without the lines of hyphens"


def parse(name: str, first: str, content: str) -> Parsed:
    """Read a directive with MyST's own parser.

    :param first: the text behind the name
    :param content: the lines below it, without the fence
    """
    from myst_parser.parsers.directives import is_option_line, parse_directive_text
    from myst_parser.warnings_ import MystWarnings

    takes = DIRECTIVES.get(name, Takes())
    klass = _stand_in(takes.argument, takes.options is None or bool(takes.options))
    read = parse_directive_text(klass, first, content, line=0)
    parsed = Parsed(" ".join(read.arguments), read.options, read.body, read.body_offset)
    lines = content.splitlines()
    if klass.option_spec and lines and lines[0].startswith("---"):
        parsed.faults.append((1, "the options are between lines of hyphens", _HYPHENS))
        parsed.keys = list(_between_hyphens(lines))
        return parsed
    while klass.option_spec and lines and is_option_line(lines[0]):
        number = len(parsed.keys) + 1
        key = _KEY.match(lines.pop(0))
        parsed.keys.append((key[1] if key else "", number))
    for warning in read.warnings:
        if warning.type is MystWarnings.DIRECTIVE_OPTION_COMMENTS:
            hint = "delete the comment, or put the value in quotation marks"
            message = "what follows the # is a comment and would be lost"
        elif warning.type is MystWarnings.DIRECTIVE_OPTION:
            message = f"the options cannot be read: {warning.msg.rpartition(': ')[2]}"
            hint = "write each as :name: value; put a value with odd characters in quotation marks"
            parsed.options = dict(_leniently(content.splitlines(), parsed.keys))
        else:
            hint = "write the text below the options"
            message = "there is text on the first line and below the options"
        parsed.faults.append((_below(warning.lineno, parsed), message, hint))
    return parsed


def _below(line: int | None, parsed: Parsed) -> int:
    """Return how many lines below the directive's first line a warning of MyST is about."""
    # where a line is not an option at all, MyST names the one below it
    odd = next((number for key, number in parsed.keys if not key), None)
    return odd or min(line or 0, len(parsed.keys))


def _between_hyphens(lines: Sequence[str]) -> Iterator[tuple[str, int]]:
    for number, line in enumerate(lines[1:], 2):
        if line.startswith("---"):
            return
        if match := re.match(r"([\w-]+)\s*:(?:\s|$)", line):
            yield match[1], number


def _leniently(lines: Sequence[str], keys: Sequence[tuple[str, int]]) -> Iterator[tuple[str, str]]:
    """Read the options as they were meant, where MyST finds none."""
    for _key, number in keys:
        if match := re.match(r"\s*:\s*([\w-]+)\s*:?\s*(.*)", lines[number - 1]):
            yield match[1], match[2].strip().strip("\"'")
