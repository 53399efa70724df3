"""Stores of any size: the shipped ontology with as many drugs more as are asked for, each with mechanisms drawn at random.

Also stores of names alone, and a sample of a store that databases were imported into.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from pharmakon import names as n
from pharmakon import spelt
from pharmakon.build import INDEX, Sources, keys, merged, stated
from pharmakon.facts import Schema
from pharmakon.nquads import Lines, iri, text
from pharmakon.rdf import NamedNode, Quad, RdfFormat, Store, serialize

SOURCE = n.SRC + "generated"


def store_of(folder: Path, drugs: int, seed: int = 1) -> Path:
    """Make a store with generated drugs, one to four mechanisms each, and return its place."""
    place = folder / f"store-{drugs}"
    quads, base = stated(Sources.of())
    file = folder / f"{drugs}.nq"
    with file.open("wb") as out:
        write(Lines(out), Schema(base), drugs, seed)
    store = Store(str(place))
    store.bulk_extend(quads)
    store.bulk_extend(merged(q) for q in quads)
    store.bulk_load(path=str(file), format=RdfFormat.N_QUADS)
    store.flush()
    file.unlink()
    return place


def drugs_of(drugs: int) -> list[str]:
    """Return the IRIs of generated drugs."""
    return [f"{n.IMPORTED_DRUG}generated-{number}" for number in range(drugs)]


def write(lines: Lines, schema: Schema, drugs: int, seed: int) -> None:
    """Write the drugs with their names, mechanisms and sources."""
    draw, choices = random.Random(seed), actions_at_targets(schema)
    put = lines.put
    for number in range(drugs):
        drug = iri(f"{n.IMPORTED_DRUG}generated-{number}")
        put(drug, f"<{n.TYPE}>", f"<{n.DRUG}>", SOURCE)
        put(drug, f"<{n.LABEL}>", text(f"generatol {number}", "en"), SOURCE)
        lines.key(drug, f"generatol {number}")
        for index, (action, target) in enumerate(draw.sample(choices, draw.randint(1, 4))):
            statement = iri(f"{n.NS}s/generated-{number}-{index}")
            put(drug, f"<{n.HAS_MECHANISM}>", statement, SOURCE)
            for kind in {*schema.ancestors(action), n.FIRM, n.DIRECT, n.UNQUALIFIED}:
                put(statement, f"<{n.TYPE}>", iri(kind), SOURCE)
            put(statement, f"<{n.TARGET}>", iri(target), SOURCE)
            put(statement, f"<{n.ABOUT_DRUG}>", drug, SOURCE)
            row = iri(f"{n.NS}s/generated-{number}-{index}/row")
            put(statement, f"<{n.ASSERTED_BY}>", row, SOURCE)
            put(row, f"<{n.TYPE}>", f"<{n.ASSERTION}>", SOURCE)
            put(row, f"<{n.SOURCE}>", f"<{SOURCE}>", SOURCE)
            put(row, f"<{n.LOCATOR}>", text(f"row {number}"), SOURCE)


def actions_at_targets(schema: Schema) -> list[tuple[str, str]]:
    """Return each action with each single target, from the classes that patterns make."""
    return [
        (schema.values(c, n.OF_ACTION)[0], schema.values(c, n.OF_TARGET)[0])
        for c in schema.pattern_classes()
        if schema.values(c, n.OF_ACTION) and n.OWL_CLASS not in schema.values(schema.values(c, n.OF_TARGET)[0], n.TYPE)
    ]


def turtle(file: Path, schema: Schema, drugs: int, seed: int = 1) -> Path:
    """Write generated drugs as an author would, in Turtle, for the builder, which wants an action to be known."""
    draw, choices = random.Random(seed), [pair for pair in actions_at_targets(schema) if pair[0] != n.NS + "Mechanism"]
    with file.open("w", encoding="utf-8") as out:
        out.write(f"@prefix : <{n.NS}> . @prefix src: <{n.SRC}> .\n")
        for number in range(drugs):
            out.write(f'<{n.NS}generated-{number}> a :Drug ; <{n.LABEL}> "generatol {number}"@en ; <{n.DEFINITION}> "Invented."@en')
            for action, target in draw.sample(choices, draw.randint(1, 4)):
                out.write(
                    f' ;\n  :hasMechanism [ a <{action}> ; :target <{target}> ; :assertion [ :source src:gtopdb ; :locator "{number}" ] ]'
                )
            out.write(" .\n")
    return file


# --- names --------------------------------------------------------------------------------------------------------------

_SYLLABLES = [c + v for c in "bcdfghklmnprstvz" for v in ("a", "e", "i", "o", "u", "an", "er", "il", "on", "yl")]


def invented(count: int, seed: int = 1) -> list[str]:
    """Return names that sound like those of drugs, no two alike."""
    draw, found = random.Random(seed), dict[str, None]()
    while len(found) < count:
        found["".join(draw.choices(_SYLLABLES, k=draw.randint(3, 6)))] = None
    return list(found)


def named(folder: Path, names: Iterable[str]) -> Path:
    """Make a store of drugs that have a name and nothing else, with the index of what is spelt alike."""
    place, file = folder / "store", folder / "names.nq"
    with file.open("wb") as out:
        lines = Lines(out)
        for number, name in enumerate(names):
            thing = iri(f"{n.IMPORTED_DRUG}{number}")
            lines.put(thing, f"<{n.TYPE}>", f"<{n.DRUG}>", SOURCE)
            lines.key(thing, name)
    store = Store(str(place))
    store.bulk_load(path=str(file), format=RdfFormat.N_QUADS)
    store.flush()
    store.optimize()
    spelt.build(place / INDEX, keys(store))
    file.unlink()
    return place


# --- a sample of a store ------------------------------------------------------------------------------------------------


def sample(store: Store, ontology: Store, every: int, file: Path) -> int:
    """Write the ontology's statements as N-Quads, and all that a store says of each so many-th imported drug; say how many drugs.

    What is said of a drug is what its statements lead to, four steps far, as long as it is ours and not the ontology's.
    """
    known = {q.subject for q in ontology}
    drugs = Schema(store).subjects(n.TYPE, n.DRUG)
    chosen = [NamedNode(drug) for drug in drugs if drug.startswith(n.IMPORTED_DRUG)][::every]
    quads, layer, seen = set[Quad](ontology), chosen, set(chosen)
    for _ in range(4):
        found = [q for subject in layer for q in store.quads_for_pattern(subject, None, None)]
        quads.update(found)
        layer = list({q.object for q in found if isinstance(q.object, NamedNode) and q.object.value.startswith(n.NS)} - known - seen)
        seen.update(layer)
    with file.open("wb") as out:
        serialize(quads, out, format=RdfFormat.N_QUADS)
    return len(chosen)


# --- memberships in a process of their own ------------------------------------------------------------------------------


def memberships(place: Path, drugs: int) -> tuple[int, float, int]:
    """Derive the memberships of generated drugs in a new process: how many, seconds, and the most memory of it and its workers."""
    code = f"from benchmarks.generated import measure; measure({str(place)!r}, {drugs})"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = [{str(Path(__file__).parents[1])!r}]; {code}"],
        stdout=subprocess.PIPE,
        check=True,
    )
    count, seconds, memory = json.loads(done.stdout)
    return count, seconds, memory


def measure(place: str, drugs: int) -> None:
    """Derive memberships and print what it took. The workers live at the same time, so the largest counts once for each core."""
    import resource

    from pharmakon import memberships

    started = time.perf_counter()
    count = sum(1 for _ in memberships.side_by_side(Path(place), drugs_of(drugs)))
    seconds = time.perf_counter() - started
    workers = len(os.sched_getaffinity(0)) if drugs > memberships.BATCH else 0
    own = next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    print(json.dumps((count, seconds, 1024 * (own + workers * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))))
