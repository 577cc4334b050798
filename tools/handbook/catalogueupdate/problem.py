"""What stops an update."""

from __future__ import annotations


class UpdateError(ValueError):
    """The update cannot go on and nothing was written. ``str(error)`` says why, ``error.hint`` what
    to do.
    """

    def __init__(self, problem: str, hint: str) -> None:
        super().__init__(problem)
        self.hint = hint
