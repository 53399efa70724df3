"""An answer as one page that holds all it needs: a picture of the argument, then the same in words.

pyvis gives the network its form and carries the drawing library; its own page templates load from elsewhere in every mode, so the
data goes into a page of ours. The page asks nothing of any network, and says so in its content security policy.
"""

from __future__ import annotations

import json
import textwrap
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyvis.network import Network

from . import html, layout, picture
from .errors import PharmakonError
from .shapes import ROOM, inset, outline
from .text import MARKS, WORDS
from .values import Contrast

if TYPE_CHECKING:
    from .picture import Picture
    from .values import Answer

KINDS = {
    "drug": "drug",
    "statement": "what a source says",
    "claim": "list claimed complete",
    "vocabulary": "what a word covers",
    "disjointness": "what a word excludes",
    "open": "what nobody states",
    "condition": "condition",
    "class": "sense of the word",
}
"""What the legend calls each kind of node, from left to right."""

_WRAP, _LINES = 25, 4
_EM, _STRONG, _LEADING = 7.5, 8.3, 17.0
_OPTIONS = {
    "autoResize": False,
    "physics": False,
    "layout": {"improvedLayout": False},
    "interaction": {"dragNodes": False, "dragView": False, "zoomView": False, "selectable": False, "hover": False},
}


def page(value: Answer | Contrast) -> str:
    """Return an answer, or a contrast, as one page of HTML."""
    contrast = isinstance(value, Contrast)
    graph = picture.of_contrast(value) if isinstance(value, Contrast) else picture.of_answer(value)
    data, script = _data(graph), _script()
    nodes = sorted(data["nodes"], key=lambda node: (node["x"], node["y"]))
    answers = (value.a, value.b) if isinstance(value, Contrast) else (value,)
    return html.render(
        "page.html",
        value=value,
        contrast=contrast,
        question=value.question,
        answers=answers,
        nodes=nodes,
        size=(data["width"], data["height"]),
        legend=[(kind, name, outline(kind, 30, 15)) for kind, name in KINDS.items() if any(node["kind"] == kind for node in nodes)],
        partial=any(told.capped or len(picture.drawn(told)) < len(told.reasons) for a in answers for told in a.answers),
        data=_inert(data),
        script=script,
        digest="sha256-" + b64encode(sha256(script.encode()).digest()).decode(),
    )


def draw(value: Answer | Contrast, path: str | Path) -> Path:
    """Write an answer, or a contrast, as one page of HTML and return where it is.

    Raises:
        PharmakonError: the file cannot be written.
    """
    path = Path(path)
    try:
        path.write_text(page(value), encoding="utf-8")
    except OSError as error:
        raise PharmakonError(f"{path} cannot be written: {error.strerror}") from None
    return path


# --- the picture ----------------------------------------------------------------------------------------------------


def _data(graph: Picture) -> dict[str, Any]:
    """Return what the page draws: nodes with their places, outlines and texts, edges from a basis to what it shows."""
    numbers = {key: f"n{i}" for i, key in enumerate(graph)}
    lines = {key: _lines(node, _several(graph)) for key, node in graph.nodes(data=True)}
    placed = layout.place(_boxes(graph, lines), [(basis, shown) for shown, basis in graph.edges])
    network = Network(directed=True)
    for key, node in graph.nodes(data=True):
        at = placed.places[key]
        network.add_node(
            numbers[key],
            label=node["label"],
            shape="custom",
            x=round(at.x, 1),
            y=round(at.y, 1),
            width=round(at.width, 1),
            height=round(at.height, 1),
            kind=node["kind"],
            outline=outline(node["kind"], round(at.width, 1), round(at.height, 1)),
            lines=lines[key],
            card=_card(node),
        )
    for number, (shown, basis, edge) in enumerate(graph.edges(data=True)):
        tone = edge["verdict"] if edge["derived"] else ""
        ends = [(graph.nodes[key]["kind"], placed.places[key]) for key in (basis, shown)]
        route = _route(placed.routes[basis, shown], *ends)
        dashes = [6, 4] if edge["derived"] else False
        network.add_edge(numbers[basis], numbers[shown], id=f"e{number}", dashes=dashes, hidden=True, tone=tone, route=route)
    network.set_options(json.dumps(_OPTIONS))
    nodes, edges, _, _, _, options = network.get_network_data()
    return {
        "nodes": nodes,
        "edges": edges,
        "options": json.loads(options),
        "width": round(placed.width, 1),
        "height": round(placed.height, 1),
    }


