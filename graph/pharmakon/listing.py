"""Name what there is to ask about."""

from __future__ import annotations

from . import names as n
from .graph import Graph
from .proof import cite
from .sparql import header, shipped


def listing(graph: Graph, what: str) -> list[tuple[str, str]]:
    """List the drugs, classes, sources or queries of a graph.

    Args:
        graph: the graph.
        what: "drugs", "classes" (hand-written; "ACTION at TARGET" patterns are left out), "sources" or "queries".

    Returns:
        Pairs of a name that can be typed and what it is, sorted by name.
    """
    schema = graph.schema
    if what == "queries":
        return [(name, header(path.read_text("utf-8")).get("summary", "")) for name, path in shipped()]
    if what == "sources":
        kinds = [k for k in schema.subjects(n.SUBCLASS, n.NS + "Source")]
        found = sorted({s for kind in kinds for s in schema.subjects(n.TYPE, kind)})
        return [(s.removeprefix(n.SRC), cite(schema, s).citation) for s in found]
    things = schema.drugs() if what == "drugs" else schema.drug_classes
    return sorted((schema.label(t), schema.text(t, n.DEFINITION) or "") for t in things)
