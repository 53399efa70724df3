"""The endpoint and its data described in RDF: what it can do, and how much there is, counted in the store."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urljoin

from ..names import XSD
from ..rdf import Engine, Literal, NamedNode, RdfFormat, Triple, iri_values, parse, serialize
from .formats import GRAPHS, chosen
from .frames import Head, plain

_VOID, _LICENCE = "http://rdfs.org/ns/void#", "http://purl.org/dc/terms/license"
_PREFIXES = {
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "formats": "http://www.w3.org/ns/formats/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "void": _VOID,
}


def description(store: Engine, what: str, accept: str, base: str) -> Head:
    """Describe the endpoint ("service") or its data ("dataset") in the format that a client likes best.

    Args:
        store: the store.
        what: which of the two.
        accept: what the client accepts.
        base: the address of what is described.
    """
    written = chosen(accept, GRAPHS) or (GRAPHS[0] if "html" in accept else None)
    if written is None:
        return plain(406, "none of the accepted media types fits: there are " + ", ".join(media for media, _ in GRAPHS))
    text = files(__package__).joinpath(f"{what}.ttl").read_bytes()
    triples = [quad.triple for quad in parse(text, format=RdfFormat.TURTLE, base_iri=base)]
    if what == "dataset":
        triples += _counted(store, base)
    media, form = written
    body: bytes = serialize(triples, format=form, prefixes=_PREFIXES)  # type: ignore[arg-type, assignment]
    return Head(200, media if media.startswith("application/") else f"{media}; charset=utf-8", body)


def _counted(store: Engine, base: str) -> list[Triple]:
    here = urljoin(base, "#dataset")
    counted: Any = store
    numbers, licences = _numbers(counted)
    properties = [(p, n) for p, c, n in numbers if p]
    classes = [(c, n) for p, c, n in numbers if c]
    found = [
        _number(here, "triples", sum(n for _, n in properties)),
        _number(here, "distinctSubjects", next(n for p, c, n in numbers if not p and not c)),
        _number(here, "properties", len(properties)),
        _number(here, "classes", len(classes)),
        *(Triple(NamedNode(here), NamedNode(_LICENCE), NamedNode(licence)) for licence in licences),
    ]
    for i, (iri, n) in enumerate(properties):
        part = f"{here}-property-{i}"
        found += [_link(here, "propertyPartition", part), _link(part, "property", iri), _number(part, "triples", n)]
    return found


@cache
def _numbers(store: Any) -> tuple[list[tuple[str, str, int]], list[str]]:
    rows = store.query(files(__package__).joinpath("counts.rq").read_text("utf-8"))
    numbers = [(p.value if p else "", c.value if c else "", int(n.value)) for p, c, n in rows]
    return numbers, sorted(set(iri_values(store.quads_for_pattern(None, NamedNode(_LICENCE), None, None))))


def _number(subject: str, name: str, number: int) -> Triple:
    return Triple(NamedNode(subject), NamedNode(_VOID + name), Literal(str(number), datatype=NamedNode(XSD + "integer")))


def _link(subject: str, name: str, value: str) -> Triple:
    return Triple(NamedNode(subject), NamedNode(_VOID + name), NamedNode(value))
