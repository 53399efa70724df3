"""Tags of other classifications against what is derived: from the graph, from the publishers' files, from a file of one's own."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import data
import jsonschema
import pytest

import pharmakon
from pharmakon.cli import main
from pharmakon.errors import BadInput, UnknownName
from pharmakon.graph import Graph
from pharmakon.tags import OUTCOMES

VERBS = json.loads((Path(pharmakon.__file__).parent / "schema" / "verbs.schema.json").read_text("utf-8"))
AGREE, REFUTED, SILENT, UNKNOWN = OUTCOMES

OBO = """format-version: 1.2

[Term]
id: CHEBI:2972
name: baclofen
is_a: CHEBI:1
relationship: has_role CHEBI:51373 ! GABA agonist

[Term]
id: CHEBI:1
name: something above
is_a: CHEBI:0
relationship: has_role CHEBI:2

[Term]
id: CHEBI:2
name: a role below the relaxants
is_a: CHEBI:51371

[Term]
id: CHEBI:7459
name: naloxone
is_a: CHEBI:0
relationship: has_role CHEBI:35488
"""

NDC = "PRODUCTID\tSUBSTANCENAME\tPHARM_CLASSES\n1\tBACLOFEN\tGABA A Agonists [MoA],GABA B Agonists [MoA]\n2\tBACLOFEN; IBUPROFEN\tOpioid Agonist [EPC]\n"


def rows(found: pharmakon.Drift) -> dict[tuple[str, str], str]:
    return {(r.drug.label, r.cls.label): r.outcome for r in found.rows}


def test_roles_of_chebi_are_inherited_and_held_against_what_is_derived(tmp_path: Path, graph: Graph) -> None:
    """Baclofen has a role through a class above it; only the drugs of the file are judged, and silence is no denial."""
    path = tmp_path / "chebi.obo"
    path.write_text(OBO)
    found = rows(pharmakon.drift(path, graph=graph))
    assert {pair: o for pair, o in found.items() if o != SILENT} == {
        ("baclofen", "GABA-B agonist"): AGREE,
        ("baclofen", "muscle relaxant"): AGREE,
        ("naloxone", "CNS depressant"): REFUTED,
    }
    assert found["baclofen", "CNS depressant"] == SILENT
    assert found["naloxone", "opioid antagonist"] == SILENT
    assert {drug for drug, _ in found} == {"baclofen", "naloxone"}


def test_classes_of_the_fda_are_read_from_products_with_one_substance(tmp_path: Path, graph: Graph) -> None:
    path = tmp_path / "product.txt.gz"
    path.write_bytes(gzip.compress(NDC.encode()))
    found = {pair: o for pair, o in rows(pharmakon.drift(path, graph=graph)).items() if o != SILENT}
    assert found == {("baclofen", "GABA-A agonist"): REFUTED, ("baclofen", "GABA-B agonist"): AGREE}


def test_a_file_of_ones_own(tmp_path: Path, graph: Graph) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("drug,class\nheroin,opioid\nibuprofen,opioid\nthebaine,opioid\naspirine de luxe,opioid\n")
    found = pharmakon.drift(path, graph=graph)
    assert rows(found) == {("heroin", "opioid"): AGREE, ("ibuprofen", "opioid"): REFUTED, ("thebaine", "opioid"): UNKNOWN}
    assert found.rows[0].source == "mine.csv"
    (refuted,) = (r for r in found.rows if r.outcome == REFUTED)
    assert refuted.because is not None and refuted.because.verdict == "no"


def test_the_tags_that_the_graph_carries(graph: Graph) -> None:
    found = pharmakon.drift(graph=graph)
    said = {(r.drug.label, r.cls.label, r.source): r.outcome for r in found.rows}
    assert said["naloxone", "CNS depressant", "src:chebi"] == REFUTED
    assert said["apomorphine", "opioid", "src:acs-molecule-apomorphine"] == REFUTED
    assert SILENT not in {r.outcome for r in found.rows}


@pytest.mark.data
@pytest.mark.skipif(not data.present(), reason=data.MISSING)
def test_the_publishers_files(graph: Graph) -> None:
    """Disagreements that are known and instructive."""
    chebi = rows(pharmakon.drift(data.FOLDER / "chebi" / "chebi.obo.gz", graph=graph))
    ndc = rows(pharmakon.drift(data.FOLDER / "ndc" / "product.txt.gz", graph=graph))
    assert chebi["naloxone", "CNS depressant"] == REFUTED
    assert chebi["zolpidem", "GABA-B agonist"] == REFUTED
    assert chebi["baclofen", "GABA-B agonist"] == AGREE
    assert ndc["baclofen", "GABA-A agonist"] == REFUTED
    assert ndc["baclofen", "GABA-B agonist"] == AGREE
    assert ndc["diazepam", "benzodiazepine"] == AGREE
    assert ndc["morphine", "CNS depressant"] == SILENT


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["drift", "--json"]) == 0
    jsonschema.validate(json.loads(capsys.readouterr().out), {"$ref": "#/$defs/drift", "$defs": VERBS["$defs"]})


@pytest.mark.parametrize(
    ("name", "content", "error", "message"),
    [
        ("a.csv", b"name,kind\nx,y\n", BadInput, r"a\.csv:1: is no OBO file"),
        ("a.csv", b"", BadInput, r"a\.csv:1: is no OBO file"),
        ("a.csv", b"drug,class\nmorphine\n", BadInput, r"a\.csv:2: a drug or a class is missing"),
        ("a.csv", b"drug,class\nmorphine,opoid\n", UnknownName, 'no class is called "opoid"; did you mean opioid'),
        ("a.csv", bytes(range(256)) * 4, BadInput, r"a\.csv"),
        ("a.obo.gz", b"\x1f\x8b\x08\x00garbled", BadInput, r"a\.obo\.gz: cannot be read"),
        ("a.obo.gz", gzip.compress(OBO.encode() * 500)[:400], BadInput, r"a\.obo\.gz: cannot be read"),
        ("a.obo.gz", b"plain text", BadInput, r"a\.obo\.gz: cannot be read"),
        (None, b"", BadInput, "cannot be read"),
    ],
    ids=["columns", "empty", "cell", "class", "binary", "garbled", "truncated", "not-gzip", "absent"],
)
def test_bad_input(
    name: str | None, content: bytes, error: type[Exception], message: str, tmp_path: Path, graph: Graph, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / (name or "absent")
    if name:
        path.write_bytes(content)
    with pytest.raises(error, match=message):
        pharmakon.drift(path, graph=graph)
    assert main(["drift", str(path)]) == 2
    assert capsys.readouterr().err.startswith("pharmakon: ")
