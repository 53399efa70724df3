"""The one door to pyoxigraph: parsing, terms and stores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    Variable,
    parse,
    parse_query_results,
    serialize,
)

from .errors import BadOntology, StoreUnavailable

__all__ = [
    "BlankNode",
    "DefaultGraph",
    "Engine",
    "Literal",
    "NamedNode",
    "Quad",
    "QueryBoolean",
    "QueryResultsFormat",
    "QuerySolutions",
    "QueryTriples",
    "RdfFormat",
    "Store",
    "Term",
    "Triple",
    "Variable",
    "is_iri",
    "iri_values",
    "open_store",
    "parse",
    "parse_query_results",
    "parse_turtle",
    "serialize",
]

Term = NamedNode | BlankNode | Literal | Triple


class Engine(Protocol):
    """What is read of a store, whichever engine it is: the embedded one, or a SPARQL endpoint."""

    def quads_for_pattern(self, subject: Any, predicate: Any, object: Any, graph_name: Any = None, /) -> Iterator[Quad]:
        """Yield the quads that fit; None fits anything."""

    def query(self, query: str, /, *, substitutions: Any = None) -> Any:
        """Run a query, with terms for some of its variables."""


def parse_turtle(file: Path) -> Iterator[Quad]:
    """Read the triples of a Turtle file, as quads in the default graph.

    Raises:
        BadOntology: the file is not Turtle; the message has the line.
    """
    try:
        yield from parse(path=str(file), format=RdfFormat.TURTLE)
    except SyntaxError as error:
        line = f":{error.lineno}" if error.lineno else ""
        raise BadOntology([f"{file}{line}: not valid Turtle: {error.msg}"]) from None
    except (OSError, ValueError) as error:
        raise BadOntology([f"{file}: cannot be read: {error}"]) from None


def open_store(path: Path) -> Store:
    """Open a built store for reading; any number of processes may do so at once.

    Raises:
        StoreUnavailable: there is no readable store at ``path``.
    """
    try:
        return Store.read_only(str(path))
    except (OSError, RuntimeError, ValueError) as error:
        raise StoreUnavailable(f"the store at {path} cannot be opened: {error}") from None


def iri_values(quads: Iterable[Quad]) -> list[str]:
    """Return the IRIs among the objects of ``quads``, each once, in order."""
    return list(dict.fromkeys(q.object.value for q in quads if isinstance(q.object, NamedNode)))


def is_iri(text: str) -> bool:
    """Whether a text can be an IRI.

    >>> is_iri("https://w3id.org/pharmakon/baclofen"), is_iri("https://example.org/a b"), is_iri("baclofen")
    (True, False, False)
    """
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True
