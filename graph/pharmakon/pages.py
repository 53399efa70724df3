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
from .values import Contrast
from .errors import PharmakonError
from .shapes import ROOM, outline
from .text import MARKS, WORDS

if TYPE_CHECKING:
    from .values import Answer
    from .picture import Picture

KINDS = {
    "drug": "drug",
    "statement": "what a source says",
    "claim": "list claimed to be complete",
    "vocabulary": "what a word covers",
    "disjointness": "what a word excludes",
    "open": "what nobody states",
    "condition": "condition",
    "class": "what it is, or is not",
}
"""What the legend calls each kind of node, from left to right."""

_WRAP, _LINES = 26, 4
_EM, _STRONG, _LEADING = 7.5, 8.3, 17.0
_OPTIONS = {
    "autoResize": False,
    "physics": False,
    "layout": {"improvedLayout": False},
    "interaction": {"dragNodes": False, "dragView": False, "zoomView": False, "selectable": False, "hover": False},
    "edges": {
        "smooth": {"enabled": True, "type": "cubicBezier", "forceDirection": "horizontal", "roundness": 0.45},
        "arrows": {"to": {"enabled": True, "scaleFactor": 0.5}},
        "arrowStrikethrough": False,
        "width": 1.3,
    },
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
        question=html.question(value),
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
    lines = {key: _lines(node) for key, node in graph.nodes(data=True)}
    boxes = _boxes(graph, lines)
    centres = layout.place(boxes, graph.edges)
    network = Network(directed=True)
    for key, node in graph.nodes(data=True):
        box, (x, y) = boxes[key], centres[key]
        network.add_node(
            numbers[key],
            label=node["label"],
            shape="custom",
            x=round(x, 1),
            y=round(y, 1),
            width=round(box.width, 1),
            height=round(box.height, 1),
            kind=node["kind"],
            outline=outline(node["kind"], round(box.width, 1), round(box.height, 1)),
            lines=lines[key],
            card=_card(node),
        )
    for number, (shown, basis, edge) in enumerate(graph.edges(data=True)):
        network.add_edge(
            numbers[basis], numbers[shown], id=f"e{number}", dashes=[6, 4] if edge["derived"] else False, verdict=edge["verdict"]
        )
    network.set_options(json.dumps(_OPTIONS))
    nodes, edges, _, _, _, options = network.get_network_data()
    width = max(centres[key][0] + boxes[key].width / 2 for key in graph)
    height = max(centres[key][1] + boxes[key].height / 2 for key in graph)
    return {"nodes": nodes, "edges": edges, "options": json.loads(options), "width": round(width, 1), "height": round(height, 1)}


def _lines(node: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the lines of a node with the tone of each: "strong", "plain", or a verdict."""
    told = [(who, verdict) for who, verdict in node["verdicts"] if who]
    wrapped = textwrap.wrap(node["label"], _WRAP, max_lines=_LINES, placeholder=" …") or [""]
    label = [(line, "strong" if node["kind"] in ("drug", "class") else "plain") for line in wrapped]
    if node["kind"] not in ("class", "condition") or not told:
        return label
    if len(told) == 1:
        verdict = told[0][1]
        return [(f"{MARKS[verdict]} {WORDS[verdict]}", verdict), *label]
    return [*label, *((f"{MARKS[verdict]} {who}: {WORDS[verdict]}", verdict) for who, verdict in told)]


def _boxes(graph: Picture, lines: dict[str, list[tuple[str, str]]]) -> dict[str, layout.Box]:
    columns = picture.columns(graph)
    drugs = [node["label"] for _, node in graph.nodes(data=True) if node["kind"] == "drug"]
    boxes = {}
    for key, node in graph.nodes(data=True):
        width = max(len(text) * (_EM if tone == "plain" else _STRONG) for text, tone in lines[key]) + 2 * ROOM[node["kind"]]
        whose = {who for who, _ in node["verdicts"]} & set(drugs) or {node["label"]} & set(drugs)
        band = (
            drugs.index(min(whose, key=drugs.index))
            if len(whose) == 1 and len(drugs) > 1 and node["kind"] in ("drug", "statement", "claim")
            else None
        )
        boxes[key] = layout.Box(width, len(lines[key]) * _LEADING + 16, columns[key], band)
    return boxes


def _card(node: dict[str, Any]) -> dict[str, Any]:
    """Return what is told of a node when it is chosen."""
    told = [
        f"{MARKS[verdict]} {who}: {WORDS[verdict]}" for who, verdict in node["verdicts"] if who and node["kind"] in ("class", "condition")
    ]
    shared = len(node["verdicts"]) > 1
    return {
        "kind": KINDS[node["kind"]],
        "claim": node["label"] if shared or node["kind"] == "class" else node["claim"],
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
