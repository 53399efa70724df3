"""What a picture is made of: a networkx graph with typed nodes and edges, their labels, their verdicts and their sources.

Every view, whatever it is of, is such a graph, so that what draws and what counts need to know nothing else.

A node has ``kind`` (one of :data:`pharmakon.drawing.shapes.KINDS`), ``label``, ``claim`` (the sentence), ``verdict`` ("" where none is
asked for), ``verdicts`` (pairs of drug and verdict), ``also`` (the same in other words), ``sources``, ``proofs``, and ``place``: the
column that it is drawn in, and the block there (None where the argument itself tells). An edge has ``label``, ``derived``, ``verdict``,
``told`` (pairs of a sentence and its sources) and ``quiet``: whether it is drawn in full only when one of its ends is chosen. The graph
has ``title``, ``reads`` and ``left_out``. Where a picture reads as an "argument", an edge leads from what is shown to what it rests on, and is drawn the other way
round; where it reads as "statements", from the subject to the object.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import networkx

if TYPE_CHECKING:
    from ..proof import Citation, Proof

    Picture = networkx.DiGraph[str]
    Told = tuple[str, tuple[Citation, ...]]

ARGUMENT, STATEMENTS = "argument", "statements"

DIFFERS = "differs"
"""The verdict of a node or an edge that is one thing for one drug and another for the other."""


def empty(title: str, reads: str = STATEMENTS) -> Picture:
    """Return a picture with nothing on it."""
    return networkx.DiGraph(title=title, reads=reads, left_out="")


def node(
    graph: Picture,
    key: str,
    kind: str,
    label: str,
    claim: str = "",
    *,
    verdict: str = "",
    who: str = "",
    also: Iterable[str] = (),
    sources: Sequence[Citation] = (),
    proofs: Iterable[Proof] = (),
    place: tuple[int, str] | None = None,
) -> str:
    """Add a node, once; what is said of it for another drug, or rests on another proof, is added to it."""
    verdicts = ((who, verdict),) if verdict else ()
    if key not in graph:
        graph.add_node(
            key,
            kind=kind,
            label=label,
            claim=claim or label,
            verdict=verdict,
            verdicts=verdicts,
            also=tuple(also),
            sources=tuple(sources),
            proofs=tuple(proofs),
            place=place,
        )
        return key
    found = graph.nodes[key]
    found["proofs"] = tuple(dict.fromkeys((*found["proofs"], *proofs)))
    if verdict:
        told = dict(found["verdicts"])
        told[who] = verdict if told.get(who, verdict) == verdict else "contradicted"
        found["verdicts"] = tuple(told.items())
        found["verdict"] = next(iter(told.values())) if len(set(told.values())) == 1 else DIFFERS
    return key


def edge(
    graph: Picture,
    start: str,
    end: str,
    label: str = "",
    *,
    derived: bool = True,
    verdict: str = "",
    told: Iterable[Told] = (),
    quiet: bool = False,
) -> None:
    """Add an edge, once; what is told of it again is added to it, and what any source asserts is asserted."""
    if not graph.has_edge(start, end):
        graph.add_edge(start, end, label=label, derived=derived, verdict=verdict, told=tuple(told), quiet=quiet)
        return
    found = graph.edges[start, end]
    found["told"] = tuple(dict.fromkeys((*found["told"], *told)))
    found["derived"] = found["derived"] and derived
    if found["verdict"] != verdict:
        found["verdict"] = DIFFERS


def reaches(graph: Picture, start: str, end: str) -> bool:
    """Whether edges lead from one node to another."""
    return bool(networkx.has_path(graph, start, end))


def reduced(links: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the links from which all the others follow, step by step; there must be no round among them."""
    whole: Picture = networkx.DiGraph(links)
    return list(networkx.transitive_reduction(whole).edges)


def layered(links: Iterable[tuple[str, str]], names: Iterable[str]) -> dict[str, int]:
    """Return a column for each name, such that links lead to the right; a link that would close a round leads back."""
    forward: Picture = networkx.DiGraph()
    forward.add_nodes_from(names)
    for start, end in links:
        if start != end and not networkx.has_path(forward, end, start):
            forward.add_edge(start, end)
    return {name: column for column, names in enumerate(networkx.topological_generations(forward)) for name in names}


def sorted_out(graph: Picture) -> list[str]:
    """Return the nodes so that each edge leads to a later one."""
    return list(networkx.topological_sort(graph))
