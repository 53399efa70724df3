"""Pictures of proofs: the graph, the places of its boxes, and the page as a browser shows it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pharmakon import html, layout, pages, picture
from pharmakon.answers import ask, why
from pharmakon.errors import PharmakonError
from pharmakon.graph import Graph
from pharmakon.proof import Citation, Proof
from pharmakon.shapes import ROOM, outline
from pharmakon.values import DISCLAIMER, Answer, Contrast, Row, Sense, Thing, Verdict

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
    }


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
    ("class urn:Tree", "condition has bark or wood"): {"derived": True, "verdict": "yes"},
    ("condition has bark or wood", "statement :s/1"): {"derived": True, "verdict": "yes"},
    ("statement :s/1", "drug urn:oak"): {"derived": False, "verdict": "yes"},
    ("class urn:Tree", "condition is tall"): {"derived": True, "verdict": "yes"},
    ("condition is tall", "vocabulary twenty metres is tall for condition is tall"): {"derived": True, "verdict": "yes"},
    ("vocabulary twenty metres is tall for condition is tall", "statement :s/2"): {"derived": True, "verdict": "yes"},
    ("statement :s/2", "drug urn:oak"): {"derived": False, "verdict": "yes"},
    ("class urn:Tree", "condition is a plant"): {"derived": True, "verdict": "yes"},
    ("condition is a plant", "statement :s/3"): {"derived": True, "verdict": "yes"},
    ("statement :s/3", "drug urn:oak"): {"derived": False, "verdict": "yes"},
}


# --- the graph ------------------------------------------------------------------------------------------------------


def test_an_answer_is_drawn_whole() -> None:
    graph = picture.of_answer(_oak())
    assert dict(graph.nodes(data=True)) == OAK
    assert {(a, b): d for a, b, d in graph.edges(data=True)} == OAK_EDGES


def test_a_contrast_shares_what_both_are_asked() -> None:
    graph = picture.of_contrast(_plants())
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
    no, asserted, differs = (
        {"derived": True, "verdict": "no"},
        {"derived": False, "verdict": "yes"},
        {"derived": True, "verdict": "differs"},
    )
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
    graph = picture.of_answer(answer)
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
    assert picture.drawn(told) == (oak, fern)
    assert picture.drawn(Verdict(SENSE, "yes", (oak, oak, oak), False, ())) == (oak, oak)


def test_columns_read_from_the_drug_to_the_class() -> None:
    assert picture.columns(picture.of_answer(_oak())) == {
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
    drawn = picture.of_answer(ask("heroin", "opiate", graph=graph))
    labels = {key: node["label"] for key, node in drawn.nodes(data=True)}
    made = next(key for key, label in labels.items() if label == "heroin is semi-synthetic from morphine")
    natural = "morphine occurs in nature in the opium poppy (Papaver somniferum)"
    assert sorted(labels[basis] for basis in drawn.successors(made)) == ["heroin", natural]
    assert [list(drawn.successors(key)) for key, label in labels.items() if label == natural] == [[]]


def test_the_example_stays_small(graph: Graph) -> None:
    drawn = picture.of_contrast(why("morphine", "baclofen", "opiate", graph=graph))
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
    boxes = pages._boxes(drawn, {key: pages._lines(node, several) for key, node in drawn.nodes(data=True)})
    return layout.place(boxes, [(basis, shown) for shown, basis in drawn.edges])


@pytest.mark.parametrize("case", CASES, ids=" ".join)
def test_boxes_stand_apart_and_lines_pass_between_them(case: tuple[str, str, str], graph: Graph) -> None:
    placed = _placed(picture.of_contrast(why(*case, graph=graph)))
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
    drawn = picture.of_contrast(why("morphine", "baclofen", "opiate", graph=graph))
    placed = _placed(drawn)

    def heights(*drugs: str) -> list[float]:
        return [placed.places[k].y for k in drawn if any(drawn.nodes[basis]["label"] in drugs for basis in drawn.successors(k))]

    assert max(heights("morphine")) < min(heights("baclofen"))
    senses = [key for key, node in drawn.nodes(data=True) if node["kind"] == "class"]
    assert sorted(senses, key=lambda key: placed.places[key].y) == senses


def test_each_kind_has_its_own_outline() -> None:
    outlines = {kind: outline(kind, 100, 40) for kind in ROOM}
    assert set(outlines) == set(pages.KINDS)
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
    drawn, data = picture.of_contrast(contrast), _data(pages.page(contrast))
    assert sorted(node["label"] for node in data["nodes"]) == sorted(label for _, label in drawn.nodes(data="label"))
    labels = {node["id"]: node["label"] for node in data["nodes"]}
    told = sorted((labels[e["from"]], labels[e["to"]], "dashed" if e["dashes"] else "solid") for e in data["edges"])
    name = dict(drawn.nodes(data="label"))
    assert told == sorted((name[b], name[a], "dashed" if d["derived"] else "solid") for a, b, d in drawn.edges(data=True))
    assert {told[2] for told in told if told[0] == "baclofen"} == {"solid"}
    assert {told[2] for told in told if told[1].startswith("opiate, ")} == {"dashed"}


def test_the_words_tell_every_verdict() -> None:
    sides = ("yes", "no", "unknown", "contradicted")
    senses = [Sense(f"urn:{i}", f"sense {i}", "", "") for i in range(4)]
    answer = Answer(Thing("urn:x", "x"), WORD, tuple(Verdict(s, v, (), False, ()) for s, v in zip(senses, sides, strict=True)))
    heads = re.findall(r"<h3>(.*?)</h3>", pages.page(answer))
    assert [re.sub("<.*?>", "", head) for head in heads] == [
        "● yes sense 0",
        "✕ no sense 1",
        "◌ not known sense 2",
        "⚡ contradicted sense 3",
    ]


def test_nothing_on_the_page_points_elsewhere() -> None:
    page = pages.page(_plants())
    assert re.findall(r"""<(?:link|img|script|iframe|source|object|embed)\b[^>]*(?:src|href|data)=["'](?!data:,)[^>]*>""", page) == []
    assert re.findall(r"@import|url\(", page.partition("<body>")[0]) == []
    policy = re.search(r'Content-Security-Policy" content="(.*?)"', page)
    assert policy and policy[1].startswith("default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-")


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
    whole = [pages.page(contrast), pages.page(contrast.a), html.contrast(contrast), html.answer(contrast.a)]
    assert [text.count("<script>alert") + text.count("<img") for text in whole] == [0, 0, 0, 0]
    assert {HOSTILE} < {node["label"] for node in _data(whole[0])["nodes"]}
    assert [text.count("</script>") for text in whole] == [2, 2, 0, 0]


