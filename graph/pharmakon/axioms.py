"""OWL 2 axioms as values, and how they are written as triples.

Class expressions are those of :mod:`pharmakon.expression`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from . import names as n
from .expression import And, Expression, Named, Not, OneOf, Only, Or, Some
from .rdf import BlankNode, NamedNode, Quad, RdfFormat, Term, serialize


@dataclass(frozen=True, slots=True)
class Below:
    """Everything in a class is in an expression (``rdfs:subClassOf``)."""

    name: str
    whole: Expression


@dataclass(frozen=True, slots=True)
class Same:
    """A class and an expression have the same members (``owl:equivalentClass``)."""

    name: str
    whole: Expression


@dataclass(frozen=True, slots=True)
class Apart:
    """No two of the classes share a member (``owl:AllDisjointClasses``)."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Property:
    """A property: whether it has one value at most, what it is said of, where it leads to, what it is part of."""

    name: str
    functional: bool
    domains: tuple[Expression, ...]
    ranges: tuple[Expression, ...]
    above: tuple[str, ...]


Axiom = Below | Same | Apart | Property


def write(axioms: Iterable[Axiom]) -> bytes:
    """Write axioms as N-Triples. Anonymous nodes are numbered, so that the same axioms give the same bytes."""
    found = _Triples()
    for axiom in axioms:
        found.axiom(axiom)
    written = serialize(found.quads(), format=RdfFormat.N_TRIPLES)
    assert written is not None
    return written


class _Triples:
    def __init__(self) -> None:
        self._found: dict[Quad, None] = {}
        self._nodes = 0

    def quads(self) -> list[Quad]:
        return list(self._found)

    def axiom(self, axiom: Axiom) -> None:
        match axiom:
            case Below(name, whole):
                self._say(NamedNode(name), n.SUBCLASS, self._class(whole))
            case Same(name, whole):
                self._say(NamedNode(name), n.EQUIVALENT, self._class(whole))
            case Apart(members):
                self._say(self._new(n.ALL_DISJOINT), n.MEMBERS, self._list([self._class(Named(m)) for m in members]))
            case Property(name, functional, domains, ranges, above):
                node = NamedNode(name)
                self._say(node, n.TYPE, NamedNode(n.OWL + "ObjectProperty"))
                if functional:
                    self._say(node, n.TYPE, NamedNode(n.OWL_FUNCTIONAL))
                for prop, classes in ((n.DOMAIN, domains), (n.RANGE, ranges)):
                    for e in classes:
                        self._say(node, prop, self._class(e))
                for wider in above:
                    self._say(node, n.SUBPROPERTY, NamedNode(wider))

    def _say(self, subject: NamedNode | BlankNode, prop: str, value: Term) -> None:
        self._found[Quad(subject, NamedNode(prop), value)] = None

    def _new(self, kind: str) -> BlankNode:
        self._nodes += 1
        node = BlankNode(f"b{self._nodes}")
        self._say(node, n.TYPE, NamedNode(kind))
        return node

    def _class(self, e: Expression) -> NamedNode | BlankNode:
        match e:
            case Named(iri):
                named = NamedNode(iri)
                self._say(named, n.TYPE, NamedNode(n.OWL_CLASS))
                return named
            case Some(prop, OneOf((thing,))):
                return self._restriction(prop, "hasValue", NamedNode(thing))
            case Some(prop, filler):
                return self._restriction(prop, "someValuesFrom", self._class(filler))
            case Only(prop, filler):
                return self._restriction(prop, "allValuesFrom", self._class(filler))
            case Not(part):
                return self._anonymous("complementOf", self._class(part))
            case And(parts):
                return self._anonymous("intersectionOf", self._list([self._class(p) for p in parts]))
            case Or(parts):
                return self._anonymous("unionOf", self._list([self._class(p) for p in parts]))
            case OneOf(members):
                return self._anonymous("oneOf", self._list([NamedNode(m) for m in members]))

    def _anonymous(self, construct: str, value: Term) -> BlankNode:
        node = self._new(n.OWL_CLASS)
        self._say(node, n.OWL + construct, value)
        return node

    def _restriction(self, prop: str, kind: str, value: Term) -> BlankNode:
        node = self._new(n.OWL + "Restriction")
        self._say(node, n.OWL + "onProperty", NamedNode(prop))
        self._say(node, n.OWL + kind, value)
        return node

    def _list(self, items: Sequence[Term]) -> NamedNode | BlankNode:
        head: NamedNode | BlankNode = NamedNode(n.NIL)
        for item in reversed(items):
            self._nodes += 1
            node = BlankNode(f"b{self._nodes}")
            self._say(node, n.FIRST, item)
            self._say(node, n.REST, head)
            head = node
        return head
