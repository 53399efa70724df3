"""DrugCentral, from its downloads of drug-target interactions and of structures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ._measure import measured
from .records import Action, Record, Substance, Target
from .shape import File, Report, Source, role_by_columns, table

_NEEDS = (
    *("DRUG_NAME", "STRUCT_ID", "TARGET_NAME", "ACCESSION", "ACT_VALUE", "ACT_TYPE", "RELATION"),
    *("MOA", "ACTION_TYPE", "ORGANISM"),
)


def _read(files: Mapping[str, Path], report: Report) -> Iterator[Record]:
    seen: set[str] = set()
    if "structures" in files:
        for _, row in table(files["structures"], ("ID", "INN", "InChIKey", "CAS_RN"), report, "\t"):
            key = f"drugcentral:{row['ID']}"
            seen.add(key)
            ids = [f"{prefix}:{row[column]}" for prefix, column in (("inchikey", "InChIKey"), ("cas", "CAS_RN")) if row[column]]
            yield Substance(key, row["INN"], ids=tuple(ids), drug=True)
    path = files["interactions"]
    for number, row in table(path, _NEEDS, report, "\t"):
        accessions = tuple(sorted({part.strip() for part in row["ACCESSION"].split("|") if part.strip()}))
        substance, target = f"drugcentral:{row['STRUCT_ID']}", f"uniprot:{'|'.join(accessions)}"
        if substance not in seen:
            yield Substance(substance, row["DRUG_NAME"], drug=True)
        if accessions and target not in seen:
            yield Target(target, row["TARGET_NAME"].strip(), (), accessions, _other(row["ORGANISM"]))
        seen |= {substance, target}
        if not accessions:
            report.skip("a target without a protein", f"{path.name}:{number}")
            continue
        yield Action(
            substance,
            target,
            (row["ACTION_TYPE"],) if row["ACTION_TYPE"] else (),
            row["MOA"] == "1",
            f"struct {row['STRUCT_ID']}, target {'|'.join(accessions)}",
            measured(_logarithm(row["ACT_TYPE"]), row["ACT_VALUE"], row["ACT_VALUE"], row["RELATION"]),
        )


def _other(organism: str) -> str:
    return "" if organism == "Homo sapiens" else organism


def _logarithm(kind: str) -> str:
    """Return what a figure is called: each is a negative logarithm, whether or not its kind has a ``p``."""
    before, _, last = kind.rpartition(" ")
    return kind if last.startswith("p") else f"{before} p{last}".strip()


_FILES = (
    File(
        "interactions",
        "https://unmtid-dbs.net/download/DrugCentral/2021_09_01/drug.target.interaction.tsv.gz",
        ("STRUCT_ID", "TARGET_NAME", "MOA"),
    ),
    File(
        "structures",
        "https://unmtid-dbs.net/download/DrugCentral/2021_09_01/structures.smiles.tsv",
        ("SMILES", "InChIKey", "INN"),
        optional=True,
    ),
)

SOURCE = Source(
    name="drugcentral",
    title="DrugCentral",
    licence="https://creativecommons.org/licenses/by-sa/4.0/",
    home="https://drugcentral.org",
    files=_FILES,
    recognise=role_by_columns(_FILES, "\t"),
    read=_read,
)
"""DrugCentral."""
