"""What a definition must be before anything is evaluated by it. A definition that breaks a rule is refused, with its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from . import names as n
from .errors import BadOntology
from .expression import And, Expression, Named, OneOf, Only, Or, Some, children, parse, walk
from .facts import Schema, sort_of
from .locate import line_of


def problems(schema: Schema, files: Sequence[Path]) -> list[str]:
    """Return what is wrong with the definitions of a store, one line each with file and line.

    Refused are: a construct that is not evaluated, a circle of definitions, a definition without a named sort, a defined class
    that is also below an expression or has a thing typed into it, ``only`` without ``some``, a property or a filler that does
    not fit.
    """
    found: list[str] = []
    for iri in (*schema.defined_classes(), *schema.subjects(n.TYPE, n.PATTERN)):
        try:
            definition = schema.definition(iri)
            assert definition is not None
            circle = _circle(schema, iri)
            if circle:
                raise BadOntology([f"{n.short(iri)} is defined by itself, through {' and '.join(n.short(c) for c in circle)}"])
            lines = list(_check(schema, iri, definition))
        except BadOntology as error:
            lines = error.problems
        if lines:
            where = line_of(files, iri.removeprefix(n.NS), "a")
            found += [f"{where}: {line}" for line in lines]
        for thing in schema.subjects(n.TYPE, iri):
            place = line_of(files, thing.removeprefix(n.NS), iri.removeprefix(n.NS))
            told = "which is defined: membership is derived; a source's tag is :sourceSaysIsA"
            found.append(f"{place}: {n.short(thing)} is typed into {n.short(iri)}, {told}")
    return found


def _circle(schema: Schema, iri: str) -> list[str]:
    """Return the classes on a way from ``iri`` back to itself; an empty list where there is none."""
    seen: set[str] = set()
    trail = [(iri, [iri])]
    while trail:
        name, path = trail.pop()
        for used in _uses(schema, name):
            if used == iri:
                return path
            if used not in seen:
                seen.add(used)
                trail.append((used, [*path, used]))
    return []


def _uses(schema: Schema, iri: str) -> list[str]:
    """Return the classes that a definition names; none for a primitive class."""
    definition = schema.definition(iri)
    return [p.iri for p in walk(definition) if isinstance(p, Named)] if definition is not None else []


def _check(schema: Schema, iri: str, definition: Expression) -> Iterator[str]:
    name = n.short(iri)
    sort = sort_of(definition)
    if not isinstance(definition, And) or sort is None:
        yield f"the definition of {name} must begin with a named sort, such as :Drug or :Mechanism"
        return
    if schema.values(iri, n.SUBCLASS):
        yield f"{name} is defined and also declared a subclass: say all of it in the definition"
    yield from _fits(schema, name, definition, sort)
    for part in walk(definition):
        if isinstance(part, And):
            somes = {p.prop for p in part.parts if isinstance(p, Some)}
            yield from (
                f"in {name}, only on {n.short(p.prop)} stands without some: an empty list would satisfy it"
                for p in part.parts
                if isinstance(p, Only) and p.prop not in somes
            )
        elif isinstance(part, (Or, Some, Only)) and any(isinstance(child, Only) for child in children(part)):
            yield f"in {name}, an only stands apart from a some on the same property: an empty list would satisfy it"


def _fits(schema: Schema, name: str, e: Expression, sort: str) -> Iterator[str]:
    """Check that every part can apply to a thing of the sort it is said of."""
    match e:
        case Named(iri):
            if iri in (n.ANY_ACTION, n.ANY_TARGET, n.ANY_ENZYME):
                return
            own = sort_of(schema.definition(iri)) or iri
            if schema.disjoint(own, sort):
                yield f"in {name}, {n.short(iri)} is said of a {schema.label(sort)}, which it can never be"
        case OneOf(members):
            for member in members:
                types = schema.values(member, n.TYPE)
                if not any(sort in schema.ancestors(t) for t in types):
                    yield f"in {name}, {n.short(member)} is not a {schema.label(sort)}"
        case Some(prop, filler) | Only(prop, filler):
            ranges = schema.values(prop, n.RANGE)
            domains = schema.values(prop, n.DOMAIN)
            if not ranges or not all(schema.is_class(r) for r in ranges):
                yield f"in {name}, {n.short(prop)} is no property that leads to things"
                return
            if domains and all(schema.disjoint(d, sort) for d in _named(schema, domains[0])):
                yield f"in {name}, {n.short(prop)} is said of a {schema.label(sort)}, which never has it"
            yield from _fits(schema, name, filler, ranges[0])
        case _:
            inner = sort
            for part in children(e):
                yield from _fits(schema, name, part, inner)
                if isinstance(e, And) and isinstance(part, Named):
                    inner = sort_of(schema.definition(part.iri)) or part.iri


def _named(schema: Schema, domain: str) -> list[str]:
    return [e.iri for e in walk(parse(domain, schema.values)) if isinstance(e, Named)]
