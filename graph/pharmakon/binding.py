"""Read ``--bind name=value``: the value becomes a term and is bound, never pasted into a query."""

from __future__ import annotations

import re
from collections.abc import Sequence

from . import graph as g
from . import names as n
from .errors import BadQuery
from .graph import Graph
from .rdf import Literal, NamedNode, Term

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def bindings(graph: Graph, pairs: Sequence[str]) -> dict[str, Term]:
    """Turn ``name=value`` pairs into terms.

    A value in double quotes is a text, a number is a number, an IRI or compact IRI is an IRI; anything else is looked up as a name.

    Raises:
        BadQuery: a pair without an equals sign.
        UnknownName: a name that stands for nothing.
    """
    return {name: _term(graph, value) for name, value in (_split(pair) for pair in pairs)}


def _split(pair: str) -> tuple[str, str]:
    name, equals, value = pair.partition("=")
    if not equals or not name.strip("?$ "):
        raise BadQuery(f'--bind takes NAME=VALUE, not "{pair}"')
    return name.strip("?$ "), value.strip()


def _term(graph: Graph, value: str) -> Term:
    if len(value) > 1 and value[0] == value[-1] == '"':
        return Literal(value[1:-1])
    if _NUMBER.fullmatch(value):
        kind = "decimal" if "." in value else "integer"
        return Literal(value, datatype=NamedNode(n.XSD + kind))
    iri = n.expand(value)
    if iri:
        try:
            return NamedNode(iri)
        except ValueError:
            raise BadQuery(f'"{value}" is no valid IRI') from None
    return NamedNode(g.thing(graph, value))
