"""Stores of any size: the shipped ontology with as many drugs more as are asked for, each with mechanisms drawn at random."""

from __future__ import annotations

import random
from pathlib import Path

from pharmakon import names as n
from pharmakon.build import Sources, merged, stated
from pharmakon.facts import Schema
from pharmakon.nquads import Lines, iri, text
from pharmakon.rdf import RdfFormat, Store

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


def write(lines: Lines, schema: Schema, drugs: int, seed: int) -> None:
    """Write the drugs with their names, mechanisms and sources."""
    draw = random.Random(seed)
    classes = schema.pattern_classes()
    choices = [
        (schema.values(c, n.OF_ACTION)[0], schema.values(c, n.OF_TARGET)[0])
        for c in classes
        if schema.values(c, n.OF_ACTION) and n.OWL_CLASS not in schema.values(schema.values(c, n.OF_TARGET)[0], n.TYPE)
    ]
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
