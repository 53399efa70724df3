"""The outline of each kind of node, as an SVG path around the origin: for the picture and for its legend alike."""

from __future__ import annotations

KINDS = {
    "drug": "drug",
    "statement": "what a source says",
    "claim": "list claimed complete",
    "vocabulary": "what a word covers",
    "disjointness": "what a word excludes",
    "open": "what nobody states",
    "condition": "condition",
    "target": "target",
    "effect": "effect",
    "disease": "medical condition",
    "thing": "other thing",
    "rule": "rule",
    "consequence": "consequence",
    "class": "class",
}
"""What the legend calls each kind of node."""

ROOM = (
    dict.fromkeys(KINDS, 12)
    | {"drug": 18, "claim": 14, "vocabulary": 18, "disjointness": 18, "condition": 18}
    | {
        "effect": 18,
        "disease": 16,
        "rule": 18,
        "consequence": 18,
    }
)
"""How much room the text of each kind needs to its left and to its right, in CSS pixels."""

MARKS = {
    "yes": "M-4.2 0A4.2 4.2 0 1 1 4.2 0A4.2 4.2 0 1 1 -4.2 0Z",
    "no": "M-3.8 -3.8L3.8 3.8M3.8 -3.8L-3.8 3.8",
    "unknown": "M-4 0A4 4 0 1 1 4 0A4 4 0 1 1 -4 0Z",
    "contradicted": "M1.6 -5.4L-3.6 .8H-.4L-1.6 5.4L3.6 -.8H.4Z",
}
"""The mark of each verdict as a path, so that no font has to have it: a disc, a cross, a dotted ring, a bolt."""


def outline(kind: str, width: float, height: float) -> str:
    """Return the outline of a kind of node.

    >>> outline("statement", 30, 10)
    'M-15 -5H15V5H-15Z'
    """
    x, y = width / 2, height / 2
    nib = min(12.0, y)
    match kind:
        case "drug":
            return _rounded(x, y, y)
        case "class":
            return _rounded(x, y, min(10.0, y))
        case "claim":
            inset = min(4.0, y / 3)
            return _corners([(-x, -y), (x, -y), (x, y), (-x, y)]) + _corners(
                [(inset - x, inset - y), (x - inset, inset - y), (x - inset, y - inset), (inset - x, y - inset)]
            )
        case "condition":
            return _corners([(-x, 0), (nib - x, -y), (x - nib, -y), (x, 0), (x - nib, y), (nib - x, y)])
        case "vocabulary":
            return _corners([(nib - x, -y), (x, -y), (x - nib, y), (-x, y)])
        case "disjointness":
            return _corners([(-x, -y), (x, -y), (x - nib, 0), (x, y), (-x, y), (nib - x, 0)])
        case "target":
            cut = min(6.0, y / 2)
            return _corners(
                [(cut - x, -y), (x - cut, -y), (x, cut - y), (x, y - cut), (x - cut, y), (cut - x, y), (-x, y - cut), (-x, cut - y)]
            )
        case "effect":
            return _corners([(-x, -y), (x - nib, -y), (x, 0), (x - nib, y), (-x, y)])
        case "consequence":
            return _corners([(-x, -y), (x - nib, -y), (x, 0), (x - nib, y), (-x, y), (nib - x, 0)])
        case "disease":
            return _corners([(-x, 0), (nib - x, -y), (x, -y), (x, y), (nib - x, y)])
        case "rule":
            return _corners([(-x, -y), (x - nib, -y), (x, y), (nib - x, y)])
        case "thing":
            cut = min(7.0, y)
            return _corners([(-x, -y), (x - cut, -y), (x, cut - y), (x, y), (-x, y)])
    return f"M{-x:g} {-y:g}H{x:g}V{y:g}H{-x:g}Z"


def inset(kind: str, height: float, offset: float) -> tuple[float, float]:
    """Return how far the outline stands back from its box, at the left and at the right, at an offset below the middle.

    >>> inset("condition", 40, 0), inset("condition", 40, 20)
    ((0.0, 0.0), (12.0, 12.0))
    """
    y = height / 2
    nib, share = min(12.0, y), abs(offset) / y
    match kind:
        case "drug":
            back = y - (y * y - offset * offset) ** 0.5
            return back, back
        case "condition":
            return nib * share, nib * share
        case "vocabulary":
            return nib * (y - offset) / height, nib * (y + offset) / height
        case "disjointness":
            return nib * (1 - share), nib * (1 - share)
        case "effect":
            return 0.0, nib * share
        case "consequence":
            return nib * (1 - share), nib * share
        case "disease":
            return nib * share, 0.0
        case "rule":
            return nib * (y + offset) / height, nib * (y - offset) / height
    return 0.0, 0.0


def _corners(points: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{round(x, 1):g} {round(y, 1):g}" for x, y in points) + "Z"


def _rounded(x: float, y: float, r: float) -> str:
    arc = f"A{r:g} {r:g} 0 0 1"
    return f"M{r - x:g} {-y:g}H{x - r:g}{arc} {x:g} {r - y:g}V{y - r:g}{arc} {x - r:g} {y:g}H{r - x:g}{arc} {-x:g} {y - r:g}V{r - y:g}{arc} {r - x:g} {-y:g}Z"
