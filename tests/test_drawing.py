"""Pictures: views of values as graphs, the places of their boxes, and SVG, PNG and the page as a browser shows it."""

from __future__ import annotations

import json
import re
import struct
import xml.etree.ElementTree as xml
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import in_browser, launched
from hypothesis import given, settings
from hypothesis import strategies as st

from pharmakon import drawing, html
from pharmakon.answers import ask, members, why
from pharmakon.cli import main
from pharmakon.comparison import Compared, Comparison
from pharmakon.drawing import blocks, image, layout, proofs, scene, stage
from pharmakon.drawing import picture as pic
from pharmakon.drawing.shapes import KINDS, MARKS, ROOM, outline
from pharmakon.errors import BadQuestion, PharmakonError
from pharmakon.graph import Graph
from pharmakon.pairs import Interaction, Interactions, Refusal
from pharmakon.proof import Citation, Proof
from pharmakon.rdf import NamedNode
from pharmakon.sparql import Table
from pharmakon.values import DISCLAIMER, Answer, Contrast, Entry, Members, Page, Row, Sense, Thing, Verdict

BOOK = Citation("src:book", "A book", "page 1")
REVIEW = Citation("src:own", "A review", "")
WORD = Thing("urn:tree", "tree")
SENSE = Sense("urn:Tree", "tree, one sense", "A tall plant with wood.", "A dictionary")
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\u2028</script>&quot;"


def _oak() -> Answer:
    """An answer with a definition that restates a condition, a meaning, and a step to another thing."""
    wooden = Proof("oak has wood", "condition", "yes", (Proof("oak has lignin", "statement", "yes", (), (BOOK,), ":s/1"),))
    fits = Proof("oak has bark or wood", "class", "yes", (wooden,), (), ":Wooden")
    meaning = Proof("twenty metres is tall", "vocabulary", "yes", (), (BOOK,))
    tall = Proof("oak grows to twenty metres", "statement", "yes", (meaning, Proof("this grows", "vocabulary", "yes")), (BOOK,), ":s/2")
    plant = Proof("oak is a plant", "condition", "yes", (Proof("oak has leaves", "statement", "yes", (), (BOOK,), ":s/3"),))
    root = Proof("oak is a tree", "class", "yes", (fits, Proof("oak is tall", "condition", "yes", (tall,)), plant), (), ":Tree")
    return Answer(Thing("urn:oak", "oak"), WORD, (Verdict(SENSE, "yes", (root,), False, ()),))


def _fern() -> Answer:
    """An answer "no", from a list that is claimed to be complete."""
    soft = Proof(
        "fern has fronds", "statement", "yes", (Proof("a frond has no wood", "disjointness", "yes", (), (BOOK,)),), (BOOK,), ":s/4"
    )
    all_of_it = Proof("that is all it has", "claim", "yes", (), (REVIEW,), ":c/1")
    wooden = Proof("fern has wood", "condition", "no", (soft, all_of_it))
    root = Proof("fern is a tree", "class", "no", (Proof("fern has bark or wood", "class", "no", (wooden,)),), (), ":Tree")
    return Answer(Thing("urn:fern", "fern"), WORD, (Verdict(SENSE, "no", (root,), False, ()),))


def _plants() -> Contrast:
    oak, fern = _oak(), _fern()
    wood, tall, plant = oak.answers[0].reasons[0].children
    rows = (
        Row("has bark or wood", "yes", "no", wood, fern.answers[0].reasons[0].children[0]),
        Row("is tall", "yes", "unknown", tall, None),
        Row("is a plant", "yes", "unknown", plant, None),
    )
    return Contrast(oak, fern, (rows,))


def _node(kind: str, label: str, verdict: str, who: str, claim: str = "", sources: Any = (), also: Any = ()) -> dict[str, Any]:
    verdicts = () if kind == "drug" else ((who, verdict),)
    return {
        "kind": kind,
        "label": label,
        "claim": claim or label,
        "verdict": verdict,
        "verdicts": verdicts,
        "also": also,
        "sources": sources,
        "proofs": (),
        "place": None,
    }


def _edge(verdict: str, derived: bool = True, label: str = "", told: Any = (), quiet: bool = False) -> dict[str, Any]:
    label = label or ("rests on" if derived else "is said of")
    return {"label": label, "derived": derived, "verdict": verdict, "told": told, "quiet": quiet}


OAK = {
    "class urn:Tree": _node("class", "tree, one sense", "yes", "oak", "A tall plant with wood."),
    "condition has bark or wood": _node("condition", "has bark or wood", "yes", "oak", "oak has bark or wood", also=("oak has wood",)),
    "statement :s/1": _node("statement", "oak has lignin", "yes", "oak", sources=(BOOK,)),
    "drug urn:oak": _node("drug", "oak", "", ""),
    "condition is tall": _node("condition", "is tall", "yes", "oak", "oak is tall"),
    "statement :s/2": _node("statement", "oak grows to twenty metres", "yes", "oak", sources=(BOOK,)),
    "vocabulary twenty metres is tall for condition is tall": _node("vocabulary", "twenty metres is tall", "yes", "", sources=(BOOK,)),
    "condition is a plant": _node("condition", "is a plant", "yes", "oak", "oak is a plant"),
    "statement :s/3": _node("statement", "oak has leaves", "yes", "oak", sources=(BOOK,)),
}
OAK_EDGES = {
    ("class urn:Tree", "condition has bark or wood"): _edge("yes"),
    ("condition has bark or wood", "statement :s/1"): _edge("yes"),
    ("statement :s/1", "drug urn:oak"): _edge("yes", False),
    ("class urn:Tree", "condition is tall"): _edge("yes"),
    ("condition is tall", "vocabulary twenty metres is tall for condition is tall"): _edge("yes"),
    ("vocabulary twenty metres is tall for condition is tall", "statement :s/2"): _edge("yes"),
    ("statement :s/2", "drug urn:oak"): _edge("yes", False),
    ("class urn:Tree", "condition is a plant"): _edge("yes"),
    ("condition is a plant", "statement :s/3"): _edge("yes"),
    ("statement :s/3", "drug urn:oak"): _edge("yes", False),
}


# --- the graph ------------------------------------------------------------------------------------------------------


def test_an_answer_is_drawn_whole() -> None:
    graph = proofs.of_answer(_oak())
    assert dict(graph.nodes(data=True)) == OAK
    assert {(a, b): d for a, b, d in graph.edges(data=True)} == OAK_EDGES


def test_a_contrast_shares_what_both_are_asked() -> None:
    graph = proofs.of_contrast(_plants())
    wood, tall, plant, sense = "condition has bark or wood", "condition is tall", "condition is a plant", "class urn:Tree"
    meaning = "disjointness a frond has no wood for condition has bark or wood"
    both: dict[str, Any] = {"verdict": "differs"}
    unknown = both | {"verdicts": (("oak", "yes"), ("fern", "unknown"))}
    assert dict(graph.nodes(data=True)) == {
        **OAK,
        sense: OAK[sense] | both | {"verdicts": (("oak", "yes"), ("fern", "no"))},
        wood: OAK[wood] | both | {"verdicts": (("oak", "yes"), ("fern", "no")), "also": ("oak has wood", "fern has wood")},
        tall: OAK[tall] | unknown,
        plant: OAK[plant] | unknown,
        "drug urn:fern": _node("drug", "fern", "", ""),
        "statement :s/4": _node("statement", "fern has fronds", "yes", "fern", sources=(BOOK,)),
        meaning: _node("disjointness", "a frond has no wood", "yes", "", sources=(BOOK,)),
        "claim :c/1": _node("claim", "that is all it has", "yes", "fern", sources=(REVIEW,)),
    }
    no, asserted, differs = _edge("no"), _edge("yes", False), _edge("differs")
    assert {(a, b): d for a, b, d in graph.edges(data=True)} == {
        **OAK_EDGES,
        **{(sense, condition): differs for condition in (wood, tall, plant)},
        (wood, meaning): no,
        (meaning, "statement :s/4"): no,
        (wood, "claim :c/1"): no,
        ("statement :s/4", "drug urn:fern"): asserted,
        ("claim :c/1", "drug urn:fern"): asserted,
    }


