"""The values of interactions: what fires for two drugs, what is refused, what a circumstance changes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from .proof import Proof
from .values import Drawn, Thing

if TYPE_CHECKING:
    import pandas

NOT_COUNTED = "not known: nothing here counts it"
"""What is answered on frequencies of exposure and of harm, which the minimal information model of the W3C asks for."""


@dataclass(frozen=True)
class Modifier:
    """A circumstance that changes the interactions of a drug: what it is, the drug, why, and the proof that the drug is concerned."""

    circumstance: str
    drug: Thing
    because: str
    proof: Proof

    def to_json(self) -> dict[str, Any]:
        """Return the modifier with its proof."""
        return {"circumstance": self.circumstance, "drug": asdict(self.drug), "because": self.because, "proof": self.proof.to_json()}


@dataclass(frozen=True)
class Interaction:
    """A rule that fires for two drugs.

    Attributes:
        rule: the rule.
        pattern: the pattern that the rule was made from; the rule itself where it was made by hand.
        a: the drug in the first role.
        b: the drug in the second role.
        consequence: what they bring about together.
        seriousness: how grave it can be: "life-threatening", "serious", "moderate" or "used on purpose"; a moderate one is called
            serious where a label forbids the pair or boxes its warning.
        kind: "pharmacodynamic" or "pharmacokinetic".
        because: how it comes about.
        measure: what the rule's source asks of prescribers; empty where it asks nothing.
        known: "contraindication", "boxed warning", "warning" or "derived only".
        warnings: the statements of labels that warn of the other drug's class.
        modifiers: circumstances that make it graver or lighter.
        proof: the two memberships and the rule.
    """

    rule: Thing
    pattern: Thing
    a: Thing
    b: Thing
    consequence: str
    seriousness: str
    kind: str
    because: str
    measure: str
    known: str
    warnings: tuple[Proof, ...]
    modifiers: tuple[Modifier, ...]
    proof: Proof

    def to_json(self) -> dict[str, Any]:
        """Return the ten items of the minimal information model of the W3C HCLS group, and the proof."""
        return {
            "rule": asdict(self.rule),
            "drugs": [asdict(self.a), asdict(self.b)],
            "consequence": self.consequence,
            "seriousness": self.seriousness,
            "classification": self.kind,
            "recommended_action": self.measure or "none in the sources",
            "mechanism": self.because,
            "modifying_factors": [m.to_json() for m in self.modifiers],
            "evidence": {"known": self.known, "warnings": [w.to_json() for w in self.warnings]},
            "frequency_of_exposure": NOT_COUNTED,
            "frequency_of_harm": NOT_COUNTED,
            "proof": self.proof.to_json(),
        }


@dataclass(frozen=True)
class Refusal:
    """A rule that concerns one of two drugs and does not fire for the pair, and because of what.

    The verdict is "no", where a membership is disproved in every order; "superseded", where both memberships hold and a rule that says
    better what happens fires; or "unknown".
    """

    rule: Thing
    pattern: Thing
    a: Thing
    b: Thing
    verdict: str
    because: Proof

    def to_json(self) -> dict[str, Any]:
        """Return the refusal with its proof."""
        pair = [asdict(self.a), asdict(self.b)]
        return {"rule": asdict(self.rule), "drugs": pair, "verdict": self.verdict, "because": self.because.to_json()}


@dataclass(frozen=True)
class Interactions(Drawn):
    """What follows for some drugs together.

    Attributes:
        drugs: the drugs; one alone is held against every other drug of the graph.
        found: the rules that fire, gravest first.
        refused: the rules that concern one drug of a pair and do not fire for it; none for a drug alone.
        condition: the circumstance that was asked about.
        modified: where a circumstance was asked about: the drugs that it concerns.
    """

    drugs: tuple[Thing, ...]
    found: tuple[Interaction, ...]
    refused: tuple[Refusal, ...]
    condition: Thing | None = None
    modified: tuple[Modifier, ...] = ()

    @property
    def question(self) -> str:
        """The question that is answered."""
        together = " and ".join(d.label for d in self.drugs) or "any drugs"
        case = f" in {self.condition.label}" if self.condition else ""
        return f"What follows when {together} {'meet' if len(self.drugs) != 1 else 'meets other drugs'}{case}?"

    def to_json(self) -> dict[str, Any]:
        """Return the interactions and the refusals."""
        found = {"interactions": [i.to_json() for i in self.found], "refused": [r.to_json() for r in self.refused]}
        if self.condition:
            found |= {"condition": [asdict(self.condition)], "modified": [m.to_json() for m in self.modified]}
        return {"drugs": [asdict(d) for d in self.drugs], **found}

    def to_pandas(self) -> pandas.DataFrame:
        """Return one row for each rule that fires (needs the ``analysis`` extra)."""
        import pandas

        columns = ["a", "b", "rule", "consequence", "seriousness", "classification", "known"]
        rows = [(i.a.label, i.b.label, i.rule.label, i.consequence, i.seriousness, i.kind, i.known) for i in self.found]
        return pandas.DataFrame(rows, columns=columns)

    def _repr_html_(self) -> str:
        from .html import fragment

        return fragment(self)

    def __str__(self) -> str:
        from .report import interactions as write
        from .text import Style

        return write(self, Style(False))
