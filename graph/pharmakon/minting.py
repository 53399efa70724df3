"""IRIs made of content, so that two sources that say the same meet in one node."""

from __future__ import annotations

import hashlib

from . import names as n


def statement_iri(drug: str, link: str, kind: str, content: list[str]) -> str:
    """Return the IRI of a proposition, made of its content: ``predicate value`` of each pair, sorted, values as in N-Triples."""
    return f"{n.NS}s/{local(drug)}-{kind}-{sha256(chr(10).join([drug, link, *content]))[:8]}"


def assertion_iri(statement: str, source: str, place: str) -> str:
    """Return the IRI of a source's assertion of a statement at a place in it."""
    return f"{statement}/{local(source)}-{sha256(source + place)[:6]}"


def local(iri: str) -> str:
    """Return the name of a thing in its namespace."""
    for base in (n.SRC, n.NS):
        if iri.startswith(base):
            return iri[len(base) :]
    return iri.rstrip("/").rpartition("/")[2]


def sha256(text: str) -> str:
    """Return the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()
