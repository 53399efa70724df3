"""How it bears size, each beside what it is aimed at: ``pytest tests/benchmarks --benchmark-only -n 0``.

``PHARMAKON_STORE`` is the folder of a store with every database imported, ``PHARMAKON_DATA`` that of the publishers' files;
``PHARMAKON_BENCH=large`` adds the sizes that take minutes to make. What is not given is skipped.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from itertools import cycle
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import data
import pytest
from benchmarks import generated
from benchmarks.figures import grows, note, seconds

import pharmakon
from pharmakon import names as n
from pharmakon import spelt
from pharmakon.build import INDEX, Sources, build, keys, merged, stated
from pharmakon.facts import Schema
from pharmakon.graph import Graph, candidates
from pharmakon.imports.importing import add
from pharmakon.rdf import RdfFormat, Store, open_store, serialize
from pharmakon.sources import grouped

Benchmark = Any
LARGE = pytest.mark.skipif(os.environ.get("PHARMAKON_BENCH") != "large", reason="takes minutes to make: set PHARMAKON_BENCH=large")
NEEDS_DATA = pytest.mark.skipif(not data.present(), reason=data.MISSING)
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="memory is read as Linux tells it")
CLASS = "opiate (strict)"


def opened(place: Path) -> Graph:
    store = open_store(place)
    return Graph(store, Schema(store), Sources.of(), place)


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Stores with so many generated drugs, each made once."""
    folder = tmp_path_factory.mktemp("generated")
    return lambda drugs: place if (place := folder / f"store-{drugs}").is_dir() else generated.store_of(folder, drugs)


# --- loading and building -----------------------------------------------------------------------------------------------


SMALL, MIDDLE = ("gtopdb/*",), ("chembl/*", "drugcentral/*", "gtopdb/*")
WHOLE = (*MIDDLE, "chebi/*", "clinpgx/*", "drugbank-vocab/*", "drugmechdb/*", "ids/*chebi*", "ndc/*", "unii/*")


@NEEDS_DATA
@pytest.mark.benchmark(group="load")
@pytest.mark.parametrize("files", [SMALL, MIDDLE, pytest.param(WHOLE, marks=LARGE)], ids=["one", "some", "all"])
def test_import(benchmark: Benchmark, files: tuple[str, ...], tmp_path: Path) -> None:
    """An import of publishers' files, against the bulk loader alone on the very statements that it loads."""
    wanted = grouped([path for pattern in files for path in sorted(data.FOLDER.glob(pattern))])
    store, kept = tmp_path / "imported", tmp_path / "kept.nq"

    def told(what: str, done: int, whole: int) -> None:
        if what == "loading" and not kept.exists():
            os.link(next(store.glob("store-*.nq")), kept)

    result = benchmark.pedantic(add, (wanted, store, Sources.of(), told), rounds=1)
    ontology = stated(Sources.of())[0]
    with kept.open("ab") as out:
        serialize([*ontology, *{merged(q) for q in ontology}], out, format=RdfFormat.N_QUADS)
    with kept.open("rb") as lines:
        statements = sum(1 for _ in lines)
    rival = Store(str(tmp_path / "rival"))
    bulk = seconds(lambda: rival.bulk_load(path=str(kept), format=RdfFormat.N_QUADS))
    assert 0 <= statements - len(rival) < statements / 10, "some are said twice, not most"
    steps = {"reading": sum(part.seconds for part in result.parts), **result.seconds}
    benchmark.extra_info["steps"] = steps
    ours = sum(steps[step] for step in ("ontology", "reading", "statements", "loading"))
    what, each = f"import, {len(result.parts)} sources", statements / 1000
    title = f"{what}: {statements:,} quads read, identified, written, loaded; against bulk loading alone"
    note(benchmark, title, each / ours, "kt/s", rival=each / bulk, ratio=bulk / ours, least=0.5)
    note(benchmark, f"{what}: the whole of it, with {result.memberships:,} memberships, {result.quads:,} quads", sum(steps.values()))
    note(benchmark, f"{what}: memory", result.memory / 1e9, "GB")
    grows(benchmark, "an import by quads", result.quads, sum(steps.values()), 1.1)


@pytest.mark.benchmark(group="build")
@pytest.mark.parametrize("drugs", [1, 400, 1600])
def test_build_with_more_drugs(benchmark: Benchmark, graph: Graph, drugs: int, tmp_path: Path) -> None:
    """The shipped ontology from nothing, with drugs added as an author would write them."""
    sources = Sources.of(added=[generated.turtle(tmp_path / "drugs.ttl", graph.schema, drugs)])
    benchmark.pedantic(build, (sources, tmp_path / "store"), rounds=1)
    store = open_store(tmp_path / "store")
    assert len(Schema(store).drugs()) == len(graph.schema.drugs()) + drugs
    took = benchmark.stats.stats.median
    note(benchmark, f"build of the shipped ontology and {drugs:,} drugs: {len(store):,} quads", took)
    grows(benchmark, "a build, by quads", len(store), took, 1.1)


# --- memberships --------------------------------------------------------------------------------------------------------


