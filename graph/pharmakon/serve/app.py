"""The application: which part of the server answers a path, and what every answer carries and tells."""

from __future__ import annotations

from collections.abc import Mapping
from time import perf_counter
from typing import Any
from urllib.parse import parse_qs

from ..web import static
from . import protocol
from .answering import Job, Unanswered
from .api import application as json_api
from .asgi import App, Exchange, Gone, Receive, Scope, Send, header
from .calls import error
from .frames import Head, plain
from .pool import Pool
from .settings import Settings
from .telling import Telling, log, request

_BASE = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer")]
_POLICY = (
    b"content-security-policy",
    b"default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; "
    b"form-action 'self'; frame-ancestors 'self'",
)
_FRESH, _KEPT = (b"cache-control", b"no-store"), (b"cache-control", b"max-age=3600")
_ALLOWED = ((b"access-control-allow-methods", b"GET, POST"), (b"access-control-allow-headers", b"content-type"))
_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
_MANY = 200


def application(settings: Settings, pool: Pool) -> App:
    """Return the application: a path goes to the endpoint, to the API, or to the pages."""
    telling = Telling()
    kept: dict[Job, Head] = {}
    api = _api(pool)
    shared = [*_BASE, *_origin(settings.cors)]

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        begun, path = perf_counter(), scope["path"]
        exchange = Exchange(scope, receive, send, shared)
        part = _part(path)
        try:
            if settings.cors and exchange.method == "OPTIONS":
                await exchange.whole(Head(204, "text/plain", b""), *_ALLOWED)
            elif part == "sparql":
                await _sparql(exchange)
            elif part == "api":
                await api(scope, receive, exchange.send)
            else:
                await _page(exchange, path)
        except Unanswered as refused:
            await _refuse(exchange, refused)
        except Gone:
            exchange.status = 499
        except Exception as error:
            log("fault", path=path, error=f"{type(error).__name__}: {error}")
            await _refuse(exchange, Unanswered(500, "a fault of the server: its log has the particulars"))
        finally:
            seconds = perf_counter() - begun
            telling.count(part, exchange.status, seconds)
            request(scope, exchange.status, seconds)

    async def _sparql(exchange: Exchange) -> None:
        answer = await pool.ask(await protocol.job(exchange.scope, exchange.receive, settings), exchange.receive)
        if answer.whole:
            return await exchange.whole(answer.head.result(), _FRESH)
        try:
            await exchange.stream(answer, _FRESH)
        finally:
            answer.drop()

    async def _page(exchange: Exchange, path: str) -> None:
        if exchange.method not in ("GET", "HEAD"):
            raise Unanswered(405, f"{path[:200]} is asked with GET, not with {exchange.method[:20]}", {"Allow": "GET, HEAD"})
        if path == "/health":
            healthy = pool.alive > 0
            return await exchange.whole(plain(200 if healthy else 503, "ok" if healthy else "no worker can take jobs"), _FRESH)
        if path == "/metrics":
            return await exchange.whole(Head(200, _PROMETHEUS, telling.prometheus(pool).encode()), _FRESH)
        if path.startswith("/static/"):
            found = static(path.removeprefix("/static/"))
            if found is None:
                raise Unanswered(404, "there is no such file")
            return await exchange.whole(Head(200, *found), _KEPT)
        if path == "/.well-known/void":
            return await exchange.whole(await _described(exchange, path), _FRESH)
        try:
            query = parse_qs(exchange.scope["query_string"].decode("latin-1"), keep_blank_values=True, max_num_fields=_MANY)
        except ValueError:
            raise Unanswered(400, f"there are more than {_MANY} parameters") from None
        head = await pool.call(("page", path, query), exchange.receive)
        own = {name.lower().encode() for name in head.headers}
        await exchange.whole(head, *(pair for pair in (_POLICY, _FRESH) if pair[0] not in own))

    async def _described(exchange: Exchange, path: str) -> Head:
        """Return the description of the data. Kept, since it is counted, and what is served does not change."""
        job: Job = "about", "dataset", header(exchange.scope, b"accept"), protocol.address(exchange.scope, path)
        if job not in kept:
            head = await pool.call(job, exchange.receive)
            if len(kept) < _MANY and head.status == 200:
                kept[job] = head
            return head
        return kept[job]

    return app


def _part(path: str) -> str:
    if path in ("/sparql", "/sparql/"):
        return "sparql"
    return "api" if path in ("/api", "/openapi.json") or path.startswith("/api/") else "pages"


async def _refuse(exchange: Exchange, refused: Unanswered) -> None:
    if exchange.status:
        log("broken", path=exchange.scope["path"], why=str(refused))
        exchange.cut()
    else:
        await exchange.whole(plain(refused.status, str(refused), refused.headers), _FRESH)


def _api(pool: Pool) -> App:
    async def send(verb: str, parameters: Mapping[str, Any]) -> tuple[int, bytes]:
        try:
            head = await pool.call(("api", verb, dict(parameters)))
        except Unanswered as refused:
            return refused.status, error("Unanswered", str(refused))
        return head.status, head.body

    return json_api(send)


def _origin(cors: str | None) -> list[tuple[bytes, bytes]]:
    if not cors:
        return []
    return [(b"access-control-allow-origin", cors.encode("latin-1")), *([] if cors == "*" else [(b"vary", b"origin")])]
