"""The one door to pySHACL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from . import names as n
from .locate import ontology, turtle_files
from .rdf import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse_turtle, serialize

SH = "http://www.w3.org/ns/shacl#"


def violations(store: Store, files: Sequence[Path] | None = None) -> list[tuple[str, str]]:
    """Validate a store against shapes.

    Args:
        store: the store.
        files: Turtle files with shapes; the shipped ones where none are given.

    Returns:
        Pairs of the IRI of a thing and the message of a shape that it does not meet, sorted.
    """
    import pyshacl
    from rdflib import Graph, Namespace

    shacl: Any = Namespace(SH)
    files = turtle_files([ontology() / "shapes"]) if files is None else files
    data, shapes = Graph(), Graph()
    for file in files:
        shapes.parse(str(file), format="turtle")
    buffer = BytesIO()
    serialize((quad.triple for quad in _used(store, files)), output=buffer, format=RdfFormat.N_TRIPLES)
    data.parse(data=buffer.getvalue(), format="nt")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, advanced=False)
    assert isinstance(report, Graph)
    found = set()
    for result in report.subjects(shacl.resultMessage, None):
        focus, message = report.value(result, shacl.focusNode), report.value(result, shacl.resultMessage)
        found.add((str(focus), str(message)))
    return sorted(found)


def _used(store: Store, files: Sequence[Path]) -> Iterator[Quad]:
    """Yield what shapes can see: the properties that they have in a path, and the types that they name. All else only costs time."""
    for file in files:
        for shape in parse_turtle(file):
            if isinstance(shape.object, NamedNode):
                if shape.predicate.value in (SH + "path", SH + "inversePath"):
                    yield from store.quads_for_pattern(None, shape.object, None, DefaultGraph())
                elif shape.predicate.value in (SH + "targetClass", SH + "class"):
                    yield from store.quads_for_pattern(None, NamedNode(n.TYPE), shape.object, DefaultGraph())
