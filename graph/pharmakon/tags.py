"""Drift: the tags of other classifications held against what is derived here, with the reason on our side.

A tag is a source's claim that a drug is of some class. The crosswalks of the ontology say which class here a tag amounts to. Where a
source calls a drug so and we can prove that it is not, or the other way round, one of the two is wrong or means something else: that is
what is worth looking at. A source that does not call a drug so is silent; it has not said no.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import graph as g
from .errors import BadInput
from .evaluate import Evaluator
from .graph import Graph
from .proof import Proof, prove
from .tagfiles import Said, carried, read
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
class Source:
    """A source whose tags were read.

    Attributes:
        name: its name: "chebi", "ndc", the short IRI of another source, or the name of a file.
        drugs: how many of the drugs that are known here were found in it.
        whole: whether all was read that it says of them, so that its silence is counted.
    """

    name: str
    drugs: int
    whole: bool


@dataclass(frozen=True)
class Drift:
    """All rows of a run, in the order of source, class and drug.

    Attributes:
        rows: a drug and a class each.
        sources: the sources that were read.
        unread: names of drugs in the files that nothing here is called by.
    """

    rows: tuple[Drifted, ...]
    sources: tuple[Source, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[tuple[str, str], dict[str, int]]:
        """How many rows of each outcome there are for each source and class."""
        found: dict[tuple[str, str], dict[str, int]] = {}
        for row in self.rows:
            cell = found.setdefault((row.source, row.cls.label), dict.fromkeys(OUTCOMES, 0))
            cell[row.outcome] += 1
        return found

    def to_json(self) -> dict[str, Any]:
        """Return what was read and what was not, the counts and the rows."""
        counts = [{"source": source, "class": cls, **cell} for (source, cls), cell in self.counts.items()]
        told = {"sources": [asdict(source) for source in self.sources], "unread": list(self.unread)}
        return {**told, "counts": counts, "rows": [row.to_json() for row in self.rows]}

    def to_pandas(self) -> pandas.DataFrame:
        """Return one row for each drug and class (needs the ``analysis`` extra)."""
        import pandas

        rows = [(r.source, r.cls.label, r.drug.label, "; ".join(r.tags), r.outcome) for r in self.rows]
        return pandas.DataFrame(rows, columns=["source", "class", "drug", "tags", "outcome"])

    def _repr_html_(self) -> str:
        from .html import fragment

        return fragment(self)

    def __str__(self) -> str:
        from .report import drift as write
        from .text import Style

        return write(self, Style(False))


def drift(*files: Path | str, without: Sequence[str] = (), graph: Graph | None = None) -> Drift:
    """Hold tags against derivations.

    Args:
        files: an OBO file of ChEBI, the product file of the FDA's directory, or a table of your own with the columns ``drug`` and
            ``class`` (names that are known here; commas, semicolons or tabs between them); gzipped or not. With none: the tags that
            the drugs of the graph carry.
        without: sources to withdraw; nothing is proved by them, and what the graph carries of their tags is left out.
        graph: the graph; the shipped one where none is given.

    Raises:
        BadInput: a file that cannot be read, is none of these, is given twice, or names no drug or a class that is not known here.

    >>> any(row.drug.label == "baclofen" and row.outcome == "they say, we refute" for row in drift().rows)
    True
    """
    graph = graph or g.shipped()
    evaluator = graph.evaluator(without)
    withdrawn = frozenset(g.source(graph, name) for name in without)
    said = list(_files(graph, [Path(file) for file in files]) if files else carried(graph, withdrawn))
    rows = tuple(row for one in said for row in _rows(graph, evaluator, one))
    told = {row.source for row in rows}
    sources = tuple(Source(one.source, len(one.tags), one.whole) for one in said if one.source in told or files)
    return Drift(rows, sources, tuple(dict.fromkeys(name for one in said for name in one.unread)))


def _files(graph: Graph, files: Sequence[Path]) -> Iterator[Said]:
    """Read each file once; of two with the same name the second is called by its place too."""
    places = [file.resolve() for file in files]
    names: set[str] = set()
    for i, file in enumerate(files):
        if places[i] in places[:i]:
            raise BadInput(f"{file}: is given twice")
        said = read(graph, file)
        yield replace(said, source=f"{said.source} ({file})") if said.source in names else said
        names.add(said.source)


def _rows(graph: Graph, evaluator: Evaluator, said: Said) -> Iterator[Drifted]:
    schema = graph.schema
    for cls in sorted(set(said.meanings.values()), key=lambda iri: (schema.label(iri), iri)):
        e = g.membership(graph, cls)
        for drug in sorted(said.tags, key=schema.label):
            tags = tuple(sorted(tag for tag in said.tags[drug] if said.meanings.get(tag) == cls))
            verdict = evaluator.verdict(drug, e) if tags or said.whole else "unknown"
            outcome = _OUTCOME.get((bool(tags), verdict))
            if outcome:
                because = prove(evaluator, drug, e, verdict == "yes") if verdict in ("yes", "no") else None
                yield Drifted(Thing(drug, schema.label(drug)), Thing(cls, schema.label(cls)), said.source, tags, outcome, because)
