"""Suggest names while one types: what begins so, else what is spelt like it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from . import graph as g
from . import names as n
from . import spelt
from .build import INDEX
from .graph import Graph
from .spelling import normal

_LOOKED_AT = 400
"""How many names that begin so are looked at, the shortest first."""


def suggest(graph: Graph, start: str, kind: str = "thing", n: int = 10) -> list[dict[str, str]]:
    """Suggest things whose names begin as was typed, the shortest name first; where there are none, those whose names are spelt like it.

    Args:
        graph: the graph.
        start: the beginning of a name.
        kind: "drug", "class", or "thing" for anything that has a name.
        n: how many at most.

    Returns:
        For each thing its name, its IRI and its kind.
    """
    key = normal(start)
    if not key:
        return []
    found = _sorted(graph, (thing for _, thing in _beginning(graph, key)), kind)
    if not found:
        near = graph.near(key)
        found = _sorted(graph, (t for k in g._similar(key, near) for t in sorted(near[k])), kind)
    return [{"name": graph.schema.label(thing), "iri": thing, "kind": what} for thing, what in list(found.items())[:n]]


def _sorted(graph: Graph, things: Iterable[str], kind: str) -> Mapping[str, str]:
    """Return things of a kind with their kinds, in the order in which they come, each once."""
    kinds = {thing: _kind(graph, thing) for thing in dict.fromkeys(things)}
    return {thing: what for thing, what in kinds.items() if kind in (what, "thing")}


def _kind(graph: Graph, thing: str) -> str:
    return "drug" if n.DRUG in graph.schema.values(thing, n.TYPE) else "class" if g.is_class(graph, thing) else "thing"


def _beginning(graph: Graph, key: str) -> list[tuple[str, str]]:
    """Return the look-up keys that begin with a key, the shortest first, each with what it stands for."""
    index = graph.place / INDEX if graph.place else None
    if index is not None and index.is_file():
        return spelt.starting(index, key, _LOOKED_AT)
    known = ((k, thing) for k, things in graph.near(key).items() for thing in things if k.startswith(key))
    return sorted(known, key=lambda pair: (len(pair[0]), pair))[:_LOOKED_AT]
