"""Drafts of questions for a quiz: made from verdicts, by a function for each kind of question. Nothing is asked that is not proved.

An option is right because something is proved, and wrong because the opposite is proved; what is not known or contradicted is no
option. Proofs cost more than verdicts, so a draft carries them as functions that are called when the question is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, combinations
from random import Random

from . import names as n
from . import say
from .answers import conditions, senses
from .compare import compare
from .comparison import Compared
from .expression import And, Expression, Named, Not, OneOf, Or, Some
from .graph import Graph
from .interact import Pairs, Rule
from .proof import Proof, prove
from .subsume import below

WRONG = 3
"""How many wrong options a question has."""

WINDOW = 6
"""From how many of the nearest misses the wrong options are drawn."""

_TOLD = ("mechanism", "target", "distribution", "structure", "origin", "purpose", "effects", "class")
"""The axes of a comparison on which two drugs are asked about."""


@dataclass(frozen=True)
class Choice:
    """An option: its text, and the function that proves it right or wrong."""

    text: str
    prove: Callable[[], Proof]


@dataclass(frozen=True)
class Draft:
    """A question before its options are mixed and proved."""

    kind: str
    text: str
    right: Choice
    wrong: tuple[Choice, ...]


class Maker:
    """What the kinds of question draw on: the classes and drugs that a quiz is about, and their verdicts.

    Args:
        graph: the graph.
        topic: the IRI of a drug, a class or a word; None for the whole graph.

    Attributes:
        focus: the drug that every question is to be about; None where the topic is no drug.
        classes: the classes that are asked about.
        drugs: the drugs that are asked about; any drug may be a wrong option.
    """

    def __init__(self, graph: Graph, topic: str | None) -> None:
        self.graph, self.schema, self.evaluator = graph, graph.schema, graph.evaluator()
        self.pairs = Pairs(graph, self.evaluator)
        self.everyone = self.schema.drugs()
        self.those, self.nearness, self.misses = cache(self._those), cache(self._nearness), cache(self._misses)
        self.focus = topic if topic in self.everyone else None
        self.classes, self.drugs = self.schema.drug_classes(), self.everyone
        self._defined = frozenset(self.classes)
        if self.focus:
            self.drugs = (self.focus,)
        elif topic:
            named = senses(graph, topic)
            inside = (c for c in self.classes if c not in named and any(below(self.schema, Named(c), Named(s)) for s in named))
            self.classes = (*named, *inside)
            near = (d for s in named for d in self.misses(s)[:WINDOW] if self.nearness(d, Named(s)))
            self.drugs = tuple(dict.fromkeys(chain(*(self.those(s, "yes") for s in named), near)))

    def label(self, thing: str) -> str:
        """Return the label of a thing."""
        return self.schema.label(thing)

    def noun(self, cls: str) -> str:
        """Name a class with its article: a sense by its phrase, "an opiate in the strict sense", any other by its label."""
        phrase = say.named(self.schema, cls)
        sense = self.schema.values(cls, n.SENSE_OF) and phrase.startswith("is ")
        return phrase.removeprefix("is ") if sense else say.article(self.label(cls))

    def verdict(self, drug: str, e: Expression) -> str:
        """Return "yes", "no", "unknown" or "contradicted"."""
        return self.evaluator.verdict(drug, e)

    def has(self, drug: str, cls: str) -> bool:
        """Whether a drug is proved to be in a class."""
        return self.verdict(drug, Named(cls)) == "yes"

    def choice(self, text: str, drug: str, e: Expression, positive: bool) -> Choice:
        """Return an option that rests on a drug's being in an expression or not."""
        return Choice(text, lambda: prove(self.evaluator, drug, e, positive))

    def near(self, cls: str, rng: Random) -> list[str]:
        """Return the drugs that are proved not to be in a class, nearest misses first, those that are as near in random order."""
        mixed = shuffled(self.misses(cls), rng)
        return sorted(mixed, key=lambda d: -self.nearness(d, Named(cls)))

    def kin(self, drug: str, rng: Random) -> list[str]:
        """Return the drugs that share a class with a drug, those that share most first."""
        mine = self._kinds(drug)
        common = {d: len(mine & self._kinds(d)) for d in shuffled(self.everyone, rng) if d != drug}
        return sorted((d for d in common if common[d]), key=lambda d: -common[d])

    def _kinds(self, drug: str) -> frozenset[str]:
        return self._defined.intersection(self.schema.values(drug, n.TYPE))

    def _those(self, cls: str, verdict: str) -> tuple[str, ...]:
        return tuple(d for d in self.everyone if self.verdict(d, Named(cls)) == verdict)

    def _misses(self, cls: str) -> tuple[str, ...]:
        return tuple(sorted(self._those(cls, "no"), key=lambda d: (-self.nearness(d, Named(cls)), d)))

    def _nearness(self, drug: str, e: Expression) -> float:
        """Measure how much of an expression a drug meets, from 0 to 1; of a restriction, how many of its qualifiers each on its own."""
        if self.verdict(drug, e) == "yes":
            return 1
        match e:
            case Named(iri) if (definition := self.schema.definition(iri)) is not None:
                return self.nearness(drug, definition)
            case And(parts):
                told = [p for p in parts if not (isinstance(p, Named) and say.is_sort(self.schema, p.iri))]
                return sum(self.nearness(drug, p) for p in told) / max(len(told), 1)
            case Or(parts):
                return max(self.nearness(drug, p) for p in parts)
            case Some(prop, Named(iri)) if (definition := self.schema.definition(iri)) is not None:
                return self.nearness(drug, Some(prop, definition))
            case Some(prop, And(parts)):
                qualifiers = [p for p in parts if isinstance(p, Some)]
                return sum(self.verdict(drug, Some(prop, p)) == "yes" for p in qualifiers) / (2 * max(len(qualifiers), 1))
        return 0


