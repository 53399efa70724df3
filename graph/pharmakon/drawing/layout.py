"""Places for the boxes of a layered picture that reads from left to right: columns, then order, then heights.

Everything is computed once and is the same each time: nothing has to move to find its place. Lengths are in CSS pixels.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

GAP_X, GAP_Y, LANE, PORT, MARGIN = 30.0, 12.0, 10.0, 11.0, 5.0
STEEP, LONGEST = 0.13, 80.0
_SWEEPS = 24

Edge = tuple[str, str]
Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """What is to be placed.

    Attributes:
        width: its width; boxes of a column are made as wide as the widest of them.
        height: its height.
        column: which column it stands in, counted from the left.
        band: boxes of a lower band stand above boxes of a higher one in their column; None where it does not matter.
    """

    width: float
    height: float
    column: int
    band: int | None = None


@dataclass(frozen=True)
class Place:
    """Where a box stands: its centre and its size."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Layout:
    """A picture with every box and every line in its place.

    Attributes:
        places: the place of each box.
        routes: for each line its points from left to right, two for each column: where it leaves a box or lane, where it enters the next.
        width: of the whole.
        height: of the whole.
    """

    places: dict[str, Place]
    routes: dict[Edge, tuple[Point, ...]]
    width: float
    height: float


def place(boxes: Mapping[str, Box], edges: Iterable[Edge], gap: float = GAP_Y) -> Layout:
    """Return places at which boxes never touch, and lines that cross seldom and pass behind no box.

    Args:
        boxes: the boxes by name; within a column the order given is where the search starts.
        edges: pairs of names; each leads from a column to one further right.
        gap: the room between boxes of a column.
    """
    edges = list(edges)
    lanes, links = _lanes(boxes, edges)
    everything = {**boxes, **lanes}
    columns = [[name for name, box in everything.items() if box.column == i] for i in range(max(b.column for b in boxes.values()) + 1)]
    columns = _untangled(_ordered(columns, links, everything), links, everything)
    heights = _heights(columns, links, everything, gap)
    found, left = {}, MARGIN
    for column in columns:
        climbs = [abs(heights[a] - heights[b]) for a, b in links if b in column]
        left += min(GAP_X + STEEP * max(climbs), LONGEST) if climbs else 0.0
        width = max((everything[name].width for name in column), default=0.0)
        found.update({name: Place(left + width / 2, heights[name] + MARGIN, width, everything[name].height) for name in column})
        left += width
    routes = _routes(edges, links, found, lanes)
    bottom = max(p.y + p.height / 2 for p in found.values())
    return Layout({name: found[name] for name in boxes}, routes, left + MARGIN, bottom + MARGIN)


def _lanes(boxes: Mapping[str, Box], edges: Iterable[Edge]) -> tuple[dict[str, Box], list[Edge]]:
    """Keep a lane free in every column that a line passes."""
    lanes: dict[str, Box] = {}
    links: list[Edge] = []
    for a, b in edges:
        before = a
        for column in range(boxes[a].column + 1, boxes[b].column):
            lane = _lane((a, b), column)
            lanes[lane] = Box(0.0, LANE, column)
            links.append((before, lane))
            before = lane
        links.append((before, b))
    return lanes, links


def _lane(edge: Edge, column: int) -> str:
    return "\0".join(("lane", *edge, str(column)))


