"""Build the store: Turtle in, an on-disk Oxigraph store out, in one folder that is named by the content it was made of.

A build goes to a folder of its own and is renamed into place, so that a crash or a second build at the same time leaves a whole
store or none. What is built is only ever read.
"""

from __future__ import annotations

import gc
import hashlib
import os
import shutil
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from . import names as n
from .closure import reachable
from .errors import BadOntology, StoreUnavailable
from .locate import ontology, queries, turtle_files
from .rdf import DefaultGraph, Engine, Literal, NamedNode, Quad, Store, open_store

if TYPE_CHECKING:
    from .facts import Schema

FORMAT = "6"
"""Raised when what building writes changes, so that an old store is not taken for a new one."""

INDEX = "names.sqlite"
"""The index of names, in the folder of the store."""

_STALE_SECONDS = 3600


@dataclass(frozen=True)
class Sources:
    """The files that a store is made of.

    Attributes:
        turtle: the Turtle files.
        rules: the folder of the rules.
    """

    turtle: tuple[Path, ...]
    rules: Path

    @classmethod
    def of(cls, folder: Path | None = None, added: Sequence[Path] = ()) -> Sources:
        """Take the ontology in ``folder`` (the shipped one where none is given) and the files or folders added to it."""
        return cls(tuple(turtle_files([folder or ontology(), *added])), queries() / "rules")


def home() -> Path:
    """Return the folder that stores are kept in: ``PHARMAKON_HOME``, else the user's cache folder."""
    chosen = os.environ.get("PHARMAKON_HOME")
    if chosen:
        return Path(chosen)
    from platformdirs import user_cache_path

    return user_cache_path("pharmakon", appauthor=False)


def path_of(sources: Sources) -> Path:
    """Return where the store of these files is, or would be."""
    digest = hashlib.sha256(FORMAT.encode())
    for file in (*sources.turtle, *sorted(sources.rules.glob("*.rq"))):
        try:
            content = file.read_bytes()
        except OSError as error:
            raise BadOntology([f"{file}: cannot be read: {error.strerror}"]) from None
        digest.update(hashlib.sha256(content).digest())
    return home() / f"store-{digest.hexdigest()[:20]}"


def ensure(sources: Sources) -> Store:
    """Open the store of these files; build it first where it is not there.

    Raises:
        BadOntology: the files cannot be used.
        StoreUnavailable: the store can neither be opened nor written.
    """
    place = path_of(sources)
    if not place.is_dir():
        build(sources, place)
    return open_store(place)


def build(sources: Sources, place: Path) -> None:
    """Build the store of these files at ``place``; leave a store alone that another process put there meanwhile.

    Raises:
        BadOntology: the files cannot be used; nothing is left behind.
        StoreUnavailable: the folder cannot be written.
    """
    from . import spelt

    scratch = place.parent / f".{place.name}.{os.getpid()}.{uuid.uuid4().hex[:8]}"
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _sweep(place.parent)
        with no_collection():
            quads, together = content(sources)
        store = Store(str(scratch))
        store.bulk_extend(quads)
        store.bulk_extend(together)
        store.flush()
        spelt.build(scratch / INDEX, keys(store))
        del store
        os.rename(scratch, place)
    except OSError as error:
        if not place.is_dir():
            advice = "set PHARMAKON_HOME to a folder that can be written and has room"
            raise StoreUnavailable(f"the store cannot be built in {place.parent}: {error.strerror or error}; {advice}") from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


