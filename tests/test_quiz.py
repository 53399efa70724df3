"""Quizzes: every option is judged again by the other questions of the package, which know nothing of quizzes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from random import Random

import jsonschema
import pytest

import pharmakon
from pharmakon.axes import compare
from pharmakon.comparison import Compared
from pharmakon.drafts import Maker
from pharmakon.errors import BadQuestion, UnknownName
from pharmakon.graph import Graph, klass
from pharmakon.interact import interactions
from pharmakon.locate import ontology
from pharmakon.proof import Proof
from pharmakon.questions import Question, Quiz, quiz, write
from pharmakon.quizzing import KINDS, condition
from pharmakon.text import Style

SEEDS = range(20)
WHOLE = {"member", "odd one", "condition", "sense", "action", "shared", "consequence", "partner"}
Judge = Callable[[str, str], str]


@pytest.fixture(scope="module")
def quizzes(graph: Graph) -> list[Quiz]:
    """Twenty quizzes of ten on the whole graph."""
    return [quiz(seed=seed, graph=graph) for seed in SEEDS]


@pytest.fixture(scope="module")
def questions(quizzes: list[Quiz]) -> list[Question]:
    """All their questions."""
    return [q for made in quizzes for q in made.questions]


# --- an independent judge ---------------------------------------------------------------------------------------------


class Judges:
    """Reads a question as a person would, and judges an option by asking the package something else: "right", "wrong" or "open"."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        schema = graph.schema
        labels = {schema.label(c): c for c in schema.drug_classes}
        phrases = {(schema.text(c, "https://w3id.org/pharmakon/phrase") or "").removeprefix("is "): c for c in labels.values()}
        self.classes = {**{p.partition(" ")[2]: c for p, c in phrases.items() if p.startswith(("a ", "an "))}, **labels}
        self.drugs = [schema.label(d) for d in schema.drugs()]
        self.contrast, self.compared, self.together, self.does = (
            cache(self._contrast),
            cache(self._compared),
            cache(self._together),
            cache(self._does),
        )

    def judge(self, question: Question, option: str) -> str:
        """Judge an option by the way of its kind."""
        for pattern, judge in (
            (r"Which of these is not an? (?P<cls>.+)\?", self.odd_one),
            (r"Which of these is an? (?P<cls>.+)\?", self.member),
            (r"Why is (?P<drug>.+?) not an? (?P<cls>.+): which of these conditions does it fail\?", self.condition),
            (r"In exactly which senses is (?P<drug>.+?) an? (?P<cls>.+)\?", self.sense),
            (r"What does (?P<drug>.+) do\?", self.action),
            (r"Which of these do (?P<a>.+) and (?P<b>.+) share\?", self.shared),
            (r"(?P<a>.+) and (?P<b>.+) are taken together: what follows\?", self.consequence),
            (r"With which of these does this follow for (?P<drug>.+?): (?P<rule>.+)\?", self.partner),
        ):
            if match := re.fullmatch(pattern, question.text):
                return judge(option, **match.groupdict())
        raise AssertionError(question.text)

    # --- membership ---------------------------------------------------------------------------------------------------

    def member(self, option: str, cls: str) -> str:
        (answer,) = pharmakon.ask(option, f"<{self.classes[cls]}>", graph=self.graph).answers
        return {"yes": "right", "no": "wrong"}.get(answer.verdict, "open")

    def odd_one(self, option: str, cls: str) -> str:
        return {"right": "wrong", "wrong": "right"}.get(self.member(option, cls), "open")

    def condition(self, option: str, drug: str, cls: str) -> str:
        """A condition of the class itself that fails is right; a condition of any class that is met is wrong."""
        own = self.contrast(drug, self.classes[cls])
        if option in own:
            return {"no": "right", "yes": "wrong"}.get(own[option], "open")
        inside = [label for verb, label in pharmakon.show(drug, graph=self.graph).derived if verb == "is"]
        met = {self.contrast(drug, self.classes[c]).get(option) for c in inside} - {None}
        return "wrong" if met == {"yes"} else "open"

    def _contrast(self, drug: str, cls: str) -> dict[str, str]:
        """Return the conditions of a class in the words of a quiz, with how a drug stands to them."""
        other = next(d for d in self.drugs if d != drug)
        rows = pharmakon.why(drug, other, f"<{cls}>", graph=self.graph).rows[0]
        return {plain(row.condition): row.a for row in rows}

    def sense(self, option: str, drug: str, cls: str) -> str:
        answers = pharmakon.ask(drug, cls, graph=self.graph).answers
        if {a.verdict for a in answers} != {"yes", "no"}:
            return "open"
        true = "; ".join(a.sense.label for a in answers if a.verdict == "yes")
        return "right" if option == true else "wrong"

    # --- what drugs do ------------------------------------------------------------------------------------------------

    def action(self, option: str, drug: str) -> str:
        """Read off a comparison with another drug of which the same is stated, and by some source without dispute."""
        predicate = option.removeprefix("It ").removesuffix(".")
        others = [d for d in self.drugs if d != drug and predicate in self.does(d)]
        for other in others or [next(d for d in self.drugs if d != drug)]:
            for row in self.compared(drug, other):
                if (row.axis, row.value) == ("mechanism", predicate):
                    return "right" if row.of in ("a", "both") else "wrong" if row.side == "b" else "open"
        return "open"

    def _does(self, drug: str) -> set[str]:
        entries = pharmakon.show(drug, graph=self.graph).entries
        return {e.text.partition(", through ")[0] for e in entries if e.prop == "mechanism"}

    def shared(self, option: str, a: str, b: str) -> str:
        """Compared the other way round than the question has it, and on every axis."""
        sides = {row.side for row in self.compared(b, a) if row.value == option}
        return "right" if sides == {"shared"} else "wrong" if sides in ({"a"}, {"b"}) else "open"

    def _compared(self, a: str, b: str) -> tuple[Compared, ...]:
        return compare(a, b, graph=self.graph).rows

    # --- drugs together -----------------------------------------------------------------------------------------------

    def consequence(self, option: str, a: str, b: str) -> str:
        return self.together(a, b).get(option, "open")

    def partner(self, option: str, drug: str, rule: str) -> str:
        return self.together(drug, option).get(rule, "open")

    def _together(self, a: str, b: str) -> dict[str, str]:
        """Return the rules that fire and those that are refused because a membership is disproved."""
        found = interactions(a, b, graph=self.graph)
        refused = {r.rule.label: "wrong" for r in found.refused if r.verdict == "no" and {c.verdict for c in r.because.children} == {"no"}}
        return {**refused, **{i.rule.label: "right" for i in found.found}}


