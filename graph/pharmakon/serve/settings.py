"""What a server is told when it is started."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from ..errors import BadQuestion

MEGABYTE = 2**20
_ORIGIN = re.compile(r"\*|null|https?://[\w.\-]+(:\d+)?|https?://\[[0-9A-Fa-f:.]+\](:\d+)?")


@dataclass(frozen=True)
class Settings:
    """What a server is told when it is started.

    Attributes:
        host: the address that it listens on.
        port: the port; 0 takes a free one.
        read_timeout: how many seconds a client may take to send a request.
        query_timeout: how many seconds an answer may take, until its last byte has gone.
        memory: how many megabytes a worker may take besides what it needs to start; 0 sets no limit.
        workers: how many workers there are; 0 takes one for each processor and one more.
        waiting: how many requests may wait for a worker.
        largest: how many bytes the body of a request may have.
        cors: the origin whose pages may read answers, ``*`` for any; None for no other than the server's own.
        ontology, add, store, endpoint: the graph, as :func:`pharmakon.open_graph` takes it.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    read_timeout: float = 10.0
    query_timeout: float = 30.0
    memory: int = 1024
    workers: int = 0
    waiting: int = 256
    largest: int = MEGABYTE
    cors: str | None = None
    ontology: str | None = None
    add: tuple[Path | str, ...] = ()
    store: str | None = None
    endpoint: str | None = None

    def __post_init__(self) -> None:
        for option, value, least, most in (
            ("port", self.port, 0, 65535),
            ("read-timeout", self.read_timeout, 0.1, 3600),
            ("query-timeout", self.query_timeout, 0.1, 86400),
            ("memory", self.memory, 0, 10**7),
            ("workers", self.workers, 0, 1000),
        ):
            if not least <= value <= most:
                raise BadQuestion(f"--{option} {value:g} is out of bounds: give a number from {least} to {most}")
        if self.cors is not None and not _ORIGIN.fullmatch(self.cors):
            raise BadQuestion(f"--cors {self.cors} is no origin: give one such as https://example.org, without a path, or *")

    @property
    def processes(self) -> int:
        """How many workers there are."""
        return self.workers or (os.cpu_count() or 1) + 1
