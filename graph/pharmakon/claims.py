"""Hold an article to account: each of its claims as questions to the graph, with the verdict that follows from the answers.

A claim is data: a file of ``ontology/claims`` restates a sentence and names its parts, questions with the answer that the sentence
gives. A part agrees when the graph proves that answer, stands against it when the graph proves the other, and is open else. From the
parts follows the verdict; nobody writes it down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from . import graph as g
from . import names as n
from . import say
from .answers import senses
from .errors import UnknownName
from .evaluate import Evaluator
from .expression import Expression, Named, Not, Or, parse
from .graph import Graph
from .interact import Pairs, Rule
from .proof import Proof, cite, prove
from .subsume import below
from .values import Thing

if TYPE_CHECKING:
    import pandas

VERDICTS = ("supported", "refined", "contradicted", "not known")
"""What a claim can turn out to be: all parts agree; some agree and some do not; none agrees; something is open and nothing against it."""


_MARK = {"supported": "yes", "refined": "no", "contradicted": "no", "not known": "unknown"}


@dataclass(frozen=True)
class Audited:
    """A claim of an article with its verdict.

    Attributes:
        claim: the claim in our own words.
        place: where in the article.
        verdict: one of :data:`VERDICTS`.
        proof: the claim with its parts beneath it, each with what is proved of it; "yes" only where all parts agree, "unknown" where
            something is open and nothing is against it.
        better: what a careful author would have written, in the words of the auditor: no part of what is proved.
    """

    claim: str
    place: str
    verdict: str
    proof: Proof
    better: str

    def to_json(self) -> dict[str, Any]:
        """Return the claim with its verdict and proof."""
        row = {"claim": self.claim, "place": self.place, "verdict": self.verdict}
        return {**row, "proof": self.proof.to_json(), "better": self.better}

    def _repr_html_(self) -> str:
        from .html import fragment

        return fragment(self)


@dataclass(frozen=True)
class Audit:
    """An article held to account: its claims in the order of the text."""

    article: Thing
    citation: str
    claims: tuple[Audited, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many claims have each verdict."""
        return {verdict: sum(c.verdict == verdict for c in self.claims) for verdict in VERDICTS}

    def to_json(self) -> dict[str, Any]:
        """Return the claims, with the counts of the verdicts."""
        return {"article": asdict(self.article), "counts": self.counts, "claims": [c.to_json() for c in self.claims]}

    def to_pandas(self) -> pandas.DataFrame:
        """Return one row for each claim (needs the ``analysis`` extra)."""
        import pandas

        rows = [(c.place, c.claim, c.verdict, c.better) for c in self.claims]
        return pandas.DataFrame(rows, columns=["place", "claim", "verdict", "better"])

    def _repr_html_(self) -> str:
        from .html import fragment

        return fragment(self)

    def __str__(self) -> str:
        from .report import audit as write
        from .text import Style

        return write(self, Style(False))


def audit(article: str | None = None, *, without: Sequence[str] = (), graph: Graph | None = None) -> Audit:
    """Hold an article against the graph, claim by claim.

    Args:
        article: the source, such as "article"; the only one with claims where none is given.
        without: sources to withdraw; the article itself proves nothing of its own claims and is always withdrawn.
        graph: the graph; the shipped one where none is given.

    Raises:
        UnknownName: there is no such article, or it has no claims.

    >>> sorted(audit().counts)
    ['contradicted', 'not known', 'refined', 'supported']
    """
    graph = graph or g.shipped()
    schema = graph.schema
    found = sorted({a for c in schema.subjects(n.TYPE, n.NS + "ArticleClaim") for a in schema.values(c, n.NS + "claimOf")})
    chosen = g.source(graph, article) if article is not None else next(iter(found), "")
    if chosen not in found or (len(found) > 1 and article is None):
        names = tuple(a.removeprefix(n.SRC) for a in found)
        raise UnknownName(article or "", names, "article with claims")
    reader = _Reader(graph, graph.evaluator([*without, chosen]))
    claims = sorted(schema.subjects(n.NS + "claimOf", chosen), key=lambda c: (int(schema.text(c, n.NS + "order") or 0), c))
    title = cite(schema, chosen).citation
    return Audit(Thing(chosen, schema.text(chosen, n.DCT + "title") or n.short(chosen)), title, tuple(map(reader.claim, claims)))


