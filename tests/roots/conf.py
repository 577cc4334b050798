"""Shared by all small projects: each is copied beside ``references/`` with this file in it."""

from handbook.model.markdown import MYST_EXTENSIONS

project = "Handbook"
author = "Contributors"
extensions = ["myst_parser", "sphinxcontrib.bibtex", "handbook.sphinxext"]
myst_enable_extensions = MYST_EXTENSIONS
bibtex_bibfiles = ["../references/sources.bib"]
bibtex_default_style = "handbook"
bibtex_tooltips = False
suppress_warnings = ["bibtex.key_not_found"]
nitpicky = True
html_theme = "basic"
html_copy_source = False
project_copyright = "Contributors"
release = version = "2026.11"