def test_what_is_not_known_shows_what_would_settle_it() -> None:
    answer = Answer(Thing("urn:moss", "moss"), WORD, (Verdict(SENSE, "unknown", (), False, ("a source on the wood of moss",)),))
    graph = proofs.of_answer(answer)
    assert [(key, node["kind"], node["verdict"]) for key, node in graph.nodes(data=True)] == [
        ("class urn:Tree", "class", "unknown"),
        ("open a source on the wood of moss", "open", "unknown"),
        ("drug urn:moss", "drug", ""),
    ]
    assert list(graph.edges) == [
        ("class urn:Tree", "open a source on the wood of moss"),
        ("open a source on the wood of moss", "drug urn:moss"),
    ]


def test_a_contradiction_shows_a_reason_of_each_side() -> None:
    oak, fern = _oak().answers[0].reasons[0], _fern().answers[0].reasons[0]
    told = Verdict(SENSE, "contradicted", (oak, oak, oak, fern), False, ())
    assert proofs.drawn(told) == (oak, fern)
    assert proofs.drawn(Verdict(SENSE, "yes", (oak, oak, oak), False, ())) == (oak, oak)


def test_columns_read_from_the_drug_to_the_class() -> None:
    assert proofs.columns(proofs.of_answer(_oak())) == {
        "drug urn:oak": 0,
        "statement :s/1": 1,
        "statement :s/2": 1,
        "statement :s/3": 1,
        "vocabulary twenty metres is tall for condition is tall": 2,
        "condition has bark or wood": 3,
        "condition is tall": 3,
        "condition is a plant": 3,
        "class urn:Tree": 4,
    }


def test_a_step_to_another_thing_is_not_tied_to_the_drug(graph: Graph) -> None:
    """Heroin is made from morphine, and that morphine occurs in the poppy is said of morphine."""
    drawn = proofs.of_answer(ask("heroin", "opiate", graph=graph))
    labels = {key: node["label"] for key, node in drawn.nodes(data=True)}
    made = next(key for key, label in labels.items() if label == "heroin is semi-synthetic from morphine")
    natural = "morphine occurs in nature in the opium poppy (Papaver somniferum)"
    assert sorted(labels[basis] for basis in drawn.successors(made)) == ["heroin", natural]
    assert [list(drawn.successors(key)) for key, label in labels.items() if label == natural] == [[]]


def test_the_example_stays_small(graph: Graph) -> None:
    drawn = proofs.of_contrast(why("morphine", "baclofen", "opiate", graph=graph))
    assert [node["label"] for _, node in drawn.nodes(data=True) if node["kind"] == "class"] == [
        "opiate, strict sense",
        "opiate, broad sense",
        "opiate, assay sense",
    ]
    assert len(drawn) <= 60


# --- the layout -----------------------------------------------------------------------------------------------------

CASES = [
    ("morphine", "baclofen", "opiate"),
    ("heroin", "tramadol", "opiate"),
    ("buprenorphine", "papaverine", "opiate"),
    ("baclofen", "ziconotide", "analgesic"),
]


def _placed(drawn: Any) -> layout.Layout:
    several = len([k for k, n in drawn.nodes(data=True) if n["kind"] == "drug"]) > 1
    texts = {key: scene.lines(node, several) for key, node in drawn.nodes(data=True)}
    return layout.place(stage.boxes(drawn, texts, proofs.columns(drawn)), [(basis, shown) for shown, basis in drawn.edges])


@pytest.mark.parametrize("case", CASES, ids=" ".join)
def test_boxes_stand_apart_and_lines_pass_between_them(case: tuple[str, str, str], graph: Graph) -> None:
    placed = _placed(proofs.of_contrast(why(*case, graph=graph)))
    spans = {k: (p.x - p.width / 2, p.y - p.height / 2, p.x + p.width / 2, p.y + p.height / 2) for k, p in placed.places.items()}
    touching = [
        (a, b)
        for a, (left, top, right, bottom) in spans.items()
        for b, other in spans.items()
        if a < b and left < other[2] + 8 and other[0] < right + 8 and top < other[3] + 8 and other[1] < bottom + 8
    ]
    assert touching == []
    assert [
        k for k, (left, top, right, bottom) in spans.items() if min(left, top) < 0 or right > placed.width or bottom > placed.height
    ] == []
    # A line is level along a lane and turns between columns only, so its points tell whether it passes behind a box.
    behind = [
        (edge, key)
        for edge, points in placed.routes.items()
        for (x, y), (to_x, _) in zip(points[1:-1:2], points[2:-1:2], strict=True)
        for key, (left, top, right, bottom) in spans.items()
        if left < to_x + 1 and x - 1 < right and top <= y <= bottom
    ]
    assert behind == []


def test_the_first_drug_stands_above_the_second_and_senses_keep_their_order(graph: Graph) -> None:
    drawn = proofs.of_contrast(why("morphine", "baclofen", "opiate", graph=graph))
    placed = _placed(drawn)

    def heights(*drugs: str) -> list[float]:
        return [placed.places[k].y for k in drawn if any(drawn.nodes[basis]["label"] in drugs for basis in drawn.successors(k))]

    assert max(heights("morphine")) < min(heights("baclofen"))
    senses = [key for key, node in drawn.nodes(data=True) if node["kind"] == "class"]
    assert sorted(senses, key=lambda key: placed.places[key].y) == senses


def test_each_kind_has_its_own_outline() -> None:
    outlines = {kind: outline(kind, 100, 40) for kind in ROOM}
    assert set(outlines) == set(KINDS)
    alike = [(a, b) for a in outlines for b in outlines if a < b and outlines[a] == outlines[b]]
    assert alike == [("open", "statement")]  # what nobody states is the same box, dotted


# --- the page as text -----------------------------------------------------------------------------------------------


