"""Where the octets of a table are: on the disk, or held in memory where no file can be opened."""

import io
from pathlib import Path
from typing import IO, Any


class Held:
    """Octets that open as often as a file on the disk does, each time from their start."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def open(
        self, mode: str = "r", *, encoding: str | None = None, newline: str | None = None
    ) -> IO[Any]:
        """Text, or octets when `mode` is "rb"."""
        octets = io.BytesIO(self._data)
        if mode == "rb":
            return octets
        return io.TextIOWrapper(octets, encoding=encoding, newline=newline)


Source = Path | Held
