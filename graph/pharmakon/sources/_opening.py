"""How a file begins: enough of it to see what it is."""

from __future__ import annotations

import zlib
from pathlib import Path

from ..errors import BadInput
from .shape import opened


def opening(path: Path, size: int = 1 << 16) -> str:
    """Return the beginning of a file, gzipped or not; bytes that are no text are replaced, and what cannot be read is empty."""
    try:
        with opened(path) as file:
            return file.read(size).decode("utf-8-sig", "replace")
    except (BadInput, OSError, EOFError, zlib.error):
        return ""
