"""Proofs as graphs: what is shown, what it rests on, and the drug that it is said of.

An edge leads from what is shown to what it rests on. It is asserted where a source says a thing of a drug, and derived where a
definition or the vocabulary makes the step. What several senses, reasons or drugs share is one node.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from .. import names as n
from ..values import Thing
from . import picture as pic
from .picture import ARGUMENT

if TYPE_CHECKING:
    from ..proof import Citation, Proof
    from ..values import Answer, Contrast, Verdict
    from .picture import Picture

REASONS = 2
"""How many reasons of each sense are drawn, smallest first. Text tells them all."""

_SHOWN = ("class", "condition")
_STATED = ("statement", "claim")


def of_answer(answer: Answer) -> Picture:
    """Return the proofs of an answer as a graph: from the class over its conditions and what they mean to statements and the drug."""
    graph = pic.empty(answer.question, ARGUMENT)
    _answer(graph, answer, _kept([answer]))
    return _whole(graph, [answer])


def of_contrast(contrast: Contrast) -> Picture:
    """Return the proofs for two drugs as one graph; the conditions of the class are shared and carry both verdicts."""
    graph = pic.empty(contrast.question, ARGUMENT)
    both = (contrast.a, contrast.b)
    kept = _kept(both) | {row.condition for rows in contrast.rows for row in rows}
    for answer in both:
        _drug(graph, answer.subject)
    for told, rows in zip(contrast.a.answers, contrast.rows, strict=True):
        sense = _sense(graph, contrast.a, told)
        for row in rows:
            for answer, word, proof in ((contrast.a, row.a, row.proof_a), (contrast.b, row.b, row.proof_b)):
                if proof is None:
                    claim = f"{answer.subject.label} {row.condition}"
                    key = _node(graph, f"condition {row.condition}", "condition", row.condition, claim, answer.subject, word)
                    _link(graph, sense, key, word)
                elif proof.about and proof.about == n.short(told.sense.iri):
                    _all(graph, proof.children, sense, proof.verdict, answer.subject, kept)
                else:
                    _grow(graph, proof, sense, proof.verdict, answer.subject, kept)
    for answer in both:
        _answer(graph, answer, kept)
    return _whole(graph, both)


def drawn(told: Verdict) -> tuple[Proof, ...]:
    """Return the reasons that a picture shows: the first ones, and of a contradiction the first of each side."""
    if told.verdict != "contradicted":
        return told.reasons[:REASONS]
    sides = ([r for r in told.reasons if r.verdict == word][:1] for word in ("yes", "no"))
    return tuple(reason for side in sides for reason in side)


def _whole(graph: Picture, answers: Iterable[Answer]) -> Picture:
    """Say where a picture shows fewer reasons than were found."""
    if any(told.capped or len(drawn(told)) < len(told.reasons) for a in answers for told in a.answers):
        graph.graph["left_out"] = "The picture shows the first two reasons of each sense; the words tell all that were found."
    return graph


# --- growing --------------------------------------------------------------------------------------------------------


def _answer(graph: Picture, answer: Answer, kept: set[str]) -> None:
    for number, told in enumerate(answer.answers):
        repeated = any(told.sense.iri == earlier.sense.iri for earlier in answer.answers[:number])
        sense = _sense(graph, answer, told, f" {number}" if repeated else "")
        for reason in drawn(told):
            who = _example(reason) or answer.subject
            parts = reason.children if reason.kind == "class" else (reason,)
            _all(graph, parts, sense, reason.verdict, who, kept)
            if not parts:
                _link(graph, sense, _drug(graph, who), told.verdict)
        for point in told.open:
            key = _node(graph, f"open {point}", "open", point, point, answer.subject, told.verdict)
            _link(graph, sense, key, told.verdict)
            _link(graph, key, _drug(graph, answer.subject), told.verdict)
        if not told.reasons and not told.open:
            _link(graph, sense, _drug(graph, answer.subject), told.verdict)
    if not graph:
        _drug(graph, answer.subject)


def _all(graph: Picture, parts: Iterable[Proof], parent: str, verdict: str, who: Thing | None, kept: set[str]) -> None:
    for part in parts:
        _grow(graph, part, parent, verdict, who, kept)


def _grow(graph: Picture, p: Proof, parent: str, verdict: str, who: Thing | None, kept: set[str]) -> None:
    """Add a proof beneath the node that it helps to show; ``who`` is None where it is about another thing than the drug."""
    if p.kind in _SHOWN:
        words = _predicate(p.claim, who)
        key = _node(graph, f"condition {words}", "condition", words, p.claim, who, p.verdict)
        _link(graph, parent, key, verdict)
        inner = p
        while _restated(inner, who, kept):
            inner = inner.children[0]
            _reword(graph, key, inner.claim)
        _all(graph, inner.children, key, p.verdict, who, kept)
    elif p.kind in _STATED:
        key = _node(graph, f"{p.kind} {p.about or p.claim}", p.kind, p.claim, p.claim, who, p.verdict, p.sources)
        meanings = list(_meanings(p))
        for meaning in meanings:
            step = _meaning(graph, meaning, parent, verdict)
            _link(graph, step, key, verdict)
        if not meanings:
            _link(graph, parent, key, verdict)
        if who:
            _link(graph, key, _drug(graph, who), "yes", derived=False)
        _all(graph, _elsewhere(p.children), key, verdict, None, kept)
    else:
        _meaning(graph, p, parent, verdict)


def _meaning(graph: Picture, p: Proof, parent: str, verdict: str) -> str:
    """Add what the vocabulary says, once for each thing that it helps to show, so that a path tells one argument."""
    key = _node(graph, f"{p.kind} {p.claim} for {parent}", p.kind, p.claim, p.claim, None, p.verdict, p.sources)
    _link(graph, parent, key, verdict)
    return key


# --- nodes and edges ------------------------------------------------------------------------------------------------


def _sense(graph: Picture, answer: Answer, told: Verdict, suffix: str = "") -> str:
    every = next((r.claim.rpartition(": ")[0] for r in told.reasons if r.claim.startswith("every ")), "")
    key = f"class {told.sense.iri}{suffix}"
    return _node(graph, key, "class", every or told.sense.label, told.sense.definition, answer.subject, told.verdict)


def _drug(graph: Picture, thing: Thing) -> str:
    return pic.node(graph, f"drug {thing.iri}", "drug", thing.label)


def _node(
    graph: Picture, key: str, kind: str, label: str, claim: str, who: Thing | None, verdict: str, sources: tuple[Citation, ...] = ()
) -> str:
    return pic.node(graph, key, kind, label, claim, verdict=verdict, who=who.label if who else "", sources=sources)


def _link(graph: Picture, shown: str, basis: str, verdict: str, derived: bool = True) -> None:
    """Join what is shown to its basis, unless the basis rests on what is shown already."""
    if graph.has_edge(shown, basis) or not pic.reaches(graph, basis, shown):
        pic.edge(graph, shown, basis, "rests on" if derived else "is said of", derived=derived, verdict=verdict)


def _reword(graph: Picture, key: str, claim: str) -> None:
    node = graph.nodes[key]
    if claim != node["claim"] and claim not in node["also"]:
        node["also"] = (*node["also"], claim)


# --- reading proofs -------------------------------------------------------------------------------------------------


def _predicate(claim: str, who: Thing | None) -> str:
    return claim.removeprefix(f"{who.label} ") if who else claim


def _example(reason: Proof) -> Thing | None:
    """Return the drug that a reason about a whole class is about, None where it is about none."""
    if not reason.claim.startswith("every ") or not reason.children:
        return None
    return Thing(reason.about, reason.claim.rpartition(": not ")[2])


def _restated(p: Proof, who: Thing | None, kept: set[str]) -> bool:
    """Whether what is shown rests on one thing, which only says the same in the words of the definition."""
    if len(p.children) != 1:
        return False
    child = p.children[0]
    return child.kind in _SHOWN and child.verdict == p.verdict and _predicate(child.claim, who) not in kept


def _kept(answers: Iterable[Answer]) -> set[str]:
    """Return the conditions that are nodes of their own: those of a class, and those that stand beside others."""
    found: set[str] = set()

    def read(parts: tuple[Proof, ...], who: Thing, top: bool) -> None:
        for part in parts:
            if part.kind in _SHOWN:
                if top or len(parts) > 1:
                    found.add(_predicate(part.claim, who))
                read(part.children, who, False)

    for answer in answers:
        for told in answer.answers:
            for reason in drawn(told):
                read(reason.children, _example(reason) or answer.subject, True)
    return found


def _meanings(statement: Proof) -> Iterator[Proof]:
    """Yield what the vocabulary says of a statement itself, in order, without what only repeats its words."""
    for child in statement.children:
        if child.kind in _SHOWN and not _stands(child):
            yield from _meanings(child)
        elif child.kind not in _SHOWN + _STATED and not child.claim.startswith("this "):
            yield child


def _stands(p: Proof) -> bool:
    """Whether a statement or a claim is somewhere beneath."""
    return next(p.leaves(), None) is not None


def _elsewhere(parts: Iterable[Proof]) -> Iterator[Proof]:
    """Yield what a statement leads on to: what is said of the other things that it names, without the steps in between."""
    for part in parts:
        if part.kind in _SHOWN and (part.claim.startswith("this ") or len(part.children) == 1):
            yield from _elsewhere(part.children)
        elif part.kind in _STATED or (part.kind in _SHOWN and _stands(part)):
            yield part


# --- reading the picture --------------------------------------------------------------------------------------------


def columns(graph: Picture) -> dict[str, int]:
    """Return the column of each node, from 0 at the left: the drug, what is said of it, what that means, conditions, the class."""
    depth: dict[str, int] = {}
    for key in pic.sorted_out(graph):
        depth[key] = max((depth[shown] + 1 for shown in graph.predecessors(key)), default=0)
    kinds = {key: node["kind"] for key, node in graph.nodes(data=True)}
    said = [key for key, kind in kinds.items() if kind in _STATED and all(kinds[basis] == "drug" for basis in graph.successors(key))]
    depth.update({key: max(depth[other] for other in said) for key in said})
    deepest = max(depth[key] + (kind != "drug") for key, kind in kinds.items())
    depth.update({key: deepest for key, kind in kinds.items() if kind == "drug"})
    return {key: deepest - depth[key] for key in graph}
