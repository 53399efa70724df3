"""What a benchmark found, beside a rival and beside what is aimed at: kept with the benchmark's own numbers, printed as one table."""

from __future__ import annotations

import math
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import Any

HEAD = ("what", "ours", "rival", "ratio", "aim", "met")


def note(
    benchmark: Any,
    what: str,
    ours: float,
    unit: str = "s",
    *,
    rival: float | None = None,
    ratio: float | None = None,
    most: float | None = None,
    least: float | None = None,
    lower: bool = False,
) -> None:
    """Keep a figure with a benchmark.

    Args:
        benchmark: the fixture of pytest-benchmark.
        what: what was measured.
        ours: the figure, in seconds, gigabytes or thousands of triples a second.
        unit: "s", "GB", "kt/s", or nothing where it is a number.
        rival: the same of a rival.
        ratio: the one over the other; the aim is the ratio's then.
        most: what it is to be at most.
        least: what it is to be at least.
        lower: whether the true ratio is this or more, as it is where a rival did not come to an end.
    """
    benchmark.extra_info.setdefault("figures", []).append(row(what, ours, unit, rival, ratio, most, least, lower))


def row(
    what: str,
    ours: float,
    unit: str = "s",
    rival: float | None = None,
    ratio: float | None = None,
    most: float | None = None,
    least: float | None = None,
    lower: bool = False,
) -> list[str]:
    """Write a row of the table.

    >>> row("cold ask", 0.0712, "s", rival=0.0081, ratio=8.79, most=10)
    ['cold ask', '71.2 ms', '8.1 ms', '8.8×', '≤ 10×', 'yes']
    >>> row("matrix", 0.9, most=0.5)
    ['matrix', '900 ms', '', '', '≤ 500 ms', 'no']
    """
    value, name = (ours, unit) if ratio is None else (ratio, "×")
    aim = f"≤ {shown(most, name)}" if most is not None else f"≥ {shown(least, name)}" if least is not None else ""
    met = (most is None or value <= most) and (least is None or value >= least)
    return [
        what,
        shown(ours, unit),
        "" if rival is None else shown(rival, unit),
        "" if ratio is None else "≥ " * lower + shown(ratio, "×"),
        aim,
        ("yes" if met else "no") if aim else "",
    ]


def shown(value: float, unit: str) -> str:
    """Write a value with three digits.

    >>> [shown(0.00025, "s"), shown(0.0012, "s"), shown(12.34, "s"), shown(1234, "kt/s"), shown(5, "")]
    ['250 µs', '1.2 ms', '12.3 s', '1,234 kt/s', '5']
    """
    if unit == "s":
        value, unit = (value * 1e6, "µs") if value < 1e-3 else (value * 1e3, "ms") if value < 1 else (value, "s")
    digits = 0 if value >= 99.95 else 1 if value >= 0.95 else 2
    text = f"{value:,.{digits}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + ("×" if unit == "×" else f" {unit}".rstrip())


def grows(benchmark: Any, what: str, size: int, seconds: float, most: float | None = None) -> None:
    """Keep how long something took at one size, for the exponent between this size and the next."""
    benchmark.extra_info.setdefault("growth", []).append([what, size, seconds, most])


def table(found: Iterable[Mapping[str, Any]]) -> list[str]:
    """Write the figures of all benchmarks as Markdown, then how each thing grows: the exponent from one size to the next.

    >>> growth = [["matrix", 1000, 1.0, 1.1], ["matrix", 10000, 10.0, 1.1], ["matrix", 100000, 1000.0, 1.1]]
    >>> print(*table([{"figures": [row("cold ask", 1.5, most=1)]}, {"growth": growth}]), sep="\\n")
    | what | ours | rival | ratio | aim | met |
    | --- | --- | --- | --- | --- | --- |
    | cold ask | 1.5 s |  |  | ≤ 1 s | no |
    | growth of matrix, 1,000 to 10,000: exponent | 1 |  |  | ≤ 1.1 | yes |
    | growth of matrix, 10,000 to 100,000: exponent | 2 |  |  | ≤ 1.1 | no |
    """
    rows: list[Iterable[str]] = [HEAD, ["---"] * len(HEAD)]
    growth: dict[str, list[tuple[int, float, float | None]]] = defaultdict(list)
    for info in found:
        rows += info.get("figures", ())
        for what, size, taken, most in info.get("growth", ()):
            growth[what].append((size, taken, most))
    for what, sizes in growth.items():
        for (small, before, _), (large, after, most) in pairwise(sorted(sizes)):
            exponent = math.log(after / before, large / small)
            rows.append(row(f"growth of {what}, {small:,} to {large:,}: exponent", round(exponent, 2), "", most=most))
    return [f"| {' | '.join(cells)} |" for cells in rows]


def seconds(do: Callable[[], object]) -> float:
    """Do something once and say how long it took."""
    start = time.perf_counter()
    do()
    return time.perf_counter() - start


def load() -> str:
    """Say how busy the machine is."""
    return " ".join(f"{value:.2f}" for value in os.getloadavg()) if hasattr(os, "getloadavg") else "not known"
