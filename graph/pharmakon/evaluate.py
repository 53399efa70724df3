"""Verdicts for one thing at a time, with the statements that they rest on.

A verdict is evaluated by Kleene's strong connectives, "yes" and "no" each on its own, so that a fourth outcome can be told from
the other three: *contradicted*. What is found for each side is not a truth value but its **reasons**: the minimal sets of
statements (propositions and completeness claims) that prove it. Withdraw any statement of a reason and the reason falls.

Sets of statements are bit masks over the statements met so far; a union is ``|`` and a subset test ``a & b == a``.
"""

from __future__ import annotations

from collections.abc import Iterable

from . import names as n
from .expression import And, Expression, Named, Not, OneOf, Only, Or, Some
from .facts import Claim, Facts, Schema

CAP = 128
"""How many reasons are kept at each step, smallest first. Beyond it an answer says that it is capped."""

NO_UNIQUE_NAME = frozenset({n.PROPOSITION, n.UNNAMED_MEMBER})
"""Things that may be the same as others with another name: two sources' statements, a family's member that nobody singles out."""

Masks = tuple[int, ...]
_TRUE: Masks = (0,)
_NONE: Masks = ()


class Evaluator:
    """Evaluates class expressions over facts. Remembers what it found: make one for each view.

    Attributes:
        capped: whether some step had more reasons than :data:`CAP`.
        conflicts: claims that were passed over because a value is stated that they do not list.
        proofs: what was proved already, kept for those who ask again.
    """

    def __init__(self, schema: Schema, facts: Facts) -> None:
        self.schema, self.facts = schema, facts
        self.capped = False
        self.conflicts: dict[str, tuple[str, ...]] = {}
        self.proofs: dict[object, object] = {}
        self._statements: list[str] = []
        self._bits: dict[str, int] = {}
        self._memo: dict[tuple[str, Expression, bool, bool], Masks] = {}

    # --- what callers ask -------------------------------------------------------------------------------------------

    def verdict(self, thing: str, e: Expression) -> str:
        """Return "yes", "no", "unknown" or "contradicted"."""
        yes = self.prove(thing, e, True)
        no = self.prove(thing, e, False, trust=bool(yes))
        return "contradicted" if yes and no else "yes" if yes else "no" if no else "unknown"

    def reasons(self, thing: str, e: Expression, positive: bool, trust: bool = False) -> list[frozenset[str]]:
        """Return the minimal sets of statements that prove one side, smallest first; ``trust`` as for :meth:`prove`."""
        return [self.statements(mask) for mask in self.prove(thing, e, positive, trust)]

    def statements(self, mask: int) -> frozenset[str]:
        """Name the statements of a mask."""
        found = []
        while mask:
            bit = mask & -mask
            found.append(self._statements[bit.bit_length() - 1])
            mask ^= bit
        return frozenset(found)

    def mask(self, statements: Iterable[str]) -> int:
        """Return the mask of some statements."""
        result = 0
        for iri in statements:
            result |= self._bit(iri)
        return result

    def prove(self, thing: str, e: Expression, positive: bool, trust: bool = False) -> Masks:
        """Return the masks of the reasons why a thing is (``positive``) or is not in an expression.

        Args:
            thing: the IRI of a drug, a proposition, a target or another thing.
            e: the expression.
            positive: which side to prove.
            trust: believe a claim even where a value is stated that it does not list. That tells a contradiction from an open
                question; nothing is proved to a user that way.
        """
        key = thing, e, positive, trust
        found = self._memo.get(key)
        if found is None:
            found = self._memo[key] = self._prove(thing, e, positive, trust)
        return found

    # --- the rules --------------------------------------------------------------------------------------------------

    def _prove(self, x: str, e: Expression, positive: bool, trust: bool) -> Masks:
        match e:
            case Named(iri):
                definition = self.schema.definition(iri)
                if definition is not None:
                    return self.prove(x, definition, positive, trust)
                return self._primitive(x, iri, positive)
            case Not(part):
                return self.prove(x, part, not positive, trust)
            case And(parts):
                sides = (self.prove(x, part, positive, trust) for part in parts)
                return self._all(sides) if positive else self._any(sides)
            case Or(parts):
                sides = (self.prove(x, part, positive, trust) for part in parts)
                return self._any(sides) if positive else self._all(sides)
            case OneOf(members):
                return self._one_of(x, members, positive)
            case Some(prop, filler):
                return self._quantified(x, prop, filler, positive, True, trust)
            case Only(prop, filler):
                return self._quantified(x, prop, filler, positive, False, trust)

    def _primitive(self, x: str, iri: str, positive: bool) -> Masks:
        types = self.facts.types(x)
        if positive:
            return _TRUE if iri in types else _NONE
        return _TRUE if any(self.schema.disjoint(t, iri) for t in types) else _NONE

    def _one_of(self, x: str, members: tuple[str, ...], positive: bool) -> Masks:
        if x in members:
            return _TRUE if positive else _NONE
        types = self.facts.types(x)
        other = all(self._apart(types, self.facts.types(m)) for m in members)
        return _TRUE if other and not positive else _NONE

    def _apart(self, types: frozenset[str], others: frozenset[str]) -> bool:
        """Whether two things with different names cannot be the same: both are unique, or their classes share no member."""
        return NO_UNIQUE_NAME.isdisjoint(types | others) or any(self.schema.disjoint(t, other) for t in types for other in others)

    def _quantified(self, x: str, prop: str, filler: Expression, positive: bool, some: bool, trust: bool) -> Masks:
        """``Some`` and ``Only`` are dual: a witness proves some and refutes only; all values refute some and prove only."""
        if positive == some:
            return self._any(self._with(prop, v, self.prove(v, filler, positive, trust)) for v in self.witnesses(x, prop))
        return self._exhaustive(x, prop, filler, positive, trust)

    def _exhaustive(self, x: str, prop: str, filler: Expression, wanted: bool, trust: bool) -> Masks:
        """Prove that every value of a property is (or is not) in the filler: by its one value, or by a claim."""
        stated = self.facts.values(x, prop)
        if prop in self.schema.functional:
            return self._any(self._with(prop, v, self.prove(v, filler, wanted, trust)) for v in self.witnesses(x, prop))
        found: list[Masks] = []
        for claim in self.facts.claims(x, prop):
            if self._holds(claim, stated, trust):
                sides = [self._with(prop, m, self.prove(m, filler, wanted, trust)) for m in claim.members]
                found.append(self._all([(self._bit(claim.iri),), *sides]))
        return self._any(found)

    def witnesses(self, x: str, prop: str) -> tuple[str, ...]:
        """Return the values of a property that can prove something: a disputed statement cannot."""
        values = self.facts.values(x, prop)
        if prop not in self.schema.statement_properties:
            return values
        return tuple(v for v in values if self.facts.firm(v))

    def _holds(self, claim: Claim, stated: tuple[str, ...], trust: bool) -> bool:
        if not set(claim.members) <= set(stated):
            return False
        unlisted = tuple(v for v in stated if v not in claim.members)
        if unlisted:
            self.conflicts[claim.iri] = unlisted
        return trust or not unlisted

    # --- sets of statements -----------------------------------------------------------------------------------------

    def _bit(self, iri: str) -> int:
        if iri not in self._bits:
            self._bits[iri] = 1 << len(self._statements)
            self._statements.append(iri)
        return self._bits[iri]

    def _with(self, prop: str, value: str, masks: Masks) -> Masks:
        """Add the statement that leads to a value to what is proved of the value."""
        if prop not in self.schema.statement_properties or not masks:
            return masks
        bit = self._bit(value)
        return self._smallest({mask | bit for mask in masks})

    def _any(self, sides: Iterable[Masks]) -> Masks:
        return self._smallest({mask for side in sides for mask in side})

    def _all(self, sides: Iterable[Masks]) -> Masks:
        result = _TRUE
        for side in sides:
            if not side:
                return _NONE
            if side != _TRUE:
                result = side if result == _TRUE else self._smallest({a | b for a in result for b in side})
        return result

    def _smallest(self, masks: set[int]) -> Masks:
        """Keep the minimal sets, smallest first, up to the cap."""
        if len(masks) < 2:
            return tuple(masks)
        kept: list[int] = []
        for mask in sorted(masks, key=lambda m: (m.bit_count(), m)):
            if not any(k & mask == k for k in kept):
                if len(kept) == CAP:
                    self.capped = True
                    break
                kept.append(mask)
        return tuple(kept)
