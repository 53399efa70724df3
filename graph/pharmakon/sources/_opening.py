"""How a file begins: enough of it to see what it is."""

from __future__ import annotations

import zlib
from pathlib import Path

from ..errors import BadInput
from .shape import opened

_BLOCK = 256


def opening(path: Path, size: int = 1 << 16) -> str:
    """Return the beginning of a file, gzipped or not, as far as it can be read; bytes that are no text are replaced."""
    found = b""
    try:
        with opened(path) as file:
            while len(found) < size and (block := file.read(min(_BLOCK, size - len(found)))):
                found += block
    except (BadInput, OSError, EOFError, zlib.error):
        pass  # what is wrong with it the reading tells
    return found.decode("utf-8-sig", "replace")
