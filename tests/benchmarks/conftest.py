"""Print what the benchmarks are held against, beside what they took."""

from __future__ import annotations

from typing import Any

AIMS = (
    ("HermiT / warm ask with proof", "test_hermit_on_the_same_question", "test_warm_ask_with_proof", "at least 500"),
    ("cold ask / python -c pass", "test_cold_ask", "test_python_that_does_nothing", "at most 10"),
)
TIMES = (
    ("warm ask with proof", "test_warm_ask_with_proof", "at most 2.5 ms"),
    ("one HermiT call", "test_hermit_on_the_same_question", ""),
    ("one verdict alone", "test_one_verdict_alone", ""),
    ("whole matrix", "test_whole_matrix", "under 1 s"),
    ("python -c pass", "test_python_that_does_nothing", ""),
    ("cold pharmakon ask", "test_cold_ask", ""),
    ("first build from nothing", "test_first_build_from_nothing", "under 3 s"),
)


def pytest_terminal_summary(terminalreporter: Any, config: Any) -> None:
    """Print medians and ratios, each with its aim."""
    session = getattr(config, "_benchmarksession", None)
    medians = {b.name: b.stats.median for b in session.benchmarks if b.stats.data} if session else {}
    if not medians:
        return
    terminalreporter.section("medians and aims")
    for what, name, aim in TIMES:
        if name in medians:
            terminalreporter.write_line(f"{what:<32}{_time(medians[name]):>12}   {aim}")
    for what, slow, fast, aim in AIMS:
        if slow in medians and fast in medians:
            terminalreporter.write_line(f"{what:<32}{medians[slow] / medians[fast]:>11.1f}×   {aim}")


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.2f} ms"
