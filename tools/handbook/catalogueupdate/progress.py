"""A bar for people who wait; silent where nobody watches."""

from __future__ import annotations

from typing import TextIO

from handbook.catalogueupdate.origin import Progress

_WIDTH = 30
_MEGABYTE = 1_000_000


class Bar:
    """Draws on one line of a terminal how far each step is; writes nothing to a file or a pipe."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._shown = ""

    def step(self, what: str) -> Progress:
        """Begin a step; the function is told the bytes done and their total."""
        self.clear()

        def progress(done: int, total: int | None) -> None:
            if not self._out.isatty():
                return
            if total:
                filled = min(done, total) * _WIDTH // total
                line = (
                    f"{what} [{'#' * filled}{' ' * (_WIDTH - filled)}] {done / _MEGABYTE:.1f} of"
                    f" {total / _MEGABYTE:.1f} MB"
                )
            else:
                line = f"{what} {done / _MEGABYTE:.1f} MB"
            if line != self._shown:
                self._out.write(f"\r{line.ljust(len(self._shown))}")
                self._out.flush()
                self._shown = line

        return progress

    def clear(self) -> None:
        """Leave the line empty for what comes next."""
        if self._shown:
            self._out.write(f"\r{' ' * len(self._shown)}\r")
            self._out.flush()
            self._shown = ""
