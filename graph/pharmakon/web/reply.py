"""What a page is before it is written, and what is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..graph import Graph
from .links import Links

Query = Mapping[str, Sequence[str]]

HTML = "text/html; charset=utf-8"
JSON = "application/json"


@dataclass(frozen=True)
class Reply:
    """What answers a request.

    Attributes:
        status: the status of HTTP.
        media: the media type.
        body: what is sent.
        location: where to go, for a redirect.
        headers: further headers, such as the name of a file that is offered.
    """

    status: int
    media: str
    body: bytes
    location: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Site:
    """What pages are made from: the graph, and where the other pages are."""

    graph: Graph
    links: Links


@dataclass(frozen=True)
class Content:
    """What a page says.

    Attributes:
        title: its heading and the title of its window.
        template: the template that tells it.
        values: what the template is filled with.
        picture: the value that is drawn; None where the page has no picture.
        command: the command that says the same.
        policy: what the page may load, where that is not what every page may.
    """

    title: str
    template: str
    values: Mapping[str, Any]
    picture: Any = None
    command: tuple[str, ...] = ()
    policy: str = ""


def first(query: Query, name: str) -> str:
    """Return the first value of a word of a question, without the blanks around it; empty where it is not given."""
    return next((value.strip() for value in query.get(name, ())), "")


def every(query: Query, name: str) -> list[str]:
    """Return the values of a word of a question that are not blank."""
    return [value.strip() for value in query.get(name, ()) if value.strip()]