def plain(condition: str) -> str:
    """Put a complement in the words of a quiz."""
    inner = condition.removeprefix("is not such that it ")
    return condition if inner == condition else f"is not {inner[3:]}" if inner.startswith("is ") else f"is not one that {inner}"


@pytest.fixture(scope="module")
def judge(graph: Graph) -> Callable[[Question, str], str]:
    return Judges(graph).judge


# --- what is asked ----------------------------------------------------------------------------------------------------


def test_every_option_is_what_it_says_by_another_way(questions: list[Question], judge: Callable[[Question, str], str]) -> None:
    wrong = [
        (q.text, o.text, o.right, found)
        for q in questions
        for o in q.options
        if (found := judge(q, o.text)) != ("right" if o.right else "wrong")
    ]
    assert wrong == []


def test_one_of_four_is_right_and_no_text_comes_twice(quizzes: list[Quiz]) -> None:
    for made in quizzes:
        assert len({q.text for q in made.questions}) == len(made.questions) == 10 and not made.short
        for q in made.questions:
            assert [o.right for o in q.options].count(True) == 1
            assert len({o.text for o in q.options}) == len(q.options) == 4
            assert q.options["ABCD".index(q.answer)].right


def test_a_quiz_of_ten_has_every_kind(quizzes: list[Quiz]) -> None:
    assert [kind for kind, _ in KINDS] == [*dict.fromkeys(kind for kind, _ in KINDS)]
    assert {kind for kind, _ in KINDS} == WHOLE
    assert [{q.kind for q in made.questions} for made in quizzes] == [WHOLE] * len(quizzes)


