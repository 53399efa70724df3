"""The pages of pictures: what stands around a thing, a path between two things; and the picture of any page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import drawing
from .. import graph as g
from .. import names as n
from ..errors import BadQuestion
from ..proof import Citation
from .links import handle
from .reply import Content, Query, Site, first

Told = tuple[str, tuple[Citation, ...]]

_HOPS = ("1", "2")

_INLINE = 150
"""Up to how many nodes a picture stands in a page; a larger one is a page of its own."""


def around(site: Site, query: Query) -> Content:
    """Return what stands around a thing, as a picture and as sentences."""
    name, hops = first(query, "name"), first(query, "hops") or "1"
    if hops not in _HOPS:
        raise BadQuestion(f'hops is 1 or 2, not "{hops}"')
    if not name:
        return Content("The graph around anything", "graph.html", {"name": name, "a": "", "b": ""})
    iri = g.thing(site.graph, name)
    view = drawing.around(n.short(iri), hops=int(hops), graph=site.graph)
    values = {"view": view, "name": handle(site.graph, iri), "hops": hops, "edges": edges(view)}
    return Content(f"Around {site.graph.schema.label(iri)}", "around.html", values, view, ("show", handle(site.graph, iri)))


def path(site: Site, query: Query) -> Content:
    """Return a path from one thing to another, as a picture and as sentences."""
    a, b = first(query, "a"), first(query, "b")
    if not (a and b):
        return Content("A path between two things", "graph.html", {"name": "", "a": a, "b": b})
    ends = [g.thing(site.graph, name) for name in (a, b)]
    view = drawing.path(*map(n.short, ends), graph=site.graph)
    names = [handle(site.graph, iri) for iri in ends]
    return Content(view.graph["title"], "path.html", {"view": view, "names": names, "edges": edges(view)}, view)


def edges(view: Any) -> list[tuple[str, str, str, bool, tuple[Told, ...]]]:
    """Return the edges of a picture as subject, link, object, whether it is derived, and what is told of it; of many without sources."""
    brief = len(view) > _INLINE
    label = {key: node["label"] for key, node in view.nodes(data=True)}
    return [(label[a], edge["label"], label[b], edge["derived"], _told(edge["told"], brief)) for a, b, edge in view.edges(data=True)]


def _told(told: Sequence[Told], brief: bool) -> tuple[Told, ...]:
    return tuple((sentence, () if brief else sources) for sentence, sources in told)


def inline(value: Any) -> str:
    """Return the picture of a value to stand in a page; empty where none is made of it, or one of a single thing, or one too large."""
    if value is None:
        return ""
    try:
        view = drawing.view(value)
    except BadQuestion:
        return ""
    return drawing.svg(view, style=False) if 1 < len(view) <= _INLINE else ""
