"""Look-ups at a server, remembered.

A request costs a thousand times what a look-up in memory costs. So a thing is fetched with all that is said of it, together with others
of its kind, which are likely to be asked for next: the values of the same property, the answers to the same pattern.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from .. import names as n
from ..errors import StoreUnavailable
from ..rdf import DefaultGraph, Literal, NamedNode, Quad, Term
from .register import HOLDS
from .server import DEFAULT, Cut, Row, Server

_Key = tuple[bool, Term | None, NamedNode | None, Term | None]

REMEMBERED = 500_000
"""How many statements are remembered at most; those that were asked for longest ago are forgotten first."""

_TOGETHER, _FEW, _PAGE = 200, 40, 10_000
_STATEMENT = n.NS + "s/"
_SUBJECTS, _IN_NAMED = "subjects", "subjects of named graphs"
_EXPRESSION = (n.FIRST, *(n.OWL + word for word in ("onProperty", "intersectionOf", "unionOf", "complementOf", "oneOf")))
_TAXONOMY = (n.SUBCLASS, n.SUBPROPERTY, n.EQUIVALENT)


class Cache:
    """What is known of the store at a server. ``merged`` tells its default graph from its named ones."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._known: OrderedDict[_Key, tuple[Quad, ...]] = OrderedDict()
        self._size = 0
        self._kinds: dict[Term, str] = {}
        self._waiting: dict[str, dict[str, dict[Term, None]]] = {}
        self._begun = False

    def matching(self, merged: bool, s: Term | None, p: NamedNode | None, o: Term | None) -> Sequence[Quad]:
        """Return the statements of a pattern.

        Raises:
            StoreUnavailable: the server does not answer, or not wholly.
        """
        if s is not None:
            about = self._about(merged, s) if isinstance(s, NamedNode) else ()
            return [q for q in about if (p is None or q.predicate == p) and (o is None or q.object == o)]
        found = self._remembered((merged, None, p, o))
        if found is None and p is not None and isinstance(o, NamedNode) and p.value != n.TYPE:
            self._fetch(merged, "o", self._beside(o, f"{merged} {p}", lambda peer: (merged, None, p, peer) in self._known), p)
            found = self._remembered((merged, None, p, o))
        if found is None:
            found = tuple(self._quads(self._all(merged, p, o), {"p": p, "o": o}))
            self._remember((merged, None, p, o), found)
        return found

    def prefetch(self, merged: bool, subjects: Iterable[NamedNode]) -> None:
        """Fetch all that is said of many things, some hundred at a time."""
        wanted = iter([s for s in dict.fromkeys(subjects) if (merged, s, None, None) not in self._known])
        while some := list(islice(wanted, _TOGETHER)):
            self._fetch(merged, "s", some, None)

    # --- memory -----------------------------------------------------------------------------------------------------

    def _remembered(self, key: _Key) -> tuple[Quad, ...] | None:
        if key in self._known:
            self._known.move_to_end(key)
        return self._known.get(key)

    def _remember(self, key: _Key, quads: Iterable[Quad]) -> None:
        self._size -= len(self._known.pop(key, ()))
        self._known[key] = tuple(quads)
        self._size += len(self._known[key])
        if key[1] is None:
            self._introduce(str(key[2]), (q.subject for q in self._known[key]))
        while self._size > REMEMBERED and len(self._known) > 1:
            self._size -= len(self._known.popitem(last=False)[1])

    def _introduce(self, kind: str, terms: Iterable[Term]) -> None:
        """Note things of one kind that answers named."""
        for term in terms:
            if isinstance(term, NamedNode) and term not in self._kinds:
                self._kinds[term] = kind
                for waiting in self._waiting.setdefault(kind, {_SUBJECTS: {}}).values():
                    waiting[term] = None
        if len(self._kinds) > REMEMBERED:
            self._kinds.clear()
            self._waiting.clear()

    def _beside(self, term: NamedNode, purpose: str, known: Callable[[Term], bool]) -> list[Term]:
        """Return a thing, and those of its kind that were named last and are not known yet for the same purpose."""
        purposes = self._waiting.get(self._kinds.get(term, ""), {_SUBJECTS: {}})
        waiting = purposes.setdefault(purpose, dict(purposes[_SUBJECTS]))
        waiting.pop(term, None)
        peers: list[Term] = []
        while waiting and len(peers) < (_TOGETHER if term.value.startswith(_STATEMENT) else _FEW):
            peer = waiting.popitem()[0]
            if not known(peer):
                peers.append(peer)
        return [term, *peers]

    # --- requests ---------------------------------------------------------------------------------------------------

    def _about(self, merged: bool, s: NamedNode) -> Sequence[Quad]:
        """Return all that is said of a thing; where it must be fetched, others of its kind come with it."""
        key = (merged, s, None, None)
        if key not in self._known and merged and not self._begun:
            self._begin()
        if key not in self._known:
            purpose = _SUBJECTS if merged else _IN_NAMED
            self._fetch(merged, "s", self._beside(s, purpose, lambda peer: (merged, peer, None, None) in self._known), None)
        return self._remembered(key) or ()

    def _begin(self) -> None:
        """Fetch the vocabulary, which every question needs: expressions and lists, classes and properties with what is above them."""
        self._begun = True
        for props in (_EXPRESSION, _TAXONOMY):
            places = " UNION ".join(f"{{ ?s <{prop}> ?x }}" for prop in props)
            found: dict[Term, dict[Quad, None]] = {}
            try:
                for quad in self._quads(self._server.rows(f"{places} ?s ?p ?o", DEFAULT), {}):
                    found.setdefault(quad.subject, {})[quad] = None
            except Cut:  # too large for this server: it comes piece by piece
                return
            for term, quads in found.items():
                self._remember((True, term, None, None), quads)

    def _fetch(self, merged: bool, side: str, terms: Sequence[Term], p: NamedNode | None) -> None:
        """Fetch all statements that have one of some terms as their subject (``s``) or, with a predicate, as their object (``o``)."""
        one = len(terms) == 1
        head = "" if one else f"VALUES ?{side} {{ {' '.join(map(str, terms))} }} "
        s, o = (str(terms[0]) if one and side == here else f"?{here}" for here in "so")
        try:
            rows = self._server.rows(head + _place(merged, f"{s} {p or '?p'} {o}"), _dataset(merged))
        except Cut:
            if not one:
                for half in (terms[len(terms) // 2 :], terms[: len(terms) // 2]):
                    self._fetch(merged, side, half, p)
                return
            if side == "s":
                raise self._server.too_much() from None
            rows = self._pages(merged, p, terms[0])
        found: dict[Term, list[Quad]] = {term: [] for term in terms}
        for quad in self._quads(rows, {"p": p} | ({side: terms[0]} if one else {})):
            found.setdefault(quad.subject if side == "s" else quad.object, []).append(quad)
        for term, quads in reversed(found.items()):  # the first is what is asked for: it must be forgotten last
            self._remember((merged, term, None, None) if side == "s" else (merged, None, p, term), quads)
            for quad in quads if side == "s" else ():
                self._introduce(quad.predicate.value, [quad.object])

    def _all(self, merged: bool, p: NamedNode | None, o: Term | None) -> list[Row]:
        """Fetch the statements of a pattern without a subject."""
        try:
            return self._server.rows(_place(merged, f"?s {p or '?p'} {o or '?o'}"), _dataset(merged))
        except Cut:
            return self._pages(merged, p, o)

    def _pages(self, merged: bool, p: NamedNode | None, o: Term | None) -> list[Row]:
        """Fetch a pattern in pages, by the order of the subjects; the last subject of a page comes again with the next."""
        found: list[Row] = []
        size, last = min(self._server.limit or _PAGE, _PAGE), ""
        where = _place(merged, f"?s {p or '?p'} {o or '?o'}")
        while True:
            page = self._server.rows(f"{where} FILTER(STR(?s) >= {Literal(last)})", _dataset(merged), f" ORDER BY STR(?s) LIMIT {size}")
            if len(page) < size:
                return found + page
            subjects = [row["s"].value for row in page if isinstance(row["s"], NamedNode)]
            if subjects[-1] == last:
                raise self._server.too_much()
            last = subjects[-1]
            found += [row for row, subject in zip(page, subjects, strict=True) if subject != last]

    def _quads(self, rows: Iterable[Row], fixed: Mapping[str, Term | None]) -> Iterator[Quad]:
        """Make statements of rows; what the pattern has fixed is in none of them."""
        for row in rows:
            s, p, o = (fixed.get(v) or row.get(v) for v in "spo")
            graph = row.get("g")
            if not isinstance(s, NamedNode) or not isinstance(p, NamedNode) or not isinstance(o, (NamedNode, Literal)):
                raise StoreUnavailable(
                    f"{self._server.url} holds a statement that no transfer brought: {s} {p} {o}; transfer the store again"
                )
            yield Quad(s, p, o, graph if isinstance(graph, NamedNode) else DefaultGraph())


def _dataset(merged: bool) -> Mapping[str, str]:
    return DEFAULT if merged else {}


def _place(merged: bool, pattern: str) -> str:
    """Return a pattern that is about the merged graph, or about the named ones."""
    return pattern if merged else f"{HOLDS} ?g }} GRAPH ?g {{ {pattern} }}"