def _data(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="picture">(.*?)</script>', page, re.S)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_the_page_holds_the_graph_with_derived_edges_dashed(graph: Graph) -> None:
    contrast = why("morphine", "baclofen", "opiate", graph=graph)
    drawn, data = proofs.of_contrast(contrast), _data(drawing.html(contrast))
    assert sorted(node["label"] for node in data["nodes"]) == sorted(label for _, label in drawn.nodes(data="label"))
    labels = {node["id"]: node["label"] for node in data["nodes"]}
    told = sorted((labels[e["from"]], labels[e["to"]], "dashed" if e["dashes"] else "solid") for e in data["edges"])
    name = dict(drawn.nodes(data="label"))
    assert told == sorted((name[b], name[a], "dashed" if d["derived"] else "solid") for a, b, d in drawn.edges(data=True))
    assert {told[2] for told in told if told[0] == "baclofen"} == {"solid"}
    assert {e["tone"] for e in data["edges"] if not e["dashes"]} == {""}  # only what is derived has the colour of a verdict
    assert {told[2] for told in told if told[1].startswith("opiate, ")} == {"dashed"}


def test_the_words_tell_every_verdict() -> None:
    sides = ("yes", "no", "unknown", "contradicted")
    senses = [Sense(f"urn:{i}", f"sense {i}", "", "") for i in range(4)]
    answer = Answer(Thing("urn:x", "x"), WORD, tuple(Verdict(s, v, (), False, ()) for s, v in zip(senses, sides, strict=True)))
    heads = re.findall(r"<h3>(.*?)</h3>", drawing.html(answer))
    assert [re.sub("<.*?>", "", head) for head in heads] == [
        "● yes sense 0",
        "✕ no sense 1",
        "◌ not known sense 2",
        "⚡ contradicted sense 3",
    ]


def test_nothing_on_the_page_points_elsewhere() -> None:
    page = drawing.html(_plants())
    assert re.findall(r"""<(?:link|img|script|iframe|source|object|embed)\b[^>]*(?:src|href|data)=["'](?!data:,)[^>]*>""", page) == []
    assert re.findall(r"@import|url\(", page.partition("<body>")[0]) == []
    policy = re.search(r'Content-Security-Policy" content="(.*?)"', page)
    assert policy and policy[1].startswith("default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; script-src 'sha256-")


def _hostile() -> Contrast:
    sense = Sense("urn:Tree", HOSTILE, HOSTILE, HOSTILE)
    cite = Citation("src:x", HOSTILE, HOSTILE)
    part = Proof(f"{HOSTILE} is odd", "condition", "yes", (Proof(HOSTILE, "statement", "yes", (), (cite,)),))
    root = Proof(HOSTILE, "class", "yes", (part,))
    answers = [
        Answer(Thing(f"urn:{i}", HOSTILE + str(i)), Thing("urn:w", HOSTILE), (Verdict(sense, "yes", (root,), True, (HOSTILE,)),))
        for i in (1, 2)
    ]
    return Contrast(answers[0], answers[1], ((Row(HOSTILE, "yes", "unknown", part, None),),))


def test_hostile_text_is_escaped_wherever_it_comes_from() -> None:
    contrast = _hostile()
    whole = [drawing.html(contrast), drawing.html(contrast.a), html.fragment(contrast), html.fragment(contrast.a)]
    assert [text.count("<script>alert") + text.count("<img") for text in whole] == [0, 0, 0, 0]
    assert {HOSTILE} < {node["label"] for node in _data(whole[0])["nodes"]}
    assert [text.count("</script>") for text in whole] == [2, 2, 0, 0]


def test_draw_writes_the_page_or_says_why_not(tmp_path: Path) -> None:
    path = drawing.draw(_oak()).save(tmp_path / "oak.html")
    assert path == tmp_path / "oak.html"
    assert path.read_text("utf-8") == drawing.html(_oak())
    with pytest.raises(PharmakonError, match="cannot be written: No such file or directory"):
        drawing.draw(_oak(), tmp_path / "nowhere" / "oak.html")


def _channels(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def _contrast(one: list[float] | list[int], other: list[float] | list[int]) -> float:
    """The contrast ratio of WCAG 2."""

    def luminance(channels: list[float] | list[int]) -> float:
        linear = [c / 255 / 12.92 if c / 255 <= 0.03928 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _kinds() -> list[str]:
    return [{"rule": "rule-kind"}.get(kind, kind) for kind in KINDS]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_are_told_apart_from_the_paper(scheme: str) -> None:
    palette = image.PALETTE[scheme]
    paper, verdicts = _channels(palette["paper"]), ("yes", "no", "unknown", "contradicted")
    weak = [name for name in ("ink", "soft", *verdicts) if _contrast(_channels(palette[name]), paper) < 4.5]
    weak += [name for name in (*_kinds(), "line", "focus") if _contrast(_channels(palette[name]), paper) < 3]
    tint = float(palette["tint"])
    for kind in _kinds():
        fill = [tint * a + (1 - tint) * b for a, b in zip(_channels(palette[kind]), paper, strict=True)]
        weak += [f"{name} on {kind}" for name in ("ink", *verdicts) if _contrast(_channels(palette[name]), fill) < 4.5]
    assert weak == []


def test_a_notebook_cell_holds_the_question_the_verdicts_and_the_sources() -> None:
    cell = html.fragment(_plants())
    text = re.sub(r"\s+", " ", re.sub("<style>.*?</style>|<[^>]*>", " ", cell, flags=re.S)).strip()
    assert text == (
        "Why is oak a tree, and fern not? tree, one sense A tall plant with wood. (A dictionary) Condition oak fern "
        "has bark or wood ● yes ✕ no is tall ● yes ◌ not known is a plant ● yes ◌ not known tree, one sense ● yes ✕ no "
        "● yes oak has bark or wood ● yes oak has wood stated oak has lignin A book: page 1 "
        "✕ no fern has bark or wood ✕ no fern has wood stated fern has fronds A book: page 1 meaning a frond has no wood A book: page 1 "
        "claimed that is all it has A review "
        "● yes oak is tall stated oak grows to twenty metres A book: page 1 meaning twenty metres is tall A book: page 1 meaning this grows "
        f"● yes oak is a plant stated oak has leaves A book: page 1 {DISCLAIMER}"
    )
    assert cell.count("<details") == 13
    assert cell.count("<details open>") == 8


# --- views of other values ------------------------------------------------------------------------------------------

OAK_THING, FERN_THING = Thing("urn:oak", "oak"), Thing("urn:fern", "fern")


def _whole(graph: pic.Picture) -> tuple[dict[str, Any], dict[tuple[str, str], Any]]:
    """All that a picture says: nodes as (kind, label, verdicts, place), edges as (label, derived, verdict, sentences)."""
    nodes = {key: (n["kind"], n["label"], n["verdicts"], n["place"]) for key, n in graph.nodes(data=True)}
    edges = {(a, b): (e["label"], e["derived"], e["verdict"], tuple(text for text, _ in e["told"])) for a, b, e in graph.edges(data=True)}
    return nodes, edges


def _leaf(claim: str) -> Proof:
    return Proof(claim, "statement", "yes", (), (BOOK,), ":s/" + claim)


def test_a_comparison_has_two_sides_and_a_shared_middle() -> None:
    grows = Proof(
        "oak and fern grow", "comparison", "yes", (Proof("oak grows", "condition", "yes", (_leaf("oak grows"),)), _leaf("fern grows"))
    )
    tree = Proof(
        "oak is a tree", "comparison", "yes", (Proof("oak is a tree", "class", "yes", (_leaf("oak has wood"),)), _leaf("fern has fronds"))
    )
    fronds = Proof("fern has fronds", "comparison", "yes", (Proof("oak has fronds", "condition", "no"), _leaf("fern has fronds")))
    rows = (
        Compared("growth", "shared", "both", "grows", "Both grow.", grows),
        Compared("class", "a", "a", "is a tree", "Only oak is a tree.", tree),
        Compared("structure", "b", "b", "has fronds", "Only fern has fronds.", fronds),
        Compared("growth", "unknown", "a", "is old", "Oak is old.", _leaf("oak is old")),
    )
    drawn = Comparison(OAK_THING, FERN_THING, (False, False), rows, None, "").to_networkx()
    assert _whole(drawn) == (
        {
            "row 1": ("class", "is a tree", (), (0, "class")),
            "a urn:oak": ("drug", "oak", (), (1, "")),
            "row 0": ("statement", "grows", (), (2, "growth")),
            "b urn:fern": ("drug", "fern", (), (3, "")),
            "row 2": ("statement", "has fronds", (), (4, "structure")),
        },
        {
            ("a urn:oak", "row 0"): ("growth", False, "", ("oak grows",)),
            ("b urn:fern", "row 0"): ("growth", False, "", ("fern grows",)),
            ("a urn:oak", "row 1"): ("class", True, "", ("oak has wood",)),
            ("b urn:fern", "row 2"): ("structure", False, "", ("fern has fronds",)),
        },
    )
    assert drawn.graph["left_out"] == "Left out: 1 things that are known of one and not known of the other; the words tell them."


def _meeting() -> Interactions:
    rule, other, third = Thing("urn:rule", "shade"), Thing("urn:other", "fire"), Thing("urn:third", "wind")
    shady = tuple(Proof(f"{who} is shady", "class", "yes", (_leaf(f"{who} has leaves"),)) for who in ("oak", "fern"))
    text = Proof("Shade adds up.", "rule", "yes", (), (BOOK,), ":rule")
    fired = Interaction(
        rule, rule, OAK_THING, FERN_THING, "darkness", "serious", "physical", "Leaves.", "Look up.", "warning", (), (),
        Proof("oak and fern: shade", "interaction", "yes", (*shady, text)),
    )  # fmt: skip
    dry = Proof("fern is dry", "class", "no", (_leaf("fern is wet"),))
    refused = [
        Refusal(why_not, why_not, OAK_THING, FERN_THING, verdict, Proof(f"oak and fern: {why_not.label}", "interaction", verdict, (dry,)))
        for why_not, verdict in ((other, "no"), (third, "unknown"))
    ]
    return Interactions((OAK_THING, FERN_THING), (fired,), tuple(refused))


def test_interactions_lead_from_the_drugs_over_conditions_and_rules_to_what_follows() -> None:
    drawn = _meeting().to_networkx()
    pair = "oak and fern"
    assert _whole(drawn) == (
        {
            "drug urn:oak": ("drug", "oak", (), (0, "")),
            "drug urn:fern": ("drug", "fern", (), (0, "")),
            "rule urn:rule": ("rule", "shade", ((pair, "yes"),), (2, "")),
            "role is shady": ("condition", "is shady", (("oak", "yes"), ("fern", "yes")), (1, "")),
            "end darkness (serious)": ("consequence", "darkness (serious)", (), (3, "")),
            "rule urn:other": ("rule", "fire", ((pair, "no"),), (2, "")),
            "role is dry": ("condition", "is dry", (("fern", "no"),), (1, "")),
        },
        {
            ("drug urn:oak", "role is shady"): ("is", True, "yes", ("oak has leaves",)),
            ("drug urn:fern", "role is shady"): ("is", True, "yes", ("fern has leaves",)),
            ("role is shady", "rule urn:rule"): ("is a condition of", True, "yes", ()),
            ("rule urn:rule", "end darkness (serious)"): (
                "brings about",
                True,
                "yes",
                ("oak and fern: darkness (serious, physical, warning)",),
            ),
            ("drug urn:fern", "role is dry"): ("is not", True, "no", ("fern is wet",)),
            ("role is dry", "rule urn:other"): ("is a condition of", True, "no", ()),
        },
    )
    assert drawn.graph["left_out"] == "Rules left out, told in the words: 1 of which it is not known whether they fire."


def test_a_pattern_that_fires_at_one_target_is_not_refused_for_the_others() -> None:
    """The rules of a pattern are one node: what fires is told, what does not fire beside it is left to the words."""
    met = _meeting()
    (fired,) = met.found
    dry = met.refused[0].because
    elsewhere = Refusal(Thing("urn:rule-2", "shade: moss"), fired.pattern, OAK_THING, FERN_THING, "no", dry)
    drawn = Interactions(met.drugs, met.found, (elsewhere,)).to_networkx()
    assert drawn.nodes["rule urn:rule"]["verdict"] == "yes"
    assert "role is dry" not in drawn


def test_a_page_has_what_is_stated_on_the_left_and_what_follows_on_the_right() -> None:
    disputed = Citation("src:own", "A review", "page 2; disputed")
    entries = (
        Entry("growth", "grows (slowly)", (BOOK,)),
        Entry("growth", "grows (in rain)", (REVIEW,)),
        Entry("growth", "sings", (disputed,)),
        Entry("completeness claim", "growth: 3 listed, and that is all", (REVIEW,)),
    )
    drawn = Page(OAK_THING, "A tree.", ("quercus",), (), entries, (("is", "tree"), ("shades", "fern"))).to_networkx()
    assert _whole(drawn) == (
        {
            "growth grows": ("statement", "grows", (), (0, "growth")),
            "growth sings (disputed)": ("statement", "sings (disputed)", (), (0, "growth")),
            "completeness claim growth: 3 listed, and that is all": (
                "claim",
                "growth: 3 listed, and that is all",
                (),
                (0, "completeness claim"),
            ),
            "urn:oak": ("drug", "oak", (), (1, "")),
            "is tree": ("class", "tree", (), (2, "is")),
            "shades fern": ("thing", "fern", (), (2, "shades")),
        },
        {
            ("urn:oak", "growth grows"): ("growth", False, "", ("oak grows (slowly)", "oak grows (in rain)")),
            ("urn:oak", "growth sings (disputed)"): ("growth", False, "", ("oak sings",)),
            ("urn:oak", "completeness claim growth: 3 listed, and that is all"): (
                "completeness claim",
                False,
                "",
                ("growth: 3 listed, and that is all",),
            ),
            ("urn:oak", "is tree"): ("is", True, "", ("oak is tree",)),
            ("urn:oak", "shades fern"): ("shades", True, "", ("oak shades fern",)),
        },
    )
    assert drawn.nodes["growth grows"]["sources"] == (BOOK, REVIEW)


def test_members_stand_in_blocks_by_verdict() -> None:
    found = Members(SENSE, (OAK_THING,), (FERN_THING,), (), ())
    assert _whole(drawing.view((found,))) == _whole(found.to_networkx())
    assert _whole(found.to_networkx()) == (
        {
            "urn:Tree": ("class", "tree, one sense", (), (0, "")),
            "urn:Tree urn:oak": ("drug", "oak", (), (1, "in it")),
            "urn:Tree urn:fern": ("drug", "fern", (), (1, "not in it")),
        },
        {
            ("urn:Tree urn:oak", "urn:Tree"): ("in it", True, "yes", ("oak, tree, one sense: in it",)),
            ("urn:Tree urn:fern", "urn:Tree"): ("not in it", True, "no", ("fern, tree, one sense: not in it",)),
        },
    )


def test_what_has_no_picture_is_refused_in_words() -> None:
    with pytest.raises(BadQuestion, match="there is no picture of a value of the kind int: draw one of Answer, Contrast"):
        drawing.view(3)


# --- pictures of a part of the graph --------------------------------------------------------------------------------

NS = "https://w3id.org/pharmakon/"
WOODS = """
:oakol a :Drug ; rdfs:label "oakol"@en ; skos:definition "Made for a test."@en .
:pinol a :Drug ; rdfs:label "pinol"@en ; skos:definition "Made for a test."@en .
:mossol a :Drug ; rdfs:label "mossol"@en ; skos:definition "Made for a test."@en .
:oakol :hasMechanism [ a :Agonism ; :target :GABA-B ; :assertion [ :source src:gtopdb ; :locator "row 1" ] ] .
:pinol :hasMechanism [ a :Antagonism ; :target :GABA-B ; :assertion [ :source src:chembl ; :locator "row 2" ] ] .
:mossol :hasMechanism [ a :Agonism ; :target :GABA-B ; :assertion [ :source src:chembl ; :locator "row 3" ; :certainty :disputed ] ] .
"""


@pytest.fixture(scope="module")
def woods(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """A graph of three drugs: two act at one target, of the third that is disputed."""
    from conftest import PREFIXES, base

    from pharmakon import open_graph

    path = tmp_path_factory.mktemp("woods") / "woods.ttl"
    path.write_text(PREFIXES + WOODS, "utf-8")
    return open_graph(base()[0], [*base()[1:], path])


def _sentences(graph: pic.Picture) -> set[tuple[str, tuple[str, ...]]]:
    return {(text, tuple(s.locator for s in found)) for *_, edge in graph.edges(data=True) for text, found in edge["told"]}


def test_a_neighbourhood_has_every_link_with_its_sources_and_nothing_disputed(woods: Graph) -> None:
    drawn = drawing.around("GABA-B receptor", 1, graph=woods)
    assert {key: node["kind"] for key, node in drawn.nodes(data=True) if node["kind"] == "drug"} == {
        NS + "oakol": "drug",
        NS + "pinol": "drug",
    }
    stated = {text for text in _sentences(drawn) if text[1]}
    assert stated == {("oakol activates the GABA-B receptor", ("row 1",)), ("pinol blocks the GABA-B receptor", ("row 2",))}
    assert {drawn.edges[NS + drug, NS + "GABA-B"]["derived"] for drug in ("oakol", "pinol")} == {False}
    without = drawing.around("GABA-B receptor", 1, without=["chembl"], graph=woods)
    assert NS + "oakol" in without and NS + "pinol" not in without


def test_a_neighbourhood_says_what_it_leaves_out(woods: Graph) -> None:
    whole = drawing.around("oakol", 2, graph=woods)
    assert whole.graph["left_out"] == ""
    part = drawing.around("oakol", 2, most=3, graph=woods)
    assert len(part) == 3
    assert part.graph["left_out"] == f"Left out: {len(whole) - 3} more things, those with the fewest links to what is drawn."
    with pytest.raises(BadQuestion, match="--hops takes 1 or more"):
        drawing.around("oakol", 0, graph=woods)


def test_a_path_goes_over_statements_with_their_sources(woods: Graph) -> None:
    drawn = drawing.path("oakol", "pinol", graph=woods)
    assert [(n["kind"], n["label"], [s.locator for s in n["sources"]], n["place"][0]) for _, n in drawn.nodes(data=True)] == [
        ("drug", "oakol", [], 0),
        ("target", "GABA-B receptor", [], 2),
        ("statement", "oakol activates the GABA-B receptor", ["row 1"], 1),
        ("drug", "pinol", [], 4),
        ("statement", "pinol blocks the GABA-B receptor", ["row 2"], 3),
    ]
    labels = dict(drawn.nodes(data="label"))
    assert [(labels[a], labels[b]) for a, b in drawn.edges] == [
        ("oakol", "oakol activates the GABA-B receptor"),
        ("oakol activates the GABA-B receptor", "GABA-B receptor"),
        ("pinol", "pinol blocks the GABA-B receptor"),
        ("pinol blocks the GABA-B receptor", "GABA-B receptor"),
    ]
    with pytest.raises(BadQuestion, match="nothing joins oakol and mossol"):
        drawing.path("oakol", "mossol", graph=woods)
    with pytest.raises(BadQuestion, match="oakol is given twice"):
        drawing.path("oakol", "oakol", graph=woods)


def test_a_class_has_below_it_what_is_in_it_by_definition(graph: Graph) -> None:
    drawn = drawing.tree("opioid analgesic", graph=graph)
    up = {(drawn.nodes[a]["label"], drawn.nodes[b]["label"].rpartition(" (")[0]) for a, b, e in drawn.edges(data=True) if e["told"]}
    assert ("morphine", "opioid analgesic") in up
    classes = {(a, b) for a, b in drawing.tree("opioid", graph=graph).edges if a.startswith("class ")}
    assert (f"class {NS}OpiateStrict", f"class {NS}OpiateBroad") in classes
    assert (f"class {NS}OpiateStrict", f"class {NS}Opioid") not in classes  # it follows from the two steps in between
    assert {edge["derived"] for *_, edge in drawn.edges(data=True)} == {True}
    (opioids,) = members("opioid", graph=graph)
    assert {key.removeprefix("drug ") for key in drawing.tree("opioid", graph=graph) if key.startswith("drug ")} == {
        t.iri for t in opioids.yes
    }


def test_a_table_joins_the_things_of_each_row(woods: Graph) -> None:
    oak, target = NamedNode(NS + "oakol"), NamedNode(NS + "GABA-B")
    rows = drawing.table(Table(("drug", "target"), ((oak, target), (oak, None))), "Who acts?", graph=woods)
    triples = drawing.table(Table(("subject", "predicate", "object"), ((oak, NamedNode(NS + "target"), target),)), graph=woods)
    assert [(a, b, e["label"], e["derived"]) for a, b, e in rows.edges(data=True)] == [(oak.value, target.value, "target", False)]
    assert [(a, b, e["label"]) for a, b, e in triples.edges(data=True)] == [(oak.value, target.value, "at the target")]
    assert rows.graph["title"] == "Who acts?"
    with pytest.raises(BadQuestion, match="no cell that is a thing"):
        drawing.table(Table.of(("count",), [("3",)]), graph=woods)


# --- places of many nodes -------------------------------------------------------------------------------------------


@st.composite
def pictures(draw: st.DrawFn) -> pic.Picture:
    """Nodes in columns and blocks, with a few lines between columns."""
    drawn = pic.empty("A picture")
    for number in range(draw(st.integers(1, 60))):
        place = draw(st.tuples(st.integers(0, 4), st.sampled_from(("", "roots", "a block with a longer title than its nodes"))))
        label = draw(st.text("abc WM-", min_size=1, max_size=60))
        pic.node(drawn, str(number), draw(st.sampled_from(sorted(KINDS))), label, place=place)
    for _ in range(draw(st.integers(0, 40))):
        a, b = (str(draw(st.integers(0, len(drawn) - 1))) for _ in "ab")
        if a != b:
            pic.edge(drawn, a, b, derived=draw(st.booleans()), quiet=draw(st.booleans()))
    return drawn


@given(pictures())
@settings(max_examples=60, deadline=None)
def test_blocks_never_overlap_and_stay_inside(drawn: pic.Picture) -> None:
    whole = blocks.placed(drawn)
    spans = [(s.at.x - s.at.width / 2, s.at.y - s.at.height / 2, s.at.x + s.at.width / 2, s.at.y + s.at.height / 2) for s in whole.spots]
    spans += [(x, y - 9, x + len(text) * 6, y + 3) for text, x, y in whole.heads]
    assert [s for s in spans if min(s) < 0 or s[2] > whole.width or s[3] > whole.height] == []
    inside = [s for s in spans[: len(whole.spots)]]
    over = [
        (one, two)
        for i, one in enumerate(inside)
        for two in spans[i + 1 :]
        if one[0] < two[2] - 0.2 and two[0] < one[2] - 0.2 and one[1] < two[3] - 0.2 and two[1] < one[3] - 0.2
    ]
    assert over == []
    assert {s.id for s in whole.strokes} == {f"e{i}" for i in range(drawn.number_of_edges())}
    assert {name for b in whole.brackets for name in b.strokes} <= {s.id for s in whole.strokes if s.quiet}


# --- SVG and PNG ----------------------------------------------------------------------------------------------------

SVG = "{http://www.w3.org/2000/svg}"


def test_an_svg_stands_alone_and_names_every_node() -> None:
    drawn = drawing.view(_plants())
    root = xml.fromstring(drawing.svg(_plants()))
    assert (root.get("role"), root.findtext(f"{SVG}title")) == ("group", "Why is oak a tree, and fern not?")
    described = root.findtext(f"{SVG}desc") or ""
    assert (
        described
        == f"A picture of {len(drawn)} nodes: drug: 2, what a source says: 4, list claimed complete: 1, what a word covers: 1, what a word excludes: 1, condition: 3, class: 1. {DISCLAIMER}"
    )
    parts = [g for g in root.iter(f"{SVG}g") if g.get("tabindex") == "0"]
    assert [g.get("aria-label") for g in parts] == [g.findtext(f"{SVG}title") for g in parts]
    written = [" ".join(t.text or "" for t in g.iter(f"{SVG}text")) for g in parts]
    assert [text for text in written if text.startswith("is tall")] == ["is tall oak: yes fern: not known"]
    assert len(parts) == len(drawn)
    dashed = [p for p in root.iter(f"{SVG}path") if "ph-derived" in (p.get("class") or "").split()]
    assert len(dashed) == sum(derived for *_, derived in drawn.edges(data="derived")) + 1  # and one in the legend


def test_an_svg_takes_the_style_of_its_page_or_fixes_its_own() -> None:
    auto, fixed, bare = drawing.svg(_oak()), drawing.svg(_oak(), scheme="dark"), drawing.svg(_oak(), style=False)
    assert ("prefers-color-scheme: dark" in auto, "var(--ph-ink)" in auto, ":where(:root)" in auto) == (True, True, True)
    assert ("var(" in fixed, image.PALETTE["dark"]["ink"] in fixed, image.PALETTE["light"]["ink"] in fixed) == (False, True, False)
    assert "<style>" not in bare
    assert bare.replace("\n", "") == re.sub("<style>.*?</style>", "", auto, flags=re.S).replace("\n", "")
    assert set(re.findall(r"--ph-([a-z-]+):", drawing.style())) == set(image.PALETTE["light"]) == set(image.PALETTE["dark"])


def test_hostile_text_stays_text_in_an_svg() -> None:
    root = xml.fromstring(drawing.svg(_hostile()).replace("\u2028", ""))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {"svg", "title", "desc", "style", "text", "g", "path", "rect"}
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]


def test_a_png_needs_no_font_of_the_machine() -> None:
    bare = drawing.png(_plants(), system_fonts=False)
    width, height = struct.unpack(">II", bare[16:24])
    box = xml.fromstring(drawing.svg(_plants()))
    assert (bare[:8], width, height) == (b"\x89PNG\r\n\x1a\n", *(round(2 * float(box.get(side) or 0)) for side in ("width", "height")))
    assert bare == drawing.png(_plants())
    import resvg_py

    text = drawing.svg(_plants(), scheme="light")
    blank = bytes(
        resvg_py.svg_to_bytes(
            svg_string=re.sub("<text.*?</text>", "", text), skip_system_fonts=True, zoom=2.0, background=image.PALETTE["light"]["paper"]
        )
    )
    assert len(bare) > 1.5 * len(blank)  # without a font there would be boxes and lines only


def test_each_verdict_has_a_mark_of_its_own() -> None:
    assert len(set(MARKS.values())) == len(MARKS) == 4


# --- files, notebooks, the command line -----------------------------------------------------------------------------


def test_a_drawing_shows_itself_in_a_frame_with_the_picture_beneath() -> None:
    shown = drawing.draw(_oak())
    bundle = shown._repr_mimebundle_()
    assert sorted(bundle) == ["image/svg+xml", "text/html", "text/plain"]
    assert bundle["image/svg+xml"] == drawing.svg(_oak())
    assert bundle["text/plain"] == "<Drawing: Is oak a tree? 9 nodes, 10 edges>"
    frame = re.fullmatch(
        r'<style>(.*?)</style><iframe title="(.*?)" sandbox="(.*?)" srcdoc="(.*?)" style=".*?"></iframe><img (.*?)>',
        bundle["text/html"],
        re.S,
    )
    assert frame
    assert frame.group(1, 2, 3) == (".ph-static{display:none}", "Is oak a tree?", "allow-scripts allow-downloads")
    assert frame[4].count('"') == 0
    assert frame[5].startswith('class="ph-static" alt="Is oak a tree?" src="data:image/svg+xml;base64,')


VERBS = [
    (("ask", "baclofen", "opiate"), "Is baclofen an opiate?"),
    (("ask", "is baclofen an opiate?"), "Is baclofen an opiate?"),
    (("why", "morphine", "baclofen", "opiate"), "Why is morphine an opiate, and baclofen not?"),
    (("compare", "baclofen", "morphine"), "How do baclofen and morphine compare?"),
    (("interactions", "baclofen", "morphine", "ethanol"), "What follows when baclofen and morphine and ethanol meet?"),
    (("show", "baclofen"), "What is known of baclofen"),
    (("class", "Opioid"), "What is an opioid? The class, what is below it, and its members"),
    (("path", "baclofen", "morphine"), "What joins baclofen and morphine?"),
    (("around", "baclofen", "--hops", "2"), "What is around baclofen, 2 steps away"),
    (("query", "10-shared-targets"), "Which drugs share a target with baclofen, and is any of them an opiate?"),
]


@pytest.mark.parametrize(("words", "title"), VERBS, ids=lambda value: value[0] if isinstance(value, tuple) else "")
def test_everything_can_be_drawn_from_the_command_line(words: tuple[str, ...], title: str, tmp_path: Path, capsys: Any) -> None:
    assert main(["draw", *words, "-o", str(tmp_path / "drawn.svg")]) == 0
    assert capsys.readouterr().out == f"wrote {tmp_path / 'drawn.svg'}\n"
    assert xml.parse(tmp_path / "drawn.svg").getroot().findtext(f"{SVG}title") == title


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("ask", "baclofen", "opiate", "-o", "x.pdf"), "a picture is written as html, svg or png, not as pdf: name one of them"),
        (
            ("ask", "baclofen", "opiate", "-o", "x"),
            "a picture is written as html, svg or png, not as a file without an ending: name one of them",
        ),
        (("why", "baclofen", "opiate", "-o", "x.svg"), "draw takes one of: show THING; class CLASS; ask DRUG CLASS;"),
        (("show", "baclofen", "--without", "gtopdb", "-o", "x.svg"), "draw show tells what all sources say: leave out --without"),
        (("around", "baclofen", "--hops", "0", "-o", "x.svg"), "--hops takes 1 or more"),
    ],
)
def test_what_cannot_be_drawn_is_told_in_a_line(words: tuple[str, ...], told: str, capsys: Any, monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["draw", *words]) == 2
    assert capsys.readouterr().err.startswith(f"pharmakon: {told}")
    assert list(tmp_path.iterdir()) == []


