"""What the check knows of directives and roles is what the build has registered."""

from __future__ import annotations

from docutils.parsers.rst import directives, roles
from docutils.parsers.rst.directives import _directive_registry
from docutils.parsers.rst.languages import get_language
from docutils.utils import new_document
from sphinx.testing.util import SphinxTestApp

from handbook.model.directives import DIRECTIVES, ROLES, Takes
from support.projects import Project

EXTENSIONS = "myst_parser sphinx_design sphinxcontrib.bibtex handbook.sphinxext handbook.pdf"
CONF = {"extensions": EXTENSIONS.split(), "html_theme": "furo"}
#: What extensions keep for themselves.
OWN = {"_all-octicon", "restructuredtext-test-directive", "restructuredtext-unimplemented-role"}


def test_the_tables_are_what_the_build_has_registered(tmp_path) -> None:
    # MyST gives the directive its further options when it first meets one.
    page = "# Home\n\n:::{include} part.txt\n:::\n"
    project = Project(tmp_path, {"index.md": page, "part.txt": "A part.\n"})
    app = SphinxTestApp(
        "html", srcdir=project.docs, builddir=project.root / "build", confoverrides=CONF
    )
    try:
        app.build()
        standard = app.registry.domains["std"]
        found, english = {**standard.directives}, get_language("en")
        for name in {*directives._directives, *_directive_registry, *english.directives} - OWN:
            found[name] = directives.directive(name, english, new_document("x"))[0]
        taken = {
            name: Takes(
                bool(one.required_arguments + one.optional_arguments),
                bool(one.has_content),
                frozenset(one.option_spec or ()),
            )
            for name, one in found.items()
        }
        known = {*roles._roles, *roles._role_registry, *standard.roles, *english.roles} - OWN
        for domain in ("cite", "footcite"):
            known |= {f"{domain}:{name}" for name in app.registry.domains[domain].roles}
    finally:
        app.cleanup()
    assert dict(DIRECTIVES) == taken
    assert known == ROLES
