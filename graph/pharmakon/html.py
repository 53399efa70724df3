"""Small pieces of HTML: an answer as verdicts and folding proofs, to stand in a notebook or in a page.

They hold no script and ask for nothing from elsewhere. The templates escape every text that is put into them.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from .text import MARKS, WORDS
from .values import DISCLAIMER

if TYPE_CHECKING:
    from .values import Answer, Contrast

_OPEN = 2
"""How many levels of a proof stand open at first in a notebook."""


def answer(a: Answer) -> str:
    """Return an answer with its proofs as a piece of HTML for a notebook."""
    return render("fragment.html", value=a, question=a.question, contrast=False, open=_OPEN)


def contrast(c: Contrast) -> str:
    """Return two checklists side by side, with their proofs, as a piece of HTML for a notebook."""
    return render("fragment.html", value=c, question=c.question, contrast=True, open=_OPEN)


def render(template: str, **values: Any) -> str:
    """Fill one of the package's templates; every text is escaped, except what a template itself marks as safe."""
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pharmakon"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.update(marks=MARKS, words=WORDS, disclaimer=DISCLAIMER)
    return environment
