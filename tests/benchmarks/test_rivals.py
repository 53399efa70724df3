"""What the benchmarks rest on: other engines are asked the same, their answers are comparable, and a query without end is ended."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks import generated, rivals

from pharmakon import names as n
from pharmakon.rdf import RdfFormat, Store

QUERIES = {
    "rows": "SELECT ?a ?b ?c WHERE { ?a <urn:p> ?b OPTIONAL { ?a <urn:q> ?c } }",
    "endless": "SELECT (COUNT(*) AS ?all) WHERE { " + " ".join(f"?a{i} ?p{i} ?b{i} ." for i in range(9)) + " FILTER(?a0 != ?a1) }",
    "whether": "ASK { <urn:1> <urn:p> 'one' }",
}
ANSWERS = {"rows": [("urn:1", "one", None), ("urn:2", "two", "urn:3")], "whether": [("true",)]}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "facts.nq"
    more = "".join(f"<urn:x{i}> <urn:r> <urn:y> .\n" for i in range(300))
    path.write_text("<urn:2> <urn:p> 'two' .\n<urn:1> <urn:p> 'one' .\n<urn:2> <urn:q> <urn:3> .\n".replace("'", '"') + more, "utf-8")
    return path


def test_rdflib_is_interrupted(file: Path) -> None:
    _, found = rivals.apart("rdflib", file, QUERIES, 1.0)
    assert {name: took["rdflib"].answer for name, took in found.items()} == {"endless": None, **ANSWERS}
    assert found["endless"]["rdflib"] == rivals.Took(1.0, None, rivals.LATE)


@pytest.mark.slow
def test_a_process_that_is_silent_is_ended(file: Path, tmp_path: Path) -> None:
    store = Store(str(tmp_path / "store"))
    store.bulk_load(path=str(file), format=RdfFormat.N_QUADS)
    store.flush()
    del store
    _, found = rivals.apart("pyoxigraph", tmp_path / "store", QUERIES, 0.5)
    assert {name: {engine: t.answer for engine, t in took.items()} for name, took in found.items()} == {
        "rows": {"ours": ANSWERS["rows"], "raw": ANSWERS["rows"]},
        "endless": {},
        "whether": {"ours": ANSWERS["whether"], "raw": ANSWERS["whether"]},
    }


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
