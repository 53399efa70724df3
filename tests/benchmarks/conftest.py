"""Print what the benchmarks took and found, each with its aim."""

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
    ("warm ask with proof", "test_warm_ask_with_proof", "ms", 2.5),
    ("one HermiT call", "test_hermit_on_the_same_question", "s", None),
    ("one verdict alone", "test_one_verdict_alone", "ms", None),
    ("whole matrix", "test_whole_matrix", "s", 1),
    ("python -c pass", "test_python_that_does_nothing", "ms", None),
    ("cold pharmakon ask", "test_cold_ask", "ms", None),
    ("first build from nothing", "test_first_build_from_nothing", "s", 3),
)
RATIOS = (
    ("HermiT / warm ask with proof", "test_hermit_on_the_same_question", "test_warm_ask_with_proof", None, 500),
    ("cold ask / python -c pass", "test_cold_ask", "test_python_that_does_nothing", 10, None),
)


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
    rows: list[list[Any]] = [[what, medians[name], unit, aim, None, False] for what, name, unit, aim in TIMES if name in medians]
    for what, slow, fast, most, least in RATIOS:
        if slow in medians and fast in medians:
            rows.append([what, medians[slow] / medians[fast], "×", most, least, False])
    terminalreporter.section(f"figures and aims (load of the machine: {figures.load()})")
    for line in figures.table([{"figures": rows}, *(b.extra_info for b in found)]):
        terminalreporter.write_line(line)