def test_the_right_letter_is_any(questions: list[Question]) -> None:
    share = {letter: sum(q.answer == letter for q in questions) / len(questions) for letter in "ABCD"}
    assert all(0.15 < part < 0.35 for part in share.values()), share


def test_every_proof_proves_its_option(questions: list[Question]) -> None:
    """The root says what the option says, with the verdict that makes it right or wrong."""
    for q in questions:
        for o in q.options:
            if q.kind in ("member", "odd one"):
                said, verdict = o.proof.claim.startswith(f"{o.text} "), o.right == (q.kind == "member")
            elif q.kind == "condition":
                drug = q.text.removeprefix("Why is ").partition(" not ")[0]
                said, verdict = plain(o.proof.claim.removeprefix(f"{drug} ")) == o.text, not o.right
            elif q.kind == "action":
                drug = q.text.removeprefix("What does ").removesuffix(" do?")
                said, verdict = f"It {o.proof.claim.removeprefix(drug).strip()}." == o.text, o.right
            elif q.kind == "shared":
                said, verdict = o.text in o.proof.claim and (", and so " in o.proof.claim) == o.right, True
            elif q.kind == "sense" or q.kind == "consequence":
                said, verdict = o.proof.claim.endswith(f": {o.text}"), o.right
            else:
                said, verdict = o.text in o.proof.claim, o.right
            assert (said, o.proof.verdict) == (True, "yes" if verdict else "no"), (q.text, o.text, o.proof.claim)


def test_every_proof_goes_down_to_sources(questions: list[Question]) -> None:
    for q in questions:
        for o in q.options:
            leaves = [node for node in nodes(o.proof) if node.kind in ("statement", "claim", "rule")]
            assert leaves and [node.claim for node in leaves if not node.sources] == [], (q.text, o.text)


def nodes(proof: Proof) -> Iterator[Proof]:
    yield proof
    for child in proof.children:
        yield from nodes(child)


def test_near_misses_are_near(graph: Graph) -> None:
    """Who is no opioid analgesic, and stands beside one, fails one of its three conditions and meets the others."""
    for seed in range(5):
        made = quiz("opioid analgesic", n=8, seed=seed, graph=graph)
        (asked,) = [q for q in made.questions if q.text == "Which of these is an opioid analgesic?"]
        for wrong in [o.text for o in asked.options if not o.right]:
            assert sorted(row.a for row in pharmakon.why(wrong, "morphine", "opioid analgesic", graph=graph).rows[0]) == [
                "no",
                "yes",
                "yes",
            ]


def test_conditions_are_in_plain_words_and_none_gives_another_away(graph: Graph) -> None:
    """A complement deep inside a condition has no plain words; that a drug activates a receptor says that it is not one that does not."""

    def told(cls: str) -> list[tuple[str, str, list[str]]]:
        drafts = condition(Maker(graph, klass(graph, cls)), Random(1))
        return [(d.text, d.right.text, [c.text for c in d.wrong]) for d in drafts]

    antagonists = [
        (text, wrong) for text, right, wrong in told("opioid antagonist") if right == "is not one that activates an opioid receptor"
    ]
    assert "Why is buprenorphine not an opioid antagonist: which of these conditions does it fail?" in dict(antagonists)
    assert [(text, w) for text, wrong in antagonists for w in wrong if "activates an opioid receptor" in w] == []
    every = [(text, o) for text, right, wrong in told("opioid with a second mechanism") + told("opioid") for o in (right, *wrong)]
    assert len(every) > 100 and [(text, o) for text, o in every if "such that" in o] == []


# --- the same and another ---------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_quiz_and_another_another(graph: Graph, quizzes: list[Quiz]) -> None:
    assert quiz(seed=3, graph=graph) == quizzes[3]
    assert quiz(n=4, seed=3, graph=graph).questions == quizzes[3].questions[:4]
    assert len({tuple(q.text for q in made.questions) for made in quizzes}) == len(quizzes)
    assert quiz("painkillers", n=2, seed=1, graph=graph) == quiz("analgesic", n=2, seed=1, graph=graph)


