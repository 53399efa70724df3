"""The outline of each kind of node, as an SVG path around the origin: for the picture and for its legend alike."""

from __future__ import annotations

ROOM = {
    "drug": 18,
    "statement": 12,
    "claim": 14,
    "vocabulary": 18,
    "disjointness": 18,
    "open": 12,
    "condition": 18,
    "class": 12,
}
"""How much room the text of each kind needs to its left and to its right, in CSS pixels."""


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
    return 0.0, 0.0


def _corners(points: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{round(x, 1):g} {round(y, 1):g}" for x, y in points) + "Z"


def _rounded(x: float, y: float, r: float) -> str:
    arc = f"A{r:g} {r:g} 0 0 1"
    return f"M{r - x:g} {-y:g}H{x - r:g}{arc} {x:g} {r - y:g}V{y - r:g}{arc} {x - r:g} {y:g}H{r - x:g}{arc} {-x:g} {y - r:g}V{r - y:g}{arc} {r - x:g} {-y:g}Z"
