"""Drift: the tags of other classifications held against what is derived here, with the reason on our side.

A tag is a source's claim that a drug is of some class. The crosswalks of the ontology say which class here a tag amounts to. Where a
source calls a drug so and we can prove that it is not, or the other way round, one of the two is wrong or means something else: that is
what is worth looking at. A source that does not call a drug so is silent; it has not said no.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from . import graph as g
from . import names as n
from .closure import reachable
from .errors import BadInput, UnknownName
from .evaluate import Evaluator
from .expression import Named
from .graph import Graph
from .proof import Proof, prove
from .values import Thing

if TYPE_CHECKING:
    import pandas

OUTCOMES = ("agree", "they say, we refute", "we prove, they are silent", "they say, we do not know")
"""How a tag and a derivation can stand to each other."""

_OUTCOME = {
    (True, "yes"): OUTCOMES[0],
    (True, "no"): OUTCOMES[1],
    (False, "yes"): OUTCOMES[2],
    (True, "unknown"): OUTCOMES[3],
    (True, "contradicted"): OUTCOMES[3],
}

Said = Mapping[str, frozenset[str]]
"""What a source says: for each drug, by IRI, its tags. A drug that the source does not know is left out."""


@dataclass(frozen=True)
class Drifted:
    """A drug, a class, and how a source's word stands to ours.

    Attributes:
        drug: the drug.
        cls: the class here.
        source: the source's name.
        tags: the tags that amount to the class; empty where the source is silent.
        outcome: one of :data:`OUTCOMES`.
        because: our proof; None where it is not known here.
    """

    drug: Thing
    cls: Thing
    source: str
    tags: tuple[str, ...]
    outcome: str
    because: Proof | None

    def to_json(self) -> dict[str, Any]:
        """Return the row with its proof."""
        row = {"drug": asdict(self.drug), "class": asdict(self.cls), "source": self.source, "tags": list(self.tags)}
        return {**row, "outcome": self.outcome, "because": self.because.to_json() if self.because else None}


@dataclass(frozen=True)
class Drift:
    """All rows of a run, in the order of source, class and drug."""

    rows: tuple[Drifted, ...]

    @property
    def counts(self) -> dict[tuple[str, str], dict[str, int]]:
        """How many rows of each outcome there are for each source and class."""
        found: dict[tuple[str, str], dict[str, int]] = {}
        for row in self.rows:
            cell = found.setdefault((row.source, row.cls.label), dict.fromkeys(OUTCOMES, 0))
            cell[row.outcome] += 1
        return found

    def to_json(self) -> dict[str, Any]:
        """Return the counts and the rows."""
        counts = [{"source": source, "class": cls, **cell} for (source, cls), cell in self.counts.items()]
        return {"counts": counts, "rows": [row.to_json() for row in self.rows]}

    def to_pandas(self) -> pandas.DataFrame:
        """Return one row for each drug and class (needs the ``analysis`` extra)."""
        import pandas

        rows = [(r.source, r.cls.label, r.drug.label, "; ".join(r.tags), r.outcome) for r in self.rows]
        return pandas.DataFrame(rows, columns=["source", "class", "drug", "tags", "outcome"])

    def __str__(self) -> str:
        from .report import drift as write
        from .text import Style

        return write(self, Style(False))


def drift(*files: Path | str, without: Sequence[str] = (), graph: Graph | None = None) -> Drift:
    """Hold tags against derivations.

    Args:
        files: an OBO file of ChEBI, the product file of the FDA's directory, or a CSV file of your own with the columns ``drug`` and
            ``class`` (names that are known here); gzipped or not. With none: the tags that the drugs of the graph carry.
        without: sources to withdraw.
        graph: the graph; the shipped one where none is given.

    Raises:
        BadInput: a file that cannot be read or is none of these.
        UnknownName: a class in a CSV file of your own that is not known here.

    >>> any(row.drug.label == "baclofen" and row.outcome == "they say, we refute" for row in drift().rows)
    True
    """
    graph = graph or g.shipped()
    evaluator = graph.evaluator(without)
    rows: list[Drifted] = []
    for source, said, meanings in _carried(graph) if not files else (_read(graph, Path(file)) for file in files):
        rows += _rows(graph, evaluator, source, said, meanings)
    return Drift(tuple(rows))


def _rows(graph: Graph, evaluator: Evaluator, source: str, said: Said, meanings: Mapping[str, str]) -> Iterator[Drifted]:
    schema = graph.schema
    for cls in sorted(set(meanings.values()), key=schema.label):
        for drug in sorted(said, key=schema.label):
            tags = tuple(sorted(tag for tag in said[drug] if meanings.get(tag) == cls))
            verdict = evaluator.verdict(drug, Named(cls))
            outcome = _OUTCOME.get((bool(tags), verdict))
            if outcome:
                because = prove(evaluator, drug, Named(cls), verdict == "yes") if verdict in ("yes", "no") else None
                yield Drifted(Thing(drug, schema.label(drug)), Thing(cls, schema.label(cls)), source, tags, outcome, because)


# --- what the sources say -------------------------------------------------------------------------------------------


def _meanings(graph: Graph, source: str) -> dict[str, str]:
    """Return which class each tag of a source amounts to, by the crosswalks."""
    schema = graph.schema
    found = {}
    for meaning in schema.subjects(n.NS + "inSource", source):
        found[schema.literals(meaning, n.NS + "tag")[0]] = schema.values(meaning, n.NS + "means")[0]
    return found


def _carried(graph: Graph) -> Iterator[tuple[str, Said, dict[str, str]]]:
    """Yield the tags that the drugs of the graph carry, by source; a tag's class is the one that its statement names."""
    schema = graph.schema
    said: dict[str, dict[str, frozenset[str]]] = {}
    meanings: dict[str, dict[str, str]] = {}
    for drug in schema.drugs():
        for tag in schema.values(drug, n.NS + "hasTag"):
            words = schema.literals(tag, n.NS + "tag")[0]
            for source in {s for a in schema.values(tag, n.ASSERTED_BY) for s in schema.values(a, n.SOURCE)}:
                tags = said.setdefault(source, {})
                tags[drug] = tags.get(drug, frozenset()) | {words}
                for cls in schema.values(tag, n.NS + "sourceSaysIsA"):
                    meanings.setdefault(source, {})[words] = cls
    for source in sorted(meanings):
        # What the graph carries is a choice of a source's tags: it cannot tell silence.
        wanted = {drug: tags for drug, tags in said[source].items() if tags & set(meanings[source])}
        yield n.short(source), wanted, meanings[source]


