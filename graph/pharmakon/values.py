"""The values that questions return: frozen, with their text, their JSON and their tables at hand."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from .proof import Citation, Proof
from .say import article

if TYPE_CHECKING:
    import networkx
    import pandas

    from .changes import Change

DISCLAIMER = "For teaching and research. No medical advice: it knows no patient and gives no dose."


class Drawn:
    """A value of which a picture is made."""

    def to_networkx(self) -> networkx.DiGraph[str]:
        """Return the value as a graph with typed nodes and edges, labels, verdicts and sources; proofs lead to what they rest on."""
        from .drawing import view

        return view(self)


@dataclass(frozen=True)
class Thing:
    """A thing with a name: its IRI and its label."""

    iri: str
    label: str


@dataclass(frozen=True)
class Sense:
    """One meaning of a word: the class that stands for it, and where the meaning is taken from."""

    iri: str
    label: str
    definition: str
    source: str


@dataclass(frozen=True)
class Verdict:
    """The answer in one sense.

    Attributes:
        sense: the meaning that is asked about.
        verdict: "yes", "no", "unknown" or "contradicted".
        reasons: minimal proofs, smallest first; of both sides where they contradict each other; empty when unknown.
        capped: whether there are more reasons than are shown.
        open: when unknown or contradicted: what would settle it.
    """

    sense: Sense
    verdict: str
    reasons: tuple[Proof, ...]
    capped: bool
    open: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the verdict in the shape of the JSON schema that ships with the package."""
        sense = {"iri": self.sense.iri, "label": self.sense.label, "source": self.sense.source}
        reasons = [r.to_json() for r in self.reasons]
        return {"sense": sense, "verdict": self.verdict, "reasons": reasons, "capped": self.capped, "open": list(self.open)}


@dataclass(frozen=True)
class Answer(Drawn):
    """The answer to "is SUBJECT a CLASS?", one verdict for each sense of the class.

    Attributes:
        subject: the drug, or the class that stands for every drug in it.
        cls: the class or the word.
        answers: one verdict a sense.
        every: whether the subject is a class that stands for every drug in it.
    """

    subject: Thing
    cls: Thing
    answers: tuple[Verdict, ...]
    every: bool = False

    @property
    def question(self) -> str:
        """The question that is answered.

        >>> Answer(Thing("", "baclofen"), Thing("", "opiate"), ()).question
        'Is baclofen an opiate?'
        """
        return f"Is {'every ' if self.every else ''}{self.subject.label} {article(self.cls.label)}?"

    def to_json(self) -> dict[str, Any]:
        """Return the answer in the shape of the JSON schema that ships with the package."""
        return {"subject": asdict(self.subject), "class": asdict(self.cls), "answers": [a.to_json() for a in self.answers]}

    def to_pandas(self) -> pandas.DataFrame:
        """Return one row for each sense: sense, verdict, how many reasons, source (needs the ``analysis`` extra)."""
        import pandas

        rows = [(a.sense.label, a.verdict, len(a.reasons), a.sense.source) for a in self.answers]
        return pandas.DataFrame(rows, columns=["sense", "verdict", "reasons", "source"])

    def _repr_html_(self) -> str:
        from .html import fragment

        return fragment(self)

    def __str__(self) -> str:
        from .text import Style, answer

        return answer(self, Style(False))


@dataclass(frozen=True)
class Row:
    """One condition of a class, with how two drugs stand to it: a verdict and a proof (None when unknown) for each."""

    condition: str
    a: str
    b: str
    proof_a: Proof | None
    proof_b: Proof | None


@dataclass(frozen=True)
class Contrast(Drawn):
    """Why one drug and not another: two checklists side by side, for each sense.

    Attributes:
        a: the answer for the first drug.
        b: the answer for the second.
        rows: for each sense, the conditions of the class.
    """

    a: Answer
    b: Answer
    rows: tuple[tuple[Row, ...], ...]

    @property
    def question(self) -> str:
        """The question that is answered."""
        return f"Why is {self.a.subject.label} {article(self.a.cls.label)}, and {self.b.subject.label} not?"

    def to_json(self) -> dict[str, Any]:
        """Return both answers and the conditions of each sense."""

        def row(r: Row) -> dict[str, Any]:
            sides = {"proof_a": r.proof_a.to_json() if r.proof_a else None, "proof_b": r.proof_b.to_json() if r.proof_b else None}
            return {"condition": r.condition, "a": r.a, "b": r.b, **sides}

        return {"a": self.a.to_json(), "b": self.b.to_json(), "rows": [[row(r) for r in sense] for sense in self.rows]}

    def to_pandas(self) -> pandas.DataFrame:
        """Return one row for each sense and condition, with the verdict for each drug (needs the ``analysis`` extra)."""
        import pandas

        told = zip(self.a.answers, self.rows, strict=True)
        rows = [(answer.sense.label, r.condition, r.a, r.b) for answer, sense in told for r in sense]
        return pandas.DataFrame(rows, columns=["sense", "condition", self.a.subject.label, self.b.subject.label])

    def _repr_html_(self) -> str:
        from .html import fragment

        return fragment(self)

    def __str__(self) -> str:
        from .text import Style, contrast

        return contrast(self, Style(False))


