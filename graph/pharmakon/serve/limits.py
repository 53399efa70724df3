"""Limits to what a client may do before its request is there: the size of a request's head, and the time that it may take."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

LARGEST = 1 << 16
"""How many bytes the head of a request may have."""
_REFUSAL = b"HTTP/1.1 %s\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%s\n"
_TOO_LARGE = b"431 Request Header Fields Too Large", b"the head of the request is too large"
_SPARE = 256


def limited(parent: Any, seconds: float) -> Any:
    """Return a way of reading HTTP, which sets no such limits, with them.

    Args:
        parent: uvicorn's way of reading HTTP.
        seconds: how long the head of a request may take.
    """

    class Limited(parent):  # type: ignore[misc]
        _deadline: asyncio.TimerHandle | None = None
        _size = 0

        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            self.app_state: dict[str, Any] = {"abort": transport.abort}
            self._wait()

        def data_received(self, data: bytes) -> None:
            before = self.cycle
            idle = before is None or before.response_complete
            rest = before is not None and before.response_complete and before.more_body
            if idle and self._deadline is None:
                self._wait()
            super().data_received(data)
            if self.cycle is not before or not idle:
                large = len(data) > LARGEST and self.cycle is not before and _size(self.cycle.scope) > LARGEST
                self._stop()
                if large:  # in one piece
                    self._refuse(*_TOO_LARGE)
            elif not rest:  # what is left of a body that was refused is read and forgotten, so that the client sees the refusal
                self._size += len(data)
                if self._size > LARGEST:
                    self._refuse(*_TOO_LARGE)

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop()
            super().connection_lost(exc)

        def timeout_keep_alive_handler(self) -> None:
            if self.transport.get_write_buffer_size():
                self.transport.abort()  # the client does not read: closing would wait for it
            else:
                super().timeout_keep_alive_handler()

        def _wait(self) -> None:
            self._deadline = self.loop.call_later(seconds, self._refuse, b"408 Request Timeout", b"the request did not arrive in time")

        def _stop(self) -> None:
            self._size = 0
            if self._deadline:
                self._deadline.cancel()
                self._deadline = None

        def _refuse(self, status: bytes, why: bytes) -> None:
            if not self.transport.is_closing():
                if not (self.cycle and self.cycle.response_complete and self.cycle.more_body):
                    self.transport.write(_REFUSAL % (status, len(why) + 1, why))
                self.transport.close()

    return Limited


def _size(scope: Any) -> int:
    return len(scope["path"]) + len(scope["query_string"]) + sum(len(name) + len(value) + 4 for name, value in scope["headers"])


def many_files(wanted: int) -> int:
    """Let this process have as many connections as are wanted, or as many as it may; return how many."""
    with suppress(ImportError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        allowed = wanted + _SPARE if hard == resource.RLIM_INFINITY else min(hard, wanted + _SPARE)
        if soft < allowed:
            resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
        return max(16, min(wanted, max(soft, allowed) - _SPARE))
    return 256
