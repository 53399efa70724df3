"""What other classifications say of drugs: the tags that the graph carries, the publishers' files, a file of one's own.

A tag is kept as its source writes it. What it amounts to here the crosswalks of the ontology say, and of a tag that they do not list
the statement that carries it.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from . import graph as g
from . import names as n
from .closure import reachable
from .errors import BadInput, UnknownName
from .graph import Graph
from .spelling import singular

CHEBI, NDC = "chebi", "ndc"
"""The publishers whose files are read, under the names that their tags in the graph have too."""

_HEADER = 1 << 16
"""How many characters of a first line are looked at."""

_UNDECODED = re.compile("[\udc80-\udcff]")
_NEITHER = "is no OBO file, no product file of the FDA's directory, and no table with the columns drug and class"

Tags = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Said:
    """What one source says.

    Attributes:
        source: the source's name.
        tags: the tags of each drug, by IRI; a drug that the source does not know is left out.
        meanings: the class here, or the word with several senses, that a tag amounts to; other tags mean nothing here.
        whole: whether all was read that the source says of these drugs. Only then is it silent where it has no tag.
        unread: names of drugs that nothing here is called by.
    """

    source: str
    tags: Tags
    meanings: Mapping[str, str]
    whole: bool
    unread: tuple[str, ...] = ()


# --- what the graph knows of tags -------------------------------------------------------------------------------------


def carried(graph: Graph, without: frozenset[str] = frozenset()) -> Iterator[Said]:
    """Yield the tags that the drugs of the graph carry, by source; they are a choice of what the source says.

    Args:
        graph: the graph.
        without: IRIs of sources that are withdrawn.
    """
    schema = graph.schema
    said: dict[str, dict[str, frozenset[str]]] = {}
    meant: dict[tuple[str, str], str] = {}
    for drug in schema.drugs():
        for statement in schema.values(drug, n.NS + "hasTag"):
            tag = schema.literals(statement, n.NS + "tag")[0]
            for source in {s for a in schema.values(statement, n.ASSERTED_BY) for s in schema.values(a, n.SOURCE)} - without:
                tags = said.setdefault(source, {})
                tags[drug] = tags.get(drug, frozenset()) | {tag}
                for cls in schema.values(statement, n.NS + "sourceSaysIsA"):
                    meant[source, tag] = cls
    for source in sorted(said):
        every = frozenset[str]().union(*said[source].values())
        meanings = {tag: meant[source, tag] for tag in every if (source, tag) in meant} | _meanings(graph, source, every)
        name = source.removeprefix(n.SRC)
        yield Said(name if name in (CHEBI, NDC) else n.short(source), said[source], meanings, whole=False)


def _meanings(graph: Graph, source: str, tags: Iterable[str]) -> dict[str, str]:
    """Return the class that each tag amounts to by the crosswalks; what follows an id is words for people."""
    schema = graph.schema
    known = {
        schema.literals(meaning, n.NS + "tag")[0]: schema.values(meaning, n.NS + "means")[0]
        for meaning in schema.subjects(n.NS + "inSource", source)
        if schema.literals(meaning, n.TAG)
    }
    found = {tag: known.get(tag) or known.get(tag.partition(" ")[0]) for tag in tags}
    return {tag: cls for tag, cls in found.items() if cls}


# --- files ------------------------------------------------------------------------------------------------------------


def read(graph: Graph, path: Path) -> Said:
    """Read a file by what it turns out to be.

    Raises:
        BadInput: it cannot be read, is none of the files that are known, is malformed, or names no drug that is known here.
    """
    try:
        with _open(path) as file:
            head = file.readline(_HEADER)
            for fits, reader in _READERS:
                if fits(head):
                    said = reader(graph, path, head, file)
                    break
            else:
                raise BadInput(f"{path}:1: {_NEITHER}")
    except (OSError, EOFError, zlib.error) as error:
        raise BadInput(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if not said.tags:
        some = ", ".join(said.unread[:5]) + (f" and {len(said.unread) - 5} more" if len(said.unread) > 5 else "")
        raise BadInput(f"{path}: names no drug that is known here" + (f": {some}" if some else ""))
    return said


@contextmanager
def _open(path: Path) -> Iterator[io.TextIOWrapper]:
    """Open a text, gzipped or not, with or without a byte order mark; bytes that are not UTF-8 are kept as surrogates."""
    with path.open("rb") as file:
        packed = file.peek(2)[:2] == b"\x1f\x8b"
        with io.TextIOWrapper(gzip.GzipFile(fileobj=file) if packed else file, "utf-8-sig", "surrogateescape") as text:
            yield text


def _chebi(graph: Graph, path: Path, head: str, lines: Iterable[str]) -> Said:
    """Read the roles of ChEBI: a substance has its own and those of the classes above it, and each role has those above it."""
    above: dict[str, list[str]] = {}
    roles: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    term = ""
    for number, line in enumerate(lines, 2):
        key, _, rest = line.partition(":")
        if key == "name":
            names[term] = rest.strip()
        elif key in ("id", "is_a", "relationship"):
            words = rest.split()
            if key == "relationship":
                if words and words[0] != "has_role":
                    continue
                words = words[1:]
            if not words or words[0] == "!" or not (term or key == "id"):
                raise BadInput(f"{path}:{number}: this {key} names no term")
            if key == "id":
                term = words[0]
                names.setdefault(term, "")
            else:
                (above if key == "is_a" else roles).setdefault(term, []).append(words[0])
        elif line.startswith("["):
            term = ""
    base = n.PREFIXES["CHEBI"]
    found: dict[str, frozenset[str]] = {}
    for drug in graph.schema.drugs():
        ids = [f"CHEBI:{m.removeprefix(base)}" for m in graph.schema.values(drug, n.EXACT_MATCH) if m.startswith(base)]
        if any(i in names for i in ids):
            kinds = reachable(ids, lambda t: above.get(t, []))
            tags = reachable((role for kind in kinds for role in roles.get(kind, [])), lambda t: above.get(t, []))
            found[drug] = frozenset(f"{tag} {names.get(tag, '')}".strip() for tag in tags)
    return _whole(graph, CHEBI, found)


def _ndc(graph: Graph, path: Path, head: str, lines: Iterable[str]) -> Said:
    """Read the classes of the FDA's directory from the products with one substance, by the names that the graph cites."""
    schema = graph.schema
    cited: dict[str, str] = {}
    for drug in schema.drugs():
        for statement in (s for prop in sorted(schema.statement_properties) for s in schema.values(drug, prop)):
            for assertion in schema.values(statement, n.ASSERTED_BY):
                if n.SRC + NDC in schema.values(assertion, n.SOURCE):
                    cited[schema.literals(assertion, n.LOCATOR)[0]] = drug
    columns = head.rstrip("\r\n").split("\t")
    if "SUBSTANCENAME" not in columns:
        raise BadInput(f"{path}:1: the column SUBSTANCENAME is missing beside PHARM_CLASSES")
    substance, classes = columns.index("SUBSTANCENAME"), columns.index("PHARM_CLASSES")
    found: dict[str, frozenset[str]] = {}
    for number, line in enumerate(lines, 2):
        cells = line.rstrip("\r\n").split("\t")
        if len(cells) != len(columns) and cells != [""]:
            raise BadInput(f"{path}:{number}: there are {len(cells)} cells under {len(columns)} columns")
        if cells != [""] and cells[substance] in cited:
            tags = frozenset(tag.strip() for tag in re.split(r"(?<=\]),", cells[classes]) if tag.strip())
            found[cited[cells[substance]]] = found.get(cited[cells[substance]], frozenset()) | tags
    return _whole(graph, NDC, found)


