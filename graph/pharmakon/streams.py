"""The streams of the command line: text that every terminal takes, errors in a line each, and no traceback where a pipe or a disk gives out."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from .errors import BadOntology, PharmakonError


def run(work: Callable[[], int]) -> int:
    """Do the work of a command and see its output out; return its exit status.

    That is 2, with a message, where the input was at fault or the output cannot be written; 0 where nobody reads on.
    """
    if sys.stdout is None:
        return _complain("there is no standard output to write to")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        try:
            return work()
        finally:
            sys.stdout.flush()
    except BadOntology as error:
        return _complain(*error.problems)
    except PharmakonError as error:
        return _complain(str(error))
    except BrokenPipeError:
        _discard()
        return 0
    except OSError as error:
        _discard()
        return _complain(f"{error.filename or 'the output'} cannot be {'read' if error.filename else 'written'}: {error.strerror or error}")
    except UnicodeError as error:
        return _complain(f"what was given is not UTF-8: {error}")
    except KeyboardInterrupt:
        return 130


def write(path: str | None, content: bytes) -> None:
    """Write to a file, or to standard output where none is named.

    Raises:
        PharmakonError: the file cannot be written.
    """
    if path is None:
        sys.stdout.buffer.write(content)
        return
    try:
        Path(path).write_bytes(content)
    except OSError as error:
        raise PharmakonError(f"{path} cannot be written: {error.strerror}") from None


def _complain(*lines: str) -> int:
    """Say what is wrong, a line each: what would break a line or steer a terminal is written as an escape."""
    told = ("".join(c if c.isprintable() else repr(c)[1:-1] for c in line) for line in lines)
    if sys.stderr is not None:
        sys.stderr.write("pharmakon: " + "\n".join(told) + "\n")
    return 2


def _discard() -> None:
    """Send what is still unwritten nowhere, so that Python does not try to write it once more at its end."""
    with suppress(OSError):  # a stream without a file has nothing to write at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
