"""Write the pages as a static web site, which opens from any web space or from a file."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from .. import drawing
from .. import names as n
from ..answers import members
from ..errors import BadInput, BadQuestion, PharmakonError
from ..graph import Graph
from . import routes
from .assets import static
from .census import kept
from .links import Served, Written, handle
from .plan import addresses, chosen, files
from .reply import Query, Site

MARK = "pharmakon-site.json"
"""The file by which a folder is known to be a site of ours."""

MOST = 1000
"""How many drugs a site can have: each has its page, and a verdict on each class."""

_ASSETS = ("pages.css", "words.css", "pictures.css", "pages.js", "site.js")
_LETTERS = {"yes": "y", "no": "n", "unknown": "u", "contradicted": "c"}


def write(folder: Path, drugs: Sequence[str] = (), *, graph: Graph, told: Callable[[int, int], None] = lambda done, whole: None) -> int:
    """Write a site beside its place and move it there when it is whole.

    Args:
        folder: where the site goes.
        drugs: the drugs of which pairs have pages; those that the audited articles mention where none is given.
        graph: the graph.
        told: is told how many pages are done, of how many.

    Returns:
        How many pages there are.

    Raises:
        BadInput: there is something at the place that is no site of ours.
        BadQuestion: the graph has more drugs than a site can hold.
        PharmakonError: it cannot be written there.
    """
    place = folder.resolve()
    if place.exists() and not (place / MARK).is_file() and (not place.is_dir() or any(place.iterdir())):
        raise BadInput(f"{folder} is no site that `pharmakon site` wrote, and is left as it is: name a new folder")
    known = len(graph.schema.drugs())
    if known > MOST:
        raise BadQuestion(f"a site holds up to {MOST:,} drugs, and this graph has {known:,}: `pharmakon serve` has pages for all of them")
    scratch = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        count = _fill(scratch, graph, chosen(graph, drugs), told)
        _replace(place, scratch)
    except OSError as error:
        raise PharmakonError(f"{folder} cannot be written: {error.strerror or error}") from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return count


def _fill(scratch: Path, graph: Graph, drugs: Sequence[str], told: Callable[[int, int], None]) -> int:
    found = list(addresses(graph, drugs))
    where, served = files(graph, found), Served(graph)
    for done, (route, words) in enumerate(found):
        file = where[served.page(route, **words)]
        path = scratch / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_page(graph, route, words, Written(served, where, file)), "utf-8")
        told(done + 1, len(found))
    (scratch / "static").mkdir(exist_ok=True)
    for name in _ASSETS:
        asset = static(name)
        assert asset is not None
        (scratch / "static" / name).write_bytes(asset[1])
    (scratch / "static" / "index.js").write_text(_index(graph, where), "utf-8")
    (scratch / MARK).write_text(json.dumps({"pages": len(found)}), "utf-8")
    return len(found)


def _page(graph: Graph, route: str, words: Mapping[str, str | Sequence[str]], links: Written) -> str:
    query: Query = {k: [v] if isinstance(v, str) else list(v) for k, v in words.items()}
    site = Site(graph, links)
    name = route.removeprefix("draw/")
    content = routes.ROUTES[name](site, query)
    if route != name:
        return drawing.html(content.picture)
    return routes.fill(site, content, route, links.page(f"draw/{route}", **words))


def _replace(place: Path, scratch: Path) -> None:
    """Put the new site in the place of the old one."""
    old = place.with_name(f"{scratch.name}.old")
    if place.exists():
        place.rename(old)
    scratch.rename(place)
    shutil.rmtree(old, ignore_errors=True)


# --- what the search looks in ---------------------------------------------------------------------------------------


def _index(graph: Graph, where: dict[str, str]) -> str:
    """Return what the script of the first page looks in: names with their pages, verdicts, and the pages of answers, as a script."""
    served, schema = Served(graph), graph.schema
    drugs = schema.drugs()
    things = [("drug", d) for d in drugs] + [("class", c) for c in dict.fromkeys((*schema.drug_classes, *schema.senses))]
    named = [[handle(graph, iri), kind, where.get(served.thing(iri), ""), _names(graph, iri)] for kind, iri in things]
    verdicts = {handle(graph, c): _verdicts(graph, c) for kind, c in things if kind == "class"}
    answers = {at: file for at, file in where.items() if at.startswith("/ask?")}
    found = {"things": named, "verdicts": verdicts, "answers": answers}
    return f"window.pharmakon = {json.dumps(found, ensure_ascii=True, separators=(',', ':'))};\n"


def _names(graph: Graph, iri: str) -> list[str]:
    return [*graph.schema.literals(iri, n.ALT_LABEL), *graph.schema.literals(iri, n.BRAND)]


def _verdicts(graph: Graph, cls: str) -> list[list[Any]]:
    """Return for each sense of a class its name, and a letter for each drug."""
    found = []
    for told in kept(graph, f"members {cls}", lambda: members(n.short(cls), graph=graph)):
        letters = {t.iri: letter for verdict, letter in _LETTERS.items() for t in getattr(told, verdict)}
        found.append([told.cls.label, "".join(letters[d] for d in graph.schema.drugs())])
    return found