Kind = Callable[[Maker, Random], Iterator[Draft]]


def shuffled(items: Iterable[str], rng: Random) -> list[str]:
    """Return the items in random order."""
    mixed = list(items)
    rng.shuffle(mixed)
    return mixed


def interleave(streams: Iterable[Iterator[Draft]]) -> Iterator[Draft]:
    """Yield from each stream in turn until all have ended.

    >>> list(interleave([iter("ab"), iter("x")]))  # type: ignore[list-item]
    ['a', 'x', 'b']
    """
    live = list(streams)
    while live:
        for stream in tuple(live):
            if (draft := next(stream, None)) is None:
                live.remove(stream)
            else:
                yield draft


# --- membership -----------------------------------------------------------------------------------------------------


def member(m: Maker, rng: Random) -> Iterator[Draft]:
    """Which of these is a CLASS? One is; the others are near misses."""
    for cls in shuffled(m.classes, rng):
        if m.focus and m.verdict(m.focus, Named(cls)) != "yes":
            continue
        inside, near = [m.focus] if m.focus else m.those(cls, "yes"), m.near(cls, rng)[:WINDOW]
        if inside and len(near) >= WRONG:
            right, wrong = rng.choice(inside), rng.sample(near, WRONG)
            yield Draft("member", f"Which of these is {m.noun(cls)}?", _is(m, right, cls), tuple(_is(m, d, cls) for d in wrong))


def stranger(m: Maker, rng: Random) -> Iterator[Draft]:
    """Which of these is not a CLASS? A near miss is not; the others are."""
    for cls in shuffled(m.classes, rng):
        inside, near = shuffled(m.those(cls, "yes"), rng), m.near(cls, rng)[:WRONG]
        if m.focus in near:
            near = [d for d in near if d == m.focus]
        elif m.focus:
            inside = [m.focus, *(d for d in inside if d != m.focus)] if m.focus in inside else []
        if near and len(inside) >= WRONG:
            right, wrong = rng.choice(near), inside[:WRONG]
            yield Draft("stranger", f"Which of these is not {m.noun(cls)}?", _is(m, right, cls), tuple(_is(m, d, cls) for d in wrong))