def test_the_format_is_told_by_name_or_by_option(tmp_path: Path) -> None:
    question = ("ask", "baclofen", "opiate")
    starts = {}
    for name, option in (("a.html", ()), ("a.png", ()), ("a.SVG", ()), ("a.picture", ("--format", "svg"))):
        assert main(["draw", *question, "-o", str(tmp_path / name), *option]) == 0
        starts[name] = (tmp_path / name).read_bytes()[:4]
    assert starts == {"a.html": b"<!do", "a.png": b"\x89PNG", "a.SVG": b"<svg", "a.picture": b"<svg"}


# --- the page in a browser ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    with launched() as chromium:
        yield chromium


class Seen:
    """A page that is open, and what it asked for and complained of."""

    def __init__(self, browser: Any, path: Path, **context: Any) -> None:
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **context})
        self.page = self.context.new_page()
        self.page.set_default_timeout(5000)
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        self.page.goto(path.as_uri())

    def __enter__(self) -> Seen:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the project's first question."""
    return drawing.draw(why("morphine", "baclofen", "opiate")).save(tmp_path_factory.mktemp("pages") / "why.html")


@in_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=["wide", "narrow"])
def test_the_page_asks_for_nothing_and_complains_of_nothing(browser: Any, example: Path, scheme: str, size: tuple[int, int]) -> None:
    with Seen(browser, example, color_scheme=scheme, viewport={"width": size[0], "height": size[1]}) as seen:
        seen.page.wait_for_load_state("networkidle")
        assert seen.requests == [example.as_uri()]
        assert seen.complaints == []
        assert seen.page.evaluate("document.documentElement.scrollWidth") == size[0]


