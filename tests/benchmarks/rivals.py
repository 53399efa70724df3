"""Engines that are asked the same: our own, raw pyoxigraph, rdflib, any endpoint. Each runs in a process of its own, which can be ended."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import Any

import pharmakon
from pharmakon.build import Sources
from pharmakon.endpoint import Endpoint
from pharmakon.facts import Schema
from pharmakon.graph import Graph
from pharmakon.rdf import Literal, QueryBoolean, Term, open_store
from pharmakon.sparql import value_of

Rows = Iterable[Iterable[Any]]
Ways = Mapping[str, Callable[[str], Rows]]
"""Functions that answer a query, by name."""

LATE = "not done in time"
_NEVER = 600.0


@dataclass(frozen=True)
class Took:
    """What a query took in one way.

    Attributes:
        seconds: the median of some runs; the limit where it was not done in time.
        answer: its rows as bare values, sorted; None where there is no answer.
        why: why there is no answer.
    """

    seconds: float
    answer: list[tuple[str | None, ...]] | None
    why: str = ""


# --- the engines --------------------------------------------------------------------------------------------------------


def embedded(place: str) -> Ways:
    """A store on disk, asked through Pharmakon, and with nothing of ours in between."""
    store = open_store(Path(place))
    graph = Graph(store, Schema(store), Sources.of(), Path(place))

    def raw(text: str) -> Rows:
        found = store.query(text)
        return [(Literal(bool(found)),)] if isinstance(found, QueryBoolean) else [tuple(row) for row in found]

    return {"ours": lambda text: pharmakon.query(text, graph=graph).rows, "raw": raw}


def rdflib(file: str) -> Ways:
    """N-Quads in rdflib's memory."""
    from rdflib import Dataset

    data = Dataset()
    data.parse(file, format="nquads")

    def rows(text: str) -> Rows:
        found: Any = data.query(text)
        return [(str(bool(found)).lower(),)] if found.type == "ASK" else [tuple(row) for row in found]

    return {"rdflib": rows}


def endpoint(url: str) -> Ways:
    """A server that holds a store, asked through Pharmakon."""
    server = Endpoint(url)
    graph = Graph(server, Schema(server), Sources.of())
    return {"endpoint": lambda text: pharmakon.query(text, graph=graph).rows}


# --- a process that asks ------------------------------------------------------------------------------------------------


class Apart:
    """A process that holds an engine. It is ended, and begun anew, where a query goes on for too long.

    Args:
        engine: what opens the engine.
        where: the place of the store, the file or the address.

    Attributes:
        loading: the seconds that opening took.
    """

    def __init__(self, engine: Callable[[str], Ways], where: str | Path) -> None:
        self._engine, self._where = engine, str(where)
        self._begin()

    def ask(self, text: str, limit: float) -> dict[str, Took]:
        """Run a query in each way, several times in turn; nothing where the process had to be ended, or ended itself."""
        self._connection.send((text, limit))
        with suppress(EOFError):
            if self._connection.poll(3 * limit + 3):
                found: dict[str, Took] = self._connection.recv()
                return found
        self.end()
        self._begin()
        return {}

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
        self._connection.close()

    def _begin(self) -> None:
        context = get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(self._engine, self._where, theirs), daemon=True)
        self._process.start()
        theirs.close()
        assert self._connection.poll(_NEVER), f"{self._where} is not open after {_NEVER:g} s"
        self.loading: float = self._connection.recv()


class _Late(BaseException):
    """Nothing in rdflib catches it."""


def _late(number: int, frame: object) -> None:
    raise _Late


def _serve(engine: Callable[[str], Ways], where: str, parent: Connection) -> None:
    start = time.perf_counter()
    ways = engine(where)
    parent.send(time.perf_counter() - start)
    signal.signal(signal.SIGALRM, _late)
    with suppress(EOFError):
        while True:
            text, limit = parent.recv()
            parent.send(_times(ways, text, limit))


def _times(ways: Ways, text: str, limit: float) -> dict[str, Took]:
    """Ask in each way in turn: at least three times where it is quick, more often where it is very quick, once where it is slow."""
    taken: dict[str, list[float]] = {way: [] for way in ways}
    found: dict[str, Took] = {}
    begun = time.perf_counter()
    for number in range(100):
        for way, do in sorted(ways.items(), reverse=bool(number % 2)):
            signal.setitimer(signal.ITIMER_REAL, limit)
            start = time.perf_counter()
            try:
                rows = do(text)
                taken[way].append(time.perf_counter() - start)
            except _Late:
                return {way: Took(limit, None, LATE) for way in ways}
            except Exception as error:
                return {way: Took(time.perf_counter() - start, None, str(error)) for way in ways}
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
            if not number:
                found[way] = Took(0, plain(rows))
        spent = time.perf_counter() - begun
        if spent > 3 or (spent > 0.6 and number > 1):
            break
    return {way: Took(median(taken[way]), took.answer) for way, took in found.items()}


def plain(rows: Rows) -> list[tuple[str | None, ...]]:
    """Return rows in the form that engines are compared in."""
    texts = [tuple(None if cell is None else _text(cell) for cell in row) for row in rows]
    return sorted(texts, key=lambda row: [(cell is not None, cell or "") for cell in row])


def _text(cell: Any) -> str:
    return value_of(cell) if isinstance(cell, Term) else str(cell)