def _neighbours(links: Iterable[Edge]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    left: dict[str, list[str]] = {}
    right: dict[str, list[str]] = {}
    for a, b in links:
        right.setdefault(a, []).append(b)
        left.setdefault(b, []).append(a)
    return left, right


# --- order ----------------------------------------------------------------------------------------------------------


def _ordered(columns: list[list[str]], links: list[Edge], boxes: Mapping[str, Box]) -> list[list[str]]:
    """Return the best of the orders that sweeps from side to side come upon."""
    columns = best = [_banded(column, boxes) for column in columns]
    fewest = _crossings(columns, links)
    for sweep in range(_SWEEPS):
        columns = _sweep(columns, links, boxes, sweep % 2 == 0)
        crossings = _crossings(columns, links)
        if crossings < fewest:
            best, fewest = columns, crossings
    return best


def _sweep(columns: Sequence[list[str]], links: list[Edge], boxes: Mapping[str, Box], rightwards: bool) -> list[list[str]]:
    """Sort each column by the mean place of what it is joined to in the column before."""
    left, right = _neighbours(links)
    found = [list(column) for column in columns]
    steps = range(1, len(found)) if rightwards else range(len(found) - 2, -1, -1)
    for i in steps:
        fixed = found[i - 1] if rightwards else found[i + 1]
        rank = {name: (j + 0.5) / len(fixed) for j, name in enumerate(fixed)}
        joined = left if rightwards else right
        own = {name: (j + 0.5) / len(found[i]) for j, name in enumerate(found[i])}
        means = {name: _mean([rank[x] for x in joined.get(name, ())], own[name]) for name in found[i]}
        found[i] = _banded(sorted(found[i], key=lambda name: means[name]), boxes)
    return found


def _banded(column: list[str], boxes: Mapping[str, Box]) -> list[str]:
    """Put the boxes of bands in the order of their bands, in the places that such boxes have."""
    ordered = iter(sorted((name for name in column if boxes[name].band is not None), key=lambda name: boxes[name].band or 0))
    return [next(ordered) if boxes[name].band is not None else name for name in column]


def _mean(values: list[float], default: float) -> float:
    return sum(values) / len(values) if values else default


def _crossings(columns: Sequence[Sequence[str]], links: Iterable[Edge]) -> int:
    rank = {name: (i, j) for i, column in enumerate(columns) for j, name in enumerate(column)}
    spans: dict[int, list[tuple[int, int]]] = {}
    for a, b in links:
        spans.setdefault(rank[a][0], []).append((rank[a][1], rank[b][1]))
    return sum((a - c) * (b - d) < 0 for pairs in spans.values() for i, (a, b) in enumerate(pairs) for c, d in pairs[i + 1 :])


def _untangled(columns: list[list[str]], links: list[Edge], boxes: Mapping[str, Box]) -> list[list[str]]:
    """Exchange neighbours in a column while that takes crossings away."""
    fewest, better = _crossings(columns, links), True
    while better:
        better = False
        for column in columns:
            for j in range(len(column) - 1):
                if None not in (boxes[column[j]].band, boxes[column[j + 1]].band) and boxes[column[j]].band != boxes[column[j + 1]].band:
                    continue
                column[j], column[j + 1] = column[j + 1], column[j]
                crossings = _crossings(columns, links)
                if crossings < fewest and _banded(column, boxes) == column:
                    fewest, better = crossings, True
                else:
                    column[j], column[j + 1] = column[j + 1], column[j]
    return columns


# --- heights --------------------------------------------------------------------------------------------------------


def _heights(columns: Sequence[Sequence[str]], links: Iterable[Edge], boxes: Mapping[str, Box], gap: float) -> dict[str, float]:
    """Return heights that keep the order and the gaps, each as near as can be to what it is joined to."""
    left, right = _neighbours(links)
    heights: dict[str, float] = {}
    for column in columns:
        heights.update(_spread(column, {name: 0.0 for name in column}, boxes, gap))
    for sweep in range(_SWEEPS):
        order = range(len(columns)) if sweep % 2 else range(len(columns) - 1, -1, -1)
        for i in order:
            wanted = {name: _pull(name, (*left.get(name, ()), *right.get(name, ())), heights, boxes) for name in columns[i]}
            heights.update(_spread(columns[i], wanted, boxes, gap))
    top = min(heights[name] - boxes[name].height / 2 for name in heights)
    return {name: height - top for name, height in heights.items()}


def _pull(name: str, joined: Sequence[str], heights: Mapping[str, float], boxes: Mapping[str, Box]) -> float:
    """Return the height that a box is drawn to; lanes are drawn to lanes, so that a long line runs straight."""
    lane = not boxes[name].width
    weights = [8.0 if lane and not boxes[other].width else 1.0 for other in joined]
    total = sum(weights)
    return sum(heights[other] * weight for other, weight in zip(joined, weights, strict=True)) / total if total else heights[name]


def _spread(column: Sequence[str], wanted: Mapping[str, float], boxes: Mapping[str, Box], gap: float) -> dict[str, float]:
    """Return the heights nearest to the wanted ones (least squares) at which the boxes of a column keep their gaps."""
    offsets: list[float] = []
    for j, name in enumerate(column):
        offsets.append(offsets[-1] + (boxes[column[j - 1]].height + boxes[name].height) / 2 + gap if j else 0.0)
    groups: list[list[float]] = []
    for name, offset in zip(column, offsets, strict=True):
        groups.append([wanted[name] - offset])
        while len(groups) > 1 and _mean(groups[-2], 0) > _mean(groups[-1], 0):
            last = groups.pop()
            groups[-1] += last
    shifts = [_mean(group, 0) for group in groups for _ in group]
    return {name: offset + shift for name, offset, shift in zip(column, offsets, shifts, strict=True)}


# --- lines ----------------------------------------------------------------------------------------------------------


def _routes(
    edges: Iterable[Edge], links: Iterable[Edge], places: Mapping[str, Place], lanes: Mapping[str, Box]
) -> dict[Edge, tuple[Point, ...]]:
    """Return the points of each line: out of a box in its middle, along its lanes, into a box beside the other lines."""
    left, _ = _neighbours(links)
    ports: dict[Edge, float] = {}
    for name, sources in left.items():
        inwards = sorted(sources, key=lambda source: places[source].y)
        room = min(PORT, (places[name].height - 14) / max(len(inwards), 1))
        for j, source in enumerate(inwards):
            ports[source, name] = 0.0 if name in lanes else (j - (len(inwards) - 1) / 2) * room
    routes = {}
    for a, b in edges:
        passed = sorted((lane for lane in lanes if lane.startswith(_lane((a, b), 0)[:-1])), key=lambda lane: places[lane].x)
        stops = [a, *passed, b]
        points: list[Point] = []
        for before, after in pairwise(stops):
            one, other = places[before], places[after]
            points.append((one.x + one.width / 2, one.y))
            points.append((other.x - other.width / 2, other.y + ports[before, after]))
        routes[a, b] = tuple(points)
    return routes
