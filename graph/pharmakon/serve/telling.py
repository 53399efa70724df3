"""What the server tells of itself while it runs: a line of JSON for each request, and counters for Prometheus."""

from __future__ import annotations

import json
import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from itertools import accumulate
from json.encoder import encode_basestring_ascii as _quoted
from time import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .pool import Pool

_BOUNDS = (0.005, 0.025, 0.1, 0.5, 2.5, 10.0, 60.0)
_LONGEST = 1000
_MEASURES = (
    ("workers", "gauge", "workers that can take jobs"),
    ("workers_busy", "gauge", "workers that have a job"),
    ("workers_started_total", "counter", "workers that were started"),
    ("requests_waiting", "gauge", "requests that wait for a worker"),
    ("overtime_total", "counter", "jobs that were ended for their time"),
    ("died_total", "counter", "jobs whose worker ended, for memory or a fault"),
    ("dropped_total", "counter", "jobs whose client had gone"),
    ("busy_total", "counter", "requests that were refused because too many waited"),
)


class Telling:
    """Counts requests and writes the log."""

    def __init__(self) -> None:
        self._since = time()
        self._requests: Counter[tuple[str, int]] = Counter()
        self._taken: dict[str, list[float]] = {}

    def count(self, part: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests[part, status] += 1
        taken = self._taken.setdefault(part, [0.0] * (len(_BOUNDS) + 2))
        taken[bisect_left(_BOUNDS, seconds)] += 1
        taken[-1] += seconds

    def prometheus(self, pool: Pool) -> str:
        """Write the counters as Prometheus reads them."""
        counts = pool.counts
        values = (
            pool.alive,
            pool.busy,
            counts["started"],
            pool.waiting,
            counts["overtime"],
            counts["died"],
            counts["dropped"],
            counts["refused"],
        )
        lines = []
        for (name, kind, told), value in zip(_MEASURES, values, strict=True):
            lines += [f"# HELP pharmakon_{name} {told}", f"# TYPE pharmakon_{name} {kind}", f"pharmakon_{name} {value}"]
        lines += ["# HELP pharmakon_requests_total requests", "# TYPE pharmakon_requests_total counter"]
        lines += [
            f'pharmakon_requests_total{{part="{part}",status="{status}"}} {n}' for (part, status), n in sorted(self._requests.items())
        ]
        lines += ["# HELP pharmakon_request_seconds seconds a request took", "# TYPE pharmakon_request_seconds histogram"]
        for part, taken in sorted(self._taken.items()):
            buckets = list(accumulate(taken[:-1]))
            for bound, n in zip((*_BOUNDS, "+Inf"), buckets, strict=True):
                lines.append(f'pharmakon_request_seconds_bucket{{part="{part}",le="{bound}"}} {n:g}')
            lines.append(f'pharmakon_request_seconds_count{{part="{part}"}} {buckets[-1]:g}')
            lines.append(f'pharmakon_request_seconds_sum{{part="{part}"}} {taken[-1]:.6f}')
        lines += ["# HELP pharmakon_started_seconds when the server started", "# TYPE pharmakon_started_seconds gauge"]
        lines.append(f"pharmakon_started_seconds {self._since:.3f}")
        return "\n".join(lines) + "\n"


_lines: list[str] = []


def log(event: str, **particulars: Any) -> None:
    """Note a line of the log; long texts are cut. Lines are written together, a moment later: see :func:`write`."""
    short = {k: v[:_LONGEST] + "…" if isinstance(v, str) and len(v) > _LONGEST else v for k, v in particulars.items()}
    _lines.append(json.dumps({"time": round(time(), 3), "event": event, **short}))


def request(scope: Mapping[str, Any], status: int, seconds: float) -> None:
    """Note the line of a request. Done for each of thousands a second, and so put together by hand."""
    path, query = scope["path"][:_LONGEST], scope["query_string"][:_LONGEST].decode("latin-1")
    client = scope["client"][0] if scope.get("client") else ""
    _lines.append(
        f'{{"time": {time():.3f}, "event": "request", "method": "{scope["method"]}", "path": {_quoted(path)}, '
        f'"query": {_quoted(query)}, "status": {status}, "ms": {seconds * 1000:.1f}, "client": {_quoted(client)}}}'
    )


def write() -> None:
    """Write the lines of the log that were noted."""
    if _lines:
        text, _lines[:] = "\n".join(_lines) + "\n", []
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except (OSError, ValueError):
            pass  # nobody reads the log: the server goes on
