"""The values of a comparison: rows on axes, each with its side, its sentence and its proof."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from .proof import Proof
from .values import Drawn, Thing

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class Compared:
    """One thing that is said of one side or of both.

    Attributes:
        axis: what it is about, such as "mechanism" or "adverse effects".
        side: "shared", "a" (only the first), "b" (only the second) or "unknown" (one side has it, of the other it is not known).
        of: the side that has it: "a", "b" or "both".
        value: the predicate, such as "activates the GABA-B receptor".
        sentence: what a teacher would read out.
        proof: the sentence, with the proof of each side beneath it; a side that is not known has none.
    """

    axis: str
    side: str
    of: str
    value: str
    sentence: str
    proof: Proof

    def to_json(self) -> dict[str, Any]:
        """Return the row with its proof."""
        row = {"axis": self.axis, "side": self.side, "of": self.of, "value": self.value, "sentence": self.sentence}
        return {**row, "proof": self.proof.to_json()}


@dataclass(frozen=True)
class Comparison(Drawn):
    """Two drugs or classes side by side.

    Attributes:
        a: the first.
        b: the second.
        classes: whether the one and the other stand for every drug in a class.
        rows: in the order of the axes; on each what is shared first, then what parts them, then what is not known.
        nearest: the smallest class that both are in; None where there is none.
        parting: the sentence of the first row on which they part; empty where nothing is proved to part them.
    """

    a: Thing
    b: Thing
    classes: tuple[bool, bool]
    rows: tuple[Compared, ...]
    nearest: Thing | None
    parting: str

    @property
    def question(self) -> str:
        """The question that is answered."""
        return f"How do {self.a.label} and {self.b.label} compare?"

    @property
    def sides(self) -> dict[str, str]:
        """What each side of a row is called: of a class, "only" means that not every drug in it is such."""
        labels = (self.a.label, self.b.label)
        only = [f"only {labels[i]}" + (f", not every {labels[1 - i]}" if self.classes[1 - i] else "") for i in (0, 1)]
        return {"shared": "both", "a": only[0], "b": only[1], "unknown": "not known for one"}

    def table(self) -> list[tuple[str, str, str]]:
        """Return axis, side and sentence of each row, as texts."""
        return [(r.axis, self.sides[r.side], r.sentence) for r in self.rows]

    def to_json(self) -> dict[str, Any]:
        """Return the rows, the nearest common class and the point of parting."""
        nearest = asdict(self.nearest) if self.nearest else None
        rows = [r.to_json() for r in self.rows]
        return {"a": asdict(self.a), "b": asdict(self.b), "nearest": nearest, "parting": self.parting, "rows": rows}

    def to_pandas(self) -> pandas.DataFrame:
        """Return one row for each thing that is said: axis, side, value, sentence (needs the ``analysis`` extra)."""
        import pandas

        rows = [(r.axis, r.side, r.value, r.sentence) for r in self.rows]
        return pandas.DataFrame(rows, columns=["axis", "side", "value", "sentence"])

    def _repr_html_(self) -> str:
        from .html import fragment

        return fragment(self)

    def __str__(self) -> str:
        from .report import comparison
        from .text import Style

        return comparison(self, Style(False))
