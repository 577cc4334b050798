"""The library behind the handbook's pages and its checks.

Ground floor: :mod:`handbook.model.edtf` (dates with precision). On it stand :mod:`handbook.model.bibliography`
(sources) and
:mod:`handbook.model.catalogue` (deliverables of ISO); on these :mod:`handbook.model.pages` (MyST pages) beside
:mod:`handbook.rules.findings` (what a check reports). Only :mod:`handbook.sphinxext` knows Sphinx.
"""
