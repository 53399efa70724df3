"""The written site: whole, linked within itself, opened from a file; and what it leaves alone."""

from __future__ import annotations

import html
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from chromium import in_browser, launched
from conftest import PREFIXES, base

import pharmakon
from pharmakon.cli import main
from pharmakon.errors import BadInput, BadQuestion, UnknownName
from pharmakon.graph import Graph
from pharmakon.locate import ontology
from pharmakon.web import written
from pharmakon.web.plan import chosen, files

DRUGS = ("baclofen", "morphine", "codeine", "loperamide", "tizanidine")


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The shipped definitions and rules with five drugs, and no article."""
    parts = [ontology() / part for part in ("definitions", "interactions", "crosswalks", *(f"drugs/{d}.ttl" for d in DRUGS))]
    texts = [p.read_text("utf-8") for part in parts for p in ([part] if part.is_file() else part.glob("*.ttl"))]
    named = set(re.findall(r"src:[\w.-]*\w", "".join(texts)))
    described = [
        m
        for p in (ontology() / "drugs").glob("*.ttl")
        for m in re.findall(r"^(src:[\w.-]*\w) (a :.*?) \.$", p.read_text("utf-8"), re.M | re.S)
    ]
    missing = {name: text for name, text in described if name in named and not any(f"\n{name} a :" in t for t in texts)}
    extra = tmp_path_factory.mktemp("few") / "sources.ttl"
    extra.write_text(PREFIXES + "".join(f"{name} {text} .\n" for name, text in missing.items()), "utf-8")
    return pharmakon.open_graph(base()[0], [*base()[1:], *parts, extra])


@pytest.fixture(scope="module")
def site(few: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of five drugs, two of which have pages together."""
    place = tmp_path_factory.mktemp("site") / "pages"
    told: list[tuple[int, int]] = []
    count = written.write(place, ["Lioresal", "morphine"], graph=few, told=lambda done, whole: told.append((done, whole)))
    assert told == [(i + 1, count) for i in range(count)]
    return place


def test_every_drug_and_every_class_has_its_page(site: Path, few: Graph) -> None:
    index = json.loads((site / "static/index.js").read_text("utf-8").removeprefix("window.pharmakon = ").removesuffix(";\n"))
    labels = {few.schema.label(d) for d in few.schema.drugs()}
    assert labels == set(DRUGS)
    assert {t[0] for t in index["things"] if t[1] == "drug"} == labels
    assert len([t for t in index["things"] if t[1] == "class"]) == len({*few.schema.drug_classes, *few.schema.senses})
    for name, _, file, _ in index["things"]:
        assert name in (site / file).read_text("utf-8")
    assert index["verdicts"]["opioid"] == [
        ["opioid", "".join("n" if few.schema.label(d) in ("baclofen", "tizanidine") else "y" for d in few.schema.drugs())]
    ]


def test_no_link_leads_nowhere_and_none_leads_out_but_to_sources(site: Path) -> None:
    nowhere, out, pages = [], set(), list(site.rglob("*.html"))
    for page in pages:
        for found in re.findall(r'(?:href|src|action)="([^"]*)"', page.read_text("utf-8")):
            at = html.unescape(found)
            if at.startswith(("http://", "https://")):
                out.add(page.parent.name)
            elif not at.startswith(("data:", "#")) and not (at and (page.parent / unquote(at.partition("#")[0])).is_file()):
                nowhere.append((str(page.relative_to(site)), at))
    assert nowhere == []
    assert out <= {"thing", "draw"}
    assert len(pages) == json.loads((site / written.MARK).read_text("utf-8"))["pages"]


def test_pages_are_as_the_server_has_them(site: Path, few: Graph) -> None:
    """The words of a page are the same, only the addresses are others."""
    from pharmakon import web

    def words(text: str) -> str:
        body = re.sub(
            r"<form.*?</form>|<nav.*?</nav>|<figcaption.*?</figcaption>",
            "",
            text.partition("<main")[2].partition("<h2>Go on</h2>")[0],
            flags=re.S,
        )
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)).strip()

    served = web.respond(few, "/ask", {"subject": ["baclofen"], "class": ["opiate"]}).body.decode()
    assert words((site / "ask/baclofen_opiate.html").read_text("utf-8")) == words(served).strip()


def test_what_is_there_already_is_left_alone(tmp_path: Path, few: Graph) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    for place in (mine, mine / "thesis.txt"):
        with pytest.raises(BadInput, match="is no site that `pharmakon site` wrote, and is left as it is"):
            written.write(place, graph=few)
    assert [p.name for p in tmp_path.rglob("*")] == ["mine", "thesis.txt"]
    assert (mine / "thesis.txt").read_text() == "years of work"


