"""Any RDF file as itself: Turtle, TriG, N-Triples, N-Quads, RDF/XML or JSON-LD.

The ending of a file's name says which, with or without ``.gz``; ``.owl`` and ``.rdf`` are Turtle where they
do not begin like XML. Nodes without
a name get an IRI made of the file's content and of the order in which they come, so that the same content always gives the same lines.
Relative IRIs of a file without a base hang on an IRI made of the content. Names of graphs are not kept, and triples about triples left out.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import ParseError, XMLParser

from ..errors import BadInput
from ..rdf import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse
from ._opening import opening
from .records import Line, Record
from .shape import Report, Source, lines, opened

_FILE, _GENID = "https://w3id.org/pharmakon/file/", "https://w3id.org/pharmakon/.well-known/genid/"
_FORMATS = {
    ".jsonld": RdfFormat.JSON_LD,
    ".nq": RdfFormat.N_QUADS,
    ".nt": RdfFormat.N_TRIPLES,
    ".owl": RdfFormat.RDF_XML,
    ".rdf": RdfFormat.RDF_XML,
    ".trig": RdfFormat.TRIG,
    ".ttl": RdfFormat.TURTLE,
}
_DIGITS = 16
_BLOCK = 1 << 20


def _read(files: Mapping[str, Path], report: Report) -> Iterator[Record]:
    for path in files.values():
        yield from _triples(path, report)


def _triples(path: Path, report: Report) -> Iterator[Line]:
    kind = _format(path)
    if kind is None:
        raise BadInput(f"{path}: the ending of its name tells no RDF format: it has to be one of {', '.join(_FORMATS)}")
    content = _digest(path)
    nodes: dict[str, int] = {}

    def written(term: NamedNode | BlankNode | Literal) -> str:
        if isinstance(term, BlankNode):
            return f"<{_GENID}{content}-{nodes.setdefault(term.value, len(nodes) + 1)}>"
        return str(term)

    with opened(path, report) as stream:
        for quad in _parsed(path, stream, kind, f"{_FILE}{content}/"):
            report.read += 1
            subject, other = quad.subject, quad.object
            if isinstance(subject, (NamedNode, BlankNode)) and isinstance(other, (NamedNode, BlankNode, Literal)):
                yield Line(f"{written(subject)} {quad.predicate} {written(other)}")
            else:
                report.skip("a triple about a triple", f"{path.name}: triple {report.read}")


def _parsed(path: Path, stream: IO[bytes], kind: RdfFormat, base: str) -> Iterator[Quad]:
    try:
        yield from parse(stream, kind, base_iri=base)
    except SyntaxError as error:
        broken = _xml_error(path) if kind == RdfFormat.RDF_XML else None
        line, what = (broken.position[0], str(broken)) if broken else (error.lineno, error.msg)
        raise BadInput(f"{path}{f':{line}' if line else ''}: not valid {kind.name}: {what}") from None
    except (OSError, ValueError) as error:
        raise BadInput(f"{path}: cannot be read: {error}") from None


class _Nothing:
    """Takes what an XML parser finds, and keeps none of it."""

    def close(self) -> None:
        """End the file."""


def _xml_error(path: Path) -> ParseError | None:
    """Return where and why a file stops being XML; None where it is XML throughout, and wrong as RDF. The parser tells no line."""
    parser = XMLParser(target=_Nothing())
    try:
        for line in lines(path):
            parser.feed(line)
        parser.close()
    except ParseError as error:
        return error
    return None


def _digest(path: Path) -> str:
    """Return what tells the content of a file, gzipped or not, from other contents.

    Raises:
        BadInput: it is cut off or cannot be read.
    """
    found, number = hashlib.sha256(), 1
    try:
        with opened(path) as stream:
            while block := stream.read(_BLOCK):
                found.update(block)
                number += block.count(b"\n")
    except (EOFError, zlib.error):
        raise BadInput(f"{path}:{number}: the compressed file is cut off or damaged after this line: fetch it again") from None
    except OSError as error:
        raise BadInput(f"{path}: cannot be read: {error.strerror or error}") from None
    return found.hexdigest()[:_DIGITS]


def _format(path: Path) -> RdfFormat | None:
    kind = _FORMATS.get(Path(path.name.lower().removesuffix(".gz")).suffix)
    return RdfFormat.TURTLE if kind == RdfFormat.RDF_XML and not _is_xml(path) else kind


def _is_xml(path: Path) -> bool:
    begins = opening(path, 1 << 12).lstrip()
    return begins.startswith("<?xml") or "<rdf:RDF" in begins


def _recognise(path: Path) -> str | None:
    return path.name if _format(path) else None


SOURCE = Source(
    name="rdf",
    title="a file in RDF",
    licence="",
    home="https://www.w3.org/RDF/",
    files=(),
    recognise=_recognise,
    read=_read,
)
"""Any file in RDF."""