@contextmanager
def no_collection() -> Iterator[None]:
    """Put garbage collection off: making a store makes some hundred thousand small objects and no circles; looking for them costs a sixth."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def content(sources: Sources) -> tuple[list[Quad], Store]:
    """Make all that a store holds: statements, made classes, look-up keys, memberships and links.

    Returns:
        The quads of the named graphs, and a store in memory whose default graph has all of them merged.

    Raises:
        BadOntology: the files cannot be used.
    """
    quads, store = stated(sources)
    for more in derived(store, sources.rules):
        found = list(more)
        quads.extend(found)
        store.extend({merged(q) for q in found})
    return quads, store


def stated(sources: Sources) -> tuple[list[Quad], Store]:
    """Make what a store holds before anything is derived: statements, made classes and look-up keys, checked.

    Returns:
        The quads of the named graphs, and a store in memory whose default graph has all of them merged.

    Raises:
        BadOntology: the files cannot be used.
    """
    from . import check, definitions, load
    from .facts import Schema

    loaded = load.read(sources.turtle)
    quads = loaded.quads
    store = Store()

    def take(more: Iterable[Quad]) -> None:
        found = list(more)
        quads.extend(found)
        store.extend({merged(q) for q in found})

    store.bulk_extend({merged(q) for q in quads})
    written = Schema(store)
    take([*_disjoint_sets(written), *_made(written)])
    problems = definitions.problems(Schema(store), loaded.files)
    if problems:
        raise BadOntology(problems)
    take(_keys(store))
    problems = [found.line for found in check.run(store, loaded.files, severity="error")]
    if problems:
        raise BadOntology(problems)
    return quads, store


def derived(store: Engine, folder: Path) -> Iterator[Iterable[Quad]]:
    """Yield what follows from what a store holds, a stratum at a time; each must be put into the store before the next is asked for.

    Args:
        store: a store, of whichever engine.
        folder: the folder of the rules.
    """
    from . import rules
    from .facts import Schema
    from .memberships import proved

    known = rules.load(folder)
    yield rules.run(store, known, "statements")
    graph, is_a = NamedNode(n.DERIVED_GRAPH), NamedNode(n.TYPE)
    drugs = Schema(store).subjects(n.TYPE, n.DRUG)
    yield (Quad(NamedNode(drug), is_a, NamedNode(name), graph) for drug, name in proved(store, drugs))
    yield rules.run(store, known, "memberships")


def merged(quad: Quad) -> Quad:
    """Return a quad as it stands in the default graph, which holds what all sources say together."""
    return Quad(quad.subject, quad.predicate, quad.object)


def _disjoint_sets(schema: Schema) -> Iterator[Quad]:
    """Note at each class the axioms that set it apart from its siblings."""
    from .expression import read_list

    graph = NamedNode(n.ONTOLOGY_GRAPH)
    for axiom in schema.subjects(n.TYPE, n.ALL_DISJOINT):
        for head in schema.values(axiom, n.MEMBERS):
            for member in read_list(head, schema.values):
                yield Quad(NamedNode(member), NamedNode(n.IN_SET), NamedNode(axiom), graph)


def _made(schema: Schema) -> Iterator[Quad]:
    """Make what patterns stand for.

    A class for each action at each target and family, and for each thing done to or by an enzyme; a rule of interaction for each
    target or enzyme.
    """
    families = _below(schema, n.TARGET_CLASS)
    targets = sorted({t for family in families for t in schema.subjects(n.TYPE, family)})
    enzymes = schema.subjects(n.TYPE, n.ENZYME_CLASS)
    actions = {a: schema.literals(a, n.AGENT_NOUN)[0] for a in _below(schema, n.NS + "Mechanism") if schema.literals(a, n.AGENT_NOUN)}
    for pattern in schema.subjects(n.TYPE, n.PATTERN):
        noun = schema.text(pattern, n.AGENT_NOUN)
        if noun:
            for enzyme in enzymes:
                yield from _class(schema, pattern, enzyme, noun, pattern)
        else:
            for action, agent in actions.items():
                for target in (*families[1:], *targets):
                    yield from _class(schema, pattern, target, agent, action)
    for rule in schema.subjects(n.TYPE, n.INTERACTION_PATTERN):
        roles = [schema.values(rule, role)[0] for role in (n.FIRST_ROLE, n.SECOND_ROLE)]
        left_out = schema.values(rule, n.NS + "except")
        for thing in enzymes if roles[0] in schema.subjects(n.TYPE, n.PATTERN) else targets:
            if thing not in left_out:
                yield from _rule(schema, rule, thing, roles)


def _class(schema: Schema, pattern: str, thing: str, noun: str, kind: str) -> Iterator[Quad]:
    name = f"{thing}-{kind.removeprefix(n.NS)}"
    yield _ours(name, n.TYPE, NamedNode(n.OWL_CLASS))
    yield _ours(name, n.LABEL, Literal(f"{schema.label(thing)} {noun}", language="en"))
    for other in schema.literals(thing, n.ALT_LABEL):
        yield _ours(name, n.ALT_LABEL, Literal(f"{other} {noun}", language="en"))
    yield _ours(name, n.FROM_PATTERN, NamedNode(pattern))
    yield _ours(name, n.OF_TARGET, NamedNode(thing))
    if kind != pattern:
        yield _ours(name, n.OF_ACTION, NamedNode(kind))


def _rule(schema: Schema, rule: str, thing: str, roles: Sequence[str]) -> Iterator[Quad]:
    name = f"{rule}-{thing.removeprefix(n.NS)}"
    yield _ours(name, n.TYPE, NamedNode(n.INTERACTION_RULE))
    yield _ours(name, n.LABEL, Literal(f"{schema.label(rule)}: {schema.label(thing)}", language="en"))
    yield _ours(name, n.RULE_OF, NamedNode(rule))
    for prop, role in zip((n.FIRST_ROLE, n.SECOND_ROLE), roles, strict=True):
        yield _ours(name, prop, NamedNode(f"{thing}-{role.removeprefix(n.NS)}"))


def _ours(subject: str, prop: str, value: NamedNode | Literal) -> Quad:
    return Quad(NamedNode(subject), NamedNode(prop), value, NamedNode(n.ONTOLOGY_GRAPH))


def _below(schema: Schema, top: str) -> tuple[str, ...]:
    """Return a class and everything below it, the class first."""
    return reachable([top], lambda name: schema.subjects(n.SUBCLASS, name))


def _keys(store: Store) -> Iterator[Quad]:
    """Make the look-up keys of everything that has a name."""
    from .spelling import normal

    graph, key = NamedNode(n.DERIVED_GRAPH), NamedNode(n.KEY)
    keys: set[tuple[str, str]] = set()
    for prop in (n.LABEL, n.ALT_LABEL, n.BRAND):
        for q in store.quads_for_pattern(None, NamedNode(prop), None, DefaultGraph()):
            if isinstance(q.subject, NamedNode) and isinstance(q.object, Literal):
                keys.add((q.subject.value, normal(q.object.value)))
                if q.subject.value.startswith(n.NS):
                    keys.add((q.subject.value, normal(q.subject.value.removeprefix(n.NS))))
    for thing, text in sorted(keys):
        yield Quad(NamedNode(thing), key, Literal(text), graph)


def keys(store: Engine) -> Iterator[tuple[str, str]]:
    """Yield each look-up key of a store with the IRI of what it stands for."""
    for q in store.quads_for_pattern(None, NamedNode(n.KEY), None, DefaultGraph()):
        if isinstance(q.subject, NamedNode) and isinstance(q.object, Literal):
            yield q.object.value, q.subject.value


def _sweep(folder: Path) -> None:
    """Remove what builds left behind that were killed: their folders are old, or their process is gone."""
    for scratch in folder.glob(".store-*"):
        try:
            gone = time.time() - scratch.stat().st_mtime > _STALE_SECONDS
            if os.name == "posix" and not gone:
                os.kill(int(scratch.name.split(".")[-2]), 0)
        except (ProcessLookupError, ValueError, IndexError):
            gone = True
        except OSError:
            gone = False
        if gone:
            shutil.rmtree(scratch, ignore_errors=True)
