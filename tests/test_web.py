"""The pages: what they say, in which words and at which addresses; and the journeys of an educator in a real browser."""

from __future__ import annotations

import csv
import io
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from chromium import in_browser, launched
from hypothesis import given, settings
from hypothesis import strategies as st

from pharmakon import html, web
from pharmakon import names as n
from pharmakon.graph import Graph
from pharmakon.sparql import Table, shipped
from pharmakon.values import DISCLAIMER
from pharmakon.web import assets, census, things
from pharmakon.web.links import Served, Written, handle
from pharmakon.web.routes import MENU, ROUTES
from pharmakon.web.suggest import suggest

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "path", "source", "wbr"}


class Outline(HTMLParser):
    """The structure of a page: its tags, its text, its links, and what does not close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(text)
        self.close()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def handle_data(self, data: str) -> None:
        for tag in dict.fromkeys(self.open[-1:]):
            self.texts.setdefault(tag, []).append(re.sub(r"\s+", " ", data).strip())

    def all(self, tag: str, attribute: str) -> list[str]:
        return [value for name, found in self.tags if name == tag and (value := found.get(attribute)) is not None]

    def said(self, tag: str) -> list[str]:
        return [text for text in self.texts.get(tag, []) if text]


@pytest.fixture
def get(graph: Graph) -> Callable[[str], web.Reply]:
    """Ask the shipped graph for the page at an address."""

    def ask(address: str) -> web.Reply:
        parts = urlsplit(address)
        return web.respond(graph, parts.path, parse_qs(parts.query, keep_blank_values=True))

    return ask


PAGES = {
    "/": "Ask what a drug is, and get a proof",
    "/ask": "Ask",
    "/ask?subject=baclofen&class=opiate": "Is baclofen an opiate?",
    "/ask?q=are+benzodiazepines+opioids%3F": "Is every benzodiazepine an opioid?",
    "/why?a=morphine&b=baclofen&class=opiate": "Why is morphine an opiate, and baclofen not?",
    "/whatif?subject=baclofen&class=opiate": "What would change whether baclofen is an opiate?",
    "/compare?a=baclofen&b=morphine": "How do baclofen and morphine compare?",
    "/interactions": "What follows when drugs are taken together?",
    "/interactions?drug=baclofen&drug=morphine&condition=renal+impairment": "What follows when baclofen and morphine meet in renal impairment?",
    "/article": "An article, claim by claim",
    "/article?claim=1": "Claim 1: Baclofen is a muscle relaxant, and neither an opiate nor an opioid.",
    "/quiz": "Quiz",
    "/quiz?topic=opioid&seed=7&n=3": "Quiz: opioid",
    "/tags": "Tags of other classifications, held against what is derived",
    "/thing?name=Lioresal": "baclofen",
    "/thing?name=opiates": "opiate",
    "/thing?name=GABA-B+receptor": "GABA-B receptor",
    "/thing?name=src:gtopdb": "IUPHAR/BPS Guide to PHARMACOLOGY, 2020.5",
    "/drugs": "Drugs",
    "/classes": "Classes",
    "/sources": "Sources",
    "/around": "The graph around anything",
    "/around?name=baclofen": "Around baclofen",
    "/path?a=baclofen&b=morphine": "What joins baclofen and morphine?",
    "/query": "Query the graph",
}


@pytest.mark.parametrize("address", PAGES)
def test_page(get: Callable[[str], web.Reply], address: str) -> None:
    """Each page is whole, titled, says where one is and that it is no advice, and runs no script but ours."""
    reply = get(address)
    page = Outline(reply.body.decode())
    assert (reply.status, reply.media) == (200, "text/html; charset=utf-8")
    assert reply.headers == {"Content-Security-Policy": POLICY}
    assert page.said("h1") == [PAGES[address]]
    assert (page.faults, page.open) == ([], [])
    assert DISCLAIMER in page.said("p")
    assert {value for tag, found in page.tags if tag == "script" for value in [found.get("src")]} <= {
        "/static/pages.js", "/static/yasgui.min.js", "/static/query.js",
    }  # fmt: skip
    assert [
        tag for tag, found in page.tags if tag in ("style", "iframe", "object") or any(k.startswith("on") or k == "style" for k in found)
    ] == []
    assert [label for label in page.said("a") if label in dict(MENU).values()][: len(MENU)] == [label for _, label in MENU]
    ids = [value for _, found in page.tags if (value := found.get("id"))]
    assert len(ids) == len(set(ids))
    outside = {u for u in page.all("a", "href") if u.startswith("http")}
    assert outside == set() or address.startswith("/thing?name=src:")


def test_every_link_of_every_page_leads_somewhere(get: Callable[[str], web.Reply]) -> None:
    """What pages link to is a page of the routes there are, with words that it takes."""
    links = {u for address in PAGES for u in Outline(get(address).body.decode()).all("a", "href") if u.startswith("/")}
    assert {urlsplit(u).path.strip("/").removeprefix("draw/") for u in links} <= set(ROUTES)
    assert len(links) > 300
    some = sorted(links)[:: len(links) // 12]
    assert {u: get(u).status for u in some} == dict.fromkeys(some, 200)


def test_an_answer_says_the_verdict_the_proof_and_the_source(get: Callable[[str], web.Reply]) -> None:
    page = Outline(get("/ask?subject=morphine&class=opioid").body.decode())
    assert page.said("h1") == ["Is morphine an opioid?"]
    assert page.said("h3") == []
    assert next(t for t in page.said("span") if t in ("● yes", "✕ no", "◌ not known")) == "● yes"
    assert any("morphine activates the mu opioid receptor" in text for text in page.said("summary"))
    assert "/thing?name=src:gtopdb" in page.all("a", "href")
    assert "pharmakon ask morphine opioid" in page.said("code")


def test_the_drugs_of_a_large_graph_stand_by_letter(get: Callable[[str], web.Reply], monkeypatch: pytest.MonkeyPatch) -> None:
    assert "baclofen" in Outline(get("/drugs").body.decode()).said("a")
    monkeypatch.setattr(things, "_ONE_BY_ONE", 100)
    page, of_w = (Outline(get(address).body.decode()) for address in ("/drugs", "/drugs?letter=w"))
    assert page.said("p")[0] == "154 drugs."
    assert "/drugs?letter=W" in page.all("a", "href") and "baclofen" not in page.said("a")
    assert of_w.said("a")[-1] == "warfarin"
    members = Outline(get("/thing?name=opioid").body.decode())
    assert "morphine" in members.said("a") and "✕ no" not in members.said("span")


def test_sources_stand_by_kind_and_say_what_they_state_once(get: Callable[[str], web.Reply]) -> None:
    kinds = ["Pharmakon's own statement", "article", "database", "paper", "monograph", "regulatory text"]
    assert Outline(get("/sources").body.decode()).said("h2") == kinds
    page = Outline(get("/thing?name=src:chebi").body.decode())
    assert [text for text in page.said("p") if text.startswith("Database, called")] == ["Database, called"]
    items = re.findall(r"<li>(<a href.*?)</li>", get("/thing?name=src:chebi").body.decode(), re.S)
    assert len(items) == len(set(items)) > 10


def test_a_class_has_its_members_and_near_misses(get: Callable[[str], web.Reply]) -> None:
    text = get("/thing?name=opioid+analgesic").body.decode()
    page = Outline(text)
    rows = re.findall(
        r'<tr><th scope="row"><a href="([^"]+)">([^<]+)</a></th><td><span class="ph-v ph-no">✕ no</span> ([^<]+)</td></tr>', text
    )
    assert ("/thing?name=loperamide", "loperamide") not in [row[:2] for row in rows]  # it fails two
    assert all(at == f"/thing?name={label.replace(' ', '%20')}" for at, label, _ in rows)
    assert "/ask?subject=morphine&class=opioid%20analgesic" in page.all("a", "href")


def test_a_near_miss_meets_all_conditions_but_one(graph: Graph) -> None:
    from pharmakon.answers import conditions, members
    from pharmakon.web.things import near_misses

    (told,) = members("natural opioid", graph=graph)
    evaluator, parts = graph.evaluator(), conditions(graph, told.cls.iri)
    found = {thing.label for thing, _ in near_misses(graph, told)}
    one_short = {
        t.label for t in told.no if sorted(evaluator.verdict(t.iri, p) for p in parts) == sorted(["no"] + ["yes"] * (len(parts) - 1))
    }
    assert found == one_short
    assert "methadone" in found and "baclofen" not in found


def test_the_quiz_at_an_address_is_the_same_quiz(get: Callable[[str], web.Reply]) -> None:
    one, other = get("/quiz?topic=opioid&seed=7&n=4"), get("/quiz?topic=opioid&seed=7&n=4")
    assert one.body == other.body != get("/quiz?topic=opioid&seed=8&n=4").body
    rights = Outline(one.body.decode()).all("details", "data-right")
    assert rights.count("yes") == 4 and len(rights) == 16


FAULTS = {
    "/nothing": (404, "There is no such page", None),
    "/draw/nothing": (404, "There is no such picture", None),
    "/draw/quiz?topic=opioid": (404, "There is no such picture", None),
    "/thing?name=baklofen": (404, "Nothing is called “baklofen”", "/thing?name=baclofen"),
    "/ask?subject=baklofen&class=opiate": (404, "Nothing is called “baklofen”", "/ask?subject=baclofen&class=opiate"),
    "/interactions?drug=morphine&drug=baklofen": (404, "Nothing is called “baklofen”", "/interactions?drug=morphine&drug=baclofen"),
    "/ask?q=hello": (400, "This cannot be answered", None),
    "/ask?subject=baclofen&class=opiate&without=nobody": (404, "Nothing is called “nobody”", None),
    "/compare?a=baclofen&b=Lioresal": (400, "This cannot be answered", None),
    "/article?claim=0": (400, "This cannot be answered", None),
    "/article?claim=²": (400, "This cannot be answered", None),
    "/quiz?topic=opioid&n=1000": (400, "This cannot be answered", None),
    "/quiz?topic=opioid&seed=x": (400, "This cannot be answered", None),
    "/around?name=baclofen&hops=9": (400, "This cannot be answered", None),
    "/query?query=SELECT": (400, "This cannot be answered", None),
    "/query?query=INSERT+DATA+%7B%7D": (400, "This cannot be answered", None),
    "/query?query=ASK+%7BSERVICE+%3Chttp%3A%2F%2F127.0.0.1%2F%3E+%7B%7D%7D": (400, "This cannot be answered", None),
    "/query?query=ASK+%7B%7D&format=xml": (400, "This cannot be answered", None),
    "/query?example=nothing": (400, "This cannot be answered", None),
    "/interactions?" + "&".join(f"drug=d{i}" for i in range(9)): (400, "This cannot be answered", None),
}


@pytest.mark.parametrize("address", FAULTS)
def test_what_is_at_fault_is_a_page_too(get: Callable[[str], web.Reply], address: str) -> None:
    status, title, instead = FAULTS[address]
    reply = get(address)
    page = Outline(reply.body.decode())
    assert (reply.status, page.said("h1")) == (status, [title])
    assert (page.faults, page.open) == ([], [])
    assert instead is None or instead in page.all("a", "href")


def test_a_page_asks_no_other_server(get: Callable[[str], web.Reply]) -> None:
    from urllib.parse import quote

    with socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(0.2)
        query = f"SELECT * {{ SERVICE SILENT <http://127.0.0.1:{other.getsockname()[1]}/> {{ ?s ?p ?o }} }}"
        assert "SERVICE would ask another server" in get(f"/query?query={quote(query)}").body.decode()
        with pytest.raises(TimeoutError):
            other.accept()


@pytest.mark.parametrize(
    "address",
    [
        "/thing?name={}", "/ask?q={}", "/ask?q=is+{}+an+opiate", "/ask?subject={}&class={}", "/why?a={}&b={}&class={}", "/compare?a={}", "/compare?a={}&b={}",
        "/interactions?drug={}", "/interactions?drug=baclofen&condition={}", "/article?name={}", "/article?claim={}", "/quiz?topic={}", "/quiz?seed={}&topic=",
        "/around?name={}", "/path?a={}&b=", "/query?query={}", "/query?example={}", "/query?query=SELECT+%28%22{}%22+AS+%3Fx%29+%7B%7D", "/{}", "/draw/{}",
    ],
)  # fmt: skip
def test_hostile_names_are_inert(get: Callable[[str], web.Reply], address: str) -> None:
    """Nothing that is typed becomes a tag, a script or an attribute, wherever it is shown again."""
    from urllib.parse import quote

    reply = get(address.replace("{}", quote(HOSTILE.replace('"', '\\"' if "SELECT" in address else '"'))))
    page = Outline(reply.body.decode())
    assert (page.faults, page.open) == ([], [])
    assert "img" not in dict(page.tags)
    assert not {src for src in page.all("script", "src")} - {"/static/pages.js", "/static/yasgui.min.js", "/static/query.js"}
    assert sum(tag == "script" for tag, _ in page.tags) == len(page.all("script", "src"))
    assert [found for _, found in page.tags if any(k.startswith("on") for k in found)] == []


def test_a_hostile_drug_is_inert_on_its_page(grown: Callable[[str], Graph]) -> None:
    name = json.dumps(HOSTILE)
    grown_graph = grown(f":evil a :Drug ; rdfs:label {name}@en ; skos:definition {name}@en ; skos:altLabel {name}@en .\n")
    for path, query in (("/thing", {"name": [":evil"]}), ("/drugs", {}), ("/ask", {"subject": [":evil"], "class": ["opioid"]})):
        reply = web.respond(grown_graph, path, query)
        page = Outline(reply.body.decode())
        assert (reply.status, page.faults, page.open) == (200, [], [])
        assert "img" not in dict(page.tags)
        assert sum(tag == "script" for tag, _ in page.tags) == len(page.all("script", "src"))


def test_addresses_that_do_not_lead_to_web_are_not_links(graph: Graph) -> None:
    """A source's own address is a link only where it is one of the web."""
    text = html.render(
        "source.html", title="t", kind="k", name="n", read_at=["javascript:alert(1)", "https://example.org/a"], licence=["data:text/html,x"],
        meanings=[], statements=[], more=0, links=Served(graph), menu=MENU, route="thing", svg="", drawn="", command="", version="", fault=False, policy="",
    )  # fmt: skip
    assert [u for u in Outline(text).all("a", "href") if not u.startswith(("/", "#"))] == ["https://example.org/a"]


