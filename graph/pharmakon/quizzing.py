"""The kinds of question in a quiz: for each a function that drafts such questions, as many as there are, none of them by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, islice
from random import Random

from . import names as n
from . import say
from .answers import conditions
from .axes import compare
from .comparison import Compared
from .drafts import WINDOW, WRONG, Choice, Draft, Maker, interleave, shuffled
from .expression import And, Expression, Named, Not, OneOf, Some
from .interact import Rule
from .proof import Proof, prove
from .subsume import below

_TOLD = ("mechanism", "target", "distribution", "structure", "origin", "purpose", "effects", "class")
"""The axes of a comparison on which two drugs are asked about."""

Kind = Callable[[Maker, Random], Iterator[Draft]]


# --- membership -----------------------------------------------------------------------------------------------------


def member(m: Maker, rng: Random) -> Iterator[Draft]:
    """Which of these is a CLASS? One is; the others are near misses."""
    for cls in shuffled(m.classes, rng):
        if m.focus and not m.is_(m.focus, Named(cls)):
            continue
        inside, near = [m.focus] if m.focus else m.those(cls, True), m.near(cls, rng)[:WINDOW]
        if inside and len(near) >= WRONG:
            drugs = (rng.choice(inside), *rng.sample(near, WRONG))
            yield _draft("member", f"Which of these is {m.noun(cls)}?", [m.choice(m.label(d), d, Named(cls)) for d in drugs])


def odd_one(m: Maker, rng: Random) -> Iterator[Draft]:
    """Which of these is not a CLASS? A near miss is not; the others are."""
    for cls in shuffled(m.classes, rng):
        if m.focus and not m.nearness(m.focus, Named(cls)):
            continue
        inside, near = shuffled(m.those(cls, True), rng), m.near(cls, rng)[:WRONG]
        if m.focus in near:
            near = [d for d in near if d == m.focus]
        elif m.focus:
            inside = [m.focus, *(d for d in inside if d != m.focus)] if m.focus in inside else []
        if near and len(inside) >= WRONG:
            drugs = (rng.choice(near), *inside[:WRONG])
            yield _draft("odd one", f"Which of these is not {m.noun(cls)}?", [m.choice(m.label(d), d, Named(cls)) for d in drugs])


def condition(m: Maker, rng: Random) -> Iterator[Draft]:
    """Why is DRUG no CLASS? It fails one condition; the others, of this class or of classes that it is in, it meets."""
    return interleave([_conditions(m, rng, cls) for cls in shuffled(m.classes, rng)])


def _conditions(m: Maker, rng: Random, cls: str) -> Iterator[Draft]:
    parts = conditions(m.graph, cls)
    if len(parts) < 2:
        return
    for drug in (m.focus,) if m.focus else m.near(cls, rng):
        failed, met = [p for p in parts if m.is_not(drug, p)], [p for p in parts if m.is_(drug, p)]
        if len(failed) == 1 and len(met) == len(parts) - 1:
            told = _unlike(m, [*failed, *met, *_others(m, drug, failed[0], rng)])[: WRONG + 1]
            if len(told) > WRONG and told[0] == failed[0]:
                text = f"Why is {m.label(drug)} not {m.noun(cls)}: which of these conditions does it fail?"
                yield _draft("condition", text, [m.choice(m.words(e), drug, e) for e in told])


def _others(m: Maker, drug: str, failed: Expression, rng: Random) -> list[Expression]:
    """Return conditions that a drug meets, from the classes that it is in; those that speak of the same property first."""
    found = [p for c in shuffled(sorted(m.kinds(drug)), rng) for p in conditions(m.graph, c)]
    return sorted(found, key=lambda p: getattr(p, "prop", "") != getattr(failed, "prop", ""))


def _unlike(m: Maker, candidates: Iterable[Expression]) -> list[Expression]:
    """Leave out what repeats a condition that stands before it, as a wider, narrower or contrary case of it, and what has no plain words."""
    kept: dict[Expression, Expression] = {}
    for e in candidates:
        core = e.part if isinstance(e, Not) else e
        if "such that" not in m.words(e) and not any(
            m.words(core) == m.words(k) or below(m.schema, core, k) or below(m.schema, k, core) for k in kept.values()
        ):
            kept[e] = core
    return list(kept)


def sense(m: Maker, rng: Random) -> Iterator[Draft]:
    """In which senses is DRUG a WORD? Asked where the verdicts differ from sense to sense, and each of them is proved."""
    for drug in shuffled(m.drugs, rng):
        for term, several in sorted(m.schema.senses.items()):
            true = tuple(s for s in several if m.is_(drug, Named(s)))
            false = [s for s in several if m.is_not(drug, Named(s))]
            if true and false and len(true) + len(false) == len(several):
                sets = [c for size in range(len(several) + 1) for c in combinations(several, size) if c != true]
                wrong = sorted(shuffled(sets, rng), key=lambda c: len(set(c) ^ set(true)))[:WRONG]
                text = f"In exactly which senses is {m.label(drug)} {say.article(m.label(term))}?"
                yield _draft("sense", text, [_in(m, drug, several, chosen) for chosen in (true, *wrong)])


def _in(m: Maker, drug: str, several: tuple[str, ...], chosen: tuple[str, ...]) -> Choice:
    """Return the option that a drug is in some senses and in no other: proved by every sense, or refuted by those that it gets wrong."""
    text = "; ".join(m.label(s) for s in chosen) or "in none of them"
    wrong = [s for s in several if m.is_(drug, Named(s)) != (s in chosen)]

    def proof() -> Proof:
        children = tuple(prove(m.evaluator, drug, Named(s), m.is_(drug, Named(s))) for s in wrong or several)
        return Proof(f"{m.label(drug)}, in exactly these senses: {text}", "comparison", "no" if wrong else "yes", children)

    return Choice(text, proof)


# --- what drugs do --------------------------------------------------------------------------------------------------


def action(m: Maker, rng: Random) -> Iterator[Draft]:
    """What does DRUG do? One of its mechanisms; the others are mechanisms of its kin that it lacks."""
    for drug in shuffled(m.drugs, rng):
        mine = {m.words(e): e for e in _mechanisms(m, drug) if m.is_(drug, e)}
        theirs = {m.words(e): e for other in m.kin(drug, rng) for e in _mechanisms(m, other) if m.is_not(drug, e) and m.is_(other, e)}
        wrong = [e for words, e in theirs.items() if words not in mine][:WINDOW]
        if mine and len(wrong) >= WRONG:
            told = (rng.choice(list(mine.values())), *rng.sample(wrong, WRONG))
            yield _draft("action", f"What does {m.label(drug)} do?", [m.choice(f"It {m.words(e)}.", drug, e) for e in told])


def _mechanisms(m: Maker, drug: str) -> Iterator[Expression]:
    """Yield what is stated of a drug's actions as conditions: the narrowest kind of action, at the target."""
    for statement in m.evaluator.facts.values(drug, n.HAS_MECHANISM):
        kinds = [t for t in m.schema.values(statement, n.TYPE) if m.schema.text(t, n.PHRASE) and t not in m.schema.marks]
        for target in m.schema.values(statement, n.TARGET) if kinds else ():
            narrowest = max(kinds, key=lambda t: (len(m.schema.ancestors(t)), t))
            yield Some(n.HAS_MECHANISM, And((Named(n.NS + "Mechanism"), Named(narrowest), Some(n.TARGET, OneOf((target,))))))


