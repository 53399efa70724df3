"""Which pages a written site has: read from the graph, around the drugs that are asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from .. import graph as g
from .. import names as n
from ..graph import Graph
from ..listing import listing
from .census import audited, mentioned, topics
from .links import Served, handle

_TOPICS = 24
"""How many classes have an answer with its proof for each of the drugs."""

_QUIZZES, _SEEDS = 6, ("1", "2", "3")
"""How many topics have quizzes, and from which seeds."""

Address = tuple[str, Mapping[str, str | Sequence[str]]]


def chosen(graph: Graph, names: Sequence[str]) -> list[str]:
    """Return the drugs of which pairs have pages: those that are named, else those that the audited articles mention.

    Raises:
        UnknownName: a name is no drug's.
    """
    return list(dict.fromkeys(g.drug(graph, name) for name in names)) or list(mentioned(graph))


def addresses(graph: Graph, drugs: Sequence[str]) -> Iterator[Address]:
    """Yield the route and the words of each page."""
    schema = graph.schema
    for route in ("", "ask", "why", "compare", "interactions", "quiz", "around", "drugs", "classes", "sources", "tags"):
        yield route, {}
    if audit := audited(graph):
        yield "article", {}
        yield from (("article", {"claim": str(i + 1)}) for i in range(len(audit.claims)))
    things = [*schema.drugs(), *schema.drug_classes, *schema.senses, *(n.SRC + name for name, _ in listing(graph, "sources"))]
    yield from (("thing", {"name": handle(graph, iri)}) for iri in dict.fromkeys(things))
    words = [handle(graph, c) for c in topics(graph)[:_TOPICS]]
    labels = [handle(graph, d) for d in drugs]
    for d in labels:
        yield from (("ask", {"subject": d, "class": w}) for w in words)
        yield from (("whatif", {"subject": d, "class": w}) for w in words[:1])
        yield "around", {"name": d}
        yield "interactions", {"drug": d}
    for a, b in combinations(labels, 2):
        yield "compare", {"a": a, "b": b}
        yield "interactions", {"drug": [a, b]}
        yield "path", {"a": a, "b": b}
        yield from (("why", {"a": x, "b": y, "class": words[0]}) for x, y in ((a, b), (b, a)))
    if len(labels) > 2:
        yield "interactions", {"drug": labels[:3]}
    yield from (("quiz", {"topic": w, "seed": s}) for w in words[:_QUIZZES] for s in _SEEDS)
    yield from ((f"draw/{route}", {"subject": d, "class": words[0]}) for route in ("ask",) for d in labels)
    yield from (("draw/why", {"a": a, "b": labels[0], "class": words[0]}) for a in labels[1:])


def files(graph: Graph, found: Sequence[Address]) -> dict[str, str]:
    """Return the file of each address; a comparison in the other order is the same file."""
    served, taken, named = Served(graph), set[str](), dict[str, str]()
    for route, words in found:
        file = _file(route, words)
        while file.casefold() in taken:
            file = _next(file)
        taken.add(file.casefold())
        named[served.page(route, **words)] = file
        if route in ("compare", "path") and words:
            named.setdefault(served.page(route, a=words["b"], b=words["a"]), file)
        if route == "interactions" and words and len(words["drug"]) == 2 and not isinstance(words["drug"], str):
            named.setdefault(served.page(route, drug=list(reversed(list(words["drug"])))), file)
    return named


def _file(route: str, words: Mapping[str, str | Sequence[str]]) -> str:
    if not words:
        return f"{route or 'index'}.html"
    parts = [w for value in words.values() for w in ([value] if isinstance(value, str) else value)]
    return f"{route}/{'_'.join(map(_slug, parts))}.html"


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:60] or "x"


def _next(file: str) -> str:
    stem = file.removesuffix(".html")
    base, dot, number = stem.rpartition(".")
    return f"{base}.{int(number) + 1}.html" if dot and number.isdigit() else f"{stem}.2.html"
