"""The library behind the handbook's pages and its checks: rooms on floors.

A room imports only from the floors below its own; rooms of one floor know nothing of each other.
Only the rooms on the top floor know Sphinx.
"""

import os
import signal
import sys

# Until cli.run takes over, Ctrl-C ends a command that is still loading at once: there is nothing to
# save yet, and Python would print a traceback, or lose it in a callback.
_main = getattr(sys.modules["__main__"], "__file__", None) or ""
if (
    os.path.dirname(os.path.abspath(_main)) == os.path.dirname(os.path.dirname(__file__))  # noqa: PTH100, PTH120
    and signal.getsignal(signal.SIGINT) is signal.default_int_handler
):
    signal.signal(signal.SIGINT, signal.SIG_DFL)

#: The floors, from the top down.
FLOORS = (
    ("sphinxext", "pdf", "contribute"),
    ("datecheck", "linkcheck", "catalogueupdate"),
    ("outputs",),
    ("model",),
    ("rules",),
    ("cli",),
    ("files",),
)