# --- addresses --------------------------------------------------------------------------------------------------------


def test_a_name_in_an_address_stands_for_the_thing_alone(graph: Graph) -> None:
    from pharmakon import graph as g

    schema = graph.schema
    things = [*schema.drugs(), *schema.drug_classes, *schema.senses, n.SRC + "gtopdb", n.NS + "Drug"]
    assert [iri for iri in things if iri != n.SRC + "gtopdb" and g.thing(graph, handle(graph, iri)) != iri] == []
    assert handle(graph, n.SRC + "gtopdb") == "src:gtopdb"
    assert handle(graph, n.NS + "RenalImpairment") == ":RenalImpairment"  # other things are called so too


@given(
    st.dictionaries(st.sampled_from(["a", "b", "class", "query"]), st.text(min_size=1).map(lambda t: t.replace("\ud800", "")).filter(bool))
)
@settings(max_examples=60, deadline=None)
def test_what_is_written_into_an_address_is_read_out_of_it(words: dict[str, str]) -> None:
    from pharmakon.graph import shipped as shipped_graph

    try:
        address = Served(shipped_graph()).page("ask", **words)
    except UnicodeEncodeError:
        return  # half a character, which no address can hold
    assert {k: v for k, (v,) in parse_qs(urlsplit(address).query, keep_blank_values=True).items()} == words


