"""From Turtle to quads: every anonymous node gets an IRI from its content, every statement goes to its sources' graphs.

An author writes a proposition as an anonymous node that hangs on its drug::

    :baclofen :hasMechanism [ a :Agonism ; :target :GABA-B ;
        :assertion [ :source src:gtopdb ; :locator "ligand 1084, target 242, Human" ] ] .

Loading mints the proposition's IRI from the drug, the property and the qualifiers, so that two sources that say the same
thing meet in one node, and stores the proposition in the named graph of each source that asserts it. To withdraw a source is
then to leave its graph out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from . import names as n
from .closure import reachable
from .errors import BadOntology
from .locate import line_of
from .minting import assertion_iri, local, sha256, statement_iri
from .rdf import BlankNode, Literal, NamedNode, Quad, Triple, parse_turtle

Node = NamedNode | BlankNode
Term = Node | Literal
Pairs = list[tuple[str, Term]]
_NOT_IDENTITY = {n.ASSERTED_BY, n.NOTE}

HALF = 50.0
"""The share in per cent from which a way out of the body is the main one."""


@dataclass
class Ontology:
    """What the files say: quads without anonymous nodes, and the files for messages.

    Attributes:
        quads: all quads, each in the graph it belongs to.
        files: the files that were read.
    """

    quads: list[Quad]
    files: list[Path]


@dataclass
class _File:
    path: Path
    nodes: dict[Node, Pairs] = field(default_factory=lambda: defaultdict(list))
    minted: dict[Node, str] = field(default_factory=dict)


def read(files: Iterable[Path]) -> Ontology:
    """Read Turtle files into quads.

    Raises:
        BadOntology: not Turtle, an undeclared name, a statement without a source, a claim that lists what is not stated.
    """
    parsed = [_parse(path) for path in files]
    paths = [file.path for file in parsed]
    vocabulary = _Vocabulary(parsed)
    problems = _undeclared(parsed, paths) + _disagreeing_titles(parsed, paths)
    quads: list[Quad] = []
    for file in parsed:
        loader = _Loader(file, vocabulary)
        quads += loader.run()
        problems += loader.problems
    if problems:
        raise BadOntology(sorted(set(problems)))
    return Ontology(list(dict.fromkeys(quads)), paths)


def _parse(path: Path) -> _File:
    file = _File(path)
    for quad in parse_turtle(path):
        if isinstance(quad.subject, Triple) or isinstance(quad.object, Triple):
            raise BadOntology([f"{path}: triple terms are not read: write a statement with an :assertion"])
        file.nodes[quad.subject].append((quad.predicate.value, quad.object))
    return file


class _Vocabulary:
    """What loading must know of the vocabulary: the statement properties with their kinds, and the superclasses."""

    def __init__(self, files: list[_File]) -> None:
        self.kind: dict[str, str] = {}
        self._parents: dict[str, list[str]] = defaultdict(list)
        below: dict[str, list[str]] = defaultdict(list)
        ranges: dict[str, str] = {}
        for file in files:
            for node, pairs in file.nodes.items():
                for predicate, value in pairs:
                    if not isinstance(value, NamedNode) or not isinstance(node, NamedNode):
                        continue
                    if predicate == n.SUBPROPERTY:
                        below[value.value].append(node.value)
                    elif predicate == n.SUBCLASS:
                        self._parents[node.value].append(value.value)
                    elif predicate == n.RANGE:
                        ranges[node.value] = value.value
        for name in reachable([n.STATEMENT_PROPERTY], below.__getitem__)[1:]:
            self.kind[name] = ranges.get(name, n.PROPOSITION)

    def classes(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return ``names`` with all their superclasses."""
        return reachable(names, self._parents.__getitem__)


