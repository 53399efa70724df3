"""What questions of a quiz are drafted from: the drugs and classes that they are about, verdicts on them, and near misses.

An option is right because something is proved, and wrong because the opposite is proved; what is not known or contradicted is no
option. Proofs cost more than verdicts, so an option carries its proof as a function that is called when the question is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from random import Random
from typing import TypeVar

from . import names as n
from . import say
from .answers import senses
from .expression import And, Expression, Named, Not, Or, Some
from .graph import Graph
from .interact import Pairs
from .proof import Proof, prove
from .subsume import below

T = TypeVar("T")

WRONG = 3
"""How many wrong options a question has."""

WINDOW = 6
"""From how many of the nearest misses the wrong options are drawn."""


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
    """What the kinds of question draw on.

    Args:
        graph: the graph.
        topic: the IRI of a drug, a class or a word; None for the whole graph.

    Attributes:
        focus: the drug that every question is to be about; None where the topic is no drug.
        classes: the classes that are asked about; those below the topic's class are among them.
        drugs: the drugs that are asked about; a wrong option may be any drug.
    """

    def __init__(self, graph: Graph, topic: str | None) -> None:
        self.graph, self.schema, self.evaluator = graph, graph.schema, graph.evaluator()
        self.pairs = Pairs(graph, self.evaluator)
        self.everyone = self.schema.drugs()
        self.those, self.misses, self.nearness = cache(self._those), cache(self._misses), cache(self._nearness)
        self.focus = topic if topic in self.everyone else None
        self.classes, self.drugs = self.schema.drug_classes, self.everyone
        self._defined = frozenset(self.classes)
        if self.focus:
            self.drugs = (self.focus,)
        elif topic:
            named = senses(graph, topic)
            inside = (c for c in self.classes if c not in named and any(below(self.schema, Named(c), Named(s)) for s in named))
            self.classes = (*named, *inside)
            near = (d for s in named for d in self.misses(s)[:WINDOW] if self.nearness(d, Named(s)))
            self.drugs = tuple(dict.fromkeys(chain(*(self.those(s, True) for s in named), near)))

    # --- words ------------------------------------------------------------------------------------------------------

    def label(self, thing: str) -> str:
        """Return the label of a thing."""
        return self.schema.label(thing)

    def both(self, a: str, b: str) -> str:
        """Name two drugs, in the order of the alphabet."""
        return " and ".join(sorted((self.label(a), self.label(b))))

    def noun(self, cls: str) -> str:
        """Name a class with its article: a sense by its phrase, "an opiate in the strict sense", any other by its label."""
        phrase = say.named(self.schema, cls)
        sense = self.schema.values(cls, n.SENSE_OF) and phrase.startswith("is ")
        return phrase.removeprefix("is ") if sense else say.article(self.label(cls))

    def words(self, e: Expression) -> str:
        """Say a condition as a predicate, a complement in plain words."""
        if not isinstance(e, Not):
            return say.expression(self.schema, e)
        inner = say.expression(self.schema, e.part)
        return f"is not {inner.removeprefix('is ')}" if inner.startswith("is ") else f"is not one that {inner}"

    # --- verdicts ---------------------------------------------------------------------------------------------------

    def is_(self, drug: str, e: Expression) -> bool:
        """Whether a drug is proved to meet a condition."""
        return self.evaluator.verdict(drug, e) == "yes"

    def is_not(self, drug: str, e: Expression) -> bool:
        """Whether a drug is proved not to meet a condition."""
        return self.evaluator.verdict(drug, e) == "no"

    def choice(self, text: str, drug: str, e: Expression) -> Choice:
        """Return an option that rests on what is proved of a drug: that it meets a condition, or that it does not."""
        return Choice(text, lambda: prove(self.evaluator, drug, e, self.is_(drug, e)))

    def kinds(self, drug: str) -> frozenset[str]:
        """Return the classes with a definition of their own that a drug is in, as they were derived when the store was built."""
        return self._defined.intersection(self.schema.values(drug, n.TYPE))

    def near(self, cls: str, rng: Random) -> list[str]:
        """Return the drugs that are proved not to be in a class, nearest misses first; which of two that are as near, is left to chance.

        Nearer is what meets more of the definition; and then what has more in common with some member.
        """
        kinds = [self.kinds(d) for d in self.those(cls, True)]

        def likeness(drug: str) -> int:
            return max((len(self.kinds(drug) & kind) for kind in kinds), default=0)

        return sorted(shuffled(self.misses(cls), rng), key=lambda d: (-self.nearness(d, Named(cls)), -likeness(d)))

    def kin(self, drug: str, rng: Random) -> list[str]:
        """Return the drugs that share a class with a drug, those that share most first."""
        common = {d: len(self.kinds(drug) & self.kinds(d)) for d in shuffled(self.everyone, rng) if d != drug}
        return sorted((d for d in common if common[d]), key=lambda d: -common[d])

    def _those(self, cls: str, inside: bool) -> tuple[str, ...]:
        """Return the drugs that are proved to be in a class, or those that are proved not to be."""
        derived = frozenset(self.schema.subjects(n.TYPE, cls))
        proved = self.is_ if inside else self.is_not
        return tuple(d for d in self.everyone if (d in derived) == inside and proved(d, Named(cls)))

    def _misses(self, cls: str) -> tuple[str, ...]:
        return tuple(sorted(self.those(cls, False), key=lambda d: (-self.nearness(d, Named(cls)), d)))

    def _nearness(self, drug: str, e: Expression) -> float:
        """Measure how much of a condition a drug meets, from 0 to 1; of a statement that it lacks, which qualifiers occur in others."""
        if self.is_(drug, e):
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
                return sum(self.is_(drug, Some(prop, p)) for p in qualifiers) / (2 * max(len(qualifiers), 1))
        return 0


def shuffled(items: Iterable[T], rng: Random) -> list[T]:
    """Return the items in random order.

    >>> sorted(shuffled("abc", Random(1)))
    ['a', 'b', 'c']
    """
    mixed = list(items)
    rng.shuffle(mixed)
    return mixed


def interleave(streams: Iterable[Iterator[T]]) -> Iterator[T]:
    """Yield from each stream in turn until all have ended.

    >>> list(interleave([iter("ab"), iter("x")]))
    ['a', 'x', 'b']
    """
    live = list(streams)
    while live:
        for stream in tuple(live):
            try:
                yield next(stream)
            except StopIteration:
                live.remove(stream)