def _is(m: Maker, drug: str, cls: str) -> Choice:
    return m.choice(m.label(drug), drug, Named(cls), m.verdict(drug, Named(cls)) == "yes")


def condition(m: Maker, rng: Random) -> Iterator[Draft]:
    """Why is DRUG no CLASS? It fails one condition; the others, of this class or of classes that it is in, it meets."""
    return interleave([_conditions(m, rng, cls) for cls in shuffled(m.classes, rng)])


def _conditions(m: Maker, rng: Random, cls: str) -> Iterator[Draft]:
    parts = conditions(m.graph, cls)
    if len(parts) < 2:
        return
    for drug in (m.focus,) if m.focus else m.near(cls, rng):
        found = [m.verdict(drug, p) for p in parts]
        if found.count("no") == 1 and found.count("yes") == len(parts) - 1:
            failed = parts[found.index("no")]
            met = [p for p in parts if p != failed]
            wrong = _unlike(m, [*met, *_others(m, drug, failed, rng)], [failed])
            if len(wrong) >= WRONG:
                text = f"Why is {m.label(drug)} not {m.noun(cls)}: which of these conditions does it fail?"
                yield Draft("condition", text, _meets(m, drug, failed), tuple(_meets(m, drug, p) for p in wrong[:WRONG]))


def _others(m: Maker, drug: str, failed: Expression, rng: Random) -> list[Expression]:
    """Return conditions that a drug meets, from the classes that it is in; those that speak of the same property first."""
    mine = [c for c in m.schema.drug_classes() if c in m.schema.values(drug, n.TYPE)]
    found = [p for c in shuffled(mine, rng) for p in conditions(m.graph, c) if m.verdict(drug, p) == "yes"]
    return sorted(found, key=lambda p: getattr(p, "prop", "") != getattr(failed, "prop", ""))


def _unlike(m: Maker, candidates: Iterable[Expression], told: Sequence[Expression]) -> list[Expression]:
    """Leave out what repeats an expression that was taken before: in the same words, or as a wider or narrower case of it."""
    kept, words = list(told), {_words(m, e) for e in told}
    for e in candidates:
        if _words(m, e) not in words and not any(below(m.schema, e, k) or below(m.schema, k, e) for k in kept):
            kept.append(e)
            words.add(_words(m, e))
    return kept[len(told) :]


def _meets(m: Maker, drug: str, e: Expression) -> Choice:
    return m.choice(_words(m, e), drug, e, m.verdict(drug, e) == "yes")


def _words(m: Maker, e: Expression) -> str:
    words = say.expression(m.schema, e.part if isinstance(e, Not) else e)
    if not isinstance(e, Not):
        return words
    return f"is not {words.removeprefix('is ')}" if words.startswith("is ") else f"is not one that {words}"


def sense(m: Maker, rng: Random) -> Iterator[Draft]:
    """In which senses is DRUG a WORD? Asked where the verdicts differ from sense to sense, and each of them is proved."""
    asked = [(t, s) for t, s in sorted(m.schema.senses.items()) if len(s) > 1 and (m.focus or set(s) & set(m.classes))]
    for drug in shuffled(m.everyone if not m.focus else m.drugs, rng):
        for term, several in asked:
            true = tuple(s for s in several if m.verdict(drug, Named(s)) == "yes")
            false = tuple(s for s in several if m.verdict(drug, Named(s)) == "no")
            if true and false and len(true) + len(false) == len(several):
                sets = [c for size in range(len(several) + 1) for c in combinations(several, size) if c != true]
                rng.shuffle(sets)
                wrong = sorted(sets, key=lambda c: len(set(c) ^ set(true)))[:WRONG]
                text = f"In exactly which senses is {m.label(drug)} {say.article(m.label(term))}?"
                yield Draft("sense", text, _in(m, drug, several, true), tuple(_in(m, drug, several, c) for c in wrong))


