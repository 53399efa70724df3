"""The one door to uvicorn: a socket, the workers, and a loop that ends cleanly."""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from ..errors import PharmakonError, StoreUnavailable
from ..graph import open_graph
from .answering import Unanswered
from .app import application
from .limits import limited, many_files
from .pool import Pool
from .settings import Settings
from .telling import log, write

_GRACE = 5
_CONNECTIONS = 4096


def run(settings: Settings) -> int:
    """Serve until a signal ends it; return the exit status.

    Raises:
        PharmakonError: the port is taken, or the graph cannot be opened.
    """
    with _listen(settings.host, settings.port) as listening:
        open_graph(settings.ontology, settings.add, store=settings.store, endpoint=settings.endpoint)  # built once, by one
        loop = uvicorn.Config("", log_config=None).get_loop_factory()
        with asyncio.Runner(loop_factory=loop) as runner:
            return runner.run(_serve(settings, listening))


async def _serve(settings: Settings, listening: socket.socket) -> int:
    pool = Pool(settings)
    writing = asyncio.get_running_loop().create_task(_write())
    try:
        await pool.start()
        config = uvicorn.Config(
            application(settings, pool),
            http=limited(AutoHTTPProtocol, settings.read_timeout),
            log_config=None,
            log_level="critical",
            access_log=False,
            lifespan="off",
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=max(1, int(settings.read_timeout)),
            timeout_graceful_shutdown=_GRACE,
            limit_concurrency=many_files(_CONNECTIONS),
            ws="none",
        )
        host, port = listening.getsockname()[:2]
        log("listening", address=f"http://{f'[{host}]' if ':' in host else host}:{port}/", workers=settings.processes)
        await _Server(config, pool).serve(sockets=[listening])
        log("stopped")
        return 0
    finally:
        writing.cancel()
        await pool.stop()
        write()


async def _write() -> None:
    while True:
        write()
        await asyncio.sleep(0.05)


class _Server(uvicorn.Server):
    """A server that takes a signal to stop as a reason to end well, and does not raise it again."""

    def __init__(self, config: uvicorn.Config, pool: Pool) -> None:
        super().__init__(config)
        self._pool = pool

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        stopping = Unanswered(503, "the server is stopping: ask again when it runs")
        asyncio.get_running_loop().call_later(_GRACE - 1, self._pool.give_up, stopping)
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            try:
                loop.add_signal_handler(number, self.handle_exit, number, None)
            except NotImplementedError:
                signal.signal(number, self.handle_exit)
        yield


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listening = socket.socket(family, kind, protocol)
    except (OSError, OverflowError) as error:
        raise PharmakonError(f"{host} port {port} is no address to listen on: {getattr(error, 'strerror', None) or error}") from None
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(1024)
    except (OSError, OverflowError) as error:
        listening.close()
        taken = getattr(error, "errno", None) == errno.EADDRINUSE
        why = "is in use: give another with --port" if taken else f"cannot be listened on: {getattr(error, 'strerror', None) or error}"
        raise StoreUnavailable(f"port {port} of {host} {why}") from None
    return listening