@in_browser
def test_the_picture_has_its_question_legend_senses_and_disclaimer(browser: Any, example: Path) -> None:
    with Seen(browser, example) as seen:
        question = "Why is morphine an opiate, and baclofen not?"
        assert (seen.page.title(), seen.page.locator("h1").inner_text()) == (question, question)
        shown = ("drug", "statement", "claim", "vocabulary", "disjointness", "condition", "class")
        assert seen.page.locator(".legend > label").all_inner_texts() == [
            *(KINDS[kind] for kind in shown),
            "asserted by a source",
            "derived",
            "● yes",
            "✕ no",
            "◌ not known",
        ]
        assert seen.page.locator(".legend").is_visible()
        told = [re.sub(r"\s+", " ", text) for text in seen.page.locator(".verdicts li").all_inner_texts()]
        assert told == [f"opiate, {sense} sense morphine ● yes baclofen ✕ no" for sense in ("strict", "broad", "assay")]
        assert seen.page.locator("footer").inner_text() == DISCLAIMER


@in_browser
def test_every_node_is_drawn_inside_and_none_on_another(browser: Any, example: Path) -> None:
    nodes = len(proofs.of_contrast(why("morphine", "baclofen", "opiate")))
    with Seen(browser, example) as seen:
        boxes = seen.page.evaluate("network.body.nodeIndices.map((id) => [id, network.getBoundingBox(id)])")
        assert len(boxes) == nodes == seen.page.locator(".figure button").count()
        over = [
            (a, b)
            for a, one in boxes
            for b, two in boxes
            if a < b
            and one["left"] < two["right"]
            and two["left"] < one["right"]
            and one["top"] < two["bottom"]
            and two["top"] < one["bottom"]
        ]
        assert over == []
        assert min(min(box["right"] - box["left"], box["bottom"] - box["top"]) for _, box in boxes) > 20
        corners = [
            seen.page.evaluate("([x, y]) => network.canvasToDOM({x, y})", [box[x], box[y]])
            for _, box in boxes
            for x, y in (("left", "top"), ("right", "bottom"))
        ]
        width, height = seen.page.evaluate("[network.canvas.frame.clientWidth, network.canvas.frame.clientHeight]")
        assert [c for c in corners if c["x"] < 0 or c["y"] < 0 or c["x"] > width or c["y"] > height] == []
        assert width <= 1280


