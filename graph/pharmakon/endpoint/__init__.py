"""A SPARQL 1.1 endpoint in the place of the embedded store: the same look-ups and queries, with the same answers.

The default graph of the store is a named graph there (:data:`pharmakon.endpoint.register.MERGED`), since servers differ on what
their default graph is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from threading import RLock

from ..rdf import DefaultGraph, NamedNode, Quad, QueryBoolean, QuerySolutions, QueryTriples, Term, Variable
from . import text as edit
from .cache import Cache
from .load import Loader, name
from .register import HOLDS, MERGED
from .server import DEFAULT, Cut, Server

Graphs = DefaultGraph | NamedNode | None
Progress = Callable[[int, int], None]
"""Told how many statements have arrived, and of how many."""


class Endpoint:
    """A SPARQL 1.1 endpoint, with what Pharmakon uses of an embedded store.

    Credentials come from the environment alone: PHARMAKON_ENDPOINT_USER and PHARMAKON_ENDPOINT_PASSWORD (digest or basic, as the
    server asks), or PHARMAKON_ENDPOINT_TOKEN. PHARMAKON_ENDPOINT_TIMEOUT sets how many seconds an answer may take (60).

    Args:
        url: where queries go.
        update_url: where updates go; needed for writing only.
        graph_store_url: where whole graphs go (graph store protocol): writing is several times faster with it.

    Attributes:
        url: where queries go.
    """

    def __init__(self, url: str, update_url: str | None = None, graph_store_url: str | None = None) -> None:
        self.url, self._graph_store_url = url, graph_store_url
        self._server = Server(url, update_url)
        self._cache = Cache(self._server)
        self._lock = RLock()

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return self._server.wire.requests

    def close(self) -> None:
        """Close the connections. Done at the latest when nobody uses them any more."""
        self._server.wire.close()

    def ready(self) -> bool:
        """Whether the endpoint holds a whole store. Until it does, every question is refused.

        Raises:
            StoreUnavailable: the server does not answer.
        """
        return self._server.register.state().ready

    # --- reading ----------------------------------------------------------------------------------------------------

    def query(self, text: str, *, substitutions: Mapping[Variable, Term] | None = None) -> QuerySolutions | QueryBoolean | QueryTriples:
        """Run a query; its default graph is what all sources say, its named graphs are those of the store.

        Args:
            text: a SELECT, ASK, CONSTRUCT or DESCRIBE query.
            substitutions: terms for variables.

        Raises:
            BadQuery: the server refuses the query.
            StoreUnavailable: the server does not answer, or not wholly.
        """
        form = edit.form(text)
        text, dataset = edit.bind(text, {v.value: str(term) for v, term in (substitutions or {}).items()}), DEFAULT
        if edit.uses(text, "FROM"):
            dataset = {}
        elif edit.uses(text, "GRAPH"):
            text, dataset = edit.over(text, MERGED, HOLDS), {}
        with self._lock:
            self._server.whole_store()
            try:
                return self._server.answer(text, dataset) if form in ("SELECT", "ASK") else self._server.triples(text, dataset)
            except Cut:
                raise self._server.too_much() from None

    def quads_for_pattern(
        self, subject: Term | None, predicate: NamedNode | None, object: Term | None, graph_name: Graphs = None
    ) -> Iterator[Quad]:
        """Yield the statements of a pattern: of the default graph, of one named graph, or of all of them.

        Raises:
            StoreUnavailable: the server does not answer, or not wholly.
        """
        found: list[Quad] = []
        with self._lock:
            if not isinstance(graph_name, NamedNode):
                found += self._cache.matching(True, subject, predicate, object)
            if not isinstance(graph_name, DefaultGraph):
                named = self._cache.matching(False, subject, predicate, object)
                found += [q for q in named if graph_name is None or q.graph_name == graph_name]
        return iter(found)

    def prefetch(self, subjects: Iterable[NamedNode], named: bool = False) -> None:
        """Fetch all that is said of many things, some hundred at a time, so that looking them up costs no request.

        Args:
            subjects: the things.
            named: whether to fetch what the single sources say, and not what all say together.

        Raises:
            StoreUnavailable: the server does not answer, or not wholly.
        """
        with self._lock:
            self._cache.prefetch(not named, subjects)

    # --- writing ----------------------------------------------------------------------------------------------------

    def extend(self, quads: Iterable[Quad]) -> None:
        """Add statements.

        Raises:
            StoreUnavailable: the server does not take them; those that it took stay.
        """
        self._change(lambda: self._loader().extend(quads))

    bulk_extend = extend

    def remove_graph(self, graph_name: NamedNode | DefaultGraph) -> None:
        """Take away what is in a graph.

        Raises:
            StoreUnavailable: the server does not do so.
        """
        self._change(lambda: self._server.update(f"CLEAR SILENT GRAPH <{name(graph_name)}>"))

    def clear(self) -> None:
        """Take away the whole store, and nothing else that the server holds.

        Raises:
            StoreUnavailable: the server does not do so.
        """
        self._change(self._server.register.clear)

    def transfer(self, path: Path | str, progress: Progress = lambda done, whole: None) -> None:
        """Bring a store to the endpoint, from an N-Quads file without a statement twice, in the place of what is there.

        A transfer that was broken off goes on where it was when it is run again. Until all has arrived and is counted, questions are
        refused.

        Args:
            path: the file; its default graph is what all sources say together.
            progress: told how far it is.

        Raises:
            BadInput: the file cannot be used; the message has the line.
            StoreUnavailable: the server does not take it, or holds another number of statements than were sent.
        """
        self._change(lambda: self._loader().transfer(Path(path), progress))

    def adopt(self, path: Path | str) -> None:
        """Take over a store that the server's own loader brought: count it against the file, and declare it whole.

        Args:
            path: the N-Quads file that was loaded; what is in its default graph must be in :data:`pharmakon.endpoint.register.MERGED`.

        Raises:
            BadInput: the file cannot be used; the message has the line.
            StoreUnavailable: the server holds another number of statements than the file; nothing is declared.
        """
        self._change(lambda: self._loader().adopt(Path(path)))

    def _loader(self) -> Loader:
        wire, url = self._server.wire, self._graph_store_url
        post = None if url is None else lambda graph, content: wire.post(url, graph, content)
        return Loader(self.url, self._server.register, self._server.update, post)

    def _change(self, change: Callable[[], None]) -> None:
        with self._lock:
            try:
                change()
            finally:
                self._cache = Cache(self._server)
                self._server.changed()