def test_files_link_to_each_other_by_relative_addresses(graph: Graph) -> None:
    served = Served(graph)
    files = {"/": "index.html", "/ask?subject=a%20b&class=c": "ask/a-b_c.html", "/thing?name=baclofen": "thing/baclofen.html"}
    links = Written(served, files, "ask/a-b_c.html")
    assert links.page("") == "../index.html"
    assert links.page("ask", subject="a b", **{"class": "c"}) == "a-b_c.html"
    assert links.page("ask", subject="x", **{"class": "c"}) == ""
    assert links.thing(n.NS + "baclofen") == "../thing/baclofen.html"
    assert links.static("pages.css") == "../static/pages.css"
    assert links.written("ask") == [("a b, c", "a-b_c.html")]


# --- suggestions, queries, files --------------------------------------------------------------------------------------


def test_suggestions(graph: Graph, get: Callable[[str], web.Reply]) -> None:
    def told(typed: str, kind: str = "thing") -> list[str]:
        return [s.text for s in suggest(graph, typed, kind)]

    assert told("baclo") == ["baclofen"]
    assert told("Lior") == ["baclofen"]
    assert told("is baclo") == ["Is baclofen "]
    assert told("is baclofen a central mus") == ["Is baclofen a central muscle relaxant?"]
    assert "Are benzodiazepines opioids?" in told("are benzodiazepines op")
    assert told("baklofen")[0] == "baclofen"
    assert told("opioi", "drug") == [] or all(s.kind == "drug" for s in suggest(graph, "opioi", "drug"))
    assert told("   ") == told("") == told(HOSTILE, "drug") == []
    reply = get("/suggest?q=Lior")
    assert (reply.status, reply.media) == (200, "application/json")
    assert json.loads(reply.body) == [{"text": "baclofen", "kind": "drug"}]


