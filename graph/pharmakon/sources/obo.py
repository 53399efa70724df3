"""Any OBO file as itself: its terms and relations with names, definitions, synonyms, parents and relationships.

An id is an IRI by the rule of the OBO Foundry: ``CHEBI:2972`` is ``http://purl.obolibrary.org/obo/CHEBI_2972``, unless the header says
what its prefix stands for. A relation without a prefix is what it refers to first, as ``part_of`` to ``BFO:0000050``, or else a name in
the ontology. Other clauses are not kept. The reading is our own: :func:`stanzas` also serves ChEBI, and takes a tenth of the time that
a parser of the whole format takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from .. import names as n
from ..errors import BadInput
from ..rdf import Literal
from ._opening import opening
from .records import Line, Record
from .shape import Report, Source, lines

_OBO = "http://purl.obolibrary.org/obo/"
_LABEL, _ALTERNATIVE, _DEFINITION = f"<{n.LABEL}>", f"<{n.ALT_LABEL}>", f"<{n.DEFINITION}>"
_SUBCLASS, _SUBPROPERTY = f"<{n.SUBCLASS}>", f"<{n.SUBPROPERTY}>"
_DEPRECATED = '<http://www.w3.org/2002/07/owl#deprecated> "true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
_IRI = "%/:=&?~#+!$,;'@()*[]"
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(.*)')
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "t": "\t", "W": " "}
_MODIFIERS = re.compile(r'\s+\{[\w:]+=".*"\}\s*$')


@dataclass(slots=True)
class Stanza:
    """A part of an OBO file.

    Attributes:
        kind: ``Term``, ``Typedef`` or another; empty for the header.
        line: the line that it begins in.
        clauses: line, tag and value of each clause, values as they are written.
    """

    kind: str
    line: int
    clauses: list[tuple[int, str, str]] = field(default_factory=list)

    def values(self, tag: str) -> list[str]:
        """Return the values of a tag."""
        return [value for _, key, value in self.clauses if key == tag]

    def is_obsolete(self) -> bool:
        """Whether the term is withdrawn."""
        return any(value.startswith("true") for value in self.values("is_obsolete"))


def stanzas(path: Path, report: Report | None = None) -> Iterator[Stanza]:
    """Yield the parts of an OBO file, the header first.

    Raises:
        BadInput: a line is none of the format, or as for :func:`pharmakon.sources.shape.lines`.
    """
    stanza = Stanza("", 1)
    for number, line in enumerate(lines(path, report), 1):
        if number == 1:
            line = line.lstrip("\ufeff")
        tag, colon, value = line.partition(":")
        if line.startswith("["):
            yield stanza
            stanza = Stanza(line.strip().strip("[]"), number)
        elif colon and not tag.startswith("!"):
            stanza.clauses.append((number, tag.strip(), value.strip()))
        elif line.strip() and not tag.startswith("!"):
            raise BadInput(f"{path}:{number}: neither the head of a stanza nor a tag with a value: {line.strip()[:60]}")
    yield stanza


def identity(path: Path, stanza: Stanza) -> str:
    """Return the id of a term or a relation.

    Raises:
        BadInput: it has none.
    """
    for number, tag, value in stanza.clauses:
        if tag == "id":
            return reference(path, number, tag, value)
    raise BadInput(f"{path}:{stanza.line}: this {stanza.kind} has no id")


def reference(path: Path, number: int, tag: str, value: str, at: int = 0) -> str:
    """Return the id that a clause refers to, the first or the one ``at`` a place; what follows is a remark.

    Raises:
        BadInput: there is none.
    """
    words = value.split(None, at + 1)
    if len(words) <= at or any(word.startswith("!") for word in words[: at + 1]):
        raise BadInput(f"{path}:{number}: this {tag} names no term")
    return words[at]


def quoted(path: Path, number: int, tag: str, value: str) -> tuple[str, str]:
    """Return the text that a clause has in quotes, and what follows it.

    Raises:
        BadInput: it has none.
    """
    match = _QUOTED.match(value)
    if not match:
        raise BadInput(f"{path}:{number}: this {tag} has no text in quotes")
    return unescaped(match[1]), match[2]


def plain(value: str) -> str:
    """Return a value that is not quoted: without the modifiers at its end and without escapes."""
    return unescaped(_MODIFIERS.sub("", value) if value.endswith("}") else value)


def unescaped(text: str) -> str:
    """Return a text without its escapes."""
    return _ESCAPE.sub(lambda match: _ESCAPES.get(match[1], match[1]), text) if "\\" in text else text


def data_version(files: Mapping[str, Path]) -> str:
    """Return the version that the header of an OBO file has; of several files, all of them."""
    found = (re.search(r"^data-version:[ \t]*(.*?)[ \t\r]*$", opening(path), re.MULTILINE) for path in files.values())
    return ", ".join(match[1] for match in found if match)


class _Iris:
    """What ids stand for in one file."""

    def __init__(self, path: Path, header: Stanza) -> None:
        self.path = path
        spaces = (value.split() for value in header.values("idspace"))
        self.spaces = {words[0]: words[1] for words in spaces if len(words) > 1}
        self.ontology = next(iter(header.values("ontology")), path.name.partition(".")[0])
        self.relations: dict[str, str] = {}

    def __call__(self, identifier: str) -> str:
        """Return an id as an IRI in angle brackets."""
        prefix, colon, local = identifier.partition(":")
        if not colon and identifier in self.relations:
            return self(self.relations[identifier])
        if prefix in ("http", "https"):
            iri = identifier
        elif not colon:
            iri = f"{_OBO}{self.ontology}#{identifier}"
        else:
            iri = self.spaces[prefix] + local if prefix in self.spaces else f"{_OBO}{prefix}_{local}"
        return f"<{quote(iri, safe=_IRI)}>"


def _read(files: Mapping[str, Path], report: Report) -> Iterator[Record]:
    for path in files.values():
        yield from _ontology(path, report)


def _ontology(path: Path, report: Report) -> Iterator[Record]:
    """Yield the lines of one file; those with a relation, whose own stanza may follow, come last."""
    parts = stanzas(path, report)
    header = next(parts)
    if not header.values("format-version"):
        raise BadInput(f"{path}:1: an OBO file begins with its format-version")
    iris = _Iris(path, header)
    later: list[tuple[str, str, str]] = []
    for stanza in parts:
        report.read += 1
        if stanza.kind not in ("Term", "Typedef", "Instance"):
            report.skip("a stanza of another kind", f"{path.name}:{stanza.line}")
            continue
        own, parent = identity(path, stanza), _SUBPROPERTY if stanza.kind == "Typedef" else _SUBCLASS
        if stanza.kind == "Typedef" and ":" not in own and (meant := next(iter(stanza.values("xref")), "")):
            iris.relations[own] = meant.split()[0]
        subject = iris(own)
        for number, tag, value in stanza.clauses:
            if tag == "name":
                yield Line(f"{subject} {_LABEL} {Literal(plain(value))}")
            elif tag == "def":
                yield Line(f"{subject} {_DEFINITION} {Literal(quoted(path, number, tag, value)[0])}")
            elif tag == "synonym":
                yield Line(f"{subject} {_ALTERNATIVE} {Literal(quoted(path, number, tag, value)[0])}")
            elif tag == "is_a":
                later.append((own, parent, reference(path, number, tag, value)))
            elif tag == "relationship":
                later.append((own, reference(path, number, tag, value), reference(path, number, tag, value, 1)))
        if stanza.is_obsolete():
            yield Line(f"{subject} {_DEPRECATED}")
    for one, relation, other in later:
        yield Line(f"{iris(one)} {relation if relation.startswith('<') else iris(relation)} {iris(other)}")


def _recognise(path: Path) -> str | None:
    return path.name if opening(path, 1 << 10).startswith("format-version:") else None


SOURCE = Source(
    name="obo",
    title="a file in OBO format",
    licence="",
    home="https://owlcollab.github.io/oboformat/doc/GO.format.obo-1_4.html",
    files=(),
    recognise=_recognise,
    read=_read,
    release=data_version,
)
"""Any file in OBO format."""