def test_a_quiz_hangs_on_no_order_of_sets_and_on_no_earlier_question(quizzes: list[Quiz]) -> None:
    """Two new processes, with hashes salted in two ways, make what this one made after many other questions."""
    code = "from pharmakon.questions import quiz; import json; print(json.dumps(quiz(seed=5).to_json(), sort_keys=True))"
    for salt in ("1", "2"):
        told = subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": salt}, capture_output=True, check=True)
        assert json.loads(told.stdout) == quizzes[5].to_json()


# --- topics -----------------------------------------------------------------------------------------------------------


def test_a_drug_as_topic_is_in_every_question(graph: Graph, judge: Callable[[Question, str], str]) -> None:
    made = quiz("Baclofen", n=40, seed=2, graph=graph)
    assert made.topic and made.topic.label == "baclofen"
    assert len({q.text for q in made.questions}) == len(made.questions) == 40
    assert {q.kind for q in made.questions} == WHOLE - {"sense"}
    assert [q.text for q in made.questions if "baclofen" not in q.text.lower() and "baclofen" not in [o.text for o in q.options]] == []
    assert [(q.text, o.text) for q in made.questions for o in q.options if (judge(q, o.text) == "right") != o.right] == []


def test_a_class_as_topic(graph: Graph, judge: Callable[[Question, str], str], yes: Callable[[str], set[str]]) -> None:
    """Classes that are asked about hold opioids only; drugs that are asked about are opioids, or act at an opioid receptor."""
    opioids, near, seen = yes("opioid"), yes("opioid receptor ligand"), set[str]()
    assert opioids < near
    for seed in range(3):
        for q in quiz("opioids", n=16, seed=seed, graph=graph).questions:
            seen.add(q.kind)
            right = next(o for o in q.options if o.right).text
            inside = [o.text for o in q.options if o.right == (q.kind == "member")]
            if q.kind in ("member", "odd one"):
                assert set(inside) <= opioids, q.text
            elif q.kind == "condition":
                cls = q.text.partition(" not ")[2].partition(" ")[2].partition(":")[0]
                assert cls.startswith(("opiate", "opioid")) or yes(cls) <= opioids, q.text
            elif q.kind == "partner":
                assert {q.text.partition(" for ")[2].partition(":")[0], right} & near, q.text
            else:
                drug = r"(?:What does|In exactly which senses is|Which of these do) (.+?) (?:do\?|an? |share)|(.+) are taken together"
                match = re.search(drug, q.text)
                assert match, q.text
                named = (match[1] or match[2]).lower().split(" and ")
                assert {d.lower() for d in near} & set(named), q.text
            assert [(q.text, o.text) for o in q.options if (judge(q, o.text) == "right") != o.right] == []
    assert seen == WHOLE


def test_a_word_as_topic_asks_in_each_of_its_senses(graph: Graph) -> None:
    asked = {q.text for seed in range(5) for q in quiz("opiate", n=12, seed=seed, graph=graph).questions}
    assert {f"Which of these is an opiate in the {sense} sense?" for sense in ("strict", "broad")} <= asked
    assert "In exactly which senses is heroin an opiate?" in asked


# --- a small graph ----------------------------------------------------------------------------------------------------

TINY = ':source-of-test a :Paper ; dct:title "A paper" .\n' + "\n".join(
    f':{name} a :Drug ; rdfs:label "{name}"@en ; skos:definition "A drug made up for a test."@en ; :hasMechanism _:{name} .\n'
    f'_:{name} a :{action} ; :target :{target} ; :assertion [ :source :source-of-test ; :locator "{name}" ] .\n'
    + (
        f'[] a :CompletenessClaim ; :about :{name} ; :onProperty :hasMechanism ; :member _:{name} ;\n'
        f'    :assertion [ :source :source-of-test ; :locator "all of {name}" ] .'
        if name != "openol"
        else ""
    )
    for name, action, target in (
        ("agonol", "Agonism", "GABA-B"),
        ("blockol", "Antagonism", "GABA-B"),
        ("breathol", "Agonism", "GABA-A"),
        ("crossol", "Antagonism", "GABA-A"),
        ("openol", "Antagonism", "GABA-B"),
        ("quarrelol", "Antagonism", "GABA-A"),
    )
)  # fmt: skip
QUARREL = ':quarrelol :hasMechanism [ a :Agonism ; :target :GABA-B ; :assertion [ :source :source-of-test ; :locator "more" ] ] .\n'
AGONIST = (
    ':Testic a owl:Class ; rdfs:label "GABA-B agonist"@en ; skos:definition "A class made up."@en ; dct:source :source-of-test ;\n'
    '    :phrase "activates the GABA-B receptor" ; owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( :Drug\n'
    "    [ a owl:Restriction ; owl:onProperty :hasMechanism ; owl:someValuesFrom [ a owl:Class ; owl:intersectionOf (\n"
    "        :Mechanism :Agonism [ a owl:Restriction ; owl:onProperty :target ; owl:hasValue :GABA-B ] ) ] ] ) ] .\n"
)


