"""Servers that tests start for themselves: Oxigraph's own and Virtuoso, on loopback, on free ports, in folders that go with the test.

Also a server that answers as it is told, for everything that can go wrong on the way.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from pharmakon.endpoint import Endpoint

OXIGRAPH = shutil.which("oxigraph") or shutil.which("oxigraph", path=str(Path(sys.executable).parent))
VIRTUOSO = shutil.which("virtuoso-t")
MAX_ROWS = 10_000
PASSWORD = "dba"
"""What Virtuoso gives its administrator at first; the server listens on loopback only."""

_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 5
[SPARQL]
ResultSetMaxRows = {rows}
"""


@dataclass(frozen=True)
class Server:
    """A server that runs.

    Attributes:
        query, update, graphs: where queries, updates and whole graphs go.
        user: who may write; empty where anybody may.
    """

    query: str
    update: str
    graphs: str
    user: str = ""

    def open(self, writing: bool = True, graphs: bool = True) -> Endpoint:
        """Open the server as an endpoint, with its credentials in the environment."""
        with pytest.MonkeyPatch.context() as patch:
            if self.user:
                patch.setenv("PHARMAKON_ENDPOINT_USER", self.user)
                patch.setenv("PHARMAKON_ENDPOINT_PASSWORD", PASSWORD)
            return Endpoint(self.query, self.update if writing else None, self.graphs if graphs else None)


def _port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        number: int = found.getsockname()[1]
        return number


@contextmanager
def _running(command: Sequence[str], folder: Path, port: int) -> Iterator[None]:
    """Run a server until it is no longer needed."""
    with (folder / "out.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        for _ in range(600):
            if process.poll() is not None:
                pytest.fail(f"{command[0]} ended at once: {(folder / 'out.log').read_text('utf-8', 'replace')[-500:]}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield
    finally:
        process.kill()
        process.wait()


@contextmanager
def oxigraph(folder: Path) -> Iterator[Server]:
    """Run Oxigraph's own server, which the package ``oxigraph`` brings."""
    if OXIGRAPH is None:
        pytest.skip("Oxigraph's server is not installed: pip install oxigraph")
    port = _port()
    home = f"http://127.0.0.1:{port}"
    with _running([OXIGRAPH, "serve", "--location", str(folder / "store"), "--bind", f"127.0.0.1:{port}"], folder, port):
        yield Server(f"{home}/query", f"{home}/update", f"{home}/store")


@contextmanager
def virtuoso(folder: Path) -> Iterator[Server]:
    """Run Virtuoso, which Debian has."""
    if VIRTUOSO is None:
        pytest.skip("Virtuoso is not installed: apt-get install virtuoso-opensource-7-bin")
    sql, http = _port(), _port()
    (folder / "virtuoso.ini").write_text(_INI.format(folder=folder, sql=sql, http=http, rows=MAX_ROWS), "utf-8")
    home = f"http://127.0.0.1:{http}"
    with _running([VIRTUOSO, "+foreground", "+configfile", "virtuoso.ini"], folder, http):
        yield Server(f"{home}/sparql", f"{home}/sparql-auth", f"{home}/sparql-graph-crud-auth", "dba")


SERVERS = {"oxigraph": oxigraph, "virtuoso": virtuoso}

# --- a server that does as it is told ---------------------------------------------------------------------------------


@dataclass
class Reply:
    """What a server sends: status, type, body; the length that it announces where that is a lie; seconds that it waits."""

    body: bytes = b""
    status: int = 200
    kind: str = "application/sparql-results+json"
    headers: tuple[tuple[str, str], ...] = ()
    length: int | None = None
    wait: float = 0.0


@dataclass
class Fake:
    """A server on loopback that sends prepared replies, the last of them again and again.

    Attributes:
        url: its address.
        asked: what it was sent: the Authorization header and the body of each request.
    """

    url: str
    asked: list[tuple[str, str]]


@contextmanager
def fake(*replies: Reply) -> Iterator[Fake]:
    """Run a server that sends these replies in turn."""
    asked: list[tuple[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            reply = replies[min(len(asked), len(replies) - 1)]
            asked.append((self.headers.get("Authorization", ""), self.rfile.read(int(self.headers["Content-Length"])).decode()))
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(len(reply.body) if reply.length is None else reply.length))
            for name, value in reply.headers:
                self.send_header(name, value)
            self.end_headers()
            for i in range(len(reply.body)) if reply.wait else ():
                self.wfile.write(reply.body[i : i + 1])
                self.wfile.flush()
                time.sleep(reply.wait)
            if not reply.wait:
                self.wfile.write(reply.body)
            self.close_connection = reply.length is not None

        def log_message(self, format: str, *args: object) -> None:
            pass

        def handle(self) -> None:
            with suppress(ConnectionError):  # the client has had enough
                super().handle()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield Fake(f"http://127.0.0.1:{server.server_port}/sparql", asked)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
