"""Answer a SPARQL query in a worker: read-only, without SERVICE, in the format that the client likes best."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from ..deep import too_deep
from ..errors import BadQuery, PharmakonError, StoreUnavailable
from ..rdf import Engine, NamedNode, QueryTriples, Store
from .formats import GRAPHS, TABLES, chosen
from .frames import Out

SERVICE = "this server sends no request to others: SERVICE is refused"
UPDATE = "this server is read-only: updates are refused"

_SERVICE = re.compile("service", re.I)
_UPDATE = re.compile(
    r"(?:\s|#[^\n]*\n|(?:PREFIX\s+[^\s:]*:\s*|BASE\s*)<[^>]*>)*"
    r"(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b",
    re.I,
)
_NOTHING = Store()
DEEP = "the query cannot be read: it is nested too deeply"


class Query(NamedTuple):
    """A query as the protocol carries it.

    Attributes:
        text: the query.
        accept: what the client accepts.
        base: what relative IRIs are relative to.
        default, named: the graphs of its dataset, in the place of those that the query names; both empty for those of the query.
    """

    text: str
    accept: str
    base: str
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


def answer(store: Engine, query: Query, out: Out) -> None:
    """Answer a query, or say with a status why not."""
    dataset: dict[str, Any] = {}
    try:
        if query.default or query.named:
            dataset = {"default_graph": [*map(NamedNode, query.default)], "named_graphs": [*map(NamedNode, query.named)]}
    except ValueError as error:
        return out.fail(400, f"the dataset cannot be used: {error}")
    refused = refusal(query.text)
    if refused:
        return out.fail(*refused)
    store = store.store if isinstance(store, Guarded) else store
    try:
        if isinstance(store, Store):
            found = store.query(query.text, base_iri=query.base, **dataset)
        elif dataset:
            return out.fail(501, "a dataset cannot be chosen by parameters while the store is an endpoint: write FROM and FROM NAMED")
        else:
            found = store.query(query.text)
    except SyntaxError as error:
        return out.fail(*_unread(query.text, error.msg))
    except StoreUnavailable as error:
        return out.fail(503, str(error))
    except (PharmakonError, ValueError, RuntimeError, OSError) as error:
        return out.fail(*(403, UPDATE) if _UPDATE.match(query.text) else (400, f"the query cannot be run: {error}"))
    offered = GRAPHS if isinstance(found, QueryTriples) else TABLES
    written = chosen(query.accept, offered)
    if written is None:
        return out.fail(406, "none of the accepted media types fits: there are " + ", ".join(media for media, _ in offered))
    out.media = written[0] if written[0].startswith("application/") else f"{written[0]}; charset=utf-8"
    try:
        found.serialize(out, written[1])  # type: ignore[arg-type]
    except (PharmakonError, ValueError, RuntimeError, OSError) as error:
        return out.fail(400, f"the query cannot be run: {error}")
    out.end()


def _unread(text: str, message: str) -> tuple[int, str]:
    return (403, UPDATE) if _UPDATE.match(text) else (400, f"the query cannot be read: {message}")


def refusal(text: str) -> tuple[int, str] | None:
    """Find out whether a query cannot be read at all, or calls other servers, or may do so; if so, return the status of HTTP and why.

    Where "service" occurs, the store's own parser judges: where the word is spelt otherwise and the query can still be read, it was
    part of a name, a text or a comment; a keyword would be missed. Nothing is sent while it is judged, as no keyword is left.
    """
    if too_deep(text):
        return 400, DEEP
    if "service" not in text.lower():
        return None
    try:
        _NOTHING.query(_SERVICE.sub("zervice", text), base_iri="urn:base:")
    except SyntaxError as error:
        if re.search(r"\bservice\b", text, re.I) and not _UPDATE.match(text):
            return 403, f"{SERVICE} (or the query cannot be read: {error.msg.replace('zervice', 'service')})"
        return _unread(text, error.msg)
    except (ValueError, RuntimeError, OSError):
        return None
    return None


class Guarded:
    """A store whose queries call no other servers, whoever asks them. All else of it is as it is.

    Attributes:
        store: the store.
    """

    def __init__(self, store: Engine) -> None:
        self.store = store

    def query(self, text: str, **options: Any) -> Any:
        """Run a query.

        Raises:
            BadQuery: the query calls other servers.
        """
        refused = refusal(text)
        if refused:
            raise BadQuery(refused[1])
        return self.store.query(text, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)
