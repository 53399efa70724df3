"""The pages of things: a drug, a class with its members, a source, anything else that has a name; and the lists of them."""

from __future__ import annotations

from typing import Any

from .. import drawing, say
from .. import graph as g
from .. import names as n
from ..answers import conditions, members, show
from ..expression import Named
from ..graph import Graph
from ..listing import listing
from ..proof import cite
from ..rdf import is_iri
from ..values import Members, Thing
from .census import mentioned
from .links import handle
from .pictures import edges
from .reply import Content, Query, Site, first

_ONE_BY_ONE = 1000
"""Up to how many drugs a class is held against each of them; in a larger graph only its members are listed."""

_OTHERS = 12
"""With how many drugs, those that are talked of, the page of a drug offers a comparison."""

_SHOWN = 300
"""How many statements of a source a page lists."""


def thing(site: Site, query: Query) -> Content:
    """Return the page of a thing, by whichever of its names."""
    graph, name = site.graph, first(query, "name")
    iri = _source(graph, name) or g.thing(graph, name)
    if graph.schema.literals(iri, n.DCT + "title"):
        return _source_page(graph, iri)
    page = show(n.short(iri), graph=graph)
    command = ("show", handle(graph, iri))
    values: dict[str, Any] = {"page": page, "name": handle(graph, iri), "derived": _derived(site, iri)}
    if n.DRUG in graph.schema.values(iri, n.TYPE):
        values["pairs"] = [handle(graph, d) for d in mentioned(graph)[:_OTHERS] if d != iri]
        return Content(page.subject.label, "drug.html", values, page, command)
    if g.is_class(graph, iri):
        values["senses"] = [(told, _conditions(graph, told.cls.iri), near_misses(graph, told)) for told in _members(graph, iri)]
        values["whole"] = len(graph.schema.drugs()) <= _ONE_BY_ONE
        picture = drawing.tree(n.short(iri), graph=graph) if values["whole"] else None
        return Content(page.subject.label, "class.html", values, picture, ("members", handle(graph, iri)))
    view = drawing.around(n.short(iri), hops=1, graph=graph)
    return Content(page.subject.label, "thing.html", {**values, "edges": edges(view)}, view if len(view) > 1 else None, command)


def drugs(site: Site, query: Query) -> Content:
    """Return the list of the drugs; of a large graph those that begin with a letter."""
    schema, letter = site.graph.schema, first(query, "letter").upper()
    groups = _lettered(sorted((Thing(d, schema.label(d)) for d in schema.drugs()), key=lambda t: t.label.casefold()))
    whole = len(schema.drugs()) <= _ONE_BY_ONE
    values = {
        "count": len(schema.drugs()),
        "letters": [] if whole else [at for at, _ in groups],
        "groups": [(at, found) for at, found in groups if whole or at == letter],
    }
    return Content("Drugs", "list.html", values, None, ("list", "drugs"))


def classes(site: Site, query: Query) -> Content:
    """Return the list of the classes that are written by hand, with their definitions."""
    schema = site.graph.schema
    found = sorted((schema.label(c), c, schema.text(c, n.DEFINITION) or "") for c in {*schema.drug_classes, *schema.senses})
    return Content("Classes", "classes.html", {"found": found}, None, ("list", "classes"))


def sources(site: Site, query: Query) -> Content:
    """Return the list of the sources, by kind."""
    kinds: dict[str, list[tuple[str, str]]] = {}
    for name, citation in listing(site.graph, "sources"):
        kind = _kind(site.graph, n.SRC + name)
        kinds.setdefault(kind, []).append((n.SRC + name, citation))
    ordered = sorted(kinds.items(), key=lambda item: len(item[1]))
    return Content("Sources", "sources.html", {"kinds": ordered}, None, ("list", "sources"))


# --- parts ----------------------------------------------------------------------------------------------------------


