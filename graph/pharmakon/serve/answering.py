"""A job that was given to a worker, and its answer as it comes."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from time import monotonic
from typing import Any, Protocol

from ..errors import PharmakonError
from .frames import Head

_AHEAD = 1 << 18

Job = tuple[Any, ...]
"""What a worker is asked: ``("sparql", text, accept, base, default, named)``, ``("page", path, query)``, ``("api", verb, parameters)``,
``("about", what, accept, base)``."""


Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
"""What tells that a client has gone."""


class Worker(Protocol):
    """A worker that can be told to wait."""

    def pause(self, paused: bool) -> None:
        """Let the worker wait, or go on."""


class Unanswered(PharmakonError):
    """A job that was given up.

    Attributes:
        status: the status of HTTP.
        headers: what the answer carries besides, such as when to try again.
    """

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        self.status, self.headers = status, headers or {}
        super().__init__(message)


class Answer:
    """What a worker answers: how it begins, and the rest of its body as it comes.

    Attributes:
        head: how it begins.
        whole: whether the head holds all of the body.
        job: what is asked, as it is sent.
        link: the worker that has the job.
        since: when it was asked.
        when_broken: what is to be done where it is broken off.
    """

    def __init__(self, job: bytes, drop: Callable[[Answer], None], receive: Receive | None) -> None:
        self.head: asyncio.Future[Head] = asyncio.get_running_loop().create_future()
        self.whole = False
        self.job, self._drop, self._receive = job, drop, receive
        self.link: Worker | None = None
        self.since = monotonic()
        self._pieces: deque[bytes] = deque()
        self._size = 0
        self._ended = False
        self._failure: Unanswered | None = None
        self._news: asyncio.Event | None = None
        self.watcher: asyncio.Task[None] | None = None
        self.when_broken: Callable[[], None] | None = None

    def begin(self, head: Head, whole: bool) -> None:
        """Take how it begins."""
        self.whole = self._ended = whole
        if whole:
            self._forget()
        else:
            self._news = asyncio.Event()
        if not self.head.done():
            self.head.set_result(head)

    def add(self, piece: bytes) -> None:
        """Take more of the body; let the worker wait while the client is behind."""
        self._pieces.append(piece)
        self._size += len(piece)
        if self._size > _AHEAD and self.link:
            self.link.pause(True)
        self._tell()

    def end(self, failure: Unanswered | None = None) -> None:
        """Take that nothing more will come."""
        self._ended, self._failure = True, failure
        self._forget()
        if failure and not self.head.done():
            self.head.set_exception(failure)
        elif failure and self.when_broken:
            self.when_broken()
        self._tell()

    def watch(self) -> None:
        """Look whether the client has gone, and give it up then. Begun after a while only: most answers are there before."""
        if self._receive and not self.watcher and not self._ended:
            self.watcher = asyncio.get_running_loop().create_task(self._watch(self._receive))

    async def _watch(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self.watcher = None
        self.drop()

    def _forget(self) -> None:
        if self.watcher:
            self.watcher.cancel()
            self.watcher = None

    def _tell(self) -> None:
        if self._news:
            self._news.set()

    async def rest(self) -> AsyncIterator[bytes]:
        """Yield the pieces of the body after the first.

        Raises:
            Unanswered: the answer was broken off.
        """
        while self._news and (self._pieces or not self._ended or self._failure):
            if self._failure:
                raise self._failure
            if not self._pieces:
                self._news.clear()
                await self._news.wait()
                continue
            piece = self._pieces.popleft()
            self._size -= len(piece)
            if self.link and self._size <= _AHEAD:
                self.link.pause(False)
            yield piece

    def drop(self) -> None:
        """Give it up: nobody waits for it any more."""
        if not self._ended:
            self._drop(self)
