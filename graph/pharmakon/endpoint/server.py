"""Asking one server: the store behind it must be whole, and so must every answer."""

from __future__ import annotations

import time
from collections.abc import Mapping

from ..errors import StoreUnavailable
from ..rdf import QueryBoolean, QuerySolutions, QueryTriples, Term
from . import terms as rdf
from .register import MERGED, Register, State
from .wire import ROWS, TRIPLES, Wire

Row = dict[str, Term | None]

DEFAULT = {"default-graph-uri": MERGED}
"""The data that a query is about, where it names no graph: what all sources say together."""

_SURELY_WHOLE = 1000
_CHECK_SECONDS = 30


class Cut(Exception):
    """The server sent as many rows as it ever sends: there may be more."""


class Server:
    """A SPARQL server.

    Attributes:
        url: where queries go.
        wire: the connection.
        register: the notes on the store that the server holds.
        limit: how many rows the server sends at most, once that is known.
    """

    def __init__(self, url: str, update_url: str | None) -> None:
        self.url, self._update_url = url, update_url
        self.wire = Wire()
        self.register = Register(self._noted, self.update)
        self.limit: int | None = None
        self._safe = _SURELY_WHOLE
        self._state: State | None = None
        self._checked = 0.0

    def update(self, text: str) -> None:
        """Send an update.

        Raises:
            StoreUnavailable: the server does not carry it out, or it was opened for reading only.
        """
        if self._update_url is None:
            raise StoreUnavailable(f"{self.url} was opened for reading only: give the address for updates")
        self.wire.update(self._update_url, text)

    def changed(self) -> None:
        """Take note that the store was changed from here."""
        self._state = None

    def whole_store(self) -> None:
        """Make sure that the store is whole and was not replaced since it was opened; asked again from time to time.

        Raises:
            StoreUnavailable: it is not so.
        """
        if self._state is None or time.monotonic() - self._checked > _CHECK_SECONDS:
            state = self.register.state()
            state.demand(self.url)
            if self._state is not None and state != self._state:
                raise StoreUnavailable(f"{self.url} holds another store than when it was opened: open it again")
            self._state, self._checked = state, time.monotonic()

    def answer(self, text: str, dataset: Mapping[str, str], whole: bool = True) -> QuerySolutions | QueryBoolean:
        """Ask a SELECT or ASK query.

        Raises:
            Cut: rows may be missing, and ``whole`` says that they must not.
        """
        body, headers = self.wire.query(self.url, text, ROWS, dataset)
        found, count = rdf.answer(self.url, body)
        if headers.get("X-SPARQL-MaxRows", "").isdigit():
            self.limit = min(int(headers["X-SPARQL-MaxRows"]), self.limit or count)
        if whole:
            self._uncut(count)
        return found

    def triples(self, text: str, dataset: Mapping[str, str]) -> QueryTriples:
        """Ask a CONSTRUCT or DESCRIBE query.

        Raises:
            Cut: triples may be missing.
        """
        body, _ = self.wire.query(self.url, text, TRIPLES, dataset)
        found, count = rdf.triples(self.url, body)
        self._uncut(count)
        return found

    def rows(self, where: str, dataset: Mapping[str, str], rest: str | None = None) -> list[Row]:
        """Return all solutions of a pattern; with ``rest``, an order and a limit, what they leave.

        Raises:
            Cut: solutions may be missing.
        """
        self.whole_store()
        found = self._select(f"SELECT * WHERE {{ {where} }}{rest or ''}", dataset, whole=rest is None)
        names = [v.value for v in found.variables]
        return [dict(zip(names, row, strict=True)) for row in found]

    def too_much(self) -> StoreUnavailable:
        """Make the error for an answer that may lack rows."""
        advice = "raise its maximum of rows (ResultSetMaxRows in Virtuoso), or ask for less"
        return StoreUnavailable(f"{self.url} sends {self.limit} rows at most, and this answer may have more: {advice}")

    def _select(self, text: str, dataset: Mapping[str, str], whole: bool = True) -> QuerySolutions:
        found = self.answer(text, dataset, whole)
        if not isinstance(found, QuerySolutions):
            raise StoreUnavailable(f"{self.url} answered yes or no where rows were asked for: is this the address of a SPARQL server?")
        return found

    def _noted(self, text: str) -> QuerySolutions:
        """Ask about the store's own notes."""
        try:
            return self._select(text, {})
        except Cut:
            raise self.too_much() from None

    def _uncut(self, count: int) -> None:
        """Make sure that an answer is whole: servers may cut long ones off and say nothing.

        A server that sends more rows than came, when asked for anything at all, did not cut the answer off.
        """
        if self.limit is None and count >= self._safe:
            more = 2 * count
            anything = f"SELECT ?s WHERE {{ ?s ?p ?o }} LIMIT {more}"
            came = rdf.answer(self.url, self.wire.query(self.url, anything, ROWS, DEFAULT)[0])[1]
            if came < more:
                counted = f"SELECT (COUNT(*) AS ?n) WHERE {{ {{ {anything} }} }}"
                if rdf.number(self.url, self.wire.query(self.url, counted, ROWS, DEFAULT)[0]) > came:
                    self.limit = came
            self._safe = more if self.limit is None else self._safe
        if self.limit is not None and count >= self.limit:
            raise Cut
