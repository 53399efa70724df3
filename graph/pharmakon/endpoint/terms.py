"""What SPARQL servers send, as the types that the embedded store has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ..errors import BadInput, StoreUnavailable
from ..rdf import (
    BlankNode,
    Literal,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
)

_BOOLEAN = re.compile(rb'(XMLSchema#boolean"\s*,\s*"value"\s*:\s*")([01])(")')
"""How Virtuoso writes true and false; inside a literal the quotes would be escaped."""


def answer(url: str, body: bytes) -> tuple[QuerySolutions | QueryBoolean, int]:
    """Read the answer to a SELECT or ASK query, and count its rows.

    Raises:
        StoreUnavailable: it is cut off or damaged.
    """
    body = _BOOLEAN.sub(lambda match: match[1] + (b"true" if match[2] == b"1" else b"false") + match[3], body)
    found: QuerySolutions | QueryBoolean | None = None
    try:
        found = parse_query_results(body, format=QueryResultsFormat.JSON)
        if isinstance(found, QueryBoolean):
            return found, 1
        count = sum(1 for _ in found)
        again = parse_query_results(body, format=QueryResultsFormat.JSON)
        assert isinstance(again, QuerySolutions)
        return again, count
    except (SyntaxError, ValueError) as error:
        problem = str(error)
    found = None  # it must not live on in the error, which another thread may come to free
    raise _damaged(url, body, problem)


def number(url: str, body: bytes) -> int:
    """Read the answer to a query for one number.

    Raises:
        StoreUnavailable: it is cut off or damaged, or it is no number.
    """
    found, _ = answer(url, body)
    rows = [] if isinstance(found, QueryBoolean) else list(found)
    if len(rows) != 1 or not isinstance(rows[0][0], Literal) or not rows[0][0].value.isdigit():
        raise StoreUnavailable(f"{url} sent no number where one was asked for")
    return int(rows[0][0].value)


def triples(url: str, body: bytes) -> tuple[QueryTriples, int]:
    """Read the answer to a CONSTRUCT or DESCRIBE query, and count its triples.

    Raises:
        StoreUnavailable: it is cut off or damaged.
    """
    store = Store()
    try:
        store.extend(parse(body, format=RdfFormat.N_TRIPLES))
    except (SyntaxError, ValueError) as error:
        raise _damaged(url, body, str(error)) from None
    found = store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    assert isinstance(found, QueryTriples)
    return found, len(store)


def statements(path: Path) -> Iterator[Quad]:
    """Read a file of N-Quads.

    Raises:
        BadInput: the file cannot be read, or it has anonymous nodes, which could not be told apart once it is sent in parts.
    """
    try:
        for number, quad in enumerate(parse(path=str(path), format=RdfFormat.N_QUADS), 1):
            if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode) or isinstance(quad.graph_name, BlankNode):
                raise BadInput(f"{path}: statement {number} has an anonymous node: give it an IRI, as building does")
            yield quad
    except SyntaxError as error:
        line = f":{error.lineno}" if error.lineno else ""
        raise BadInput(f"{path}{line}: not N-Quads: {error.msg}") from None
    except OSError as error:
        raise BadInput(f"{path}: cannot be read: {error.strerror or error}") from None


def _damaged(url: str, body: bytes, problem: str) -> StoreUnavailable:
    text = " ".join(body[-600:].decode("utf-8", "replace").split())[-200:]
    return StoreUnavailable(f'{url} sent an answer that is cut off or damaged ({problem}); it ends with "{text}"')