def test_draw_writes_the_page_or_says_why_not(tmp_path: Path) -> None:
    path = pages.draw(_oak(), tmp_path / "oak.html")
    assert path == tmp_path / "oak.html"
    assert path.read_text("utf-8") == pages.page(_oak())
    with pytest.raises(PharmakonError, match="cannot be written: No such file or directory"):
        pages.draw(_oak(), tmp_path / "nowhere" / "oak.html")


def _palette() -> dict[str, dict[str, str]]:
    css = (Path(pages.__file__).parent / "templates" / "page.css").read_text("utf-8")
    light, dark = css.split("@media (prefers-color-scheme: dark)", 1)
    return {scheme: dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6}|\.\d+)", text)) for scheme, text in (("light", light), ("dark", dark))}


def _channels(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def _contrast(one: list[float] | list[int], other: list[float] | list[int]) -> float:
    """The contrast ratio of WCAG 2."""

    def luminance(channels: list[float] | list[int]) -> float:
        linear = [c / 255 / 12.92 if c / 255 <= 0.03928 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_are_told_apart_from_the_paper(scheme: str) -> None:
    palette = _palette()[scheme]
    paper, verdicts = _channels(palette["paper"]), ("yes", "no", "unknown", "contradicted")
    weak = [name for name in ("ink", "soft", *verdicts) if _contrast(_channels(palette[name]), paper) < 4.5]
    weak += [name for name in (*pages.KINDS, "line", "focus") if _contrast(_channels(palette[name]), paper) < 3]
    tint = float(palette["tint"])
    for kind in pages.KINDS:
        fill = [tint * a + (1 - tint) * b for a, b in zip(_channels(palette[kind]), paper, strict=True)]
        weak += [f"{name} on {kind}" for name in ("ink", *verdicts) if _contrast(_channels(palette[name]), fill) < 4.5]
    assert weak == []


def test_a_notebook_cell_holds_the_question_the_verdicts_and_the_sources() -> None:
    cell = html.contrast(_plants())
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


# --- the page in a browser ------------------------------------------------------------------------------------------

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
browser_only = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]


def in_browser(test: Any) -> Any:
    """Mark a test that needs Chromium."""
    for mark in browser_only:
        test = mark(test)
    return test


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


class Seen:
    """A page that is open, and what it asked for and complained of."""

    def __init__(self, browser: Any, path: Path, **context: Any) -> None:
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **context})
        self.page = self.context.new_page()
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
    return pages.draw(why("morphine", "baclofen", "opiate"), tmp_path_factory.mktemp("pages") / "why.html")


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
        assert seen.page.locator(".legend > span").all_inner_texts() == [
            *(name for kind, name in pages.KINDS.items() if kind != "open"),
            "asserted by a source",
            "derived",
            "● yes\n✕ no\n◌ not known\n⚡ contradicted",
        ]
        assert seen.page.locator(".legend").is_visible()
        told = [re.sub(r"\s+", " ", text) for text in seen.page.locator(".verdicts li").all_inner_texts()]
        assert told == [f"opiate, {sense} sense morphine ● yes baclofen ✕ no" for sense in ("strict", "broad", "assay")]
        assert seen.page.locator("footer").inner_text() == DISCLAIMER


@in_browser
def test_every_node_is_drawn_inside_and_none_on_another(browser: Any, example: Path) -> None:
    nodes = len(picture.of_contrast(why("morphine", "baclofen", "opiate")))
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
  const left = canvas.left + (a * (x - size.width / 2) + e) * pixels, top = canvas.top + (a * (y - 6) + f) * pixels;
  written.push({ text, left, top, right: left + a * size.width * pixels, bottom: top + 12 * a * pixels, squeezed: size.width > room });
  return fillText.call(this, text, x, y, room);
};
"""
"""Writes down each text that is put on a canvas, with its place in the window."""


@in_browser
@pytest.mark.parametrize("case", CASES, ids=" ".join)
def test_every_label_is_written_whole_inside_its_own_node(browser: Any, tmp_path: Path, case: tuple[str, str, str]) -> None:
    path = pages.draw(why(*case), tmp_path / "case.html")
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
        seen.page.keyboard.press("Tab")
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
    path = pages.draw(_hostile(), tmp_path / "hostile.html")
    with Seen(browser, path) as seen:
        seen.page.wait_for_load_state("networkidle")
        for button in seen.page.locator(".figure button").all():
            button.click()
        assert (seen.requests, seen.complaints) == ([path.as_uri()], [])
        assert seen.page.evaluate("[document.scripts.length, document.images.length]") == [2, 0]
        assert HOSTILE.partition("\u2028")[0] in seen.page.locator(".card").inner_text()
