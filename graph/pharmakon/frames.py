"""Query a graph from Python with the same names as on the command line."""

from __future__ import annotations

from .binding import bindings
from .graph import Graph, shipped
from .sparql import Table, read, run


def query(name: str, *, graph: Graph | None = None, **bind: str) -> Table:
    """Run a query: a SPARQL text, a file, or the name of a shipped query.

    Args:
        name: the query.
        graph: the graph; the shipped one where none is given.
        bind: values for its variables, written as for ``--bind``.

    Raises:
        BadQuery: the query is unknown or malformed, or has no such variable.

    >>> query("PREFIX : <https://w3id.org/pharmakon/> ASK { :baclofen a :Drug }").texts()
    [('true',)]
    """
    graph = graph or shipped()
    text = name if "{" in name else read(name)
    return run(graph.store, text, bindings(graph, [f"{k}={v}" for k, v in bind.items()]))
