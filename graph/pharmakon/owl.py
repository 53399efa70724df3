"""The graph as OWL 2, for a reasoner: every thing is a class, a statement an existential, a completeness claim a universal.

Only what can bear on the classes that are asked about is written: the properties that their definitions mention, the drugs that
are asked about with those that they lead to, and the names that then occur. A thing becomes a class since a reasoner classifies
thousands of classes in the time in which it realises a few hundred individuals; a list of individuals becomes the union of
their classes. Unique names, which Turtle does not write, are written here as disjointness, sort by sort.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from . import names as n
from .axioms import Apart, Axiom, Below, Property, Same
from .evaluate import NO_UNIQUE_NAME
from .expression import And, Expression, Named, Not, OneOf, Only, Or, Some, parse, read_list, walk
from .facts import Facts, Schema

NOTHING = Named(n.OWL + "Nothing")


Pair = tuple[str, str]
"""A drug and a class, by IRI: the question whether the one is the other."""


def overlap(pair: Pair) -> str:
    """Return the name of what is both the drug and in the class: it is empty if, and only if, the drug is none."""
    drug, name = pair
    return f"{drug}/and/{name.removeprefix(n.NS)}"


def view(schema: Schema, facts: Facts, pairs: Sequence[Pair]) -> list[Axiom]:
    """Write what bears on some questions as axioms.

    A drug is in a class if it is below it, and is not if their overlap is empty. (A complement of each class would serve as well,
    and takes HermiT ten times as long where most of the pairs of a run are not asked about.)

    Args:
        schema: the vocabulary and the definitions.
        facts: the facts; a claim that lists what they do not state is void and left out.
        pairs: the questions; the classes are defined ones.
    """
    drugs, classes = (sorted({pair[i] for pair in pairs}) for i in (0, 1))
    definitions = dict(_definitions(schema, classes))
    parts = [part for e in definitions.values() for part in walk(e)]
    props = sorted({part.prop for part in parts if isinstance(part, (Some, Only))})
    writer = _Writer(schema, facts, props)
    things = writer.reached([*drugs, *(m for part in parts if isinstance(part, OneOf) for m in part.members)])
    axioms: list[Axiom] = [Same(name, classes_for(e)) for name, e in definitions.items()]
    axioms += [axiom for thing in things for axiom in writer.thing(thing)]
    axioms += [_property(schema, prop, props) for prop in props]
    axioms += _hierarchy(schema, sorted(_named(axioms) - set(things) - set(definitions)))
    axioms += _unique_names(schema, facts, things)
    return [*axioms, *(Below(overlap(pair), Named(side)) for pair in pairs for side in pair)]


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
        values = (Some(q, Named(v)) for q in self.qualifiers for v in self.facts.values(statement, q))
        parts: tuple[Expression, ...] = (*kinds, *values)
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
