"""Class expressions: the shapes a definition may take, and how one is read from OWL 2 in RDF.

Everything outside these shapes is refused with a message, since what is not evaluated exactly must not be evaluated at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from . import names as n
from .errors import BadOntology


class _Hashed:
    """Something that keeps its hash, since an expression is looked up at each step of each proof."""

    __slots__ = ("_hash",)
    _hash: int

    def _kept(self) -> int:
        try:
            return self._hash
        except AttributeError:
            own = tuple(getattr(self, name) for name in self.__slots__)
            object.__setattr__(self, "_hash", hash((type(self).__name__, own)))
            return self._hash


@dataclass(frozen=True, slots=True)
class Named(_Hashed):
    """A class with a name: primitive, or defined elsewhere."""

    iri: str
    __hash__ = _Hashed._kept


@dataclass(frozen=True, slots=True)
class And(_Hashed):
    """All of the parts (``owl:intersectionOf``)."""

    parts: tuple[Expression, ...]
    __hash__ = _Hashed._kept


@dataclass(frozen=True, slots=True)
class Or(_Hashed):
    """At least one of the parts (``owl:unionOf``)."""

    parts: tuple[Expression, ...]
    __hash__ = _Hashed._kept


@dataclass(frozen=True, slots=True)
class Not(_Hashed):
    """The complement (``owl:complementOf``)."""

    part: Expression
    __hash__ = _Hashed._kept


@dataclass(frozen=True, slots=True)
class Some(_Hashed):
    """Some value of the property is in the filler (``owl:someValuesFrom``, ``owl:hasValue``)."""

    prop: str
    filler: Expression
    __hash__ = _Hashed._kept


@dataclass(frozen=True, slots=True)
class Only(_Hashed):
    """Every value of the property is in the filler (``owl:allValuesFrom``)."""

    prop: str
    filler: Expression
    __hash__ = _Hashed._kept


@dataclass(frozen=True, slots=True)
class OneOf(_Hashed):
    """One of the things that are listed (``owl:oneOf``)."""

    members: tuple[str, ...]
    __hash__ = _Hashed._kept


Expression = Named | And | Or | Not | Some | Only | OneOf

Values = Callable[[str, str], tuple[str, ...]]
"""Looks up the IRIs that a subject has for a predicate."""

_OWL_CONSTRUCTS = ("intersectionOf", "unionOf", "complementOf", "oneOf", "onProperty")


def parse(node: str, values: Values) -> Expression:
    """Read the class expression at ``node``.

    Raises:
        BadOntology: a construct that is not evaluated here, or one that is broken; the message names it.
    """
    found = {name: values(node, n.OWL + name) for name in _OWL_CONSTRUCTS}
    used = [name for name, value in found.items() if value]
    if not used:
        other = [p for p in ("onDatatype", "datatypeComplementOf") if values(node, n.OWL + p)]
        if other or node.startswith(n.NS + "x/"):
            raise BadOntology([f"an anonymous class with none of {', '.join(_OWL_CONSTRUCTS)} cannot be evaluated"])
        return Named(node)
    if len(used) > 1 or len(found[used[0]]) != 1:
        raise BadOntology([f"one class expression has several constructs at once ({', '.join(used)}): write them apart"])
    value = found[used[0]][0]
    if used[0] == "onProperty":
        return _restriction(node, value, values)
    if used[0] == "complementOf":
        return Not(parse(value, values))
    items = tuple(read_list(value, values))
    if not items:
        raise BadOntology([f"owl:{used[0]} with an empty list says nothing"])
    if used[0] == "oneOf":
        return OneOf(items)
    parts = tuple(parse(item, values) for item in items)
    return And(parts) if used[0] == "intersectionOf" else Or(parts)


def _restriction(node: str, prop: str, values: Values) -> Expression:
    if prop.startswith(n.NS + "x/"):
        raise BadOntology(["a restriction on a property without a name: inverses are refused"])
    for kind in ("someValuesFrom", "allValuesFrom", "hasValue"):
        filler = values(node, n.OWL + kind)
        if filler:
            if kind == "hasValue":
                return Some(prop, OneOf(filler))
            return (Some if kind == "someValuesFrom" else Only)(prop, parse(filler[0], values))
    raise BadOntology([f"a restriction on {n.short(prop)} is none of some, only and hasValue: cardinalities and inverses are refused"])


def read_list(head: str, values: Values) -> Iterator[str]:
    """Yield the members of an RDF list."""
    while head != n.NIL:
        first, rest = values(head, n.FIRST), values(head, n.REST)
        if len(first) != 1 or len(rest) != 1:
            raise BadOntology(["a broken RDF list in a class expression"])
        yield first[0]
        head = rest[0]


def substitute(e: Expression, put: Mapping[str, Expression]) -> Expression:
    """Put expressions in the place of a pattern's placeholders, each named by its IRI."""
    match e:
        case Named(iri):
            return put.get(iri, e)
        case And(parts):
            return And(tuple(substitute(p, put) for p in parts))
        case Or(parts):
            return Or(tuple(substitute(p, put) for p in parts))
        case Not(part):
            return Not(substitute(part, put))
        case Some(prop, filler):
            return Some(prop, substitute(filler, put))
        case Only(prop, filler):
            return Only(prop, substitute(filler, put))
    return e


def children(e: Expression) -> tuple[Expression, ...]:
    """Return the direct parts of an expression."""
    match e:
        case And(parts) | Or(parts):
            return parts
        case Not(part):
            return (part,)
        case Some(_, filler) | Only(_, filler):
            return (filler,)
    return ()


def walk(e: Expression) -> Iterator[Expression]:
    """Yield an expression and everything inside it, parts after wholes."""
    yield e
    for child in children(e):
        yield from walk(child)


def parts(e: Expression) -> Iterator[Expression]:
    """Yield an expression and everything that it is made of."""
    yield e
    match e:
        case And(inner) | Or(inner):
            for part in inner:
                yield from parts(part)
        case Not(part) | Some(_, part) | Only(_, part):
            yield from parts(part)
