"""The questions of the library on other engines: raw pyoxigraph, rdflib, Virtuoso: ``pytest tests/benchmarks --benchmark-only``.

``PHARMAKON_STORE`` is the folder of a store with every database imported; without it the shipped store is asked alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from statistics import geometric_mean, median
from typing import Any

import engines
import pytest
from benchmarks import generated, rivals
from benchmarks.figures import note
from benchmarks.rivals import Took, embedded

import pharmakon
from pharmakon.build import Sources
from pharmakon.errors import PharmakonError
from pharmakon.facts import Schema
from pharmakon.graph import Graph
from pharmakon.locate import queries
from pharmakon.rdf import RdfFormat, Store

Benchmark = Any
LIBRARY = {path.stem: path.read_text("utf-8") for path in sorted((queries() / "library").glob("*.rq"))}
pytestmark = pytest.mark.skipif(not LIBRARY, reason="there is no query in queries/library")
LIMIT = 10.0
"""Seconds that a rival has for a query; one that needs more is counted with as much."""


Times = dict[str, dict[str, Took]]


@pytest.fixture(scope="module")
def sampled(graph: Graph, place: Path | None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As much as rdflib can hold: the shipped store, with a fiftieth of the imported drugs where there is a store with databases."""
    file = tmp_path_factory.mktemp("sample") / "sample.nq"
    if place:
        assert generated.sample(embedded(pharmakon.open_graph(store=place)), embedded(graph), 50, file) > 0
    else:
        embedded(graph).dump(str(file), format=RdfFormat.N_QUADS)
    return file


@pytest.fixture(scope="module")
def times(sampled: Path, tmp_path_factory: pytest.TempPathFactory) -> Times:
    """What the library takes on that sample, on disk, through ``pharmakon.query`` and raw."""
    place = tmp_path_factory.mktemp("ours") / "store"
    store = Store(str(place))
    store.bulk_load(path=str(sampled), format=RdfFormat.N_QUADS)
    store.flush()
    store.optimize()
    del store
    return rivals.apart("pyoxigraph", place, LIBRARY, LIMIT)[1]


@pytest.fixture
def ours(times: Times) -> dict[str, Took]:
    return {name: took["ours"] for name, took in times.items() if "ours" in took}


@pytest.mark.benchmark(group="library")
@pytest.mark.parametrize("where", ["sample", "full"])
def test_library_against_the_raw_store(benchmark: Benchmark, where: str, request: pytest.FixtureRequest) -> None:
    """Each query through ``pharmakon.query``, and the same text straight to pyoxigraph, in turn."""

    def pairs() -> Times:
        if where == "sample":
            found: Times = request.getfixturevalue("times")
            return found
        graph: Graph = request.getfixturevalue("full")
        assert graph.place
        return rivals.apart("pyoxigraph", graph.place, LIBRARY, LIMIT)[1]

    found = benchmark.pedantic(pairs, rounds=1)
    assert list(found) == list(LIBRARY)
    done = {name: took for name, took in found.items() if len(took) == 2}
    assert [name for name, took in done.items() if took["ours"].answer != took["raw"].answer] == []
    ratios = {name: took["ours"].seconds / took["raw"].seconds for name, took in done.items()}
    worst, slowest = max(ratios, key=lambda k: ratios[k]), max(done, key=lambda k: done[k]["ours"].seconds)
    benchmark.extra_info["queries"] = {name: [t.seconds for t in took.values()] for name, took in found.items()}
    note(benchmark, f"{where}: ours / raw, geometric mean of {len(done)} queries", geometric_mean(ratios.values()), "×", most=1.2)
    note(benchmark, f"{where}: ours / raw, largest: {worst}", ratios[worst], "×", most=1.2)
    note(benchmark, f"{where}: median query", median(took["ours"].seconds for took in done.values()), "ms")
    note(benchmark, f"{where}: slowest: {slowest}", done[slowest]["ours"].seconds)
    note(benchmark, f"{where}: queries not done in {LIMIT:g} s", len(found) - len(done), "")


def answer(graph: Graph, text: str) -> rivals.Answer:
    return rivals.plain(pharmakon.query(text, graph=graph).rows)


def compared(benchmark: Benchmark, rival: str, ours: Mapping[str, Took], theirs: Mapping[str, Took], least: float | None = None) -> None:
    """Note how many times longer a rival takes; what it did not answer in time counts with the time that it was given."""
    late = {name for name, took in theirs.items() if took.answer is None and took.seconds >= LIMIT}
    failed = {name for name, took in theirs.items() if took.answer is None} - late
    other = {name for name in ours if theirs[name].answer not in (None, ours[name].answer)}
    ratios = {name: theirs[name].seconds / ours[name].seconds for name in ours if name not in failed}
    benchmark.extra_info["queries"] = {name: (ours[name].seconds, theirs[name].seconds, theirs[name].why) for name in ours}
    benchmark.extra_info["answers otherwise"] = sorted(other)
    what = f"{rival} / ours, geometric mean of {len(ratios)} queries"
    note(benchmark, what, geometric_mean(ratios.values()), "×", least=least, lower=bool(late))
    note(benchmark, f"{rival} / ours, smallest: {min(ratios, key=lambda k: ratios[k])}", min(ratios.values()), "×")
    note(benchmark, f"{rival}: queries not done in {LIMIT:g} s", len(late), "")
    note(benchmark, f"{rival}: queries refused", len(failed), "")
    note(benchmark, f"{rival}: queries answered otherwise", len(other), "")


@pytest.mark.benchmark(group="library")
def test_library_against_rdflib(benchmark: Benchmark, sampled: Path, ours: dict[str, Took]) -> None:
    """The same statements in rdflib's memory."""
    loading, found = benchmark.pedantic(rivals.apart, ("rdflib", sampled, LIBRARY, LIMIT), rounds=1)
    assert list(found) == list(LIBRARY)
    theirs = {name: took.get("rdflib", Took(LIMIT, None, rivals.LATE)) for name, took in found.items()}
    with sampled.open("rb") as file:
        note(benchmark, "rdflib: loading", sum(1 for _ in file) / loading, "kt/s")
    compared(benchmark, "rdflib", ours, theirs, least=20)


@pytest.fixture
def virtuoso(tmp_path: Path) -> Iterator[engines.Server]:
    """A Virtuoso that runs."""
    with engines.virtuoso(tmp_path) as server:
        yield server


@pytest.mark.benchmark(group="library")
def test_library_against_virtuoso(benchmark: Benchmark, sampled: Path, ours: dict[str, Took], virtuoso: engines.Server) -> None:
    """The same statements in Virtuoso, through ``pharmakon.query`` on the endpoint."""
    virtuoso.open().transfer(sampled)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PHARMAKON_ENDPOINT_TIMEOUT", str(LIMIT))
        endpoint = virtuoso.open(writing=False)
    graph = Graph(endpoint, Schema(endpoint), Sources.of())

    def every() -> dict[str, Took]:
        return {name: rivals.timed(partial(answer, graph, text), PharmakonError, LIMIT) for name, text in LIBRARY.items()}

    compared(benchmark, "Virtuoso", ours, benchmark.pedantic(every, rounds=1))
