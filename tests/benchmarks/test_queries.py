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
from benchmarks.figures import note, seconds
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


@pytest.mark.benchmark(group="library")
@pytest.mark.parametrize("where", ["shipped", "full"])
def test_library_against_the_raw_store(benchmark: Benchmark, graph: Graph, where: str, request: pytest.FixtureRequest) -> None:
    """Each query through ``pharmakon.query``, and the same text straight to pyoxigraph, in turn."""
    chosen = graph if where == "shipped" else request.getfixturevalue("full")
    pairs = {
        name: (partial(pharmakon.query, text, graph=chosen), partial(rivals.raw, embedded(chosen), text)) for name, text in LIBRARY.items()
    }
    assert [name for name, (ours, raw) in pairs.items() if rivals.plain(ours().rows) != rivals.plain(raw())] == []

    def both() -> dict[str, tuple[float, float]]:
        return {name: rivals.side_by_side(*pair) for name, pair in pairs.items()}

    took = benchmark.pedantic(both, rounds=1)
    ratios = {name: ours / raw for name, (ours, raw) in took.items()}
    worst, slowest = max(ratios, key=lambda k: ratios[k]), max(took, key=lambda k: took[k][0])
    benchmark.extra_info["queries"] = took
    note(benchmark, f"{len(LIBRARY)} queries, {where} store: ours / raw, geometric mean", geometric_mean(ratios.values()), "×", most=1.2)
    note(benchmark, f"{where} store, worst of them: {worst}", ratios[worst], "×", most=1.2)
    note(benchmark, f"{where} store, median query", median(ours for ours, _ in took.values()), "ms")
    note(benchmark, f"{where} store, slowest: {slowest}", took[slowest][0], "s")


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
def ours(graph: Graph, sampled: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Took]:
    """What the library takes through ``pharmakon.query`` on that sample, on disk."""
    store = Store(str(tmp_path_factory.mktemp("ours") / "store"))
    store.bulk_load(path=str(sampled), format=RdfFormat.N_QUADS)
    store.flush()
    store.optimize()
    chosen = Graph(store, graph.schema, graph.sources)
    took = {}
    for name, text in LIBRARY.items():
        runs = [seconds(partial(pharmakon.query, text, graph=chosen)) for _ in range(5)]
        took[name] = Took(median(runs), answer(chosen, text))
    return took


def answer(graph: Graph, text: str) -> rivals.Answer:
    return rivals.plain(pharmakon.query(text, graph=graph).rows)


def compared(benchmark: Benchmark, rival: str, ours: Mapping[str, Took], theirs: Mapping[str, Took], least: float | None = None) -> None:
    """Note how many times longer a rival takes; what it did not answer in time counts with the time that it was given."""
    late = {name for name, took in theirs.items() if took.answer is None and took.seconds >= LIMIT}
    failed = {name for name, took in theirs.items() if took.answer is None} - late
    other = {name for name, took in theirs.items() if took.answer is not None and took.answer != ours[name].answer}
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
    loading, theirs = benchmark.pedantic(rivals.rdflib, (sampled, LIBRARY, LIMIT), rounds=1)
    assert list(theirs) == list(LIBRARY)
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
