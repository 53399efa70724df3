"""What several tests share: the shipped graph, small graphs made for a test, and statements in a form that tests can compare."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

import pharmakon
from pharmakon import names as n
from pharmakon.graph import Graph
from pharmakon.locate import ontology
from pharmakon.rdf import DefaultGraph, Literal, NamedNode

PREFIXES = (
    "@prefix : <https://w3id.org/pharmakon/> . @prefix src: <https://w3id.org/pharmakon/source/> . "
    "@prefix dct: <http://purl.org/dc/terms/> . @prefix owl: <http://www.w3.org/2002/07/owl#> . "
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> . "
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
)
"""The first line of every file that a test writes, so that what the test is about begins in line 2."""

_made: list[str] = []


def pytest_configure(config: pytest.Config) -> None:
    """Keep the stores of a test run apart from the user's, unless the environment says where they go."""
    if not os.environ.get("PHARMAKON_HOME"):
        _made.append(tempfile.mkdtemp(prefix="pharmakon-tests-"))
        os.environ["PHARMAKON_HOME"] = _made[0]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that at the end no processor waits for another."""
    items.sort(key=lambda item: item.path.stem not in ("test_engines", "test_verify", "test_properties", "test_notebooks"))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove what :func:`pytest_configure` made."""
    for folder in _made:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def graph() -> Graph:
    """The shipped graph."""
    return pharmakon.open_graph()


@pytest.fixture
def turtle(tmp_path: Path) -> Callable[..., Path]:
    """Write a Turtle file whose first line holds the prefixes."""

    def write(text: str, name: str = "added.ttl") -> Path:
        path = tmp_path / name
        path.write_text(PREFIXES + text, "utf-8")
        return path

    return write


@pytest.fixture
def grown(turtle: Callable[..., Path]) -> Callable[[str], Graph]:
    """Open the shipped graph with some Turtle added."""
    return lambda text: pharmakon.open_graph(add=[turtle(text)])


@pytest.fixture
def small(turtle: Callable[..., Path]) -> Callable[[str], Graph]:
    """Open a graph of the shipped vocabulary, terms and databases, with no drug and no class but those of some Turtle."""
    return lambda text: pharmakon.open_graph(base()[0], [*base()[1:], turtle(text)])


def base() -> list[Path]:
    """Return the files of the shipped ontology without drugs and definitions: what a small graph starts from."""
    return [ontology() / "vocabulary.ttl", ontology() / "terms", ontology() / "sources"]


@pytest.fixture(scope="session")
def verdicts(graph: Graph) -> Callable[[str, str], list[str]]:
    """Ask the shipped graph, and return the verdicts in the order of the senses."""
    return lambda drug, cls: [a.verdict for a in pharmakon.ask(drug, cls, graph=graph).answers]


@pytest.fixture(scope="session")
def yes(graph: Graph) -> Callable[[str], set[str]]:
    """Return the labels of the members of a class that has one sense."""

    def members(cls: str) -> set[str]:
        (found,) = pharmakon.members(cls, graph=graph)
        return {thing.label for thing in found.yes}

    return members


@pytest.fixture(scope="session")
def said(graph: Graph) -> Callable[[str, str], set[str]]:
    """Return what is stated of a drug by one property, as in ``Agonism target=GABA-B``: kind and qualifiers, no wording."""

    def statements(drug: str, prop: str) -> set[str]:
        return {_statement(graph, value, prop) for value in graph.schema.values(n.NS + drug, n.NS + prop)}

    return statements


def _statement(graph: Graph, value: str, prop: str) -> str:
    schema = graph.schema
    types = [t for t in schema.values(value, n.TYPE) if t not in schema.marks]
    general = {a for t in types for a in schema.ancestors(t) if a != t} | set(schema.ancestors(schema.values(n.NS + prop, n.RANGE)[0]))
    words = sorted(_local(t) for t in types if t not in general)
    for q in graph.store.quads_for_pattern(NamedNode(value), None, None, DefaultGraph()):
        if q.predicate.value not in (n.TYPE, n.ASSERTED_BY, n.NOTE, n.ABOUT_DRUG):
            assert isinstance(q.object, (NamedNode, Literal))
            words.append(f"{_local(q.predicate.value)}={_local(q.object.value)}")
    kinds = [w for w in words if "=" not in w]
    return " ".join([*kinds, *sorted(w for w in words if "=" in w)])


def _local(iri: str) -> str:
    return iri.removeprefix(n.NS)
