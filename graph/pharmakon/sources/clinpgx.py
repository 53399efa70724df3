"""ClinPGx (once PharmGKB), from its downloads of drugs and of chemicals: names and ids of substances.

The two tables have the same columns, and many drugs are in both. Their files' names tell them apart.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..errors import BadInput
from ._identifiers import database, identifier, identifiers
from ._names import distinct
from .records import Record, Substance
from .shape import File, Report, Source, columns, table

_NEEDS = (
    *("PharmGKB Accession Id", "Name", "Generic Names", "Trade Names", "Type", "Cross-references"),
    *("External Vocabulary", "RxNorm Identifiers", "PubChem Compound Identifiers"),
)


def _read(files: Mapping[str, Path], report: Report) -> Iterator[Record]:
    if not files:
        raise BadInput("ClinPGx needs its drugs or its chemicals: give drugs.tsv, chemicals.tsv or both")
    seen: set[str] = set()
    for path in files.values():
        for number, row in table(path, _NEEDS, report, "\t"):
            key, name = identifier("clinpgx", row["PharmGKB Accession Id"]), row["Name"].strip()
            if not key or not name:
                report.skip("a substance without an accession or a name", f"{path.name}:{number}")
            elif row["Type"] == "Drug Class":
                report.skip("a class of drugs, which is no substance", f"{path.name}:{number}")
            elif key in seen:
                report.skip("a substance that was read before", f"{path.name}:{number}")
            else:
                seen.add(key)
                names = (*_listed(row["Generic Names"]), *_listed(row["Trade Names"]))
                yield Substance(key, name, distinct(names, name), tuple(_ids(row)))


def _ids(row: Mapping[str, str]) -> Iterator[str]:
    """Yield the ids of a substance, each once."""
    pairs = (part.split(":", 1) for column in ("Cross-references", "External Vocabulary") for part in _listed(row[column]) if ":" in part)
    cited = (identifier(prefix, text) for word, text in pairs if (prefix := database(word)))
    yield from dict.fromkeys(
        (
            *(found for found in cited if found),
            *identifiers("rxnorm", *_listed(row["RxNorm Identifiers"])),
            *identifiers("pubchem.compound", *_listed(row["PubChem Compound Identifiers"])),
        )
    )


def _listed(cell: str) -> list[str]:
    """Return the parts of a list in one cell: all of them quoted, or none and commas with a space between."""
    return next(csv.reader([cell], skipinitialspace=True)) if cell.startswith('"') else cell.split(", ")


_DOWNLOADS = "https://api.clinpgx.org/v1/download/file/data"
_FILES = tuple(File(role, f"{_DOWNLOADS}/{role}.zip#{role}.tsv", _NEEDS, optional=True) for role in ("drugs", "chemicals"))


def _recognise(path: Path) -> str | None:
    if not set(columns(path, "\t")).issuperset(_NEEDS):
        return None
    return "chemicals" if "chemical" in path.name.lower() else "drugs"


SOURCE = Source(
    name="clinpgx",
    title="ClinPGx drugs and chemicals",
    licence="https://creativecommons.org/licenses/by-sa/4.0/",
    home="https://www.clinpgx.org",
    files=_FILES,
    recognise=_recognise,
    read=_read,
)
"""ClinPGx."""
