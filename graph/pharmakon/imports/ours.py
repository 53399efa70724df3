"""The drugs of the ontology, as substances that those of other sources are matched with."""

from __future__ import annotations

from collections.abc import Iterator

from .. import names as n
from ..facts import Schema
from ..sources.records import IDENTIFIERS, Substance


def substances(schema: Schema) -> Iterator[Substance]:
    """Yield the drugs of the ontology as substances."""
    prefixes = {base: prefix for prefix, base in IDENTIFIERS.items()}
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
        yield Substance(f"ontology:{drug}", schema.label(drug), names, tuple(ids), True)