def _several(graph: Picture) -> bool:
    return len([key for key, node in graph.nodes(data=True) if node["kind"] == "drug"]) > 1


def _route(points: tuple[layout.Point, ...], start: tuple[str, layout.Place], end: tuple[str, layout.Place]) -> dict[str, Any]:
    """Return a line as an SVG path, level where it leaves and where it enters, and the point of its arrow."""
    (kind, at), (other, there) = start, end
    first = (points[0][0] - inset(kind, at.height, points[0][1] - at.y)[1], points[0][1])
    last = (points[-1][0] + inset(other, there.height, points[-1][1] - there.y)[0], points[-1][1])
    path = [f"M{first[0]:.1f} {first[1]:.1f}"]
    for (x, y), (to_x, to_y) in zip(points[::2], points[1::2], strict=True):
        middle = (x + to_x) / 2
        path.append(f"L{x:.1f} {y:.1f}C{middle:.1f} {y:.1f} {middle:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}")
    return {"path": "".join([*path, f"L{last[0] - 5:.1f} {last[1]:.1f}"]), "tip": [round(last[0], 1), round(last[1], 1)]}


def _lines(node: dict[str, Any], named: bool) -> list[tuple[str, str]]:
    """Return the lines of a node with the tone of each: "strong", "plain", or a verdict."""
    told = [(who, verdict) for who, verdict in node["verdicts"] if who]
    wrapped = textwrap.wrap(node["label"], _WRAP, max_lines=_LINES, placeholder=" …", break_on_hyphens=False) or [""]
    label = [(line, "strong" if node["kind"] in ("drug", "class") else "plain") for line in wrapped]
    if node["kind"] not in ("class", "condition") or not told:
        return label
    if not named:
        verdict = told[0][1]
        return [(f"{MARKS[verdict]} {WORDS[verdict]}", verdict), *label]
    return [*label, *((f"{MARKS[verdict]} {who}: {WORDS[verdict]}", verdict) for who, verdict in told)]


def _boxes(graph: Picture, lines: dict[str, list[tuple[str, str]]]) -> dict[str, layout.Box]:
    """Return the boxes to place. What belongs to the first drug stands above what belongs to the second, and senses keep their order."""
    columns = picture.columns(graph)
    ranks = [key for kind in ("drug", "class") for key, node in graph.nodes(data=True) if node["kind"] == kind]
    boxes = {}
    for key, node in graph.nodes(data=True):
        width = max(len(text) * (_EM if tone == "plain" else _STRONG) for text, tone in lines[key]) + 2 * ROOM[node["kind"]]
        whose = [basis for basis in graph.successors(key) if graph.nodes[basis]["kind"] == "drug"]
        band = next((ranks.index(other) for other in (key, *whose) if other in ranks), None)
        boxes[key] = layout.Box(width, len(lines[key]) * _LEADING + 14, columns[key], band)
    return boxes


def _card(node: dict[str, Any]) -> dict[str, Any]:
    """Return what is told of a node when it is chosen."""
    told = [
        f"{MARKS[verdict]} {who}: {WORDS[verdict]}" for who, verdict in node["verdicts"] if who and node["kind"] in ("class", "condition")
    ]
    shared = len(node["verdicts"]) > 1
    claim = f"{node['verdicts'][0][0]}: {node['claim']}" if node["kind"] == "claim" and node["verdicts"][0][0] else node["claim"]
    return {
        "kind": KINDS[node["kind"]],
        "claim": node["label"] if shared or node["kind"] == "class" else claim,
        "told": told,
        "also": [node["claim"]] if node["kind"] == "class" and node["claim"] else list(node["also"]),
        "sources": [f"{s.citation}: {s.locator}" if s.locator else s.citation for s in node["sources"]],
    }


# --- what the page carries ------------------------------------------------------------------------------------------


def _inert(data: dict[str, Any]) -> str:
    """Write data as JSON that cannot end the element it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return (
        text.replace("&", "\\u0026")
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )


@cache
def _script() -> str:
    """Return the drawing library that pyvis carries and the page's own script, as one."""
    found = sorted(resources.files("pyvis").joinpath("lib").iterdir(), key=lambda folder: folder.name)
    newest = [folder for folder in found if folder.name.startswith("vis-")][-1]
    library = newest.joinpath("vis-network.min.js").read_text(encoding="utf-8").partition("//# sourceMappingURL")[0]
    own = resources.files("pharmakon").joinpath("templates", "page.js").read_text(encoding="utf-8")
    return f"{library}\n{own}".replace("</script", "<\\/script")
