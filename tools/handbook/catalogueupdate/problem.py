"""What stops an update."""

from __future__ import annotations


class UpdateError(ValueError):
    """The update cannot go on and nothing was written. ``str(error)`` says why, ``error.mend`` what
    to do.
    """

    def __init__(self, problem: str, mend: str) -> None:
        super().__init__(problem)
        self.mend = mend
