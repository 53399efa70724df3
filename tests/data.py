"""The publishers' files, read where they lie: set ``PHARMAKON_DATA``, or keep them in ``shared/data`` beside the checkout.

Nothing of them is part of this repository. Each reader is remembered, since several tests ask the same file.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import re
import tarfile
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

csv.field_size_limit(10**9)

FOLDER = Path(os.environ.get("PHARMAKON_DATA") or Path(__file__).parents[2] / "shared" / "data")
MISSING = f"the publishers' files are not at {FOLDER}; set PHARMAKON_DATA"

Row = dict[str, str]


def present() -> bool:
    """Whether the files are there."""
    return (FOLDER / "gtopdb" / "interactions.csv.gz").is_file()


def rows(name: str, delimiter: str = ",", encoding: str = "utf-8") -> Iterator[Row]:
    """Read a table with a header line."""
    with gzip.open(FOLDER / name, "rt", encoding=encoding, newline="") as stream:
        yield from csv.DictReader(stream, delimiter=delimiter)


def lines(name: str) -> Iterator[str]:
    """Read the lines of a file."""
    with gzip.open(FOLDER / name, "rt", encoding="utf-8", errors="replace") as stream:
        for line in stream:
            yield line.rstrip("\n")


@cache
def gtopdb() -> dict[tuple[str, str, str], list[Row]]:
    """Return interactions by ligand, target and species."""
    found: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows("gtopdb/interactions.csv.gz"):
        found[row["ligand_id"], row["target_id"], row["target_species"]].append(row)
    return dict(found)


@cache
def gtopdb_ligands() -> dict[str, Row]:
    """Return ligands by id."""
    return {row["Ligand id"]: row for row in rows("gtopdb/ligands.csv.gz")}


@cache
def gtopdb_targets() -> dict[str, Row]:
    """Return targets by id."""
    return {row["Target id"]: row for row in rows("gtopdb/targets_and_families.csv.gz")}


@cache
def drugcentral() -> dict[tuple[str, str], list[Row]]:
    """Return interactions by structure and accessions."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows("drugcentral/drug.target.interaction.tsv.gz", "\t"):
        found[row["STRUCT_ID"], row["ACCESSION"]].append(row)
    return dict(found)


@cache
def drugcentral_structures() -> dict[str, Row]:
    """Return structures by id."""
    return {row["ID"]: row for row in rows("drugcentral/structures.smiles.tsv.gz", "\t")}


@cache
def chembl() -> dict[tuple[str, str], list[Row]]:
    """Return mechanisms by molecule and target."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows("chembl/chembl_mechanisms.csv.gz"):
        found[row["molecule_chembl_id"], row["target_chembl_id"]].append(row)
    return dict(found)


@cache
def chebi() -> dict[str, dict[str, list[str]]]:
    """Return terms by id: their name, parents (is_a), roles and other relations."""
    found: dict[str, dict[str, list[str]]] = {}
    term: dict[str, list[str]] = {}
    for line in lines("chebi/chebi.obo.gz"):
        key, _, value = line.partition(": ")
        if key == "id":
            term = found[value] = {"name": [], "is_a": [], "relationship": []}
        elif key in term:
            term[key].append(value.partition(" ! ")[0])
    return found


def chebi_above(term: str) -> set[str]:
    """Return a term and its ancestors."""
    found, todo = {term}, [term]
    while todo:
        for parent in chebi().get(todo.pop(), {"is_a": []})["is_a"]:
            if parent not in found:
                found.add(parent)
                todo.append(parent)
    return found


def chebi_related(term: str) -> set[str]:
    """Return what a term is related to, by whatever relation, itself or through its ancestors, roles with their ancestors."""
    direct = {r.split()[1] for t in chebi_above(term) for r in chebi().get(t, {"relationship": []})["relationship"]}
    return {above for d in direct for above in chebi_above(d)}


@cache
def ndc() -> dict[str, dict[str, set[str]]]:
    """Return products by the names of their substances: classes, schedules ("" where blank) and routes of all rows."""
    found: dict[str, dict[str, set[str]]] = {}
    for row in rows("ndc/product.txt.gz", "\t", "latin-1"):
        entry = found.setdefault(row["SUBSTANCENAME"] or "", {"classes": set(), "schedules": set(), "routes": set(), "types": set()})
        entry["classes"].update(c.strip() for c in re.split(r"(?<=\]),", row["PHARM_CLASSES"] or "") if c)
        entry["schedules"].add(row["DEASCHEDULE"] or "")
        entry["routes"].update((row["ROUTENAME"] or "").split("; "))
        entry["types"].add(row["PRODUCTTYPENAME"] or "")
    return found


@cache
def unii() -> dict[str, set[str]]:
    """Return all names by UNII, in capitals."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in lines("unii/UNII_Names.txt.gz"):
        name, _, code, shown = (line.split("\t") + [""] * 4)[:4]
        found[code].update((name.upper(), shown.upper()))
    return dict(found)


@cache
def clinpgx() -> dict[str, Row]:
    """Return drugs and chemicals by accession."""
    return {row["PharmGKB Accession Id"]: row for name in ("chemicals", "drugs") for row in rows(f"clinpgx/{name}.tsv.gz", "\t")}


@cache
def terms(name: str) -> dict[str, list[str]]:
    """Return the names of an ontology's terms by id: ``hp``, ``mondo`` or ``doid``."""
    return {row["id"]: [row["name"], *(row["synonyms"] or "").split("|")] for row in rows(f"ids/{name}.tsv.gz", "\t")}


@cache
def drugbank() -> dict[str, Row]:
    """Return the open vocabulary by DrugBank id."""
    return {row["DrugBank ID"]: row for row in rows("drugbank-vocab/dbvocab.csv.gz")}


@cache
def drugbank_by_unii() -> dict[str, list[Row]]:
    """Return the rows of the open vocabulary by UNII."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in drugbank().values():
        found[row["UNII"]].append(row)
    return dict(found)


@cache
def chebi_to_chembl() -> dict[str, set[str]]:
    """Return ChEMBL ids by ChEBI number."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in lines("ids/chebi_to_chembl.tsv.gz"):
        one, _, other = line.partition("\t")
        found[one].add(other.strip())
    return dict(found)


@cache
def chembl_names() -> dict[str, str]:
    """Return the ChEBI names of ChEMBL's molecules, salts among them, by ChEMBL id."""
    return {
        chembl: chebi()[f"CHEBI:{one}"]["name"][0]
        for one, others in chebi_to_chembl().items()
        for chembl in others
        if f"CHEBI:{one}" in chebi()
    }


@cache
def drugmechdb() -> dict[str, str]:
    """Return the text of each mechanism path by its name."""
    found = {}
    with tarfile.open(FOLDER / "drugmechdb" / "paths.tar.gz") as archive:
        for member in archive:
            stream = archive.extractfile(member) if member.isfile() else None
            if stream:
                found[Path(member.name).stem] = io.TextIOWrapper(stream, "utf-8").read()
    return found