def near_misses(graph: Graph, told: Members) -> list[tuple[Thing, str]]:
    """Return the drugs that fail one condition of a class and meet all others, with the condition."""
    parts = conditions(graph, told.cls.iri)
    if len(parts) < 2:
        return []
    evaluator, found = graph.evaluator(), []
    for drug in told.no:
        verdicts = [evaluator.verdict(drug.iri, part) for part in parts]
        if verdicts.count("no") == 1 and verdicts.count("yes") == len(parts) - 1:
            found.append((drug, say.expression(graph.schema, parts[verdicts.index("no")])))
    return found


def _members(graph: Graph, iri: str) -> tuple[Members, ...]:
    if len(graph.schema.drugs()) <= _ONE_BY_ONE:
        return members(n.short(iri), graph=graph)
    from ..answers import ask

    sample = next(iter(graph.schema.drugs()))
    told = ask(n.short(sample), n.short(iri), graph=graph).answers
    return tuple(Members(v.sense, _proved(graph, v.sense.iri), (), (), ()) for v in told)


def _proved(graph: Graph, cls: str) -> tuple[Thing, ...]:
    """Return the drugs that are stored as members of a class."""
    drugs = frozenset(graph.schema.drugs())
    return tuple(Thing(d, graph.schema.label(d)) for d in graph.schema.subjects(n.TYPE, cls) if d in drugs)


def _conditions(graph: Graph, cls: str) -> list[tuple[str, str]]:
    """Return the conditions of a class, each with the class that it names, if any."""
    return [(say.expression(graph.schema, part), part.iri if isinstance(part, Named) else "") for part in conditions(graph, cls)]


def _derived(site: Site, iri: str) -> dict[str, str]:
    """Return where the things are that were derived of a thing, by their labels."""
    schema = site.graph.schema
    links = (n.TYPE, *schema.subjects(n.SUBPROPERTY, n.NS + "edge"))
    return {schema.label(v): site.links.thing(v) for link in links for v in schema.values(iri, link)}


def _source(graph: Graph, name: str) -> str:
    iri = n.expand(name.strip()) or ""
    return iri if is_iri(iri) and graph.schema.literals(iri, n.DCT + "title") else ""


def _source_page(graph: Graph, iri: str) -> Content:
    schema = graph.schema
    told = sorted({(schema.label(d), d, say.statement(schema, s)) for s, d in _stated(graph, iri)})
    values = {
        "kind": _kind(graph, iri),
        "name": n.short(iri),
        "read_at": [*schema.values(iri, n.NS + "readAt"), *schema.values(iri, n.DCT + "source")],
        "licence": schema.values(iri, n.DCT + "license"),
        "meanings": [(schema.label(c), c) for c in schema.subjects(n.DCT + "source", iri)],
        "statements": told[:_SHOWN],
        "more": len(told) > _SHOWN,
    }
    return Content(cite(schema, iri).citation, "source.html", values)


def _kind(graph: Graph, source: str) -> str:
    """Return what kind of source it is."""
    kinds = graph.schema.subjects(n.SUBCLASS, n.NS + "Source")
    return next((graph.schema.label(k) for k in graph.schema.values(source, n.TYPE) if k in kinds), "source")


def _stated(graph: Graph, source: str) -> list[tuple[str, str]]:
    """Return statements that a source makes of drugs, each with its drug: all of them, or more than a page shows."""
    schema, found = graph.schema, []
    for assertion in schema.subjects(n.SOURCE, source):
        for statement in schema.subjects(n.ASSERTED_BY, assertion):
            found += [(statement, drug) for drug in schema.values(statement, n.ABOUT_DRUG)[:1]]
            if len(found) > 2 * _SHOWN:
                return found
    return found


def _lettered(found: list[Thing]) -> list[tuple[str, list[Thing]]]:
    groups: dict[str, list[Thing]] = {}
    for one in found:
        groups.setdefault(one.label[:1].upper(), []).append(one)
    return list(groups.items())
