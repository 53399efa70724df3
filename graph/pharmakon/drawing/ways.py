"""Pictures of ways through the graph: the shortest paths between two things, and all that is around one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from .. import graph as g
from ..errors import BadQuestion
from . import picture as pic
from .links import BLOCKS, Link, Links, join, put

if TYPE_CHECKING:
    from ..graph import Graph
    from .picture import Picture

MOST = 1000
"""How many nodes a picture has at most."""

# --- paths ----------------------------------------------------------------------------------------------------------

_PATHS = 5
_LOOKED_AT = 40_000


def path(a: str, b: str, *, without: Sequence[str] = (), graph: Graph | None = None) -> Picture:
    """Return the shortest paths between two things, over statements and memberships that are derived; five at most.

    Raises:
        UnknownName: a name stands for nothing.
        BadQuestion: one thing is given twice, or nothing joins the two.

    >>> path("baclofen", "GABA-B receptor").number_of_edges()
    2
    """
    graph = graph or g.shipped()
    start, goal = g.thing(graph, a), g.thing(graph, b)
    g.apart(graph, (start, goal))
    links = Links(graph, without)
    found, more = _shortest(links, start, goal)
    if not found:
        raise BadQuestion(
            f"nothing joins {graph.schema.label(start)} and {graph.schema.label(goal)}: no path over statements and memberships"
        )
    title = f"What joins {graph.schema.label(start)} and {graph.schema.label(goal)}?"
    picture = pic.empty(title)
    for steps in found:
        here = start
        for column, link in enumerate(steps):
            there = link.end if link.start == here else link.start
            for iri, at in ((here, column), (there, column + 1)):
                put(picture, links, iri, (2 * at, ""))
            _step(picture, links, link, 2 * column + 1)
            here = there
    if more:
        picture.graph["left_out"] = (
            f"There are {len(found) + more} paths of {len(found[0])} steps; {len(found)} are drawn, those that sources assert first."
        )
    return picture


def _step(picture: Picture, links: Links, link: Link, column: int) -> None:
    """Put what joins two things between them: the statement with its sources, or the membership with its proof."""
    told, proof = links.told(link, True), links.proof(link)
    key = pic.node(
        picture,
        f"{link.start} {link.statement or 'in'} {link.end}",
        "condition" if link.derived else "statement" if link.statement else "vocabulary",
        link.sentence,
        sources=told[0][1],
        proofs=(proof,) if proof else (),
        place=(column, ""),
    )
    pic.edge(picture, link.start, key, link.label, derived=link.derived, told=told)
    pic.edge(picture, key, link.end, link.label, derived=link.derived, told=told)


def _shortest(links: Links, start: str, goal: str) -> tuple[list[list[Link]], int]:
    """Return some of the shortest paths, and how many more there are."""
    before: dict[str, dict[str, Link]] = {start: {}}
    edge = [start]
    while edge and goal not in before and len(before) < _LOOKED_AT:
        reached: dict[str, dict[str, Link]] = {}
        for here in edge:
            for link in links.of(here):
                there = link.end if link.start == here else link.start
                if there not in before:
                    reached.setdefault(there, {}).setdefault(here, link)
        before.update(reached)
        edge = sorted(reached)
    if goal not in before:
        return [], 0
    found = [[goal]]
    while found[0][-1] != start:
        found = [[*way, back] for way in found for back in before[way[-1]]]
    ways = [[before[there][here] for there, here in pairwise(way)][::-1] for way in found]
    order = list(BLOCKS)
    ways.sort(key=lambda w: ([x.derived for x in w], [order.index(links.kind(x.end)) for x in w], [x.sentence for x in w]))
    return ways[:_PATHS], max(len(ways) - _PATHS, 0)


# --- neighbourhoods -------------------------------------------------------------------------------------------------


def around(name: str, hops: int = 1, *, most: int = MOST, without: Sequence[str] = (), graph: Graph | None = None) -> Picture:
    """Return what is around a thing: everything that so many steps over statements and derived memberships lead to.

    Args:
        name: the thing.
        hops: how many steps.
        most: how many nodes at most; those with the fewest links are left out, and the picture says so.
        without: sources to withdraw.
        graph: the graph; the shipped one where none is given.

    Raises:
        UnknownName: nothing has the name.
        BadQuestion: fewer than one step is asked for.

    >>> "https://w3id.org/pharmakon/GABA-B" in around("baclofen")
    True
    """
    if hops < 1:
        raise BadQuestion("--hops takes 1 or more")
    graph = graph or g.shipped()
    centre, links = g.thing(graph, name), Links(graph, without)
    rings: list[list[str]] = [[centre]]
    seen, met = {centre}, list[Link]()
    left_out = 0
    for _ in range(hops):
        counts: dict[str, int] = {}
        for here in rings[-1]:
            for link in links.of(here):
                met.append(link)
                there = link.end if link.start == here else link.start
                if there not in seen:
                    counts[there] = counts.get(there, 0) + 1
        ring = sorted(counts, key=lambda iri: (-counts[iri], graph.schema.label(iri), iri))
        room = most - len(seen)
        rings.append(ring[:room])
        left_out += len(ring) - len(rings[-1])
        seen.update(rings[-1])
    return _drawn(links, rings, met, left_out)


def _drawn(links: Links, rings: list[list[str]], met: list[Link], left_out: int) -> Picture:
    centre, seen = rings[0][0], set(chain.from_iterable(rings))
    steps = "1 step" if len(rings) == 2 else f"{len(rings) - 1} steps"
    picture = pic.empty(f"What is around {links.schema.label(centre)}, {steps} away")
    kinds = {iri: links.kind(iri) for iri in seen}
    order = list(BLOCKS)
    first = rings[1] if len(rings) > 1 else []
    sides = [[iri for iri in first if kinds[iri] not in ("class", "drug")], [iri for iri in first if kinds[iri] in ("class", "drug")]]
    for column, ring in enumerate((sides[0], [centre], sides[1], *rings[2:])):
        for iri in sorted(ring, key=lambda iri: order.index(kinds[iri])):
            put(picture, links, iri, (column, BLOCKS[kinds[iri]] if iri != centre else ""))
    for link in dict.fromkeys(met):
        if {link.start, link.end} <= seen and link.start != link.end:
            near = centre in (link.start, link.end)
            join(picture, links, link, near, quiet=not near)
    if left_out:
        picture.graph["left_out"] = f"Left out: {left_out} more things, those with the fewest links to what is drawn."
    return picture
