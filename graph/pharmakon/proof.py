"""Proofs as trees: a claim, its verdict, what it rests on, down to statements and their sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from . import names as n
from . import say
from .evaluate import Evaluator
from .expression import And, Expression, Named, Not, OneOf, Only, Or, Some
from .facts import Schema


@dataclass(frozen=True)
class Citation:
    """Where a statement can be read.

    Attributes:
        id: the short IRI of the source, such as ``src:gtopdb``.
        citation: the title, with the release of a database and the identifier of a paper.
        locator: the row, section or page; with the certainty where it is not established.
    """

    id: str
    citation: str
    locator: str


@dataclass(frozen=True)
class Proof:
    """A node of a proof tree.

    Attributes:
        claim: the sentence.
        kind: "class", "condition", "statement", "claim", "vocabulary" or "disjointness".
        verdict: "yes" or "no": which way the claim is proved. A leaf states what is so, and is always "yes".
        children: what it rests on.
        sources: where a leaf can be read; alternatives, any one of which is enough.
        about: the short IRI of the statement, claim or class; empty for other nodes.
    """

    claim: str
    kind: str
    verdict: str
    children: tuple[Proof, ...] = ()
    sources: tuple[Citation, ...] = ()
    about: str = field(default="", compare=False)

    def leaves(self) -> Iterator[Proof]:
        """Yield the statements and claims that the proof rests on, each as often as it is used."""
        if self.kind in ("statement", "claim"):
            yield self
        for child in self.children:
            yield from child.leaves()

    def to_json(self) -> dict[str, Any]:
        """Return the node in the shape of the JSON schema that ships with the package."""
        node = asdict(self)
        node["children"] = [child.to_json() for child in self.children]
        node["sources"] = [asdict(source) for source in self.sources]
        return node

    def _repr_html_(self) -> str:
        from .html import fragment

        return fragment(self)


class Prover:
    """Builds the tree of one reason: a minimal set of statements that an evaluator found.

    Args:
        evaluator: the evaluator that found the reason.
        reason: the statements that may be used, and no others.
        trust: whether the reason was found by trusting contradicted claims, to show both sides of a contradiction.
    """

    def __init__(self, evaluator: Evaluator, reason: frozenset[str], trust: bool = False) -> None:
        self.evaluator, self.schema, self._trust = evaluator, evaluator.schema, trust
        self._allowed = evaluator.mask(reason)
        self._without: frozenset[str] = getattr(evaluator.facts, "without", frozenset())

    def tree(self, thing: str, e: Expression, positive: bool) -> Proof:
        """Return the proof that a thing is, or is not, in an expression."""
        claim = f"{self._name(thing)} {say.expression(self.schema, e)}"
        match e:
            case Named(iri):
                definition = self.schema.definition(iri)
                if definition is None:
                    return self._primitive(thing, iri, positive)
                return Proof(claim, "class", _word(positive), self._parts(thing, definition, positive), (), n.short(iri))
            case OneOf(members):
                listed = " or ".join(say.the(self.schema, m) for m in members)
                return Proof(
                    f"{say.the(self.schema, thing)} is {'' if positive else 'not '}{listed}",
                    "vocabulary" if positive else "disjointness",
                    "yes",
                )
            case Not(part):
                return Proof(claim, "condition", _word(positive), (self.tree(thing, part, not positive),))
            case Some(prop, filler) | Only(prop, filler):
                return Proof(claim, "condition", _word(positive), tuple(self._values(thing, prop, filler, e, positive)))
        return Proof(claim, "condition", _word(positive), self._parts(thing, e, positive))

    # --- connectives ------------------------------------------------------------------------------------------------

    def _parts(self, thing: str, e: Expression, positive: bool) -> tuple[Proof, ...]:
        if not isinstance(e, (And, Or)):
            return (self.tree(thing, e, positive),)
        every = isinstance(e, And) == positive
        usable = [p for p in e.parts if self._provable(thing, p, positive)]
        wanted = usable if every else usable[:1]
        return tuple(self.tree(thing, p, positive) for p in wanted if not self._is_sort(p, positive))

    def _provable(self, thing: str, e: Expression, positive: bool) -> bool:
        return any(mask & ~self._allowed == 0 for mask in self.evaluator.prove(thing, e, positive, self._trust))

    def _is_sort(self, e: Expression, positive: bool) -> bool:
        """Whether a part only says what sort of thing is meant: it is left out of a proof of membership."""
        return positive and isinstance(e, Named) and say.is_sort(self.schema, e.iri)

    # --- values -----------------------------------------------------------------------------------------------------

    def _values(self, thing: str, prop: str, filler: Expression, e: Expression, positive: bool) -> Iterator[Proof]:
        facts = self.evaluator.facts
        if positive == isinstance(e, Some) or prop in self.schema.functional:
            for value in self.evaluator.witnesses(thing, prop):
                if self._allows(prop, value) and self._provable(value, filler, positive):
                    yield self._value(thing, prop, value, filler, positive)
                    return
            return
        for claim in facts.claims(thing, prop):
            allowed = self.evaluator.mask((claim.iri,)) & self._allowed
            if allowed and all(self._allows(prop, m) and self._provable(m, filler, positive) for m in claim.members):
                yield from (self._value(thing, prop, m, filler, positive) for m in claim.members)
                yield self._claim(thing, prop, claim.iri, len(claim.members))
                return

    def _allows(self, prop: str, value: str) -> bool:
        return prop not in self.schema.statement_properties or bool(self.evaluator.mask((value,)) & self._allowed)

    def _value(self, thing: str, prop: str, value: str, filler: Expression, side: bool) -> Proof:
        if prop not in self.schema.statement_properties:
            return self.tree(value, filler, side)
        claim = f"{self._name(thing)} {say.statement(self.schema, value)}"
        inner = self.tree(value, filler, side)
        why = inner.children if inner.kind in ("class", "condition") and inner.children else (inner,)
        return Proof(claim, "statement", "yes", _telling(why), citations(self.schema, value, self._without), n.short(value))

    def _claim(self, thing: str, prop: str, claim: str, count: int) -> Proof:
        what = self.schema.text(prop, n.PHRASE) or self.schema.label(prop)
        sentence = f"that is all of {what}: the list is claimed to be complete" if count else f"nothing is {what}: so it is claimed"
        return Proof(sentence, "claim", "yes", (), citations(self.schema, claim, self._without), n.short(claim))

    # --- classes without a definition -------------------------------------------------------------------------------

    def _primitive(self, thing: str, iri: str, positive: bool) -> Proof:
        schema, name = self.schema, self._name(thing)
        if positive:
            text = f"{name} {say.named(schema, iri)}"
            return Proof(text, "vocabulary", "yes", (), _ontology(schema, iri))
        for kind in sorted(self.evaluator.facts.types(thing), key=lambda t: -len(schema.ancestors(t))):
            why = schema.disjoint(kind, iri)
            if why:
                axiom, mine, other = why
                if name == "this":
                    text = f"{schema.label(kind)} is not {schema.label(iri)}"
                else:
                    text = f"{name} is {say.article(schema.label(mine))}, not {say.article(schema.label(other))}"
                return Proof(text, "disjointness", "yes", (), _ontology(schema, axiom))
        raise AssertionError((thing, iri))

    def _name(self, thing: str) -> str:
        if n.PROPOSITION in self.evaluator.facts.types(thing):
            return "this"
        return say.the(self.schema, thing)


def ranked(evaluator: Evaluator, thing: str, e: Expression, positive: bool, trust: bool = False) -> list[frozenset[str]]:
    """Return the reasons of one side: fewest statements first, and among those the ones that no source hedges."""
    reasons = evaluator.reasons(thing, e, positive, trust)
    return sorted(reasons, key=lambda r: (len(r), sum(_hedged(evaluator.schema, s) for s in r), sorted(r)))


def prove(evaluator: Evaluator, thing: str, e: Expression, positive: bool) -> Proof:
    """Return the proof by the first reason of one side, which must have one; made once for each evaluator."""
    key = thing, e, positive
    found = evaluator.proofs.get(key)
    if found is None:
        found = Prover(evaluator, ranked(evaluator, thing, e, positive)[0]).tree(thing, e, positive)
        evaluator.proofs[key] = found
    assert isinstance(found, Proof)
    return found


def _hedged(schema: Schema, statement: str) -> bool:
    """Whether no source states it without a hedge, or it needs a metabolite."""
    plain = [a for a in schema.values(statement, n.ASSERTED_BY) if schema.values(a, n.CERTAINTY) in ((), (n.NS + "established",))]
    return not plain or bool(schema.values(statement, n.VIA))


def _telling(children: tuple[Proof, ...]) -> tuple[Proof, ...]:
    """Keep what explains a statement, and drop what only repeats its words."""
    kept: list[Proof] = []
    for child in children:
        inner = child.children[0] if child.kind in ("condition", "class") and len(child.children) == 1 else child
        if inner.kind == "vocabulary" and (inner.claim.startswith("this ") or _says_itself(inner.claim)):
            continue
        kept.append(inner if inner.kind in ("vocabulary", "disjointness", "class") else child)
    return tuple(kept)


def _says_itself(claim: str) -> bool:
    subject, _, predicate = claim.partition(" is ")
    return subject in predicate.split(" or ")


def _word(positive: bool) -> str:
    return "yes" if positive else "no"


def _ontology(schema: Schema, iri: str) -> tuple[Citation, ...]:
    matches = [n.short(m) for m in schema.values(iri, n.EXACT_MATCH)]
    return (Citation("ontology", "Pharmakon ontology", " = ".join([n.short(iri), *matches])),)


def citations(schema: Schema, statement: str, without: frozenset[str] = frozenset()) -> tuple[Citation, ...]:
    """Return where a proposition or a claim can be read: databases first, then regulators, papers, monographs, the rest."""
    found = []
    for assertion in schema.values(statement, n.ASSERTED_BY):
        for source in schema.values(assertion, n.SOURCE):
            if source not in without:
                found.append((_tier(schema, source), cite(schema, source, _locator(schema, assertion, statement))))
    return tuple(c for _, c in sorted(found, key=lambda pair: (pair[0], pair[1].id, pair[1].locator)))


_TIERS = ("Database", "Regulation", "Paper", "Monograph")


def _tier(schema: Schema, source: str) -> int:
    types = schema.values(source, n.TYPE)
    return next((i for i, kind in enumerate(_TIERS) if n.NS + kind in types), len(_TIERS))


def _locator(schema: Schema, assertion: str, statement: str) -> str:
    parts = list(schema.literals(assertion, n.LOCATOR))
    parts += schema.literals(assertion, n.MEASURED)
    parts += [schema.label(c) for c in schema.values(assertion, n.CERTAINTY) if c != n.NS + "established"]
    parts += list(schema.literals(assertion, n.NOTE)) + list(schema.literals(statement, n.BASIS))
    return "; ".join(parts)


def cite(schema: Schema, source: str, locator: str = "") -> Citation:
    """Cite a source: its title, with the release of a database or the identifier of a paper."""
    title = schema.text(source, n.DCT + "title") or n.short(source)
    extra = [*schema.literals(source, n.NS + "release"), *schema.literals(source, n.DCT + "identifier")]
    return Citation(n.short(source), ", ".join([title, *extra]), locator)