def _in(m: Maker, drug: str, several: tuple[str, ...], chosen: tuple[str, ...]) -> Choice:
    """Return the option that a drug is in some senses and in no other: proved by every sense, or refuted by those that it gets wrong."""
    text = " and ".join(m.label(s) for s in chosen) or "in none"
    told = {s: m.verdict(drug, Named(s)) == "yes" for s in several}
    wrong = [s for s in several if told[s] != (s in chosen)]

    def proof() -> Proof:
        children = tuple(prove(m.evaluator, drug, Named(s), told[s]) for s in wrong or several)
        return Proof(f"{m.label(drug)}, exactly: {text}", "comparison", "no" if wrong else "yes", children)

    return Choice(text, proof)


# --- what drugs do --------------------------------------------------------------------------------------------------


def action(m: Maker, rng: Random) -> Iterator[Draft]:
    """What does DRUG do? One of its mechanisms; the others are mechanisms of its kin that it lacks."""
    for drug in shuffled(m.drugs, rng):
        mine = {_words(m, e): e for e in _mechanisms(m, drug) if m.verdict(drug, e) == "yes"}
        theirs = {_words(m, e): e for other in m.kin(drug, rng) for e in _mechanisms(m, other) if m.verdict(drug, e) == "no"}
        wrong = [e for words, e in theirs.items() if words not in mine][:WINDOW]
        if mine and len(wrong) >= WRONG:
            right, others = rng.choice(list(mine.values())), rng.sample(wrong, WRONG)
            yield Draft("action", f"What does {m.label(drug)} do?", _does(m, drug, right), tuple(_does(m, drug, e) for e in others))


def _mechanisms(m: Maker, drug: str) -> Iterator[Expression]:
    """Yield what is stated of a drug's actions as conditions: the narrowest kind of action, at the target."""
    for statement in m.evaluator.facts.values(drug, n.HAS_MECHANISM):
        kinds = [t for t in m.schema.values(statement, n.TYPE) if m.schema.text(t, n.PHRASE) and t not in n.MARKS]
        for target in m.schema.values(statement, n.TARGET) if kinds else ():
            narrowest = max(kinds, key=lambda t: (len(m.schema.ancestors(t)), t))
            yield Some(n.HAS_MECHANISM, And((Named(n.NS + "Mechanism"), Named(narrowest), Some(n.TARGET, OneOf((target,))))))


def _does(m: Maker, drug: str, e: Expression) -> Choice:
    return m.choice(f"It {_words(m, e)}.", drug, e, m.verdict(drug, e) == "yes")


def shared(m: Maker, rng: Random) -> Iterator[Draft]:
    """Which of these do A and B share? Both have one; of the others one side is proved to have it and the other not."""
    return interleave([_shared(m, rng, drug) for drug in shuffled(m.drugs, rng)])


def _shared(m: Maker, rng: Random, drug: str) -> Iterator[Draft]:
    kin = m.kin(drug, rng)
    for other in (*shuffled(kin[:WINDOW], rng), *kin[WINDOW:]):
        rows = _rows(m, drug, other)
        both = [r for r in rows if r.side == "shared"]
        apart = [r for r in rows if r.side != "shared"]
        usable = [r for r in both if r.axis in {other.axis for other in apart}]
        if usable and len(apart) >= WRONG:
            axis = rng.choice(sorted({r.axis for r in usable}))
            right = rng.choice([r for r in usable if r.axis == axis])
            rng.shuffle(apart)
            wrong = sorted(apart, key=lambda r: r.axis != axis)[:WRONG]
            text = f"Which of these do {m.label(drug)} and {m.label(other)} share?"
            yield Draft("shared", text, _row(right), tuple(map(_row, wrong)))


def _rows(m: Maker, drug: str, other: str) -> list[Compared]:
    """Return what two drugs are proved to share, or to have one without the other; what is said twice and not alike is left out."""
    rows = [r for r in compare(drug, other, graph=m.graph).rows if r.axis in _TOLD]
    sides: dict[str, set[str]] = {}
    for row in rows:
        sides.setdefault(row.value, set()).add(row.side)
    return list({r.value: r for r in rows if sides[r.value] in ({"shared"}, {"a"}, {"b"})}.values())


def _row(row: Compared) -> Choice:
    return Choice(row.value, lambda: row.proof)