def _read(graph: Graph, path: Path) -> tuple[str, Said, dict[str, str]]:
    """Read a file by what it turns out to be."""
    try:
        with _open(path) as file:
            head = file.readline()
            for source, fits, read in _READERS:
                if fits(head):
                    return source, read(graph, head, file), _meanings(graph, n.SRC + source)
            if {"drug", "class"} <= set(next(csv.reader([head]), ())):
                return _own(graph, path, head, file)
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{path}: cannot be read: {error}") from None
    raise BadInput(f"{path}:1: is no OBO file, no product file of the FDA's directory, and no CSV file with the columns drug and class")


def _open(path: Path) -> IO[str]:
    return (
        gzip.open(path, "rt", encoding="utf-8", errors="replace") if path.suffix == ".gz" else path.open(encoding="utf-8", errors="replace")
    )


def _chebi(graph: Graph, head: str, file: Iterable[str]) -> Said:
    """Read the roles of ChEBI: a substance has its own and those of the classes above it, and each role has those above it."""
    above: dict[str, list[str]] = {}
    roles: dict[str, list[str]] = {}
    term = ""
    for line in file:
        key, _, rest = line.partition(": ")
        if key == "id":
            term = rest.strip()
        elif key == "is_a":
            above.setdefault(term, []).append(rest.split()[0])
        elif key == "relationship" and rest.startswith("has_role "):
            roles.setdefault(term, []).append(rest.split()[1])
    base = "http://purl.obolibrary.org/obo/CHEBI_"
    found = {}
    for drug in graph.schema.drugs():
        ids = [m.removeprefix(base) for m in graph.schema.values(drug, n.EXACT_MATCH) if m.startswith(base)]
        if ids and f"CHEBI:{ids[0]}" in above:
            kinds = reachable([f"CHEBI:{ids[0]}"], lambda t: above.get(t, []))
            found[drug] = frozenset(reachable((r for k in kinds for r in roles.get(k, [])), lambda t: above.get(t, [])))
    return found


def _ndc(graph: Graph, head: str, file: Iterable[str]) -> Said:
    """Read the classes of the FDA's directory from the products with one substance, by the names that the graph cites."""
    cited: dict[str, str] = {}
    for drug in graph.schema.drugs():
        for prop in sorted(graph.schema.statement_properties):
            for statement in graph.schema.values(drug, prop):
                for assertion in graph.schema.values(statement, n.ASSERTED_BY):
                    if n.SRC + "ndc" in graph.schema.values(assertion, n.SOURCE):
                        cited[graph.schema.literals(assertion, n.LOCATOR)[0]] = drug
    found: dict[str, frozenset[str]] = {}
    for row in csv.DictReader([head, *file], delimiter="\t", quoting=csv.QUOTE_NONE):
        drug_of = cited.get(row["SUBSTANCENAME"] or "")
        if drug_of:
            tags = frozenset(tag.strip() for tag in re.split(r"(?<=\]),", row["PHARM_CLASSES"] or "") if tag.strip())
            found[drug_of] = found.get(drug_of, frozenset()) | tags
    return found


def _own(graph: Graph, path: Path, head: str, file: Iterable[str]) -> tuple[str, Said, dict[str, str]]:
    """Read a file of the user's own: one drug and one class a line. Drugs that are not known here are left out."""
    said: dict[str, frozenset[str]] = {}
    meanings: dict[str, str] = {}
    for number, row in enumerate(csv.DictReader([head, *file]), 2):
        name, tag = row["drug"] or "", row["class"] or ""
        if not name or not tag:
            raise BadInput(f"{path}:{number}: a drug or a class is missing")
        try:
            drug = g.drug(graph, name)
        except UnknownName:
            continue
        meanings[tag] = g.klass(graph, tag)
        said[drug] = said.get(drug, frozenset()) | {tag}
    return path.name, said, meanings


_READERS: tuple[tuple[str, Callable[[str], bool], Callable[[Graph, str, Iterable[str]], Said]], ...] = (
    ("chebi", lambda head: head.startswith("format-version:"), _chebi),
    ("ndc", lambda head: "PHARM_CLASSES" in head and "\t" in head, _ndc),
)