SPY = """
window.written = [];
const fillText = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, x, y, room) {
  const { a, e, f } = this.getTransform(), canvas = this.canvas.getBoundingClientRect();
  const pixels = canvas.width / this.canvas.width, size = this.measureText(text);
  const left = canvas.left + (a * (x - (this.textAlign === "center" ? size.width / 2 : 0)) + e) * pixels, top = canvas.top + (a * (y - 6) + f) * pixels;
  written.push({ text, left, top, right: left + a * size.width * pixels, bottom: top + 12 * a * pixels, squeezed: size.width > room });
  return fillText.call(this, text, x, y, room);
};
"""
"""Writes down each text that is put on a canvas, with its place in the window."""


@in_browser
@pytest.mark.parametrize("case", CASES, ids=" ".join)
def test_every_label_is_written_whole_inside_its_own_node(browser: Any, tmp_path: Path, case: tuple[str, str, str]) -> None:
    path = drawing.draw(why(*case)).save(tmp_path / "case.html")
    with Seen(browser, path) as seen:
        seen.page.add_init_script(SPY)
        seen.page.reload()
        seen.page.evaluate("() => { written.length = 0; network.redraw(); }")
        written = seen.page.evaluate("written")
        buttons = seen.page.evaluate(
            "[...document.querySelectorAll('.figure button')].map((b) => [b.dataset.node, b.getBoundingClientRect().toJSON()])"
        )
    lines = {node["id"]: [text for text, _ in node["lines"]] for node in _data(path.read_text("utf-8"))["nodes"]}

    def within(rect: dict[str, float]) -> list[str]:
        inside = [w for w in written if all(rect[s] <= w[s] for s in ("left", "top")) and all(w[s] <= rect[s] for s in ("right", "bottom"))]
        return [w["text"] for w in sorted(inside, key=lambda w: w["top"])]

    assert {node: within(rect) for node, rect in buttons} == lines
    assert len(written) == sum(map(len, lines.values()))
    assert [w["text"] for w in written if w["squeezed"]] == []
    over = [
        (one["text"], two["text"])
        for i, one in enumerate(written)
        for two in written[i + 1 :]
        if one["left"] < two["right"] and two["left"] < one["right"] and one["top"] < two["bottom"] and two["top"] < one["bottom"]
    ]
    assert over == []


