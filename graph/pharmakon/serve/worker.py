"""A worker: a process that has the graph open for reading, and answers one job at a time."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from multiprocessing import connection, parent_process
from typing import Any

from .. import web
from ..errors import PharmakonError
from ..graph import Graph, open_graph
from .calls import call
from .describing import description
from .frames import JOB, READY, Frames, Head, Out, packed, unpacked
from .queries import Guarded, Query, answer
from .settings import MEGABYTE, Settings


def work(channel: socket.socket, settings: Settings) -> None:
    """Open the graph and answer jobs until the server closes the channel, or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _own_log()
    threading.Thread(target=_end_with_server, daemon=True).start()
    try:
        graph = open_graph(settings.ontology, settings.add, store=settings.store, endpoint=settings.endpoint)
        graph = replace(graph, store=Guarded(graph.store))
    except PharmakonError as error:
        channel.sendall(packed(READY, str(error)))
        return
    with suppress(Exception):  # what pages share is made now, not while the first reader waits; a fault shows when a page is asked
        web.respond(graph, "/", {})
    _cap(settings.memory)
    channel.sendall(packed(READY, None))
    frames, room = Frames(), memoryview(bytearray(1 << 16))
    while size := channel.recv_into(room):
        for kind, content in frames.feed(bytes(room[:size])):
            if kind == JOB:
                _answer(graph, unpacked(content), channel)


def _answer(graph: Graph, job: tuple[Any, ...], channel: socket.socket) -> None:
    out = Out(channel)
    try:
        _KINDS[job[0]](graph, out, *job[1:])
    except MemoryError:
        os._exit(70)
    except BrokenPipeError:
        raise
    except Exception as error:
        _report(error)
        out.fail(500, "a fault of the server: its log has the particulars")


def _sparql(graph: Graph, out: Out, *query: Any) -> None:
    answer(graph.store, Query(*query), out)


def _page(graph: Graph, out: Out, path: str, query: dict[str, list[str]]) -> None:
    reply = web.respond(graph, path, query)
    out.whole(Head(reply.status, reply.media, reply.body, reply.location, dict(reply.headers)))


def _api(graph: Graph, out: Out, verb: str, parameters: dict[str, Any]) -> None:
    status, body = call(graph, verb, parameters)
    out.whole(Head(status, "application/json", body))


def _about(graph: Graph, out: Out, what: str, accept: str, base: str) -> None:
    out.whole(description(graph.store, what, accept, base))


_KINDS: dict[str, Callable[..., None]] = {"sparql": _sparql, "page": _page, "api": _api, "about": _about}


def _report(error: Exception) -> None:
    import json
    import traceback

    where = traceback.extract_tb(error.__traceback__)[-1]
    line = {
        "event": "fault",
        "error": f"{type(error).__name__}: {error}"[:1000],
        "file": os.path.basename(where.filename),
        "line": where.lineno,
    }
    sys.stderr.write(json.dumps(line) + "\n")


def _own_log() -> None:
    """Keep the log for lines of ours: the store writes to standard error, in no form, where memory gives out."""
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _end_with_server() -> None:
    """End when the server is gone, whatever it died of: a query that runs would not notice."""
    server = parent_process()
    if server is not None:
        connection.wait([server.sentinel])
        os._exit(1)


def _cap(megabytes: int) -> None:
    """Limit the memory that this process may take besides what it has."""
    try:
        import resource
    except ImportError:
        return
    if megabytes and sys.platform == "linux":
        with open("/proc/self/statm") as file:
            taken = int(file.read().split()[5]) * resource.getpagesize()
        limit = taken + megabytes * MEGABYTE
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
