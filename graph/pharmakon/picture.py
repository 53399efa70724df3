"""Proofs as graphs: what is shown, what it rests on, and the drug that it is said of.

An edge leads from what is shown to what it rests on, and carries whether the step is derived (by a definition or a rule) or
asserted (by a source, of the drug). What several senses, reasons or drugs share is one node.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import networkx

if TYPE_CHECKING:
    from .answers import Answer, Contrast, Thing, Verdict
    from .proof import Proof

    Picture = networkx.DiGraph[str]

REASONS = 2
"""How many reasons of each sense are drawn, smallest first; the text beside a picture tells all."""

_SHOWN = ("class", "condition")
_STATED = ("statement", "claim")


def of_answer(answer: Answer) -> Picture:
    """Return the proofs of an answer as a graph.

    Nodes carry ``kind`` ("drug", "statement", "claim", "vocabulary", "disjointness", "condition", "class", "open"), ``label``,
    ``claim`` (the sentence), ``verdict`` (the one word for all drugs, or "differs"; empty for a drug), ``verdicts`` (drug to
    verdict), ``who`` (the drugs that it is about) and ``sources``. Edges carry ``derived`` and ``verdict``.
    """
    graph: Picture = networkx.DiGraph()
    _answer(graph, answer, _kept([answer]))
    return graph


def of_contrast(contrast: Contrast) -> Picture:
    """Return the proofs for two drugs as one graph: the conditions of the class, which they share, with both verdicts.

    Nodes and edges carry what :func:`of_answer` says.
    """
    graph: Picture = networkx.DiGraph()
    both = (contrast.a, contrast.b)
    kept = _kept(both) | {row.condition for rows in contrast.rows for row in rows}
    for answer in both:
        _subject(graph, answer.subject)
    for verdict, rows in zip(contrast.a.answers, contrast.rows, strict=True):
        sense = f"class {verdict.sense.iri}"
        for answer in both:
            told = next(v for v in answer.answers if v.sense.iri == verdict.sense.iri)
            _node(graph, sense, "class", told.sense.label, told.sense.definition, told.verdict, answer.subject.label)
        for row in rows:
            for answer, word, proof in ((contrast.a, row.a, row.proof_a), (contrast.b, row.b, row.proof_b)):
                if proof:
                    _root(graph, proof, sense, answer.subject, kept)
                elif row.condition != verdict.sense.label:
                    key = f"condition {row.condition}"
                    _node(graph, key, "condition", row.condition, f"{answer.subject.label} {row.condition}", word, answer.subject.label)
                    _link(graph, sense, key, word)
    for answer in both:
        _answer(graph, answer, kept)
    return graph


# --- growing --------------------------------------------------------------------------------------------------------


def _answer(graph: Picture, answer: Answer, kept: set[str]) -> None:
    _subject(graph, answer.subject)
    for told in answer.answers:
        sense = f"class {told.sense.iri}"
        _node(graph, sense, "class", told.sense.label, told.sense.definition, told.verdict, answer.subject.label)
        for reason in drawn(told):
            who = answer.subject if "drug " + answer.subject.iri in graph else _example(reason)
            if who.iri != answer.subject.iri:
                _subject(graph, who)
            _root(graph, reason, sense, who, kept)
        for point in told.open:
            key = f"open {point}"
            _node(graph, key, "open", point, point, told.verdict, answer.subject.label)
            _link(graph, sense, key, told.verdict)
        if not told.reasons and not told.open or not any(r.children for r in told.reasons) and told.reasons:
            _link(graph, sense, _subject(graph, answer.subject), told.verdict)


def drawn(told: Verdict) -> tuple[Proof, ...]:
    """Return the reasons of a verdict that a picture shows: the first ones, and of a contradiction one of each side."""
    if told.verdict != "contradicted":
        return told.reasons[:REASONS]
    return tuple(first for word in ("yes", "no") if (first := next((r for r in told.reasons if r.verdict == word), None)))


def _root(graph: Picture, proof: Proof, sense: str, who: Thing, kept: set[str]) -> None:
    """Grow a reason under its sense: the proof's own root says what the sense says."""
    for part in proof.children if _is_sense(proof, sense) else (proof,):
        _grow(graph, part, sense, proof.verdict, who, kept)
