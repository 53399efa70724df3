"""Other engines on the same statements: rdflib in a process of its own with a limit for each query, raw pyoxigraph, any endpoint."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from statistics import median
from threading import Thread
from typing import Any

import pharmakon
from pharmakon.build import Sources
from pharmakon.facts import Schema
from pharmakon.graph import Graph
from pharmakon.rdf import Literal, QueryBoolean, QuerySolutions, Store, Term, open_store
from pharmakon.sparql import value_of

LATE = "not done in time"
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
        return [(Literal(bool(found)),)]
    return [tuple(row) for row in found] if isinstance(found, QuerySolutions) else [(t.subject, t.predicate, t.object) for t in found]


def plain(rows: Iterable[Iterable[Term | None]]) -> Answer:
    """Return rows in the form that engines are compared in."""
    return _sorted(tuple(None if t is None else value_of(t) for t in row) for row in rows)


def _sorted(rows: Iterable[tuple[str | None, ...]]) -> Answer:
    return sorted(rows, key=lambda row: [(cell is not None, cell or "") for cell in row])


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


# --- engines in a process of their own, which can be ended ------------------------------------------------------------

Run = tuple[str, str, float, Answer | None, str]
"""A query, the engine, seconds, the answer where it was not told before, and what went wrong."""


def apart(kind: str, place: Path, queries: Mapping[str, str], limit: float) -> tuple[float, dict[str, dict[str, Took]]]:
    """Run queries in a process of its own, which is ended and begun anew where one takes too long.

    Args:
        kind: "rdflib" with N-Quads, or "pyoxigraph" with a store, where each query runs through Pharmakon and raw, in turn.
        place: the file or the store.
        queries: their texts by name.
        limit: seconds for each run of a query.

    Returns:
        The seconds of loading, and for each query what it took on each engine; no engine where no run came to its end.
    """
    found: dict[str, list[Run]] = {}
    loading = 0.0
    while rest := {name: text for name, text in queries.items() if name not in found}:
        current = next(iter(rest))
        for line in _lines(kind, place, rest, limit):
            if isinstance(line, float):
                loading = line
            elif line[1]:
                found.setdefault(line[0], []).append(line)
                current = line[0]
            else:
                found.setdefault(line[0], [])
                current = next((name for name in rest if name not in found), current)
        found.setdefault(current, [])
    return loading, {name: _took(runs) for name, runs in found.items()}


def _took(runs: list[Run]) -> dict[str, Took]:
    engines: dict[str, list[Run]] = {}
    for run in runs:
        engines.setdefault(run[1], []).append(run)
    return {
        engine: Took(median(run[2] for run in some), None if some[0][3] is None else [tuple(row) for row in some[0][3]], some[0][4])
        for engine, some in engines.items()
    }


def _lines(kind: str, place: Path, queries: Mapping[str, str], limit: float) -> Iterator[float | Run]:
    """Yield what the process writes, until it ends or is silent for too long."""
    command = [sys.executable, "-c", f"from benchmarks.rivals import child; child({kind!r})"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdin and process.stdout
        process.stdin.write(json.dumps({"place": str(place), "queries": queries, "limit": limit}))
        process.stdin.close()
        told: Queue[str] = Queue()
        reader = Thread(target=_pass_on, args=(process.stdout, told), daemon=True)
        reader.start()
        try:
            wait = 600.0
            while line := told.get(timeout=wait):
                yield json.loads(line)
                wait = limit + 2
        except Empty:
            pass
        finally:
            process.kill()
            reader.join()


def _pass_on(lines: Iterable[str], told: Queue[str]) -> None:
    for line in lines:
        told.put(line)
    told.put("")


def child(kind: str) -> None:
    """Read what to run from standard input; write the seconds of loading, then a line for each run and after each query."""
    asked = json.load(sys.stdin)
    start = time.perf_counter()
    runs = {"rdflib": _rdflib, "pyoxigraph": _pyoxigraph}[kind](asked["place"], asked["limit"])
    print(json.dumps(time.perf_counter() - start), flush=True)
    for name, text in asked["queries"].items():
        for engine, took in runs(text):
            print(json.dumps((name, engine, took.seconds, took.answer, took.why)), flush=True)
        print(json.dumps((name, "", 0.0, None, "")), flush=True)


Runs = Callable[[str], Iterator[tuple[str, Took]]]


def _pyoxigraph(place: str, limit: float) -> Runs:
    store = open_store(Path(place))
    graph = Graph(store, Schema(store), Sources.of(), Path(place))

    def runs(text: str) -> Iterator[tuple[str, Took]]:
        engines: list[tuple[str, Callable[[], Iterable[Iterable[Term | None]]]]] = [
            ("ours", lambda: pharmakon.query(text, graph=graph).rows),
            ("raw", lambda: raw(store, text)),
        ]
        begun = time.perf_counter()
        for number in range(100):
            for engine, do in engines if number % 2 else reversed(engines):
                start = time.perf_counter()
                rows = do()
                taken = time.perf_counter() - start
                yield engine, Took(taken, None if number else plain(rows))
            if (time.perf_counter() - begun > 0.6 and number > 1) or time.perf_counter() - begun > limit:
                return

    return runs


class _Late(BaseException):
    """Nothing in rdflib catches it."""


def _rdflib(place: str, limit: float) -> Runs:
    from rdflib import Dataset

    data = Dataset()
    data.parse(place, format="nquads")
    signal.signal(signal.SIGALRM, _late)

    def rows(text: str) -> Answer:
        found: Any = data.query(text)
        return (
            [(None,)] * bool(found) if found.type == "ASK" else _sorted(tuple(None if t is None else str(t) for t in row) for row in found)
        )

    def runs(text: str) -> Iterator[tuple[str, Took]]:
        signal.setitimer(signal.ITIMER_REAL, limit)
        try:
            took = timed(lambda: rows(text), Exception, 0)
        except _Late:
            took = Took(limit, None, LATE)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        yield "rdflib", took

    return runs


def _late(number: int, frame: object) -> None:
    raise _Late