QUERY = "PREFIX : <https://w3id.org/pharmakon/> SELECT ?drug WHERE { ?drug :agonistOf :GABA-B } ORDER BY ?drug"


def test_the_rows_of_a_query_as_a_page_and_to_take_away(get: Callable[[str], web.Reply], graph: Graph) -> None:
    from urllib.parse import quote

    text = get(f"/query?query={quote(QUERY)}").body.decode()
    page = Outline(text)
    drugs = ["baclofen", "GABA", "phenibut", "sodium oxybate"]
    assert page.said("td") == []
    assert re.findall(r'<td><a href="/thing\?name=([^"]+)">', text) == ["baclofen", "GABA", "phenibut", "sodium%20oxybate"]
    assert page.said("h2")[0] == "4 rows"
    taken = {form: get(f"/query?query={quote(QUERY)}&format={form}") for form in ("csv", "tsv", "json")}
    assert [r.headers["Content-Disposition"] for r in taken.values()] == [f'attachment; filename="pharmakon.{f}"' for f in taken]
    rows = list(csv.reader(io.StringIO(taken["csv"].body.decode())))
    assert rows[0] == ["drug"] and {graph.schema.label(iri) for (iri,) in rows[1:]} == set(drugs)
    assert [b["drug"]["value"] for b in json.loads(taken["json"].body)["results"]["bindings"]] == [iri for (iri,) in rows[1:]]
    assert taken["tsv"].body.decode().splitlines()[1:] == [f"<{iri}>" for (iri,) in rows[1:]]