@in_browser
def test_choosing_a_node_tells_its_sentence_and_sources(browser: Any, example: Path) -> None:
    with Seen(browser, example) as seen:
        name = "what a source says: baclofen is made wholly by synthesis"
        seen.page.get_by_role("button", name=name).click()
        told = [
            "Close",
            "what a source says",
            "baclofen is made wholly by synthesis",
            "IUPHAR/BPS Guide to PHARMACOLOGY, 2020.5: ligand 1084",
        ]
        assert seen.page.locator(".card").inner_text().split() == " ".join(told).split()
        seen.page.keyboard.press("Escape")
        assert seen.page.locator(".card .sentence").count() == 0
        seen.page.keyboard.press("ArrowDown")
        focused = seen.page.evaluate(
            "[document.activeElement.getAttribute('aria-label'), getComputedStyle(document.activeElement).outlineWidth]"
        )
        assert focused[1] == "3px"
        assert seen.page.locator(".card .sentence").inner_text() == focused[0].partition(": ")[2]
        seen.page.evaluate("scrollTo(0, 0)")
        lowest = seen.page.locator(".figure button").all()
        lowest[max(range(len(lowest)), key=lambda i: lowest[i].bounding_box()["y"])].focus()
        seen.page.keyboard.press("Enter")
        hidden = "document.activeElement.getBoundingClientRect().bottom > document.querySelector('.card').getBoundingClientRect().top"
        assert seen.page.locator(".card .sentence").count() == 1
        assert not seen.page.evaluate(hidden)


@in_browser
def test_without_script_the_words_remain(browser: Any, example: Path) -> None:
    with Seen(browser, example, java_script_enabled=False) as seen:
        shown = "(name) => getComputedStyle(document.querySelector(name)).display"
        assert [seen.page.evaluate(shown, name) for name in (".legend", ".scroll", ".card")] == ["none", "none", "none"]
        assert seen.page.locator("#words summary:visible").count() == seen.page.locator("#words summary").count() > 0
        assert seen.page.locator("#words tfoot").all_inner_texts() == [
            f"opiate, {s} sense\t● yes\t✕ no" for s in ("strict", "broad", "assay")
        ]


