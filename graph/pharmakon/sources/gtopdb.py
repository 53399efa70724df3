"""The Guide to PHARMACOLOGY, from its downloads of interactions, ligands, and targets with their families."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from ._measure import measured
from .records import Action, Family, Record, Substance, Target
from .shape import File, Report, Source, columns, lines, table

_COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    "interactions": {
        "target": ("target_id", "Target ID"),
        "accessions": ("target_uniprot", "Target UniProt ID"),
        "species": ("target_species", "Target Species"),
        "ligand": ("ligand_id", "Ligand ID"),
        "type": ("type", "Type"),
        "action": ("action", "Action"),
        "primary": ("primary_target", "Primary Target"),
        "units": ("affinity_units", "Affinity Units"),
        "low": ("affinity_low", "Affinity Low"),
        "median": ("affinity_median", "Affinity Median"),
        "high": ("affinity_high", "Affinity High"),
        "relation": ("original_affinity_relation", "Original Affinity Relation"),
        "papers": ("pubmed_id", "PubMed ID"),
    },
    "ligands": {
        "id": ("Ligand id", "Ligand ID"),
        "name": ("Name",),
        "approved": ("Approved",),
        "withdrawn": ("Withdrawn",),
        "inn": ("INN",),
        "synonyms": ("Synonyms",),
        "inchikey": ("InChIKey",),
        "pubchem": ("PubChem CID",),
        "chembl": ("ChEMBL ID", ""),
    },
    "targets_and_families": {
        "type": ("Type",),
        "family": ("Family id",),
        "family_name": ("Family name",),
        "target": ("Target id",),
        "name": ("Target name",),
        "synonyms": ("synonyms",),
        "short": ("Target abbreviated name", ""),
        "gene": ("HGNC symbol", ""),
        "accessions": ("Human SwissProt",),
    },
}
"""What each column that is read has been called, release 2020.5 first, and 2021 and later where they differ; "" where it may be absent."""

_TYPES = {
    "gpcr": "G protein-coupled receptors",
    "nhr": "Nuclear hormone receptors",
    "lgic": "Ligand-gated ion channels",
    "vgic": "Voltage-gated ion channels",
    "other_ic": "Other ion channels",
    "catalytic_receptor": "Catalytic receptors",
    "enzyme": "Enzymes",
    "transporter": "Transporters",
    "other_protein": "Other proteins",
}

_BETTER_SAID_BY_TYPE = {
    "Antagonist": {"Irreversible inhibition", "Non-competitive"},
    "Channel blocker": {"Antagonist", "Inhibition"},
    "Gating inhibitor": {"Antagonist", "Inhibition"},
    "Allosteric modulator": {"Agonist", "Full agonist", "Partial agonist", "Inverse agonist"},
}
"""Actions that do not mean here what they mean elsewhere, by type: those at a receptor, at a channel, and at a site beside the receptor's."""

_TAG = re.compile(r"</?(?:sub|sup|small|i|b|u|em)\s*/?>", re.IGNORECASE)
_PASSING = re.compile(r"PMID|PubMed|\bdoi:|\b(?:WO|US)\s?\d{4,}|\bet al\b|^compound\b.*\d", re.IGNORECASE)
_SAYS_NOTHING = {"", "None", "Unknown"}
_VERSION = re.compile(r"GtoPdb Version:\s*([\d.]*\d)")


def plain(text: str) -> str:
    """Return a name without markup and entities.

    >>> plain("GABA<sub>B</sub>  receptor"), plain("&alpha;<SUB>1A</SUB>-adrenoceptor"), plain("p34<CDC2>")
    ('GABAB receptor', 'α1A-adrenoceptor', 'p34<CDC2>')
    """
    return " ".join(html.unescape(_TAG.sub("", text)).split())


def _names(cell: str, but: str = "") -> tuple[str, ...]:
    """Return the names in a cell without those that only a paper or a patent gives, such as ``compound 3b [PMID: 20866075]``."""
    found = dict.fromkeys(plain(part) for part in cell.split("|"))
    return tuple(name for name in found if name and name != but and not _PASSING.search(name))


def _accessions(cell: str) -> set[str]:
    """Return the accessions in a cell; an isoform counts as its protein."""
    return {part.strip().partition("-")[0] for part in cell.split("|") if part.strip()}


def _recognise(path: Path) -> str | None:
    found = set(columns(path, ","))
    for file in _FILES:
        either = [e for e in _COLUMNS[file.role].values() if set(e) & set(file.needs)]
        if all(found.intersection(e) for e in either):
            return file.role
    return None


def _release(files: Mapping[str, Path]) -> str:
    found = (_VERSION.search(next(lines(path), "")) for path in files.values())
    return ", ".join(sorted({match[1] for match in found if match}))