@pytest.fixture
def tiny(turtle: Callable[..., Path]) -> Graph:
    """Six drugs and a class: one member, three that are none, one of which it is not known, one of which it is contradicted."""
    words = [ontology() / "terms" / name for name in ("actions.ttl", "targets.ttl")]
    return pharmakon.open_graph(ontology() / "vocabulary.ttl", [*words, turtle(TINY + QUARREL + AGONIST)])


def test_a_small_quiz_as_a_whole(tiny: Graph) -> None:
    """What is not known and what is contradicted is no option; a graph with one question says that it has no more."""
    assert [(len(m.yes), len(m.no), len(m.unknown), len(m.contradicted)) for m in pharmakon.members("GABA-B agonist", graph=tiny)] == [
        (1, 3, 1, 1)
    ]
    agonist = [leaf("statement", "agonol activates the GABA-B receptor", "agonol", ":s/agonol-Agonism-56d82187")]
    assert quiz(n=3, graph=tiny).to_json() == {
        "topic": None,
        "seed": 0,
        "short": True,
        "questions": [
            {
                "kind": "member",
                "text": "Which of these is a GABA-B agonist?",
                "answer": "A",
                "options": [
                    option("agonol", True, agonist),
                    option("blockol", False, refuted("blockol", "blocks the GABA-B receptor", "antagonism is not agonism", "Antagonism-1c586e81", "35d96fb9")),
                    option("crossol", False, refuted("crossol", "blocks the GABA-A receptor", "antagonism is not agonism", "Antagonism-7eb0dfcf", "68b31dc0")),
                    option("breathol", False, refuted("breathol", "activates the GABA-A receptor", "the GABA-A receptor is not the GABA-B receptor", "Agonism-294048c5", "b1ecf2c8")),
                ],
            }
        ],
    }  # fmt: skip


Node = dict[str, object]


def option(drug: str, right: bool, children: list[Node]) -> Node:
    """Return an option as JSON: the class, under it the condition, under that what it rests on."""
    claim, verdict = f"{drug} activates the GABA-B receptor", "yes" if right else "no"
    inner = {"claim": claim, "kind": "condition", "verdict": verdict, "children": children, "sources": [], "about": ""}
    proof = {"claim": claim, "kind": "class", "verdict": verdict, "children": [inner], "sources": [], "about": ":Testic"}
    return {"text": drug, "right": right, "proof": proof}


def refuted(drug: str, does: str, because: str, statement: str, claim: str) -> list[Node]:
    """Return what a refutation rests on: the one mechanism, which is another, and the claim that there are no more."""
    ontology = [{"id": "ontology", "citation": "Pharmakon ontology", "locator": ":actions"}] if "agonism" in because else []
    why = {"claim": because, "kind": "disjointness", "verdict": "yes", "children": [], "sources": ontology, "about": ""}
    whole = "that is all of what it does: the list is claimed to be complete"
    return [
        {**leaf("statement", f"{drug} {does}", drug, f":s/{drug}-{statement}"), "children": [why]},
        leaf("claim", whole, f"all of {drug}", f":c/{drug}-hasMechanism-{claim}"),
    ]


