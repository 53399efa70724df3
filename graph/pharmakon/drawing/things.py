"""Pictures of a class and what is below it, of a thing with all that is known of it, and of the result of a query."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from .. import graph as g
from .. import names as n
from .. import say
from ..errors import BadQuestion
from ..expression import Named
from ..proof import prove
from . import picture as pic
from . import views
from .links import BLOCKS, Links, put
from .ways import MOST

if TYPE_CHECKING:
    from ..graph import Graph
    from ..rdf import Term
    from ..sparql import Table
    from .picture import Picture


# --- a class --------------------------------------------------------------------------------------------------------


def tree(name: str, *, without: Sequence[str] = (), graph: Graph | None = None) -> Picture:
    """Return a class with the classes that are in it by their definitions, and their members; each sense of a word that has several.

    Raises:
        UnknownName: there is no such class.

    >>> "drug https://w3id.org/pharmakon/morphine" in tree("opioid")
    True
    """
    from ..subsume import below

    graph = graph or g.shipped()
    schema, evaluator = graph.schema, graph.evaluator(without)
    roots = schema.senses.get(wanted := g.klass(graph, name), (wanted,))
    classes = [*roots, *(c for c in schema.drug_classes if c not in roots and any(below(schema, Named(c), Named(r)) for r in roots))]
    links = [
        (up, down)
        for i, up in enumerate(classes)
        for j, down in enumerate(classes)
        if i != j and below(schema, Named(down), Named(up)) and (i < j or not below(schema, Named(up), Named(down)))
    ]
    drugs = frozenset(schema.drugs())
    members = {c: drugs & frozenset(schema.subjects(n.TYPE, c)) for c in classes}
    if without:  # what the store derived rests on all sources
        members = {c: frozenset(d for d in drugs if evaluator.verdict(d, Named(c)) == "yes") for c in classes}
    found = pic.empty(f"What is {say.article(schema.label(wanted))}? The class, what is below it, and its members")
    kept = pic.reduced(links)
    columns = pic.layered(kept, classes)
    for c in classes:
        text, label = schema.text(c, n.DEFINITION) or schema.label(c), f"{schema.label(c)} ({len(members[c])})"
        pic.node(found, f"class {c}", "class", label, text, place=(columns[c], ""))
    for up, down in kept:
        sentence = f"every {schema.label(down)} {say.named(schema, up)}: it follows from the definitions"
        pic.edge(found, f"class {down}", f"class {up}", "is", told=((sentence, ()),))
    under = {c: {d for up, down in links if up == c for d in members[down]} for c in classes}
    inside = [drug for drug in schema.drugs() if any(drug in members[c] for c in classes)]
    inside.sort(key=lambda drug: drug.startswith(n.IMPORTED))
    room = max(MOST - len(classes), 0)
    for drug in inside[:room]:
        nearest = sorted((c for c in classes if drug in members[c] and drug not in under[c]), key=lambda c: (len(members[c]), c))
        for number, c in enumerate(nearest):
            proof = prove(evaluator, drug, Named(c), True)
            key = pic.node(found, f"drug {drug}", "drug", schema.label(drug), proofs=(proof,), place=(columns[c] + 1, ""))
            pic.edge(found, key, f"class {c}", "is", told=views.with_basis(proof.claim, proof), quiet=number > 0)
    told = ["The number after a class counts its members."]
    if any(edge["quiet"] for *_, edge in found.edges(data=True)):
        told.append("A drug is joined to the smallest of its classes here; the lines to its others are drawn when it is chosen.")
    if len(inside) > room:
        told.append(f"Left out: {len(inside) - room} members, after the first {room}.")
    found.graph["left_out"] = " ".join(told)
    return found


# --- a thing --------------------------------------------------------------------------------------------------------


def thing(name: str, *, graph: Graph | None = None) -> Picture:
    """Return all that the graph says of a thing, with the proof of each class that it is in.

    Raises:
        UnknownName: nothing has the name.

    >>> [key for key, kind in thing("baclofen").nodes(data="kind") if kind == "drug"]
    ['https://w3id.org/pharmakon/baclofen']
    """
    from ..answers import show

    graph = graph or g.shipped()
    page, links = show(name, graph=graph), Links(graph)
    kind = links.kind(page.subject.iri)
    known = {}
    if kind == "drug":
        classes = {
            graph.schema.label(c): c for c in graph.schema.values(page.subject.iri, n.TYPE) if graph.schema.definition(c) is not None
        }
        wanted = {label: classes[label] for verb, label in page.derived if verb == "is" and label in classes}
        known = {label: prove(links.evaluator, page.subject.iri, Named(c), True) for label, c in wanted.items()}
    return views.of_page(page, known, kind)


# --- tables ---------------------------------------------------------------------------------------------------------


def table(found: Table, title: str = "The result of a query", *, graph: Graph | None = None) -> Picture:
    """Return the result of a query as a graph: triples as they are; of other rows, each thing joined to the next in its row.

    Raises:
        BadQuestion: no cell of the result is a thing.
    """
    graph = graph or g.shipped()
    links = Links(graph)
    picture, left_out = pic.empty(title), set[str]()
    triples = found.columns == ("subject", "predicate", "object")
    for row in found.rows:
        cells = [(column, _iri(term)) for column, term in zip(found.columns, row, strict=True)]
        things = [(column, iri) for column, iri in cells if iri and not (triples and column == "predicate")]
        for (_, start), (column, end) in pairwise(things):
            if len({start, end} - set(picture)) + len(picture) > MOST:
                left_out |= {start, end} - set(picture)
                continue
            label = graph.schema.label(cells[1][1]) if triples else column
            for iri in (start, end):
                put(picture, links, iri, None)
            sentence = f"{graph.schema.label(start)} – {label} – {graph.schema.label(end)}"
            if start != end:
                pic.edge(picture, start, end, label, derived=False, told=((sentence, ()),))
        if len(things) == 1 and len(picture) < MOST:
            put(picture, links, things[0][1], None)
    if not picture:
        raise BadQuestion("the result has no cell that is a thing: a picture needs IRIs, as of CONSTRUCT, or of SELECT ?drug ?target")
    if left_out:
        picture.graph["left_out"] = f"Left out: {len(left_out)} things, after the first {MOST}."
    if picture.number_of_edges() > 120 or len(picture) > 60:
        columns = pic.layered(picture.edges, picture)
        for key, node in picture.nodes(data=True):
            node["place"] = columns[key], BLOCKS[node["kind"]]
    return picture


def _iri(term: Term | None) -> str:
    value = str(getattr(term, "value", ""))
    return value if type(term).__name__ == "NamedNode" else ""