class _Loader:
    """Turns one file's nodes into quads."""

    def __init__(self, file: _File, vocabulary: _Vocabulary) -> None:
        self.file, self.vocabulary = file, vocabulary
        self.problems: list[str] = []
        self._minting: set[Node] = set()
        self._owner: dict[Node, tuple[str, str]] = {}
        for node, pairs in file.nodes.items():
            for predicate, value in pairs:
                if predicate in vocabulary.kind and isinstance(node, NamedNode) and isinstance(value, Node):
                    self._owner[value] = (node.value, predicate)

    def run(self) -> list[Quad]:
        quads: list[Quad] = []
        for node, pairs in self.file.nodes.items():
            types = {value.value for predicate, value in pairs if predicate == n.TYPE and isinstance(value, NamedNode)}
            if node in self._owner:
                quads += self._proposition(node, pairs, types)
            elif n.CLAIM in types:
                quads += self._claim(node, pairs)
            elif not self._is_assertion(pairs):
                quads += self._plain(node, pairs, types)
        return quads

    # --- the three kinds of node ------------------------------------------------------------------------------------

    def _proposition(self, node: Node, pairs: Pairs, types: set[str]) -> list[Quad]:
        drug, link = self._owner[node]
        iri = self.mint(node)
        kinds = types | {self.vocabulary.kind[link]}
        kinds |= set(_marks(link, pairs))
        said: list[tuple[str, str, Term]] = [(drug, link, NamedNode(iri)), (iri, n.ABOUT_DRUG, NamedNode(drug))]
        said += [(iri, n.TYPE, NamedNode(kind)) for kind in self.vocabulary.classes(sorted(kinds))]
        said += [(iri, p, self._value(v)) for p, v in pairs if p not in (n.ASSERTED_BY, n.TYPE)]
        return self._asserted(iri, said, pairs, f"{n.short(drug)} {n.short(link)}")

    def _claim(self, node: Node, pairs: Pairs) -> list[Quad]:
        iri = self.mint(node)
        about = [v.value for p, v in pairs if p == n.ABOUT and isinstance(v, NamedNode)]
        on = [v.value for p, v in pairs if p == n.ON_PROPERTY and isinstance(v, NamedNode)]
        if len(about) != 1 or len(on) != 1:
            self._problem("a completeness claim needs one :about and one :onProperty", "CompletenessClaim")
            return []
        for predicate, value in pairs:
            if predicate == n.MEMBER and isinstance(value, BlankNode) and self._owner.get(value) != (about[0], on[0]):
                self._problem(
                    f"the claim about {n.short(about[0])} lists a member that is no {n.short(on[0])} of it",
                    local(about[0]),
                    local(on[0]),
                )
        said = [(iri, p, self._value(v)) for p, v in pairs if p != n.ASSERTED_BY]
        return self._asserted(iri, said, pairs, f"the claim about {n.short(about[0])} {n.short(on[0])}")

    def _plain(self, node: Node, pairs: Pairs, types: set[str]) -> list[Quad]:
        graph, subject = NamedNode(n.ONTOLOGY_GRAPH), NamedNode(self.mint(node))
        told = [(p, v) for p, v in pairs if p not in self.vocabulary.kind and p != n.ASSERTED_BY]
        quads = [Quad(subject, NamedNode(p), self._value(v), graph) for p, v in told]
        more = self.vocabulary.classes(sorted(types))
        quads += [Quad(subject, NamedNode(n.TYPE), NamedNode(kind), graph) for kind in more if kind not in types]
        for node in (v for p, v in pairs if p == n.ASSERTED_BY and isinstance(v, Node)):
            source, place = self._read_in(node)
            if source is None or not place:
                self._problem(f"an assertion of {n.short(subject.value)} needs a :source and a :locator", local(subject.value))
                continue
            quads += [Quad(NamedNode(s), NamedNode(p), v, graph) for s, p, v in self._assertion(subject.value, node, source, place)]
        return quads

    # --- assertions -------------------------------------------------------------------------------------------------

    def _asserted(self, iri: str, said: list[tuple[str, str, Term]], pairs: Pairs, what: str) -> list[Quad]:
        """Put what is said, with each assertion, into the graph of the assertion's source.

        What is unverified hangs on its drug by a link that nothing is derived from.
        """
        quads: list[Quad] = []
        assertions = [v for p, v in pairs if p == n.ASSERTED_BY and isinstance(v, Node)]
        if not assertions:
            self._problem(f"{what} has no :assertion: nothing is stated without a source", *what.replace(":", "").split()[-2:])
        for node in assertions:
            source, place = self._read_in(node)
            if source is None or not place:
                self._problem(f"an assertion of {what} needs a :source and a :locator", *what.replace(":", "").split()[-2:])
                continue
            certainty = {v.value for p, v in self.file.nodes[node] if p == n.CERTAINTY and isinstance(v, NamedNode)}
            unverified = n.UNVERIFIED in certainty
            graph = NamedNode(n.UNVERIFIED_GRAPH if unverified else source)
            told = [(s, n.UNVERIFIED_LINK if s != iri else p, v) for s, p, v in said] if unverified else said
            if n.DISPUTED not in certainty and not unverified:
                told = [*told, (iri, n.TYPE, NamedNode(n.FIRM))]
            told = [*told, *self._assertion(iri, node, source, place)]
            quads += [Quad(NamedNode(s), NamedNode(p), v, graph) for s, p, v in told]
        return quads

    def _read_in(self, node: Node) -> tuple[str | None, str | None]:
        """Return the source of an assertion and the place in it."""
        own = self.file.nodes[node]
        source = next((v.value for p, v in own if p == n.SOURCE and isinstance(v, NamedNode)), None)
        return source, next((v.value for p, v in own if p == n.LOCATOR and isinstance(v, Literal)), None)

    def _assertion(self, iri: str, node: Node, source: str, place: str) -> Iterator[tuple[str, str, Term]]:
        """Say that a source asserts something, with what the assertion itself holds."""
        name = assertion_iri(iri, source, place)
        yield iri, n.ASSERTED_BY, NamedNode(name)
        yield name, n.TYPE, NamedNode(n.ASSERTION)
        yield from ((name, p, self._value(v)) for p, v in self.file.nodes[node])

    @staticmethod
    def _is_assertion(pairs: Pairs) -> bool:
        return any(p == n.SOURCE for p, _ in pairs)

    # --- minting ----------------------------------------------------------------------------------------------------

    def mint(self, node: Node) -> str:
        """Return the IRI of a node: its own, or one made of its content."""
        if isinstance(node, NamedNode):
            return node.value
        if node in self.file.minted:
            return self.file.minted[node]
        if node in self._minting:
            raise BadOntology([f"{self.file.path}: anonymous nodes refer to each other in a circle; give one of them a name"])
        self._minting.add(node)
        pairs = self.file.nodes[node]
        content = sorted(f"{p} {self._value(v)}" for p, v in pairs if p not in _NOT_IDENTITY)
        if node in self._owner:
            drug, link = self._owner[node]
            kinds = sorted(local(v.value) for p, v in pairs if p == n.TYPE and isinstance(v, NamedNode))
            kind = kinds[0] if kinds else local(self.vocabulary.kind[link])
            iri = statement_iri(drug, link, kind, content)
        elif any(p == n.TYPE and isinstance(v, NamedNode) and v.value == n.CLAIM for p, v in pairs):
            about = "-".join(local(v.value) for p, v in pairs if p in (n.ABOUT, n.ON_PROPERTY) and isinstance(v, NamedNode))
            iri = f"{n.NS}c/{about}-{sha256(chr(10).join(content))[:8]}"
        else:
            iri = f"{n.NS}x/{sha256(chr(10).join(content))[:16]}"
        self._minting.discard(node)
        self.file.minted[node] = iri
        return iri

    def _value(self, value: Term) -> Term:
        return NamedNode(self.mint(value)) if isinstance(value, BlankNode) else value

    def _problem(self, message: str, *words: str) -> None:
        self.problems.append(f"{line_of([self.file.path], *words)}: {message}")


