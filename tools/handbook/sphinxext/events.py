"""The order in which the parts of this extension act during a build.

Each module lists its :class:`Hook` objects in ``HOOKS``; :func:`connect` hands them to Sphinx.
Hooks of one event and priority act in the order of ``MODULES`` in :mod:`handbook.sphinxext`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from sphinx.application import Sphinx

#: Before Sphinx, the theme and other extensions have acted on the event.
EARLY = 400
#: Sphinx's own default.
USUAL = 500
#: After Sphinx, the theme and other extensions have acted.
LATE = 900
#: After everything else, ours included.
LAST = 999


@dataclass(frozen=True, slots=True)
class Hook:
    """An action on an event: ``function`` is called, for the purpose ``why``.

    ``priority`` is one of the four above: a lower one is called first.
    """

    event: str
    function: Callable[..., Any]
    why: str
    priority: int = USUAL


def connect(app: Sphinx, module: ModuleType) -> None:
    """Connect the module's hooks, if it has any, to Sphinx."""
    for hook in _hooks(module):
        app.connect(hook.event, hook.function, hook.priority)


def why(function: Callable[..., Any]) -> str | None:
    """Return the purpose of a function that Sphinx calls on an event, if its module states it."""
    module = sys.modules.get(function.__module__)
    return next((hook.why for hook in _hooks(module) if hook.function is function), None)


def _hooks(module: ModuleType | None) -> tuple[Hook, ...]:
    found: tuple[Hook, ...] = getattr(module, "HOOKS", ())
    return found
