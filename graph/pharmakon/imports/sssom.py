"""Matches of substances as a table in the Simple Standard for Sharing Ontological Mappings."""

from __future__ import annotations

from collections.abc import Iterator

from ..sources.records import IDENTIFIERS
from .identity import Identity


def sssom(identity: Identity) -> Iterator[str]:
    """Yield the lines of a table in the Simple Standard for Sharing Ontological Mappings, doubtful matches included."""
    yield "#curie_map:\n"
    for prefix, base in IDENTIFIERS.items():
        yield f"#  {prefix}: {base}\n"
    yield "#mapping_set_id: https://w3id.org/pharmakon/identity\n#license: https://creativecommons.org/licenses/by-sa/4.0/\n"
    yield "subject_id\tpredicate_id\tobject_id\tmapping_justification\tmatch_string\tcomment\n"
    for m in (*identity.matches, *identity.doubtful):
        predicate = "skos:closeMatch" if m.against else "skos:broadMatch" if m.salt else "skos:exactMatch"
        yield "\t".join((m.one, predicate, m.other, m.how, m.by, m.against)) + "\n"
