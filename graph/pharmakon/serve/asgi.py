"""The pieces of ASGI: what a request is read with, and what an answer is sent with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from .answering import Answer, Unanswered
from .frames import Head

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_START, _BODY = "http.response.start", "http.response.body"
_CUT = 1.0


class Gone(Exception):
    """The client has gone."""


def header(scope: Scope, name: bytes) -> str:
    """Return a header of a request; what is given several times, joined by commas; empty where it is not given."""
    return ",".join(value.decode("latin-1") for key, value in scope["headers"] if key == name)


async def body(scope: Scope, receive: Receive, largest: int, seconds: float) -> bytes:
    """Read the body of a request.

    Raises:
        Unanswered: it is too large, or came too slowly.
        Gone: the client has gone.
    """
    announced = header(scope, b"content-length")
    if announced.isdigit() and int(announced) > largest:
        raise Unanswered(413, f"the request is larger than {largest} bytes")
    found = bytearray()
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Gone
                found += message.get("body", b"")
                if len(found) > largest:
                    raise Unanswered(413, f"the request is larger than {largest} bytes")
                if not message.get("more_body"):
                    return bytes(found)
    except TimeoutError:
        raise Unanswered(408, f"the request did not arrive within {seconds:g} seconds") from None


def encoded(head: Head) -> list[tuple[bytes, bytes]]:
    """Return the headers of an answer as they are sent."""
    if head.location is None and not head.headers:
        return [(b"content-type", head.media.encode("latin-1", "replace"))]
    found = [(b"content-type", head.media.encode("latin-1", "replace"))]
    if head.location is not None:
        found.append((b"location", head.location.encode("latin-1", "replace")))
    return found + [(name.lower().encode("latin-1"), value.encode("latin-1", "replace")) for name, value in head.headers.items()]


class Exchange:
    """A request, and the answer to it.

    Attributes:
        scope, receive: the request.
        method: its method.
        shared: the headers that every answer carries.
        status: the status of the answer; 0 until it is sent.
    """

    def __init__(self, scope: Scope, receive: Receive, send: Send, shared: list[tuple[bytes, bytes]]) -> None:
        self.scope, self.receive, self._send, self.shared = scope, receive, send, shared
        self.method: str = scope["method"]
        self.status = 0

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """Send a message of another application, with the headers that every answer carries."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message["headers"], *self.shared]
        await self._send(message)

    async def whole(self, head: Head, *headers: tuple[bytes, bytes]) -> None:
        """Send an answer that is in one piece."""
        self.status = head.status
        length = (b"content-length", str(len(head.body)).encode())
        await self._send({"type": _START, "status": head.status, "headers": [*encoded(head), length, *headers, *self.shared]})
        await self._send({"type": _BODY, "body": b"" if self.method == "HEAD" else head.body})

    async def stream(self, answer: Answer, *headers: tuple[bytes, bytes]) -> None:
        """Send an answer piece by piece.

        Raises:
            Unanswered: it was broken off. What was sent then never looks whole: the last chunk is missing.
        """
        head = answer.head.result()
        self.status = head.status
        answer.when_broken = self.cut
        await self._send({"type": _START, "status": head.status, "headers": [*encoded(head), *headers, *self.shared]})
        if self.method != "HEAD":
            await self._send({"type": _BODY, "body": head.body, "more_body": True})
            async for piece in answer.rest():
                await self._send({"type": _BODY, "body": piece, "more_body": True})
        await self._send({"type": _BODY, "body": b""})

    def cut(self) -> None:
        """Cut the connection in a moment: a client that reads has the rest by then, and one that does not would hold it for ever."""
        asyncio.get_running_loop().call_later(_CUT, self.scope["state"]["abort"])
