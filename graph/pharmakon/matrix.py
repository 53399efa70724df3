"""Verdicts of many drugs for many classes at once, over an index of arrays.

The same semantics as :mod:`pharmakon.evaluate`, evaluated the other way round: one expression at a time for all things, as two
bit columns ("is" and "is not"). Drugs are independent of each other, so an index may hold any batch of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from . import names as n
from .evaluate import NO_UNIQUE_NAME
from .expression import And, Expression, Named, Not, OneOf, Only, Or, Some
from .facts import Facts, Schema

Bits = NDArray[np.bool_]


@dataclass
class _Listing:
    """The claims on one property that hold: the drug of each, and the members of all with the claim that lists them."""

    drugs: list[int] = field(default_factory=list)
    claim_of_member: list[int] = field(default_factory=list)
    members: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)


class Index:
    """Arrays of what facts say about some drugs and everything that they lead to.

    Args:
        schema: the vocabulary and definitions.
        facts: the facts.
        drugs: IRIs of the drugs of this batch.

    Attributes:
        conflicted: drugs of which a value is stated that a claim does not list. Whether an answer about them is contradicted is
            not told here: see :meth:`pharmakon.evaluate.Evaluator.verdict`.
    """

    def __init__(self, schema: Schema, facts: Facts, drugs: Sequence[str]) -> None:
        self.schema, self.drugs = schema, tuple(drugs)
        self._facts, self._asked = facts, frozenset[str]()
        self._start()

    def _start(self) -> None:
        self._ids: dict[str, int] = {}
        self._edges: dict[str, tuple[list[int], list[int]]] = {}
        self._claims: dict[str, _Listing] = {}
        self._members: dict[str, list[int]] = {}
        self._unique: list[int] = []
        self.conflicted: set[str] = set()
        self._memo: dict[Expression, tuple[Bits, Bits]] = {}
        self._collect(self._facts)
        self._arrays = {p: (np.array(a, dtype=np.intp), np.array(b, dtype=np.intp)) for p, (a, b) in self._edges.items()}

    def _id(self, thing: str) -> int:
        return self._ids.setdefault(thing, len(self._ids))

    def _collect(self, facts: Facts) -> None:
        statements = sorted(self.schema.statement_properties & self._asked)
        qualifiers = sorted(self.schema.functional - self.schema.statement_properties)
        todo, seen = list(self.drugs), set(self.drugs)
        while todo:
            thing = todo.pop()
            here, types = self._id(thing), facts.types(thing)
            for kind in types:
                self._members.setdefault(kind, []).append(here)
            proposition = n.PROPOSITION in types
            if types.isdisjoint(NO_UNIQUE_NAME):
                self._unique.append(here)
            for prop in qualifiers if proposition else statements if n.DRUG in types else ():
                values = facts.values(thing, prop)
                if values:
                    firm = [v for v in values if proposition or facts.firm(v)]
                    sources, targets = self._edges.setdefault(prop, ([], []))
                    sources += [here] * len(firm)
                    targets += [self._id(v) for v in firm]
                    todo += [v for v in values if v not in seen]
                    seen.update(values)
                if not proposition:
                    self._collect_claims(facts, thing, prop, values)

    def _collect_claims(self, facts: Facts, drug: str, prop: str, stated: tuple[str, ...]) -> None:
        for claim in facts.claims(drug, prop):
            if set(claim.members) != set(stated):
                if set(claim.members) < set(stated):
                    self.conflicted.add(drug)
                continue
            listing = self._claims.setdefault(prop, _Listing())
            listing.claim_of_member += [len(listing.drugs)] * len(claim.members)
            listing.members += [self._id(m) for m in claim.members]
            listing.sizes.append(len(claim.members))
            listing.drugs.append(self._id(drug))

    # --- evaluation -------------------------------------------------------------------------------------------------

    def verdicts(self, classes: Iterable[str]) -> Mapping[str, tuple[Bits, Bits]]:
        """Evaluate classes for the drugs of the index.

        Returns:
            For each class two boolean arrays in the order of ``drugs``: proved to be a member, proved to be none.
        """
        classes = tuple(classes)
        asked = self.schema.asked(classes)
        if not asked <= self._asked:
            self._asked |= asked
            self._start()
        rows = np.array([self._ids[d] for d in self.drugs], dtype=np.intp)
        return {c: (yes[rows], no[rows]) for c in classes for yes, no in [self._evaluate(Named(c))]}

    def _evaluate(self, e: Expression) -> tuple[Bits, Bits]:
        found = self._memo.get(e)
        if found is None:
            found = self._memo[e] = self._compute(e)
        return found

    def _compute(self, e: Expression) -> tuple[Bits, Bits]:
        match e:
            case Named(iri):
                definition = self.schema.definition(iri)
                return self._primitive(iri) if definition is None else self._evaluate(definition)
            case Not(part):
                yes, no = self._evaluate(part)
                return no, yes
            case And(parts) | Or(parts):
                both, either = (np.logical_and.reduce, np.logical_or.reduce)
                columns = [self._evaluate(part) for part in parts]
                yes_of, no_of = (both, either) if isinstance(e, And) else (either, both)
                return yes_of([y for y, _ in columns]), no_of([no for _, no in columns])
            case OneOf(members):
                yes = self._column([self._ids[m] for m in members if m in self._ids])
                return yes, np.logical_and.reduce([self._other_than(m) for m in members]) & ~yes
            case Some(prop, filler):
                yes, no = self._evaluate(filler)
                return self._witness(prop, yes), self._exhaustive(prop, no)
            case Only(prop, filler):
                yes, no = self._evaluate(filler)
                return self._exhaustive(prop, yes), self._witness(prop, no)

    def _other_than(self, member: str) -> Bits:
        """Return what cannot be the same as a thing: both are unique, or their classes share no member."""
        types = self.schema.values(member, n.TYPE)
        columns = [self._evaluate(Named(t))[1] for t in types if self.schema.definition(t) is None]
        unique = self._unique if NO_UNIQUE_NAME.isdisjoint(types) else ()
        other: Bits = np.logical_or.reduce([self._column(unique), *columns])
        return other

    def _column(self, ids: Iterable[int]) -> Bits:
        column = np.zeros(len(self._ids), dtype=np.bool_)
        column[np.fromiter(ids, dtype=np.intp)] = True
        return column

    def _primitive(self, iri: str) -> tuple[Bits, Bits]:
        """Things are typed with all superclasses, so that whoever shares no member with a class is in a sibling of one of its own."""
        no = np.zeros(len(self._ids), dtype=np.bool_)
        for above in self.schema.ancestors(iri):
            for axiom in self.schema.values(above, n.IN_SET):
                for sibling in self.schema.subjects(n.IN_SET, axiom):
                    if sibling != above and sibling in self._members:
                        no[self._members[sibling]] = True
        return self._column(self._members.get(iri, ())), no

    def _witness(self, prop: str, column: Bits) -> Bits:
        result = np.zeros(len(self._ids), dtype=np.bool_)
        if prop in self._arrays:
            sources, targets = self._arrays[prop]
            result[sources[column[targets]]] = True
        return result

    def _exhaustive(self, prop: str, column: Bits) -> Bits:
        if prop in self.schema.functional:
            return self._witness(prop, column)
        result = np.zeros(len(self._ids), dtype=np.bool_)
        listing = self._claims.get(prop)
        if listing:
            claims = np.array(listing.claim_of_member, dtype=np.intp)
            met = np.bincount(claims, weights=column[np.array(listing.members, dtype=np.intp)], minlength=len(listing.drugs))
            result[np.array(listing.drugs, dtype=np.intp)[met == np.array(listing.sizes)]] = True
        return result
