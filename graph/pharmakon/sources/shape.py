"""The one shape that every source has, and what its reading reports."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from ..errors import BadInput
from .records import Record

Progress = Callable[[int], None]
"""Told of bytes that were read of a file, as they lie on disk."""


@dataclass(frozen=True)
class File:
    """A file that a source is made of, in the format in which its publisher offers it.

    Attributes:
        role: what it is in the source, such as ``interactions``.
        url: where its publisher offers it.
        needs: columns, or other marks, by which it is recognised; they must all be in it.
        optional: whether the source can be read without it.
    """

    role: str
    url: str
    needs: tuple[str, ...]
    optional: bool = False


@dataclass(frozen=True)
class Source:
    """A source: what it is, where it is had, and how it is read. A module of :mod:`pharmakon.sources` has one, named ``SOURCE``.

    Attributes:
        name: its short name, which is also the name of its graph: ``src:name``.
        title: its full name.
        licence: the address of its licence, or ``public domain``.
        home: its home page.
        files: its files.
        recognise: says which role a file has, by its opening; None where it is none of this source's.
        release: says which release the files are, where they tell; else empty.
        read: yields records of the files, given by role, and reports what it leaves out.
    """

    name: str
    title: str
    licence: str
    home: str
    files: tuple[File, ...]
    recognise: Callable[[Path], str | None]
    read: Callable[[Mapping[str, Path], Report], Iterator[Record]]
    release: Callable[[Mapping[str, Path]], str] = lambda files: ""


@dataclass
class Report:
    """What reading a source did: counts, and the rows that it left out with the reason.

    Attributes:
        read: how many rows were read.
        skipped: how many rows were left out, by reason.
        rows: a place and a reason for each row left out, the first :attr:`limit` of each reason.
        progress: told of bytes read.
    """

    read: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    rows: list[tuple[str, str]] = field(default_factory=list)
    progress: Progress = lambda count: None
    limit: int = 1000

    def skip(self, reason: str, place: str) -> None:
        """Note a row that is left out. ``reason`` names the kind, without figures; ``place`` is the file and line."""
        self.skipped[reason] += 1
        if self.skipped[reason] <= self.limit:
            self.rows.append((place, reason))


class _Counted(io.RawIOBase):
    """A file that tells how far it was read."""

    def __init__(self, path: Path, progress: Progress) -> None:
        self._file, self._progress = path.open("rb", buffering=0), progress

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        count: int = self._file.readinto(buffer)  # type: ignore[arg-type]
        self._progress(count or 0)
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


def opened(path: Path, report: Report | None = None) -> IO[bytes]:
    """Open a file for reading, gzipped or not (told by its first bytes, not by its name).

    Raises:
        BadInput: it cannot be opened.
    """
    try:
        raw = io.BufferedReader(_Counted(path, (report or Report()).progress), 1 << 20)
        return gzip.GzipFile(fileobj=raw, mode="rb") if raw.peek(2)[:2] == b"\x1f\x8b" else raw  # type: ignore[return-value]
    except OSError as error:
        raise BadInput(f"{path}: cannot be read: {error.strerror or error}") from None


def lines(path: Path, report: Report | None = None, encoding: str = "utf-8") -> Iterator[str]:
    """Yield the lines of a text file, gzipped or not, with their ends.

    Raises:
        BadInput: it cannot be read, is cut off, or is not text in the encoding; the message has the line.
    """
    number = 0
    try:
        with opened(path, report) as stream:
            for number, line in enumerate(stream, 1):  # noqa: B007
                yield line.decode(encoding)
    except UnicodeDecodeError:
        raise BadInput(f"{path}:{number}: not text in {encoding}: take the file as its publisher offers it") from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise BadInput(f"{path}:{number + 1}: the compressed file is cut off or damaged here: fetch it again") from None
    except OSError as error:
        raise BadInput(f"{path}: cannot be read: {error.strerror or error}") from None


def header(path: Path, encoding: str = "utf-8") -> str:
    """Return the first line of a text file that says something (lines that begin with ``#`` or an empty quoted remark are passed over)."""
    for line in lines(path, encoding=encoding):
        if line.strip() and not line.startswith("#") and not line.startswith('"#'):
            return line.lstrip("\ufeff").rstrip("\r\n")
    return ""


def columns(path: Path, delimiter: str, encoding: str = "utf-8") -> tuple[str, ...]:
    """Return the names of the columns of a table; empty where the file cannot be read as one."""
    try:
        return tuple(next(csv.reader([header(path, encoding)], delimiter=delimiter), ()))
    except (BadInput, csv.Error):
        return ()


def role_by_columns(files: Sequence[File], delimiter: str, encoding: str = "utf-8") -> Callable[[Path], str | None]:
    """Make a ``recognise`` that tells files apart by the columns that they need."""

    def recognise(path: Path) -> str | None:
        found = set(columns(path, delimiter, encoding))
        fitting = [file for file in files if found.issuperset(file.needs)]
        return max(fitting, key=lambda file: len(file.needs)).role if fitting else None

    return recognise


def table(
    path: Path, needs: Iterable[str], report: Report, delimiter: str, encoding: str = "utf-8"
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a table, each with its line number and as a mapping from column to text.

    Rows with a wrong number of cells are skipped and reported.

    Raises:
        BadInput: a column that is needed is not there, or as for :func:`lines`.
    """
    csv.field_size_limit(1 << 30)
    remarks = 0

    def body() -> Iterator[str]:
        nonlocal remarks
        begun = False
        for line in lines(path, report, encoding):
            if not begun and (line.startswith("#") or line.startswith('"#') or not line.strip()):
                remarks += 1
                continue
            yield line if begun else line.lstrip("\ufeff")
            begun = True

    rows = csv.reader(body(), delimiter=delimiter)
    names = next(rows, [])
    missing = [name for name in needs if name not in names]
    if missing:
        raise BadInput(f"{path}:{remarks + 1}: no column {', '.join(missing)}; found: {', '.join(names)[:200]}")
    try:
        for row in rows:
            number = rows.line_num + remarks
            report.read += 1
            if len(row) != len(names):
                report.skip(f"a row without its {len(names)} cells", f"{path.name}:{number}")
                continue
            yield number, dict(zip(names, row, strict=True))
    except csv.Error as error:
        raise BadInput(f"{path}:{rows.line_num + remarks}: not a table: {error}") from None