class _Reader:
    """Reads claims and answers their parts in one view of the sources."""

    def __init__(self, graph: Graph, evaluator: Evaluator) -> None:
        self.graph, self.schema, self.evaluator = graph, graph.schema, evaluator
        self.pairs = Pairs(graph, evaluator)
        self._rules = {rule.iri: rule for rule in self.pairs.rules}

    def claim(self, iri: str) -> Audited:
        schema = self.schema
        parts = [self._part(part) for part in sorted(schema.values(iri, n.NS + "part"), key=self._order)]
        found = {outcome for outcome, _ in parts}
        if "against" in found:
            verdict = "refined" if "agrees" in found else "contradicted"
        else:
            verdict = "supported" if found == {"agrees"} else "not known"
        text = schema.text(iri, n.NS + "says") or ""
        proof = Proof(text, "audit", _MARK[verdict], tuple(node for _, node in parts), (), n.short(iri))
        better = schema.text(iri, n.NS + "better") or ""
        return Audited(text, schema.text(iri, n.LOCATOR) or "", verdict, proof, better)

    def _order(self, part: str) -> tuple[int, str]:
        return int(self.schema.text(part, n.NS + "order") or 0), self.schema.text(part, n.NS + "says") or part

    def _part(self, part: str) -> tuple[str, Proof]:
        """Answer a part: "agrees", "against" or "open", and the node of the answer under what the part says."""
        schema = self.schema
        yes, verdict, inner = self._question(part)
        outcome = "open" if verdict == "unknown" else "agrees" if (verdict == "yes") == yes else "against"
        words = {"agrees": "so it is", "against": "not so", "open": "not known"}[outcome]
        text = f"{schema.text(part, n.NS + 'says') or ''}: {words}"
        mark = {"agrees": "yes", "against": "no", "open": "unknown"}[outcome]
        return outcome, Proof(text, "part", mark, inner, (), "")

    def _question(self, part: str) -> tuple[bool, str, tuple[Proof, ...]]:
        """Return which answer a part gives, which the graph gives, and the proof."""
        schema = self.schema
        for yes, prop in ((True, "byRule"), (False, "notByRule")):
            for rule in schema.values(part, n.NS + prop):
                return yes, *self._pair(part, self._rules[rule])
        yes = bool(schema.values(part, n.NS + "isIn"))
        node = schema.values(part, n.NS + ("isIn" if yes else "isNotIn"))[0]
        e = parse(node, schema.values)
        one = any(self._is_drug(s) for s in schema.values(part, n.NS + "subject"))
        if not yes and not one:
            yes, e = True, Not(e)
        if subjects := schema.values(part, n.NS + "someOf"):
            return yes, *self._some(subjects[0], e)
        return yes, *self._every(schema.values(part, n.NS + "subject")[0], e)

    # --- questions about drugs and classes --------------------------------------------------------------------------

    def _members(self, thing: str) -> list[str]:
        """Return a drug itself, or the drugs that are proved to be in a class or in one of the senses of a word."""
        if n.DRUG in self.schema.values(thing, n.TYPE):
            return [thing]
        return [d for d in self.schema.drugs() if self.evaluator.verdict(d, self._class(thing)) == "yes"]

    def _class(self, thing: str) -> Expression:
        named = [Named(sense) for sense in senses(self.graph, thing)]
        return named[0] if len(named) == 1 else Or(tuple(named))

    def _is_drug(self, thing: str) -> bool:
        return n.DRUG in self.schema.values(thing, n.TYPE)

    def _every(self, thing: str, e: Expression) -> tuple[str, tuple[Proof, ...]]:
        """Ask of a drug, or of every drug in a class: by the definition, or drug by drug over those that are here."""
        verdicts = {d: self.evaluator.verdict(d, e) for d in self._members(thing)}
        if not self._is_drug(thing) and below(self.schema, self._class(thing), e):
            text = f"every {self.schema.label(thing)} {say.expression(self.schema, e)}: it follows from the definition"
            return "yes", (Proof(text, "class", "yes", (), (), n.short(thing)),)
        for d, verdict in verdicts.items():
            if verdict == "no":
                return "no", (prove(self.evaluator, d, e, False),)
        if verdicts and set(verdicts.values()) == {"yes"}:
            return "yes", tuple(prove(self.evaluator, d, e, True) for d in verdicts)
        return "unknown", tuple(self._open(d, e) for d, v in list(verdicts.items()) if v in ("unknown", "contradicted"))

    def _some(self, thing: str, e: Expression) -> tuple[str, tuple[Proof, ...]]:
        """Ask whether some drug in a class is such; one that is answers yes, and no can be proved of those that are here."""
        verdicts = {d: self.evaluator.verdict(d, e) for d in self._members(thing)}
        for d, verdict in verdicts.items():
            if verdict == "yes":
                return "yes", (prove(self.evaluator, d, e, True),)
        if verdicts and set(verdicts.values()) == {"no"}:
            return "no", tuple(prove(self.evaluator, d, e, False) for d in verdicts)
        return "unknown", ()

    def _open(self, drug: str, e: Expression) -> Proof:
        return Proof(f"{self.schema.label(drug)} {say.expression(self.schema, e)}", "condition", "unknown")

    # --- questions about interactions -------------------------------------------------------------------------------

    def _pair(self, part: str, rule: Rule) -> tuple[str, tuple[Proof, ...]]:
        """Ask whether a rule fires for a drug with another, or with every drug of a class that is here."""
        one = self.schema.values(part, n.NS + "subject")[0]
        every = self.schema.values(part, n.NS + "withDrug")
        with_ = [d for d in self._members((every or self.schema.values(part, n.NS + "withSome"))[0]) if d != one]
        verdicts = {d: self.pairs.verdict(rule, one, d) for d in with_}
        deciding, other = ("no", "yes") if every else ("yes", "no")
        if decided := [d for d, verdict in verdicts.items() if verdict == deciding][:1]:
            return deciding, self._told(rule, one, decided, deciding)
        if verdicts and set(verdicts.values()) == {other}:
            return other, self._told(rule, one, with_, other)
        return "unknown", tuple(Proof(f"{self.schema.label(d)}: {rule.label}", "interaction", "unknown") for d in verdicts)

    def _told(self, rule: Rule, one: str, others: list[str], verdict: str) -> tuple[Proof, ...]:
        """Return the proof of a rule's verdict for a drug with some others."""
        if verdict == "yes":
            return tuple(self.pairs.interaction(rule, *order).proof for d in others for order in self.pairs.orders(rule, one, d))
        return tuple(self.pairs.refusal(rule, one, d).because for d in others)