@LINUX
@pytest.mark.benchmark(group="matrix")
@pytest.mark.parametrize(("drugs", "aim"), [(1_000, None), (10_000, 5), pytest.param(100_000, 60, marks=LARGE)])
def test_memberships(benchmark: Benchmark, stores: Callable[[int], Path], drugs: int, aim: float | None) -> None:
    """Every drug against every class, on all cores, in a process of its own."""
    place = stores(drugs)
    count, took, memory = benchmark.pedantic(generated.memberships, (place, drugs), rounds=1)
    assert count > drugs, "each drug has a mechanism, and so is in a class at least"
    note(benchmark, f"memberships of {drugs:,} drugs: {count:,}", took, most=aim)
    note(benchmark, f"memberships of {drugs:,} drugs: memory of all processes", memory / 1e9, "GB", most=2)
    grows(benchmark, "memberships", drugs, took, 1.1)


# --- asking -------------------------------------------------------------------------------------------------------------


def asked_once(graph: Graph, drugs: list[str]) -> list[float]:
    """Ask of each drug whether it is in a class, proof included, with nothing remembered but the vocabulary."""
    pharmakon.ask("baclofen", CLASS, graph=graph)
    taken = []
    for drug in drugs:
        graph._evaluators.clear()
        taken.append(seconds(partial(pharmakon.ask, drug, CLASS, graph=graph)))
    return taken


@pytest.mark.benchmark(group="ask at size")
@pytest.mark.parametrize("drugs", [1_000, 10_000, pytest.param(100_000, marks=LARGE)])
def test_ask_among_generated(benchmark: Benchmark, stores: Callable[[int], Path], drugs: int) -> None:
    """Drugs that were not asked about before."""
    some = random.Random(1).sample(generated.drugs_of(drugs), 300)
    took = median(benchmark.pedantic(asked_once, (opened(stores(drugs)), some), rounds=1))
    note(benchmark, f"warm ask with proof among {drugs:,} drugs", took, most=0.005)
    grows(benchmark, "a warm ask", drugs, took)


@pytest.mark.benchmark(group="ask at size")
def test_warm_ask_at_full_size(benchmark: Benchmark, full: Graph) -> None:
    """The question that HermiT is asked, with all databases."""

    def ask() -> pharmakon.Answer:
        full._evaluators.clear()
        return pharmakon.ask("baclofen", CLASS, graph=full)

    assert [a.verdict for a in benchmark(ask).answers] == ["no"]
    note(benchmark, "warm ask with proof, all databases", benchmark.stats.stats.median, most=0.005)


@pytest.mark.benchmark(group="ask at size")
def test_ask_of_imported_drugs(benchmark: Benchmark, full: Graph) -> None:
    """Drugs that only databases know, each asked about once."""
    drugs = full.schema.subjects(n.TYPE, n.DRUG)
    some = random.Random(1).sample(sorted(d for d in drugs if d.startswith(n.IMPORTED_DRUG)), 300)
    taken = benchmark.pedantic(asked_once, (full, some), rounds=1)
    note(benchmark, "warm ask of a drug of a database", median(taken), most=0.005)
    note(benchmark, "warm ask of a drug of a database: 99 of 100 take less", quantiles(taken, n=100)[-1])


@pytest.mark.benchmark(group="ask at size")
def test_cold_ask_at_full_size(benchmark: Benchmark, full: Graph, place: Path) -> None:
    """The command line in a process of its own."""
    command = [sys.executable, "-m", "pharmakon", "ask", "baclofen", CLASS, "--store", str(place)]
    done = benchmark.pedantic(subprocess.run, (command,), {"capture_output": True, "text": True, "check": True}, rounds=7, warmup_rounds=1)
    assert "✕ no" in done.stdout
    note(benchmark, "cold `pharmakon ask`, all databases", benchmark.stats.stats.median)


# --- names --------------------------------------------------------------------------------------------------------------


@pytest.mark.benchmark(group="names")
@pytest.mark.parametrize("count", [10_000, 100_000, 1_000_000])
def test_names(benchmark: Benchmark, count: int, tmp_path: Path) -> None:
    """A name among many: as it is written, and with a letter left out."""
    names = generated.invented(count)
    graph = opened(generated.named(tmp_path, names))
    turn = cycle(random.Random(1).sample(names, 1_000))
    assert [len(candidates(graph, name)) for name in names[:100]] == [1] * 100
    benchmark(lambda: candidates(graph, next(turn)))
    exact = benchmark.stats.stats.median
    wrong = [(name[:2] + name[3:], name) for name in random.Random(2).sample(names, 40)]
    near = partial(spelt.near, tmp_path / "store" / INDEX)
    assert sum(name in near(key) for key, name in wrong) >= 36
    alike = median(seconds(partial(near, key)) for key, _ in wrong)
    note(benchmark, f"a name among {count:,}, exact", exact, most=0.001)
    note(benchmark, f"a name among {count:,}, spelt alike", alike)
    grows(benchmark, "an exact look-up", count, exact)
    grows(benchmark, "a look-up of what is spelt alike", count, alike)


@pytest.mark.benchmark(group="names")
def test_names_of_drugs(benchmark: Benchmark, full: Graph) -> None:
    """Real names: those of all databases."""
    known = sorted({key for key, _ in keys(full.store)})
    some = random.Random(1).sample(known, 1_000)
    turn = cycle(some)
    assert benchmark(lambda: candidates(full, next(turn)))
    wrong = [name[:2] + name[3:] for name in some if len(name) > 6][:60]
    note(benchmark, f"a name among {len(known):,} real ones, exact", benchmark.stats.stats.median, most=0.001)
    note(benchmark, f"a name among {len(known):,} real ones, spelt alike", median(seconds(partial(full.near, k)) for k in wrong))