def shared(m: Maker, rng: Random) -> Iterator[Draft]:
    """Which of these do A and B share? Both have one; of the others one side is proved to have it and the other not."""
    return interleave([_shared(m, rng, drug) for drug in shuffled(m.drugs, rng)])


def _shared(m: Maker, rng: Random, drug: str) -> Iterator[Draft]:
    kin = m.kin(drug, rng)
    for other in (*shuffled(kin[:WINDOW], rng), *kin[WINDOW:]):
        rows = _rows(m, drug, other)
        apart = [r for r in rows if r.side != "shared"]
        both = [r for r in rows if r.side == "shared" and r.axis in {other.axis for other in apart}]
        if both and len(apart) >= WRONG:
            axis = rng.choice(sorted({r.axis for r in both}))
            right = rng.choice([r for r in both if r.axis == axis])
            wrong = sorted(shuffled(apart, rng), key=lambda r: r.axis != axis)[:WRONG]
            yield _draft("shared", f"Which of these do {m.both(drug, other)} share?", [_row(r) for r in (right, *wrong)])


def _rows(m: Maker, drug: str, other: str) -> list[Compared]:
    """Return what two drugs are proved to share, or to have one without the other; what is said twice and not alike is left out."""
    rows = compare(drug, other, graph=m.graph).rows
    sides: dict[str, set[str]] = {}
    for row in rows:
        sides.setdefault(row.value, set()).add(row.side)
    return list({r.value: r for r in rows if r.axis in _TOLD and sides[r.value] in ({"shared"}, {"a"}, {"b"})}.values())


