"""What an endpoint notes about a store that it holds: the graphs of it, which parts of a transfer arrived, and whether it is whole.

The notes are a small graph of their own beside the graphs of the store, and are only ever added to while a transfer runs, so that
they are right wherever it is broken off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from .. import names as n
from ..errors import StoreUnavailable
from ..rdf import Literal, NamedNode, QuerySolutions, Term

MERGED, REGISTER = n.GRAPH + "merged", n.GRAPH + "register"
"""The graph that stands for the default graph, and the graph of the notes."""

WRITTEN = n.GRAPH + "written"
"""Stands where the transfer would, for what was written piece by piece."""

_HOLDS, _LOADING, _COMPLETE, _ARRIVED = (n.GRAPH + word for word in ("holds", "loading", "complete", "arrived"))
HOLDS = f"GRAPH <{REGISTER}> {{ <{MERGED}> <{_HOLDS}>"
"""The opening of the pattern that a graph's name completes."""

_CHUNK = 500

Select = Callable[[str], QuerySolutions]
Update = Callable[[str], None]


@dataclass(frozen=True)
class State:
    """How the store at an endpoint stands.

    Attributes:
        complete: the transfers that are whole.
        loading: the transfers that are not.
    """

    complete: frozenset[str]
    loading: frozenset[str]

    @property
    def ready(self) -> bool:
        """Whether the store is whole."""
        return bool(self.complete) and not self.loading

    def demand(self, url: str) -> None:
        """Refuse a store that is not whole.

        Raises:
            StoreUnavailable: it is not there, or a transfer has not ended.
        """
        if self.loading:
            raise StoreUnavailable(f"{url} holds a part of a store only: a transfer has not ended; run it again, it goes on where it was")
        if not self.complete:
            raise StoreUnavailable(f"{url} holds no store of Pharmakon: transfer one to it first")


class Register:
    """Reads and writes the notes of an endpoint."""

    def __init__(self, select: Select, update: Update) -> None:
        self._select, self._update = select, update

    def state(self) -> State:
        """Read how the store stands."""
        found: dict[str, set[str]] = {_LOADING: set(), _COMPLETE: set()}
        wanted = f"?p = <{_LOADING}> || ?p = <{_COMPLETE}>"
        for row in self._select(f"SELECT ?p ?o WHERE {{ GRAPH <{REGISTER}> {{ <{MERGED}> ?p ?o FILTER({wanted}) }} }}"):
            found[_text(row["p"])].add(_text(row["o"]))
        return State(frozenset(found[_COMPLETE]), frozenset(found[_LOADING]))

    def graphs(self) -> set[str]:
        """Read the names of the graphs of the store, the merged one left out."""
        return {_text(row["g"]) for row in self._select(f"SELECT ?g WHERE {{ {HOLDS} ?g }} }}")}

    def arrived(self, transfer: str) -> int | None:
        """Read how many parts of a transfer arrived; None where it has not begun."""
        rows = list(self._select(f"SELECT ?n WHERE {{ GRAPH <{REGISTER}> {{ <{transfer}> <{_ARRIVED}> ?n }} }} ORDER BY DESC(?n) LIMIT 1"))
        return int(_text(rows[0]["n"])) if rows else None

    def begin(self, transfer: str) -> None:
        """Note that a transfer begins, and take away what was there."""
        self._update(f"INSERT DATA {{ GRAPH <{REGISTER}> {{ <{MERGED}> <{_LOADING}> <{transfer}> }} }}")
        self.clear()
        self._update(
            f"INSERT DATA {{ GRAPH <{REGISTER}> {{ <{MERGED}> <{_LOADING}> <{transfer}> . <{transfer}> <{_ARRIVED}> {Literal(0)} }} }}"
        )

    def clear(self) -> None:
        """Take away the store, and the notes last."""
        for graph in (*sorted(self.graphs()), MERGED):
            self._update(f"CLEAR SILENT GRAPH <{graph}>")
        self.clear_notes()

    def clear_notes(self) -> None:
        """Take away the notes, and leave the store."""
        self._update(f"CLEAR SILENT GRAPH <{REGISTER}>")

    def hold(self, graphs: Iterable[str]) -> None:
        """Note graphs of the store, before anything is written into them."""
        names = sorted(graphs)
        for i in range(0, len(names), _CHUNK):
            lines = " . ".join(f"<{MERGED}> <{_HOLDS}> <{graph}>" for graph in names[i : i + _CHUNK])
            self._update(f"INSERT DATA {{ GRAPH <{REGISTER}> {{ {lines} }} }}")

    def note(self, transfer: str, parts: int) -> None:
        """Note how many parts of a transfer arrived."""
        self._update(f"INSERT DATA {{ GRAPH <{REGISTER}> {{ <{transfer}> <{_ARRIVED}> {Literal(parts)} }} }}")

    def end(self, transfer: str) -> None:
        """Note that a transfer is whole."""
        self._update(f"INSERT DATA {{ GRAPH <{REGISTER}> {{ <{MERGED}> <{_COMPLETE}> <{transfer}> }} }}")
        self._update(f"DELETE DATA {{ GRAPH <{REGISTER}> {{ <{MERGED}> <{_LOADING}> <{transfer}> }} }}")

    def differences(self, expected: Mapping[str, int]) -> list[str]:
        """Count the statements of graphs, and say which graphs have another number than is expected."""
        names, found = sorted(expected), dict[str, int]()
        for i in range(0, len(names), _CHUNK):
            values = " ".join(f"<{name}>" for name in names[i : i + _CHUNK])
            text = f"SELECT ?g (COUNT(*) AS ?n) WHERE {{ VALUES ?g {{ {values} }} GRAPH ?g {{ ?s ?p ?o }} }} GROUP BY ?g"
            found.update({_text(row["g"]): int(_text(row["n"])) for row in self._select(text)})
        return [f"<{g}> has {found.get(g, 0)} of {expected[g]}" for g in names if found.get(g, 0) != expected[g]]


def _text(term: Term | None) -> str:
    assert isinstance(term, (NamedNode, Literal)), term
    return term.value