def test_a_site_that_breaks_off_leaves_the_old_one(site: Path, few: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {p: p.stat().st_mtime_ns for p in site.rglob("*") if p.is_file()}

    def fail(done: int, whole: int) -> None:
        if done == 5:
            raise OSError(28, "No space left on device")

    with pytest.raises(pharmakon.PharmakonError, match="cannot be written: No space left on device"):
        written.write(site, graph=few, told=fail)
    assert {p: p.stat().st_mtime_ns for p in site.rglob("*") if p.is_file()} == before
    assert [p.name for p in site.parent.iterdir()] == [site.name]


def test_a_new_site_takes_the_place_of_the_old_one(few: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(written, "addresses", lambda graph, drugs: [("", {}), ("drugs", {})])
    monkeypatch.setattr(written, "_index", lambda graph, where: "")
    assert written.write(tmp_path / "site", graph=few) == 2
    (tmp_path / "site" / "stray.html").write_text("old")
    assert written.write(tmp_path / "site", graph=few) == 2
    assert sorted(p.name for p in (tmp_path / "site").iterdir()) == ["drugs.html", "index.html", written.MARK, "static"]
    assert os.listdir(tmp_path) == ["site"]


def test_a_graph_that_is_too_large_for_a_site_is_refused(few: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(written, "MOST", 4)
    with pytest.raises(BadQuestion, match="a site holds up to 4 drugs, and this graph has 5: `pharmakon serve` has pages for all of them"):
        written.write(tmp_path / "site", graph=few)
    assert list(tmp_path.iterdir()) == []


def test_which_drugs_have_pages_together(graph: Graph) -> None:
    """Those that are named; else those that the claims of the article mention."""
    assert [graph.schema.label(d) for d in chosen(graph, ["Lioresal", "baclofen", "heroin"])] == ["baclofen", "heroin"]
    claims = "".join(p.read_text("utf-8") for p in (ontology() / "claims").rglob("*.ttl"))
    found = chosen(graph, [])
    assert len(found) > 5 and all(re.search(rf":(?:subject|with) :{re.escape(d.rpartition('/')[2])}\b", claims) for d in found)
    with pytest.raises(UnknownName, match='no drug is called "baklofen"'):
        chosen(graph, ["baklofen"])


def test_names_that_look_alike_have_files_of_their_own(few: Graph) -> None:
    found = files(
        few,
        [
            ("thing", {"name": "A B"}),
            ("thing", {"name": "a-b"}),
            ("thing", {"name": "..."}),
            ("thing", {"name": "../x"}),
            ("thing", {"name": "a.b"}),
        ],
    )
    assert list(found.values()) == ["thing/a-b.html", "thing/a-b.2.html", "thing/x.html", "thing/x.2.html", "thing/a-b.3.html"]


def test_the_command_says_what_it_wrote(
    few: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(written, "write", lambda folder, drugs, graph, told: 7 if list(drugs) == ["morphine"] else 0)
    assert main(["site", str(tmp_path / "s"), "--drugs", "morphine"]) == 0
    assert capsys.readouterr().out == f"wrote 7 pages to {tmp_path / 's'}: open {tmp_path / 's' / 'index.html'}\n"


# --- in a browser, from a file ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page(site: Path) -> Iterator[Any]:
    """A browser window that notes what is asked for outside the site, and what is complained of."""
    with launched() as chromium:
        opened = chromium.new_page(viewport={"width": 390, "height": 844})
        opened.strange = []
        opened.on("request", lambda r: r.url.startswith((site.as_uri(), "data:", "blob:")) or opened.strange.append(r.url))
        opened.on("console", lambda m: opened.strange.append(m.text))
        opened.on("pageerror", lambda e: opened.strange.append(str(e)))
        opened.set_default_timeout(8000)
        yield opened
        assert opened.strange == []


@in_browser
@pytest.mark.slow
def test_journeys_from_a_file(page: Any, site: Path) -> None:
    """Ask in English, go by proof to source; ask what is not written; compare; a regimen; a quiz: all without a server."""
    page.goto((site / "index.html").as_uri())
    field, found = page.locator("#q"), page.locator("#found")
    field.fill("Is Lioresal an opiate?")
    assert found.locator("li").all_inner_texts()[:4] == [
        *(f"✕ no baclofen: opiate, {s} sense" for s in ("strict", "broad", "assay")),
        "The proof",
    ]
    page.get_by_role("link", name="The proof").click()
    assert page.locator("h1").inner_text() == "Is baclofen an opiate?"
    page.locator("summary", has_text="baclofen is made wholly by synthesis").first.click()
    page.get_by_role("link", name="IUPHAR/BPS Guide to PHARMACOLOGY").first.click()
    assert page.locator("h1").inner_text() == "IUPHAR/BPS Guide to PHARMACOLOGY, 2020.5"
    page.get_by_role("link", name="Pharmakon").click()
    field.fill("are codeines opioid analgesics")
    assert found.locator("li").all_inner_texts()[:2] == [
        "● yes codeine: opioid analgesic",
        "The proof is not written in this site. It is told by pharmakon ask codeine 'opioid analgesic'",
    ]
    field.fill("loper")
    found.get_by_role("link", name="loperamide").click()
    assert page.locator("h1").inner_text() == "loperamide"
    page.get_by_role("link", name="Compare", exact=True).click()
    page.get_by_role("link", name="baclofen, morphine").click()
    assert page.locator(".lead").inner_text().startswith("Baclofen activates the GABA-B receptor; morphine does not.")
    page.get_by_role("link", name="What follows when baclofen and morphine meet?").click()
    assert page.locator(".ph-fired li").count() > 0
    page.get_by_role("link", name="Quiz").click()
    page.get_by_role("link", name="opiate, 1").click()
    page.locator("details[data-right=yes] > summary").first.click()
    page.locator(".score", has_text="1 of 1 right").wait_for()


@in_browser
@pytest.mark.slow
def test_written_pages_are_accessible(page: Any, site: Path) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed").Axe()
    found = []
    for name in ("index.html", "ask.html", "drugs.html", "thing/opioid.html", "compare/baclofen_morphine.html"):
        page.goto((site / name).as_uri())
        found += [
            (name, v["id"], v["nodes"][0]["html"][:120])
            for v in axe.run(page, options={"resultTypes": ["violations"], "preload": False}).response["violations"]
        ]
    assert found == []
