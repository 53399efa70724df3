"""Small pieces of HTML: an answer as verdicts and folding proofs, to stand in a notebook or in a page.

They hold no script and ask for nothing from elsewhere. The templates escape every text that is put into them.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from .say import article
from .text import MARKS, WORDS
from .values import DISCLAIMER, Contrast

if TYPE_CHECKING:
    from .values import Answer

_OPEN = 2
"""How many levels of a proof stand open at first in a notebook."""


def answer(a: Answer) -> str:
    """Return an answer with its proofs as a piece of HTML for a notebook."""
    return render("fragment.html", value=a, question=question(a), contrast=False, open=_OPEN)


def contrast(c: Contrast) -> str:
    """Return two checklists side by side, with their proofs, as a piece of HTML for a notebook."""
    return render("fragment.html", value=c, question=question(c), contrast=True, open=_OPEN)


def question(value: Answer | Contrast) -> str:
    """Return the question that a value answers.

    >>> from pharmakon.values import Answer, Contrast, Thing
    >>> one, other, word = (Thing("", label) for label in ("morphine", "baclofen", "opiate"))
    >>> question(Answer(one, word, ())), question(Contrast(Answer(one, word, ()), Answer(other, word, ()), ()))
    ('Is morphine an opiate?', 'Why is morphine an opiate, and baclofen not?')
    """
    if isinstance(value, Contrast):
        return f"Why is {value.a.subject.label} {article(value.a.cls.label)}, and {value.b.subject.label} not?"
    every = any(reason.claim.startswith("every ") for told in value.answers for reason in told.reasons)
    return f"Is {'every ' if every else ''}{value.subject.label} {article(value.cls.label)}?"


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
