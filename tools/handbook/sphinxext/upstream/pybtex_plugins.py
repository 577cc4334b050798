"""Let pybtex find its backend for plain text at once, in place of a search through all installed
packages at each call.

Issue: none is open at pybtex. To report: ``pybtex.plugin.find_plugin`` reads the entry points of
all packages at each call, and sphinxcontrib-bibtex calls it for each citation; Pygments had the
same fault and keeps them since https://github.com/pygments/pygments/pull/2979.
Gain: 9.0 s of CPU (35.8 s without it).
End: when pybtex keeps the entry points, or bibtex asks for its backend once.
"""

from __future__ import annotations

from pybtex.plugin import find_plugin, register_plugin
from sphinx.application import Sphinx


def setup(app: Sphinx) -> None:
    # A plug-in registered at run time is found first.
    backend = find_plugin("pybtex.backends", "plaintext")
    register_plugin("pybtex.backends", "plaintext", backend, force=True)
