"""What must never be: violation queries over a store, SHACL shapes, and a look at the definitions.

A violation query must return no row; its summary is the sentence that a row prints. Those of severity "error" stop a build,
since nothing could be concluded from such a graph; "conflict" marks sources that disagree, which answers then show;
"incomplete" marks what somebody should add.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import names as n
from .expression import And, Expression, Named, Not, Only, Or, children
from .facts import Schema
from .locate import line_of, queries
from .rdf import NamedNode, Store
from .sparql import header, value_of
from .sparql import run as run_query

SEVERITIES = ("error", "conflict", "incomplete")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        check: the name of the check.
        severity: one of :data:`SEVERITIES`.
        line: ``file:line: what is wrong``.
    """

    check: str
    severity: str
    line: str


def run(store: Store, files: Sequence[Path], severity: str | None = None) -> list[Finding]:
    """Run the violation queries.

    Args:
        store: the store.
        files: the Turtle files that it was made of, to say where.
        severity: run only the checks of this severity.
    """
    found: list[Finding] = []
    schema = Schema(store)
    for path in sorted((queries() / "checks").glob("*.rq")):
        text = path.read_text("utf-8")
        about = header(text)
        if severity in (None, about["severity"]):
            for row in run_query(store, text).rows:
                words = [_local(schema, cell.value) for cell in row if isinstance(cell, NamedNode)]
                shown = ", ".join(_shown(schema, cell.value) if isinstance(cell, NamedNode) else value_of(cell) for cell in row if cell)
                found.append(Finding(path.stem, about["severity"], f"{line_of(files, *words)}: {about['summary']} ({shown})"))
    return found


def _local(schema: Schema, iri: str) -> str:
    """Return the word to look for in a file: a minted statement is looked for by its drug."""
    if iri.startswith((n.NS + "s/", n.NS + "c/")):
        drug = schema.values(iri, n.ABOUT_DRUG) or schema.values(iri, n.ABOUT)
        iri = drug[0] if drug else iri
    return iri.removeprefix(n.SRC).removeprefix(n.NS)


def _shown(schema: Schema, iri: str) -> str:
    if iri.startswith((n.NS + "s/", n.NS + "c/")):
        from .say import statement

        return statement(schema, iri)
    return schema.label(iri)


def shapes(store: Store, files: Sequence[Path]) -> list[Finding]:
    """Hold the drugs against the SHACL shapes of ``ontology/shapes``: what a complete drug file must hold."""
    from .shacl import violations

    schema = Schema(store)
    return [
        Finding("shape", "incomplete", f"{line_of(files, focus.removeprefix(n.NS), 'Drug')}: {schema.label(focus)}: {message}")
        for focus, message in violations(store)
    ]


def definitions(schema: Schema, files: Sequence[Path]) -> list[Finding]:
    """Look for definitions on which Kleene's connectives are weaker than OWL: they conclude less than they could.

    Found are a condition that a definition has in both signs, and a part that nothing or everything of its sort can be in.
    """
    found: list[Finding] = []
    for iri in schema.defined_classes():
        definition = schema.definition(iri)
        assert definition is not None
        messages = list(_empty(schema, iri, definition))
        signs: dict[Expression, set[bool]] = {}
        for part, sign in _conditions(schema, definition, True):
            signs.setdefault(part, set()).add(sign)
        for both in (part for part, seen in signs.items() if len(seen) == 2):
            from .say import expression

            messages.append(f"{n.short(iri)} has the condition “{expression(schema, both)}” in both signs: write it once")
        if messages:
            where = line_of(files, iri.removeprefix(n.NS), "a")
            found += [Finding("definition-lint", "error", f"{where}: {message}") for message in messages]
    return found


def _conditions(schema: Schema, e: Expression, sign: bool) -> Iterator[tuple[Expression, bool]]:
    """Yield the conditions on the thing itself, with their sign; definitions unfolded, fillers left alone."""
    match e:
        case Named(iri):
            inner = schema.definition(iri)
            if inner is not None:
                yield from _conditions(schema, inner, sign)
        case Not(part):
            yield from _conditions(schema, part, not sign)
        case And(parts) | Or(parts):
            for part in parts:
                yield from _conditions(schema, part, sign)
        case _:
            yield e, sign


def _empty(schema: Schema, iri: str, e: Expression) -> Iterator[str]:
    if isinstance(e, (And, Or)):
        names = [p.iri for p in e.parts if isinstance(p, Named)]
        for i, one in enumerate(names):
            for other in names[i + 1 :]:
                if isinstance(e, And) and schema.disjoint(one, other):
                    yield f"{n.short(iri)} asks for {n.short(one)} and {n.short(other)}, which share no member"
        negated = {p.part for p in e.parts if isinstance(p, Not)}
        for part in e.parts:
            if part in negated:
                yield f"{n.short(iri)} has a part and its complement side by side"
    if isinstance(e, Only) and isinstance(e.filler, Named) and e.filler.iri in schema.values(e.prop, n.RANGE):
        yield f"{n.short(iri)} says only of a property with its whole range"
    for child in children(e):
        yield from _empty(schema, iri, child)
