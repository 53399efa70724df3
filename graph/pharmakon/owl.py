"""The graph as OWL 2, for a reasoner: every thing is a class, a statement an existential, a completeness claim a universal.

Only what can bear on the classes that are asked about is written: the properties that their definitions mention, the drugs that
are asked about with those that they lead to, and the names that then occur. A thing becomes a class since a reasoner classifies
thousands of classes in the time in which it realises a few hundred individuals; a list of individuals becomes the union of
their classes. Unique names, which Turtle does not write, are written here as disjointness, sort by sort.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from . import names as n
from .evaluate import NO_UNIQUE_NAME
from .expression import And, Expression, Named, Not, OneOf, Only, Or, Some, parse, read_list, walk
from .facts import Facts, Schema
from .rdf import BlankNode, NamedNode, Quad, RdfFormat, Term, serialize

NOTHING = Named(n.OWL + "Nothing")


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


def view(schema: Schema, facts: Facts, drugs: Sequence[str], classes: Sequence[str]) -> list[Axiom]:
    """Write what the facts say of some drugs, and what some classes mean, as axioms.

    Args:
        schema: the vocabulary and the definitions.
        facts: the facts; a claim that lists what they do not state is void and left out.
        drugs: IRIs of drugs.
        classes: IRIs of defined classes.
    """
    definitions = dict(_definitions(schema, classes))
    parts = [part for e in definitions.values() for part in walk(e)]
    props = sorted({part.prop for part in parts if isinstance(part, (Some, Only))})
    writer = _Writer(schema, facts, props)
    things = writer.reached([*drugs, *(m for part in parts if isinstance(part, OneOf) for m in part.members)])
    axioms: list[Axiom] = [Same(name, classes_for(e)) for name, e in definitions.items()]
    axioms += [axiom for thing in things for axiom in writer.thing(thing)]
    axioms += [_property(schema, prop, props) for prop in props]
    axioms += _hierarchy(schema, sorted(_named(axioms) - set(things) - set(definitions)))
    return [*axioms, *_unique_names(schema, facts, things)]


def classes_for(e: Expression) -> Expression:
    """Put classes in the place of things: a list of things becomes the union of their classes."""
    match e:
        case OneOf(members):
            return _union([Named(m) for m in members])
        case And(parts):
            return And(tuple(classes_for(p) for p in parts))
        case Or(parts):
            return Or(tuple(classes_for(p) for p in parts))
        case Not(part):
            return Not(classes_for(part))
        case Some(prop, filler):
            return Some(prop, classes_for(filler))
        case Only(prop, filler):
            return Only(prop, classes_for(filler))
        case Named():
            return e


def _definitions(schema: Schema, classes: Iterable[str]) -> Iterator[tuple[str, Expression]]:
    """Yield the definitions of classes and of the classes that they name."""
    todo, seen = list(classes), set(classes)
    while todo:
        name = todo.pop(0)
        definition = schema.definition(name)
        if definition is not None:
            yield name, definition
            inner = [part.iri for part in walk(definition) if isinstance(part, Named) and part.iri not in seen]
            todo += dict.fromkeys(inner)
            seen.update(inner)


class _Writer:
    """Writes what facts say of things, in the properties that count."""

    def __init__(self, schema: Schema, facts: Facts, props: Sequence[str]) -> None:
        self.schema, self.facts = schema, facts
        self.statements = [p for p in props if p in schema.statement_properties]
        self.qualifiers = [p for p in props if p not in schema.statement_properties]

    def reached(self, start: Iterable[str]) -> list[str]:
        """Return things and all that their statements lead to."""
        found = dict.fromkeys(start)
        todo = list(found)
        while todo:
            thing = todo.pop()
            for prop in self.statements:
                for statement in self.facts.values(thing, prop):
                    more = [v for q in self.qualifiers for v in self.facts.values(statement, q) if v not in found]
                    found.update(dict.fromkeys(more))
                    todo += more
        return sorted(found)

    def thing(self, thing: str) -> Iterator[Axiom]:
        yield from (Below(thing, Named(kind)) for kind in self._kinds(thing))
        for prop in self.statements:
            stated = self.facts.values(thing, prop)
            described = {v: self._statement(v) for v in stated}
            firm = dict.fromkeys(e for v, e in described.items() if self.facts.firm(v))
            yield from (Below(thing, Some(prop, e)) for e in firm)
            for claim in self.facts.claims(thing, prop):
                if set(claim.members) <= set(stated):
                    yield Below(thing, Only(prop, _union([described[m] for m in claim.members])))

    def _statement(self, statement: str) -> Expression:
        kinds = [Named(kind) for kind in self._kinds(statement)]
        parts = (*kinds, *(Some(q, Named(v)) for q in self.qualifiers for v in self.facts.values(statement, q)))
        return parts[0] if len(parts) == 1 else And(parts)

    def _kinds(self, thing: str) -> list[str]:
        """Return the narrowest primitive classes that a thing is stated to be in; derived memberships are what is to be judged."""
        kinds = {k for k in self.facts.types(thing) if self.schema.is_class(k) and self.schema.definition(k) is None}
        return sorted(k for k in kinds if not any(k in self.schema.ancestors(other)[1:] for other in kinds))


def _union(parts: Sequence[Expression]) -> Expression:
    unique = tuple(dict.fromkeys(parts))
    return NOTHING if not unique else unique[0] if len(unique) == 1 else Or(unique)


def _property(schema: Schema, prop: str, props: Sequence[str]) -> Property:
    domains, ranges = (tuple(parse(e, schema.values) for e in schema.values(prop, p)) for p in (n.DOMAIN, n.RANGE))
    above = tuple(p for p in schema.values(prop, n.SUBPROPERTY) if p in props)
    return Property(prop, prop in schema.functional, domains, ranges, above)


def _named(axioms: Iterable[Axiom]) -> set[str]:
    """Return the classes that axioms name."""
    found: set[str] = set()
    for axiom in axioms:
        match axiom:
            case Below(name, whole) | Same(name, whole):
                found |= {name} | {part.iri for part in walk(whole) if isinstance(part, Named)}
            case Property(_, _, domains, ranges, _):
                found |= {part.iri for e in (*domains, *ranges) for part in walk(e) if isinstance(part, Named)}
    return found - {NOTHING.iri}


def _hierarchy(schema: Schema, names: Sequence[str]) -> Iterator[Axiom]:
    """Yield the superclasses of primitive classes, and what sets them apart from each other."""
    known = dict.fromkeys(a for name in names for a in schema.ancestors(name))
    for name in known:
        yield from (Below(name, Named(above)) for above in schema.values(name, n.SUBCLASS))
        yield from (Apart((name, other)) for other in schema.values(name, n.OWL + "disjointWith") if other in known)
    for axiom in schema.subjects(n.TYPE, n.ALL_DISJOINT):
        members = tuple(m for head in schema.values(axiom, n.MEMBERS) for m in read_list(head, schema.values) if m in known)
        if len(members) > 1:
            yield Apart(members)


def _unique_names(schema: Schema, facts: Facts, things: Iterable[str]) -> Iterator[Axiom]:
    """Yield, for each sort, that its things are different things: all but those that may be the same as others."""
    sorts: dict[str, list[str]] = {}
    for thing in things:
        types = facts.types(thing)
        if types.isdisjoint(NO_UNIQUE_NAME):
            tops = sorted(t for t in types if schema.is_class(t) and schema.definition(t) is None and not schema.values(t, n.SUBCLASS))
            sorts.setdefault(" ".join(tops), []).append(thing)
    yield from (Apart(tuple(members)) for members in sorts.values() if len(members) > 1)


# --- as triples -----------------------------------------------------------------------------------------------------


def write(axioms: Iterable[Axiom]) -> bytes:
    """Write axioms as N-Triples. Anonymous nodes are numbered, so that the same axioms give the same bytes."""
    found = _Triples()
    for axiom in axioms:
        found.axiom(axiom)
    written = serialize(found.quads, format=RdfFormat.N_TRIPLES)
    assert written is not None
    return written


class _Triples:
    def __init__(self) -> None:
        self.quads: list[Quad] = []
        self._nodes = 0

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
        self.quads.append(Quad(subject, NamedNode(prop), value))

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
            case Some(prop, filler) | Only(prop, filler):
                node = self._new(n.OWL + "Restriction")
                self._say(node, n.OWL + "onProperty", NamedNode(prop))
                self._say(node, n.OWL + ("someValuesFrom" if isinstance(e, Some) else "allValuesFrom"), self._class(filler))
                return node
            case Not(part):
                node = self._new(n.OWL_CLASS)
                self._say(node, n.OWL + "complementOf", self._class(part))
                return node
            case And(parts) | Or(parts):
                node = self._new(n.OWL_CLASS)
                construct = "intersectionOf" if isinstance(e, And) else "unionOf"
                self._say(node, n.OWL + construct, self._list([self._class(p) for p in parts]))
                return node
            case OneOf():
                raise TypeError("lists of things become unions of classes before they are written")

    def _list(self, items: Sequence[Term]) -> NamedNode | BlankNode:
        head: NamedNode | BlankNode = NamedNode(n.NIL)
        for item in reversed(items):
            self._nodes += 1
            node = BlankNode(f"b{self._nodes}")
            self._say(node, n.FIRST, item)
            self._say(node, n.REST, head)
            head = node
        return head
