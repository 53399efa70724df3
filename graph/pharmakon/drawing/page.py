"""A picture as one page that holds all it needs: the picture to explore, then the same in words.

pyvis gives the network its form and carries the drawing library; its own page templates load from elsewhere in every mode, so the
data goes into a page of ours. The page asks nothing of any network, and says so in its content security policy.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from html import escape
from importlib import resources
from typing import TYPE_CHECKING, Any

from pyvis.network import Network

from .. import html
from ..text import MARKS, WORDS
from ..values import DISCLAIMER
from . import image, views
from .scene import NAMED, VERDICTS, Scene, Spot
from .shapes import KINDS, outline
from .stage import stage

if TYPE_CHECKING:
    from ..proof import Citation, Proof

_OPTIONS = {
    "autoResize": False,
    "physics": False,
    "layout": {"improvedLayout": False},
    "interaction": {"dragNodes": False, "dragView": False, "zoomView": False, "selectable": False, "hover": False},
}
_DEEP = 3
"""How many levels of a proof a card tells; the words below tell all."""


def page(value: Any) -> str:
    """Return the picture of a value as one page of HTML."""
    whole = stage(views.view(value))
    data, script = data_of(whole), _script()
    kinds, verdicts = {spot.kind for spot in whole.spots}, {v for spot in whole.spots for _, v in spot.verdicts}
    steps = {stroke.edge["derived"] for stroke in whole.strokes}
    return html.render(
        "drawing.html",
        title=whole.title,
        answers=_answers(value),
        scene=whole,
        spots=sorted(whole.spots, key=lambda spot: (spot.at.x, spot.at.y)),
        names={spot.id: _name(spot) for spot in whole.spots},
        kinds=[(kind, name, outline(kind, 30, 15)) for kind, name in KINDS.items() if kind in kinds],
        steps=[
            (kind, name) for kind, name in (("asserted", "asserted by a source"), ("derived", "derived")) if (kind == "derived") in steps
        ],
        verdicts=[verdict for verdict in WORDS if verdict in verdicts],
        prose=_words(value, whole),
        palettes=image.PALETTE,
        static=image.svg(whole, heading=False),
        data=_inert(data),
        script=script,
        digest="sha256-" + b64encode(sha256(script.encode()).digest()).decode(),
    )


def frame(whole: str, static: str, title: str) -> str:
    """Return a page in a sandboxed frame. Where style and frames are taken out, as on a repository's page, the static picture is left."""
    picture = b64encode(static.encode()).decode()
    return (
        "<style>.ph-static{display:none}</style>"
        f'<iframe title="{escape(title)}" sandbox="allow-scripts allow-downloads" srcdoc="{escape(whole)}" '
        'style="width:100%;height:640px;border:1px solid #8886;border-radius:6px"></iframe>'
        f'<img class="ph-static" alt="{escape(title)}" src="data:image/svg+xml;base64,{picture}">'
    )


# --- the picture ----------------------------------------------------------------------------------------------------


