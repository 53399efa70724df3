"""Print what the benchmarks found, each with its aim, as a table in Markdown."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from benchmarks import figures

import pharmakon
from pharmakon.graph import Graph

STORE = os.environ.get("PHARMAKON_STORE")

TIMES = (
    ("warm ask with proof", "test_warm_ask_with_proof", 0.0025),
    ("one verdict alone", "test_one_verdict_alone", None),
    ("whole matrix", "test_whole_matrix", 1),
    ("compare of two drugs with proofs", "test_compare_with_proofs", 0.02),
    ("interactions of all pairs", "test_interactions_of_all_pairs", 5),
    ("audit of the article", "test_audit_of_the_article", 1),
    ("first build from nothing", "test_first_build_from_nothing", 3),
)
RIVALS = (
    ("warm ask with proof, against one HermiT call", "test_warm_ask_with_proof", "test_hermit_on_the_same_question", None, 500),
    ("cold `pharmakon ask`, against `python -c pass`", "test_cold_ask", "test_python_that_does_nothing", 10, None),
)
"""What, ours, the rival's, how many times the rival's it is to be at most, how many times faster it is to be at least."""


@pytest.fixture(scope="session", autouse=True)
def no_store_of_the_user() -> Iterator[None]:
    """Keep ``PHARMAKON_STORE`` from the command line: what asks the shipped graph would ask that store."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PHARMAKON_STORE", raising=False)
        yield


@pytest.fixture(scope="session")
def place() -> Path | None:
    """The folder of a store with databases, where there is one."""
    return Path(STORE) if STORE else None


@pytest.fixture(scope="session")
def full(place: Path | None) -> Graph:
    """A store with databases."""
    if not place:
        pytest.skip("set PHARMAKON_STORE to the folder of a store that `pharmakon import` made")
    return pharmakon.open_graph(store=place)


def pytest_report_header() -> str:
    """Say how busy the machine is."""
    return f"load of the machine: {figures.load()}"


def pytest_terminal_summary(terminalreporter: Any, config: Any) -> None:
    """Print medians, ratios, figures and exponents of growth, each with its aim."""
    session = getattr(config, "_benchmarksession", None)
    found = [b for b in session.benchmarks if b.stats.data] if session else []
    if not found:
        return
    medians = {b.name: b.stats.median for b in found}
    rows = [figures.row(what, medians[name], most=aim) for what, name, aim in TIMES if name in medians]
    for what, name, rival, most, least in RIVALS:
        if name in medians and rival in medians:
            ours, theirs = medians[name], medians[rival]
            ratio = theirs / ours if least else ours / theirs
            rows.append(figures.row(what, ours, rival=theirs, ratio=ratio, most=most, least=least))
    terminalreporter.section(f"figures and aims (load of the machine: {figures.load()})")
    for line in figures.table([{"figures": rows}, *(b.extra_info for b in found)]):
        terminalreporter.write_line(line)
