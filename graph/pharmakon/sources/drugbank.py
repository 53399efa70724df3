"""DrugBank's open vocabulary: names and ids, the only part of DrugBank that is free to all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ._identifiers import identifier, identifiers
from ._names import distinct
from .records import Record, Substance
from .shape import File, Report, Source, role_by_columns, table

_NEEDS = ("DrugBank ID", "Common name", "CAS", "UNII", "Synonyms", "Standard InChI Key")


def _read(files: Mapping[str, Path], report: Report) -> Iterator[Record]:
    path = files["vocabulary"]
    for number, row in table(path, _NEEDS, report, ","):
        key, name = identifier("drugbank", row["DrugBank ID"]), row["Common name"].strip()
        if not key or not name:
            report.skip("a substance without a DrugBank id or a name", f"{path.name}:{number}")
            continue
        ids = (
            *identifiers("cas", row["CAS"]),
            *identifiers("unii", row["UNII"]),
            *identifiers("inchikey", row["Standard InChI Key"]),
        )
        yield Substance(key, name, distinct(row["Synonyms"].split(" | "), name), ids)


_FILES = (File("vocabulary", "https://go.drugbank.com/releases/latest/downloads/all-drugbank-vocabulary", _NEEDS),)

SOURCE = Source(
    name="drugbank",
    title="DrugBank open vocabulary",
    licence="https://creativecommons.org/publicdomain/zero/1.0/",
    home="https://go.drugbank.com/releases/latest#open-data",
    files=_FILES,
    recognise=role_by_columns(_FILES, ","),
    read=_read,
)
"""DrugBank's open vocabulary."""
