"""The SPARQL 1.1 protocol, read-only: a request taken apart into a query, and refused with a clear status where it is none."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from .answering import Job, Unanswered
from .asgi import Receive, Scope, body, header
from .queries import UPDATE
from .settings import Settings

FORM, DIRECT, CHANGE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
_MANY = 200
_KNOWN = {"query", "default-graph-uri", "named-graph-uri", "update", "using-graph-uri", "using-named-graph-uri"}
_HOST = re.compile(r"[A-Za-z0-9.\-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?")


async def job(scope: Scope, receive: Receive, settings: Settings) -> Job:
    """Return the query of a request, as a job; where nothing is asked, the job to describe the endpoint.

    Raises:
        Unanswered: the request is no query; with the status that says why.
        Gone: the client has gone.
    """
    method, text = scope["method"], None
    given = _pairs(scope["query_string"])
    if method == "POST":
        media, charset = _content(header(scope, b"content-type"))
        if media == CHANGE:
            raise Unanswered(403, UPDATE)
        if media not in (FORM, DIRECT):
            raise Unanswered(415, f"the body is {media or 'of no type'}: send {DIRECT}, or a form ({FORM}) with the field query")
        if charset not in ("", "utf-8", "utf8", "us-ascii"):
            raise Unanswered(415, f"the body is in {charset[:40]}: send UTF-8")
        content = await body(scope, receive, settings.largest, settings.read_timeout)
        if media == FORM:
            given += _pairs(content)
        else:
            text = _text(content)
    elif method not in ("GET", "HEAD"):
        raise Unanswered(405, f"a query is asked with GET or POST, not with {method[:20]}", {"Allow": "GET, HEAD, POST"})
    if any(name == "update" or name.startswith("using-") for name, _ in given):
        raise Unanswered(403, UPDATE)
    queries = [value for name, value in given if name == "query"]
    if text is not None:
        queries.insert(0, text)
    if len(queries) > 1:
        raise Unanswered(400, f"{len(queries)} queries are given: give one")
    if not queries:
        if method == "POST" or any(name in _KNOWN for name, _ in given):
            raise Unanswered(400, "no query is given: give it as the parameter query")
        return "about", "service", header(scope, b"accept"), address(scope, "/sparql")
    default = tuple(value for name, value in given if name == "default-graph-uri")
    named = tuple(value for name, value in given if name == "named-graph-uri")
    return "sparql", queries[0], header(scope, b"accept"), address(scope, "/sparql"), default, named


def address(scope: Scope, path: str) -> str:
    """Return the address of a path of this server, as the client calls the server."""
    host = header(scope, b"host")
    return f"{scope.get('scheme') or 'http'}://{host if _HOST.fullmatch(host) else 'localhost'}{path}"


def _pairs(query: bytes) -> list[tuple[str, str]]:
    if not query:
        return []
    try:
        return parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MANY)
    except UnicodeError:
        raise Unanswered(400, "the parameters are not percent-encoded UTF-8") from None
    except ValueError:
        raise Unanswered(400, f"there are more than {_MANY} parameters") from None


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeError:
        raise Unanswered(400, "the query is not UTF-8") from None


def _content(value: str) -> tuple[str, str]:
    media, _, rest = value.partition(";")
    charset = next((p.partition("=")[2] for p in rest.split(";") if p.strip().lower().startswith("charset=")), "")
    return media.strip().lower(), charset.strip().strip('"').lower()
