"""The one door to pySHACL."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from .locate import ontology, turtle_files
from .rdf import RdfFormat, Store


def violations(store: Store) -> list[tuple[str, str]]:
    """Validate a store against the shipped shapes.

    Returns:
        Pairs of the IRI of a thing and the message of a shape that it does not meet, sorted.
    """
    import pyshacl
    from rdflib import Graph, Namespace

    shacl: Any = Namespace("http://www.w3.org/ns/shacl#")
    buffer = BytesIO()
    for graph in store.named_graphs():
        store.dump(buffer, format=RdfFormat.N_TRIPLES, from_graph=graph)
    data, shapes = Graph(), Graph()
    data.parse(data=buffer.getvalue(), format="nt")
    for file in turtle_files([ontology() / "shapes"]):
        shapes.parse(str(file), format="turtle")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, advanced=False)
    assert isinstance(report, Graph)
    found = set()
    for result in report.subjects(shacl.resultMessage, None):
        focus, message = report.value(result, shacl.focusNode), report.value(result, shacl.resultMessage)
        found.add((str(focus), str(message)))
    return sorted(found)