# --- checks that need all files -------------------------------------------------------------------------------------


def _undeclared(files: list[_File], paths: list[Path]) -> list[str]:
    """A name of ours that no file declares: a typo must not become "not known"."""
    declared = {node.value for file in files for node in file.nodes if isinstance(node, NamedNode)}
    problems = []
    for file in files:
        used: set[str] = set()
        for pairs in file.nodes.values():
            used.update(p for p, _ in pairs)
            used.update(v.value for _, v in pairs if isinstance(v, NamedNode))
        for iri in sorted(used - declared):
            if iri.startswith(n.NS):
                problems.append(f"{line_of([file.path], local(iri))}: {n.short(iri)} is not declared anywhere: a misspelt name?")
    return problems


def _disagreeing_titles(files: list[_File], paths: list[Path]) -> list[str]:
    """One source under two titles: two documents were given one name."""
    titles: dict[str, set[str]] = defaultdict(set)
    for file in files:
        for node, pairs in file.nodes.items():
            if isinstance(node, NamedNode) and node.value.startswith(n.SRC):
                titles[node.value].update(v.value for p, v in pairs if p == n.DCT + "title" and isinstance(v, Literal))
    return [
        f"{line_of(paths, local(iri))}: {n.short(iri)} has {len(found)} titles: give each document a name of its own"
        for iri, found in sorted(titles.items())
        if len(found) > 1
    ]


_UNLESS = {
    n.HAS_METABOLISM: (n.NS + "share", n.NS + "MinorShare", n.NS + "NoticeableMetabolism"),
    n.HAS_ENZYME_EFFECT: (n.NS + "strength", n.NS + "WeakEffect", n.NS + "NoticeableEnzymeEffect"),
    n.HAS_ADVERSE_EFFECT: (n.NS + "circumstance", n.NS + "InOverdose", n.NS + "EffectInUse"),
    n.HAS_MECHANISM: (n.TYPE, n.NS + "PartialAgonism", n.NS + "UnqualifiedMechanism"),
}
"""For a property: the qualifier and its value that set a statement apart, and the class of all statements that lack them."""


def _marks(link: str, pairs: Pairs) -> Iterator[str]:
    """Say by a class what a qualifier's absence or figure means, since a definition can ask for neither."""
    if link == n.HAS_MECHANISM:
        yield n.METABOLITE_ACTION if any(p == n.VIA for p, _ in pairs) else n.DIRECT
    if link in _UNLESS:
        qualifier, value, mark = _UNLESS[link]
        if (qualifier, NamedNode(value)) not in pairs:
            yield mark
    if link == n.HAS_ELIMINATION and any(p == n.PERCENT_LOW and isinstance(v, Literal) and float(v.value) >= HALF for p, v in pairs):
        yield n.MAIN_ELIMINATION
