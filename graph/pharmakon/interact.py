"""Interactions: what follows for drugs that are taken together, from the classes that each of them is in.

A rule joins two classes, its roles. For a pair it fires when both memberships are proved, in one order or the other; it is refused
when in every order a membership is disproved; else it is not known. So an interaction has the proofs of two memberships, and a
refusal has the proof of the one that fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations

from . import graph as g
from . import names as n
from . import say
from .errors import BadQuestion
from .evaluate import Evaluator
from .expression import Named
from .facts import Schema
from .graph import Graph
from .pairs import Interaction, Interactions, Modifier, Refusal
from .proof import Proof, citations, prove
from .values import Thing

_GRAVEST_FIRST = ("life-threatening", "serious", "moderate", "used on purpose")


# --- rules ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """A rule of interaction.

    Attributes:
        iri: the rule; for one that a pattern made, the rule at one target or enzyme.
        base: the rule or pattern that holds its texts and sources.
        label: its name.
        roles: the classes of the one drug and of the other.
        yields_to: rules that say better what happens: where one of them fires, this one is refused.
    """

    iri: str
    base: str
    label: str
    roles: tuple[str, str]
    yields_to: tuple[str, ...] = ()


@lru_cache(maxsize=4)
def rules(schema: Schema) -> tuple[Rule, ...]:
    """Return the rules of a graph, those that patterns made included, sorted."""
    found = []
    for iri in schema.subjects(n.TYPE, n.INTERACTION_RULE):
        base = next(iter(schema.values(iri, n.RULE_OF)), iri)
        first, second = schema.values(iri, n.FIRST_ROLE)[0], schema.values(iri, n.SECOND_ROLE)[0]
        yields = tuple(stronger + iri.removeprefix(base) for stronger in schema.values(base, n.NS + "yieldsTo"))
        found.append(Rule(iri, base, schema.label(iri), (first, second), yields))
    known = {rule.iri for rule in found}
    bases = [
        replace(r, yields_to=tuple(y if y in known else y.removesuffix(r.iri.removeprefix(r.base)) for y in r.yields_to)) for r in found
    ]
    return tuple(bases)


class Pairs:
    """The rules of a graph, held against pairs of drugs in one view of its sources."""

    def __init__(self, graph: Graph, evaluator: Evaluator) -> None:
        self.schema, self.evaluator = graph.schema, evaluator
        self.rules = rules(graph.schema)
        self._by_name = {rule.iri: rule for rule in self.rules}

    def verdict(self, rule: Rule, a: str, b: str) -> str:
        """Return "yes", "no" or "unknown": whether a rule fires for two drugs."""
        if self.fires(rule, a, b):
            return "yes"
        orders = [self._one_way(rule, one, other) for one, other in self._orders(rule, a, b)]
        return "no" if "yes" in orders or set(orders) == {"no"} else "unknown"

    def fires(self, rule: Rule, a: str, b: str) -> bool:
        """Whether a rule fires for two drugs, in whichever order."""
        return bool(self.orders(rule, a, b))

    def orders(self, rule: Rule, a: str, b: str) -> list[tuple[str, str]]:
        """Return the drugs in each order of the roles in which a rule fires; none where a stronger rule fires in its place."""
        found = [order for order in self._orders(rule, a, b) if self._one_way(rule, *order) == "yes"]
        return [] if found and self._stronger(rule, a, b) else found

    def _stronger(self, rule: Rule, a: str, b: str) -> Rule | None:
        """Return the rule that fires in the place of another for a pair."""
        return next((other for name in rule.yields_to if self.fires(other := self._by_name[name], a, b)), None)

    def interactions(self, a: str, b: str) -> Iterator[Interaction]:
        """Yield the rules that fire for two drugs."""
        for rule in self.rules:
            yield from (self.interaction(rule, *order) for order in self.orders(rule, a, b))

    def refusals(self, a: str, b: str) -> Iterator[Refusal]:
        """Yield the rules that do not fire for two drugs, though one of them has one of the roles."""
        for rule in self.rules:
            if any(self._role(d, role) == "yes" for d in (a, b) for role in rule.roles) and self.verdict(rule, a, b) != "yes":
                yield self.refusal(rule, a, b)

    def refusal(self, rule: Rule, a: str, b: str) -> Refusal:
        """Return why a rule does not fire for two drugs: in each order of the pair the membership that fails, or those that are open."""
        verdict = self.verdict(rule, a, b)
        held = "yes" in [self._one_way(rule, *o) for o in self._orders(rule, a, b)]
        stronger = self._stronger(rule, a, b) if held else None
        orders = [o for o in self._orders(rule, a, b) if verdict == "no" or self._one_way(rule, *o) == "unknown"]
        orders.sort(key=lambda o: "yes" not in [self._role(d, role) for d, role in zip(o, rule.roles, strict=True)])
        because = tuple(p for one, other in orders for p in self._failing(rule, one, other, verdict))
        if stronger:
            verdict = "superseded"
            because = tuple(self.interaction(stronger, *order).proof for order in self.orders(stronger, a, b))
        names = " and ".join(self.schema.label(d) for d in (a, b))
        node = Proof(
            f"{names}: {rule.label}", "interaction", "no" if stronger else verdict, tuple(dict.fromkeys(because)), (), n.short(rule.iri)
        )
        return Refusal(self._thing(rule.iri), self._thing(rule.base), self._thing(a), self._thing(b), verdict, node)

    def modifiers(self, drug: str, rule: Rule | None = None, condition: str | None = None) -> Iterator[Modifier]:
        """Yield the circumstances that change the interactions of a drug, in a rule or in all; by one condition or by all."""
        schema = self.schema
        for iri in schema.subjects(n.TYPE, n.NS + "InteractionModifier"):
            limited = schema.values(iri, n.NS + "inRule")
            concerns = schema.values(iri, n.NS + "modifies")[0]
            if rule and limited and not {rule.iri, rule.base} & set(limited):
                continue
            if condition and condition not in schema.values(iri, n.NS + "circumstanceOf"):
                continue
            if self._role(drug, concerns) == "yes":
                why = Proof(schema.text(iri, n.NS + "because") or "", "rule", "yes", (), citations(schema, iri), n.short(iri))
                node = self._membership(drug, concerns, True)
                proof = Proof(f"{schema.label(iri)}: {schema.label(drug)}", "interaction", "yes", (node, why), (), n.short(iri))
                yield Modifier(schema.label(iri), self._thing(drug), why.claim, proof)

    # --- one pair ---------------------------------------------------------------------------------------------------

    @staticmethod
    def _orders(rule: Rule, a: str, b: str) -> tuple[tuple[str, str], ...]:
        return ((a, b),) if rule.roles[0] == rule.roles[1] else ((a, b), (b, a))

    def _role(self, drug: str, role: str) -> str:
        verdict = self.evaluator.verdict(drug, Named(role))
        return "unknown" if verdict == "contradicted" else verdict

    def _one_way(self, rule: Rule, one: str, other: str) -> str:
        found = (self._role(one, rule.roles[0]), self._role(other, rule.roles[1]))
        return "no" if "no" in found else "unknown" if "unknown" in found else "yes"

    def interaction(self, rule: Rule, one: str, other: str) -> Interaction:
        """Return what a rule that fires says of two drugs, in the order of its roles."""
        schema = self.schema

        def value(prop: str) -> str:
            return next((schema.label(v) for v in schema.values(rule.base, n.NS + prop)), "")

        sides = tuple(self._membership(d, role, True) for d, role in zip((one, other), rule.roles, strict=True))
        why = schema.text(rule.base, n.NS + "because") or ""
        leaf = Proof(schema.text(rule.base, n.DEFINITION) or "", "rule", "yes", (), citations(schema, rule.base), n.short(rule.base))
        claim = f"{schema.label(one)} and {schema.label(other)}: {rule.label}"
        known, warnings = self._evidence(rule, one, other)
        seriousness = value("seriousness")
        if known in ("contraindication", "boxed warning") and seriousness == self.schema.label(n.NS + "ModerateHarm"):
            seriousness = self.schema.label(n.NS + "SeriousHarm")
        modifiers = tuple(m for d in (one, other) for m in self.modifiers(d, rule))
        measure = schema.text(rule.base, n.NS + "measure") or ""
        return Interaction(
            self._thing(rule.iri),
            self._thing(rule.base),
            self._thing(one),
            self._thing(other),
            value("consequence"),
            seriousness,
            value("interactionKind"),
            why,
            measure,
            known,
            warnings,
            modifiers,
            Proof(claim, "interaction", "yes", (*sides, leaf), (), n.short(rule.iri)),
        )

    def _evidence(self, rule: Rule, one: str, other: str) -> tuple[str, tuple[Proof, ...]]:
        """Say how an interaction is known: by the labels of the two drugs, or only because it follows."""
        schema = self.schema
        here = {e for role in rule.roles for e in schema.values(role, n.OF_TARGET)}
        topics = {t for t in schema.values(rule.base, n.NS + "warnedBy") if set(schema.values(t, n.NS + "aboutEnzyme")) <= here}
        levels: list[tuple[int, str, Proof]] = []
        for drug, partner in ((one, other), (other, one)):
            for prop, qualifier in ((n.NS + "hasContraindication", "condition"), (n.NS + "hasWarning", "topic")):
                for statement in self.evaluator.facts.values(drug, prop):
                    about = set(schema.values(statement, n.NS + qualifier)) & topics
                    named = {c for t in about for c in schema.values(t, n.NS + "warnsOf")}
                    if about and (not named or partner in named or any(self._role(partner, c) == "yes" for c in named)):
                        boxed = schema.literals(statement, n.NS + "boxed") == ("true",)
                        level = 0 if qualifier == "condition" else 1 if boxed else 2
                        text = f"{schema.label(drug)} {say.statement(schema, statement)}"
                        levels.append((level, text, Proof(text, "statement", "yes", (), citations(schema, statement), n.short(statement))))
        levels.sort(key=lambda item: item[:2])
        words = ("contraindication", "boxed warning", "warning")
        return (words[levels[0][0]] if levels else "derived only"), tuple(p for _, _, p in levels)

    def _failing(self, rule: Rule, one: str, other: str, verdict: str) -> Iterator[Proof]:
        """Yield what stands against one order of a pair: the membership that is disproved, or those that are open."""
        for drug, role in zip((one, other), rule.roles, strict=True):
            found = self._role(drug, role)
            if found == "no" and verdict == "no":
                yield self._membership(drug, role, False)
                return
            if found == "unknown" and verdict == "unknown":
                text = f"{self.schema.label(drug)} {say.named(self.schema, role)}"
                yield Proof(text, "class", "unknown", (), (), n.short(role))

    def _membership(self, drug: str, role: str, positive: bool) -> Proof:
        return prove(self.evaluator, drug, Named(role), positive)

    def _thing(self, iri: str) -> Thing:
        return Thing(iri, self.schema.label(iri))


# --- the questions --------------------------------------------------------------------------------------------------


def interactions(*drugs: str, condition: str | None = None, without: Sequence[str] = (), graph: Graph | None = None) -> Interactions:
    """Derive what follows when drugs are taken together, and what is refused.

    Args:
        drugs: two or more drugs; one to hold it against every other; none to ask only which drugs a condition concerns.
        condition: a circumstance of the patient, such as "renal impairment".
        without: sources to withdraw.
        graph: the graph; the shipped one where none is given.

    Raises:
        UnknownName: a name stands for nothing.
        BadQuestion: a drug is given twice, or neither a drug nor a condition is given.

    >>> "additive depression of the central nervous system" in [i.rule.label for i in interactions("baclofen", "morphine").found]
    True
    """
    graph = graph or g.shipped()
    schema = graph.schema
    chosen = [g.drug(graph, name) for name in drugs]
    g.apart(graph, chosen)
    if not drugs and condition is None:
        raise BadQuestion("give two drugs or more, one to see all its partners, or a --condition")
    circumstance = _condition(graph, condition) if condition is not None else None
    pairs = Pairs(graph, graph.evaluator(without))
    couples = list(combinations(chosen, 2))
    if len(chosen) == 1:
        fired = every_pair(without=without, graph=graph)
        found = [pairs.interaction(rule, a, b) for rule, a, b in fired if chosen[0] in (a, b)]
    else:
        found = [i for a, b in couples for i in pairs.interactions(a, b)]
    modified: tuple[Modifier, ...] = ()
    if circumstance:
        modified = tuple(m for d in chosen or schema.drugs() for m in pairs.modifiers(d, condition=circumstance))
    concerned = {m.drug for m in modified}
    found.sort(key=lambda i: (_GRAVEST_FIRST.index(i.seriousness), not concerned & {m.drug for m in i.modifiers}, i.pattern.label))
    refused = tuple(r for a, b in couples for r in pairs.refusals(a, b))
    things = tuple(Thing(d, schema.label(d)) for d in chosen)
    asked = Thing(circumstance, schema.label(circumstance)) if circumstance else None
    return Interactions(things, tuple(found), refused, asked, modified)


def every_pair(*, without: Sequence[str] = (), graph: Graph | None = None) -> list[tuple[Rule, str, str]]:
    """Return every rule that fires for every pair of drugs, as the rule and the IRIs of the drugs in its two roles.

    >>> len(every_pair()) > 1000
    True
    """
    from .matrix import Index

    graph = graph or g.shipped()
    schema, evaluator, known = graph.schema, graph.evaluator(without), rules(graph.schema)
    index = Index(schema, evaluator.facts, schema.drugs())
    inside = {role: set[str]() for rule in known for role in rule.roles}
    for role, (yes, _) in index.verdicts(inside).items():
        found = [index.drugs[i] for i in yes.nonzero()[0]]
        inside[role] = {d for d in found if d not in index.conflicted or evaluator.verdict(d, Named(role)) == "yes"}
    fired = {
        rule.iri: {
            (a, b) for a in inside[rule.roles[0]] for b in inside[rule.roles[1]] if a < b or (a > b and rule.roles[0] != rule.roles[1])
        }
        for rule in known
    }
    stronger = {rule.iri: {frozenset(pair) for name in rule.yields_to for pair in fired[name]} for rule in known}
    return [(rule, *pair) for rule in known for pair in sorted(fired[rule.iri]) if frozenset(pair) not in stronger[rule.iri]]


def _condition(graph: Graph, name: str) -> str:
    return g.one(graph, name, "condition", lambda iri: n.NS + "Condition" in graph.schema.values(iri, n.TYPE))