def _rows(files: Mapping[str, Path], role: str, report: Report) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the rows of a file with where they stand, by our names for the columns."""
    path = files[role]
    found = {*columns(path, ","), ""}
    names = {ours: next((name for name in either if name in found), " or ".join(either)) for ours, either in _COLUMNS[role].items()}
    for number, row in table(path, [name for name in names.values() if name], report, ","):
        yield f"{path.name}:{number}", {ours: row.get(name, "").strip() for ours, name in names.items()}


def _read(files: Mapping[str, Path], report: Report) -> Iterator[Record]:
    ligands = dict(_ligands(_rows(files, "ligands", report), report))
    targets = [row for _, row in _rows(files, "targets_and_families", report)]
    rows = list(_rows(files, "interactions", report))
    acting = {row["ligand"] for _, row in rows}
    parts = {row["target"]: row["accessions"] for _, row in rows if row["species"] == "Human" and row["accessions"]}
    for key, (substance, known) in ligands.items():
        yield replace(substance, drug=known or key in acting)
    yield from _families(targets)
    yield from _targets(targets, parts)
    yield from _actions(rows, ligands.keys(), {row["target"] for row in targets}, report)


def _ligands(rows: Iterable[tuple[str, dict[str, str]]], report: Report) -> Iterator[tuple[str, tuple[Substance, bool]]]:
    """Yield each ligand with whether it is a drug even if no interaction of it is known."""
    for place, row in rows:
        if row["pubchem"] and not row["pubchem"].isdigit():
            report.skip("a PubChem id that is no number (the ligand is kept without it)", place)
            row["pubchem"] = ""
        ids = [f"{prefix}:{row[ours]}" for prefix, ours in (("inchikey", "inchikey"), ("pubchem.compound", "pubchem")) if row[ours]]
        ids += [f"chembl.compound:{part}" for part in row["chembl"].split("|") if part]
        name = plain(row["name"])
        substance = Substance(f"iuphar.ligand:{row['id']}", name, _names(row["synonyms"], but=name), tuple(ids))
        yield row["id"], (substance, bool(row["approved"] or row["withdrawn"] or row["inn"]))


def _families(rows: Iterable[Mapping[str, str]]) -> Iterator[Family]:
    seen: set[str] = set()
    for row in rows:
        kind, family = f"iuphar.type:{row['type']}", f"iuphar.family:{row['family']}"
        if row["type"] and kind not in seen:
            yield Family(kind, _TYPES.get(row["type"]) or row["type"].replace("_", " ").capitalize())
        if family not in seen:
            yield Family(family, plain(row["family_name"]), (kind,) if row["type"] else ())
        seen |= {kind, family}


def _targets(rows: Iterable[Mapping[str, str]], parts: Mapping[str, str]) -> Iterator[Target]:
    """Yield each target once; what a complex is made of stands in its interactions alone."""
    within: dict[str, dict[str, None]] = {}
    first: dict[str, Mapping[str, str]] = {}
    for row in rows:
        within.setdefault(row["target"], {})[f"iuphar.family:{row['family']}"] = None
        first.setdefault(row["target"], row)
    for key, row in first.items():
        accessions = _accessions(row["accessions"]) or _accessions(parts.get(key, ""))
        name = plain(row["name"])
        synonyms = _names("|".join((row["synonyms"], row["short"], row["gene"])), but=name)
        yield Target(f"iuphar.receptor:{key}", name, tuple(within[key]), tuple(sorted(accessions)), synonyms=synonyms)


def _actions(
    rows: Iterable[tuple[str, Mapping[str, str]]], ligands: Iterable[str], targets: Iterable[str], report: Report
) -> Iterator[Action]:
    ligands, targets = set(ligands), set(targets)
    for place, row in rows:
        if not row["target"]:
            report.skip("an action at another ligand, or at nothing that has an id", place)
        elif row["target"] not in targets:
            report.skip("a target that is not among the targets and families", place)
        elif row["ligand"] not in ligands:
            report.skip("a ligand that is not among the ligands", place)
        else:
            yield Action(
                f"iuphar.ligand:{row['ligand']}",
                f"iuphar.receptor:{row['target']}",
                _words(row["action"], row["type"]),
                row["primary"].lower() in ("t", "true"),
                f"ligand {row['ligand']}, target {row['target']}, {row['species'] or 'None'}",
                _measure(row),
                tuple(part.strip() for part in row["papers"].split("|") if part.strip()),
            )


def _words(action: str, kind: str) -> tuple[str, ...]:
    """Return the words for an action, those that count most first."""
    both = (kind, action) if action in _BETTER_SAID_BY_TYPE.get(kind, ()) else (action, kind)
    return tuple(dict.fromkeys(word for word in both if word not in _SAYS_NOTHING))


def _measure(row: Mapping[str, str]) -> str:
    if row["units"] in ("", "-"):
        return ""
    low, high = (row["low"], row["high"]) if row["low"] or row["high"] else (row["median"], row["median"])
    return measured(row["units"], low, high, row["relation"])


_FILES = (
    File("interactions", "https://www.guidetopharmacology.org/DATA/interactions.csv", ("Target ID", "Ligand ID", "Primary Target")),
    File("ligands", "https://www.guidetopharmacology.org/DATA/ligands.csv", ("Ligand ID", "Synonyms", "InChIKey")),
    File(
        "targets_and_families",
        "https://www.guidetopharmacology.org/DATA/targets_and_families.csv",
        ("Type", "Family id", "Target id", "Target name"),
    ),
)

SOURCE = Source(
    name="gtopdb",
    title="IUPHAR/BPS Guide to PHARMACOLOGY",
    licence="https://creativecommons.org/licenses/by-sa/4.0/",
    home="https://www.guidetopharmacology.org",
    files=_FILES,
    recognise=_recognise,
    read=_read,
    release=_release,
)
"""The Guide to PHARMACOLOGY."""
