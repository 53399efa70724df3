"""A picture with every node, text and line in its place: what the page, the SVG and the PNG draw alike. Lengths are in CSS pixels."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..text import MARKS, WORDS
from . import layout
from .shapes import ROOM, outline

if TYPE_CHECKING:
    from .picture import Picture

_WRAP, _LINES = 25, 4
_TOLD = 6
GLANCE = 300.0
"""How far down a first glance at a picture falls: what it is of stands no lower."""
_EM, _STRONG, LEADING = 7.5, 8.3, 17.0
VERDICTS = frozenset(MARKS)


@dataclass(frozen=True)
class Spot:
    """A node in its place.

    Attributes:
        id: its name in the document that is drawn.
        key: its name in the picture.
        kind: its kind.
        at: its centre and its size.
        outline: an SVG path around its centre.
        lines: its texts, each with its tone: "strong", "plain" or a verdict.
        node: what the picture says of it.
    """

    id: str
    key: str
    kind: str
    at: layout.Place
    outline: str
    lines: tuple[tuple[str, str], ...]
    node: Mapping[str, Any]

    @property
    def title(self) -> str:
        """What is read out in its place."""
        told = "; ".join(f"{who}: {WORDS[verdict]}" if who else WORDS[verdict] for who, verdict in self.verdicts)
        return f"{self.sentence}{f' ({told})' if told else ''}"

    @property
    def sentence(self) -> str:
        """What it says: its label where that is a name or is said of several, else its claim, with whose claim it is."""
        who = [name for name, _ in self.node["verdicts"] if name]
        if self.kind in NAMED or len(who) > 1:
            return str(self.node["label"])
        return f"{who[0]}: {self.node['claim']}" if self.kind == "claim" and who else str(self.node["claim"])

    @property
    def verdicts(self) -> tuple[tuple[str, str], ...]:
        """The verdicts that are shown on it."""
        return tuple(self.node["verdicts"]) if self.kind in ASKED else ()


@dataclass(frozen=True)
class Stroke:
    """A line in its place.

    Attributes:
        id: its name in the document that is drawn.
        start: the node from which the arrow comes.
        end: the node at which the arrow points.
        path: an SVG path.
        tip: the point of the arrow, and 1 where it points to the right, -1 where to the left.
        tone: the verdict that it carries; empty where it carries none.
        quiet: whether it is drawn only where one of its ends is chosen.
        edge: what the picture says of it.
    """

    id: str
    start: str
    end: str
    path: str
    tip: tuple[float, float, int]
    tone: str
    quiet: bool
    edge: Mapping[str, Any]


@dataclass(frozen=True)
class Bracket:
    """A line from a node to a whole block, which stands for several lines.

    Attributes:
        path: an SVG path.
        strokes: the names of the lines that it stands for.
        derived: whether what they say is derived.
        tone: the verdict that they carry; empty where they carry none.
    """

    path: str
    strokes: tuple[str, ...]
    derived: bool
    tone: str


@dataclass(frozen=True)
class Scene:
    """A whole picture.

    Attributes:
        title: the question.
        spots: the nodes.
        strokes: the lines.
        width: of the whole.
        height: of the whole.
        left_out: what the picture does not show; empty where it shows all.
        heads: titles of blocks, with the place where each begins.
        brackets: lines to whole blocks.
    """

    title: str
    spots: tuple[Spot, ...]
    strokes: tuple[Stroke, ...]
    width: float
    height: float
    left_out: str
    heads: tuple[tuple[str, float, float], ...] = ()
    brackets: tuple[Bracket, ...] = ()


NAMED = ("drug", "class", "target", "effect", "disease", "thing", "consequence", "rule")
"""The kinds of node that are called by their labels; of others the sentence is told."""

ASKED = ("class", "condition", "rule")
"""The kinds of node on which verdicts are written."""


def straight(start: Spot, end: Spot) -> tuple[str, tuple[float, float, int]]:
    """Return a line from side to side, whatever stands between, and the point of its arrow."""
    if start.at.x == end.at.x:
        x, way = start.at.x + start.at.width / 2, end.at.x + end.at.width / 2
        path = f"M{x:.1f} {start.at.y:.1f}C{x + 40:.1f} {start.at.y:.1f} {way + 40:.1f} {end.at.y:.1f} {way + 5:.1f} {end.at.y:.1f}"
        return path, (round(way, 1), end.at.y, -1)
    side = 1 if start.at.x < end.at.x else -1
    x, to_x = start.at.x + side * start.at.width / 2, end.at.x - side * end.at.width / 2
    middle = (x + to_x) / 2
    path = f"M{x:.1f} {start.at.y:.1f}C{middle:.1f} {start.at.y:.1f} {middle:.1f} {end.at.y:.1f} {to_x - 5 * side:.1f} {end.at.y:.1f}"
    return path, (round(to_x, 1), end.at.y, side)


def spot(graph: Picture, key: str, at: layout.Place, texts: tuple[tuple[str, str], ...], number: int) -> Spot:
    """Return a node in its place."""
    node = graph.nodes[key]
    at = layout.Place(round(at.x, 1), round(at.y, 1), round(at.width, 1), round(at.height, 1))
    return Spot(f"n{number}", key, node["kind"], at, outline(node["kind"], at.width, at.height), texts, node)


def lines(node: Mapping[str, Any], named: bool, wrap: int = _WRAP, most: int = _LINES) -> tuple[tuple[str, str], ...]:
    """Return the texts of a node with their tones; ``named`` where verdicts are of several drugs."""
    told = [(who, verdict) for who, verdict in node["verdicts"] if who]
    wrapped = textwrap.wrap(node["label"], wrap, max_lines=most, placeholder=" …", break_on_hyphens=False) or [""]
    label = tuple((line, "strong" if node["kind"] in ("drug", "class") else "plain") for line in wrapped)
    if node["kind"] not in ASKED or not told:
        return label
    if not named:
        return ((WORDS[told[0][1]], told[0][1]), *label)
    if len(told) > _TOLD:
        counts = {verdict: sum(found == verdict for _, found in told) for _, verdict in told}
        return (*label, *((f"{WORDS[verdict]}: {count}", verdict) for verdict, count in counts.items()))
    return (*label, *((f"{who}: {WORDS[verdict]}", verdict) for who, verdict in told))


def size(node: Mapping[str, Any], texts: tuple[tuple[str, str], ...], pad: float = 14) -> tuple[float, float]:
    """Return the width and the height that the texts of a node need."""
    widths = [len(text) * (_EM if tone == "plain" else _STRONG) + (16 if tone in VERDICTS else 0) for text, tone in texts]
    return max(widths) + 2 * ROOM[node["kind"]], len(texts) * LEADING + pad
