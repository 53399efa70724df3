"""The queries of the library on other engines: raw pyoxigraph, rdflib, servers: ``pytest tests/benchmarks --benchmark-only -n 0``.

``PHARMAKON_STORE`` is the folder of a store with every database imported; without it the shipped store is asked alone.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from statistics import geometric_mean, median
from typing import Any

import engines
import pytest
from benchmarks import generated, rivals
from benchmarks.figures import note
from benchmarks.rivals import LATE, Apart, Took

import pharmakon
from pharmakon.graph import Graph
from pharmakon.locate import queries
from pharmakon.rdf import RdfFormat, Store

Benchmark = Any
Times = dict[str, dict[str, Took]]
LIBRARY = {path.stem: path.read_text("utf-8") for path in sorted((queries() / "library").glob("*.rq"))}
SOME = dict(list(LIBRARY.items())[::4])
LIMIT = 20.0
"""Seconds that a query has; one that needs more is counted with as much, so that the ratio is the least that it can be."""

pytestmark = [
    pytest.mark.skipif(not LIBRARY, reason="there is no query in queries/library"),
    pytest.mark.skipif(sys.platform == "win32", reason="there is no alarm on Windows"),
]


@pytest.fixture(scope="module")
def sampled(graph: Graph, place: Path | None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As much as rdflib can hold: the shipped store, with a fiftieth of the imported drugs where there is a store with databases."""
    file = tmp_path_factory.mktemp("sample") / "sample.nq"
    assert isinstance(graph.store, Store)
    if place:
        whole = pharmakon.open_graph(store=place).store
        assert isinstance(whole, Store)
        assert generated.sample(whole, graph.store, 50, file) > 0
    else:
        graph.store.dump(str(file), format=RdfFormat.N_QUADS)
    return file


def asked(engine: Apart, queries: Mapping[str, str]) -> Times:
    """What queries take in an engine; it is ended then."""
    try:
        return {name: engine.ask(text, LIMIT) for name, text in queries.items()}
    finally:
        engine.end()


@pytest.fixture(scope="module")
def ours(sampled: Path, tmp_path_factory: pytest.TempPathFactory) -> Times:
    """What the library takes on that sample, on disk, through ``pharmakon.query`` and raw."""
    place = tmp_path_factory.mktemp("ours") / "store"
    store = Store(str(place))
    store.bulk_load(path=str(sampled), format=RdfFormat.N_QUADS)
    store.flush()
    store.optimize()
    del store
    return asked(Apart(rivals.embedded, place), LIBRARY)


@pytest.mark.benchmark(group="library")
@pytest.mark.parametrize("where", ["sample", "full"])
def test_library_against_the_raw_store(benchmark: Benchmark, where: str, request: pytest.FixtureRequest) -> None:
    """Each query through ``pharmakon.query``, and the same text straight to pyoxigraph, in turn."""

    def pairs() -> Times:
        if where == "sample":
            found: Times = request.getfixturevalue("ours")
            return found
        graph: Graph = request.getfixturevalue("full")
        assert graph.place
        return asked(Apart(rivals.embedded, graph.place), LIBRARY)

    found = benchmark.pedantic(pairs, rounds=1)
    done = {name: (took["ours"], took["raw"]) for name, took in found.items() if took and took["ours"].answer is not None}
    assert [name for name, (a, b) in done.items() if a.answer != b.answer] == []
    ratios = {name: a.seconds / b.seconds for name, (a, b) in done.items()}
    benchmark.extra_info["queries"] = {name: (a.seconds, b.seconds) for name, (a, b) in done.items()}
    benchmark.extra_info["not done"] = sorted(set(found) - set(done))
    what = f"{len(done)} queries of the library, {where} store"
    middle = [median(pair[i].seconds for pair in done.values()) for i in (0, 1)]
    mean, worst = geometric_mean(ratios.values()), max(ratios, key=lambda k: ratios[k])
    slowest = max(done, key=lambda k: done[k][0].seconds)
    note(benchmark, f"{what}: median, against raw pyoxigraph (geometric mean)", middle[0], rival=middle[1], ratio=mean, most=1.2)
    note(benchmark, f"… least favourable: {worst}", done[worst][0].seconds, rival=done[worst][1].seconds, ratio=ratios[worst])
    note(benchmark, f"… slowest: {slowest}", done[slowest][0].seconds)
    note(benchmark, f"… not done in {LIMIT:g} s", len(found) - len(done), "")


def compared(benchmark: Benchmark, rival: str, ours: Times, theirs: Mapping[str, Took], least: float | None = None) -> None:
    """Note how many times longer a rival takes; what it did not answer in time counts with the time that it was given."""
    both = {name: (ours[name]["ours"], took) for name, took in theirs.items() if ours[name] and ours[name]["ours"].answer is not None}
    late = {name for name, (_, took) in both.items() if took.why == LATE}
    refused = {name: took.why for name, (_, took) in both.items() if took.answer is None and took.why != LATE}
    other = {name for name, (own, took) in both.items() if took.answer not in (None, own.answer)}
    fair = {name: pair for name, pair in both.items() if name not in refused}
    ratios = {name: took.seconds / own.seconds for name, (own, took) in fair.items()}
    benchmark.extra_info["queries"] = {name: (own.seconds, took.seconds) for name, (own, took) in fair.items()}
    benchmark.extra_info["left out"] = {"late": sorted(late), "refused": refused, "answered otherwise": sorted(other)}
    middle = [median(pair[i].seconds for pair in fair.values()) for i in (0, 1)]
    worst = min(ratios, key=lambda k: ratios[k])
    what, mean = f"{len(fair)} queries of the library, sample: median, against {rival} (geometric mean)", geometric_mean(ratios.values())
    note(benchmark, what, middle[0], rival=middle[1], ratio=mean, least=least, lower=bool(late))
    note(benchmark, f"… least favourable: {worst}", fair[worst][0].seconds, rival=fair[worst][1].seconds, ratio=ratios[worst])
    counts = (len(late), len(refused), len(other))
    note(benchmark, f"… {rival}: {counts[0]} not done in {LIMIT:g} s, {counts[1]} refused, answered otherwise", counts[2], "")


@pytest.mark.benchmark(group="library")
def test_library_against_rdflib(benchmark: Benchmark, sampled: Path, ours: Times) -> None:
    """The same statements in rdflib's memory."""
    engine = Apart(rivals.rdflib, sampled)
    with sampled.open("rb") as file:
        lines = sum(1 for _ in file)
    found = benchmark.pedantic(asked, (engine, LIBRARY), rounds=1)
    note(benchmark, f"loading of the sample, {lines:,} quads, by rdflib", lines / engine.loading / 1000, "kt/s")
    compared(benchmark, "rdflib", ours, {name: took.get("rdflib", Took(LIMIT, None, LATE)) for name, took in found.items()}, least=20)


@pytest.mark.benchmark(group="library")
@pytest.mark.parametrize("name", sorted(engines.SERVERS))
def test_library_against_servers(benchmark: Benchmark, name: str, sampled: Path, ours: Times, tmp_path: Path) -> None:
    """The same statements in a server, through ``pharmakon.query`` on the endpoint; every fourth query."""
    with engines.SERVERS[name](tmp_path) as server:
        server.open().transfer(sampled)
        found = benchmark.pedantic(asked, (Apart(rivals.endpoint, server.query), SOME), rounds=1)
    title = {"oxigraph": "Oxigraph's server", "virtuoso": "Virtuoso"}[name]
    compared(benchmark, title, ours, {query: took.get("endpoint", Took(LIMIT, None, LATE)) for query, took in found.items()})
