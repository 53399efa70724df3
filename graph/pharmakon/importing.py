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
import hashlib
import json
import os
import shutil
import time
import uuid
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from traceback import clear_frames
from typing import Any

from . import names as n
from . import nquads, placing, rules, spelt
from .build import FORMAT, INDEX, Sources, keys, merged, stated
from .errors import StoreUnavailable
from .facts import Schema
from .identity import Identity, identify, sssom
from .memberships import side_by_side
from .rdf import DefaultGraph, NamedNode, Quad, RdfFormat, Store
from .sources import records as r
from .sources import roles
from .sources.shape import Report, Source
from .stating import Counts, Writer
from .targeting import Targets

POINTER = "pharmakon.json"
Told = Callable[[str, int, int], None]
"""Told of work: what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True)
class Part:
    """What was read of one source.

    Attributes:
        name: the source.
        title: its full name.
        release: its release, where its files tell.
        licence: the address of its licence.
        home: its home page.
        files: name, SHA-256 and size of each file.
        rows: how many rows were read.
        kept: how many records were made of them, by kind.
        skipped: how many rows were left out, by reason.
        records: the file of the records, in the folder of records.
        seconds: how long the reading took.
    """

    name: str
    title: str
    release: str
    licence: str
    home: str
    files: tuple[tuple[str, str, int], ...]
    rows: int
    kept: dict[str, int]
    skipped: dict[str, int]
    records: str
    seconds: float


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


# --- the folder -----------------------------------------------------------------------------------------------------


def manifest(store: Path) -> dict[str, Any]:
    """Return what a store's folder says of itself.

    Raises:
        StoreUnavailable: there is no store, or one of another version.
    """
    try:
        found: dict[str, Any] = json.loads((store / POINTER).read_text("utf-8"))
    except FileNotFoundError:
        raise StoreUnavailable(f"{store} holds no store: make one with `pharmakon import SOURCE FILE --store {store}`") from None
    except (OSError, ValueError) as error:
        raise StoreUnavailable(f"{store / POINTER} cannot be read: {error}") from None
    if found.get("format") != FORMAT:
        raise StoreUnavailable(f"{store} was made by another version: make it anew with `pharmakon build --store {store}`")
    return found


def current(store: Path) -> Path:
    """Return the folder of a store that is to be opened."""
    return store / str(manifest(store)["store"])


@contextmanager
def _alone(store: Path) -> Iterator[None]:
    """Keep others from importing into a store meanwhile; the lock falls with the process that holds it."""
    store.mkdir(parents=True, exist_ok=True)
    with (store / ".lock").open("a") as lock:
        try:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:
            pass
        except OSError:
            raise StoreUnavailable(f"another import into {store} is running: wait for its end") from None
        yield


@contextmanager
def _whole(store: Path) -> Iterator[None]:
    """Turn a disk that is full, or a folder that cannot be written, into a message."""
    try:
        yield
    except OSError as error:
        text = f"the store in {store} cannot be written: {error.strerror or error}; it is as it was before"
        raise StoreUnavailable(f"{text}: make room, or give another folder with --store") from None


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
    with _whole(store), _alone(store):
        (store / "records").mkdir(exist_ok=True)
        (store / "skipped").mkdir(exist_ok=True)
        parts = {part.name: part for part in _parts(store)}
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
                _skipped(store, path.name).unlink(missing_ok=True)
            raise


def again(store: Path, sources: Sources, told: Told = lambda *_: None) -> Imported:
    """Make a store anew from the records that it keeps, after a change of the ontology or of the program.

    Raises:
        StoreUnavailable: there is no store, or it cannot be written; it is as it was before.
        BadOntology: the ontology cannot be used.
    """
    if not (store / POINTER).is_file():
        raise StoreUnavailable(f"{store} holds no store: make one with `pharmakon import SOURCE FILE --store {store}`")
    with _whole(store), _alone(store):
        return _make(store, sorted(_parts(store), key=lambda part: part.name), sources, told)


def _parts(store: Path) -> list[Part]:
    try:
        found = json.loads((store / POINTER).read_text("utf-8"))["parts"]
        return [Part(**{**part, "files": tuple(map(tuple, part["files"]))}) for part in found]
    except FileNotFoundError:
        return []
    except (ValueError, KeyError, TypeError):
        raise StoreUnavailable(f"{store / POINTER} is damaged: give another folder with --store, and import into that") from None


def _read(source: Source, files: Mapping[str, Path], store: Path, told: Told) -> Part:
    """Read a source into a file of records."""
    begun = time.perf_counter()
    size = sum(path.stat().st_size for path in files.values())
    done = 0

    def progress(count: int) -> None:
        nonlocal done
        done += count
        told(f"reading {source.name}", done, size)

    sums = tuple((p.name, _sum(p), p.stat().st_size) for _, p in sorted(files.items()))
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
        with _skipped(store, name).open("w", encoding="utf-8") as table:
            table.write("place\treason\n")
            table.writelines(f"{place}\t{reason}\n" for place, reason in report.rows)
    except BaseException:
        path.unlink(missing_ok=True)
        _skipped(store, name).unlink(missing_ok=True)
        raise
    seconds = time.perf_counter() - begun
    return Part(
        source.name, source.title, release, source.licence, source.home, sums, report.read, dict(kept), dict(report.skipped), name, seconds
    )


def _skipped(store: Path, records: str) -> Path:
    """Return the file of the rows that were left out, which goes with a file of records."""
    return store / "skipped" / f"{records.partition('.')[0]}.tsv"


def fields(record: r.Record) -> tuple[Any, ...]:
    """Return the fields of a record in their order."""
    return tuple(getattr(record, name) for name in record.__slots__)


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _records(store: Path, parts: Iterable[Part]) -> Iterator[tuple[str, r.Record]]:
    """Yield all records, each with its source."""
    kinds: dict[str, Any] = {kind.__name__: kind for kind in (r.Substance, r.Family, r.Target, r.Action, r.Tagged, r.Use, r.Same, r.Line)}
    for part in parts:
        path = store / "records" / part.records
        try:
            with gzip.open(path, "rt", encoding="utf-8") as file:
                for line in file:
                    kind, *values = json.loads(line)
                    yield part.name, kinds[kind](*(tuple(f) if type(f) is list else f for f in values))
        except (OSError, EOFError, zlib.error, ValueError):
            raise StoreUnavailable(f"{path} is gone or damaged: import {part.name} again") from None


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
        if old.name != _pointed(store):
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    try:
        result = _fill(store, name, parts, sources, told)
    except BaseException as error:
        clear_frames(error.__traceback__)  # whoever holds the new store open goes on writing to it
        (store / f"{name}.nq").unlink(missing_ok=True)
        shutil.rmtree(store / name, ignore_errors=True)
        raise
    _tidy(store, name, parts)
    return result


def _fill(store: Path, name: str, parts: list[Part], sources: Sources, told: Told) -> Imported:
    place, text, clock = store / name, store / f"{name}.nq", _Clock()
    with clock.step("ontology"):
        told("reading the ontology", 0, 1)
        quads, base = stated(sources)
    with clock.step("statements"), text.open("wb", 1 << 20) as out:
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
    _point(store, {"format": FORMAT, "store": name, "made": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), **result.to_json()})
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
    for source, record in _records(store, parts):
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
    identity = identify([*_own(schema), *every], same)
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


def _own(schema: Schema) -> Iterator[r.Substance]:
    """Yield the drugs of the ontology as substances."""
    prefixes = {base: prefix for prefix, base in r.IDENTIFIERS.items()}
    for drug in schema.subjects(n.TYPE, n.DRUG):
        ids = [
            f"{prefix}:{match[len(base) :]}"
            for match in schema.values(drug, n.EXACT_MATCH)
            for base, prefix in prefixes.items()
            if match.startswith(base)
        ]
        ids += [f"cas:{cas}" for cas in schema.literals(drug, n.NS + "cas")]
        ids += [f"inchikey:{key}" for key in schema.literals(drug, n.NS + "inchikey")]
        names = (*schema.literals(drug, n.ALT_LABEL), *schema.literals(drug, n.BRAND))
        yield r.Substance(f"ontology:{drug}", schema.label(drug), names, tuple(ids), True)


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


def _pointed(store: Path) -> str:
    try:
        return str(json.loads((store / POINTER).read_text("utf-8"))["store"])
    except (OSError, ValueError, KeyError):
        return ""


def _point(store: Path, what: dict[str, Any]) -> None:
    """Replace the pointer in one step."""
    new = store / f"{POINTER}.new"
    with new.open("w", encoding="utf-8") as file:
        json.dump(what, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, store / POINTER)


def _tidy(store: Path, name: str, parts: Sequence[Part]) -> None:
    """Remove what the store of before was made of. Whoever has it open keeps reading it where the system allows."""
    kept = {path for part in parts for path in (store / "records" / part.records, _skipped(store, part.records))}
    for path in (*(store / "records").iterdir(), *(store / "skipped").iterdir()):
        if path not in kept:
            path.unlink()
    for path in store.glob("store-*"):
        if path.name != name:
            shutil.rmtree(path, ignore_errors=True)


def _memory() -> int:
    try:
        import resource
    except ImportError:
        return 0
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) * 1024
