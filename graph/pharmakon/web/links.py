"""Where the pages are: one protocol, kept by the server's addresses and by the files of a written site."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import parse_qsl, quote, urlencode
from weakref import WeakKeyDictionary

from .. import graph as g
from .. import names as n
from ..errors import UnknownName
from ..graph import Graph

_HANDLES: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()


class Links(Protocol):
    """Where the pages are. What has no page has the empty address, and is not linked."""

    live: bool
    """Whether a server answers, so that a form can be sent."""

    def page(self, route: str, **words: str | Sequence[str]) -> str:
        """Return the address of a page: its route, such as "ask", and the words of its question."""
        ...

    def thing(self, iri: str) -> str:
        """Return the address of the page of a thing."""
        ...

    def static(self, name: str) -> str:
        """Return the address of a style or a script."""
        ...

    def written(self, route: str) -> list[tuple[str, str]]:
        """Return the pages of a route that are written, in words and with their addresses; none where a server answers any."""
        ...


class Served:
    """The addresses of a server: ``/ask?subject=baclofen&class=opiate``."""

    live = True

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def page(self, route: str, **words: str | Sequence[str]) -> str:
        """Return the address of a page; words that are empty are left out."""
        query = urlencode({k: w for k, w in words.items() if w}, doseq=True, quote_via=quote, safe=":")
        return f"/{route}" + (f"?{query}" if query else "")

    def thing(self, iri: str) -> str:
        """Return the address of the page of a thing, by the name that stands for it alone."""
        return self.page("thing", name=handle(self.graph, iri)) if iri else ""

    def static(self, name: str) -> str:
        """Return the address of a style or a script."""
        return f"/static/{name}"

    def written(self, route: str) -> list[tuple[str, str]]:
        """Return nothing: any question is answered."""
        return []


class Written:
    """The files of a written site, as they are reached from one of them.

    Args:
        served: what the addresses are on a server.
        files: the file of each address that the site has.
        here: the file that the links stand in.
    """

    live = False

    def __init__(self, served: Served, files: Mapping[str, str], here: str) -> None:
        self.served, self.files, self.here = served, files, here

    def page(self, route: str, **words: str | Sequence[str]) -> str:
        """Return the relative address of a page; empty where the site does not have it."""
        return self._to(self.files.get(self.served.page(route, **words), ""))

    def thing(self, iri: str) -> str:
        """Return the relative address of the page of a thing; empty where the site has none."""
        return self._to(self.files.get(self.served.thing(iri), "")) if iri else ""

    def static(self, name: str) -> str:
        """Return the relative address of a style or a script."""
        return self._to(f"static/{name}")

    def written(self, route: str) -> list[tuple[str, str]]:
        """Return the pages of a route that the site has, each by the words of its question; of several names for a page the first."""
        found = {file: address for address, file in reversed(list(self.files.items())) if address.startswith(f"/{route}?")}
        texts = {file: ", ".join(value for _, value in parse_qsl(address.partition("?")[2])) for file, address in found.items()}
        return sorted((text, self._to(file)) for file, text in texts.items())

    def _to(self, file: str) -> str:
        return quote(posixpath.relpath(file, posixpath.dirname(self.here) or ".")) if file else ""


def handle(graph: Graph, iri: str) -> str:
    """Return a name that stands for a thing and for nothing else: its label, or its compact IRI where others share the label."""
    known = _HANDLES.setdefault(graph.schema, {})
    if iri not in known:
        label = graph.schema.label(iri)
        known[iri] = label if _found(graph, label) == iri else n.short(iri)
    return known[iri]


def _found(graph: Graph, name: str) -> str:
    try:
        return g.thing(graph, name)
    except UnknownName:
        return ""
