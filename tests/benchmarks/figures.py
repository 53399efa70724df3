"""What a benchmark found, beside what is aimed at: kept with the benchmark's own numbers, and printed as one table."""

from __future__ import annotations

import math
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import Any

UNITS = {
    "s": (1.0, " s"),
    "ms": (1e3, " ms"),
    "µs": (1e6, " µs"),
    "×": (1.0, "×"),
    "GB": (1e-9, " GB"),
    "kt/s": (1e-3, " kt/s"),
    "": (1.0, ""),
}


def note(
    benchmark: Any, what: str, value: float, unit: str = "s", *, most: float | None = None, least: float | None = None, lower: bool = False
) -> None:
    """Keep a figure with a benchmark.

    Args:
        benchmark: the fixture of pytest-benchmark.
        what: what was measured.
        value: the figure, in seconds, bytes, triples a second, or as a ratio.
        unit: how it is printed: one of :data:`UNITS`.
        most: what it is to be at most, in the unit that is printed.
        least: what it is to be at least.
        lower: whether the true figure is this or more, as it is where some rival did not come to an end.
    """
    benchmark.extra_info.setdefault("figures", []).append([what, value, unit, most, least, lower])


def grows(benchmark: Any, what: str, size: int, seconds: float, most: float | None = None) -> None:
    """Keep how long something took at one size, for the exponent between this size and the next."""
    benchmark.extra_info.setdefault("growth", []).append([what, size, seconds, most])


def table(found: Iterable[Mapping[str, Any]]) -> list[str]:
    """Write the figures of all benchmarks, then how each thing grows: the exponent from one size to the next.

    >>> figure = ["cold ask", 1.5, "s", 1, None, False]
    >>> growth = [["matrix", 1000, 1.0, 1.1], ["matrix", 10000, 10.0, 1.1], ["matrix", 100000, 1000.0, 1.1]]
    >>> print(*(line.rstrip() for line in table([{"figures": [figure]}, {"growth": growth}])), sep="\\n")
    cold ask                                                            1.50 s   at most 1 s         missed
    growth of matrix, 1,000 to 10,000                                     1.00   at most 1.1         met
    growth of matrix, 10,000 to 100,000                                   2.00   at most 1.1         missed
    """
    lines: list[str] = []
    growth: dict[str, list[tuple[int, float, float | None]]] = defaultdict(list)
    for info in found:
        lines += [_line(*figure) for figure in info.get("figures", ())]
        for what, size, seconds, most in info.get("growth", ()):
            growth[what].append((size, seconds, most))
    for what, sizes in growth.items():
        for (small, before, _), (large, after, most) in pairwise(sorted(sizes)):
            lines.append(_line(f"growth of {what}, {small:,} to {large:,}", math.log(after / before, large / small), "", most, None, False))
    return lines


def seconds(do: Callable[[], object]) -> float:
    """Do something once and say how long it took."""
    start = time.perf_counter()
    do()
    return time.perf_counter() - start


def load() -> str:
    """Say how busy the machine is."""
    return " ".join(f"{value:.2f}" for value in os.getloadavg()) if hasattr(os, "getloadavg") else "not known"


def _line(what: str, value: float, unit: str, most: float | None, least: float | None, lower: bool) -> str:
    factor, name = UNITS[unit]
    shown = value * factor
    text = ("≥ " if lower else "") + (f"{shown:,.0f}" if shown >= 100 else f"{shown:.2f}") + name
    aim = f"at most {most:g}{name}" if most is not None else f"at least {least:g}{name}" if least is not None else ""
    met = (most is None or shown <= most) and (least is None or shown >= least)
    return f"{what:<60}{text:>14}   {aim:<20}{('met' if met else 'missed') if aim else ''}"
