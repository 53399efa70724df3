"""A SPARQL 1.1 endpoint in the place of the embedded store: the same look-ups and queries, with the same answers.

The default graph of the store is a named graph there (:data:`pharmakon.endpoint_register.MERGED`), since servers differ on what
their default graph is. A request costs a thousand times what a look-up in memory costs: so a thing is fetched with all that is said
of it, together with its peers, the things that stand beside it in an answer that came before; and what was fetched is remembered.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from threading import RLock

from . import endpoint_load as load
from . import endpoint_rdf as rdf
from . import endpoint_text as edit
from . import names as n
from .endpoint_http import ROWS, TRIPLES, Wire
from .endpoint_register import HOLDS, MERGED, Register, State
from .errors import StoreUnavailable
from .rdf import DefaultGraph, Literal, NamedNode, Quad, QueryBoolean, QuerySolutions, QueryTriples, Term, Variable

Graphs = DefaultGraph | NamedNode | None
_Row = dict[str, Term | None]
_Key = tuple[bool, Term | None, NamedNode | None, Term | None]

REMEMBERED = 500_000
"""How many statements are remembered at most; those that were asked for longest ago are forgotten first."""

_TOGETHER, _FEW = 200, 40
_SUBJECTS, _IN_NAMED = "subjects", "subjects of named graphs"
_EXPRESSION = (n.FIRST, *(n.OWL + word for word in ("onProperty", "intersectionOf", "unionOf", "complementOf", "oneOf")))
_STATEMENT = n.NS + "s/"
_TAXONOMY = (n.SUBCLASS, n.SUBPROPERTY, n.EQUIVALENT)
_SURELY_WHOLE = 1000
_PAGE = 10_000
_CHECK_SECONDS = 30


class _Cut(Exception):
    """The server sent as many rows as it ever sends: there may be more."""


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
        self.url = url
        self._update_url, self._graph_store_url = update_url, graph_store_url
        self._wire = Wire()
        self._register = Register(self._noted, self._update)
        self._state: State | None = None
        self._checked = 0.0
        self._lock = RLock()
        self._forget()
        self._limit: int | None = None
        self._safe = _SURELY_WHOLE

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return self._wire.requests

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def ready(self) -> bool:
        """Whether the endpoint holds a whole store. Until it does, every question is refused.

        Raises:
            StoreUnavailable: the server does not answer.
        """
        return self._register.state().ready

    def _forget(self) -> None:
        self._known: OrderedDict[_Key, tuple[Quad, ...]] = OrderedDict()
        self._size = 0
        self._kinds: dict[Term, str] = {}
        self._waiting: dict[str, dict[str, dict[Term, None]]] = {}
        self._begun = False

    # --- queries ----------------------------------------------------------------------------------------------------

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
        self._whole_store()
        text = edit.bind(text, {v.value: str(term) for v, term in (substitutions or {}).items()})
        dataset = {"default-graph-uri": MERGED}
        if edit.uses(text, "FROM"):
            dataset = {}
        elif edit.uses(text, "GRAPH"):
            text, dataset = edit.over(text, MERGED, HOLDS), {}
        try:
            if form in ("SELECT", "ASK"):
                return self._answer(text, dataset)
            body, _ = self._wire.query(self.url, text, TRIPLES, dataset)
            triples, count = rdf.triples(self.url, body)
            self._uncut(count)
            return triples
        except _Cut:
            raise self._too_much() from None

    def _answer(self, text: str, dataset: Mapping[str, str], whole: bool = True) -> QuerySolutions | QueryBoolean:
        """Send a SELECT or ASK query, and make sure that all its rows came, unless they need not be whole."""
        body, headers = self._wire.query(self.url, text, ROWS, dataset)
        found, count = rdf.answer(self.url, body)
        if headers.get("X-SPARQL-MaxRows", "").isdigit():
            self._limit = min(int(headers["X-SPARQL-MaxRows"]), self._limit or count)
        if whole:
            self._uncut(count)
        return found

    def _select(self, text: str, dataset: Mapping[str, str], whole: bool = True) -> QuerySolutions:
        found = self._answer(text, dataset, whole)
        if not isinstance(found, QuerySolutions):
            raise StoreUnavailable(f"{self.url} answered yes or no where rows were asked for: is this the address of a SPARQL server?")
        return found

    def _noted(self, text: str) -> QuerySolutions:
        """Ask about the store's own notes."""
        try:
            return self._select(text, {})
        except _Cut:
            raise self._too_much() from None

    def _uncut(self, count: int) -> None:
        """Make sure that an answer is whole: servers may cut long ones off and say nothing.

        A server that sends one row more than came, when asked for anything at all, did not cut the answer off.
        """
        if self._limit is None and count >= self._safe:
            more = 2 * count
            everything = f"SELECT ?s WHERE {{ ?s ?p ?o }} LIMIT {more}"
            dataset = {"default-graph-uri": MERGED}
            body, _ = self._wire.query(self.url, everything, ROWS, dataset)
            came = rdf.answer(self.url, body)[1]
            if came < more:
                body, _ = self._wire.query(self.url, f"SELECT (COUNT(*) AS ?n) WHERE {{ {{ {everything} }} }}", ROWS, dataset)
                if rdf.number(self.url, body) > came:
                    self._limit = came
            self._safe = more if self._limit is None else self._safe
        if self._limit is not None and count >= self._limit:
            raise _Cut

    def _too_much(self) -> StoreUnavailable:
        advice = "raise its maximum of rows (ResultSetMaxRows in Virtuoso), or ask for less"
        return StoreUnavailable(f"{self.url} sends {self._limit} rows at most, and this answer may have more: {advice}")

    def _whole_store(self) -> None:
        """Refuse a store that is not whole, or that was replaced since it was opened; asked again from time to time."""
        if self._state is None or time.monotonic() - self._checked > _CHECK_SECONDS:
            state = self._register.state()
            state.demand(self.url)
            if self._state is not None and state != self._state:
                raise StoreUnavailable(f"{self.url} holds another store than when it was opened: open it again")
            self._state, self._checked = state, time.monotonic()

    # --- look-ups ---------------------------------------------------------------------------------------------------

    def quads_for_pattern(
        self, subject: Term | None, predicate: NamedNode | None, object: Term | None, graph_name: Graphs = None
    ) -> Iterator[Quad]:
        """Yield the statements of a pattern: of the default graph, of one named graph, or of all of them.

        Raises:
            StoreUnavailable: the server does not answer, or not wholly.
        """
        with self._lock:
            found: list[Quad] = []
            if not isinstance(graph_name, NamedNode):
                found += self._part(True, subject, predicate, object)
            if not isinstance(graph_name, DefaultGraph):
                named = self._part(False, subject, predicate, object)
                found += [q for q in named if graph_name is None or q.graph_name == graph_name]
        return iter(found)

    def prefetch(self, subjects: Iterable[NamedNode], graph_name: Graphs = DefaultGraph()) -> None:  # noqa: B008
        """Fetch all that is said of many things, some hundred at a time, so that looking them up costs no request."""
        with self._lock:
            for merged in {isinstance(graph_name, DefaultGraph), graph_name is None}:
                wanted = iter([s for s in dict.fromkeys(subjects) if (merged, s, None, None) not in self._known])
                while some := list(islice(wanted, _TOGETHER)):
                    self._fetch(merged, "s", some, None)

    def _part(self, merged: bool, s: Term | None, p: NamedNode | None, o: Term | None) -> Sequence[Quad]:
        """Return statements of the merged graph, or of the named ones."""
        if s is not None:
            if not isinstance(s, NamedNode):
                return ()
            known = self._remembered(merged, s, None, None)
            about = self._about(merged, s) if known is None else known
            return [q for q in about if (p is None or q.predicate == p) and (o is None or q.object == o)]
        found = self._remembered(merged, None, p, o)
        if found is None and p is not None and isinstance(o, NamedNode) and p.value != n.TYPE:
            self._fetch(merged, "o", self._beside(o, p.value, lambda peer: (merged, None, p, peer) in self._known), p)
            found = self._remembered(merged, None, p, o)
        if found is None:
            found = tuple(self._matching(merged, p, o))
            self._remember((merged, None, p, o), found)
        return found

    def _about(self, merged: bool, s: NamedNode) -> Sequence[Quad]:
        """Fetch all that is said of a thing, and of others of its kind."""
        if merged and not self._begun:
            self._begin()
        if (merged, s, None, None) not in self._known:
            purpose = _SUBJECTS if merged else _IN_NAMED
            self._fetch(merged, "s", self._beside(s, purpose, lambda peer: (merged, peer, None, None) in self._known), None)
        return self._known.get((merged, s, None, None), ())

    def _remembered(self, merged: bool, s: Term | None, p: NamedNode | None, o: Term | None) -> tuple[Quad, ...] | None:
        key = (merged, s, p, o)
        if key in self._known:
            self._known.move_to_end(key)
        return self._known.get(key)

    def _remember(self, key: _Key, quads: Sequence[Quad]) -> None:
        self._known[key] = tuple(quads)
        self._size += len(quads) + 1
        if key[1] is None:
            self._introduce(str(key[2]), (q.subject for q in quads))
        while self._size > REMEMBERED and len(self._known) > 1:
            _, forgotten = self._known.popitem(last=False)
            self._size -= len(forgotten) + 1

    def _introduce(self, prop: str, terms: Iterable[Term]) -> None:
        """Note things that answers named: who asks about one of them is likely to ask about the next of its kind.

        Of one kind are the values of one property, and the answers to one pattern.
        """
        for term in terms:
            if isinstance(term, NamedNode) and term not in self._kinds:
                kind = self._kinds[term] = prop
                for waiting in self._waiting.setdefault(kind, {_SUBJECTS: {}}).values():
                    waiting[term] = None
        if len(self._kinds) > REMEMBERED:
            self._kinds.clear()
            self._waiting.clear()

    def _beside(self, term: NamedNode, purpose: str, known: Callable[[Term], bool]) -> list[Term]:
        """Return a thing and those of its kind that were named last and are not known yet."""
        kind = self._kinds.get(term, "")
        purposes = self._waiting.get(kind, {_SUBJECTS: {}})
        waiting = purposes.setdefault(purpose, dict(purposes[_SUBJECTS]))
        waiting.pop(term, None)
        peers: list[Term] = []
        while waiting and len(peers) < (_TOGETHER if kind.endswith("/") else _FEW):
            peer = waiting.popitem()[0]
            if not known(peer):
                peers.append(peer)
        return [term, *peers]

    def _begin(self) -> None:
        """Fetch the vocabulary, which every question needs: expressions and lists, classes and properties with what is above them."""
        self._begun = True
        for props in (_EXPRESSION, _TAXONOMY):
            places = " UNION ".join(f"{{ ?s <{prop}> ?x }}" for prop in props)
            found: dict[Term, dict[Quad, None]] = {}
            try:
                for quad in _quads(self._rows(True, f"{places} ?s ?p ?o"), {}):
                    found.setdefault(quad.subject, {})[quad] = None
            except _Cut:  # too large for this server: it comes piece by piece
                return
            for term, quads in found.items():
                self._remember((True, term, None, None), list(quads))

    def _fetch(self, merged: bool, side: str, terms: Sequence[Term], p: NamedNode | None) -> None:
        """Fetch all statements that have one of some terms as their subject (``s``) or, with a predicate, as their object (``o``)."""
        predicate = p or "?p"
        one = len(terms) == 1
        head = "" if one else f"VALUES ?{side} {{ {' '.join(map(str, terms))} }} "
        subject, value = (str(terms[0]) if one and side == here else f"?{here}" for here in "so")
        try:
            rows = self._rows(merged, f"{head}{_place(merged, f'{subject} {predicate} {value}')}")
        except _Cut:
            if not one:
                for half in (terms[: len(terms) // 2], terms[len(terms) // 2 :]):
                    self._fetch(merged, side, half, p)
                return
            if side == "s":
                raise self._too_much() from None
            rows = self._pages(merged, p, terms[0])
        found: dict[Term, list[Quad]] = {term: [] for term in terms}
        fixed = {"p": p} | ({side: terms[0]} if one else {})
        for quad in _quads(rows, fixed):
            found[quad.subject if side == "s" else quad.object].append(quad)
        for term, quads in found.items():
            self._remember((merged, term, None, None) if side == "s" else (merged, None, p, term), quads)
            for quad in quads if side == "s" else ():
                self._introduce(quad.predicate.value, [quad.object])

    def _matching(self, merged: bool, p: NamedNode | None, o: Term | None) -> list[Quad]:
        """Fetch the statements of a pattern without a subject."""
        try:
            rows = self._rows(merged, _place(merged, f"?s {p or '?p'} {o or '?o'}"))
        except _Cut:
            rows = self._pages(merged, p, o)
        return list(_quads(rows, {"p": p, "o": o}))

    def _rows(self, merged: bool, where: str, rest: str | None = None) -> list[_Row]:
        self._whole_store()
        dataset = {"default-graph-uri": MERGED} if merged else {}
        found = self._select(f"SELECT * WHERE {{ {where} }}{rest or ''}", dataset, whole=rest is None)
        names = [v.value for v in found.variables]
        return [dict(zip(names, row, strict=True)) for row in found]

    def _pages(self, merged: bool, p: NamedNode | None, o: Term | None) -> list[_Row]:
        """Fetch a pattern in pages, by the order of the subjects; the last subject of a page comes again with the next."""
        assert self._limit is not None
        found: list[_Row] = []
        size, last = min(self._limit, _PAGE), ""
        where = _place(merged, f"?s {p or '?p'} {o or '?o'}")
        while True:
            page = self._rows(merged, f"{where} FILTER(STR(?s) >= {Literal(last)})", f" ORDER BY STR(?s) LIMIT {size}")
            if len(page) < size:
                return found + page
            subjects = [row["s"].value for row in page if isinstance(row["s"], NamedNode)]
            if subjects[-1] == last:
                raise self._too_much()
            last = subjects[-1]
            found += [row for row, subject in zip(page, subjects, strict=True) if subject != last]

    # --- writing ----------------------------------------------------------------------------------------------------

    def _update(self, text: str) -> None:
        if self._update_url is None:
            raise StoreUnavailable(f"{self.url} was opened for reading only: give the address for updates")
        self._wire.update(self._update_url, text)

    def _loader(self) -> load.Loader:
        post = None
        if self._graph_store_url is not None:
            url = self._graph_store_url
            post = lambda graph, content: self._wire.post(url, graph, content)  # noqa: E731
        return load.Loader(self.url, self._register, self._update, post)

    def extend(self, quads: Iterable[Quad]) -> None:
        """Add statements.

        Raises:
            StoreUnavailable: the server does not take them; those that it took stay.
        """
        self._changed(lambda: self._loader().extend(quads))

    bulk_extend = extend

    def remove_graph(self, graph_name: NamedNode | DefaultGraph) -> None:
        """Take away what is in a graph.

        Raises:
            StoreUnavailable: the server does not do so.
        """
        self._changed(lambda: self._update(f"CLEAR SILENT GRAPH <{load.name(graph_name)}>"))

    def clear(self) -> None:
        """Take away the whole store, and nothing else that the server holds.

        Raises:
            StoreUnavailable: the server does not do so.
        """
        self._changed(self._register.clear)

    def transfer(self, path: Path | str, progress: Callable[[int, int], None] = lambda done, whole: None) -> None:
        """Bring a store to the endpoint, from an N-Quads file without a statement twice, in the place of what is there.

        A transfer that was broken off goes on where it was when it is run again. Until all has arrived and is counted, questions are
        refused.

        Args:
            path: the file; its default graph is what all sources say together.
            progress: told how many statements have arrived, and of how many.

        Raises:
            BadInput: the file cannot be used; the message has the line.
            StoreUnavailable: the server does not take it, or holds another number of statements than were sent.
        """
        self._changed(lambda: self._loader().transfer(Path(path), progress))

    def _changed(self, change: Callable[[], None]) -> None:
        with self._lock:
            try:
                change()
            finally:
                self._forget()
                self._state = None


def _place(merged: bool, pattern: str) -> str:
    """Return a pattern that is about the merged graph, or about the named ones."""
    return pattern if merged else f"{HOLDS} ?g }} GRAPH ?g {{ {pattern} }}"


def _quads(rows: Iterable[_Row], fixed: Mapping[str, Term | None]) -> Iterator[Quad]:
    """Make statements of rows; what the pattern has fixed is in none of them."""
    for row in rows:
        s, p, o = (fixed.get(v) or row[v] for v in "spo")
        assert isinstance(s, NamedNode) and isinstance(p, NamedNode) and o is not None, row
        graph = row.get("g")
        yield Quad(s, p, o, graph if isinstance(graph, NamedNode) else DefaultGraph())