@dataclass(frozen=True)
class WhatIf:
    """What would change a verdict, in one sense.

    Attributes:
        sense: the meaning.
        verdict: as things stand.
        unsettle: minimal sets of statements whose withdrawal makes the answer "not known"; empty when it is that already.
        turn: for "yes" how to make it "no" and the other way round; for "unknown" the ways to "yes", then to "no".
        capped: whether there are more reasons than were looked at.
    """

    sense: Sense
    verdict: str
    unsettle: tuple[tuple[Proof, ...], ...]
    turn: tuple[tuple[str, tuple[Change, ...]], ...]
    capped: bool


@dataclass(frozen=True)
class WhatIfs:
    """What would change the answer to "is SUBJECT a CLASS?", sense by sense."""

    subject: Thing
    cls: Thing
    answers: tuple[WhatIf, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the changes with their texts."""

        def one(w: WhatIf) -> dict[str, Any]:
            turns = [{"to": to, "changes": [{"kind": c.kind, "text": c.text} for c in plan]} for to, plan in w.turn]
            falls = [[leaf.to_json() for leaf in group] for group in w.unsettle]
            return {"sense": asdict(w.sense), "verdict": w.verdict, "unsettle": falls, "turn": turns, "capped": w.capped}

        return {"subject": asdict(self.subject), "class": asdict(self.cls), "answers": [one(w) for w in self.answers]}

    def to_pandas(self) -> pandas.DataFrame:
        """Return one row for each change: sense, verdict, the verdict it leads to, the way it belongs to, what it is (``analysis``)."""
        import pandas

        rows: list[tuple[str, str, str, int, str, str]] = []
        for w in self.answers:
            falls = [("unknown", [("withdraw", leaf.claim) for leaf in group]) for group in w.unsettle]
            turns = [(to, [(c.kind, c.text) for c in plan]) for to, plan in w.turn]
            rows += [(w.sense.label, w.verdict, to, i, *c) for i, (to, changes) in enumerate([*falls, *turns], 1) for c in changes]
        return pandas.DataFrame(rows, columns=["sense", "verdict", "to", "way", "kind", "change"])

    def _repr_html_(self) -> str:
        from .html import fragment

        return fragment(self)

    def __str__(self) -> str:
        from .text import Style, what_if

        return what_if(self, Style(False))


@dataclass(frozen=True)
class Members(Drawn):
    """The drugs by how they stand to a class."""

    cls: Sense
    yes: tuple[Thing, ...]
    no: tuple[Thing, ...]
    unknown: tuple[Thing, ...]
    contradicted: tuple[Thing, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the four lists."""
        return asdict(self)

    def to_pandas(self) -> pandas.DataFrame:
        """Return one row for each drug with its verdict (needs the ``analysis`` extra)."""
        import pandas

        rows = [(t.label, v, t.iri) for v in ("yes", "no", "unknown", "contradicted") for t in getattr(self, v)]
        return pandas.DataFrame(rows, columns=["drug", "verdict", "iri"]).sort_values("drug", ignore_index=True)

    def _repr_html_(self) -> str:
        from .html import fragment

        return fragment(self)

    def __str__(self) -> str:
        from .text import Style, members

        return members((self,), Style(False))


@dataclass(frozen=True)
class Entry:
    """One thing said of a subject: the property, the sentence, and where it can be read."""

    prop: str
    text: str
    sources: tuple[Citation, ...]


@dataclass(frozen=True)
class Page(Drawn):
    """All that the graph says of a thing."""

    subject: Thing
    definition: str
    names: tuple[str, ...]
    ids: tuple[str, ...]
    entries: tuple[Entry, ...]
    derived: tuple[tuple[str, str], ...]

    def to_json(self) -> dict[str, Any]:
        """Return the page as plain values."""
        return asdict(self)

    def to_pandas(self) -> pandas.DataFrame:
        """Return one row for each thing said and each of its sources (needs the ``analysis`` extra)."""
        import pandas

        rows = [(e.prop, e.text, c.citation, c.locator) for e in self.entries for c in e.sources or (Citation("", "", ""),)]
        return pandas.DataFrame(rows, columns=["property", "text", "source", "locator"])

    def _repr_html_(self) -> str:
        from .html import fragment

        return fragment(self)

    def __str__(self) -> str:
        from .text import Style, page

        return page(self, Style(False))
