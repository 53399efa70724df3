"""The page for queries: an editor with completion, the questions that ship, the rows as a table, as a picture and to take away."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from .. import drawing, sparql
from .. import names as n
from ..errors import BadQuery
from ..facts import Schema
from ..graph import Graph
from ..sparql import Table, bare, header, shipped
from .census import kept
from .reply import Content, Query, Reply, Site, first

_SHOWN = 500
"""How many rows a page shows; all of them can be taken away."""

_DRAWN = 150
"""From how many rows on no picture is made."""

FORMS = {"csv": "text/csv; charset=utf-8", "tsv": "text/tab-separated-values; charset=utf-8", "json": "application/sparql-results+json"}
"""What the rows can be taken away as."""


def editor(site: Site, query: Query) -> Content:
    """Return the editor, with the rows where a query is given."""
    text, example = first(query, "query"), first(query, "example")
    if example and not text:
        text = _example(example)
    values: dict[str, Any] = {
        "text": text or _example(next(name for name, _ in shipped())),
        "ran": bool(first(query, "query")),
        "examples": examples(),
        "example": example,
    }
    values["about"] = header(text)  # empty where nothing was chosen yet
    if not first(query, "query"):
        return Content("Query the graph", "query.html", values, None, ("query", example or "FILE"))
    table = run(site.graph, text)
    shown = Table(table.columns, table.rows[:_SHOWN])
    values |= {"table": shown, "rows": len(table.rows), "triples": table.columns == ("subject", "predicate", "object")}
    return Content("Query the graph", "query.html", values, _picture(site.graph, table), ("query", "FILE"))


def taken(site: Site, query: Query) -> Reply:
    """Return the rows of a query as a file."""
    form = first(query, "format")
    if form not in FORMS:
        raise BadQuery(f'the format is csv, tsv or json, not "{form}"')
    body = sparql.write(run(site.graph, first(query, "query")), form)
    return Reply(200, FORMS[form], body, headers={"Content-Disposition": f'attachment; filename="pharmakon.{form}"'})


def run(graph: Graph, text: str) -> Table:
    """Run a query of a reader's; nothing is fetched from elsewhere.

    Raises:
        BadQuery: it is malformed, or asks another server.
    """
    if re.search(r"\bSERVICE\b", bare(text), re.I):
        raise BadQuery("SERVICE would ask another server, which pages do not: leave it out")
    return sparql.run(graph.store, text)


def examples() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the questions that ship, by their first tag: each with its name and its summary."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name, path in shipped():
        about = header(path.read_text("utf-8"))
        tag = about.get("tags", "[]").strip("[]").split(",")[0].strip()
        folder = name.partition("/")[0]
        groups.setdefault(tag if folder == "competency" else f"{folder}: {tag}" if folder == "library" else folder, []).append(
            (name, about["summary"])
        )
    return sorted(groups.items())


def terms(site: Site, query: Query) -> dict[str, Any]:
    """Return what the editor completes: prefixes, classes and properties of this graph, each with its label."""
    found: dict[str, Any] = kept(site.graph, "terms", lambda: _terms(site.graph.schema))
    return found


@lru_cache(maxsize=4)
def _terms(schema: Schema) -> dict[str, Any]:
    classes = sorted(c for c in schema.subjects(n.TYPE, n.OWL_CLASS) if c.startswith(n.NS))
    kinds = ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
    properties = sorted({p for kind in kinds for p in schema.subjects(n.TYPE, n.OWL + kind)} | {n.LABEL, n.TYPE, n.SUBCLASS, n.DEFINITION})
    return {"prefixes": dict(n.PREFIXES), "classes": classes, "properties": properties}


def _example(name: str) -> str:
    known: dict[str, Callable[[], str]] = {key: path.read_text for key, path in shipped()}
    if name not in known:
        raise BadQuery(f'no query that ships is called "{name}"')
    return known[name]()


def _picture(graph: Graph, table: Table) -> Any:
    if not 0 < len(table.rows) <= _DRAWN:
        return None
    try:
        return drawing.table(table, graph=graph)
    except BadQuery:
        return None
