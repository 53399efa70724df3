"""What the store says: the schema, which every view shares, and facts, which are a choice of sources.

Look-ups go to the store one pattern at a time and are remembered, so that asking about one drug reads only what is about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Protocol

from . import names as n
from .closure import reachable
from .errors import BadOntology
from .expression import Expression, Named, OneOf, Only, Some, parse, parts, substitute
from .rdf import DefaultGraph, Engine, Literal, NamedNode


@dataclass(frozen=True, slots=True)
class Claim:
    """A completeness claim: these are all the values that a property has for a thing."""

    iri: str
    members: tuple[str, ...]


Values = Mapping[str, tuple[str, ...]]
_WHOLE = (n.NS + "s/", n.IMPORTED_DRUG)
"""Things of which little is said: all of it is read in one look-up."""


class Facts(Protocol):
    """What an evaluation reads."""

    def values(self, subject: str, prop: str) -> tuple[str, ...]:
        """Return the IRIs that a thing has for a property, in a fixed order."""

    def types(self, thing: str) -> frozenset[str]:
        """Return the named classes that a thing is stated to be in, superclasses included."""

    def firm(self, statement: str) -> bool:
        """Whether some source makes a statement without its being disputed."""

    def claims(self, subject: str, prop: str) -> tuple[Claim, ...]:
        """Return the claims that list all the values of a property, whether or not they hold."""


class Schema:
    """The vocabulary and the definitions of a store. Remembers what it read.

    Attributes:
        definition: the expression that defines a class; None for a primitive one.
        ancestors: a class with its superclasses, nearest first.
        disjoint: why two classes share no member: the axiom and the two siblings that it sets apart; None if nothing does.
        subjects: what has a value for a property, sorted.
        said: sentences that were made already, by what they are about.
    """

    def __init__(self, store: Engine) -> None:
        self.store = store
        self._about = cache(self._read)
        self.subjects = cache(self._subjects)
        self.definition = cache(self._definition)
        self.ancestors = cache(self._ancestors)
        self.disjoint = cache(self._disjoint)
        self.said: dict[object, str] = {}

    def values(self, subject: str, prop: str) -> tuple[str, ...]:
        """Return the IRIs that a subject has for a predicate, sorted."""
        return self._about(subject)[0].get(prop, ())

    def literals(self, subject: str, prop: str) -> tuple[str, ...]:
        """Return the literal values of a predicate, as text, sorted."""
        return self._about(subject)[1].get(prop, ())

    def _read(self, subject: str) -> tuple[Values, Values]:
        """Read all that is said of a subject in one look-up: IRIs and literals apart."""
        iris: dict[str, list[str]] = {}
        texts: dict[str, list[str]] = {}
        for q in self.store.quads_for_pattern(NamedNode(subject), None, None, DefaultGraph()):
            if isinstance(q.object, (NamedNode, Literal)):
                side = iris if isinstance(q.object, NamedNode) else texts
                side.setdefault(q.predicate.value, []).append(q.object.value)
        return {p: tuple(sorted(v)) for p, v in iris.items()}, {p: tuple(sorted(v)) for p, v in texts.items()}

    def _subjects(self, prop: str, value: str) -> tuple[str, ...]:
        quads = self.store.quads_for_pattern(None, NamedNode(prop), NamedNode(value), DefaultGraph())
        return tuple(sorted({q.subject.value for q in quads if isinstance(q.subject, NamedNode)}))

    def text(self, subject: str, prop: str) -> str | None:
        """Return the first literal value of a predicate, or None."""
        found = self.literals(subject, prop)
        return found[0] if found else None

    def label(self, thing: str) -> str:
        """Return the label of a thing, or its short IRI where it has none."""
        return self.text(thing, n.LABEL) or n.short(thing)

    # --- classes ----------------------------------------------------------------------------------------------------

    def _definition(self, iri: str) -> Expression | None:
        pattern, target = self.values(iri, n.FROM_PATTERN), self.values(iri, n.OF_TARGET)
        if pattern and target:
            whole = self._definition(pattern[0])
            assert whole is not None, pattern
            filler: Expression = Named(target[0]) if n.OWL_CLASS in self.values(target[0], n.TYPE) else OneOf(target)
            put = {n.ANY_TARGET: filler, n.ANY_ENZYME: filler}
            if action := self.values(iri, n.OF_ACTION):
                put[n.ANY_ACTION] = Named(action[0])
            return substitute(whole, put)
        found = self.values(iri, n.EQUIVALENT)
        if not found:
            return None
        if len(found) > 1:
            raise BadOntology([f"{n.short(iri)} has {len(found)} definitions: keep one"])
        try:
            return parse(found[0], self.values)
        except BadOntology as error:
            raise BadOntology([f"the definition of {n.short(iri)}: {problem}" for problem in error.problems]) from None

    def is_class(self, iri: str) -> bool:
        """Whether the IRI is a class that the ontology declares."""
        return n.OWL_CLASS in self.values(iri, n.TYPE)

    def _ancestors(self, iri: str) -> tuple[str, ...]:
        """Return a class with its superclasses, nearest first."""
        return reachable([iri], lambda name: self.values(name, n.SUBCLASS))

    def _disjoint(self, one: str, other: str) -> tuple[str, str, str] | None:
        """Return why two classes share no member: the axiom, and the two siblings that it sets apart; None if nothing does."""
        for a in self.ancestors(one):
            axioms = set(self.values(a, n.IN_SET))
            for b in self.ancestors(other) if axioms else ():
                shared = axioms & set(self.values(b, n.IN_SET))
                if a != b and shared:
                    return min(shared), a, b
        return None

    # --- properties -------------------------------------------------------------------------------------------------

    @cached_property
    def statement_properties(self) -> frozenset[str]:
        """The properties that lead from a drug to its propositions."""
        below = reachable([n.STATEMENT_PROPERTY], lambda name: self.subjects(n.SUBPROPERTY, name))
        return frozenset(below[1:])

    @cached_property
    def functional(self) -> frozenset[str]:
        """The properties with one value at most."""
        return frozenset(self.subjects(n.TYPE, n.OWL_FUNCTIONAL))

    def asked(self, classes: Iterable[str]) -> frozenset[str]:
        """Return the properties that the definitions of classes ask for, by way of other classes too: nothing else decides."""
        found: set[str] = set()
        todo, seen = list(classes), set(classes)
        while todo:
            e = self.definition(todo.pop())
            for part in parts(e) if e is not None else ():
                if isinstance(part, (Some, Only)):
                    found.add(part.prop)
                elif isinstance(part, Named) and part.iri not in seen:
                    seen.add(part.iri)
                    todo.append(part.iri)
        return frozenset(found)

    @cached_property
    def senses(self) -> Mapping[str, tuple[str, ...]]:
        """The senses of each term that has several, in the order of their labels."""
        terms = self.subjects(n.TYPE, n.TERM)
        return {term: tuple(sorted(self.subjects(n.SENSE_OF, term), key=self._sense_order)) for term in terms}

    def _sense_order(self, iri: str) -> tuple[int, str]:
        """Put the narrowest meaning first: strict before broad before the rest."""
        rank = next((i for i, word in enumerate(("strict", "broad", "")) if word in self.label(iri)), 3)
        return rank, iri

    @cached_property
    def marks(self) -> frozenset[str]:
        """The classes that loading puts propositions into, and no author."""
        return frozenset(self.subjects(n.TYPE, n.MARK))

    def drugs(self) -> tuple[str, ...]:
        """Return the drugs of the store, metabolites left out, sorted."""
        return tuple(sorted(set(self.subjects(n.TYPE, n.DRUG)) - set(self.subjects(n.TYPE, n.METABOLITE))))

    def defined_classes(self) -> tuple[str, ...]:
        """Return the classes with a definition of their own, sorted; those that a pattern makes are left out."""
        quads = self.store.quads_for_pattern(None, NamedNode(n.EQUIVALENT), None, DefaultGraph())
        found = {q.subject.value for q in quads if isinstance(q.subject, NamedNode)}
        return tuple(sorted(found - set(self.subjects(n.TYPE, n.PATTERN))))

    def pattern_classes(self) -> tuple[str, ...]:
        """Return the classes that patterns make, sorted."""
        quads = self.store.quads_for_pattern(None, NamedNode(n.OF_TARGET), None, DefaultGraph())
        return tuple(sorted({q.subject.value for q in quads if isinstance(q.subject, NamedNode)}))

    @cached_property
    def drug_classes(self) -> tuple[str, ...]:
        """The defined classes whose sort is :Drug, sorted."""
        return tuple(c for c in self.defined_classes() if sort_of(self.definition(c)) == n.DRUG)


def sort_of(e: Expression | None) -> str | None:
    """Return the named sort that a definition begins with; None where it begins with none."""
    first = getattr(e, "parts", (None,))[0]
    return first.iri if isinstance(first, Named) else None


class View:
    """Facts from a store, with some sources left out, and some statements hidden or added.

    Args:
        store: the store. Its default graph holds what all sources say together; each named graph what one source says.
        without: IRIs of sources that are withdrawn.
        hidden: IRIs of propositions and claims to overlook.
        added: further values, keyed by subject and property; a claim on such a pair is taken to list them too.
    """

    def __init__(
        self,
        store: Engine,
        without: Iterable[str] = (),
        hidden: Iterable[str] = (),
        added: Mapping[tuple[str, str], tuple[str, ...]] | None = None,
    ) -> None:
        self._store = store
        self.without = frozenset(without)
        self.hidden = frozenset(hidden)
        self._added = dict(added or {})
        self._graph = None if self.without else DefaultGraph()
        self._read: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {}
        self._types: dict[str, frozenset[str]] = {}
        self._about: dict[str, tuple[tuple[str, str], ...]] = {}

    def hiding(self, hidden: Iterable[str]) -> View:
        """Return a view of the same sources that overlooks more statements."""
        return View(self._store, self.without, self.hidden | set(hidden), self._added)

    def adding(self, added: Mapping[tuple[str, str], tuple[str, ...]]) -> View:
        """Return a view of the same sources with more values."""
        merged = dict(self._added)
        for key, values in added.items():
            merged[key] = merged.get(key, ()) + values
        return View(self._store, self.without, self.hidden, merged)

    def values(self, subject: str, prop: str) -> tuple[str, ...]:
        """Return the IRIs that a thing has for a property, sorted."""
        whole = subject.startswith(_WHOLE)
        key = (subject, "" if whole else prop)
        about = self._read.get(key)
        if about is None:
            about = self._read[key] = self._look_up(subject, None if whole else prop)
        return about.get(prop, ())

    def _look_up(self, subject: str, prop: str | None) -> dict[str, tuple[str, ...]]:
        """Read one property of a thing, or all of them."""
        found: dict[str, set[str]] = {}
        wanted = NamedNode(prop) if prop else None
        for q in self._store.quads_for_pattern(NamedNode(subject), wanted, None, self._graph):
            if isinstance(q.object, NamedNode) and self._visible(q.graph_name):
                found.setdefault(q.predicate.value, set()).add(q.object.value)
        for (thing, other), values in self._added.items():
            if thing == subject and prop in (None, other):
                found.setdefault(other, set()).update(values)
        return {p: tuple(sorted(values - self.hidden)) for p, values in found.items()}

    def types(self, thing: str) -> frozenset[str]:
        """Return the named classes that a thing is stated to be in."""
        if thing not in self._types:
            self._types[thing] = frozenset(self.values(thing, n.TYPE))
        return self._types[thing]

    def firm(self, statement: str) -> bool:
        """Whether some source in view makes a statement without its being disputed."""
        return n.FIRM in self.types(statement)

    def claims(self, subject: str, prop: str) -> tuple[Claim, ...]:
        """Return the claims on a property that the sources in view make."""
        if subject not in self._about:
            quads = self._store.quads_for_pattern(None, NamedNode(n.ABOUT), NamedNode(subject), self._graph)
            found = {q.subject.value for q in quads if isinstance(q.subject, NamedNode) and self._visible(q.graph_name)}
            pairs = [(p, c) for c in sorted(found - self.hidden) for p in self.values(c, n.ON_PROPERTY)]
            self._about[subject] = tuple(pairs)
        more = self._added.get((subject, prop), ())
        return tuple(Claim(c, self._members(c) + more) for p, c in self._about[subject] if p == prop)

    def _members(self, claim: str) -> tuple[str, ...]:
        """Return what a claim lists, whether or not it is still stated: a hidden member voids the claim, it does not leave it."""
        quads = self._store.quads_for_pattern(NamedNode(claim), NamedNode(n.MEMBER), None, DefaultGraph())
        return tuple(sorted(q.object.value for q in quads if isinstance(q.object, NamedNode)))

    def _visible(self, graph: object) -> bool:
        if not self.without:
            return True
        return isinstance(graph, NamedNode) and graph.value != n.DERIVED_GRAPH and graph.value not in self.without