def test_the_questions_that_ship_can_be_opened_by_their_summaries(get: Callable[[str], web.Reply]) -> None:
    page = Outline(get("/query").body.decode())
    at = [u for u in page.all("a", "href") if u.startswith("/query?example=")]
    assert sorted(parse_qs(urlsplit(u).query)["example"][0] for u in at) == sorted(name for name, _ in shipped())
    opened = Outline(get("/query?example=competency/09-receptors-of-the-opiates").body.decode())
    assert opened.said("textarea")[0].startswith("#+ summary: At which receptors do the opiates act, and how?")


def test_what_the_editor_completes_is_of_this_graph(get: Callable[[str], web.Reply]) -> None:
    terms = json.loads(get("/terms").body)
    assert terms["prefixes"] == n.PREFIXES
    assert n.NS + "Drug" in terms["classes"] and n.NS + "agonistOf" in terms["properties"]
    assert [c for c in terms["classes"] if not c.startswith(n.NS)] == []


def test_styles_and_scripts() -> None:
    assert {name: (web.static(name) or ("", b""))[0] for name in ("pages.css", "words.css", "pictures.css", "pages.js")} == {
        "pages.css": "text/css; charset=utf-8",
        "words.css": "text/css; charset=utf-8",
        "pictures.css": "text/css; charset=utf-8",
        "pages.js": "text/javascript; charset=utf-8",
    }
    assert [web.static(name) for name in ("", "..", "../assets.py", "/etc/passwd", "pages.css/", "nothing.css")] == [None] * 6


