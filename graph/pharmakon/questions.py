"""Quizzes made from the graph: every question, its right answer, its near misses, and the proof of each option."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from random import Random
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from . import graph as g
from .drafts import Draft, Maker, interleave
from .errors import BadQuestion
from .graph import Graph
from .proof import Proof
from .quizzing import KINDS
from .text import Style, wrap
from .values import DISCLAIMER, Thing

if TYPE_CHECKING:
    import pandas

_LINE = 92
"""How many characters the reason of an answer may have in the key."""


# --- values ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Option:
    """One of the answers that a question offers: its text, whether it is right, and the proof that it is or is not."""

    text: str
    right: bool
    proof: Proof

    def to_json(self) -> dict[str, Any]:
        """Return the option with its proof."""
        return {"text": self.text, "right": self.right, "proof": self.proof.to_json()}


@dataclass(frozen=True)
class Question:
    """A question with one right answer.

    Attributes:
        kind: what is asked for, such as "member" or "condition".
        text: the question.
        options: the answers that are offered.
    """

    kind: str
    text: str
    options: tuple[Option, ...]

    @property
    def answer(self) -> str:
        """The letter of the right option.

        >>> proof = Proof("morphine is an opioid", "class", "yes")
        >>> Question("member", "Which?", (Option("naloxone", False, proof), Option("morphine", True, proof))).answer
        'B'
        """
        return _letter(next(i for i, o in enumerate(self.options) if o.right))

    def to_json(self) -> dict[str, Any]:
        """Return the question with its options and the letter of the right one."""
        return {"kind": self.kind, "text": self.text, "options": [o.to_json() for o in self.options], "answer": self.answer}


@dataclass(frozen=True)
class Quiz:
    """Some questions on a topic.

    Attributes:
        topic: the drug, the class or the word that all questions are about; None for the whole graph.
        seed: what the choice was made from: the same seed, topic and graph give the same questions.
        questions: the questions.
        short: whether fewer questions were found than were asked for.
    """

    topic: Thing | None
    seed: int
    questions: tuple[Question, ...]
    short: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the questions with the proofs of all options."""
        topic = asdict(self.topic) if self.topic else None
        return {"topic": topic, "seed": self.seed, "questions": [q.to_json() for q in self.questions], "short": self.short}

    def to_pandas(self) -> pandas.DataFrame:
        """Return one row for each option: number, kind, question, letter, option, right (needs the ``analysis`` extra)."""
        import pandas

        rows = [
            (number, q.kind, q.text, _letter(i), o.text, o.right)
            for number, q in enumerate(self.questions, 1)
            for i, o in enumerate(q.options)
        ]
        return pandas.DataFrame(rows, columns=["number", "kind", "question", "letter", "option", "right"])

    def _repr_html_(self) -> str:
        from .html import fragment

        return fragment(self)

    def __str__(self) -> str:
        return write(self, Style(False))


def _letter(index: int) -> str:
    return chr(ord("A") + index)


# --- the question ---------------------------------------------------------------------------------------------------


def quiz(topic: str | None = None, *, n: int = 10, seed: int = 0, graph: Graph | None = None) -> Quiz:
    """Make a quiz: questions whose every option is proved, the right one right and the others wrong.

    Args:
        topic: a drug, a class or a word that all questions are to be about; None for the whole graph.
        n: how many questions; a topic on which less can be proved gives fewer, and the quiz says that it is short.
        seed: the same seed, topic and graph give the same questions, of which a smaller ``n`` gives the first.
        graph: the graph; the shipped one where none is given.

    Raises:
        UnknownName: the topic stands for nothing.
        BadQuestion: ``n`` is less than one.

    >>> made = quiz("opioid", n=3, seed=1)
    >>> len(made.questions), [sum(option.right for option in q.options) for q in made.questions]
    (3, [1, 1, 1])
    """
    if n < 1:
        raise BadQuestion(f"a quiz of {n} questions asks nothing: give 1 or more")
    graph = graph or g.shipped()
    about = g.subject(graph, topic) if topic is not None else None
    start = f"{seed}/{about or ''}"
    rng, maker = Random(start), Maker(graph, about)
    kinds = [kind(maker, Random(f"{start}/{name}")) for name, kind in KINDS]
    rng.shuffle(kinds)
    questions: dict[str, Question] = {}
    for draft in interleave(kinds):
        if draft.text not in questions:
            questions[draft.text] = _question(draft, rng)
            if len(questions) == n:
                break
    subject = Thing(about, graph.schema.label(about)) if about else None
    return Quiz(subject, seed, tuple(questions.values()), len(questions) < n)


def _question(draft: Draft, rng: Random) -> Question:
    """Prove the options of a draft, and mix them."""
    options = [Option(c.text, c is draft.right, c.prove()) for c in (draft.right, *draft.wrong)]
    rng.shuffle(options)
    return Question(draft.kind, draft.text, tuple(options))


# --- text -----------------------------------------------------------------------------------------------------------


def write(quiz: Quiz, style: Style, key: bool = True) -> str:
    """Write the questions with their options; then, where wanted, the right letters with a line on why."""
    topic = quiz.topic.label if quiz.topic else "the whole graph"
    lines = [style.bold(f"Quiz: {topic} (seed {quiz.seed})"), ""]
    for number, question in enumerate(quiz.questions, 1):
        lines += wrap(f"{number}. {question.text}", "", style, dim=False)
        for i, option in enumerate(question.options):
            lines += wrap(f"{_letter(i)}  {option.text}", "   ", style, dim=False)
        lines.append("")
    if quiz.short:
        lines += [f"That is all that can be asked of {topic} with a proof for every option.", ""]
    if key:
        lines += [style.bold("Key"), *_key(quiz, style), ""]
    return "\n".join([*lines, style.dim(DISCLAIMER)])


def _key(quiz: Quiz, style: Style) -> Iterator[str]:
    width = len(str(len(quiz.questions)))
    for number, question in enumerate(quiz.questions, 1):
        right = next(o for o in question.options if o.right)
        yield f"{number:>{width}} {style.bold(question.answer)}  {shorten(_reason(right.proof), _LINE, placeholder=' …')}"


def _reason(proof: Proof) -> str:
    """Say in a line what a proof rests on: its statements, and whether a list of them is complete."""
    leaves = dict.fromkeys((leaf.kind, leaf.claim) for leaf in proof.leaves())
    told = [claim for kind, claim in leaves if kind == "statement"]
    closed = [claim for kind, claim in leaves if kind == "claim"]
    if not told:
        return "; ".join(closed) or proof.claim
    return "; ".join(told) + (", and that is all" if closed else "")
