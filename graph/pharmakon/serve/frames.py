"""What the server and a worker say to each other: frames on a socket, each a kind, a length and as many bytes."""

from __future__ import annotations

import pickle
import socket
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

JOB, READY, WHOLE, HEAD, CHUNK, END, BROKEN = b"JRWHCEB"
"""The kinds: a job; a worker can take jobs; a whole answer; the beginning of one, more of it, its end; it ends before it is whole."""

_LENGTH = struct.Struct("!BI")
_SIZE = struct.Struct("!I")
_PIECE = 1 << 16


class Head(NamedTuple):
    """What an answer begins with; the body is the whole of it where the frame is :data:`WHOLE`."""

    status: int
    media: str
    body: bytes
    location: str | None = None
    headers: Mapping[str, str] = {}


def frame(kind: int, content: bytes = b"") -> bytes:
    """Write a frame."""
    return _LENGTH.pack(kind, len(content)) + content


def packed(kind: int, value: Any) -> bytes:
    """Write a frame that holds a Python value."""
    return frame(kind, pickle.dumps(value, pickle.HIGHEST_PROTOCOL))


def headed(kind: int, head: Head) -> bytes:
    """Write a frame that holds the beginning of an answer: the body goes as it is, since it may be long."""
    about = pickle.dumps((head.status, head.media, head.location, dict(head.headers)), pickle.HIGHEST_PROTOCOL)
    return b"".join((_LENGTH.pack(kind, len(about) + len(head.body) + 4), _SIZE.pack(len(about)), about, head.body))


def head_of(content: bytes) -> Head:
    """Return the beginning of an answer that a frame holds."""
    (size,) = _SIZE.unpack_from(content)
    status, media, location, headers = pickle.loads(memoryview(content)[4 : 4 + size])
    return Head(status, media, content[4 + size :], location, headers)


def unpacked(content: bytes) -> Any:
    """Return the value of a frame. Both ends are processes of one server: nothing of a client's is ever unpacked."""
    return pickle.loads(content)


class Frames:
    """Frames out of pieces of a stream, which need not end where frames end."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield the frames that have arrived wholly with this piece."""
        data, at = self._rest + data if self._rest else data, 0
        while len(data) - at >= _LENGTH.size:
            kind, length = _LENGTH.unpack_from(data, at)
            end = at + _LENGTH.size + length
            if end > len(data):
                break
            yield kind, data[at + _LENGTH.size : end]
            at = end
        self._rest = data[at:]


@dataclass
class Out:
    """A file that sends what is written to it as one answer: a whole one where it is small, else piece by piece.

    Attributes:
        socket: where it is sent.
        media: the media type of the answer; may be set until something was sent.
        begun: whether something was sent.
    """

    socket: socket.socket
    media: str = "text/plain; charset=utf-8"
    begun: bool = False
    _held: list[bytes] = field(default_factory=list)
    _size: int = 0

    def write(self, data: bytes) -> int:
        """Take a piece of the answer."""
        self._held.append(data)
        self._size += len(data)
        if self._size >= _PIECE:
            content = b"".join(self._held)
            self.socket.sendall(frame(CHUNK, content) if self.begun else headed(HEAD, Head(200, self.media, content)))
            self.begun, self._held, self._size = True, [], 0
        return len(data)

    def flush(self) -> None:
        """Do nothing: what was taken goes when there is enough of it."""

    def end(self) -> None:
        """Send what is left, and that it was the last."""
        content = b"".join(self._held)
        if self.begun:
            self.socket.sendall(frame(CHUNK, content) + frame(END))
        else:
            self.whole(Head(200, self.media, content))

    def whole(self, head: Head) -> None:
        """Send an answer that is in one piece."""
        self.socket.sendall(headed(WHOLE, head))

    def fail(self, status: int, message: str) -> None:
        """Send an error; where a part of an answer went before, only that no more will come."""
        if self.begun:
            self.socket.sendall(frame(BROKEN, message.encode()))
        else:
            self.whole(plain(status, message))


def plain(status: int, message: str, headers: Mapping[str, str] | None = None) -> Head:
    """Return an answer in plain text."""
    return Head(status, "text/plain; charset=utf-8", f"{message}\n".encode("utf-8", "replace"), None, headers or {})
