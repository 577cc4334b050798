"""The library behind the handbook's pages and its checks: rooms on floors.

A room imports only from the floors below its own; rooms of one floor know nothing of each other.
Only the rooms on the top floor know Sphinx.
"""

import sys
from types import TracebackType


def _show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Ctrl-C while a command is still loading is no fault of it; :func:`handbook.cli.run` sees to
    all that comes later.
    """
    if issubclass(kind, KeyboardInterrupt):
        print("stopped", file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, trace)


if sys.excepthook is sys.__excepthook__:
    sys.excepthook = _show

#: From the top.
FLOORS = (
    ("sphinxext", "pdf", "contribute"),
    ("datecheck", "linkcheck", "catalogueupdate"),
    ("outputs",),
    ("model",),
    ("rules",),
    ("cli",),
    ("files",),
)
