"""The library behind the handbook's pages and its checks.

Ground floor: :mod:`handbook.edtf` (dates with precision). On it stand :mod:`handbook.bibliography`
(sources) and
:mod:`handbook.catalogue` (deliverables of ISO); on these :mod:`handbook.pages` (MyST pages) beside
:mod:`handbook.findings` (what a check reports). Only :mod:`handbook.sphinxext` knows Sphinx.
"""
