"""The graph that questions are asked of: a built store, its schema, and the names that people use for what is in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from . import names as n
from .build import INDEX, Sources, ensure, keys, path_of
from .errors import AmbiguousName, BadQuestion, StoreUnavailable, UnknownName
from .evaluate import Evaluator
from .expression import Expression, Named, Or
from .facts import Schema, View
from .rdf import DefaultGraph, Engine, Literal, NamedNode, is_iri, open_store
from .spelling import normal, singular

if TYPE_CHECKING:
    from .endpoint import Endpoint

Fits = Callable[[str], bool]


@dataclass(frozen=True)
class Graph:
    """A graph that is open for questions. Made by :func:`open_graph`.

    Attributes:
        store: the store, for queries of your own.
        schema: the vocabulary and the definitions.
        sources: the files that the store was made of.
        place: the folder of the store; None where it has none.
    """

    store: Engine
    schema: Schema
    sources: Sources
    place: Path | None = None
    _evaluators: dict[frozenset[str], Evaluator] = field(default_factory=dict, repr=False)

    def evaluator(self, without: Sequence[str] = ()) -> Evaluator:
        """Return the evaluator of the view that leaves out some sources (names or IRIs), made once for each."""
        chosen = frozenset(source(self, name) for name in without)
        if chosen not in self._evaluators:
            self._evaluators[chosen] = Evaluator(self.schema, View(self.store, chosen))
        return self._evaluators[chosen]

    def near(self, key: str) -> Mapping[str, frozenset[str]]:
        """Return look-up keys that are spelt like one, with the things that they stand for; all keys where the store has no index."""
        index = self.place / INDEX if self.place else None
        if index and index.is_file():
            from .spelt import near

            return near(index, key)
        found: dict[str, set[str]] = {}
        for name, thing in keys(self.store):
            found.setdefault(name, set()).add(thing)
        return {name: frozenset(things) for name, things in found.items()}


def open_graph(
    ontology: Path | str | None = None, add: Sequence[Path | str] = (), *, store: Path | str | None = None, endpoint: str | None = None
) -> Graph:
    """Open the shipped graph, or one of your own files; build its store first where that was not done yet.

    Args:
        ontology: a folder of Turtle files to use in the place of the shipped ones.
        add: files or folders to read besides.
        store: the folder of a store that databases were imported into, to use as it is.
        endpoint: the address of a SPARQL endpoint that a store was brought to, to use as it is (needs the extra ``endpoint``).

    Raises:
        BadOntology: the files cannot be used; the message has file and line.
        StoreUnavailable: the store can neither be opened nor written.

    >>> open_graph().schema.label("https://w3id.org/pharmakon/baclofen")
    'baclofen'
    """
    sources = Sources.of(Path(ontology) if ontology else None, [Path(a) for a in add])
    if (store or endpoint) and (ontology or add):
        raise BadQuestion("a store holds its ontology already: give --ontology and --add to `pharmakon build --store`")
    if endpoint is not None:
        server = at(endpoint)
        return Graph(server, Schema(server), sources)
    if store is not None:
        from .imports.folder import current

        place = current(Path(store))
        opened = open_store(place)
    else:
        opened, place = ensure(sources), path_of(sources)
    return Graph(opened, Schema(opened), sources, place)


def at(url: str, update_url: str | None = None, graph_store_url: str | None = None) -> Endpoint:
    """Return a SPARQL endpoint: where queries go, where updates go, and where whole graphs go.

    Raises:
        StoreUnavailable: the extra ``endpoint`` is not installed.
    """
    try:
        from .endpoint import Endpoint
    except ModuleNotFoundError as missing:
        raise StoreUnavailable(f"an endpoint needs the package {missing.name}: pip install 'pharmakon[endpoint]'") from None
    return Endpoint(url, update_url, graph_store_url)


@cache
def shipped() -> Graph:
    """Return the shipped graph, opened once in a process."""
    return open_graph()


# --- names ----------------------------------------------------------------------------------------------------------


def candidates(graph: Graph, name: str) -> list[str]:
    """Return what a name can stand for: an IRI or compact IRI of ours or of another vocabulary, else a label, synonym or brand."""
    iri = n.expand(name.strip())
    if iri:
        if is_iri(iri) and graph.schema.values(iri, n.TYPE):
            return [iri]
        return list(graph.schema.subjects(n.EXACT_MATCH, iri)) if is_iri(iri) else []
    quads = graph.store.quads_for_pattern(None, NamedNode(n.KEY), Literal(normal(name)), DefaultGraph())
    found = sorted({q.subject.value for q in quads if isinstance(q.subject, NamedNode)})
    return [iri for iri in found if graph.schema.values(iri, n.TYPE)]  # the crosswalks name families that only an import brings


def drug(graph: Graph, name: str) -> str:
    """Find a drug by name.

    Raises:
        UnknownName: no drug has the name; names that are spelt like it are suggested, never taken.
    """
    return one(graph, name, "drug", lambda iri: n.DRUG in graph.schema.values(iri, n.TYPE))


def klass(graph: Graph, name: str) -> str:
    """Find a class, or a word with several senses, by name; a plural will do.

    Raises:
        UnknownName: there is no such class.
    """
    return one(graph, name, "class", lambda iri: is_class(graph, iri))


def subject(graph: Graph, name: str) -> str:
    """Find a drug by name, else a class that stands for every drug in it.

    Raises:
        UnknownName: neither has the name.
    """
    try:
        return drug(graph, name)
    except UnknownName as unknown:
        if isinstance(unknown, AmbiguousName):
            raise
        try:
            return klass(graph, name)
        except UnknownName:
            raise unknown from None


def apart(graph: Graph, things: Sequence[str]) -> None:
    """Refuse a question that names one thing twice.

    Raises:
        BadQuestion: one thing occurs twice, perhaps under two names.
    """
    twice = next((thing for i, thing in enumerate(things) if thing in things[:i]), None)
    if twice is not None:
        raise BadQuestion(f"{graph.schema.label(twice)} is given twice: name two different things")


def source(graph: Graph, name: str) -> str:
    """Find a source by name: ``gtopdb``, ``src:pmid-11014404`` or an IRI.

    Raises:
        UnknownName: there is no such source.
    """
    iri = n.expand(name) or n.SRC + name
    if is_iri(iri) and graph.schema.literals(iri, n.DCT + "title"):
        return iri
    quads = graph.store.quads_for_pattern(None, NamedNode(n.DCT + "title"), None, DefaultGraph())
    known = sorted(q.subject.value for q in quads if isinstance(q.subject, NamedNode))
    names = [k.removeprefix(n.SRC) for k in known if k.startswith(n.SRC)]
    raise UnknownName(name, tuple(_similar(name.lower(), names)), "source")


def thing(graph: Graph, name: str) -> str:
    """Find anything that has the name: a drug before a class before the rest.

    Raises:
        UnknownName: nothing has the name.
    """
    found = candidates(graph, name) or candidates(graph, singular(name))
    kinds: tuple[Fits, ...] = (lambda i: n.DRUG in graph.schema.values(i, n.TYPE), lambda i: is_class(graph, i), lambda i: True)
    for fits in kinds:
        chosen = [iri for iri in found if fits(iri)]
        if chosen:
            return one(graph, name, "thing", chosen.__contains__)
    raise UnknownName(name, suggestions(graph, name, lambda iri: True), "thing")


def is_class(graph: Graph, iri: str) -> bool:
    """Whether drugs can be members of it: a class of drugs, or a word with several such senses."""
    types = graph.schema.values(iri, n.TYPE)
    if n.TERM in types:
        return True
    if n.OWL_CLASS not in types:
        return False
    definition = graph.schema.definition(iri)
    return definition is not None and n.DRUG in {getattr(p, "iri", None) for p in getattr(definition, "parts", ())}


def membership(graph: Graph, iri: str) -> Expression:
    """Return what it is to be in a class: in the class itself, or in one of the senses of a word that has several."""
    named = tuple(Named(sense) for sense in graph.schema.senses.get(iri) or (iri,))
    return named[0] if len(named) == 1 else Or(named)


def one(graph: Graph, name: str, wanted: str, fits: Fits) -> str:
    """Find the one thing that fits and has the name.

    What is hand-made goes before what patterns made, a word with senses before others, what is called so before what is also called so,
    what the ontology knows before what was imported; of forms of one molecule, the one of which a mechanism is stated.

    Raises:
        UnknownName: nothing that fits has the name, or several things have it.
    """
    for spelt in dict.fromkeys((name, singular(name))):
        found = [iri for iri in candidates(graph, spelt) if fits(iri)]
        made = set(found) - {iri for iri in found if graph.schema.values(iri, n.FROM_PATTERN)}
        found = sorted(made) or found
        terms = [iri for iri in found if n.TERM in graph.schema.values(iri, n.TYPE)]
        called = [iri for iri in found if graph.schema.label(iri).casefold() == spelt.strip().casefold()]
        ours = [iri for iri in found if not iri.startswith(n.IMPORTED)]
        acting = [iri for iri in called or found if graph.schema.values(iri, n.HAS_MECHANISM) and _one_molecule(graph, found)]
        for narrowed in (terms, called, ours, acting, found):
            if len(narrowed) == 1:
                return narrowed[0]
        if found:
            raise AmbiguousName(name, _told_apart(graph, found), wanted)
    raise UnknownName(name, suggestions(graph, name, fits), wanted)


def _one_molecule(graph: Graph, found: Sequence[str]) -> bool:
    """Whether things differ at most in what the first part of an InChIKey leaves out: mirror images, charges, moving hydrogens."""
    ids = (match.partition("/inchikey:")[2] for iri in found for match in graph.schema.values(iri, n.EXACT_MATCH))
    return len({key[:14] for key in ids if key}) <= 1


def _told_apart(graph: Graph, found: Sequence[str]) -> tuple[str, ...]:
    """Return a name for each thing that stands for it alone: its label, or its id where others have the same label."""
    labels = [graph.schema.label(iri) for iri in found]
    return tuple(n.short(iri) if labels.count(label) > 1 else label for iri, label in zip(found, labels, strict=True))


def suggestions(graph: Graph, name: str, fits: Fits) -> tuple[str, ...]:
    """Return labels of things whose names are spelt like ``name``, nearest first, five at most."""
    key = normal(name)
    if not key:
        return ()
    known = graph.near(key) or graph.near(singular(key))
    usable = {k for k, things in known.items() if any(fits(iri) for iri in things)}
    found: dict[str, None] = {}
    for match in _similar(key, usable) or _similar(singular(key), usable):
        for iri in sorted(known[match]):
            if fits(iri):
                found[graph.schema.label(iri)] = None
    return tuple(found)[:5]


def _similar(key: str, known: Iterable[str]) -> list[str]:
    from difflib import get_close_matches

    return get_close_matches(key, sorted(known), n=8, cutoff=0.72)


# --- plain English --------------------------------------------------------------------------------------------------

_QUESTION = re.compile(r"^\s*(?:is|are|was|were)\s+(.+?)\s*\??\s*$", re.I)
_LEADING = re.compile(r"^(?:an?|the|any|every|all|each)\s+", re.I)


def question(graph: Graph, text: str) -> tuple[str, str]:
    """Read "Is baclofen an opiate?" or "are benzodiazepines opioids": the subject's name and the class's.

    Raises:
        BadQuestion: the text has another form, or no split of it names a drug or class and a class.
    """
    match = _QUESTION.match(text)
    if not match:
        raise BadQuestion(f'cannot read "{text}": ask as in `is baclofen an opiate`, or give a drug and a class')
    words = match.group(1).split()
    readings = []
    for i in range(1, len(words)):
        subject, wanted = (_LEADING.sub("", " ".join(part)) for part in (words[:i], words[i:]))
        if subject and wanted and _known(graph, subject) and _known(graph, wanted, class_only=True):
            readings.append((subject, wanted))
    if len(readings) == 1:
        return readings[0]
    if readings:
        raise BadQuestion(f'"{text}" can be read in {len(readings)} ways: give the drug and the class as two arguments')
    raise BadQuestion(f'cannot find a drug and a class in "{text}": {_hint(graph, words)}')


def _known(graph: Graph, name: str, class_only: bool = False) -> bool:
    found = {c for spelt in (name, singular(name)) for c in candidates(graph, spelt)}
    return any(is_class(graph, c) or (not class_only and n.DRUG in graph.schema.values(c, n.TYPE)) for c in found)


def _hint(graph: Graph, words: list[str]) -> str:
    unknown = [w for w in words if not _LEADING.match(w + " ") and not _known(graph, w)]
    near = [s for w in unknown for s in suggestions(graph, w, lambda i: True)[:2]]
    return f"did you mean {', '.join(near)}?" if near else "try `pharmakon list drugs` and `pharmakon list classes`"
