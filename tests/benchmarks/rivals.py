"""Other engines on the same statements: rdflib in a process of its own with a limit for each query, raw pyoxigraph, any endpoint."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from pharmakon.graph import Graph
from pharmakon.rdf import QueryBoolean, QuerySolutions, Store, Term
from pharmakon.sparql import value_of

Answer = list[tuple[str | None, ...]]
"""The rows of an answer as bare values, sorted."""


@dataclass(frozen=True)
class Took:
    """What a query took on an engine.

    Attributes:
        seconds: the median; where there is no answer, what it was given.
        answer: what was answered; None where it failed or was not done in time.
        why: what went wrong.
    """

    seconds: float
    answer: Answer | None
    why: str = ""


def embedded(graph: Graph) -> Store:
    """Return the embedded store of a graph."""
    assert isinstance(graph.store, Store)
    return graph.store


def raw(store: Store, text: str) -> list[tuple[Term | None, ...]]:
    """Run a query on a store with nothing of ours in between, and take all its rows."""
    found = store.query(text)
    if isinstance(found, QueryBoolean):
        return [(None,)] if found else []
    return [tuple(row) for row in found] if isinstance(found, QuerySolutions) else [(t.subject, t.predicate, t.object) for t in found]


def plain(rows: Iterable[Iterable[Term | None]]) -> Answer:
    """Return rows in the form that engines are compared in."""
    return _sorted(tuple(None if t is None else value_of(t) for t in row) for row in rows)


def _sorted(rows: Iterable[tuple[str | None, ...]]) -> Answer:
    return sorted(rows, key=lambda row: [(cell is not None, cell or "") for cell in row])


def side_by_side(one: Callable[[], object], other: Callable[[], object], budget: float = 0.6) -> tuple[float, float]:
    """Return the medians of two things that are done in turn, so that what else the machine does falls on both."""
    times: tuple[list[float], list[float]] = ([], [])
    begun = time.perf_counter()
    while len(times[0]) < 3 or (time.perf_counter() - begun < budget and len(times[0]) < 200):
        turn = ((one, times[0]), (other, times[1]))
        for do, taken in turn if len(times[0]) % 2 else reversed(turn):
            start = time.perf_counter()
            do()
            taken.append(time.perf_counter() - start)
    return median(times[0]), median(times[1])


def timed(do: Callable[[], Answer], wrong: type[Exception], limit: float) -> Took:
    """Do something once, and twice more where that was quick."""
    taken: list[float] = []
    while not taken or (len(taken) < 3 and sum(taken) < 1):
        start = time.perf_counter()
        try:
            answer = do()
        except wrong as error:
            return Took(max(limit, time.perf_counter() - start), None, str(error))
        taken.append(time.perf_counter() - start)
    return Took(median(taken), answer)


# --- rdflib -----------------------------------------------------------------------------------------------------------


def rdflib(file: Path, queries: Mapping[str, str], limit: float) -> tuple[float, dict[str, Took]]:
    """Run queries in rdflib, each for some seconds at most.

    Args:
        file: N-Quads.
        queries: their texts by name.
        limit: seconds for each.

    Returns:
        The seconds of loading, and what each query took.
    """
    command = [sys.executable, "-c", "from benchmarks.rivals import child; child()"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    asked = json.dumps({"file": str(file), "queries": queries, "limit": limit})
    done = subprocess.run(
        command, input=asked, capture_output=True, text=True, env=environment, timeout=600 + 3 * limit * len(queries), check=True
    )
    loading, *found = map(json.loads, done.stdout.splitlines())
    return loading, {name: Took(s, None if a is None else [tuple(row) for row in a], why) for name, s, a, why in found}


class _Late(BaseException):
    """Nothing in rdflib catches it."""


def child() -> None:
    """Read what to run from standard input; write the seconds of loading, then a line for each query."""
    from rdflib import Dataset

    asked = json.load(sys.stdin)
    start = time.perf_counter()
    data = Dataset()
    data.parse(asked["file"], format="nquads")
    print(json.dumps(time.perf_counter() - start), flush=True)
    signal.signal(signal.SIGALRM, _late)
    for name, text in asked["queries"].items():
        took = _within(data, text, asked["limit"])
        print(json.dumps((name, took.seconds, took.answer, took.why)), flush=True)


def _late(number: int, frame: object) -> None:
    raise _Late


def _within(data: Any, text: str, limit: float) -> Took:
    def rows() -> Answer:
        found = data.query(text)
        return (
            [(None,)] * bool(found) if found.type == "ASK" else _sorted(tuple(None if t is None else str(t) for t in row) for row in found)
        )

    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        return timed(rows, Exception, limit)
    except _Late:
        return Took(limit, None, f"not done in {limit:g} s")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
