"""What the benchmarks rest on: other engines are asked the same, their answers are comparable, and a query without end is ended."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from benchmarks import generated, rivals

from pharmakon import names as n
from pharmakon.rdf import RdfFormat, Store

ROWS = "SELECT ?a ?b ?c WHERE { ?a <urn:p> ?b OPTIONAL { ?a <urn:q> ?c } }"
WHETHER = "ASK { <urn:1> <urn:p> 'one' }"
ENDLESS = "SELECT (COUNT(*) AS ?all) WHERE { " + " ".join(f"?a{i} ?p{i} ?b{i} ." for i in range(9)) + " FILTER(?a0 != ?a1) }"
ANSWERS = {ROWS: [("urn:1", "one", None), ("urn:2", "two", "urn:3")], WHETHER: [("true",)]}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "facts.nq"
    more = "".join(f"<urn:x{i}> <urn:r> <urn:y> .\n" for i in range(300))
    path.write_text('<urn:2> <urn:p> "two" .\n<urn:1> <urn:p> "one" .\n<urn:2> <urn:q> <urn:3> .\n' + more, "utf-8")
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="there is no alarm on Windows")
def test_rdflib_is_interrupted(file: Path) -> None:
    engine = rivals.Apart(rivals.rdflib, file)
    assert engine.ask(ENDLESS, 0.5) == {"rdflib": rivals.Took(0.5, None, rivals.LATE)}
    assert {text: engine.ask(text, 5)["rdflib"].answer for text in ANSWERS} == ANSWERS
    assert engine.ask("SELECT", 5)["rdflib"].answer is None
    engine.end()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no alarm on Windows")
def test_a_process_that_is_silent_is_ended(file: Path, tmp_path: Path) -> None:
    store = Store(str(tmp_path / "store"))
    store.bulk_load(path=str(file), format=RdfFormat.N_QUADS)
    store.flush()
    del store
    engine = rivals.Apart(rivals.embedded, tmp_path / "store")
    answered = {text: {"ours": answer, "raw": answer} for text, answer in ANSWERS.items()}
    for _ in range(2):
        assert {text: {way: took.answer for way, took in engine.ask(text, 20).items()} for text in ANSWERS} == answered
        assert engine.ask(ENDLESS, 0.5) == {}
    engine.end()


def test_a_sample_holds_the_ontology_and_all_of_some_drugs(tmp_path: Path) -> None:
    drug, other = f"{n.IMPORTED_DRUG}1", f"{n.IMPORTED_DRUG}2"
    is_drug = f"<{n.TYPE}> <{n.DRUG}>"
    about = [f"<{drug}> {is_drug} .", f"<{drug}> <urn:has> <{n.NS}s/1> .", f"<{n.NS}s/1> <urn:row> <{n.NS}s/1/row> <urn:graph> ."]
    left_out = [f"<{other}> {is_drug} .", f"<{other}> <urn:has> <{n.NS}s/2> .", f"<{n.NS}s/2> <urn:row> <urn:other> ."]
    ontology = [f"<{n.DRUG}> <urn:is> <urn:class> ."]
    whole, own = Store(), Store()
    whole.load("\n".join([*about, *left_out, *ontology]), format=RdfFormat.N_QUADS)
    own.load("\n".join(ontology), format=RdfFormat.N_QUADS)
    assert generated.sample(whole, own, 2, tmp_path / "sample.nq") == 1
    assert sorted((tmp_path / "sample.nq").read_text("utf-8").splitlines()) == sorted([*about, *ontology])
