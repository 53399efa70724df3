"""Tables of two columns that say which ids of two databases are of one substance; the header names the databases.

Any number of such tables is read at once; the role of each is its file's name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ..errors import BadInput
from ._identifiers import database, identifier
from .records import Record, Same
from .shape import Report, Source, columns, header, table

_BLANK = "a row in which one of the ids is blank"
_MALFORMED = "a row in which one of the ids is not written as its database writes it"


def _read(files: Mapping[str, Path], report: Report) -> Iterator[Record]:
    for path in files.values():
        found = _columns(path)
        if not found:
            raise BadInput(
                f"{path}:1: the header has to name two databases, such as CAS and CHEBI; found: {header(path)[:200].replace(chr(9), ', ')}"
            )
        delimiter, sides = found
        for number, row in table(path, sides, report, delimiter):
            ids = [identifier(prefix, row[column]) for column, prefix in sides.items()]
            one, other = ids
            if one and other:
                yield Same(one, other)
            else:
                report.skip(_MALFORMED if all(row[column].strip() for column in sides) else _BLANK, f"{path.name}:{number}")


def _columns(path: Path) -> tuple[str, dict[str, str]] | None:
    """Return the delimiter, and the database of each of the two columns; None for another file."""
    for delimiter in "\t,":
        sides = {name: prefix for name in columns(path, delimiter) if (prefix := database(name))}
        if len(sides) == len(columns(path, delimiter)) == len(set(sides.values())) == 2:
            return delimiter, sides
    return None


def _recognise(path: Path) -> str | None:
    return path.name if _columns(path) else None


SOURCE = Source(
    name="mappings",
    title="a table of ids of two databases",
    licence="",
    home="",
    files=(),
    recognise=_recognise,
    read=_read,
)
"""Tables of ids of two databases."""
