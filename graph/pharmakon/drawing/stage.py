"""Put a picture in its place: an argument or a few nodes in columns with a way kept free for each line, many nodes in blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from . import layout, proofs
from .blocks import placed
from .picture import ARGUMENT, DIFFERS, layered
from .scene import GLANCE, Scene, Spot, Stroke, lines, size, spot, straight
from .shapes import inset

if TYPE_CHECKING:
    from .picture import Picture

_MANY, _CLOSE, _CLOSE_GAP = 160, 40, 6.0


def stage(graph: Picture) -> Scene:
    """Put a picture in its place."""
    if graph.graph["reads"] == ARGUMENT:
        return _layered(graph, proofs.columns(graph), [(basis, shown, edge) for shown, basis, edge in graph.edges(data=True)])
    places = {key: node["place"] for key, node in graph.nodes(data=True)}
    if any(place is None for place in places.values()):
        return _layered(graph, layered(graph.edges, graph), list(graph.edges(data=True)))
    loud = sum(not edge["quiet"] for *_, edge in graph.edges(data=True))
    if any(block for _, block in places.values()) or loud > _MANY:
        return placed(graph)
    return _layered(graph, {key: column for key, (column, _) in places.items()}, list(graph.edges(data=True)))


def _layered(graph: Picture, columns: Mapping[str, int], links: list[tuple[str, str, dict[str, Any]]]) -> Scene:
    """Put a picture in columns, with a way kept free for each line; a line that leads to the left has its arrow there."""
    several = sum(node["kind"] == "drug" for _, node in graph.nodes(data=True)) > 1
    close = len(graph) > _CLOSE
    texts = {key: lines(node, several) for key, node in graph.nodes(data=True)}
    loud = [link for link in links if not link[2]["quiet"]]
    pairs = {(start, end): (start, end) if columns[start] < columns[end] else (end, start) for start, end, _ in loud}
    found = layout.place(boxes(graph, texts, columns, close), dict.fromkeys(pairs.values()), _CLOSE_GAP if close else layout.GAP_Y)
    if graph.graph["reads"] != ARGUMENT:
        found = _raised(found, {key for key, column in columns.items() if column == 0})
    spots = {key: spot(graph, key, found.places[key], texts[key], number) for number, key in enumerate(graph)}
    strokes = []
    for number, (start, end, edge) in enumerate(links):
        one, other = pairs.get((start, end), (start, end))
        if edge["quiet"]:
            path, tip = straight(spots[start], spots[end])
        else:
            path, tip = _route(found.routes[one, other], spots[one], spots[other], start == one)
        tone = edge["verdict"] if edge["derived"] else ""
        strokes.append(Stroke(f"e{number}", spots[start].id, spots[end].id, path, tip, tone, edge["quiet"], edge))
    return Scene(graph.graph["title"], tuple(spots.values()), tuple(strokes), found.width, found.height, graph.graph["left_out"])


def _raised(found: layout.Layout, first: set[str]) -> layout.Layout:
    """Raise the first column to where a first glance falls."""
    heights = [found.places[key].y for key in first]
    if max(heights) - min(heights) > GLANCE:
        return found
    by = min(sum(heights) / len(heights) - GLANCE, min(found.places[key].y - found.places[key].height / 2 for key in first) - layout.MARGIN)
    if by <= 0:
        return found
    places = {key: replace(at, y=at.y - by) if key in first else at for key, at in found.places.items()}
    routes = {(a, b): ((x, y - by), *rest) if a in first else ((x, y), *rest) for (a, b), ((x, y), *rest) in found.routes.items()}
    return replace(found, places=places, routes=routes)


def boxes(
    graph: Picture, texts: Mapping[str, tuple[tuple[str, str], ...]], columns: Mapping[str, int], close: bool = False
) -> dict[str, layout.Box]:
    """Return the boxes to place. What belongs to the first drug stands above what belongs to the second, and senses keep their order."""
    argument = graph.graph["reads"] == ARGUMENT
    kinds = ("drug", "class") if argument else ("drug",)
    ranks = [k for kind in kinds for k, node in graph.nodes(data=True) if node["kind"] == kind and (argument or not columns[k])]
    found = {}
    for key, node in graph.nodes(data=True):
        width, height = size(node, texts[key], 6 if close else 14)
        whose = [basis for basis in graph.successors(key) if argument and graph.nodes[basis]["kind"] == "drug"]
        band = next((ranks.index(other) for other in (key, *whose) if other in ranks), None)
        if not argument and node["verdict"]:
            band = int(node["verdict"] not in ("yes", DIFFERS))
        found[key] = layout.Box(width, height, columns[key], band)
    return found


def _route(points: tuple[layout.Point, ...], start: Spot, end: Spot, onwards: bool) -> tuple[str, tuple[float, float, int]]:
    """Return a line as an SVG path, level where it leaves and where it enters, and the point of its arrow."""
    first = (points[0][0] - inset(start.kind, start.at.height, points[0][1] - start.at.y)[1], points[0][1])
    last = (points[-1][0] + inset(end.kind, end.at.height, points[-1][1] - end.at.y)[0], points[-1][1])
    path = [f"M{first[0] + (0 if onwards else 5):.1f} {first[1]:.1f}"]
    for (x, y), (to_x, to_y) in zip(points[::2], points[1::2], strict=True):
        middle = (x + to_x) / 2
        path.append(f"L{x:.1f} {y:.1f}C{middle:.1f} {y:.1f} {middle:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}")
    path.append(f"L{last[0] - (5 if onwards else 0):.1f} {last[1]:.1f}")
    x, y = last if onwards else first
    return "".join(path), (round(x, 1), round(y, 1), 1 if onwards else -1)
