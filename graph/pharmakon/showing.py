"""The verbs of the command line that show the graph elsewhere: as pictures, as a server, as a web site."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any


def add(command: Callable[..., argparse.ArgumentParser], view: argparse.ArgumentParser) -> None:
    """Add the verbs to a command line."""
    draw = command("draw", _draw, "write an answer as one self-contained page: draw ask DRUG CLASS, draw why DRUG_A DRUG_B CLASS", view)
    draw.add_argument("words", nargs="+", metavar="WHAT", help="ask DRUG CLASS, or why DRUG_A DRUG_B CLASS")
    draw.add_argument("-o", "--output", metavar="FILE", required=True, help="the page to write")


def _graph(a: argparse.Namespace) -> Any:
    from .graph import open_graph

    return open_graph(a.ontology, a.add, store=a.store, endpoint=a.endpoint)


def _draw(a: argparse.Namespace) -> int:
    from . import streams
    from .answers import ask, why
    from .errors import BadQuestion
    from .pages import page

    verb, *words = a.words
    if verb == "why" and len(words) == 3:
        value: Any = why(words[0], words[1], words[2], without=a.without, graph=_graph(a))
    elif verb == "ask" and words:
        pair = words if len(words) == 2 else (" ".join(words),)
        value = ask(*pair, without=a.without, graph=_graph(a))
    else:
        raise BadQuestion("draw takes `ask DRUG CLASS` or `why DRUG_A DRUG_B CLASS`")
    streams.write(a.output, page(value).encode())
    print(f"wrote {a.output}")
    return 0
