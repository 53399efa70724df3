"""The workers, and who waits for them: each job has a budget of time and memory, and a worker over it is ended and replaced."""

from __future__ import annotations

import asyncio
import multiprocessing
import socket
from collections import deque
from contextlib import suppress
from time import monotonic
from typing import Any

from ..errors import StoreUnavailable
from .answering import Answer, Job, Receive, Unanswered
from .frames import JOB, Head, packed
from .link import Link
from .settings import Settings
from .telling import log
from .worker import work

_SOON = {"Retry-After": "1"}
_TICK, _PATIENCE = 0.2, 1.0
_STARTING, _AGAIN = 120.0, 1.0


class Pool:
    """The workers of a server.

    Attributes:
        counts: how many jobs were given up, by reason, and how many workers were started.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.counts = {"overtime": 0, "died": 0, "refused": 0, "dropped": 0, "started": 0}
        self._links: set[Link] = set()
        self._idle: list[Link] = []
        self._queue: deque[Answer] = deque()
        self._stopping = False
        self._failure: str | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def busy(self) -> int:
        """How many workers have a job."""
        return sum(link.answer is not None for link in self._links)

    @property
    def alive(self) -> int:
        """How many workers can take jobs."""
        return sum(link.ready for link in self._links)

    @property
    def waiting(self) -> int:
        """How many jobs wait for a worker."""
        return len(self._queue)

    async def start(self) -> None:
        """Start the workers and wait for the first; the rest follow.

        Raises:
            StoreUnavailable: the graph cannot be opened.
        """
        self._do(self._watch())
        for _ in range(self.settings.processes):
            self._do(self._keep())
        begun = monotonic()
        while not self.alive:
            if self._failure is not None or monotonic() - begun > _STARTING:
                raise StoreUnavailable(self._failure or "no worker could be started")
            await asyncio.sleep(0.02)

    async def stop(self) -> None:
        """End all workers."""
        self._stopping = True
        for task in self._tasks:
            task.cancel()
        links, self._links = self._links, set()
        for link in links:
            link.transport.abort()
            link.process.kill()
        for link in links:
            link.process.join(5)

    def give_up(self, why: Unanswered) -> None:
        """Give up all jobs, those that wait too, and take no more."""
        self._stopping = True
        while self._queue:
            self._queue.popleft().end(why)
        for link in [link for link in self._links if link.answer]:
            self._give_up(link, why)

    async def ask(self, job: Job, receive: Receive | None = None) -> Answer:
        """Give a job to a worker and wait until its answer begins.

        Args:
            job: what is asked.
            receive: tells that the client has gone, where somebody can.

        Raises:
            Unanswered: no worker could be had, or the job took too much time or memory.
        """
        answer = Answer(packed(JOB, job), self.drop, receive)
        if self._idle:
            self._idle.pop().start(answer)
        elif len(self._queue) >= self.settings.waiting:
            self.counts["refused"] += 1
            raise Unanswered(503, "too many requests wait for an answer: try again in a moment", _SOON)
        else:
            self._queue.append(answer)
        try:
            await answer.head
        except asyncio.CancelledError:
            answer.drop()
            raise
        return answer

    async def call(self, job: Job, receive: Receive | None = None) -> Head:
        """Give a job to a worker and wait for its whole answer.

        Raises:
            Unanswered: no worker could be had, or the job took too much time or memory.
        """
        answer = await self.ask(job, receive)
        head = answer.head.result()
        if answer.whole:
            return head
        rest = [piece async for piece in answer.rest()]
        return head._replace(body=b"".join([head.body, *rest]))

    # --- what happens to workers --------------------------------------------------------------------------------------

    def opened(self, link: Link, problem: str | None) -> None:
        """Take note that a worker has opened the graph, or could not."""
        if problem is None:
            self.freed(link)
        else:
            link.ready = False
            self._failure = problem
            log("worker", problem=problem)

    def freed(self, link: Link) -> None:
        """Give a worker its next job."""
        if link.lost or self._stopping:
            return
        while self._queue:
            answer = self._queue.popleft()
            if not answer.head.done():
                link.start(answer)
                return
        self._idle.append(link)

    def lost(self, link: Link) -> None:
        """Take note that a worker is gone: its job is lost, and another takes its place."""
        self._links.discard(link)
        if link in self._idle:
            self._idle.remove(link)
        if link.answer:
            self.counts["died"] += 1
            most = f": it needed more than {self.settings.memory} MB of memory, or failed" if self.settings.memory else ""
            link.answer.end(Unanswered(503, f"the process that worked on it ended{most}; ask for less at a time"))
            link.answer = None
        if not self._stopping:
            self._do(self._replace(link))

    def drop(self, answer: Answer) -> None:
        """Give up a job that nobody waits for."""
        self.counts["dropped"] += 1
        link = next((link for link in self._links if link.answer is answer), None)
        if link:
            self._give_up(link, Unanswered(499, "the client has gone"))
        elif answer in self._queue:
            self._queue.remove(answer)
            answer.end(Unanswered(499, "the client has gone"))

    def _give_up(self, link: Link, why: Unanswered) -> None:
        answer, link.answer = link.answer, None
        link.kill()
        if answer:
            answer.link = None
            answer.end(why)

    def _do(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _spawn(self) -> None:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        loop = asyncio.get_running_loop()
        process = multiprocessing.get_context("spawn").Process(target=work, args=(theirs, self.settings), daemon=True)
        try:
            await loop.run_in_executor(None, process.start)
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        _, link = await loop.create_connection(lambda: Link(self, process), sock=ours)
        self.counts["started"] += 1
        self._links.add(link)
        if self._stopping:
            link.kill()

    async def _replace(self, link: Link) -> None:
        await asyncio.get_running_loop().run_in_executor(None, link.process.join, 5)
        if not link.ready:
            await asyncio.sleep(_AGAIN)  # a worker that cannot even start is not started again at once
        await self._keep()

    async def _keep(self) -> None:
        """Start a worker, however often that takes."""
        while not self._stopping:
            try:
                return await self._spawn()
            except OSError as error:
                log("worker", problem=f"it cannot be started: {error}")
                await asyncio.sleep(_AGAIN)

    async def _watch(self) -> None:
        """Look again and again for jobs over their time."""
        most = self.settings.query_timeout
        while True:
            await asyncio.sleep(_TICK)
            now = monotonic()
            for link in [k for k in self._links if k.answer and now - k.since > most]:
                self.counts["overtime"] += 1
                self._give_up(link, Unanswered(504, f"it took longer than {most:g} seconds and was ended: ask for less at a time"))
            for link in [k for k in self._links if k.answer and now - k.since > _PATIENCE]:
                with suppress(OSError):  # it has just ended
                    link.lower()
            for answer in [*(link.answer for link in self._links), *self._queue]:
                if answer and now - answer.since > _PATIENCE:
                    answer.watch()
            while self._queue and now - self._queue[0].since > most:
                self.counts["refused"] += 1
                self._queue.popleft().end(Unanswered(503, f"no worker was free for {most:g} seconds: try again in a moment", _SOON))