@in_browser
def test_hostile_text_is_inert(browser: Any, tmp_path: Path) -> None:
    path = drawing.draw(_hostile()).save(tmp_path / "hostile.html")
    with Seen(browser, path) as seen:
        seen.page.wait_for_load_state("networkidle")
        for button in seen.page.locator(".figure button").all():
            button.click()
        assert (seen.requests, seen.complaints) == ([path.as_uri()], [])
        assert seen.page.evaluate("[document.scripts.length, document.images.length]") == [2, 0]
        assert HOSTILE.partition("\u2028")[0] in seen.page.locator(".card").inner_text()


@in_browser
def test_the_legend_filters_kinds_steps_and_verdicts(browser: Any, example: Path) -> None:
    with Seen(browser, example) as seen:
        page = seen.page
        kinds = {node["id"]: node["kind"] for node in _data(example.read_text("utf-8"))["nodes"]}

        def shown() -> set[str]:
            return set(
                page.evaluate("[...document.querySelectorAll('.figure button')].filter((b) => !b.hidden).map((b) => b.dataset.node)")
            )

        box = page.get_by_role("checkbox", name="condition", exact=True)
        box.focus()
        page.keyboard.press("Space")
        assert shown() == {id for id, kind in kinds.items() if kind != "condition"}
        page.keyboard.press("Space")
        assert shown() == set(kinds)
        page.get_by_role("checkbox", name="yes").uncheck()
        asked = {node["id"]: node["verdicts"] for node in _data(example.read_text("utf-8"))["nodes"]}
        assert shown() == {id for id, verdicts in asked.items() if verdicts != ["yes"]}
        strokes = "() => { let n = 0; const own = CanvasRenderingContext2D.prototype.stroke; CanvasRenderingContext2D.prototype.stroke = function (...a) { if (this.getLineDash().length === 2 && this.getLineDash()[0] === 6) n += 1; return own.apply(this, a); }; network.redraw(); CanvasRenderingContext2D.prototype.stroke = own; return n; }"
        assert page.evaluate(strokes) > 0
        page.get_by_role("checkbox", name="derived").uncheck()
        assert page.evaluate(strokes) == 0


@in_browser
def test_search_finds_by_name_and_enter_goes_to_it(browser: Any, example: Path) -> None:
    with Seen(browser, example) as seen:
        find = seen.page.get_by_label("Find", exact=True)
        find.fill("MORPHINAN")
        assert seen.page.locator(".found").inner_text() == "3 found; Enter goes to the next"
        assert seen.page.locator(".figure .marked").count() == 3
        told = set()
        for _ in range(3):
            find.press("Enter")
            told.add(seen.page.locator(".card .sentence").inner_text())
        assert told == {
            "morphine is built on the morphinan skeleton",
            "is built on the morphinan skeleton",
            "the gamma-amino acid skeleton is not the morphinan skeleton",
        }
        find.fill("quinine")
        assert seen.page.locator(".found").inner_text() == "nothing found"


@in_browser
def test_arrow_keys_go_from_node_to_node_and_focus_is_seen(browser: Any, example: Path) -> None:
    with Seen(browser, example) as seen:
        page = seen.page
        assert page.locator(".figure button[tabindex='0']").count() == 1
        page.locator(".figure button[tabindex='0']").focus()
        told = []
        for key in ("ArrowRight", "ArrowDown", "ArrowUp", "End", "Home"):
            page.keyboard.press(key)
            told.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
            assert page.locator(".figure button[aria-pressed='true']").get_attribute("aria-label") == told[-1]
        assert len(set(told)) >= 4
        assert told[0] == told[2] != told[1]
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('.figure')") is None


@in_browser
def test_hovering_tells_the_sentence_and_where_it_is_from(browser: Any, example: Path) -> None:
    with Seen(browser, example) as seen:
        seen.page.get_by_role("button", name="what a source says: baclofen is made wholly by synthesis").hover()
        tip = seen.page.locator(".tip")
        assert tip.locator("p").all_inner_texts() == [
            "baclofen is made wholly by synthesis",
            "IUPHAR/BPS Guide to PHARMACOLOGY, 2020.5: ligand 1084",
        ]
        seen.page.keyboard.press("Escape")
        assert tip.is_hidden()


@in_browser
def test_a_condition_tells_what_it_rests_on(browser: Any, example: Path) -> None:
    with Seen(browser, example) as seen:
        seen.page.get_by_role("button", name="condition: is, by an opiate immunoassay, detected").click()
        told = seen.page.locator(".card > .proof > li").all_inner_texts()
        assert len(told) == 1
        assert told[0].startswith("morphine is, by an opiate immunoassay, detected [")


@in_browser
def test_the_page_saves_the_picture_as_png(browser: Any, example: Path, tmp_path: Path) -> None:
    with Seen(browser, example, accept_downloads=True) as seen, seen.page.expect_download() as found:
        seen.page.get_by_role("button", name="Save as PNG").click()
    assert found.value.suggested_filename == "why-is-morphine-an-opiate-and-baclofen-not.png"


@pytest.mark.slow
@in_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Any, example: Path, tmp_path: Path, graph: Graph, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    around = drawing.draw(drawing.around("baclofen", 1, graph=graph)).save(tmp_path / "around.html")
    for path in (example, around):
        with Seen(browser, path, color_scheme=scheme, bypass_csp=True) as seen:
            found = axe.Axe().run(seen.page).response["violations"]
            assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in found] == []


@pytest.mark.slow
@in_browser
def test_a_large_neighbourhood_is_drawn_whole_and_answers_a_choice(browser: Any, tmp_path: Path, graph: Graph) -> None:
    drawn = drawing.around("baclofen", 2, graph=graph)
    assert len(drawn) >= 200
    path = drawing.draw(drawn).save(tmp_path / "around.html")
    with Seen(browser, path) as seen:
        assert seen.page.locator(".figure button").count() == len(drawn)
        seen.page.get_by_role("button", name="target: GABA-B receptor").click()
        assert seen.page.locator(".card .sentence").inner_text() == "GABA-B receptor"
        said = seen.page.locator(".card > .proof > li").all_inner_texts()
        assert any(text.startswith("baclofen activates the GABA-B receptor [") for text in said)
        assert (seen.requests, seen.complaints) == ([path.as_uri()], [])


@in_browser
def test_a_notebook_frame_draws_and_is_shut_in(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "cell.html"
    path.write_text(
        f"<!doctype html><meta charset=utf-8><title>cell</title>{drawing.draw(_oak())._repr_mimebundle_()['text/html']}", "utf-8"
    )
    with Seen(browser, path) as seen:
        inside = seen.page.frame_locator("iframe")
        inside.get_by_role("button", name="drug: oak").click()
        assert inside.locator(".card .sentence").inner_text() == "oak"
        assert seen.page.locator("img.ph-static").is_hidden()
        assert [text for text in seen.complaints if "blocked" in text.lower()] == []


def test_the_picture_in_the_readme_is_what_its_command_draws(graph: Graph) -> None:
    root = Path(__file__).parents[1]
    place = "notebooks/pictures/is-baclofen-an-opiate.svg"
    committed = root / place
    assert f"`pharmakon draw ask baclofen opiate -o {place}`" in (root / "README.md").read_text("utf-8")
    assert drawing.Drawing(ask("baclofen", "opiate", graph=graph)).written("svg").decode() == committed.read_text("utf-8")