def data_of(whole: Scene) -> dict[str, Any]:
    """Return what the page draws: nodes with their places, outlines, texts and cards, and lines."""
    network, sources = Network(directed=True), Numbered()
    for spot in whole.spots:
        network.add_node(
            spot.id,
            label=spot.node["label"],
            shape="custom",
            x=spot.at.x,
            y=spot.at.y,
            width=spot.at.width,
            height=spot.at.height,
            kind=spot.kind,
            outline=spot.outline,
            lines=[(f"{MARKS[tone]} {text}" if tone in VERDICTS else text, tone) for text, tone in spot.lines],
            verdicts=sorted({verdict for _, verdict in spot.verdicts}),
            card=_card(spot, sources),
        )
    ends: dict[tuple[str, str], dict[str, Any]] = {}
    for stroke in whole.strokes:
        derived = stroke.edge["derived"]
        ends[stroke.start, stroke.end] = {
            "id": stroke.id,
            "dashes": [6, 4] if derived else False,
            "hidden": True,
            "tone": stroke.tone,
            "quiet": stroke.quiet,
            "route": {"path": stroke.path, "tip": stroke.tip},
            "told": [[text, sources.of(found)] for text, found in stroke.edge["told"]],
        }
    for (start, end), told in ends.items():
        network.add_edge(start, end, **told)
    network.set_options(json.dumps(_OPTIONS))
    nodes, edges, _, _, _, options = network.get_network_data()
    size = {"width": round(whole.width, 1), "height": round(whole.height, 1)}
    heads = [[text, round(x, 1), round(y, 1)] for text, x, y in whole.heads]
    brackets = [{"path": b.path, "edges": list(b.strokes), "dashes": [6, 4] if b.derived else [], "tone": b.tone} for b in whole.brackets]
    return {
        "nodes": nodes,
        "edges": edges,
        "brackets": brackets,
        "heads": heads,
        "near": bool(brackets) or any(stroke.quiet for stroke in whole.strokes),
        "sources": sources.texts,
        "foot": [text for text in (whole.left_out, DISCLAIMER) if text],
        "options": json.loads(options),
        **size,
    }


class Numbered:
    """Sources, each written once and called by its number: many cards cite the same."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}

    def of(self, found: Iterable[Citation]) -> list[int]:
        """Return the numbers of some sources."""
        return [self._number(f"{s.citation}: {s.locator}" if s.locator else s.citation) for s in found]

    def _number(self, text: str) -> int:
        if text not in self._numbers:
            self._numbers[text] = len(self.texts)
            self.texts.append(text)
        return self._numbers[text]


def _name(spot: Spot) -> str:
    return f"{KINDS[spot.kind]}: {spot.title}"


def _card(spot: Spot, sources: Numbered) -> dict[str, Any]:
    """Return what is told of a node when it is chosen."""
    node = spot.node
    told = [f"{MARKS[verdict]} {who}: {WORDS[verdict]}" if who else f"{MARKS[verdict]} {WORDS[verdict]}" for who, verdict in spot.verdicts]
    return {
        "kind": KINDS[spot.kind],
        "claim": spot.sentence,
        "told": told,
        "also": [node["claim"], *node["also"]] if spot.kind in NAMED and node["claim"] != node["label"] else list(node["also"]),
        "sources": sources.of(node["sources"]),
        "proofs": [_proof(proof, sources, _DEEP) for proof in node["proofs"]],
    }


def _proof(proof: Proof, sources: Numbered, deep: int) -> list[Any]:
    """Return a proof as nested lists: the claim with its mark, its sources, what it rests on; what is deep as its leaves alone."""
    inner = proof
    while len(inner.children) == 1 and inner.kind in ("class", "condition") and inner.children[0].kind in ("class", "condition"):
        inner = inner.children[0]
    mark = MARKS[proof.verdict] + " " if proof.kind in ("class", "condition", "interaction") else ""
    if deep:
        below = [_proof(child, sources, deep - 1) for child in inner.children]
    else:
        below = [[leaf.claim, sources.of(leaf.sources), []] for leaf in dict.fromkeys(inner.leaves()) if leaf is not proof]
    return [mark + proof.claim, sources.of(proof.sources), below]


# --- the words ------------------------------------------------------------------------------------------------------


def _answers(value: Any) -> list[Any]:
    """Return the answers whose verdicts stand at the head of the page."""
    name = type(value).__name__
    return [value] if name == "Answer" else [value.a, value.b] if name == "Contrast" else []


def _words(value: Any, whole: Scene) -> str:
    """Return the value in words; of what has none, the sentences of the picture with their sources."""
    try:
        return html.words(value, open=99, level=3)
    except KeyError:
        told = dict.fromkeys(told for stroke in whole.strokes for told in stroke.edge["told"])
        return html.render("drawing-words.html", told=told)


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
    own = resources.files("pharmakon").joinpath("drawing", "templates", "drawing.js").read_text(encoding="utf-8")
    return f"{library}\n{own}".replace("</script", "<\\/script")
