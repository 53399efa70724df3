"""Writing to an endpoint: statements in batches, and whole stores in a transfer that can be broken off at any moment."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from ..errors import BadInput, StoreUnavailable
from ..rdf import NamedNode, Quad
from .register import MERGED, WRITTEN, Register
from .terms import statements

Batch = dict[str, list[Quad]]
Post = Callable[[str, bytes], None]

_BATCH, _HELD = 20_000, 200_000
_SMALL, _TOGETHER = 1_000, 4_000
_SHOWN = 3


def name(graph: object) -> str:
    """Return the name that a graph has on an endpoint."""
    return graph.value if isinstance(graph, NamedNode) else MERGED


class Loader:
    """Writes statements to an endpoint.

    Args:
        url: names the endpoint in messages.
        register: the notes of the endpoint.
        update: carries out an update.
        post: adds N-Triples to a graph; None where the server has no way to.
    """

    def __init__(self, url: str, register: Register, update: Callable[[str], None], post: Post | None) -> None:
        self._url, self._register, self._update, self._post = url, register, update, post
        self._held: set[str] = set()

    def extend(self, quads: Iterable[Quad]) -> None:
        """Add statements, and note that the store is no longer what a transfer brought."""
        for batch in batches(quads):
            self._send(batch)
        self._register.end(WRITTEN)

    def _send(self, batch: Batch) -> None:
        """Send a batch: a graph of some size by itself, many small ones in one update."""
        new = batch.keys() - self._held - {MERGED}
        self._register.hold(new)
        self._held |= new
        (graph, quads), *others = batch.items()
        if self._post is not None and not others and len(quads) >= _SMALL:
            self._post(graph, _ntriples(quads))
        else:
            blocks = [f"GRAPH <{graph}> {{ {_ntriples(quads).decode()} }}" for graph, quads in batch.items()]
            self._update("INSERT DATA { " + "\n".join(blocks) + " }")

    def transfer(self, path: Path, progress: Callable[[int, int], None]) -> None:
        """Bring a whole store, from an N-Quads file.

        The parts of a file are the same each time. So the number of those that arrived says where to go on, and a part that arrived
        and was not noted is sent again and changes nothing.
        """
        digest, whole = _identity(path)
        transfer, state = f"urn:sha256:{digest}", self._register.state()
        if state.ready and state.complete == {transfer}:
            return
        arrived = self._register.arrived(transfer) if state.loading == {transfer} else None
        if arrived is None:
            self._register.begin(transfer)
        self._held = self._register.graphs()
        counts, sent = Counter[str](), 0
        for part, batch in enumerate(batches(statements(path)), 1):
            counts.update({graph: len(quads) for graph, quads in batch.items()})
            if part > (arrived or 0):
                self._send(batch)
                self._register.note(transfer, part)
            sent += sum(len(quads) for quads in batch.values())
            progress(sent, whole)
        if problem := self._differences(path, counts):
            self._register.begin(transfer)
            raise StoreUnavailable(
                f"{problem}; the transfer is undone: look for a statement that is twice in the file, and for values that the server changes"
            )
        self._register.end(transfer)

    def adopt(self, path: Path) -> None:
        """Declare a store whole that came another way, once it is counted."""
        counts = Counter(name(quad.graph_name) for quad in statements(path))
        if problem := self._differences(path, counts):
            raise StoreUnavailable(f"{problem}; load the file again, its default graph into <{MERGED}>")
        self._register.clear_notes()
        self._register.hold(counts.keys() - {MERGED})
        self._register.end(f"urn:sha256:{_identity(path)[0]}")

    def _differences(self, path: Path, counts: Mapping[str, int]) -> str:
        """Say in which graphs the endpoint has another number of statements than a file; empty where in none."""
        wrong = self._register.differences(counts)
        some = "; ".join(wrong[:_SHOWN]) + ("; …" if len(wrong) > _SHOWN else "")
        return (
            f"{self._url} does not hold what {path} has: the number of statements differs in {len(wrong)} graphs ({some})" if wrong else ""
        )


def batches(quads: Iterable[Quad]) -> Iterator[Batch]:
    """Sort statements by graph into batches, each fit for one request; a large graph gets batches of its own."""
    waiting: Batch = {}
    held = 0
    for quad in quads:
        graph = name(quad.graph_name)
        waiting.setdefault(graph, []).append(quad)
        held += 1
        if len(waiting[graph]) >= _BATCH:
            held -= _BATCH
            yield {graph: waiting.pop(graph)}
        elif held >= _HELD:
            yield from _packed(waiting)
            waiting, held = {}, 0
    yield from _packed(waiting)


def _packed(waiting: Batch) -> Iterator[Batch]:
    """Put small graphs together, in the order of their names."""
    together: Batch = {}
    for graph, quads in sorted(waiting.items()):
        if len(quads) >= _SMALL:
            yield {graph: quads}
            continue
        together[graph] = quads
        if sum(map(len, together.values())) >= _TOGETHER:
            yield together
            together = {}
    if together:
        yield together


def _identity(path: Path) -> tuple[str, int]:
    """Return what tells a file from others, and how many lines it has."""
    digest, lines = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
                lines += block.count(b"\n")
    except OSError as error:
        raise BadInput(f"{path}: cannot be read: {error.strerror}") from None
    return digest.hexdigest(), lines


def _ntriples(quads: Iterable[Quad]) -> bytes:
    return b"".join(f"{quad.triple} .\n".encode() for quad in quads)
