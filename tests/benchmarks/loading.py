"""Ask a SPARQL server as fast as it answers, from many connections at once: one process, sockets that stay open, nothing parsed.

Run as a program with an address, a number of clients and a number of seconds; queries come from standard input as a JSON list, and the
figures go to standard output as JSON.
"""

from __future__ import annotations

import json
import select
import socket
import sys
from time import perf_counter
from urllib.parse import quote, urlsplit

JSON = "application/sparql-results+json"


def request(url: str, query: str) -> bytes:
    """Write a request."""
    parts = urlsplit(url)
    return f"GET {parts.path}?query={quote(query)} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept: {JSON}\r\n\r\n".encode()


def whole(data: bytes) -> bool:
    """Whether a response has arrived wholly."""
    head, gap, body = data.partition(b"\r\n\r\n")
    if not gap:
        return False
    lowered = head.lower()
    at = lowered.find(b"content-length:")
    if at >= 0:
        return len(body) >= int(lowered[at + 15 :].split(b"\r\n", 1)[0])
    return body.endswith(b"0\r\n\r\n")


def load(url: str, queries: list[str], clients: int, seconds: float) -> dict[str, float]:
    """Ask until the time is over; return how many answers there were, how many were no answers, and how long they took."""
    parts = urlsplit(url)
    requests = [request(url, query) for query in queries]
    poll = select.epoll()
    sockets, pieces, since, turn = {}, {}, {}, {}
    for i in range(clients):
        link = socket.create_connection((parts.hostname, parts.port))
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        poll.register(link, select.EPOLLIN)
        n = link.fileno()
        sockets[n], pieces[n], turn[n] = link, b"", i
    begun = perf_counter()
    for n, link in sockets.items():
        since[n] = perf_counter()
        link.sendall(requests[turn[n] % len(requests)])
    taken: list[float] = []
    failed = 0
    while (now := perf_counter()) - begun < seconds:
        for n, _ in poll.poll(1):
            data = sockets[n].recv(1 << 18)
            if not data:
                raise ConnectionError("the server closed a connection")
            pieces[n] = data = pieces[n] + data if pieces[n] else data
            if whole(data):
                now = perf_counter()
                taken.append(now - since[n])
                failed += not data.startswith(b"HTTP/1.1 200")
                pieces[n], since[n] = b"", now
                turn[n] += 1
                sockets[n].sendall(requests[turn[n] % len(requests)])
    taken.sort()
    return {
        "requests": len(taken),
        "failed": failed,
        "per second": len(taken) / (now - begun),
        "median ms": taken[len(taken) // 2] * 1000,
        "p99 ms": taken[len(taken) * 99 // 100] * 1000,
    }


if __name__ == "__main__":
    json.dump(load(sys.argv[1], json.load(sys.stdin), int(sys.argv[2]), float(sys.argv[3])), sys.stdout)