# --- drugs together -------------------------------------------------------------------------------------------------


def follows(m: Maker, rng: Random) -> Iterator[Draft]:
    """A and B are taken together: what follows? A rule that fires; the others concern one of the two and are refused."""
    return interleave([_follows(m, rng, rules) for rules in _bases(m, rng)])


def _follows(m: Maker, rng: Random, rules: list[Rule]) -> Iterator[Draft]:
    for rule, a, b in _firing(m, rng, rules):
        near = [r for r in m.pairs.rules if r.base != rule.base and any(m.has(d, c) for d in (a, b) for c in r.roles)]
        rng.shuffle(near)
        wrong = {r.base: r for r in near if _refused(m, r, a, b)}
        if len(wrong) >= WRONG:
            text = f"{m.label(a)} and {m.label(b)} are taken together: what follows?"
            choices = [Choice(r.label, _pair(m, r, a, b)) for r in (rule, *list(wrong.values())[:WRONG])]
            yield Draft("follows", text, choices[0], tuple(choices[1:]))


def partner(m: Maker, rng: Random) -> Iterator[Draft]:
    """With which of these does a rule hold for DRUG? It fires for one; for the others, near misses of the rule's class, it is refused."""
    return interleave([_partner(m, rng, rules) for rules in _bases(m, rng)])


def _partner(m: Maker, rng: Random, rules: list[Rule]) -> Iterator[Draft]:
    for rule, a, b in _firing(m, rng, rules):
        role = rule.roles[1] if m.has(b, rule.roles[1]) else rule.roles[0]
        wrong = [d for d in m.near(role, rng) if d != a and _refused(m, rule, a, d)][:WINDOW]
        if len(wrong) >= WRONG:
            text = f"With which of these does this follow for {m.label(a)}: {rule.label}?"
            choices = [Choice(m.label(d), _pair(m, rule, a, d)) for d in (b, *rng.sample(wrong, WRONG))]
            yield Draft("partner", text, choices[0], tuple(choices[1:]))


def _bases(m: Maker, rng: Random) -> list[list[Rule]]:
    """Return the rules in random order, those that one pattern made as one."""
    found: dict[str, list[Rule]] = {}
    for rule in m.pairs.rules:
        found.setdefault(rule.base, []).append(rule)
    groups = list(found.values())
    rng.shuffle(groups)
    return groups


def _firing(m: Maker, rng: Random, rules: list[Rule]) -> Iterator[tuple[Rule, str, str]]:
    """Yield rules that fire with the pairs for which they do, one drug of which is asked about."""
    rng.shuffle(rules)
    for rule in rules:
        first, second = ([d for d in m.everyone if d in m.schema.subjects(n.TYPE, role)] for role in rule.roles)
        couples = [(a, b) for a in first for b in second if a != b and (a in m.drugs or b in m.drugs)]
        rng.shuffle(couples)
        yield from ((rule, a, b) for a, b in couples if m.pairs.verdict(rule, a, b) == "yes")


def _refused(m: Maker, rule: Rule, a: str, b: str) -> bool:
    """Whether a rule is refused because a membership is disproved, and not because it yields to a rule that fires."""
    orders = {(a, b), (b, a)}
    return all("no" in (m.verdict(d, Named(c)) for d, c in zip(order, rule.roles, strict=True)) for order in orders)


def _pair(m: Maker, rule: Rule, a: str, b: str) -> Callable[[], Proof]:
    """Return the function that proves that a rule fires for two drugs, or that it is refused."""
    if m.pairs.verdict(rule, a, b) == "no":
        return lambda: m.pairs.refusal(rule, a, b).because
    return lambda: next(i.proof for i in m.pairs.interactions(a, b) if i.rule.iri == rule.iri)


KINDS: tuple[tuple[str, Kind], ...] = (
    ("member", member),
    ("stranger", stranger),
    ("condition", condition),
    ("sense", sense),
    ("action", action),
    ("shared", shared),
    ("follows", follows),
    ("partner", partner),
)
"""The kinds of question with the functions that draft them."""
