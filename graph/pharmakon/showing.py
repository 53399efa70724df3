"""The verbs of the command line that show the graph elsewhere: as pictures, as a server, as a web site."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any

_PICTURES = {
    "show": "THING",
    "class": "CLASS",
    "ask": "DRUG CLASS",
    "why": "DRUG_A DRUG_B CLASS",
    "compare": "A B",
    "interactions": "DRUG ...",
    "path": "A B",
    "around": "THING",
    "query": "FILE-OR-NAME",
}
"""What can be drawn, and the names that it takes."""


def add(command: Callable[..., argparse.ArgumentParser], view: argparse.ArgumentParser) -> None:
    """Add the verbs to a command line."""
    draw = command("draw", _draw, f"write a picture: draw {', draw '.join(_PICTURES)}; as one page, SVG or PNG", view)
    draw.add_argument("words", nargs="+", metavar="WHAT", help="what to draw, as above, with names as for the other commands")
    draw.add_argument("-o", "--output", metavar="FILE", required=True, help="where to; the ending tells the format; - for standard output")
    draw.add_argument("--format", choices=("html", "svg", "png"), help="the format, where the name of the file does not tell")
    draw.add_argument("--hops", type=int, default=1, metavar="N", help="for around: how many steps away (default 1)")
    draw.add_argument("--condition", metavar="NAME", help='for interactions: a circumstance of the patient, such as "renal impairment"')
    draw.add_argument("--bind", metavar="NAME=VALUE", action="append", default=[], help="for query: bind a variable, as for `query`")
    serve = command("serve", _serve, "serve SPARQL, pages and the JSON API over HTTP, read-only, until a signal ends it")
    serve.add_argument(
        "--host", default="127.0.0.1", metavar="ADDRESS", help="the address to listen on (default 127.0.0.1: this computer only)"
    )
    serve.add_argument("--port", type=int, default=8080, metavar="N", help="the port; 0 takes a free one (default 8080)")
    serve.add_argument(
        "--read-timeout", type=float, default=10, metavar="S", help="how long a client may take to send a request (default 10)"
    )
    serve.add_argument(
        "--query-timeout", type=float, default=30, metavar="S", help="how long an answer may take, to its last byte (default 30)"
    )
    serve.add_argument("--memory", type=int, default=1024, metavar="MB", help="what a query may take; 0 sets no limit (default 1024)")
    serve.add_argument(
        "--workers", type=int, default=0, metavar="N", help="how many requests are worked on at once (default: processors and one)"
    )
    serve.add_argument("--cors", metavar="ORIGIN", help="let pages of ORIGIN read the answers; * for any (default: no other)")
    site = command("site", _site, "write the pages as a static web site, which opens from any web space or from a file")
    site.add_argument("folder", metavar="DIR", help="where it goes: a new folder, or a site that is to be made anew")
    site.add_argument(
        "--drugs", nargs="+", default=[], metavar="NAME", help="the drugs of which pairs have pages (default: those of the audited article)"
    )


def _graph(a: argparse.Namespace) -> Any:
    from .graph import open_graph

    return open_graph(a.ontology, a.add, store=a.store, endpoint=a.endpoint)


def _draw(a: argparse.Namespace) -> int:
    from . import streams
    from .drawing import Drawing

    drawing = Drawing(_value(a))
    if a.output == "-":
        streams.write(None, drawing.written(a.format or "html"))
        return 0
    drawing.save(a.output, a.format or "")
    print(f"wrote {a.output}")
    return 0


def _value(a: argparse.Namespace) -> Any:
    """Return what a picture is asked of."""
    from . import drawing
    from .answers import ask, why
    from .axes import compare
    from .errors import BadQuestion
    from .interact import interactions

    what, *words = a.words
    exactly = {"why": 3, "compare": 2, "path": 2}.get(what, 1)
    many = what in ("ask", "interactions") and bool(words or a.condition)
    if what not in _PICTURES or not (many or len(words) == exactly):
        raise BadQuestion(f"draw takes one of: {'; '.join(f'{verb} {names}' for verb, names in _PICTURES.items())}")
    if a.without and what in ("show", "query"):
        raise BadQuestion(f"draw {what} tells what all sources say: leave out --without")
    graph = _graph(a)
    asked: dict[str, Any] = {"without": a.without, "graph": graph}
    match what:
        case "ask":
            return ask(*(words if len(words) == 2 else (" ".join(words),)), **asked)
        case "why":
            return why(words[0], words[1], words[2], **asked)
        case "compare":
            return compare(words[0], words[1], **asked)
        case "interactions":
            return interactions(*words, condition=a.condition, **asked)
        case "path":
            return drawing.path(words[0], words[1], **asked)
        case "around":
            return drawing.around(words[0], a.hops, **asked)
        case "class":
            return drawing.tree(words[0], **asked)
        case "show":
            return drawing.thing(words[0], graph=graph)
    return _table(a, words[0], graph)


def _table(a: argparse.Namespace, name: str, graph: Any) -> Any:
    from . import drawing, sparql
    from .binding import bindings

    text = sys.stdin.read() if name == "-" else sparql.read(name)
    found = sparql.run(graph.store, text, bindings(graph, a.bind))
    return drawing.table(found, sparql.header(text).get("summary", "The result of a query"), graph=graph)


def _serve(a: argparse.Namespace) -> int:
    from .serve.server import run
    from .serve.settings import Settings

    limits = {"read_timeout": a.read_timeout, "query_timeout": a.query_timeout, "memory": a.memory, "workers": a.workers}
    graph = {"ontology": a.ontology, "add": tuple(a.add), "store": a.store, "endpoint": a.endpoint}
    return run(Settings(host=a.host, port=a.port, cors=a.cors, **limits, **graph))


def _site(a: argparse.Namespace) -> int:
    from pathlib import Path

    from .web.written import write

    def told(done: int, whole: int) -> None:
        if sys.stderr is not None and sys.stderr.isatty():
            print(f"\r{done} of {whole} pages", end="" if done < whole else "\n", file=sys.stderr)

    count = write(Path(a.folder), a.drugs, graph=_graph(a), told=told)
    print(f"wrote {count} pages to {a.folder}: open {Path(a.folder) / 'index.html'}")
    return 0
