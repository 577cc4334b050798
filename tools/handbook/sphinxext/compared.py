"""Compare what the check read in a page with what MyST made of it; the build reports where they
differ.

MyST's calls of directives are noted while a page is read, and compared with the blocks that the
check saw; so are the names of milestones in the page with those that the check judged. Differences
are kept with the page, and reported by each build until the page is read again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

from docutils import nodes
from myst_parser.mdit_to_docutils.base import DocutilsRenderer
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from handbook.model.pages import Page
from handbook.rules.findings import Finding, Place
from handbook.rules.rule import declare
from handbook.sphinxext import domain, state
from handbook.sphinxext import nodes as our
from handbook.sphinxext.events import LATE, Hook
from handbook.sphinxext.parts import report

declare("Y007")

_KEY = "handbook_run"
_HINT = "write it below the block that is around it, not inside"


def _noting(run: Callable[..., Any]) -> Callable[..., Any]:
    """Return MyST's function that runs a directive, wrapped so that it notes the name and the line
    of each.
    """

    @wraps(run)  # with the attributes set by others who have wrapped it before
    def noting(
        self: Any, name: str, first_line: str, content: str, position: int, *rest: Any, **named: Any
    ) -> Any:
        # HTML that MyST converts is not a block; the content of an included file is not the page's
        env, own = self.sphinx_env, named.get("block_text") is not None
        if env and own and self.document["source"] == str(env.doc2path(env.docname)):
            env.current_document.setdefault(_KEY, []).append((name.lower(), position))
        return run(self, name, first_line, content, position, *rest, **named)

    noting.noting = True  # type: ignore[attr-defined]
    return noting


def differences(
    page: Page, ran: Iterable[tuple[str, int]], milestones: Iterable[str]
) -> Iterator[Finding]:
    """Yield what only the check, or only MyST, found in a page.

    :param ran: the names and lines of the directives that MyST ran
    :param milestones: the names of those in the page that MyST made
    """
    seen, made = defaultdict(list), defaultdict(list)
    for block in page.blocks:
        seen[block.name].append(block.line)
    for name, line in ran:
        made[name].append(line)
    for name in sorted(seen.keys() | made.keys()):
        if len(seen[name]) != len(made[name]):
            lost = len(seen[name]) > len(made[name])
            of, others = (seen, made) if lost else (made, seen)
            line = next(iter((Counter(of[name]) - Counter(others[name])).elements()))
            message = (
                f"the check reads a block {{{name}}} here, and the page has none"
                if lost
                else f"the page has a block {{{name}}} here, and the check reads none"
            )
            yield Finding(page.place(line), "Y007", message, _HINT, name)
    judged = {one.name: block for block, one, _findings in page.milestones() if one}
    for name in sorted(judged.keys() - set(milestones)):
        message = f"the page has lost the milestone {name!r}"
        yield Finding(judged[name].place, "Y007", message, _HINT, name)


def _compare(app: Sphinx, document: nodes.document) -> None:
    env = app.env
    ran, said = env.current_document.get(_KEY) or [], state.running(env).said
    page = said.pages.get(env.docname) if said else None
    # a block that the check rejects was perhaps read as it was meant, not as it is written
    if said is None or page is None or page.name in said.refused:
        return
    names = [name for node in document.findall(our.milestone) for name in node["ids"]]
    if found := list(differences(page, ran, names)):
        domain.of(env).data["differences"][env.docname] = found


def _report(app: Sphinx, env: BuildEnvironment) -> None:
    for findings in domain.of(env).data["differences"].values():
        for finding in findings:
            report(finding, _where(Path(app.srcdir).parent, finding.place))


def _where(root: Path, place: Place) -> str:
    return f"{root / place.path}:{place.line}"


def setup(_app: Sphinx) -> None:
    if not hasattr(DocutilsRenderer.run_directive, "noting"):
        DocutilsRenderer.run_directive = _noting(  # type: ignore[method-assign]
            DocutilsRenderer.run_directive
        )


HOOKS = (
    Hook("doctree-read", _compare, "the page is whole, and can be compared with the check", LATE),
    Hook("env-updated", _report, "what differs is said, in incremental builds too"),
)
