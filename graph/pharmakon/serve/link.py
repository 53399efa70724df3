"""A worker as the server sees it: a process, a socket, and the job that it has."""

from __future__ import annotations

import asyncio
import os
from multiprocessing.process import BaseProcess
from time import monotonic
from typing import TYPE_CHECKING, Any

from .answering import Answer, Unanswered
from .frames import BROKEN, CHUNK, END, HEAD, READY, WHOLE, Frames, head_of, unpacked

if TYPE_CHECKING:
    from .pool import Pool

_LOWEST = 19


class Link(asyncio.Protocol):
    """A worker as the server sees it.

    Attributes:
        process: its process.
        answer: what it works on; None where it is idle.
        since: when it was given that, or was started.
        ready: whether it can take jobs.
        lost: whether it is gone.
    """

    def __init__(self, pool: Pool, process: BaseProcess) -> None:
        self._pool, self.process = pool, process
        self.answer: Answer | None = None
        self.since = monotonic()
        self.ready = False
        self.lost = False
        self._frames = Frames()
        self._paused = False
        self._priority: int | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the way to the worker."""
        self.transport: Any = transport

    def data_received(self, data: bytes) -> None:
        """Take what the worker sends."""
        for kind, content in self._frames.feed(data):
            self._take(kind, content)

    def _take(self, kind: int, content: bytes) -> None:
        answer = self.answer
        if kind == READY:
            self.ready = True
            self._pool.opened(self, unpacked(content))
        elif answer is None:
            return
        elif kind == WHOLE:
            answer.begin(head_of(content), True)
            self.free()
        elif kind == HEAD:
            answer.begin(head_of(content), False)
        elif kind == CHUNK:
            answer.add(content)
        elif kind == END:
            answer.end()
            self.free()
        elif kind == BROKEN:
            answer.end(Unanswered(500, content.decode()))
            self.free()

    def connection_lost(self, problem: Exception | None) -> None:
        """Take note that the worker is gone."""
        self.lost = True
        self._pool.lost(self)

    def start(self, answer: Answer) -> None:
        """Give the worker a job."""
        self.answer, answer.link = answer, self
        self.since = monotonic()
        self.transport.write(answer.job)

    def free(self) -> None:
        """Take note that the worker has done its job."""
        if self.answer:
            self.answer.link = None
        self.answer = None
        self.pause(False)
        if self._priority is None or self._raise():
            self._pool.freed(self)
        else:
            self.kill()

    def pause(self, paused: bool) -> None:
        """Let the worker wait, or go on."""
        if paused != self._paused and not self.lost:
            self._paused = paused
            (self.transport.pause_reading if paused else self.transport.resume_reading)()

    def lower(self) -> None:
        """Let the worker have only what others leave of the processors: what takes long is not to slow down what does not."""
        if self._priority is None and self.process.pid and hasattr(os, "setpriority"):
            self._priority = os.getpriority(os.PRIO_PROCESS, self.process.pid)
            os.setpriority(os.PRIO_PROCESS, self.process.pid, _LOWEST)

    def _raise(self) -> bool:
        """Let the worker have its share again, if that is allowed; it is for few users."""
        try:
            os.setpriority(os.PRIO_PROCESS, self.process.pid or 0, self._priority or 0)
        except OSError:
            return False
        self._priority = None
        return True

    def kill(self) -> None:
        """End the worker, whatever it does."""
        self.process.kill()
        self.transport.abort()
