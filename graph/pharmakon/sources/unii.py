"""The names of substances in the FDA's Global Substance Registration System, from its list of UNIIs.

Kept are common (``cn``), official (``of``) and brand names (``bn``); of systematic names (``sys``) the short ones, and of codes (``cd``)
the short ones of a company's form. Numbers in catalogues and names longer than a line of a label are left out: nobody asks by them.
The mark of the list that a name was taken from, as in ``ASPIRIN [USAN]``, is no part of the name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ._names import distinct, is_code, lowered
from .records import Record, Substance
from .shape import File, Report, Source, role_by_columns, table

_NEEDS = ("Name", "TYPE", "UNII", "Display Name")
_LONGEST = {"cn": 60, "of": 60, "bn": 60, "sys": 20, "cd": 10}
_CATALOGUE = "NSC"


def _read(files: Mapping[str, Path], report: Report) -> Iterator[Record]:
    path = files["names"]
    shown: dict[str, str] = {}
    names: dict[str, list[str]] = {}
    for number, row in table(path, _NEEDS, report, "\t"):
        unii, name, kind = row["UNII"], row["Name"], row["TYPE"]
        if unii not in shown:
            if not unii or not row["Display Name"]:
                report.skip("a name without a UNII or a display name", f"{path.name}:{number}")
                continue
            shown[unii] = row["Display Name"]
        if name.endswith("]"):
            name = name.rpartition(" [")[0] or name
        if len(name) > _LONGEST.get(kind, 0) or name == shown[unii]:
            continue
        if kind != "cd" or (is_code(name) and not name.startswith(_CATALOGUE)):
            names.setdefault(unii, []).append(name)
    for unii, display in shown.items():
        yield Substance(f"unii:{unii}", lowered(display), distinct(map(lowered, names.get(unii, ())), display))


_FILES = (File("names", "https://precision.fda.gov/uniisearch/archive/latest/UNIIs.zip#UNII_Names*.txt", _NEEDS),)

SOURCE = Source(
    name="unii",
    title="FDA Global Substance Registration System, names by UNII",
    licence="public domain",
    home="https://precision.fda.gov/uniisearch",
    files=_FILES,
    recognise=role_by_columns(_FILES, "\t"),
    read=_read,
)
"""The names of substances by UNII."""
