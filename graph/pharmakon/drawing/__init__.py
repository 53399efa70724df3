"""Pictures of answers: networkx views of values, put in their place, as one page of HTML, as SVG and as PNG.

>>> from pharmakon import ask
>>> view(ask("baclofen", "opiate")).number_of_nodes() > 10
True
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import BadQuestion, PharmakonError
from .things import table, thing, tree
from .ways import around, path

if TYPE_CHECKING:
    from .picture import Picture

__all__ = ["FORMATS", "Drawing", "around", "draw", "html", "path", "png", "style", "svg", "table", "thing", "tree", "view"]

FORMATS = ("html", "svg", "png")
"""What a picture can be written as."""


def view(value: Any) -> Picture:
    """Return a value as a networkx graph with typed nodes and edges, labels, verdicts and sources (see :mod:`.picture`).

    Args:
        value: an answer, a contrast, or another value that questions return; a graph that is a view already is returned as it is.

    Raises:
        BadQuestion: no picture is made of such a value.
    """
    from . import views

    return views.view(value)


def html(value: Any) -> str:
    """Return the picture of a value, and the value in words, as one page that needs no network."""
    from .page import page

    return page(value)


def svg(value: Any, *, style: bool = True, scheme: str = "", heading: bool = True) -> str:
    """Return the picture of a value as SVG, to stand inside a page or alone; it needs no script.

    Args:
        value: what is drawn.
        style: whether the picture brings its own style; without it the page has to have that of :func:`style`.
        scheme: "light" or "dark" to fix the colours; else they follow the reader's choice.
        heading: whether the question is written above it.
    """
    from . import image
    from .stage import stage

    return image.svg(stage(view(value)), style=style, scheme=scheme, heading=heading)


def style() -> str:
    """Return the style of the pictures of :func:`svg`, for a page that holds several."""
    from .image import css

    return css()


def png(value: Any, *, scheme: str = "light", zoom: float = 2.0, system_fonts: bool = True) -> bytes:
    """Return the picture of a value as PNG (needs the extra ``png``), drawn without a browser and with a font of its own."""
    from . import image
    from .stage import stage

    return image.png(stage(view(value)), scheme=scheme, zoom=zoom, system_fonts=system_fonts)


class Drawing:
    """The picture of a value: it shows itself in a notebook, and can be had as HTML, SVG and PNG. Made by :func:`draw`."""

    def __init__(self, value: Any) -> None:
        self.value = value

    @cached_property
    def graph(self) -> Picture:
        """The networkx view that is drawn."""
        return view(self.value)

    @cached_property
    def html(self) -> str:
        """One page that needs no network."""
        return html(self.value)

    @cached_property
    def svg(self) -> str:
        """The picture alone, static."""
        return svg(self.value)

    @cached_property
    def png(self) -> bytes:
        """The picture alone, as pixels (needs the extra ``png``)."""
        return png(self.value)

    def save(self, path: str | Path, form: str = "") -> Path:
        """Write the picture to a file and return where it is.

        Args:
            path: the file; its ending tells the format.
            form: "html", "svg" or "png", where the name does not tell.

        Raises:
            BadQuestion: the format is none of the three.
            PharmakonError: the file cannot be written.
        """
        path = Path(path)
        content = self.written(form or path.suffix.removeprefix(".").lower())
        try:
            path.write_bytes(content)
        except OSError as error:
            raise PharmakonError(f"{path} cannot be written: {error.strerror}") from None
        return path

    def written(self, form: str) -> bytes:
        """Return the picture in a format.

        Raises:
            BadQuestion: the format is none of the three.
        """
        form = {"htm": "html"}.get(form, form)
        if form not in FORMATS:
            raise BadQuestion(f"a picture is written as html, svg or png, not as {form or 'a file without an ending'}: name one of them")
        found: str | bytes = getattr(self, form)
        return found.encode() if isinstance(found, str) else found

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """Return what a notebook shows: the page in a sandboxed frame, or the static picture where frames are not let through."""
        from .page import frame

        return {"text/html": frame(self.html, self.svg, self.graph.graph["title"]), "image/svg+xml": self.svg, "text/plain": repr(self)}

    def __repr__(self) -> str:
        return f"<Drawing: {self.graph.graph['title']} {self.graph.number_of_nodes()} nodes, {self.graph.number_of_edges()} edges>"


def draw(value: Any, path: str | Path | None = None) -> Drawing:
    """Draw a value: an answer, a contrast, a comparison, interactions, a drug's page, members, a class tree, a path or a neighbourhood.

    Args:
        value: what a question returned.
        path: a file to write the picture to besides; its ending tells the format: .html, .svg or .png.

    >>> from pharmakon import ask
    >>> draw(ask("baclofen", "opiate"))
    <Drawing: Is baclofen an opiate? ... nodes, ... edges>
    """
    drawing = Drawing(value)
    if path is not None:
        drawing.save(path)
    return drawing