def _row(row: Compared) -> Choice:
    return Choice(row.value, lambda: row.proof)


# --- drugs together -------------------------------------------------------------------------------------------------


def consequence(m: Maker, rng: Random) -> Iterator[Draft]:
    """A and B are taken together: what follows? A rule that fires; the others concern one of the two and are refused."""
    return interleave([_consequences(m, rng, rules) for rules in _bases(m, rng)])


def _consequences(m: Maker, rng: Random, rules: list[Rule]) -> Iterator[Draft]:
    for rule, a, b in _firing(m, rng, rules):
        theirs = {*m.schema.values(a, n.TYPE), *m.schema.values(b, n.TYPE)}
        near = {r.base: r for r in shuffled(m.pairs.rules, rng) if r.base != rule.base and not theirs.isdisjoint(r.roles)}
        wrong = list(islice((r for r in near.values() if _refused(m, r, a, b)), WRONG))
        if len(wrong) == WRONG:
            text = f"{m.both(a, b)} are taken together: what follows?"
            yield _draft("consequence", text, [Choice(r.label, _pair(m, r, a, b)) for r in (rule, *wrong)])


def partner(m: Maker, rng: Random) -> Iterator[Draft]:
    """With which of these does a rule hold for DRUG? It fires for one; for the others, near misses of the rule's class, it is refused."""
    return interleave([_partners(m, rng, rules) for rules in _bases(m, rng)])


def _partners(m: Maker, rng: Random, rules: list[Rule]) -> Iterator[Draft]:
    for rule, a, b in _firing(m, rng, rules):
        wrong = [d for d in m.near(rule.roles[1], rng) if d != a and _refused(m, rule, a, d)][:WINDOW]
        if len(wrong) >= WRONG:
            text = f"With which of these does this follow for {m.label(a)}: {rule.label}?"
            drugs = (b, *rng.sample(wrong, WRONG))
            yield _draft("partner", text, [Choice(m.label(d), _pair(m, rule, a, d)) for d in drugs])


def _bases(m: Maker, rng: Random) -> list[list[Rule]]:
    """Return the rules in random order, those that one pattern made together."""
    found: dict[str, list[Rule]] = {}
    for rule in shuffled(m.pairs.rules, rng):
        found.setdefault(rule.base, []).append(rule)
    return [found[base] for base in shuffled(sorted(found), rng)]


def _firing(m: Maker, rng: Random, rules: list[Rule]) -> Iterator[tuple[Rule, str, str]]:
    """Yield rules that fire with the pairs for which they do, one drug of which is asked about."""
    for rule in rules:
        first, second = (sorted({*m.everyone} & {*m.schema.subjects(n.TYPE, role)}) for role in rule.roles)
        couples = [(a, b) for a in first for b in second if a != b and (a in m.drugs or b in m.drugs)]
        yield from ((rule, a, b) for a, b in shuffled(couples, rng) if m.pairs.verdict(rule, a, b) == "yes")


def _refused(m: Maker, rule: Rule, a: str, b: str) -> bool:
    """Whether a rule is refused since a membership is disproved; where it would yield to another that fires, that would be its proof."""
    if any(r.iri in rule.yields_to and m.pairs.verdict(r, a, b) == "yes" for r in m.pairs.rules):
        return False
    return all(any(m.is_not(d, Named(c)) for d, c in zip(order, rule.roles, strict=True)) for order in ((a, b), (b, a)))


def _pair(m: Maker, rule: Rule, a: str, b: str) -> Callable[[], Proof]:
    """Return the function that proves that a rule fires for two drugs, or that it is refused."""
    if m.pairs.verdict(rule, a, b) == "yes":
        return lambda: next(i.proof for i in m.pairs.interactions(a, b) if i.rule.iri == rule.iri)
    return lambda: m.pairs.refusal(rule, a, b).because


# --- all of them ----------------------------------------------------------------------------------------------------


def _draft(kind: str, text: str, choices: list[Choice]) -> Draft:
    """Make a draft of a question and its options, of which the first is right."""
    return Draft(kind, text[0].upper() + text[1:], choices[0], tuple(choices[1:]))


KINDS: tuple[tuple[str, Kind], ...] = (
    ("member", member),
    ("odd one", odd_one),
    ("condition", condition),
    ("sense", sense),
    ("action", action),
    ("shared", shared),
    ("consequence", consequence),
    ("partner", partner),
)
"""The kinds of question, each with the function that drafts it."""
