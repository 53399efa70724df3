"""The API described: its OpenAPI document, the shapes of its answers, the page that lists its calls, and its refusals in words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from .. import __version__
from ..html import render
from ..values import DISCLAIMER
from .calls import MOST_BYTES

_FILES = ("answer", "verbs", "calls")
_SHAPES = {
    "ask": ("answer",),
    "why": ("calls.contrast",),
    "whatif": ("calls.whatif",),
    "members": ("calls.members",),
    "compare": ("verbs.comparison",),
    "interactions": ("verbs.interactions", "calls.pairs"),
    "audit": ("verbs.audit", "verbs.claim"),
    "drift": ("verbs.drift",),
    "quiz": ("verbs.quiz",),
    "show": ("calls.show",),
    "list": ("calls.list",),
    "query": ("calls.query",),
    "suggest": ("calls.suggest",),
}
_ERRORS = {
    400: "The question cannot be read, is ambiguous, or its answer is too large.",
    404: "A name stands for nothing here.",
    422: "A parameter is missing, unknown or out of bounds.",
    500: "A fault of the server.",
    503: "The answer took too much memory, or the server is too busy.",
    504: "The answer took too long.",
}
ABOUT: Mapping[str, Any] = {
    "title": "Pharmakon",
    "version": __version__,
    "summary": "Ask what a drug is, and get a proof.",
    "description": f"{DISCLAIMER} An answer has {MOST_BYTES:,} bytes at most: what is larger is refused with status 400.",
}
"""What the document says of the API as a whole."""


# --- the document ---------------------------------------------------------------------------------------------------


def responses(verb: str) -> dict[int | str, dict[str, Any]]:
    """Return what a call can be answered with, as OpenAPI writes it: the shape of its answer, and errors."""
    shapes = [_component(name) for name in _SHAPES[verb]]
    answer = shapes[0] if len(shapes) == 1 else {"anyOf": shapes}
    found: dict[int | str, dict[str, Any]] = {200: {"description": f"The answer; {MOST_BYTES:,} bytes at most.", **_content(answer)}}
    return found | {status: {"description": text, **_content(_component("calls.error"))} for status, text in _ERRORS.items()}


def document(made: dict[str, Any]) -> bytes:
    """Complete an OpenAPI document that was made from the routes: with the shapes of the answers, and with plain parameters."""
    for _, operation in _operations(made):
        operation.pop("tags", None)
        operation["summary"] = operation.pop("description", operation.get("summary"))
        for parameter in operation.get("parameters", ()):
            parameter["schema"] = _plain(parameter["schema"])
    made["components"] = {"schemas": shapes()}
    return json.dumps(made, ensure_ascii=False, indent=1).encode()


@cache
def shapes() -> dict[str, Any]:
    """Return the shapes of all answers, by the names that the document refers to: a file, or a file and a part of it."""
    found: dict[str, Any] = {}
    for name in _FILES:
        schema = json.loads((files(__package__.partition(".")[0]) / "schema" / f"{name}.schema.json").read_text("utf-8"))
        for part, shape in schema.pop("$defs").items():
            found[f"{name}.{part}"] = _referring(shape, name)
        if "type" in schema:
            found[name] = _referring({key: value for key, value in schema.items() if not key.startswith("$")}, name)
    return found


def _referring(shape: Any, file: str) -> Any:
    """Write references between files and parts as references between components."""
    if isinstance(shape, list):
        return [_referring(part, file) for part in shape]
    if not isinstance(shape, dict):
        return shape
    if isinstance(shape.get("$ref"), str):
        other, _, part = shape["$ref"].partition("#/$defs/")
        return _component(".".join(filter(None, (other or file, part))))
    return {key: _referring(value, file) for key, value in shape.items()}


def _component(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _content(shape: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": shape}}}


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """Drop titles, which say a name once more, and null, which an address says by leaving a parameter out."""
    (kept,) = [one for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
    return {key: value for key, value in {**schema, **kept}.items() if key not in ("anyOf", "description", "title")}


def _operations(made: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in made["paths"].items():
        for operation in methods.values():
            yield path, operation


# --- the page -------------------------------------------------------------------------------------------------------


def examples(document: bytes) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
    """Return the calls of a document: the path, what it asks, an example address, and its parameters with what they mean."""
    found = []
    for path, operation in _operations(json.loads(document)):
        given = [(p["name"], example) for p in operation.get("parameters", ()) for example in _example(p)]
        about = [(p["name"], p.get("description", "")) for p in operation.get("parameters", ())]
        found.append((path, operation["summary"], f"{path}?{urlencode(given)}" if given else path, about))
    return found


def _example(parameter: Mapping[str, Any]) -> list[str]:
    known = parameter["schema"].get("examples") or []
    first = known[0] if known else []
    return [str(value) for value in (first if isinstance(first, list) else [first])]


def listing(document: bytes) -> str:
    """Write the calls as plain text."""
    lines = [f"{summary}\n  GET {address}\n" for _, summary, address, _ in examples(document)]
    return "\n".join(["The calls of this server. /openapi.json describes them to programs.\n", *lines, DISCLAIMER, ""])


def page(document: bytes) -> str:
    """Write the calls as a page."""
    return render("calls.html", calls=examples(document), most=f"{MOST_BYTES:,}")


# --- refusals -------------------------------------------------------------------------------------------------------


def sentence(problem: Mapping[str, Any]) -> str:
    """Say in a sentence what is wrong with a parameter.

    >>> sentence({"type": "less_than_equal", "loc": ("query", "n"), "ctx": {"le": 50}, "msg": "…"})
    '`n` is 50 at most'
    """
    place = [str(part) for part in problem["loc"][1:]] or ["the request"]
    name, ctx = f"`{place[0]}`", problem.get("ctx", {})
    match problem["type"]:
        case "missing":
            return f"{name} is missing"
        case "string_too_short":
            return f"{name} is empty"
        case "string_too_long":
            return f"{name} has {ctx['max_length']} characters at most"
        case "too_long":
            return f"{name} is given {ctx['max_length']} times at most"
        case "less_than_equal":
            return f"{name} is {ctx['le']} at most"
        case "greater_than_equal":
            return f"{name} is {ctx['ge']} at least"
        case "int_parsing" | "int_parsing_size" | "int_from_float":
            return f"{name} is a whole number"
        case "bool_parsing" | "bool_type":
            return f"{name} is true or false"
        case "literal_error":
            return f"{name} is one of these: {ctx['expected'].replace(chr(39), '')}"
    return f"{name} cannot be read"
