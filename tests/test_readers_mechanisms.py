"""The readers of Guide to PHARMACOLOGY, DrugCentral and ChEMBL, and what each of their words for an action amounts to here.

The samples are made here, in the publishers' formats. Records are compared whole.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import data
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmakon import names as n
from pharmakon.errors import BadInput
from pharmakon.graph import Graph
from pharmakon.locate import ontology
from pharmakon.sources import named, roles
from pharmakon.sources._measure import measured
from pharmakon.sources.gtopdb import plain
from pharmakon.sources.records import Action, Family, Record, Substance, Target
from pharmakon.sources.shape import Report

needs_data = [pytest.mark.data, pytest.mark.skipif(not data.present(), reason=data.MISSING)]

Row = Mapping[str, str]
Write = Callable[..., Path]


def read(name: str, *paths: Path) -> tuple[list[Record], Report]:
    """Read files as an import does: told apart by what is in them."""
    source, report = named(name), Report()
    return list(source.read(roles(source, list(paths)), report)), report


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a table: rows give the cells that matter, the others are empty."""

    def written(name: str, header: str, rows: Sequence[Row], delimiter: str = ",", banner: str = "") -> Path:
        text = io.StringIO()
        writer = csv.DictWriter(text, header.split(","), delimiter=delimiter, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(rows)
        path = tmp_path / name
        path.write_bytes((gzip.compress if name.endswith(".gz") else bytes)((banner + text.getvalue()).encode()))
        return path

    return written


# --- Guide to PHARMACOLOGY ------------------------------------------------------------------------------------------------

OLD = (
    "target,target_id,target_gene_symbol,target_uniprot,target_ensembl_gene_id,target_ligand,target_ligand_id,"
    "target_ligand_gene_symbol,target_ligand_ensembl_gene_id,target_ligand_uniprot,target_ligand_pubchem_sid,target_species,ligand,"
    "ligand_id,ligand_gene_symbol,ligand_species,ligand_pubchem_sid,approved_drug,type,action,action_comment,selectivity,endogenous,"
    "primary_target,concentration_range,affinity_units,affinity_high,affinity_median,affinity_low,original_affinity_units,"
    "original_affinity_low_nm,original_affinity_median_nm,original_affinity_high_nm,original_affinity_relation,assay_description,"
    "receptor_site,ligand_context,pubmed_id"
)
NEW = (
    "Target,Target ID,Target Subunit IDs,Target Gene Symbol,Target UniProt ID,Target Ensembl Gene ID,Target Ligand,Target Ligand ID,"
    "Target Ligand Subunit IDs,Target Ligand Gene Symbol,Target Ligand UniProt ID,Target Ligand Ensembl Gene ID,"
    "Target Ligand PubChem SID,Target Species,Ligand ID,Ligand,Ligand Type,Ligand Subunit IDs,Ligand Gene Symbol,Ligand Species,"
    "Ligand PubChem SID,Approved,Type,Action,Action comment,Selectivity,Endogenous,Primary Target,concentration Range,Affinity Units,"
    "Affinity High,Affinity Median,Affinity Low,Original Affinity Units,Original Affinity Low nm,Original Affinity Median nm,"
    "Original Affinity High nm,Original Affinity Relation,Assay Description,Receptor Site,Ligand Context,PubMed ID,Webpage URLs,"
    "Patent Numbers"
)
OLD_LIGANDS = (
    "Ligand id,Name,Species,Type,Approved,Withdrawn,Labelled,Radioactive,PubChem SID,PubChem CID,UniProt id,IUPAC name,INN,Synonyms,"
    "SMILES,InChIKey,InChI,GtoImmuPdb,GtoMPdb"
)
NEW_LIGANDS = (
    "Ligand ID,Name,Species,Type,Approved,Withdrawn,Labelled,Radioactive,PubChem SID,PubChem CID,UniProt ID,Ensembl ID,ChEMBL ID,"
    "Ligand Subunit IDs,Ligand Subunit Name,Ligand Subunit UniProt IDs,Ligand Subunit Ensembl IDs,IUPAC name,INN,Synonyms,SMILES,"
    "InChIKey,InChI,GtoImmuPdb,GtoMPdb,Antibacterial"
)
OLD_TARGETS = (
    "Type,Family id,Family name,Target id,Target name,Subunits,Target systematic name,Target abbreviated name,synonyms,HGNC id,"
    "HGNC symbol,HGNC name,Human SwissProt,Rat SwissProt,Mouse SwissProt"
)
NEW_TARGETS = OLD_TARGETS.replace("Subunits", "Subunit id,Subunit name")
RENAMED = {"target_uniprot": "Target UniProt ID", "target_id": "Target ID", "ligand_id": "Ligand ID", "pubmed_id": "PubMed ID"}
BANNER = '"# GtoPdb Version: 2026.3 - published: 2026-09-16"\n'

ROWS = [
    {
        **{"target_id": "7", "target_species": "Human", "ligand_id": "1", "type": "Agonist", "action": "Inverse agonist"},
        **{"primary_target": "t", "affinity_units": "pKi", "affinity_median": "6.46999979019165", "pubmed_id": "11|22"},
        **{"target_uniprot": "Q00002|Q00001"},
    },
    {
        **{"target_id": "7", "target_species": "Rat", "ligand_id": "1", "type": "Agonist", "action": "None", "primary_target": "f"},
        **{"affinity_units": "pIC50", "affinity_low": "5.2", "affinity_high": "6.1", "target_uniprot": "R00001|R00002"},
    },
    {
        **{"target_id": "8", "ligand_id": "2", "type": "Channel blocker", "action": "Antagonist", "affinity_units": "pIC50"},
        **{"affinity_median": "5", "original_affinity_relation": ">", "target_species": "None"},
    },
    {
        "target_id": "8",
        "target_species": "Human",
        "ligand_id": "2",
        "type": "Antibody",
        "action": "Unknown",
        "affinity_units": "-",
        "affinity_median": "3",
    },
    {"target_ligand_id": "1", "target_species": "Human", "ligand_id": "2", "type": "Antibody", "action": "Binding"},
    {"target_id": "9", "target_species": "Human", "ligand_id": "1", "type": "Agonist", "action": "Agonist"},
    {"target_id": "8", "target_species": "Human", "ligand_id": "99", "type": "Agonist", "action": "Agonist"},
    {"target_id": "7", "ligand_id": "1", "type": "Allosteric modulator", "action": "Full agonist"},
]
LIGANDS = [
    {
        **{"Ligand id": "1", "Name": "&alpha;-test<sub>2</sub>ol", "PubChem CID": "123", "InChIKey": "AAAAAAAAAAAAAA-BBBBBBBBBB-C"},
        "Synonyms": "Testol&reg;|compound 3b [PMID: 12345]|compound 7|example 4 [WO2012068109A2]|&alpha;-test2ol|<i>R</i>-T|Testol&reg;",
    },
    {"Ligand id": "2", "Name": "binder, mab", "PubChem CID": "1112968-42-9"},
    {"Ligand id": "3", "Name": "idle", "Type": "Synthetic organic"},
    {"Ligand id": "4", "Name": "idle but approved", "Approved": "yes"},
    {"Ligand id": "5", "Name": "idle but withdrawn", "Withdrawn": "yes"},
    {"Ligand id": "6", "Name": "idle but named", "INN": "namedol"},
]
TARGETS = [
    {
        "Type": "lgic",
        "Family id": "71",
        "Family name": "T<sub>B</sub> receptors",
        "Target id": "7",
        "Target name": "T<SUB>B</SUB> receptor ",
    },
    {
        **{"Type": "vgic", "Family id": "72", "Family name": "Test channels", "Target id": "8", "Target name": "Tc1"},
        **{"Human SwissProt": "P00002|P00001|P00002-2", "synonyms": "p34<CDC2>|Tc&beta;|Tc1"},
    },
    {
        "Type": "vgic",
        "Family id": "73",
        "Family name": "More channels",
        "Target id": "8",
        "Target name": "Tc1",
        "Human SwissProt": "P00001",
    },
    {"Type": "new_kind", "Family id": "74", "Family name": "Things", "Target id": "10", "Target name": "T10"},
]


def gtopdb_records(*chembl: str) -> list[Record]:
    """What the rows above say, with the ids that newer releases have besides."""
    return [
        Substance(
            "iuphar.ligand:1",
            "α-test2ol",
            ("Testol®", "R-T"),
            ("inchikey:AAAAAAAAAAAAAA-BBBBBBBBBB-C", "pubchem.compound:123", *chembl),
            drug=True,
        ),
        Substance("iuphar.ligand:2", "binder, mab", drug=True),
        Substance("iuphar.ligand:3", "idle"),
        Substance("iuphar.ligand:4", "idle but approved", drug=True),
        Substance("iuphar.ligand:5", "idle but withdrawn", drug=True),
        Substance("iuphar.ligand:6", "idle but named", drug=True),
        Family("iuphar.type:lgic", "Ligand-gated ion channels"),
        Family("iuphar.family:71", "TB receptors", ("iuphar.type:lgic",)),
        Family("iuphar.type:vgic", "Voltage-gated ion channels"),
        Family("iuphar.family:72", "Test channels", ("iuphar.type:vgic",)),
        Family("iuphar.family:73", "More channels", ("iuphar.type:vgic",)),
        Family("iuphar.type:new_kind", "New kind"),
        Family("iuphar.family:74", "Things", ("iuphar.type:new_kind",)),
        Target("iuphar.receptor:7", "TB receptor", ("iuphar.family:71",), ("Q00001", "Q00002")),
        Target("iuphar.receptor:8", "Tc1", ("iuphar.family:72", "iuphar.family:73"), ("P00001", "P00002"), synonyms=("p34<CDC2>", "Tcβ")),
        Target("iuphar.receptor:10", "T10", ("iuphar.family:74",)),
        Action(
            "iuphar.ligand:1",
            "iuphar.receptor:7",
            ("Inverse agonist", "Agonist"),
            True,
            "ligand 1, target 7, Human",
            "pKi 6.47",
            ("11", "22"),
        ),
        Action("iuphar.ligand:1", "iuphar.receptor:7", ("Agonist",), False, "ligand 1, target 7, Rat", "pIC50 5.2-6.1"),
        Action("iuphar.ligand:2", "iuphar.receptor:8", ("Channel blocker", "Antagonist"), False, "ligand 2, target 8, None", "pIC50 < 5"),
        Action("iuphar.ligand:2", "iuphar.receptor:8", ("Antibody",), False, "ligand 2, target 8, Human"),
        Action("iuphar.ligand:1", "iuphar.receptor:7", ("Allosteric modulator", "Full agonist"), False, "ligand 1, target 7, None"),
    ]


def skipped(ligands: str, interactions: str, remarks: int = 0) -> list[tuple[str, str]]:
    """What is left out of the rows above, and where."""
    return [
        (f"{ligands}:{remarks + 3}", "a PubChem id that is no number (the ligand is kept without it)"),
        (f"{interactions}:{remarks + 6}", "an action at another ligand, or at nothing that has an id"),
        (f"{interactions}:{remarks + 7}", "a target that is not among the targets and families"),
        (f"{interactions}:{remarks + 8}", "a ligand that is not among the ligands"),
    ]


def newer(row: Row) -> Row:
    """The same row of interactions as newer releases write it."""
    cells = {RENAMED.get(name, name.replace("_", " ").title()): cell for name, cell in row.items()}
    if "target_ligand_id" in row:
        cells["Target Ligand ID"] = cells.pop("Target Ligand Id")
    return {**cells, "Primary Target": {"t": "true", "f": "false"}.get(row.get("primary_target", ""), "")}


@pytest.fixture
def gtopdb(write: Write) -> list[Path]:
    """The sample in the columns of release 2020.5."""
    return [
        write("interactions.csv", OLD, ROWS),
        write("ligands.csv", OLD_LIGANDS, LIGANDS),
        write("targets_and_families.csv", OLD_TARGETS, TARGETS),
    ]


def test_gtopdb(gtopdb: list[Path]) -> None:
    found, report = read("gtopdb", *gtopdb)
    assert found == gtopdb_records()
    assert report.rows == skipped("ligands.csv", "interactions.csv")
    assert (report.read, named("gtopdb").release(roles(named("gtopdb"), gtopdb))) == (18, "")


def test_gtopdb_in_the_columns_of_newer_releases(write: Write) -> None:
    ligands = [{"Ligand ID" if name == "Ligand id" else name: cell for name, cell in row.items()} for row in LIGANDS]
    ligands[0]["ChEMBL ID"] = "CHEMBL9"
    files = [
        write("a.csv.gz", NEW, [newer(row) for row in ROWS], banner=BANNER),
        write("b.csv", NEW_LIGANDS, ligands, banner=BANNER),
        write("c.csv", NEW_TARGETS, TARGETS, banner=BANNER),
    ]
    found, report = read("gtopdb", *files)
    assert found == gtopdb_records("chembl.compound:CHEMBL9")
    assert report.rows == skipped("b.csv", "a.csv.gz", remarks=1)
    assert named("gtopdb").release(roles(named("gtopdb"), files)) == "2026.3"


def test_gtopdb_of_two_releases_names_both(gtopdb: list[Path]) -> None:
    for path, release in zip(gtopdb, ("2025.4", "2024.1", "2025.4"), strict=True):
        path.write_text(f'"# GtoPdb Version: {release} - published: 2025-12-10"\n' + path.read_text("utf-8"), "utf-8")
    assert named("gtopdb").release(roles(named("gtopdb"), gtopdb)) == "2024.1, 2025.4"


@pytest.mark.parametrize(
    "kind, action, words",
    [
        ("Agonist", "Inverse agonist", ("Inverse agonist", "Agonist")),
        ("Antagonist", "Antagonist", ("Antagonist",)),
        ("Channel blocker", "Pore blocker", ("Pore blocker", "Channel blocker")),
        ("Channel blocker", "Inhibition", ("Channel blocker", "Inhibition")),
        ("Gating inhibitor", "Antagonist", ("Gating inhibitor", "Antagonist")),
        ("Gating inhibitor", "Slows inactivation", ("Slows inactivation", "Gating inhibitor")),
        ("Allosteric modulator", "Positive", ("Positive", "Allosteric modulator")),
        ("Allosteric modulator", "Inverse agonist", ("Allosteric modulator", "Inverse agonist")),
        ("Allosteric modulator", "Antagonist", ("Antagonist", "Allosteric modulator")),
        ("Antagonist", "Non-competitive", ("Antagonist", "Non-competitive")),
        ("Inhibitor", "Non-competitive", ("Non-competitive", "Inhibitor")),
        ("None", "Binding", ("Binding",)),
        ("None", "None", ()),
    ],
)
def test_gtopdb_words_that_count_most_come_first(kind: str, action: str, words: tuple[str, ...], gtopdb: list[Path], write: Write) -> None:
    write("interactions.csv", OLD, [{"target_id": "7", "ligand_id": "1", "type": kind, "action": action}])
    assert [a.words for a in read("gtopdb", *gtopdb)[0] if isinstance(a, Action)] == [words]


@given(st.text(st.characters(exclude_characters="<>&", exclude_categories=["C", "Z"]), min_size=1))
def test_a_name_is_the_same_with_markup_and_without(name: str) -> None:
    assert plain(f" <i>{name}</i>&nbsp;<SUP>{name}</SUP> ") == f"{name} {name}"


# --- DrugCentral ------------------------------------------------------------------------------------------------------

INTERACTIONS = (
    "DRUG_NAME,STRUCT_ID,TARGET_NAME,TARGET_CLASS,ACCESSION,GENE,SWISSPROT,ACT_VALUE,ACT_UNIT,ACT_TYPE,ACT_COMMENT,ACT_SOURCE,RELATION,"
    "MOA,MOA_SOURCE,ACT_SOURCE_URL,MOA_SOURCE_URL,ACTION_TYPE,TDL,ORGANISM"
)
STRUCTURES = "SMILES,InChI,InChIKey,ID,INN,CAS_RN"
HUMAN = {"DRUG_NAME": "testol", "STRUCT_ID": "5", "ORGANISM": "Homo sapiens"}
DC_ROWS = [
    {**HUMAN, "TARGET_NAME": "T-B receptor ", "ACCESSION": "Q2|Q1", "MOA": "1", "ACTION_TYPE": "AGONIST"},
    {**HUMAN, "TARGET_NAME": "Enzyme", "ACCESSION": "P1", "ACT_VALUE": "6.706858517", "ACT_TYPE": "IC50", "RELATION": "="},
    {**HUMAN, "TARGET_NAME": "Enzyme", "ACCESSION": "P1", "MOA": "0", "ACT_VALUE": "5", "ACT_TYPE": "app Ki", "RELATION": ">"},
    {**HUMAN, "TARGET_NAME": "DNA", "MOA": "1", "ACTION_TYPE": "OTHER", "ORGANISM": ""},
    {
        **{"DRUG_NAME": "other", "STRUCT_ID": "6", "TARGET_NAME": "Rat thing", "ACCESSION": "P3", "ACT_VALUE": "7.8"},
        **{"ACT_TYPE": "pA2", "ACTION_TYPE": "ANTAGONIST", "ORGANISM": "Rattus norvegicus"},
    },
]
DC_STRUCTURES = [
    {"SMILES": "C", "InChIKey": "AAAAAAAAAAAAAA-BBBBBBBBBB-C", "ID": "5", "INN": "testol", "CAS_RN": "1-23-4"},
    {"SMILES": "CC", "ID": "7", "INN": "structure alone"},
]
DC_FIRST = [
    Target("uniprot:Q1|Q2", "T-B receptor", (), ("Q1", "Q2")),
    Action("drugcentral:5", "uniprot:Q1|Q2", ("AGONIST",), True, "struct 5, target Q1|Q2"),
    Target("uniprot:P1", "Enzyme", (), ("P1",)),
    Action("drugcentral:5", "uniprot:P1", (), False, "struct 5, target P1", "pIC50 6.71"),
    Action("drugcentral:5", "uniprot:P1", (), False, "struct 5, target P1", "app pKi < 5"),
    Substance("drugcentral:6", "other", drug=True),
    Target("uniprot:P3", "Rat thing", (), ("P3",), "Rattus norvegicus"),
    Action("drugcentral:6", "uniprot:P3", ("ANTAGONIST",), False, "struct 6, target P3", "pA2 7.8"),
]


def test_drugcentral(write: Write) -> None:
    found, report = read("drugcentral", write("i.tsv", INTERACTIONS, DC_ROWS, "\t"))
    assert found == [Substance("drugcentral:5", "testol", drug=True), *DC_FIRST]
    assert (report.read, report.rows) == (5, [("i.tsv:5", "a target without a protein")])


def test_drugcentral_with_its_structures(write: Write) -> None:
    found, report = read("drugcentral", write("i.tsv", INTERACTIONS, DC_ROWS, "\t"), write("s.tsv", STRUCTURES, DC_STRUCTURES, "\t"))
    assert found == [
        Substance("drugcentral:5", "testol", ids=("inchikey:AAAAAAAAAAAAAA-BBBBBBBBBB-C", "cas:1-23-4"), drug=True),
        Substance("drugcentral:7", "structure alone", drug=True),
        *DC_FIRST,
    ]
    assert (report.read, report.rows) == (7, [("i.tsv:5", "a target without a protein")])


@given(st.permutations([f"P0000{i}" for i in range(7)]))
def test_a_complex_has_one_key_whatever_the_order_of_its_parts(parts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "i.tsv"
        row = {**HUMAN, "TARGET_NAME": "Complex", "ACCESSION": "|".join(parts)}
        names = INTERACTIONS.split(",")
        path.write_text("\t".join(names) + "\n" + "\t".join(row.get(name, "") for name in names) + "\n", "utf-8")
        _, target, action = read("drugcentral", path)[0]
    together = "P00000|P00001|P00002|P00003|P00004|P00005|P00006"
    assert target == Target(f"uniprot:{together}", "Complex", (), tuple(together.split("|")))
    assert action == Action("drugcentral:5", f"uniprot:{together}", (), False, f"struct 5, target {together}")


# --- ChEMBL -----------------------------------------------------------------------------------------------------------

MECHANISMS = "action_type,mechanism_of_action,molecule_chembl_id,target_chembl_id"
CHEMBL_ROWS = [
    dict(zip(MECHANISMS.split(","), row, strict=True))
    for row in (
        ("AGONIST", "Test receptor alpha agonist", "CHEMBL1", "CHEMBL8"),
        ("PARTIAL AGONIST", "Test receptor partial agonist", "CHEMBL2", "CHEMBL8"),
        ("AGONIST", "Test receptor agonist", "CHEMBL1", "CHEMBL8"),
        ("INHIBITOR", "Tissue-type plasminogen activator inhibitor", "CHEMBL3", "CHEMBL9"),
        ("BINDING AGENT", "Antigen, surface other", "CHEMBL3", "CHEMBL10"),
        ("OTHER", "Something of its own", "CHEMBL3", "CHEMBL11"),
        ("ANTISENSE INHIBITOR", "Gene antisense inhibitor", "CHEMBL3", "CHEMBL13"),
        ("OTHER", "Message antisense inhibitor", "CHEMBL3", "CHEMBL14"),
        ("", "Blank agonist", "CHEMBL3", "CHEMBL12"),
        ("AGONIST", "No molecule agonist", "", "CHEMBL8"),
        ("AGONIST", "No target agonist", "CHEMBL1", ""),
    )
]


def test_chembl(write: Write) -> None:
    found, report = read("chembl", write("m.csv", MECHANISMS, CHEMBL_ROWS))
    assert found == [
        Substance("chembl.compound:CHEMBL1", "CHEMBL1"),
        Substance("chembl.compound:CHEMBL2", "CHEMBL2"),
        Substance("chembl.compound:CHEMBL3", "CHEMBL3"),
        Target("chembl.target:CHEMBL8", "Test receptor", synonyms=("Test receptor alpha",)),
        Target("chembl.target:CHEMBL9", "Tissue-type plasminogen activator"),
        Target("chembl.target:CHEMBL10", "Antigen, surface"),
        Target("chembl.target:CHEMBL11", "Something of its own"),
        Target("chembl.target:CHEMBL13", "Gene"),
        Target("chembl.target:CHEMBL14", "Message"),
        Target("chembl.target:CHEMBL12", "Blank"),
        Action("chembl.compound:CHEMBL1", "chembl.target:CHEMBL8", ("AGONIST",), True, "CHEMBL1, CHEMBL8"),
        Action("chembl.compound:CHEMBL2", "chembl.target:CHEMBL8", ("PARTIAL AGONIST",), True, "CHEMBL2, CHEMBL8"),
        Action("chembl.compound:CHEMBL1", "chembl.target:CHEMBL8", ("AGONIST",), True, "CHEMBL1, CHEMBL8"),
        Action("chembl.compound:CHEMBL3", "chembl.target:CHEMBL9", ("INHIBITOR",), True, "CHEMBL3, CHEMBL9"),
        Action("chembl.compound:CHEMBL3", "chembl.target:CHEMBL10", ("BINDING AGENT",), True, "CHEMBL3, CHEMBL10"),
        Action("chembl.compound:CHEMBL3", "chembl.target:CHEMBL11", ("OTHER",), True, "CHEMBL3, CHEMBL11"),
        Action("chembl.compound:CHEMBL3", "chembl.target:CHEMBL13", ("ANTISENSE INHIBITOR",), True, "CHEMBL3, CHEMBL13"),
        Action("chembl.compound:CHEMBL3", "chembl.target:CHEMBL14", ("OTHER",), True, "CHEMBL3, CHEMBL14"),
        Action("chembl.compound:CHEMBL3", "chembl.target:CHEMBL12", (), True, "CHEMBL3, CHEMBL12"),
    ]
    assert (report.read, report.rows) == (
        11,
        [("m.csv:11", "a mechanism without a molecule"), ("m.csv:12", "a mechanism without a target")],
    )


# --- what all three share -----------------------------------------------------------------------------------------------

SAMPLES = {
    "gtopdb": [
        ("interactions", OLD, ROWS, ","),
        ("ligands", OLD_LIGANDS, LIGANDS, ","),
        ("targets_and_families", OLD_TARGETS, TARGETS, ","),
    ],
    "drugcentral": [("interactions", INTERACTIONS, DC_ROWS, "\t"), ("structures", STRUCTURES, DC_STRUCTURES, "\t")],
    "chembl": [("mechanisms", MECHANISMS, CHEMBL_ROWS, ",")],
}


@pytest.fixture
def sample(write: Write) -> Callable[..., list[Path]]:
    """Write the sample of a source, gzipped or not."""
    return lambda name, end="": [write(f"{name}-{role}{end}", header, rows, mark) for role, header, rows, mark in SAMPLES[name]]


@pytest.mark.parametrize("name", SAMPLES)
def test_files_are_told_apart(name: str, sample: Callable[..., list[Path]]) -> None:
    files = {role: path for (role, *_), path in zip(SAMPLES[name], sample(name), strict=True)}
    assert roles(named(name), [*reversed(files.values())]) == files
    assert {other: [named(other).recognise(path) for path in files.values()] for other in SAMPLES if other != name} == {
        other: [None] * len(files) for other in SAMPLES if other != name
    }


@pytest.mark.parametrize("name", SAMPLES)
def test_gzipped_files_say_the_same(name: str, sample: Callable[..., list[Path]]) -> None:
    assert read(name, *sample(name, ".gz"))[0] == read(name, *sample(name))[0]


def test_a_file_of_another_source(sample: Callable[..., list[Path]]) -> None:
    (mechanisms,) = sample("chembl")
    with pytest.raises(BadInput) as told:
        read("drugcentral", mechanisms)
    assert str(told.value) == f"{mechanisms}: this is no file of DrugCentral as its publisher offers it; it looks like chembl"


def test_a_file_is_missing(sample: Callable[..., list[Path]]) -> None:
    with pytest.raises(BadInput) as told:
        read("gtopdb", *sample("gtopdb")[:1])
    assert str(told.value) == (
        "IUPHAR/BPS Guide to PHARMACOLOGY also needs its ligands and targets_and_families: give all its files in one command"
    )


@pytest.mark.parametrize(
    "name, which, column, told",
    [
        ("gtopdb", 0, "action", "no column action or Action; found: "),
        ("gtopdb", 0, "pubmed_id", "no column pubmed_id or PubMed ID; found: "),
        ("gtopdb", 1, "INN", "no column INN; found: "),
        ("gtopdb", 2, "Human SwissProt", "no column Human SwissProt; found: "),
        ("drugcentral", 0, "ACTION_TYPE", "no column ACTION_TYPE; found: "),
        ("drugcentral", 1, "CAS_RN", "no column CAS_RN; found: "),
        ("chembl", 0, "action_type", "no column action_type; found: "),
    ],
)
def test_a_column_has_another_name(name: str, which: int, column: str, told: str, sample: Callable[..., list[Path]]) -> None:
    files = sample(name)
    text = files[which].read_text("utf-8")
    header, end, rest = text.partition("\n")
    names = ["renamed" if cell == column else cell for cell in header.split(SAMPLES[name][which][3])]
    files[which].write_text(SAMPLES[name][which][3].join(names) + end + rest, "utf-8")
    with pytest.raises(BadInput) as error:
        read(name, *files)
    assert str(error.value) == f"{files[which]}:1: {told}{', '.join(names)[:200]}"


@pytest.mark.parametrize("name", SAMPLES)
def test_a_file_is_cut_off(name: str, sample: Callable[..., list[Path]]) -> None:
    files = sample(name, ".gz")
    first_two = b"".join(gzip.decompress(files[0].read_bytes()).splitlines(keepends=True)[:2])
    packing = zlib.compressobj(wbits=31)
    files[0].write_bytes(packing.compress(first_two) + packing.flush(zlib.Z_FULL_FLUSH))
    with pytest.raises(BadInput) as told:
        read(name, *files)
    assert str(told.value) == f"{files[0]}:3: the compressed file is cut off or damaged here: fetch it again"


@pytest.mark.parametrize("name", SAMPLES)
def test_a_file_in_another_encoding(name: str, sample: Callable[..., list[Path]]) -> None:
    files = {role: path for (role, *_), path in zip(SAMPLES[name], sample(name), strict=True)}
    first = next(iter(files.values()))
    first.write_bytes(b"\xe9" + first.read_bytes())
    with pytest.raises(BadInput) as told:
        list(named(name).read(files, Report()))
    assert str(told.value) == f"{first}:1: not text in utf-8: take the file as its publisher offers it"


@pytest.mark.parametrize("name", SAMPLES)
def test_a_row_that_is_too_short_is_told(name: str, sample: Callable[..., list[Path]]) -> None:
    files = sample(name)
    whole = files[0].read_text("utf-8")
    files[0].write_text(whole + "1\n", "utf-8")
    cells, line = SAMPLES[name][0][1].count(",") + 1, whole.count("\n") + 1
    assert (f"{files[0].name}:{line}", f"a row without its {cells} cells") in read(name, *files)[1].rows


@given(st.floats(-3, 14), st.sampled_from(["", "="]))
def test_a_figure_keeps_its_value(figure: float, relation: str) -> None:
    kind, _, shown = measured("pKi", repr(figure), repr(figure), relation).partition(" ")
    assert (kind, len(shown.partition(".")[2]) <= 2, abs(float(shown) - figure) <= 0.005001) == ("pKi", True, True)


@pytest.mark.parametrize(
    "low, high, relation, told",
    [
        ("", "", "=", ""),
        ("6.5", "", "", "pKi 6.5"),
        ("8.30000019", "8.3", "", "pKi 8.3"),
        ("10", "10", "<", "pKi > 10"),
        ("8.6", "8.8", "~", "pKi ~ 8.6-8.8"),
        ("9", "9", "<=", "pKi >= 9"),
        ("about 7", "about 7", "", "pKi about 7"),
    ],
)
def test_figures(low: str, high: str, relation: str, told: str) -> None:
    assert measured("pKi", low, high, relation) == told


# --- what the words amount to ---------------------------------------------------------------------------------------------

MEANING = re.compile(r'^\[\] a :ActionMeaning ; :inSource src:(\w+) ; :word "([^"]+)" ; :means :(\w+) \.$', re.MULTILINE)


def meanings(text: str) -> list[tuple[str, str, str]]:
    """Source, word and class of each line that says what a word amounts to."""
    return MEANING.findall(text)


def twice(text: str) -> list[tuple[str, str]]:
    """The words that a text gives more than one meaning, with their sources."""
    return [key for key, count in Counter((source, word) for source, word, _ in meanings(text)).items() if count > 1]


@pytest.fixture(scope="module")
def crosswalk() -> str:
    return (ontology() / "crosswalks" / "actions.ttl").read_text("utf-8")


def test_no_word_has_two_meanings(crosswalk: str) -> None:
    assert twice(crosswalk) == []
    planted = '[] a :ActionMeaning ; :inSource src:gtopdb ; :word "Negative" ; :means :Antagonism .\n'
    assert twice(crosswalk + planted) == [("gtopdb", "Negative")]


def test_every_line_is_read_and_means_an_action(crosswalk: str, graph: Graph) -> None:
    found = meanings(crosswalk)
    assert len(found) == crosswalk.count("[] a :ActionMeaning") == len(graph.schema.subjects(n.TYPE, n.NS + "ActionMeaning"))
    assert {m for _, _, m in found if n.MECHANISM not in graph.schema.ancestors(n.NS + m)} == set()


def test_words_that_must_not_be_confused(crosswalk: str) -> None:
    found = {(source, word): meaning for source, word, meaning in meanings(crosswalk)}
    asked = [
        ("gtopdb", "Inverse agonist"),
        ("gtopdb", "Positive"),
        ("gtopdb", "Pore blocker"),
        ("gtopdb", "Gating inhibitor"),
        ("gtopdb", "Slows inactivation"),
        ("gtopdb", "Antibody"),
        ("gtopdb", "Activation"),
        ("drugcentral", "POSITIVE ALLOSTERIC MODULATOR"),
        ("drugcentral", "MODULATOR"),
        ("drugcentral", "RELEASING AGENT"),
        ("chembl", "PARTIAL AGONIST"),
        ("chembl", "ANTISENSE INHIBITOR"),
    ]
    assert [found[key] for key in asked] == [
        *("InverseAgonism", "PositiveModulation", "ChannelBlock", "ChannelBlock", "ChannelOpening", "Modulation", "Modulation"),
        *("PositiveModulation", "Modulation", "ReleaseInduction", "PartialAgonism", "Modulation"),
    ]


# --- the publishers' files ------------------------------------------------------------------------------------------------


@cache
def whole(name: str) -> tuple[list[Record], Report]:
    """Read the publisher's files of a source once."""
    return read(name, *sorted((data.FOLDER / name).glob("*.gz")))


def every_action() -> Iterator[tuple[str, Action]]:
    for name in SAMPLES:
        yield from ((name, record) for record in whole(name)[0] if isinstance(record, Action))


class TestPublishersFiles:
    """Counts that were taken from the files by other means."""

    pytestmark = needs_data

    @pytest.mark.parametrize(
        "name, rows, kinds, mechanisms, drugs, left_out",
        [
            (
                "gtopdb",
                20268 + 10659 + 3196,
                {"Substance": 10659, "Family": 672 + 9, "Target": 3113, "Action": 20268 - 423 - 1},
                3040 - 126,
                9553,
                {
                    "an action at another ligand, or at nothing that has an id": 423,
                    "a target that is not among the targets and families": 1,
                    "a PubChem id that is no number (the ligand is kept without it)": 1,
                },
            ),
            (
                "drugcentral",
                16702 + 3949,
                {"Substance": 3949 + 203, "Target": 2636, "Action": 16702 - 110},
                2530 - 104,
                3949 + 203,
                {"a target without a protein": 110},
            ),
            ("chembl", 6990, {"Substance": 5404, "Target": 1518, "Action": 6990}, 6990, 0, {}),
        ],
    )
    def test_counts(self, name: str, rows: int, kinds: dict[str, int], mechanisms: int, drugs: int, left_out: dict[str, int]) -> None:
        found, report = whole(name)
        assert Counter(type(record).__name__ for record in found) == kinds
        assert (report.read, dict(report.skipped)) == (rows, left_out)
        assert sum(isinstance(record, Action) and record.mechanism for record in found) == mechanisms
        assert sum(isinstance(record, Substance) and record.drug for record in found) == drugs

    @pytest.mark.parametrize("name", SAMPLES)
    def test_keys_are_given_once_and_before_they_are_used(self, name: str) -> None:
        seen: set[str] = set()
        for record in whole(name)[0]:
            if isinstance(record, Action):
                assert {record.substance, record.target} <= seen
            elif isinstance(record, (Substance, Family, Target)):
                assert record.key not in seen
                seen.add(record.key)

    def test_every_word_has_a_meaning_and_no_meaning_is_idle(self, crosswalk: str) -> None:
        """The words of all rows, those left out as well."""
        found = {("gtopdb", row[column]) for row in data.rows("gtopdb/interactions.csv.gz") for column in ("action", "type")}
        found |= {("drugcentral", row["ACTION_TYPE"]) for row in data.rows("drugcentral/drug.target.interaction.tsv.gz", "\t")}
        found |= {("chembl", row["action_type"]) for row in data.rows("chembl/chembl_mechanisms.csv.gz")}
        saying_nothing = {("gtopdb", "None"), ("gtopdb", "Unknown"), ("drugcentral", "")}
        assert found - saying_nothing == {(source, word) for source, word, _ in meanings(crosswalk)}
        assert saying_nothing <= found

    def test_names_are_plain(self) -> None:
        odd = {
            name
            for record in whole("gtopdb")[0]
            if isinstance(record, (Substance, Family, Target))
            for name in (record.name, *(() if isinstance(record, Family) else record.synonyms))
            if re.search(r"<|&\w+;|PMID", name) and not name.startswith(("compound ", "Compound "))
        }
        assert {name for name in odd if "PMID" not in name} == {
            "p34<CDC2>",
            "p34<PSK-J3>/cdk4",
            "Begendina&rg; (proprietary name)",
            "Orphacol&Reg;",
        }

    def test_baclofen(self) -> None:
        at = {
            ("gtopdb", "ligand 1084, target 242, Human"),
            ("drugcentral", "struct 282, target O75899|Q9UBS5"),
            ("chembl", "CHEMBL701, CHEMBL2111463"),
        }
        assert [action for name, action in every_action() if (name, action.place) in at] == [
            Action(
                "iuphar.ligand:1084",
                "iuphar.receptor:242",
                ("Full agonist", "Agonist"),
                True,
                "ligand 1084, target 242, Human",
                "pKi 4.3-6.2",
                ("11082110", "12663046"),
            ),
            Action("drugcentral:282", "uniprot:O75899|Q9UBS5", ("AGONIST",), True, "struct 282, target O75899|Q9UBS5", "pIC50 7.46"),
            Action("chembl.compound:CHEMBL701", "chembl.target:CHEMBL2111463", ("AGONIST",), True, "CHEMBL701, CHEMBL2111463"),
        ]

    def test_rows_cited_by_hand_are_read_and_mean_the_same(self, graph: Graph, crosswalk: str) -> None:
        """A row that an author cites and the row as it is read have the same words, and but for these the same action."""
        found = {(source, word): meaning for source, word, meaning in meanings(crosswalk)}
        meant: dict[tuple[str, str], set[str]] = {}
        for name, action in every_action():
            meant.setdefault((name, action.place), set()).add(next((found[name, word] for word in action.words), "Modulation"))
        missing, other = set(), set()
        for drug in graph.schema.subjects(n.TYPE, n.DRUG):
            for statement in graph.schema.values(drug, n.HAS_MECHANISM):
                types = {t.removeprefix(n.NS) for t in graph.schema.values(statement, n.TYPE)} | {"Modulation"}
                for assertion in graph.schema.values(statement, n.ASSERTED_BY):
                    source = graph.schema.values(assertion, n.SOURCE)[0].removeprefix(n.SRC)
                    place = graph.schema.literals(assertion, n.LOCATOR)[0]
                    if source in SAMPLES and (source, place) not in meant:
                        missing.add((drug, place))
                    elif source in SAMPLES and not meant[source, place] & types:
                        other.add((drug.removeprefix(n.NS), source, *meant[source, place]))
        assert missing == set()
        assert other == {
            ("capsaicin", "chembl", "ChannelOpening"),
            ("capsaicin", "drugcentral", "ChannelOpening"),
            ("levetiracetam", "gtopdb", "Inhibition"),
            ("pentazocine", "gtopdb", "PartialAgonism"),
            ("sumatriptan", "gtopdb", "PartialAgonism"),
            ("topiramate", "chembl", "PositiveModulation"),
            ("topiramate", "drugcentral", "PositiveModulation"),
        }
