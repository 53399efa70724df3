"""The server of the command line, started by tests: on a free port, until the test no longer needs it."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit


@dataclass
class Response:
    """What a server answered; headers by their names in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def media(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


@dataclass
class Serving:
    """A server that runs.

    Attributes:
        address: where, without a slash at the end.
        process: its process.
        log: the lines of its log so far; those that are no JSON as texts.
    """

    address: str
    process: subprocess.Popen[str]
    log: list[Any] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None, timeout: float = 30
    ) -> Response:
        """Send a request and return the whole answer."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            link.request(method, path, body, dict(headers or {}))
            found = link.getresponse()
            return Response(found.status, {k.lower(): v for k, v in found.getheaders()}, found.read())
        finally:
            link.close()

    def query(self, text: str, accept: str = "", **parameters: str) -> Response:
        """Ask a query."""
        path = "/sparql?" + urlencode({"query": text, **parameters})
        return self.ask("GET", path, headers={"Accept": accept} if accept else {})

    def raw(self, data: bytes, timeout: float = 10) -> bytes:
        """Send bytes as they are and return all that comes until the server closes or is silent."""
        with socket.create_connection(("127.0.0.1", self.port), timeout) as link:
            found = b""
            try:
                link.sendall(data)
                while piece := link.recv(1 << 16):
                    found += piece
            except OSError:
                pass
            return found

    def measure(self, name: str) -> float:
        """Return a measure of Prometheus without labels."""
        lines = self.ask("GET", "/metrics").text.splitlines()
        return float(next(line.split()[1] for line in lines if line.startswith(f"pharmakon_{name} ")))

    def workers(self) -> list[int]:
        """Return the processes that the server started, by their numbers (Linux)."""
        listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True, check=False)
        return [int(line) for line in listed.stdout.split()]


def living(processes: Iterable[int]) -> list[int]:
    """Return those of some processes that have not ended, whether or not somebody has asked after them."""
    states = {pid: subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False) for pid in processes}
    return [pid for pid, state in states.items() if state.stdout.strip() and not state.stdout.startswith("Z")]


@contextmanager
def serving(*arguments: str, without: Sequence[str] = ()) -> Iterator[Serving]:
    """Run the server with these arguments, as if some packages were not installed; end it with the signal that asks it to stop."""
    hidden = f"import sys; sys.modules.update(dict.fromkeys({list(without)}))"
    start = ["-c", f"{hidden}; from pharmakon.cli import main; sys.exit(main())"] if without else ["-m", "pharmakon"]
    command = [sys.executable, *start, "serve", "--port", "0", *arguments]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    lines: list[Any] = []

    def read(stream: Any) -> None:
        for line in stream:
            lines.append(json.loads(line) if line.startswith("{") else line)

    reader = threading.Thread(target=read, args=(process.stderr,), daemon=True)
    reader.start()
    try:
        deadline = time.monotonic() + 90
        while not lines and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        assert lines and isinstance(lines[0], dict), lines
        yield Serving(urlsplit(lines[0]["address"])._replace(path="").geturl(), process, lines)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join(5)
        process.stderr.close()