def _whole(graph: Graph, source: str, tags: Tags) -> Said:
    """Return what a publisher's file says: all that the source says of the drugs in it."""
    return Said(source, tags, _meanings(graph, n.SRC + source, frozenset[str]().union(*tags.values())), whole=True)


def _own(graph: Graph, path: Path, head: str, lines: Iterable[str]) -> Said:
    """Read a table of the user's own: one drug and one class a line, as much as there is to say."""
    separator, columns = _columns(head) or ("", [])
    at = [columns.index(column) for column in ("drug", "class")]
    reader = csv.reader(_decoded(path, chain([head], lines)), delimiter=separator, skipinitialspace=True, strict=True)
    said: dict[str, frozenset[str]] = {}
    meanings: dict[str, str] = {}
    unread: dict[str, None] = {}
    try:
        for row in reader:
            name, tag = (row[i].strip() if i < len(row) else "" for i in at)
            if reader.line_num == 1 or not any(cell.strip() for cell in row):
                continue
            if not name or not tag:
                raise BadInput(f"{path}:{reader.line_num}: a drug or a class is missing")
            drug = _drug(graph, name)
            if drug is None:
                unread[name] = None
            else:
                meanings[tag] = meanings.get(tag) or g.klass(graph, tag)
                said[drug] = said.get(drug, frozenset()) | {tag}
    except (csv.Error, UnknownName) as error:
        raise BadInput(f"{path}:{reader.line_num}: {error}") from None
    return Said(path.name, said, meanings, whole=False, unread=tuple(unread))


def _columns(head: str) -> tuple[str, list[str]] | None:
    """Return the separator and the columns of a header that has a drug and a class, in capitals or not; None for another line."""
    for separator in ",;\t":
        columns = [cell.strip(' "\r\n').lower() for cell in head.split(separator)]
        if {"drug", "class"} <= set(columns):
            return separator, columns
    return None


def _decoded(path: Path, lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        if _UNDECODED.search(line):
            raise BadInput(f"{path}:{number}: is not UTF-8: save the file in that encoding")
        yield line


def _drug(graph: Graph, name: str) -> str | None:
    """Find a drug by name, or None; the error would come with names that are spelt like it, and those take long to find."""
    if not any(g.candidates(graph, spelt) for spelt in (name, singular(name))):
        return None
    try:
        return g.drug(graph, name)
    except UnknownName:
        return None


_READERS: tuple[tuple[Callable[[str], bool], Callable[[Graph, Path, str, Iterable[str]], Said]], ...] = (
    (lambda head: head.startswith("format-version:"), _chebi),
    (lambda head: "PHARM_CLASSES" in head.rstrip("\r\n").split("\t"), _ndc),
    (lambda head: _columns(head) is not None, _own),
)
"""How each kind of file is known by its first line, and read."""
