"""The calls of the JSON API, as a worker answers them: a verb and its parameters in, a status and JSON out.

What is answered is byte for byte what the command line writes with ``--json``. No web framework is imported here: a worker needs none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from .. import sparql
from ..answers import ask, members, show, whatif, why
from ..axes import compare
from ..binding import bindings
from ..claims import audit
from ..errors import AmbiguousName, BadInput, BadOntology, BadQuestion, PharmakonError, StoreUnavailable, UnknownName
from ..graph import Graph
from ..interact import Pairs, every_pair, interactions
from ..listing import listing
from ..questions import quiz
from ..suggesting import suggest
from ..tags import drift

MOST_BYTES = 16_000_000
"""The largest answer that is sent."""

MOST_PAIRS = 20_000
"""How many rows there may be of rules that fire for all pairs of drugs."""

Parameters = Mapping[str, Any]

_STATUS: tuple[tuple[type[PharmakonError], int], ...] = (
    (AmbiguousName, 400),
    (UnknownName, 404),
    (StoreUnavailable, 503),
    (BadOntology, 500),
    (BadInput, 500),
    (PharmakonError, 400),
)


class TooLarge(PharmakonError):
    """An answer that is larger than what the server sends."""


def call(graph: Graph, verb: str, parameters: Parameters) -> tuple[int, bytes]:
    """Answer a call.

    Args:
        graph: the graph to ask.
        verb: one of :data:`VERBS`.
        parameters: by the names of the API; a text, a number, a truth value, or a list of texts; None or absent where not given.

    Returns:
        The status of HTTP, and JSON in UTF-8: the answer or an error.
    """
    given = {name: value for name, value in parameters.items() if value is not None}
    try:
        if verb not in VERBS:
            raise UnknownName(verb, tuple(get_close_matches(verb, VERBS)), "call")
        if "without" in given:  # a view is kept for as long as its graph: those that strangers think of are not to fill the memory
            graph = replace(graph, _evaluators={})
        answer = VERBS[verb](graph, given)
        if len(answer) > MOST_BYTES:
            raise TooLarge(f"the answer has {len(answer):,} bytes, and at most {MOST_BYTES:,} are sent: ask about less at a time")
    except PharmakonError as problem:
        status = next(code for kind, code in _STATUS if isinstance(problem, kind))
        return status, error(type(problem).__name__, str(problem), getattr(problem, "suggestions", ()))
    return 200, answer


def error(kind: str, message: str, suggestions: Sequence[str] = ()) -> bytes:
    r"""Write an error; what HTML would read as a tag is written as an escape, since it may hold what a stranger sent.

    >>> error("BadQuestion", "<b> is no name", ["b"]).decode()
    '{"error": {"kind": "BadQuestion", "message": "\\u003cb\\u003e is no name", "suggestions": ["b"]}}\n'
    """
    text = json.dumps({"error": {"kind": kind, "message": message, "suggestions": list(suggestions)}})
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text.encode() + b"\n"


# --- the calls ------------------------------------------------------------------------------------------------------


def _ask(graph: Graph, p: Parameters) -> bytes:
    if "question" in p:
        if "drug" in p or "class" in p:
            raise BadQuestion("give a question, or a drug and a class, not both")
        return _written(ask(p["question"], without=_without(p), graph=graph))
    if "drug" not in p or "class" not in p:
        raise BadQuestion("give a drug and a class, or a question such as `is baclofen an opiate?`")
    return _written(ask(p["drug"], p["class"], without=_without(p), graph=graph))


def _why(graph: Graph, p: Parameters) -> bytes:
    return _written(why(p["drug_a"], p["drug_b"], p["class"], without=_without(p), graph=graph))


def _whatif(graph: Graph, p: Parameters) -> bytes:
    return _written(whatif(p["drug"], p["class"], without=_without(p), graph=graph))


def _members(graph: Graph, p: Parameters) -> bytes:
    return _json([m.to_json() for m in members(p["class"], without=_without(p), graph=graph)])


def _compare(graph: Graph, p: Parameters) -> bytes:
    return _written(compare(p["a"], p["b"], without=_without(p), graph=graph))


def _interactions(graph: Graph, p: Parameters) -> bytes:
    drugs, condition = p.get("drug", ()), p.get("condition")
    if not p.get("all"):
        return _written(interactions(*drugs, condition=condition, without=_without(p), graph=graph))
    if drugs or condition is not None:
        raise BadQuestion(
            "`all` asks about every pair of drugs in every circumstance: leave out `drug` and `condition`, or leave out `all`"
        )
    pairs = Pairs(graph, graph.evaluator(_without(p)))
    fired = every_pair(without=_without(p), graph=graph)
    if len(fired) > MOST_PAIRS:
        raise TooLarge(f"rules fire {len(fired):,} times, and at most {MOST_PAIRS:,} are sent: ask about some drugs")
    columns = ("rule", "one", "other", "consequence", "seriousness", "classification")
    found = (pairs.interaction(*one) for one in fired)
    rows = [(i.rule.label, i.a.label, i.b.label, i.consequence, i.seriousness, i.kind) for i in found]
    return _json([dict(zip(columns, row, strict=True)) for row in rows])


def _audit(graph: Graph, p: Parameters) -> bytes:
    found, number = audit(p.get("article"), without=_without(p), graph=graph), p.get("claim")
    if number is None:
        return _written(found)
    if not 1 <= number <= len(found.claims):
        raise BadQuestion(f"there is no claim {number}: the article has {len(found.claims)}")
    return _written(found.claims[number - 1])


def _drift(graph: Graph, p: Parameters) -> bytes:
    return _written(drift(without=_without(p), graph=graph))


def _quiz(graph: Graph, p: Parameters) -> bytes:
    return _written(quiz(p.get("topic"), n=p.get("n", 10), seed=p.get("seed", 0), graph=graph))


def _show(graph: Graph, p: Parameters) -> bytes:
    return _written(show(p["thing"], graph=graph))


def _list(graph: Graph, p: Parameters) -> bytes:
    return _json([{"name": name, "about": about} for name, about in listing(graph, p.get("what", "drugs"))])


def _query(graph: Graph, p: Parameters) -> bytes:
    """Run a query that ships: a name is looked up in the list of them and is never taken for a path."""
    known = [name for name, _ in sparql.shipped()]
    wanted = p["name"]
    fits = [k for k in known if wanted in (k, k.partition("/")[2]) or k.partition("/")[2].startswith(f"{wanted}-")]
    if len(fits) != 1:
        near = fits or get_close_matches(wanted, [*known, *(k.partition("/")[2] for k in known)], n=5)
        raise (AmbiguousName if fits else UnknownName)(wanted, tuple(near), "query")
    text = sparql.read(fits[0])
    return sparql.write(sparql.run(graph.store, text, bindings(graph, p.get("bind", ()))), "json")


def _suggest(graph: Graph, p: Parameters) -> bytes:
    return _json(suggest(graph, p["start"], p.get("kind", "thing"), p.get("n", 10)))


VERBS: Mapping[str, Callable[[Graph, Parameters], bytes]] = {
    "ask": _ask,
    "why": _why,
    "whatif": _whatif,
    "members": _members,
    "compare": _compare,
    "interactions": _interactions,
    "audit": _audit,
    "drift": _drift,
    "quiz": _quiz,
    "show": _show,
    "list": _list,
    "query": _query,
    "suggest": _suggest,
}
"""The calls, by name."""


# --- parts ----------------------------------------------------------------------------------------------------------


def _written(value: Any) -> bytes:
    return _json(value.to_json())


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace")


def _without(p: Parameters) -> Sequence[str]:
    return tuple(p.get("without", ()))