def test_without_the_editor_the_form_remains(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PHARMAKON_HOME", str(tmp_path))
    monkeypatch.setattr(assets.shutil, "which", lambda *_, **__: None)
    assets.editor_files.cache_clear()
    try:
        assert web.static("yasgui.min.js") is None
    finally:
        assets.editor_files.cache_clear()


# --- pieces -----------------------------------------------------------------------------------------------------------


def test_every_value_is_told_in_words_for_a_notebook(graph: Graph) -> None:
    """Each piece is whole, holds no script and no link, and says what the text says."""
    import pharmakon as ph

    audit = census.audited(graph)
    assert audit is not None
    answer = ph.ask("baclofen", "opiate", graph=graph)
    values = {
        answer: "Is baclofen an opiate?",
        ph.why("morphine", "baclofen", "opiate", graph=graph): "Why is morphine an opiate, and baclofen not?",
        ph.whatif("baclofen", "opiate", graph=graph): "To unsettle it, withdraw one of:",
        ph.members("opiate", graph=graph)[0]: "codeine",
        ph.compare("baclofen", "morphine", graph=graph): "Nearest common class",
        ph.interactions("baclofen", "ibuprofen", graph=graph): "✕ no",
        ph.show("baclofen", graph=graph): "A chlorophenyl analogue of GABA",
        ph.quiz("opioid", n=2, seed=7, graph=graph): "seed 7",
        audit.claims[0]: "Baclofen is a muscle relaxant",
        answer.answers[0].reasons[0]: "✕ no",
        Table.of(["x"], [["<b>"]]): "&lt;b&gt;",
    }
    for value, words in values.items():
        text = value._repr_html_()
        page = Outline(text)
        assert words in text, type(value)
        assert (page.faults, page.open, page.all("a", "href")) == ([], [], []), type(value)
        assert not {"script", "link", "img"} & dict(page.tags).keys()


# --- in a browser -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    with launched() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def server(graph: Graph) -> Iterator[str]:
    """The address of a server of the shipped graph."""
    command = [sys.executable, "-m", "pharmakon", "serve", "--port", "0", "--workers", "1"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        address = next(json.loads(line)["address"] for line in process.stderr if '"listening"' in line)
        yield address.rstrip("/")
        process.send_signal(signal.SIGTERM)
        process.stderr.read()


class Visit:
    """A page in the browser, with what it asked for and complained of."""

    def __init__(self, browser: Any, origin: str, **context: Any) -> None:
        self.origin = origin
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **context})
        self.page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.strange: list[str] = []
        self.page.on("request", lambda r: r.url.startswith((origin, "data:", "blob:")) or self.strange.append(r.url))
        self.page.on("console", lambda m: self.strange.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda e: self.strange.append(str(e)))

    def to(self, address: str) -> Any:
        self.page.goto(self.origin + address)
        return self.page

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, kind: Any, *_: object) -> None:
        self.context.close()
        assert kind or self.strange == []


@in_browser
@pytest.mark.slow
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_journey_from_a_question_to_its_source(browser: Any, server: str, script: bool) -> None:
    """Ask in English, read the proof, open a statement, go to the source, and from there to where it can be read."""
    with Visit(browser, server, java_script_enabled=script) as visit:
        page = visit.to("/")
        page.get_by_label("A question in English").fill("is baclofen an opiate")
        page.get_by_role("button", name="Ask").click()
        assert page.locator("h1").inner_text() == "Is baclofen an opiate?"
        assert page.url == f"{server}/ask?q=is+baclofen+an+opiate"
        assert [t.split() for t in page.locator(".verdicts li").all_inner_texts()] == [
            ["✕", "no", "opiate,", s, "sense"] for s in ("strict", "broad", "assay")
        ]
        assert page.locator(".picture svg").count() == 1
        page.locator("summary", has_text="baclofen is made wholly by synthesis").first.click()
        page.get_by_role("link", name="IUPHAR/BPS Guide to PHARMACOLOGY").first.click()
        assert page.locator("h1").inner_text() == "IUPHAR/BPS Guide to PHARMACOLOGY, 2020.5"
        assert (
            page.get_by_role("link", name="https://www.guidetopharmacology.org").get_attribute("href")
            == "https://www.guidetopharmacology.org"
        )


