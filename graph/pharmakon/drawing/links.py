"""What joins the things of a graph: statements, memberships that are derived, and the classes of targets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from .. import graph as g
from .. import names as n
from .. import say
from ..expression import Named
from ..proof import Proof, citations, prove
from . import picture as pic
from .views import with_basis

if TYPE_CHECKING:
    from ..graph import Graph
    from .picture import Picture, Told

_TAGS = n.HAS_TAG
_OBJECTS = (n.TARGET, n.VIA, *(n.NS + head for head in say.HEADS if head != "tag"))
_KINDS = (
    ("drug", (n.DRUG, n.METABOLITE)),
    ("class", (n.OWL_CLASS,)),
    ("target", (n.TARGET_CLASS, n.ENZYME_CLASS)),
    ("effect", (n.NS + "Effect",)),
    ("disease", (n.NS + "Condition",)),
)
BLOCKS = {
    "target": "targets",
    "effect": "effects",
    "disease": "medical conditions",
    "thing": "other",
    "drug": "drugs, most links first",
    "class": "classes",
}
"""What the blocks of a neighbourhood are called."""


@dataclass(frozen=True)
class Link:
    """Something that is said of two things: by a statement, by the vocabulary, or because it was derived."""

    start: str
    end: str
    label: str
    sentence: str
    derived: bool
    statement: str = ""


class Links:
    """What joins the things of a graph: statements, memberships that are derived, and the classes of targets.

    What is disputed by all who state it joins nothing, and neither do the tags of other classifications.

    Args:
        graph: the graph.
        without: sources to withdraw.
    """

    def __init__(self, graph: Graph, without: Sequence[str] = ()) -> None:
        self.graph, self.schema = graph, graph.schema
        self.without = frozenset(g.source(graph, name) for name in without)
        self.evaluator = graph.evaluator(without)

    def of(self, iri: str) -> Iterator[Link]:
        """Yield the links of a thing, in a fixed order: what is asserted first."""
        schema = self.schema
        for prop in sorted(schema.statement_properties - {_TAGS}):
            for statement in schema.values(iri, prop):
                for end in dict.fromkeys(self._objects(statement)):
                    yield from self._stated(statement, iri, end)
        for prop in _OBJECTS:
            for statement in schema.subjects(prop, iri):
                if iri in self._objects(statement):
                    for drug in schema.values(statement, n.ABOUT_DRUG):
                        yield from self._stated(statement, drug, iri)
        for cls in schema.values(iri, n.TYPE):
            yield from self._in_class(iri, cls)
        if self.kind(iri) == "class":
            for member in schema.subjects(n.TYPE, iri):
                yield from self._in_class(member, iri)

    def told(self, link: Link, proved: bool = False) -> tuple[Told, ...]:
        """Return the sentence of a link with its sources; of a membership, where wanted, the statements that it rests on too."""
        if link.statement:
            return ((link.sentence, citations(self.schema, link.statement, self.without)),)
        proof = self.proof(link) if proved else None
        return with_basis(link.sentence, proof) if proof else ((link.sentence, ()),)

    def proof(self, link: Link) -> Proof | None:
        """Return the proof of a membership that is derived."""
        if not link.derived or self.kind(link.start) != "drug":
            return None
        return prove(self.evaluator, link.start, Named(link.end), True)

    def kind(self, iri: str) -> str:
        """Return which kind of node a thing is."""
        types = set(chain.from_iterable(self.schema.ancestors(t) for t in self.schema.values(iri, n.TYPE)))
        return next((kind for kind, classes in _KINDS if types & set(classes)), "thing")

    def _objects(self, statement: str) -> tuple[str, ...]:
        """Return the things that a statement is about: its target and the metabolite, or the most telling of its qualifiers."""
        values = self.schema.values
        target = values(statement, n.TARGET)
        if target:
            return (*target, *values(statement, n.VIA))
        return next((found for prop in _OBJECTS[2:] if (found := values(statement, prop))), ())

    def _stated(self, statement: str, drug: str, end: str) -> Iterator[Link]:
        if not self.evaluator.facts.firm(statement) or (self.without and not citations(self.schema, statement, self.without)):
            return
        words = say.statement(self.schema, statement)
        yield Link(drug, end, words, f"{self.schema.label(drug)} {words}", False, statement)

    def _in_class(self, thing: str, cls: str) -> Iterator[Link]:
        """Yield a membership in a class that says more than which sort a thing is; those that patterns make are left out."""
        schema, drug = self.schema, n.DRUG in self.schema.values(thing, n.TYPE)
        defined = schema.definition(cls) is not None and not schema.values(cls, n.FROM_PATTERN)
        if drug and not (defined and (not self.without or self.evaluator.verdict(thing, Named(cls)) == "yes")):
            return
        if not drug and (
            not schema.is_class(cls) or not schema.values(cls, n.SUBCLASS) or cls in schema.marks or n.PROPOSITION in schema.ancestors(cls)
        ):
            return
        words = say.named(schema, cls)
        yield Link(thing, cls, words, f"{say.the(schema, thing)} {words}", drug)


def put(picture: Picture, links: Links, iri: str, place: tuple[int, str] | None) -> str:
    """Put a thing on a picture, once."""
    if iri in picture:
        return iri
    schema = links.schema
    return pic.node(picture, iri, links.kind(iri), schema.label(iri), schema.text(iri, n.DEFINITION) or "", place=place)


def join(picture: Picture, links: Links, link: Link, proved: bool, quiet: bool = False) -> None:
    """Join two things on a picture."""
    pic.edge(picture, link.start, link.end, link.label, derived=link.derived, told=links.told(link, proved), quiet=quiet)
