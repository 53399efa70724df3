"""Places for pictures of many nodes: columns of titled blocks, each a list in one column or in several.

One line leads from a node to each block of which all have to do with it, and ends in a bracket; where only some of many do, their lines
are drawn when a node is chosen. Nothing overlaps, everything has its label, and the same picture comes out each time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from . import layout
from .scene import GLANCE, LEADING, Bracket, Scene, Spot, Stroke, lines, size, spot, straight

if TYPE_CHECKING:
    from .picture import Picture

_GAP_X, _GAP_Y, _BLOCK, _HEAD, _BAR = 50.0, 5.0, 13.0, 19.0, 9.0
_BEND, _EM, _FEW = 7.0, 6.6, 6
_TALL, _WIDE, _MOST, _SHORT, _CALM = 1000.0, 1340.0, 6, 12, 260.0
_WRAP, _LINES = 28, 3

_SILENT = "Not all lines are drawn: on the page those of a node appear when it is chosen."

Size = tuple[float, float]
Blocks = dict[str, list[str]]
Frame = tuple[float, float, float, float]
"""The left, the top, the right and the bottom of a block."""


def placed(graph: Picture) -> Scene:
    """Put a picture of columns of blocks in its place."""
    several = sum(node["kind"] == "drug" for _, node in graph.nodes(data=True)) > 1
    texts = {key: lines(node, several, _WRAP, _LINES) for key, node in graph.nodes(data=True)}
    sizes = {key: size(graph.nodes[key], texts[key], 6) for key in graph}
    columns = _columns(graph)
    splits = _split(columns, sizes)
    places: dict[str, layout.Place] = {}
    heads: list[tuple[str, float, float]] = []
    frames: dict[str, Frame] = {}
    edges: dict[str, Size] = {}
    left, height = layout.MARGIN, 0.0
    for blocks, split in zip(columns, splits, strict=True):
        wide = _wide(blocks, sizes, split)
        bottom = _stack(blocks, sizes, split, left, places, heads, frames)
        edges.update({key: (left, left + wide) for names in blocks.values() for key in names})
        height, left = max(height, bottom), left + wide + _GAP_X
    places = _settled(places, columns, height)
    spots = {key: spot(graph, key, places[key], texts[key], number) for number, key in enumerate(graph)}
    strokes, brackets = _strokes(graph, spots, frames, edges)
    bracketed = {name for bracket in brackets for name in bracket.strokes}
    silent = any(stroke.quiet and stroke.id not in bracketed for stroke in strokes)
    told = " ".join(filter(None, (graph.graph["left_out"], _SILENT if silent else "")))
    whole = left - _GAP_X + layout.MARGIN, max(at.y + at.height / 2 for at in places.values()) + layout.MARGIN
    return Scene(graph.graph["title"], tuple(spots.values()), strokes, *whole, told, tuple(heads), brackets)


def _columns(graph: Picture) -> list[Blocks]:
    found: dict[int, Blocks] = {}
    for key, node in graph.nodes(data=True):
        column, block = node["place"]
        found.setdefault(column, {}).setdefault(block, []).append(key)
    return [found[column] for column in sorted(found)]


def _split(columns: list[Blocks], sizes: Mapping[str, Size]) -> list[int]:
    """Return into how many columns the long blocks of each column are split: the tallest first, while there is room beside."""
    splits = [1] * len(columns)
    while True:
        tall = [_tall(blocks, sizes, k) for blocks, k in zip(columns, splits, strict=True)]
        tried = [i for i in sorted(range(len(columns)), key=lambda i: -tall[i]) if tall[i] > _TALL and splits[i] < _MOST]
        for i in tried:
            more = [k + (j == i) for j, k in enumerate(splits)]
            width = sum(_wide(blocks, sizes, k) + _GAP_X for blocks, k in zip(columns, more, strict=True))
            if width <= _WIDE and _tall(columns[i], sizes, more[i]) < tall[i]:
                splits = more
                break
        else:
            return splits


def _stack(
    blocks: Blocks,
    sizes: Mapping[str, Size],
    split: int,
    left: float,
    places: dict[str, layout.Place],
    heads: list[tuple[str, float, float]],
    frames: dict[str, Frame],
) -> float:
    """Put the blocks of a column one below the other, and return where the column ends."""
    y = layout.MARGIN
    for title, names in blocks.items():
        width = _width(names, sizes, _wide(blocks, sizes, split), split)
        if title:
            heads.append((_head(title, names), left, y + 13))
            y += _HEAD
        top, rows = y, _rows(names, split)
        for row in rows:
            tallest = max(sizes[key][1] for key in row)
            for i, key in enumerate(row):
                places[key] = layout.Place(left + i * (width + _GAP_Y) + width / 2, y + tallest / 2, width, tallest)
            y += tallest + _GAP_Y
        frames.update(dict.fromkeys(names, (left, top, left + len(rows[0]) * (width + _GAP_Y) - _GAP_Y, y - _GAP_Y)))
        y += _BLOCK - _GAP_Y
    return y - _BLOCK


def _rows(names: list[str], split: int) -> list[list[str]]:
    """Return the names of a block in rows, read downwards; a short block has fewer columns."""
    deep = -(-len(names) // min(split, -(-len(names) // _SHORT)))
    return [names[i::deep] for i in range(deep)]


def _tall(blocks: Blocks, sizes: Mapping[str, Size], split: int) -> float:
    rows = [row for names in blocks.values() for row in _rows(names, split)]
    return sum(max(sizes[key][1] for key in row) + _GAP_Y for row in rows) + len(blocks) * (_HEAD + _BLOCK)


def _wide(blocks: Blocks, sizes: Mapping[str, Size], split: int) -> float:
    def wide(names: list[str]) -> float:
        return len(_rows(names, split)[0]) * (max(sizes[key][0] for key in names) + _GAP_Y) - _GAP_Y

    return max(max(wide(names), len(_head(title, names)) * _EM) for title, names in blocks.items())


def _head(title: str, names: list[str]) -> str:
    return f"{title} ({len(names)})" if title and len(names) > 1 else title


def _width(names: list[str], sizes: Mapping[str, Size], whole: float, split: int) -> float:
    """Return how wide the nodes of a block are: as wide as the column where they stand alone in it, and no wider than is calm."""
    across = len(_rows(names, split)[0])
    return (whole + _GAP_Y) / across - _GAP_Y if across > 1 or whole < _CALM else max(sizes[key][0] for key in names)


def _settled(places: Mapping[str, layout.Place], columns: list[Blocks], height: float) -> dict[str, layout.Place]:
    """Set a column of one node in the middle, or where a first glance falls."""
    found = dict(places)
    for blocks in columns:
        (title, names), *more = blocks.items()
        if len(names) == 1 and not more and not title:
            at = found[names[0]]
            found[names[0]] = layout.Place(at.x, max(min(height / 2, GLANCE), at.height / 2 + LEADING), at.width, at.height + LEADING / 2)
    return found


def _strokes(
    graph: Picture, spots: Mapping[str, Spot], frames: Mapping[str, Frame], edges: Mapping[str, Size]
) -> tuple[tuple[Stroke, ...], tuple[Bracket, ...]]:
    """Return the lines, and for those from one node to several of a block the line that stands for them all."""
    groups: dict[tuple[str, Frame, bool, str], list[str]] = {}
    for start, end, edge in graph.edges(data=True):
        for hub, item in ((start, end), (end, start)):
            if not edge["quiet"]:
                groups.setdefault((hub, frames[item], edge["derived"], edge["verdict"]), []).append(item)
    sizes = Counter(frames.values())
    found: list[Stroke] = []
    brackets: dict[tuple[str, Frame, bool, str], tuple[str, tuple[str, ...]]] = {}
    for number, (start, end, edge) in enumerate(graph.edges(data=True)):
        a, b, ident, quiet, kind = spots[start], spots[end], f"e{number}", edge["quiet"], (edge["derived"], edge["verdict"])
        path, tip = straight(a, b)
        if not quiet:
            hub, item = max((start, end), (end, start), key=lambda pair: len(groups[pair[0], frames[pair[1]], *kind]))
            group, column = (hub, frames[item], *kind), edges[item]
            many = len(groups[group])
            if 1 < many == sizes[frames[item]]:
                quiet = True
                told, ids = brackets.get(group, (_bracket(spots[hub], frames[item], column, edge["derived"]), ()))
                brackets[group] = told, (*ids, ident)
            elif many > _FEW:
                quiet = True
            elif a.at.x != b.at.x:
                path, tip = _single(spots[hub], spots[item], column, hub == start, edge["derived"])
        found.append(Stroke(ident, a.id, b.id, path, tip, edge["verdict"] if edge["derived"] else "", quiet, edge))
    drawn = tuple(Bracket(path, ids, derived, tone if derived else "") for (_, _, derived, tone), (path, ids) in brackets.items())
    return tuple(found), drawn


def _bracket(hub: Spot, frame: Frame, column: Size, derived: bool) -> str:
    """Return a line from a node to the side of a block, with a bracket that embraces the block."""
    left, top, right, bottom = frame
    side = 1 if hub.at.x < left else -1
    near = left if side > 0 else right
    bar, ends = near - side * _BAR, near - side * 3
    return f"{_bus(hub, column, (top + bottom) / 2, derived)}H{bar:.1f}M{ends:.1f} {top:.1f}H{bar:.1f}V{bottom:.1f}H{ends:.1f}"


def _single(hub: Spot, item: Spot, column: Size, outwards: bool, derived: bool) -> tuple[str, tuple[float, float, int]]:
    """Return a line from a node to one other, level from the edge of its column on, and the point of its arrow."""
    side = 1 if hub.at.x < item.at.x else -1
    out, to = hub.at.x + side * hub.at.width / 2, item.at.x - side * item.at.width / 2
    tip = (to, item.at.y, side) if outwards else (out, hub.at.y, -side)
    path = f"{_bus(hub, column, item.at.y, derived)}H{to - (5 * side if outwards else 0):.1f}"
    return path, (round(tip[0], 1), round(tip[1], 1), tip[2])


def _bus(hub: Spot, column: Size, height: float, derived: bool) -> str:
    """Return the way from a node to a height beside a column: all such ways run along one line, those of what is derived along another."""
    side = 1 if hub.at.x < column[0] else -1
    out, edge = hub.at.x + side * hub.at.width / 2, column[0] if side > 0 else column[1]
    x, y = (out + edge) / 2 + (3 if derived else -3) * side, hub.at.y
    climb = min(_BEND, abs(height - y) / 2) * (1 if height > y else -1)
    turns = f"Q{x:.1f} {y:.1f} {x:.1f} {y + climb:.1f}V{height - climb:.1f}Q{x:.1f} {height:.1f} {x + _BEND * side:.1f} {height:.1f}"
    return f"M{out:.1f} {y:.1f}H{x - _BEND * side:.1f}{turns}"
