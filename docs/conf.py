"""How Sphinx builds the handbook."""

import os
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

from handbook.model.markdown import MYST_EXTENSIONS  # noqa: E402
from handbook.sphinxext.frame import repository  # noqa: E402

project = "Sustainable City Standards Handbook"
author = "The handbook's contributors"
project_copyright = "The handbook's contributors. Text CC BY 4.0, code MIT"
_PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
release = version = _PYPROJECT["project"]["version"]
# The day of the edition, which feeds and calendars name instead of the clock.
handbook_day = "2026-11-27"
language = "en"

extensions = [
    "myst_parser",
    "sphinx_design",
    "sphinxcontrib.bibtex",
    "handbook.sphinxext",
    "handbook.pdf",
    "sphinx_last_updated_by_git",
]
# Only what "make check" reads, too.
source_suffix = {".md": "markdown"}
exclude_patterns = ["_*", "**/_*"]
# Sphinx's own way of translating would change what pages say behind the back of "make check", and
# read each string as a document of its own; handbook.sphinxext.editions reads the same catalogues.
locale_dirs = []
# The licence asks for these words in each edition.
_LICENCE = (
    "Contains information from ISO Open Data, made available under the ODC Attribution License."
)
# What the editions in other languages call themselves.
handbook_editions = {
    "zh_CN": {
        "project": "可持续城市标准手册",
        "html_title": "可持续城市标准手册",
        "html_short_title": "城市标准",
        "author": "手册撰稿人",
        "copyright": "手册撰稿人。文字采用 CC BY 4.0，代码采用 MIT 许可",
        "pdf_subtitle": "ISO/TC 268、ISSCC与杭州试点：每个日期都有来源",
        "pdf_notices": [
            _LICENCE,
            "（意为：包含ISO开放数据的信息，依据ODC署名许可提供。）",
            "标准文本的权利归国际标准化组织所有，不属于本手册。",
        ],
        "pdf_file": "sustainable-city-standards-handbook-zh.pdf",
        "epub_basename": "SustainableCityStandardsHandbook-zh",
    }
}
suppress_warnings = [
    # handbook.sphinxext reports unknown keys itself, with a hint how to fix them.
    "bibtex.key_not_found",
    # Outside of git and in a shallow clone a page does not say when it was last changed; all else
    # is as always.
    "git.subprocess_error",
    "git.command_not_found",
    "git.too_shallow",
]
nitpicky = True

myst_enable_extensions = MYST_EXTENSIONS
myst_heading_anchors = 0

bibtex_bibfiles = sorted(
    f"../references/{path.name}" for path in (ROOT / "references").glob("*.bib")
)
bibtex_default_style = "handbook"
bibtex_tooltips = False

pdf_subtitle = "ISO/TC 268, the ISSCC and Hangzhou's pilot: a source for every date"
pdf_date = handbook_day
# The rules for contributors are not for readers of a book on cities.
pdf_apart = ["contributing/index"]
pdf_notices = [
    _LICENCE,
    "The texts of the standards belong to ISO and are not part of this handbook.",
]

# The lists of pages are hidden on the home page, not in the contents of the EPUB.
epub_tocscope = "includehidden"
epub_tocdup = False

# Where the site will live; nothing in the project knows it.
html_baseurl = os.environ.get("HANDBOOK_URL") or os.environ.get("READTHEDOCS_CANONICAL_URL", "")
handbook_search = True
handbook_repository = repository(
    os.environ
)  # where to edit a page and to report an error; empty if nobody tells
git_last_updated_timezone = "UTC"
git_exclude_patterns = [
    "**/references/**"
]  # "last changed" is about the text; data carry their own day

html_theme = "furo"
html_title = project
html_short_title = "City Standards"  # on phones
html_static_path = ["_static"]
templates_path = ["_templates"]
html_css_files = ["handbook.css"]
html_js_files = [("menus.js", {"defer": "defer"})]
html_favicon = html_logo = "_static/favicon.svg"
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {"navigation_with_keys": False}
