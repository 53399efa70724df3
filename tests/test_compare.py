"""Comparisons: what is shared, what only one side has, what is not known of one; each row proved. Expected rows come from pharmacology."""

from __future__ import annotations

import json
import random
from itertools import combinations
from pathlib import Path

import jsonschema
import pytest

import pharmakon
from pharmakon.cli import main
from pharmakon.comparison import Comparison
from pharmakon.errors import BadQuestion, UnknownName
from pharmakon.graph import Graph

VERBS = json.loads((Path(pharmakon.__file__).parent / "schema" / "verbs.schema.json").read_text("utf-8"))


def on(c: Comparison, axis: str, side: str) -> set[str]:
    return {row.value for row in c.rows if (row.axis, row.side) == (axis, side)}


def test_baclofen_and_morphine(graph: Graph) -> None:
    c = pharmakon.compare("baclofen", "morphine", graph=graph)
    assert on(c, "mechanism", "shared") == set()
    assert on(c, "mechanism", "a") == {"activates the GABA-B receptor"}
    assert on(c, "mechanism", "b") == {"activates the mu opioid receptor"}
    assert on(c, "target", "a") == {"acts at the GABA-B receptor"}
    assert on(c, "distribution", "shared") == {"reaches the central nervous system"}
    assert on(c, "origin", "a") == {"is made wholly by synthesis"}
    assert on(c, "origin", "b") == {"occurs in nature, in the opium poppy (Papaver somniferum)"}
    assert {"is a CNS depressant", "is a respiratory depressant"} <= on(c, "class", "shared")
    assert "is an opiate in the strict sense" in on(c, "class", "b")
    assert "has a liability to physical dependence, reported" in on(c, "dependence", "shared")
    assert {"can cause respiratory depression", "can cause euphoria", "can cause constipation"} <= on(c, "adverse effects", "shared")
    assert on(c, "adverse effects", "a") == on(c, "adverse effects", "b") == set()
    assert "can take part in additive depression of the central nervous system" in on(c, "interactions", "shared")
    assert c.nearest and c.nearest.label == "respiratory depressant"
    assert c.parting == "Baclofen activates the GABA-B receptor; morphine does not."


def test_baclofen_and_phenibut_share_the_receptor_and_part_by_law_and_use(graph: Graph) -> None:
    c = pharmakon.compare("baclofen", "phenibut", graph=graph)
    assert on(c, "mechanism", "shared") == {"activates the GABA-B receptor"}
    assert on(c, "structure", "shared") == {"is built on the gamma-amino acid skeleton"}
    assert c.nearest and c.nearest.label == "GABA-B agonist"
    assert "is approved for spasticity" in on(c, "class", "a")


def test_diazepam_and_baclofen_relax_by_different_receptors(graph: Graph) -> None:
    c = pharmakon.compare("diazepam", "baclofen", graph=graph)
    assert "strengthens the GABA-A receptor" in on(c, "mechanism", "a")
    assert on(c, "mechanism", "b") == {"activates the GABA-B receptor"}
    assert {"has the effect: relaxation of skeletal muscle", "has the effect: depression of the central nervous system"} <= on(
        c, "effects", "shared"
    )
    assert "is under US-IV" not in on(c, "law", "shared")


def test_gabapentin_is_no_gaba_agonist(graph: Graph) -> None:
    c = pharmakon.compare("gabapentin", "baclofen", graph=graph)
    assert on(c, "mechanism", "b") == {"activates the GABA-B receptor"}
    assert on(c, "mechanism", "shared") == set()
    assert "is built like GABA" in on(c, "class", "shared")


def test_a_drug_and_a_word_with_three_senses(graph: Graph) -> None:
    """What a sense asks of every opiate, and what the drug has that no opiate here has."""
    c = pharmakon.compare("baclofen", "opiate", graph=graph)
    sentences = {row.sentence for row in c.rows}
    assert "Every opiate in the strict sense occurs in the opium poppy; baclofen does not." in sentences
    assert "Baclofen activates the GABA-B receptor; no opiate here does." in sentences
    assert "Baclofen is made wholly by synthesis; not every opiate is: buprenorphine is not." in sentences
    assert c.nearest is None


def test_two_classes(graph: Graph) -> None:
    c = pharmakon.compare("opiate (strict)", "opioid", graph=graph)
    sentences = {row.sentence for row in c.rows}
    assert any(s.startswith("Every opiate in the strict sense occurs in the opium poppy; not every opioid does: ") for s in sentences)
    assert c.nearest is not None and c.nearest.label == "opioid"


