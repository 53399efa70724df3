"""Small pieces of HTML: what a value says, in words that fold, to stand in a notebook or in a page.

They hold no script and ask for nothing from elsewhere. The templates escape every text that is put into them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from . import names as n
from .rdf import NamedNode
from .say import article
from .text import MARKS, WORDS
from .values import DISCLAIMER

if TYPE_CHECKING:
    from .proof import Proof
    from .sparql import Table

Address = Callable[[str], str]
"""Where the page of a thing is, by the thing's IRI; empty where it has none."""

OUTCOMES = {"supported": ("●", "yes"), "refined": ("◐", "unknown"), "contradicted": ("✕", "no"), "not known": ("◌", "unknown")}
"""The mark of each verdict on a claim of an article, and the verdict whose colour it takes."""

_TEMPLATES = {
    "Answer": ("words.html", "answer"),
    "Audit": ("words-reports.html", "audit"),
    "Audited": ("words-reports.html", "claim"),
    "Comparison": ("words-reports.html", "comparison"),
    "Contrast": ("words.html", "contrast"),
    "Drift": ("words-reports.html", "drift"),
    "Interactions": ("words-reports.html", "interactions"),
    "Members": ("words.html", "members"),
    "Page": ("words-things.html", "page"),
    "Proof": ("words.html", "tree"),
    "Quiz": ("words-things.html", "quiz"),
    "Table": ("words-things.html", "table"),
    "WhatIfs": ("words.html", "what_ifs"),
}
"""For each kind of value the template and the macro that tell it; each macro takes the value, how deep to open it, and a level of heading."""

_PACKAGE = Path(__file__).parent

_OPEN = 2
"""How many levels of a proof stand open at first in a notebook."""

_LONG = 4
"""From how many statements on a list that a claim closes is shortened."""


def fragment(value: Any) -> str:
    """Return what a value says as a piece of HTML with its own style, for a notebook."""
    return render("fragment.html", value=value, question=_question(value), told=words(value, open=_OPEN, level=4))


def words(value: Any, address: Address | None = None, *, open: int = 1, level: int = 2) -> str:
    """Return what a value says as a bare piece of HTML, for a page that has a style.

    Args:
        value: an answer, a contrast, or another of the values that questions return.
        address: where things have their pages; nothing is linked where none is given.
        open: how many levels of a proof stand open at first.
        level: the level of the headings.
    """
    template, macro = _TEMPLATES[type(value).__name__]
    return render("piece.html", value=value, source=template, macro=macro, open=open, level=level, **_addressed(address))


def render(template: str, **values: Any) -> str:
    """Fill one of the package's templates; every text is escaped, except what a template itself marks as safe."""
    return _environment().get_template(template).render(**values)


def _addressed(address: Address | None) -> dict[str, Any]:
    return {"address": address} if address else {}


def _question(value: Any) -> str:
    """Return the question that a value answers; empty where the value has a heading of its own."""
    return str(getattr(value, "question", ""))


# --- what templates ask of values -----------------------------------------------------------------------------------


def rests(proof: Proof) -> list[tuple[Proof, int]]:
    """Return what a proof rests on, each statement and claim once; of a long list that a claim closes the first, and how many follow."""
    found: list[tuple[Proof, int]] = []
    run: list[Proof] = []
    for leaf in {leaf.about or leaf.claim: leaf for leaf in proof.leaves()}.values():
        if leaf.kind == "claim":
            found += [*_shortened(run), (leaf, 0)]
            run = []
        else:
            run.append(leaf)
    return found + _shortened(run)


def _shortened(run: list[Proof]) -> list[tuple[Proof, int]]:
    return [(leaf, 0) for leaf in run] if len(run) <= _LONG else [(run[0], len(run) - 1)]


def patterns(found: Iterable[Any]) -> list[tuple[str, list[Any]]]:
    """Group interactions or refusals by the pattern of their rules and by pair; each group with its title."""
    groups: dict[tuple[str, str, str], list[Any]] = {}
    for one in found:
        groups.setdefault((one.pattern.label, one.a.label, one.b.label), []).append(one)
    return [(pattern + _at(pattern, [one.rule.label for one in same]), same) for (pattern, _, _), same in groups.items()]


def _at(pattern: str, labels: Sequence[str]) -> str:
    at = [label.removeprefix(pattern).removeprefix(": ") for label in labels]
    return f": {', '.join(at[:_LONG])}{' …' if len(at) > _LONG else ''}" if any(at) else ""


def cells(table: Table) -> list[list[tuple[str, str]]]:
    """Return the rows of a table: of each cell its text, and its IRI where it is one."""
    iris = ([term.value if isinstance(term, NamedNode) else "" for term in row] for row in table.rows)
    return [list(zip(texts, row, strict=True)) for texts, row in zip(table.texts(), iris, strict=True)]


def _nowhere(name: str) -> str:
    """Return no address: what stands alone links to nothing."""
    return ""


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader([_PACKAGE / "templates", _PACKAGE / "drawing" / "templates", _PACKAGE / "web" / "templates"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(marks=MARKS, words=WORDS, outcomes=OUTCOMES, disclaimer=DISCLAIMER, address=_nowhere, expand=n.expand)
    environment.filters.update(article=article, rests=rests, patterns=patterns, cells=cells)
    return environment
