"""The library behind the handbook's pages and its checks: rooms on floors.

A room imports only from the floors below its own; rooms of one floor know nothing of each other.
Only the rooms on the top floor know Sphinx.
"""

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
