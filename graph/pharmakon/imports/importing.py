"""Import databases into a store on disk.

What is read of a source is kept beside the store as records. Each import makes the whole store anew from the ontology and the
records of all sources, in a folder of its own, and then names that folder in one small file that is replaced in one step: whatever
happens on the way, the store is the one of before or the one of after. So the outcome does not depend on the order of imports.

::

    STORE/pharmakon.json      which of the folders below is the store, and what it was made of
    STORE/store-…/            the store
    STORE/records/            what was read of each source
    STORE/skipped/            the rows that were left out, with the reason, for each source
    STORE/identity.sssom.tsv  which substances were taken for one, why, and which were not
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from traceback import clear_frames
from typing import Any

from .. import names as n
from .. import nquads, rules, spelt
from ..build import FORMAT, INDEX, Sources, keys, merged, no_collection, stated
from ..errors import StoreUnavailable
from ..facts import Schema
from ..memberships import side_by_side
from ..rdf import DefaultGraph, NamedNode, Quad, RdfFormat, Store
from ..sources import records as r
from ..sources import roles
from ..sources.shape import Report, Source
from . import ours, placing
from .folder import POINTER, Part, alone, checksum, fields, left_out, parts_of, point, pointed, records_of, tidy, whole
from .identity import Identity, identify
from .sssom import sssom
from .stating import Counts, Writer
from .targeting import Targets

Told = Callable[[str, int, int], None]
"""Told of work: what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True)
class Imported:
    """A store that was made: what of, how large, how long it took.

    Attributes:
        parts: what was read of each source.
        counts: how many statements were made.
        quads: how many quads the store holds; all that were asserted and derived, once merged and once in their graphs.
        memberships: how many memberships were derived.
        doubtful: how many matches of substances were not made.
        seconds: seconds of each step.
        memory: the most memory that was used, in bytes, by the process that made it.
    """

    parts: tuple[Part, ...]
    counts: Counts
    quads: int
    memberships: int
    doubtful: int
    seconds: dict[str, float] = field(default_factory=dict)
    memory: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return the summary as plain data."""
        return asdict(self)


# --- importing ------------------------------------------------------------------------------------------------------


def add(wanted: Sequence[tuple[Source, Sequence[Path]]], store: Path, sources: Sources, told: Told = lambda *_: None) -> Imported:
    """Read sources and make the store anew with them.

    Args:
        wanted: sources with their files; one that was imported before is replaced.
        store: the folder of the store.
        sources: the ontology.
        told: is told of the progress.

    Raises:
        BadInput: a file is none of the source's, or cannot be read; the store is as it was before.
        StoreUnavailable: the store cannot be written; it is as it was before.
        BadOntology: the ontology cannot be used.
    """
    found = [(source, roles(source, list(files))) for source, files in wanted]
    with whole(store), alone(store):
        (store / "records").mkdir(exist_ok=True)
        (store / "skipped").mkdir(exist_ok=True)
        parts = {part.name: part for part in parts_of(store)}
        made: list[Path] = []
        try:
            for source, files in found:
                part = _read(source, files, store, told)
                made.append(store / "records" / part.records)
                parts[part.name] = part
            return _make(store, [parts[name] for name in sorted(parts)], sources, told)
        except BaseException:
            for path in made:
                path.unlink(missing_ok=True)
                left_out(store, path.name).unlink(missing_ok=True)
            raise


def again(store: Path, sources: Sources, told: Told = lambda *_: None) -> Imported:
    """Make a store anew from the records that it keeps, after a change of the ontology or of the program.

    Raises:
        StoreUnavailable: there is no store, or it cannot be written; it is as it was before.
        BadOntology: the ontology cannot be used.
    """
    if not (store / POINTER).is_file():
        raise StoreUnavailable(f"{store} holds no store: make one with `pharmakon import SOURCE FILE --store {store}`")
    with whole(store), alone(store):
        return _make(store, sorted(parts_of(store), key=lambda part: part.name), sources, told)


def _read(source: Source, files: Mapping[str, Path], store: Path, told: Told) -> Part:
    """Read a source into a file of records."""
    begun = time.perf_counter()
    size = sum(path.stat().st_size for path in files.values())
    done = 0

    def progress(count: int) -> None:
        nonlocal done
        done += count
        told(f"reading {source.name}", done, size)

    sums = tuple((p.name, checksum(p), p.stat().st_size) for _, p in sorted(files.items()))
    release = source.release(files)
    report, kept = Report(progress=progress), Counter[str]()
    name = f"{source.name}-{uuid.uuid4().hex[:8]}.jsonl.gz"
    path = store / "records" / name
    try:
        with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as out:
            for record in source.read(files, report):
                kind = type(record).__name__
                kept[kind] += 1
                out.write(json.dumps((kind, *fields(record)), ensure_ascii=False, separators=(",", ":")) + "\n")
        with left_out(store, name).open("w", encoding="utf-8") as table:
            table.write("place\treason\n")
            table.writelines(f"{place}\t{reason}\n" for place, reason in report.rows)
    except BaseException:
        path.unlink(missing_ok=True)
        left_out(store, name).unlink(missing_ok=True)
        raise
    seconds = time.perf_counter() - begun
    return Part(
        source.name, source.title, release, source.licence, source.home, sums, report.read, dict(kept), dict(report.skipped), name, seconds
    )


# --- making the store -----------------------------------------------------------------------------------------------


class _Clock:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begun


def _make(store: Path, parts: list[Part], sources: Sources, told: Told) -> Imported:
    """Make the store of the ontology and the records, and point to it; nothing is left of one that was not finished."""
    name = f"store-{uuid.uuid4().hex[:12]}"
    for old in (*store.glob("store-*"), *store.glob("*.nq")):
        if old.name != pointed(store):
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    try:
        result = _fill(store, name, parts, sources, told)
    except BaseException as error:
        clear_frames(error.__traceback__)  # whoever holds the new store open goes on writing to it
        (store / f"{name}.nq").unlink(missing_ok=True)
        shutil.rmtree(store / name, ignore_errors=True)
        raise
    tidy(store, name, parts)
    return result


def _fill(store: Path, name: str, parts: list[Part], sources: Sources, told: Told) -> Imported:
    place, text, clock = store / name, store / f"{name}.nq", _Clock()
    with clock.step("ontology"):
        told("reading the ontology", 0, 1)
        quads, base = stated(sources)
    with clock.step("statements"), text.open("wb", 1 << 20) as out, no_collection():
        lines = nquads.Lines(out)
        counts, identity = _write(store, parts, Schema(base), lines, told)
    with clock.step("loading"):
        told("loading", 0, 1)
        target = Store(str(place))
        target.bulk_extend(quads)
        target.bulk_extend(merged(q) for q in quads)
        target.bulk_load(path=str(text), format=RdfFormat.N_QUADS)
        text.unlink()
    del quads, base
    with clock.step("rules"):
        told("running the rules", 0, 1)
        known = rules.load(sources.rules)
        _put(target, rules.run(target, known, "statements"))
        target.flush()
    is_drug = target.quads_for_pattern(None, NamedNode(n.TYPE), NamedNode(n.DRUG), DefaultGraph())
    drugs = sorted(q.subject.value for q in is_drug if isinstance(q.subject, NamedNode))
    del target, is_drug  # whoever has a store open for writing moves its files about while others read it
    with clock.step("memberships"):
        memberships = _memberships(place, drugs, text, told)
        target = Store(str(place))
        target.bulk_load(path=str(text), format=RdfFormat.N_QUADS)
        text.unlink()
    with clock.step("rules"):
        _put(target, rules.run(target, known, "memberships"))
    with clock.step("settling"):
        target.flush()
        target.optimize()
        spelt.build(place / INDEX, keys(target))
    result = Imported(tuple(parts), counts, len(target), memberships, len(identity.doubtful), clock.seconds, _memory())
    del target
    (store / "identity.sssom.tsv.new").write_text("".join(sssom(identity)), "utf-8")
    os.replace(store / "identity.sssom.tsv.new", store / "identity.sssom.tsv")
    point(store, {"format": FORMAT, "store": name, "made": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), **result.to_json()})
    return result


def _write(store: Path, parts: list[Part], schema: Schema, lines: nquads.Lines, told: Told) -> tuple[Counts, Identity]:
    """Write what the sources say as N-Quads."""
    substances: dict[str, list[tuple[str, r.Substance]]] = {}
    same: list[r.Same] = []
    families: list[r.Family] = []
    targets: list[r.Target] = []
    rows: list[tuple[str, r.Action | r.Tagged | r.Use]] = []
    graphs = {part.name: f"{n.SRC}{_graph_name(part, schema)}" for part in parts}
    told("reading the records", 0, 1)
    for source, record in records_of(store, parts):
        match record:
            case r.Substance():
                substances.setdefault(record.key, []).append((source, record))
            case r.Same():
                same.append(record)
            case r.Family():
                families.append(record)
            case r.Target():
                targets.append(record)
            case r.Line():
                subject, prop, value = record.text.split(" ", 2)
                lines.put(subject, prop, value, graphs[source])
            case _:
                rows.append((source, record))
    told("finding what is the same", 0, 1)
    every = [s for held in substances.values() for _, s in held]
    identity = identify([*ours.substances(schema), *every], same)
    told("writing statements", 0, 1)
    places = Targets(schema, families, targets)
    for part in parts:
        for s, p, o in nquads.described(_graph_name(part, schema), part.title, part.release, part.licence, part.home):
            if not (p == f"<{n.DCT}title>" and schema.literals(graphs[part.name], n.DCT + "title")):
                lines.put(s, p, o, n.ONTOLOGY_GRAPH)
    writer = Writer(schema, lines, graphs, places)
    drug_of = writer.drugs(identity, substances)
    writer.statements(drug_of, rows)
    if targets:
        placing.places(lines, places, n.ONTOLOGY_GRAPH)
        placing.classes(lines, schema, places, writer.inhabited, n.ONTOLOGY_GRAPH)
    return writer.counts, identity


def _graph_name(part: Part, schema: Schema) -> str:
    """Name the graph of a source: its own, and with the release where the ontology cites another release of it."""
    cited = schema.text(n.SRC + part.name, n.NS + "release")
    return part.name if not part.release or not cited or part.release == cited else f"{part.name}-{part.release}"


def _put(store: Store, quads: list[Quad]) -> None:
    """Put quads into a store: in their graphs, and among what all say together."""
    store.bulk_extend(quads)
    store.bulk_extend(merged(q) for q in quads)


def _memberships(place: Path, drugs: Sequence[str], text: Path, told: Told) -> int:
    """Write the memberships that are proved as N-Quads; say how many. Nobody may have the store open for writing."""
    done = 0

    def progress(count: int) -> None:
        nonlocal done
        done += count
        told("deriving memberships", done, len(drugs))

    with text.open("wb", 1 << 20) as out:
        lines = nquads.Lines(out)
        for drug, name in side_by_side(place, drugs, progress):
            lines.put(nquads.iri(drug), f"<{n.TYPE}>", nquads.iri(name), n.DERIVED_GRAPH)
    return lines.count // 2


def _memory() -> int:
    try:
        import resource
    except ImportError:
        return 0
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) * 1024