def test_every_row_is_what_asking_each_side_says(graph: Graph) -> None:
    """On the axis of classes: the side of a row against the verdicts of two questions, and no row where neither is a member."""
    schema = graph.schema
    names = random.Random(3).sample([schema.label(d) for d in schema.drugs()], 10)
    classes = {schema.label(c): c for c in schema.drug_classes}
    verdict = {}
    for name in names:
        for label, iri in classes.items():
            verdict[name, label] = pharmakon.ask(name, iri, graph=graph).answers[0].verdict
    sides = {("yes", "yes"): "shared", ("yes", "no"): "a", ("no", "yes"): "b", ("yes", "unknown"): "unknown", ("unknown", "yes"): "unknown"}
    for a, b in combinations(names, 2):
        c = pharmakon.compare(a, b, graph=graph)
        rows = {row.proof.children[0].about: row.side for row in c.rows if row.axis == "class"}
        expected = {
            pharmakon.names.short(iri): sides[pair]
            for label, iri in classes.items()
            if (pair := (verdict[a, label], verdict[b, label])) in sides
        }
        assert rows == expected


def test_only_one_side_is_said_with_a_proof_of_both(graph: Graph) -> None:
    """A row that parts two drugs rests on a yes and on a no, each down to statements with sources; what is open proves one side only."""
    for a, b in (("baclofen", "morphine"), ("diazepam", "zolpidem"), ("tramadol", "tapentadol"), ("naloxone", "methylnaltrexone")):
        for row in pharmakon.compare(a, b, graph=graph).rows:
            verdicts = [child.verdict for child in row.proof.children]
            assert verdicts == {"shared": ["yes", "yes"], "a": ["yes", "no"], "b": ["no", "yes"], "unknown": ["yes"]}[row.side]
            for child in row.proof.children:
                assert all(leaf.sources for leaf in child.leaves())
                assert list(child.leaves())


def test_the_other_way_round_the_sides_change_places(graph: Graph) -> None:
    turned = {"shared": "shared", "a": "b", "b": "a", "unknown": "unknown"}
    one = pharmakon.compare("gabapentin", "baclofen", graph=graph)
    other = pharmakon.compare("baclofen", "gabapentin", graph=graph)
    assert {(r.axis, r.side, r.value) for r in one.rows} == {(r.axis, turned[r.side], r.value) for r in other.rows}


def test_a_withdrawn_source_turns_a_difference_into_what_is_not_known(graph: Graph) -> None:
    """Without the reviews no list is complete: nothing is only baclofen's any more by mechanism."""
    c = pharmakon.compare("baclofen", "morphine", without=["pharmakon"], graph=graph)
    assert on(c, "mechanism", "a") == on(c, "mechanism", "b") == set()
    assert on(c, "mechanism", "unknown") == {"activates the GABA-B receptor", "activates the mu opioid receptor"}


def test_formats(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "baclofen", "phenibut", "--json"]) == 0
    jsonschema.validate(json.loads(capsys.readouterr().out), {"$ref": "#/$defs/comparison", "$defs": VERBS["$defs"]})
    assert main(["compare", "baclofen", "phenibut", "--format", "csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "axis,side,sentence"
    assert '"mechanism","both","Baclofen activates the GABA-B receptor, and so does phenibut."'.replace('"', "") in [
        line.replace('"', "") for line in lines
    ]
    assert main(["compare", "baclofen", "phenibut", "--format", "markdown"]) == 0
    assert capsys.readouterr().out.startswith("| axis | side | sentence |")
    assert main(["compare", "baclofen", "phenibut"]) == 0
    text = capsys.readouterr().out
    assert "= Baclofen activates the GABA-B receptor, and so does phenibut." in text
    assert "Nearest common class: GABA-B agonist." in text


def test_as_a_data_frame(graph: Graph) -> None:
    frame = pharmakon.compare("baclofen", "phenibut", graph=graph).to_pandas()
    assert list(frame.columns) == ["axis", "side", "value", "sentence"]
    assert frame[frame.axis == "mechanism"].to_dict("records") == [
        {
            "axis": "mechanism",
            "side": "shared",
            "value": "activates the GABA-B receptor",
            "sentence": "Baclofen activates the GABA-B receptor, and so does phenibut.",
        }
    ]


@pytest.mark.parametrize(
    ("a", "b", "error", "message"),
    [
        ("baclofen", "baclofen", BadQuestion, "baclofen is given twice"),
        ("baclofen", "Lioresal", BadQuestion, "baclofen is given twice"),
        ("baclofen", "opiat", UnknownName, "no drug is called"),
        ("", "morphine", UnknownName, "is empty"),
    ],
)
def test_bad_input(a: str, b: str, error: type[Exception], message: str, graph: Graph, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(error, match=message):
        pharmakon.compare(a, b, graph=graph)
    assert main(["compare", a, b]) == 2
    assert capsys.readouterr().err.startswith("pharmakon: ")
