"""What would change a verdict: the smallest withdrawals that unsettle it, and the smallest additions that turn it round."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product

from . import names as n
from . import say
from .evaluate import Evaluator
from .expression import And, Expression, Named, Not, OneOf, Only, Or, Some

MOST = 5
"""How many ways are shown for each question."""


@dataclass(frozen=True)
class Change:
    """One change to what is stated.

    Attributes:
        kind: "state" (a new statement), "withdraw" (one that falls away), "claim" (a new completeness claim).
        text: the change in a sentence.
        statement: the IRI that is withdrawn; empty for the other kinds.
        added: for "state" and "claim", the values that a view needs to try it out.
    """

    kind: str
    text: str
    statement: str = ""
    added: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict, compare=False)


Plan = tuple[Change, ...]


def hitting_sets(reasons: Iterable[frozenset[str]], most: int = MOST) -> list[frozenset[str]]:
    """Return the minimal sets that take at least one statement from each reason, smallest first.

    >>> [sorted(s) for s in hitting_sets([frozenset("ab"), frozenset("bc")])]
    [['b'], ['a', 'c']]
    """
    pending = sorted(set(reasons), key=lambda r: (len(r), sorted(r)))
    found: list[frozenset[str]] = []
    level: list[frozenset[str]] = [frozenset()]
    while level and pending and len(found) < most:
        following: dict[frozenset[str], None] = {}
        for candidate in level:
            missed = next((r for r in pending if not r & candidate), None)
            if missed is None:
                if not any(f <= candidate for f in found):
                    found.append(candidate)
                continue
            for statement in sorted(missed):
                wider = candidate | {statement}
                if not any(f <= wider for f in found):
                    following[wider] = None
        level = list(following)[:4096]
    return found[:most]


def turning(evaluator: Evaluator, thing: str, e: Expression, positive: bool) -> list[Plan]:
    """Return the smallest sets of changes that would make a thing a member (``positive``), or would make it none."""
    plans = _Planner(evaluator).make(thing, e, positive)
    return sorted(plans, key=lambda plan: (len(plan), [c.text for c in plan]))[:MOST]


class _Planner:
    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator, self.schema, self.facts = evaluator, evaluator.schema, evaluator.facts
        self._made = 0

    def make(self, x: str, e: Expression, positive: bool) -> list[Plan]:
        if self.evaluator.prove(x, e, positive):
            return [()]
        match e:
            case Named(iri):
                definition = self.schema.definition(iri)
                return [] if definition is None else self.make(x, definition, positive)
            case Not(part):
                return self.make(x, part, not positive)
            case And(parts) | Or(parts):
                choices = [self.make(x, part, positive) for part in parts]
                if isinstance(e, And) == positive:
                    return _shortest(tuple(dict.fromkeys(c for plan in chosen for c in plan)) for chosen in product(*choices))
                return _shortest(plan for plans in choices for plan in plans)
            case Some(prop, filler):
                return self._witness(x, prop, filler, True) if positive else self._all(x, prop, filler, False)
            case Only(prop, filler):
                return self._all(x, prop, filler, True) if positive else self._witness(x, prop, filler, False)
        return []

    def _witness(self, x: str, prop: str, filler: Expression, side: bool) -> list[Plan]:
        """Add a value that fits; a property with one value at most must lose the one it has."""
        if prop not in self.schema.statement_properties or not side:
            return []
        found: list[Plan] = []
        for value in self.facts.values(x, prop):
            found += self._deeper(value, filler)
        try:
            change = self._state(x, prop, filler)
        except LookupError:
            return found
        lost = self.facts.values(x, prop) if prop in self.schema.functional else ()
        return [*found, (*(self._withdraw(x, v) for v in lost), change)]

    def _deeper(self, value: str, filler: Expression) -> list[Plan]:
        """Turn what a statement leads to: the drug that another is made from, say."""
        parts = filler.parts if isinstance(filler, And) else (filler,)
        nested = [p for p in parts if isinstance(p, Some) and n.DRUG in self.schema.ancestors(self._range(p.prop))]
        others = [p for p in parts if p not in nested]
        if not nested or any(not self.evaluator.prove(value, p, True) for p in others):
            return []
        choices = [[plan for v in self.facts.values(value, p.prop) for plan in self.make(v, p.filler, True)] for p in nested]
        return [tuple(c for plan in chosen for c in plan) for chosen in product(*choices)]

    def _range(self, prop: str) -> str:
        return next(iter(self.schema.values(prop, n.RANGE)), "")

    def _all(self, x: str, prop: str, filler: Expression, side: bool) -> list[Plan]:
        """Withdraw every value that does not fit, and claim that what is left is all."""
        stays: list[str] = []
        goes: list[str] = []
        for value in self.facts.values(x, prop):
            (stays if self.evaluator.prove(value, filler, side) else goes).append(value)
        if prop in self.schema.functional:
            return []
        claim = Change(
            "claim",
            f"a claim that {len(stays) or 'no'} {self.schema.label(prop)}{'s' if len(stays) != 1 else ''} of {self.schema.label(x)}, "
            f"as stated here, {'are' if len(stays) != 1 else 'is'} all there {'are' if len(stays) != 1 else 'is'}",
        )
        return [(*(self._withdraw(x, v) for v in goes), claim)]

    def _withdraw(self, x: str, statement: str) -> Change:
        return Change("withdraw", f"withdraw that {self.schema.label(x)} {say.statement(self.schema, statement)}", statement)

    def _state(self, x: str, prop: str, filler: Expression) -> Change:
        self._made += 1
        iri = f"{n.NS}s/whatif-{self._made}"
        kind = self._range(prop)
        types, values = self._fit(filler)
        types |= {*self.schema.ancestors(kind), n.FIRM}
        if prop == n.HAS_MECHANISM and n.METABOLITE_ACTION not in types:
            types.add(n.DIRECT)
        added = {(x, prop): (iri,), (iri, n.TYPE): tuple(sorted(types)), **{(iri, p): (v,) for p, v in values.items()}}
        extends = " (and the claim of completeness would have to list it)" if self.facts.claims(x, prop) else ""
        words = say.expression(self.schema, Some(prop, filler))
        return Change("state", f"a source that says that {self.schema.label(x)} {words}{extends}", added=added)

    def _fit(self, e: Expression) -> tuple[set[str], dict[str, str]]:
        """Find types and qualifiers that satisfy an expression: an example of what would have to be stated."""
        match e:
            case Named(iri):
                definition = self.schema.definition(iri)
                return (set(self.schema.ancestors(iri)), {}) if definition is None else self._fit(definition)
            case And(parts):
                types: set[str] = set()
                values: dict[str, str] = {}
                for part in parts:
                    more_types, more_values = self._fit(part)
                    types |= more_types
                    values |= more_values
                return types, values
            case Or(parts):
                return self._fit(parts[0])
            case Some(prop, filler):
                return set(), {prop: self._example(filler)}
            case Not(Some(prop, filler)):
                return set(), {prop: self._counterexample(prop, filler)}
        return set(), {}

    def _counterexample(self, prop: str, filler: Expression) -> str:
        for candidate in self.schema.subjects(n.TYPE, self._range(prop)):
            if self.evaluator.prove(candidate, filler, False):
                return candidate
        raise LookupError(filler)

    def _example(self, e: Expression) -> str:
        match e:
            case OneOf(members):
                return members[0]
            case Or(parts):
                return self._example(parts[0])
        pool = self.schema.drugs() if isinstance(e, Named) and self.schema.definition(e.iri) else ()
        if isinstance(e, Named) and not pool:
            pool = self.schema.subjects(n.TYPE, e.iri)
        for candidate in pool:
            if self.evaluator.prove(candidate, e, True):
                return candidate
        raise LookupError(e)


def _shortest(plans: Iterable[Plan]) -> list[Plan]:
    return sorted(dict.fromkeys(plans), key=len)[: 4 * MOST]
