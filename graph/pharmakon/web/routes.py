"""Which page answers an address; what is at fault is a page too."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from http import HTTPStatus
from typing import Any

from .. import __version__, drawing, html
from ..errors import AmbiguousName, PharmakonError, StoreUnavailable, UnknownName
from ..graph import Graph
from . import asking, editor, pictures, reports, things
from .links import Links, Served
from .reply import HTML, JSON, Content, Query, Reply, Site, first
from .suggest import suggest

Route = Callable[[Site, Query], Content]

ROUTES: Mapping[str, Route] = {
    "": asking.home,
    "ask": asking.ask,
    "why": asking.because,
    "whatif": asking.changed,
    "compare": reports.compare,
    "interactions": reports.interactions,
    "article": reports.article,
    "tags": reports.tags,
    "quiz": reports.quiz,
    "thing": things.thing,
    "drugs": things.drugs,
    "classes": things.classes,
    "sources": things.sources,
    "around": pictures.around,
    "path": pictures.path,
    "query": editor.editor,
}
"""What each address answers; ``/draw/ROUTE`` with the same question is its picture alone."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'"
)
"""What a page may load: its own styles and scripts, and nothing else."""

FRAMED = "; frame-ancestors 'self'"

MENU = (
    ("ask", "Ask"),
    ("compare", "Compare"),
    ("interactions", "Interactions"),
    ("article", "Article"),
    ("quiz", "Quiz"),
    ("drugs", "Drugs"),
    ("classes", "Classes"),
    ("around", "Graph"),
    ("query", "Query"),
    ("sources", "Sources"),
)
"""What the head of each page leads to."""


def respond(graph: Graph, path: str, query: Query) -> Reply:
    """Answer a request for a page.

    Args:
        graph: the graph.
        path: the path of the address, such as "/ask".
        query: the words of the question, each with its values.

    Returns:
        A page; where the question is at fault, a page that says why: 404 for a name that stands for nothing, with suggestions,
        400 for a question that cannot be read, 503 where the store is not to be had.
    """
    site = Site(graph, Served(graph))
    route = path.strip("/")
    try:
        if route == "suggest":
            return _json([asdict(s) for s in suggest(graph, first(query, "q")[:200], first(query, "kind") or "thing")])
        if route == "terms":
            return _json(editor.terms(site, query))
        if route == "query" and first(query, "format"):
            return editor.taken(site, query)
        if route.startswith("draw/"):
            return _drawn(site, route.removeprefix("draw/"), query)
        if route not in ROUTES:
            return _page(site, _lost(site), route, 404)
        return _page(site, ROUTES[route](site, query), route, query=query)
    except PharmakonError as error:
        return _page(site, _fault(site, error, route, query), route, status(error))


def warm(graph: Graph) -> None:
    """Make what the first reader would wait for: templates, the census of the graph, the audit of its article."""
    for route in ("/", "/article", "/drugs", "/classes", "/sources", "/query", "/quiz", "/interactions", "/compare", "/ask"):
        respond(graph, route, {})


def status(error: PharmakonError) -> int:
    """Return the status of HTTP that an error amounts to."""
    if isinstance(error, StoreUnavailable):
        return 503
    return 404 if isinstance(error, UnknownName) and not isinstance(error, AmbiguousName) and error.name.strip() else 400


def fill(site: Site, content: Content, route: str, drawn: str = "", fault: bool = False) -> str:
    """Return a page as text.

    Args:
        site: the graph, and where the other pages are.
        content: what the page says.
        route: which page it is, so that the menu can say where one is.
        drawn: where the picture alone is.
        fault: whether the page says what is wrong.
    """
    return html.render(
        content.template,
        **content.values,
        title=content.title,
        links=site.links,
        address=site.links.thing,
        menu=MENU,
        route=route,
        svg=pictures.inline(content.picture),
        drawn=drawn,
        command=shlex.join(["pharmakon", *content.command]) if content.command else "",
        version=__version__,
        fault=fault,
        policy="" if site.links.live else POLICY,
    )


def _page(site: Site, content: Content, route: str, code: int = 200, query: Query | None = None) -> Reply:
    drawn = site.links.page(f"draw/{route}", **dict(query or {})) if content.picture is not None else ""
    policy = {"Content-Security-Policy": (content.policy or POLICY) + FRAMED}
    return Reply(code, HTML, fill(site, content, route, drawn, code != 200).encode(), headers=policy)


def _json(value: Any) -> Reply:
    return Reply(200, JSON, json.dumps(value, ensure_ascii=False).encode())


def _drawn(site: Site, route: str, query: Query) -> Reply:
    content = ROUTES[route](site, query) if route in ROUTES else _lost(site)
    if content.picture is None:
        return _page(site, replace(_lost(site), title="There is no such picture"), route, 404)
    return Reply(200, HTML, drawing.html(content.picture).encode(), headers={"Content-Security-Policy": FRAMED.removeprefix("; ")})


def _lost(site: Site) -> Content:
    return Content("There is no such page", "fault.html", {"message": "", "others": [], "code": int(HTTPStatus.NOT_FOUND)})


def _fault(site: Site, error: PharmakonError, route: str, query: Query) -> Content:
    others = []
    if isinstance(error, UnknownName):
        others = [(name, _instead(site.links, route, query, error.name, name)) for name in error.suggestions]
    title = f"Nothing is called “{error.name}”" if isinstance(error, UnknownName) and error.name.strip() else "This cannot be answered"
    if isinstance(error, AmbiguousName):
        title = f"“{error.name}” could mean several things"
    return Content(title, "fault.html", {"message": str(error), "others": others, "code": status(error)})


def _instead(links: Links, route: str, query: Query, name: str, other: str) -> str:
    """Return the address of the same question with another name."""
    words = {k: [other if v.strip() == name.strip() else v for v in values] for k, values in query.items()}
    if words == {k: list(v) for k, v in query.items()}:
        return links.page("thing", name=other)
    return links.page(route, **words)