def leaf(kind: str, claim: str, locator: str, about: str) -> Node:
    sources = [{"id": ":source-of-test", "citation": "A paper", "locator": locator}]
    return {"claim": claim, "kind": kind, "verdict": "yes", "children": [], "sources": sources, "about": about}


def test_what_is_open_is_never_an_option(tiny: Graph) -> None:
    for seed in SEEDS:
        for topic in (None, "GABA-B agonist", "agonol"):
            (question,) = quiz(topic, seed=seed, graph=tiny).questions
            assert {o.text: o.right for o in question.options} == {"agonol": True, "blockol": False, "breathol": False, "crossol": False}
    for topic in ("blockol", "openol", "quarrelol"):
        made = quiz(topic, graph=tiny)
        assert (made.questions, made.short) == ((), True)


# --- how it looks -----------------------------------------------------------------------------------------------------


def test_a_quiz_as_text(tiny: Graph) -> None:
    made = quiz("GABA-B agonist", n=1, graph=tiny)
    letters = {o.text: letter for o, letter in zip(made.questions[0].options, "ABCD", strict=True)}
    asked = [
        "Quiz: GABA-B agonist (seed 0)",
        "",
        "1. Which of these is a GABA-B agonist?",
        *[f"   {letter}  {text}" for text, letter in letters.items()],
        "",
    ]
    key = ["Key", f"1 {letters['agonol']}  agonol activates the GABA-B receptor", ""]
    last = "For teaching and research. No medical advice: it knows no patient and gives no dose."
    assert str(made) == "\n".join([*asked, *key, last])
    assert write(made, Style(False), key=False) == "\n".join([*asked, last])
    assert "\x1b[1mKey\x1b[0m" in write(made, Style(True))
    short = "That is all that can be asked of GABA-B agonist with a proof for every option."
    assert write(quiz("GABA-B agonist", n=2, graph=tiny), Style(False), key=False) == "\n".join([*asked, short, "", last])


def test_the_key_is_a_line_a_question_on_what_the_answer_rests_on(quizzes: list[Quiz]) -> None:
    for made in quizzes[:5]:
        lines = str(made).partition("\nKey\n")[2].splitlines()[:10]
        for number, (line, q) in enumerate(zip(lines, made.questions, strict=True), 1):
            head, _, reason = line.partition("  ")
            told = [leaf.claim for o in q.options if o.right for leaf in o.proof.leaves()]
            assert head.split() == [str(number), q.answer] and len(line) <= 100
            assert any(reason.startswith(claim[:40]) for claim in told), (line, told)


def test_a_quiz_as_table(tiny: Graph) -> None:
    made = quiz(n=1, graph=tiny)
    frame = made.to_pandas()
    assert list(frame.columns) == ["number", "kind", "question", "letter", "option", "right"]
    asked = "Which of these is a GABA-B agonist?"
    names = ("agonol", "blockol", "crossol", "breathol")
    assert frame.to_numpy().tolist() == [
        [1, "member", asked, letter, name, name == "agonol"] for letter, name in zip("ABCD", names, strict=True)
    ]


def test_the_json_has_the_shape_of_the_schema(quizzes: list[Quiz]) -> None:
    schema = json.loads((files("pharmakon") / "schema" / "verbs.schema.json").read_text("utf-8"))
    check = jsonschema.Draft202012Validator({**schema, "$ref": "#/$defs/quiz"})
    for made in quizzes[:5]:
        check.validate(made.to_json())
    with pytest.raises(jsonschema.ValidationError):
        check.validate({**quizzes[0].to_json(), "seed": "seven"})


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [0, -3])
def test_a_quiz_of_nothing_is_refused(n: int, graph: Graph) -> None:
    with pytest.raises(BadQuestion, match=f"a quiz of {n} questions asks nothing: give 1 or more"):
        quiz(n=n, graph=graph)


@pytest.mark.parametrize(
    ("topic", "message"), [("bacloffen", 'no drug is called "bacloffen"; did you mean baclofen?'), ("", "the name of a drug is empty")]
)
def test_an_unknown_topic_is_refused(topic: str, message: str, graph: Graph) -> None:
    with pytest.raises(UnknownName, match=re.escape(message)):
        quiz(topic, graph=graph)
