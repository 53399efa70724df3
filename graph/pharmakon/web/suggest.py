"""Suggestions while one types: the names that begin so, or the end of a question in English."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .. import graph as g
from ..graph import Graph
from ..say import article
from ..suggesting import suggest as named

_ASKS = re.compile(r"^\s*(is|are|was|were)\s+", re.I)
_ARTICLE = re.compile(r"^(?:an?|the|any|every|all|each)(?:\s+|$)", re.I)
_MOST = 8


@dataclass(frozen=True)
class Suggestion:
    """What could be meant: what to write in the place of what was typed, and what it is."""

    text: str
    kind: str


def suggest(graph: Graph, typed: str, kind: str = "thing") -> list[Suggestion]:
    """Suggest how a text could go on.

    Args:
        graph: the graph.
        typed: the beginning of a name, or of a question such as "is baclofen an op".
        kind: "drug", "class", "subject" (a drug or a class), or "thing" for anything.
    """
    asks = _ASKS.match(typed)
    if not asks:
        return [Suggestion(s["name"], s["kind"]) for s in _names(graph, typed, kind)]
    words = typed[asks.end() :].split()
    for i in range(len(words), 0, -1):
        subject, rest = " ".join(words[:i]), " ".join(words[i:])
        if (rest or typed.endswith(" ")) and g._known(graph, _ARTICLE.sub("", subject)):
            return [
                Suggestion(f"{asks[1].capitalize()} {subject} {_class(asks[1], s['name'])}?", "question")
                for s in _names(graph, _ARTICLE.sub("", rest), "class")
            ]
    return [Suggestion(f"{asks[1].capitalize()} {s['name']} ", s["kind"]) for s in _names(graph, " ".join(words), "subject")]


def _class(verb: str, name: str) -> str:
    return article(name) if verb.lower() in ("is", "was") else f"{name}s"


def _names(graph: Graph, start: str, kind: str) -> list[dict[str, str]]:
    if kind != "subject":
        return named(graph, start, kind, _MOST)
    return [s for s in named(graph, start, "thing", 3 * _MOST) if s["kind"] in ("drug", "class")][:_MOST]