@in_browser
@pytest.mark.slow
def test_journey_by_keyboard_alone_with_suggestions(browser: Any, server: str) -> None:
    """Skip to the content, type, take a suggestion, send, and fold a proof, without a mouse."""
    with Visit(browser, server) as visit:
        page = visit.to("/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Go to the content"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "q"
        page.keyboard.type("is baclofen a central mus")
        page.wait_for_selector("datalist#q-names option[value^='Is baclofen a central']", state="attached")
        assert page.eval_on_selector_all("datalist#q-names option", "os => os.map(o => o.value)") == [
            "Is baclofen a central muscle relaxant?"
        ]
        page.keyboard.type("cle relaxant")
        page.keyboard.press("Enter")
        page.wait_for_url("**/ask?q=**")
        assert page.locator("h1").inner_text() == "Is baclofen a central muscle relaxant?"
        page.locator("summary").first.focus()
        before = page.evaluate("document.activeElement.parentNode.open")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.parentNode.open") is not before
        assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"


@in_browser
@pytest.mark.slow
@pytest.mark.parametrize("address", ["/", "/ask", "/compare", "/interactions", "/quiz?topic=opioid&seed=7&n=1", "/around", "/query"])
def test_everything_on_a_page_is_reached_by_the_keyboard(browser: Any, server: str, address: str) -> None:
    """Tab visits every control once, in the order of the page, each with a mark of where one is, and none holds one fast."""
    with Visit(browser, server) as visit:
        page = visit.to(address)
        if address == "/query" and assets.editor_files():
            page.wait_for_selector("form.ready .CodeMirror")
        controls = "a[href], button, input, select, textarea, summary, [tabindex='0']"
        wanted = page.evaluate(f"""[...document.querySelectorAll("{controls}")].filter((e) => e.checkVisibility()
            && !e.closest("details:not([open]) > :not(summary)")).map((e, i) => (e.dataset.stop = i, i))""")
        seen = []
        for _ in wanted:
            page.keyboard.press("Tab")
            seen.append(page.evaluate("+document.activeElement.dataset.stop"))
            marked = "getComputedStyle(document.activeElement).outlineStyle !== 'none' || document.activeElement.closest('.CodeMirror-focused') !== null"
            assert page.evaluate(marked), page.evaluate("document.activeElement.outerHTML.slice(0, 90)")
        assert seen == wanted


@in_browser
@pytest.mark.slow
def test_journey_compare_regimen_article(browser: Any, server: str) -> None:
    with Visit(browser, server) as visit:
        page = visit.to("/compare")
        page.get_by_label("The one").fill("baclofen")
        page.get_by_label("The other").fill("morphine")
        page.get_by_role("button", name="Compare").click()
        assert page.locator(".lead").inner_text().startswith("Baclofen activates the GABA-B receptor; morphine does not.")
        page.get_by_role("link", name="What follows when baclofen and morphine meet?").click()
        assert (
            page.locator(".ph-fired li").first.inner_text() == "life-threatening · baclofen and morphine: additive depression of breathing"
        )
        page.get_by_label("Drug 3").fill("ethanol")
        page.get_by_label("Circumstance").select_option("renal impairment")
        page.get_by_role("button", name="What follows?").click()
        assert page.locator("h1").inner_text() == "What follows when baclofen and morphine and ethanol meet in renal impairment?"
        headings = page.locator("h2").all_inner_texts()
        assert "Refused" in headings and "Concerned by renal impairment" in headings
        page.get_by_role("link", name="Article").click()
        assert page.locator(".claims > li").count() == 70
        page.get_by_role("link", name="the proof of claim 2", exact=True).click()
        assert page.locator("h1").inner_text().startswith("Claim 2: Baclofen acts on GABA receptors")
        page.get_by_role("link", name="Claim 2 in the article").click()
        assert page.url.endswith("/article#claim-2")


@in_browser
@pytest.mark.slow
def test_journey_quiz(browser: Any, server: str) -> None:
    with Visit(browser, server) as visit:
        page = visit.to("/quiz")
        page.get_by_label("Topic").fill("opioid")
        page.get_by_label("Questions").fill("2")
        page.get_by_label("Seed").fill("7")
        page.get_by_role("button", name="Make the quiz").click()
        assert page.url == f"{server}/quiz?topic=opioid&n=2&seed=7"
        page.locator(".ph-question").nth(0).locator("details[data-right=yes] > summary").click()
        page.locator(".score", has_text="1 of 1 right, 1 to go").wait_for()
        page.locator(".ph-question").nth(0).locator("details[data-right=no] > summary").first.click()
        page.locator(".ph-question").nth(1).locator("details[data-right=no] > summary").first.click()
        page.locator(".score", has_text="1 of 2 right: that was the last").wait_for()


@in_browser
@pytest.mark.slow
def test_journey_query(browser: Any, server: str) -> None:
    """Open an example, complete a term, run it by the keyboard, see the rows and their picture, and leave the editor by Tab."""
    if assets.editor_files() is None:
        pytest.skip("the package oxigraph, which carries the editor, is not installed")
    with Visit(browser, server, accept_downloads=True) as visit:
        page = visit.to("/query")
        page.locator("summary", has_text="mechanism").first.click()
        page.get_by_role("link", name="At which receptors do the opiates act, and how?").click()
        page.wait_for_selector("form.ready .CodeMirror")
        assert page.locator(".lead").inner_text() == "At which receptors do the opiates act, and how?"
        editor = "document.querySelector('.CodeMirror').CodeMirror"
        page.evaluate(f"{editor}.setValue('PREFIX : <https://w3id.org/pharmakon/>\\nSELECT ?drug ?target WHERE {{ ?drug :agonistO')")
        page.evaluate(f"{editor}.focus(), {editor}.setCursor({{line: 1, ch: 999}})")
        page.keyboard.press("Control+Space")
        page.wait_for_selector(".CodeMirror-hints")
        assert page.locator(".CodeMirror-hint").all_inner_texts() == [":agonistOf"]
        page.keyboard.press("Enter")
        assert page.evaluate(f"{editor}.getValue()").endswith("?drug :agonistOf")
        page.evaluate(f"{editor}.setValue(`{QUERY}`)")
        page.evaluate(f"{editor}.focus()")
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**/query?query=**")
        assert page.locator("h2").first.inner_text() == "4 rows"
        assert page.locator("tbody td").all_inner_texts() == [":baclofen", ":gaba", ":phenibut", ":sodium-oxybate"]
        with page.expect_download() as taken:
            page.get_by_role("link", name="CSV").click()
        assert taken.value.suggested_filename == "pharmakon.csv"
        page.wait_for_selector("form.ready .CodeMirror")
        page.evaluate(f"{editor}.focus()")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Run"


LOOKED_AT = [
    "/", "/ask?subject=baclofen&class=opiate", "/compare?a=baclofen&b=morphine", "/interactions?drug=baclofen&drug=morphine&condition=renal+impairment",
    "/article", "/quiz?topic=opioid&seed=7&n=3", "/thing?name=baclofen", "/thing?name=opiate", "/thing?name=src:gtopdb",
    "/around?name=GABA-B+receptor", "/query?query=" + QUERY.replace(" ", "+").replace("?", "%3F"),
]  # fmt: skip


@in_browser
@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_and_fits_a_phone(browser: Any, server: str, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed").Axe()
    wanted: dict[str, Any] = {"resultTypes": ["violations"]} | ({"runOnly": ["color-contrast"]} if scheme == "dark" else {})
    found, wide = [], []
    with Visit(browser, server, color_scheme=scheme, viewport={"width": 390, "height": 844}) as visit:
        for address in LOOKED_AT:
            page = visit.to(address)
            if address.startswith("/query") and assets.editor_files():
                page.wait_for_selector("form.ready .CodeMirror")
            found += [(address, v["id"], v["nodes"][0]["html"][:120]) for v in axe.run(page, options=wanted).response["violations"]]
            wide += [address] if page.evaluate("document.documentElement.scrollWidth > innerWidth") else []
    assert (found, wide) == ([], [])


@in_browser
@pytest.mark.slow
def test_the_first_page_is_light(browser: Any, server: str) -> None:
    """Under 300 kB with all that it loads."""
    with Visit(browser, server) as visit:
        sizes: list[int] = []
        visit.page.on("response", lambda r: sizes.append(len(r.body())))
        visit.to("/").wait_for_load_state("networkidle")
    assert len(sizes) > 2 and sum(sizes) < 300_000


@in_browser
@pytest.mark.slow
def test_a_page_prints_its_words(browser: Any, server: str) -> None:
    with Visit(browser, server) as visit:
        page = visit.to("/ask?subject=baclofen&class=opiate")
        page.emulate_media(media="print")
        assert page.locator("nav").is_hidden() and page.locator(".go").is_hidden()
        assert page.locator("h1").is_visible() and page.locator("footer").is_visible()
        assert page.pdf()[:5] == b"%PDF-"
