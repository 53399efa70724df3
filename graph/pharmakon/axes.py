"""Compare two drugs, or a drug and a class, axis by axis: what is shared, what only one has, what is not known of one.

Every row is a condition, a class expression, that is asked of both sides. So "only baclofen" is never said because nothing was
stated of morphine: it needs a proof that morphine lacks it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from . import graph as g
from . import names as n
from . import say
from .answers import conditions, senses
from .comparison import Compared, Comparison
from .evaluate import Evaluator
from .expression import And, Expression, Named, OneOf, Only, Or, Some, children
from .facts import Schema
from .graph import Graph
from .interact import rules
from .proof import Proof, prove
from .subsume import below
from .values import Thing

AXES = (
    "class",
    "mechanism",
    "target",
    "place of action",
    "distribution",
    "structure",
    "origin",
    "purpose",
    "effects",
    "adverse effects",
    "dependence",
    "withdrawal",
    "routes",
    "onset",
    "elimination",
    "metabolism",
    "activation",
    "effects on enzymes",
    "law",
    "assay",
    "interactions",
    "warnings",
    "contraindications",
)
"""The axes in the order in which they are told."""

_PARTING = ("mechanism", "target", "distribution", "structure", "origin", "purpose", "law", "class")
"""The axes on which two things are said to part, the most telling first."""

_KINDS = frozenset({"mechanism", "distribution", "structure", "origin", "purpose"})
"""The axes on which a class says what kind of drug a drug is."""

_SIDES = {("yes", "yes"): "shared", ("yes", "no"): "a", ("no", "yes"): "b", ("yes", "unknown"): "unknown", ("unknown", "yes"): "unknown"}
_VERBS = {"is": "is not", "can": "cannot", "does": "does not"}
_ORDER = ("shared", "a", "b", "unknown")


@dataclass(frozen=True)
class _Feature:
    """A condition to ask of both sides, on an axis, with the words for it."""

    axis: str
    e: Expression
    value: str


# --- sides ----------------------------------------------------------------------------------------------------------


class _Drug:
    """A drug as one side of a comparison."""

    def __init__(self, graph: Graph, evaluator: Evaluator, iri: str) -> None:
        self.schema, self.evaluator, self.iri = graph.schema, evaluator, iri
        self.name = graph.schema.label(iri)

    def features(self) -> Iterator[_Feature]:
        """Yield what is stated of the drug, as conditions."""
        schema = self.schema
        for prop in sorted(schema.statement_properties):
            axis = schema.text(prop, n.AXIS)
            for statement in self.evaluator.facts.values(self.iri, prop) if axis else ():
                e = _condition(schema, prop, statement)
                yield _Feature(axis or "", e, say.expression(schema, e))
                for target in schema.values(statement, n.TARGET):
                    at = Some(n.HAS_MECHANISM, Some(n.TARGET, OneOf((target,))))
                    yield _Feature("target", at, f"acts at {say.the(schema, target)}")

    def verdict(self, e: Expression) -> str:
        found = self.evaluator.verdict(self.iri, e)
        return "unknown" if found == "contradicted" else found

    def senses(self) -> list[_Class]:
        return []

    def having(self) -> str:
        return self.name

    def lacking(self, e: Expression, does: str) -> str:
        return f"{self.name} {_VERBS[does]}"

    def proof(self, e: Expression, positive: bool) -> Proof:
        return prove(self.evaluator, self.iri, e, positive)


class _Class:
    """A class, or a word with several senses, as one side: what holds of every drug in it."""

    def __init__(self, graph: Graph, evaluator: Evaluator, iri: str) -> None:
        self.graph, self.schema, self.evaluator, self.iri = graph, graph.schema, evaluator, iri
        head, _, sense = graph.schema.label(iri).partition(", ")
        self.name = f"{head} in the {sense}" if sense.endswith("sense") else graph.schema.label(iri)
        self._senses = senses(graph, iri)
        named = [Named(sense) for sense in self._senses]
        self.e: Expression = named[0] if len(named) == 1 else Or(tuple(named))
        self._members = [d for d in graph.schema.drugs() if evaluator.verdict(d, self.e) == "yes"]

    def features(self) -> Iterator[_Feature]:
        """Yield the conditions of the definition; of a word with several senses those that every sense has."""
        for sense in self._senses:
            for part in conditions(self.graph, sense):
                if part != self.e and below(self.schema, self.e, part):
                    axis = self.schema.text(part.prop, n.AXIS) if isinstance(part, Some) else None
                    yield _Feature(axis or "class", part, say.expression(self.schema, part))

    def senses(self) -> list[_Class]:
        """Return the senses of a word, each a side of its own; none for a class with one meaning."""
        return [_Class(self.graph, self.evaluator, sense) for sense in self._senses] if len(self._senses) > 1 else []

    def verdict(self, e: Expression) -> str:
        """Tell whether every drug in the class is such: "yes" by the definition, "no" by a drug in it that is not."""
        if below(self.schema, self.e, e):
            return "yes"
        return "no" if self._exceptions(e) else "unknown"

    def having(self) -> str:
        return f"every {self.name}"

    def lacking(self, e: Expression, does: str) -> str:
        """Name who lacks it: all drugs of the class that are here, or one of them."""
        without = self._exceptions(e)
        if len(without) == len(self._members):
            return f"no {self.name} here {does}"
        return f"not every {self.name} {does}: {self.schema.label(without[0])} {_VERBS.get(does, does)}"

    def _exceptions(self, e: Expression) -> list[str]:
        return [d for d in self._members if self.evaluator.verdict(d, e) == "no"]

    def proof(self, e: Expression, positive: bool) -> Proof:
        predicate = say.expression(self.schema, e)
        if positive:
            text = f"{self.having()} {predicate}: it follows from the definition"
            return Proof(text, "class", "yes", (), (), n.short(self.iri))
        drug = self._exceptions(e)[0]
        children = tuple(prove(self.evaluator, drug, part, side) for part, side in ((self.e, True), (e, False)))
        text = f"every {self.name} {predicate}: not {self.schema.label(drug)}"
        return Proof(text, "class", "no", children, (), n.short(drug))


_Side = _Drug | _Class


# --- the question ---------------------------------------------------------------------------------------------------


def compare(a: str, b: str, *, without: Sequence[str] = (), graph: Graph | None = None) -> Comparison:
    """Compare two drugs, two classes, or one of each.

    Args:
        a: a drug or a class.
        b: a drug or a class.
        without: sources to withdraw.
        graph: the graph; the shipped one where none is given.

    Raises:
        UnknownName: a name stands for nothing.
        BadQuestion: both names stand for the same.

    >>> compare("baclofen", "phenibut").nearest.label
    'GABA-B agonist'
    """
    graph = graph or g.shipped()
    evaluator = graph.evaluator(without)
    found = [g.subject(graph, name) for name in (a, b)]
    g.apart(graph, found)
    one, other = (_side(graph, evaluator, iri) for iri in found)
    rows = []
    for feature in _features(graph, one, other):
        verdicts = one.verdict(feature.e), other.verdict(feature.e)
        side = _SIDES.get(verdicts)
        if side:
            rows.append(_row(feature, side, verdicts, one, other))
    for first, second in (*((sense, other) for sense in one.senses()), *((one, sense) for sense in other.senses())):
        for feature in (first if first is not one else second).features():
            verdicts = first.verdict(feature.e), second.verdict(feature.e)
            if verdicts in _SIDES and "yes" not in (one if first is not one else other).verdict(feature.e):
                rows.append(_row(feature, _SIDES[verdicts], verdicts, first, second))
    rows.sort(key=lambda r: (AXES.index(r.axis), _ORDER.index(r.side), r.value))
    parted = sorted((r for r in rows if r.side in "ab"), key=lambda r: _PARTING.index(r.axis) if r.axis in _PARTING else len(_PARTING))
    things = [Thing(iri, graph.schema.label(iri)) for iri in found]
    classes = (isinstance(one, _Class), isinstance(other, _Class))
    return Comparison(things[0], things[1], classes, tuple(rows), _nearest(graph, one, other), parted[0].sentence if parted else "")


def _side(graph: Graph, evaluator: Evaluator, iri: str) -> _Side:
    return _Drug(graph, evaluator, iri) if n.DRUG in graph.schema.values(iri, n.TYPE) else _Class(graph, evaluator, iri)


def _features(graph: Graph, one: _Side, other: _Side) -> Iterator[_Feature]:
    """Yield every condition once: classes, what each side states, effects, and what each takes part in."""
    seen: set[tuple[str, Expression]] = set()
    itself = [Named(side.iri) for side in (one, other)]
    for feature in (*_classes(graph), *one.features(), *other.features(), *_taking_part(graph.schema)):
        if (feature.axis, feature.e) not in seen and feature.e not in itself:
            seen.add((feature.axis, feature.e))
            yield feature


def _classes(graph: Graph) -> Iterator[_Feature]:
    schema = graph.schema
    for iri in schema.drug_classes:
        effects = schema.values(iri, n.BRINGS_ABOUT)
        yield _Feature("class", Named(iri), say.named(schema, iri))
        for effect in effects:
            yield _Feature("effects", Named(iri), f"has the effect: {schema.label(effect)}")


def _taking_part(schema: Schema) -> Iterator[_Feature]:
    for rule in rules(schema):
        if rule.iri == rule.base:
            for role in dict.fromkeys(rule.roles):
                words = f" as one that {say.named(schema, role)}" if rule.roles[0] != rule.roles[1] else ""
                yield _Feature("interactions", Named(role), f"can take part in {rule.label}{words}")


def _condition(schema: Schema, prop: str, statement: str) -> Expression:
    """Turn a statement into the condition that another drug would meet by saying the same."""
    kind = schema.values(prop, n.RANGE)[0]
    types = [t for t in schema.values(statement, n.TYPE) if kind in schema.ancestors(t) and t != kind and t not in schema.marks]
    narrow = [t for t in types if not any(t != u and t in schema.ancestors(u) for u in types)]
    parts: list[Expression] = [Named(kind), *(Named(t) for t in sorted(narrow))]
    telling = {n.NS + name: i for i, name in enumerate(say.HEADS)}
    for qualifier in sorted(schema.values(prop, n.COMPARED_BY), key=lambda q: telling.get(q, len(telling))):
        parts += [Some(qualifier, OneOf((v,))) for v in schema.values(statement, qualifier)]
    return Some(prop, And(tuple(parts)) if len(parts) > 1 else parts[0])


def _row(feature: _Feature, side: str, verdicts: tuple[str, str], one: _Side, other: _Side) -> Compared:
    sentence = _sentence(feature, side, verdicts, one, other)
    sides = [s.proof(feature.e, v == "yes") for s, v in zip((one, other), verdicts, strict=True) if v in ("yes", "no")]
    of = "both" if side == "shared" else "a" if verdicts[0] == "yes" else "b"
    return Compared(feature.axis, side, of, feature.value, sentence, Proof(sentence, "comparison", "yes", tuple(sides)))


def _sentence(feature: _Feature, side: str, verdicts: tuple[str, str], one: _Side, other: _Side) -> str:
    """Say a row in a sentence: who does, and whether the other does too, does not, or is not known to."""
    has, rest = (one, other) if verdicts[0] == "yes" else (other, one)
    does = _auxiliary(feature.value)
    text = f"{has.having()} {feature.value}"
    if side == "shared":
        text += f", and so {does} {rest.having()}" if does else f", and the same goes for {rest.having()}"
    elif side == "unknown":
        text += f"; of {rest.name} that is not known here"
    else:
        text += f"; {rest.lacking(feature.e, does)}" if does else f"; that does not go for {rest.name}"
    return text[0].upper() + text[1:] + "."


def _auxiliary(predicate: str) -> str:
    """Return the verb by which a predicate is taken up again, "and so does"; nothing for one that forbids."""
    words = [word.rstrip(",") for word in predicate.split()[:3]]
    if words[0] == "must":
        return ""
    return words[0] if words[0] in ("is", "can") else "can" if "can" in words else "does"


def _nearest(graph: Graph, one: _Side, other: _Side) -> Thing | None:
    """Return the smallest kind of drug that both are; a class by route, law or warnings is no kind."""
    kinds = [c for c in graph.schema.drug_classes if _is_kind(graph.schema, Named(c))]
    shared = [c for c in kinds if one.verdict(Named(c)) == "yes" == other.verdict(Named(c))]
    smallest = min(shared, key=lambda c: (len(graph.schema.subjects(n.TYPE, c)), c), default=None)
    return Thing(smallest, graph.schema.label(smallest)) if smallest else None


def _is_kind(schema: Schema, e: Expression) -> bool:
    """Whether a class says what a drug is, does or is for: nothing else is asked in its definition."""
    match e:
        case Named(iri) if (definition := schema.definition(iri)) is not None:
            return _is_kind(schema, definition)
        case Some(prop, _) | Only(prop, _) if prop in schema.statement_properties:
            return schema.text(prop, n.AXIS) in _KINDS
    return all(_is_kind(schema, part) for part in children(e))
