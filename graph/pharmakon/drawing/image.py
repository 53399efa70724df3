"""A picture as SVG, which needs no browser and stands inside a page; and as PNG, which needs no font of the machine."""

from __future__ import annotations

import textwrap
from hashlib import sha256
from importlib import resources

from .. import html
from ..errors import PharmakonError
from ..text import WORDS
from ..values import DISCLAIMER
from .scene import LEADING, VERDICTS, Scene, Spot
from .shapes import KINDS, MARKS, outline

PALETTE = {
    "light": {
        "paper": "#fdfdfb", "ink": "#1c1c1a", "soft": "#55554f", "rule": "#d8d7cf", "line": "#77776f", "faint": "#d5d4cc", "focus": "#0b57d0",
        "drug": "#0072b2", "statement": "#007a59", "claim": "#a86f00", "vocabulary": "#857a00", "disjointness": "#c45500",
        "condition": "#2b87bd", "class": "#a9508b", "open": "#6b6b66",
        "target": "#007a59", "effect": "#a86f00", "disease": "#857a00", "thing": "#6b6b66", "rule-kind": "#2b87bd", "consequence": "#c45500",
        "yes": "#005a8e", "no": "#a03f00", "unknown": "#55554f", "contradicted": "#8a2f6c", "tint": ".13",
    },
    "dark": {
        "paper": "#171816", "ink": "#ecebe5", "soft": "#b3b2aa", "rule": "#3b3c38", "line": "#94948b", "faint": "#383935", "focus": "#8ab4ff",
        "drug": "#3fa0dc", "statement": "#1fb98c", "claim": "#e69f00", "vocabulary": "#d9cc3c", "disjointness": "#f07a2e",
        "condition": "#56b4e9", "class": "#d98bb8", "open": "#9a9a92",
        "target": "#1fb98c", "effect": "#e69f00", "disease": "#d9cc3c", "thing": "#9a9a92", "rule-kind": "#56b4e9", "consequence": "#f07a2e",
        "yes": "#6cbdf0", "no": "#ff9a57", "unknown": "#b3b2aa", "contradicted": "#e79cc9", "tint": ".16",
    },
}  # fmt: skip
"""The colours of pictures, after Okabe and Ito; each is a custom property of CSS called ``--ph-`` and its name."""

_FONT, _FAMILY = "font_source_sans_pro", "Source Sans Pro"
_LEGEND, _HEAD, _SMALL = 25.0, 44.0, 6.2


def svg(scene: Scene, *, style: bool = True, scheme: str = "", heading: bool = True) -> str:
    """Return a picture as SVG.

    Args:
        scene: the picture in its place.
        style: whether it brings its own style; without, it takes that of the page that it stands in (see :func:`css`).
        scheme: "light" or "dark" to fix the colours; else they follow the reader's choice, and the custom properties of the page.
        heading: whether the question is written above it.
    """
    legend, height = _legend(scene)
    head = _HEAD if heading else 14.0
    width = max(scene.width, 640.0)
    foot = [*textwrap.wrap(scene.left_out, int(width / _SMALL)), DISCLAIMER]
    return html.render(
        "picture.svg",
        scene=scene,
        nodes=[(spot, _texts(spot)) for spot in scene.spots],
        name=f"ph-{sha256(repr((scene.title, scene.width, scene.height)).encode()).hexdigest()[:10]}",
        left=(width - scene.width) / 2,
        head=head,
        heading=heading,
        top=head + height,
        width=round(width, 1),
        height=round(scene.height + head + height + 12 + 17 * len(foot), 1),
        legend=legend,
        marks=MARKS,
        foot=foot,
        disclaimer=DISCLAIMER,
        description=_description(scene),
        css=css(scheme) if style else "",
    ).strip()


def css(scheme: str = "") -> str:
    """Return the style of pictures, for pages that hold several of them, or that allow no style within."""
    if scheme:
        return html.render("picture.css", colour=PALETTE[scheme], palettes={}).strip()
    names = {name: f"var(--ph-{name})" for name in PALETTE["light"]}
    return html.render("picture.css", colour=names, palettes=PALETTE).strip()


def png(scene: Scene, *, scheme: str = "light", zoom: float = 2.0, system_fonts: bool = True) -> bytes:
    """Return a picture as PNG, twice as fine as the screen's pixels.

    Raises:
        PharmakonError: the extra ``png`` is not installed.
    """
    try:
        import resvg_py

        fonts = resources.files(_FONT).joinpath("files")
        files = [str(fonts.joinpath(f"SourceSansPro-{weight}.ttf")) for weight in ("Regular", "Semibold")]
    except ModuleNotFoundError as missing:
        raise PharmakonError(f"a PNG needs the package {missing.name}: pip install 'pharmakon[png]'") from None
    found = resvg_py.svg_to_bytes(
        svg_string=svg(scene, scheme=scheme),
        background=PALETTE[scheme]["paper"],
        zoom=zoom,
        font_files=files,
        sans_serif_family=_FAMILY,
        font_family=_FAMILY,
        skip_system_fonts=not system_fonts,
    )
    return bytes(found)


def _texts(spot: Spot) -> list[tuple[str, str, float, float]]:
    """Return each text of a node: itself, its tone, its offset below the middle, and for a verdict where its mark stands."""
    middle = (len(spot.lines) - 1) / 2
    longest = max((len(text) for text, tone in spot.lines if tone in VERDICTS), default=0)
    return [
        (text, tone, (i - middle) * LEADING, -3.2 * longest - 6 if tone in VERDICTS else 0.0) for i, (text, tone) in enumerate(spot.lines)
    ]


def _legend(scene: Scene) -> tuple[list[tuple[str, str, str, float, float]], float]:
    """Return the parts of the legend (what it shows, its words, an outline, its place) in as many lines as they need, and their height."""
    kinds = {spot.kind for spot in scene.spots}
    verdicts = {verdict for spot in scene.spots for _, verdict in spot.verdicts}
    parts = [(kind, words, outline(kind, 26, 14)) for kind, words in KINDS.items() if kind in kinds]
    steps = {"derived" if stroke.edge["derived"] else "asserted" for stroke in scene.strokes}
    parts += [(step, words, "") for step, words in (("derived", "derived"), ("asserted", "asserted by a source")) if step in steps]
    parts += [(verdict, words, "") for verdict, words in WORDS.items() if verdict in verdicts]
    found, x, y, width = [], 0.0, 0.0, max(scene.width, 640.0) - 10
    for what, words, path in parts:
        room = 36 + len(words) * 6.6 + 14
        if x and x + room > width:
            x, y = 0.0, y + 20
        found.append((what, words, path, x + 5, y))
        x += room
    return found, y + _LEGEND


def _description(scene: Scene) -> str:
    """Say in a sentence what can be seen."""
    counts = {words: sum(spot.kind == kind for spot in scene.spots) for kind, words in KINDS.items()}
    return f"A picture of {len(scene.spots)} nodes: " + ", ".join(f"{words}: {count}" for words, count in counts.items() if count) + "."
