"""The server under attack: what is sent to harm it is refused with a clear status, and the server goes on."""

from __future__ import annotations

import html
import json
import re
import socket
import subprocess
import sys
import threading
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from serving import Response, Serving, serving

from pharmakon.deep import too_deep
from pharmakon.sparql import shipped

INSERT = "INSERT DATA { <http://example.org/a> <http://example.org/b> <http://example.org/c> }"
FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
SCRIPT = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


@pytest.fixture(scope="module")
def server() -> Iterator[Serving]:
    with serving("--workers", "3", "--query-timeout", "4", "--read-timeout", "1") as running:
        yield running
        faults = [line for line in running.log if not isinstance(line, dict) or line["event"] == "fault"]
        assert faults == [], "the server was at fault, or wrote a traceback"


def triples(server: Serving) -> str:
    """Return how many triples the store has."""
    found: str = json.loads(server.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").body)["results"]["bindings"][0]["n"]["value"]
    return found


# --- nothing is written, and nothing is fetched -------------------------------------------------------------------------


def test_no_update_comes_through(server: Serving) -> None:
    before = triples(server)
    sent = [
        server.query(INSERT),
        server.ask("GET", "/sparql?" + urlencode({"update": INSERT})),
        server.ask("POST", "/sparql", urlencode({"update": INSERT}).encode(), {"Content-Type": FORM}),
        server.ask("POST", "/sparql", urlencode({"query": INSERT}).encode(), {"Content-Type": FORM}),
        server.ask("POST", "/sparql", INSERT.encode(), {"Content-Type": UPDATE}),
        server.ask("POST", "/sparql", INSERT.encode(), {"Content-Type": QUERY}),
        *(server.query(text) for text in ("CLEAR ALL", "DROP ALL", "LOAD <file:///etc/passwd>", "CREATE GRAPH <http://example.org/g>")),
    ]
    assert [answer.status for answer in sent] == [403] * 10
    assert server.query(f"SELECT * {{ ?s ?p ?o }} LIMIT 1 ; {INSERT}").status == 400
    assert [server.ask(method, "/sparql", b"x").status for method in ("PUT", "DELETE", "PATCH")] == [405] * 3
    assert triples(server) == before


def test_no_request_goes_out(server: Serving) -> None:
    """SERVICE and FROM reach neither a server that listens here nor a file, whether or not failure is to be silent."""
    asked: list[str] = []

    class Trap(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_POST = do_GET

    with HTTPServer(("127.0.0.1", 0), Trap) as trap:
        threading.Thread(target=trap.serve_forever, daemon=True).start()
        here = f"http://127.0.0.1:{trap.server_port}/sparql"
        for place in (here, "file:///etc/passwd"):
            for text in (
                f"SELECT * {{ SERVICE <{place}> {{ ?s ?p ?o }} }}",
                f"SELECT * {{ SERVICE SILENT <{place}> {{ ?s ?p ?o }} }}",
                f"SELECT * {{ BIND(<{place}> AS ?e) SERVICE ?e {{ ?s ?p ?o }} }}",
                f"ASK {{ FILTER EXISTS {{ SERVICE <{place}> {{ ?s ?p ?o }} }} }}",
            ):
                assert server.query(text).status == 403, text
            assert json.loads(server.query(f"SELECT * FROM <{place}> {{ ?s ?p ?o }}").body)["results"]["bindings"] == []
        trap.shutdown()
    assert asked == []


@pytest.mark.parametrize(
    "path",
    [
        "/static/../../../../../../etc/passwd",
        "/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/static/..%2f..%2fcli.py",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/..\\..\\cli.py",
        "/static/pages.css/../../../cli.py",
        "/static/pages.css%00",
        "/static/",
        "/../../../../etc/passwd",
        "/draw/../../etc/passwd",
        "/api/query?name=../../../../etc/passwd",
        "/api/query?name=" + quote(str(Path(__file__)), safe=""),
        "//example.org/",
        "/%ff%fe",
        "/%00",
        "/%0d%0aSet-Cookie:%20a=b",
    ],
)
def test_no_path_leads_out(path: str, server: Serving) -> None:
    answer = server.ask("GET", path)
    assert answer.status == 404
    assert b"root:" not in answer.body and b"def main" not in answer.body
    assert "set-cookie" not in answer.headers and "location" not in answer.headers


# --- nothing of a request runs in a browser -----------------------------------------------------------------------------


def harmless(answer: Response, status: tuple[int, ...]) -> None:
    """Hold an answer against what a browser would run: no tag of ours in a page, and nothing but text elsewhere."""
    assert answer.status in status
    assert answer.headers["x-content-type-options"] == "nosniff"
    if answer.media == "text/html":
        assert "<script>alert" not in answer.text and "<img src=x" not in answer.text
        assert not re.search(r"""\s(?:href|src|action)=["']?\s*(?:javascript|data:text)""", answer.text, re.I)
        policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["content-security-policy"].split(";"))
        assert "'unsafe-inline'" not in policy.get("script-src", policy["default-src"])
    else:
        assert answer.media in ("application/json", "text/plain", "application/sparql-results+json")


@pytest.mark.parametrize(
    "word", [SCRIPT, "<script>alert(1)</script>", "javascript:alert(1)", "{{ 7 * 191 }}", "a\r\nSet-Cookie: a=b", "http://a b", "CHEBI:<>"]
)
@pytest.mark.parametrize(
    "route",
    [
        "ask?question={}", "ask?drug={}&class=opiate", "ask?drug=baclofen&class={}", "ask?drug=baclofen&class=opiate&without={}",
        "why?drug_a={}&drug_b=baclofen&class=opiate", "whatif?drug={}&class=opiate", "compare?a={}&b=baclofen", "interactions?drug=baclofen&drug={}",
        "interactions?drug=baclofen&drug=morphine&condition={}", "quiz?topic={}&n=1", "thing?name={}", "around?thing={}", "path?a=baclofen&b={}",
        "draw/ask?drug={}&class=opiate", "query?query={}", "suggest?q={}&kind=drug", "{}", "draw/{}", "api/show?thing={}", "api/query?name={}", "api/{}",
    ],
)  # fmt: skip
def test_no_word_of_a_stranger_runs_in_a_browser(route: str, word: str, server: Serving) -> None:
    answer = server.ask("GET", "/" + route.format(quote(word, safe="")))
    harmless(answer, (200, 400, 404, 422))
    assert "1337" not in answer.text
    assert "set-cookie" not in answer.headers


def test_a_hostile_word_is_shown_as_it_was_written(server: Serving) -> None:
    page = server.ask("GET", "/thing?" + urlencode({"name": SCRIPT}))
    assert page.status == 404
    assert html.escape(SCRIPT) in page.text.replace("&#34;", "&quot;")
    error = server.ask("GET", "/api/show?" + urlencode({"thing": SCRIPT}))
    assert error.status == 404 and b"<" not in error.body and SCRIPT in json.loads(error.body)["error"]["message"]


def test_a_query_that_answers_with_html_answers_with_data(server: Serving) -> None:
    text = f"SELECT ?x {{ BIND('{SCRIPT}' AS ?x) }}"
    for accept in ("", "text/html", "text/csv", "*/*", "text/html;q=1, application/sparql-results+json;q=0.1"):
        answer = server.query(text, accept)
        assert answer.status in (200, 406)
        assert answer.media != "text/html" and answer.headers["x-content-type-options"] == "nosniff"


# --- nothing falls over -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/ask?" + "&".join(f"a{i}=1" for i in range(1000)), (400, 422)),
        ("/api/ask?" + "&".join(f"a{i}=1" for i in range(1000)), (422,)),
        ("/sparql?" + "&".join(f"a{i}=1" for i in range(1000)), (400,)),
        ("/ask?question=is+" + "a+" * 5000, (200, 400)),
        ("/ask?question=is+" + quote("é" * 2000), (200, 400)),
        ("/interactions?" + "&".join(f"drug=d{i}" for i in range(150)), (400, 404)),
        ("/quiz?topic=opioid&n=" + "9" * 5000, (400,)),
        ("/around?thing=baclofen&steps=99999", (200, 400)),
        ("/thing?name=%ff%fe%00", (400, 404)),
        ("/ask?drug=%F0%9F%92%8A&class=opiate", (200, 404)),
        ("/sparql?query=%ff", (400,)),
        ("/api/quiz?n=1e99", (422,)),
        ("/api/quiz?seed=-", (422,)),
        ("/api/list?what", (422,)),
        ("/api/list?&&&=&=;", (422,)),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else None,
)
def test_what_is_malformed_is_answered(path: str, status: tuple[int, ...], server: Serving) -> None:
    assert server.ask("GET", path).status in status


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
)  # fmt: skip
def test_what_is_no_http_is_refused(data: bytes, server: Serving) -> None:
    answer = server.raw(data, timeout=8)
    assert re.match(rb"HTTP/1\.1 4\d\d ", answer), answer[:80]


@pytest.mark.parametrize(
    "data",
    [
        b"GET /ask?question=" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"".join(b"X%d: a\r\n" % i for i in range(20_000)) + b"\r\n",
    ],
    ids=["address", "header", "headers"],
)
def test_a_head_that_is_too_large_is_refused(data: bytes, server: Serving) -> None:
    answer = server.raw(data, timeout=8)
    assert re.match(rb"HTTP/1\.1 4\d\d ", answer), answer[:80]


def test_a_request_that_is_too_large_is_refused(server: Serving) -> None:
    begun = time.perf_counter()
    answer = server.ask("POST", "/sparql", b"SELECT * {} #" + b"x" * 50_000_000, {"Content-Type": QUERY})
    assert (answer.status, time.perf_counter() - begun < 10) == (413, True)
    assert server.ask("POST", "/api/ask", b"x" * 50_000_000).status in (405, 413)


def test_who_is_slow_is_cut_off_while_others_are_answered(server: Serving) -> None:
    slow = [
        b"GET /health HTTP/1.1\r\nHo",
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\nContent-Length: 99\r\n\r\nSEL",
    ]
    begun, links = time.perf_counter(), []
    for data in slow * 10:
        links.append(socket.create_connection(("127.0.0.1", server.port), 10))
        links[-1].sendall(data)
    assert server.ask("GET", "/api/list").status == 200
    assert [link.recv(1 << 12)[:12] for link in links] == [b"HTTP/1.1 408"] * 20
    assert time.perf_counter() - begun < 8
    for link in links:
        link.close()


@pytest.mark.slow
def test_a_runaway_ends_and_others_go_on(server: Serving) -> None:
    """Time, memory and size: each ends with its status, and the calls beside it are answered."""
    runaways = {
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }": (504,),
        "SELECT ?z { BIND('aaaaaaaaaaaaaaaa' AS ?x0) " + " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(40)) + " BIND(?x40 AS ?z) }": (503, 504),
    }  # fmt: skip
    for text, status in runaways.items():
        found: list[int] = []
        begun = time.perf_counter()
        other = threading.Thread(target=lambda text=text, found=found: found.append(server.query(text).status))  # type: ignore[misc]
        other.start()
        time.sleep(0.2)
        assert server.ask("GET", "/api/ask?drug=baclofen&class=opiate").status == 200
        other.join()
        assert found[0] in status
        assert time.perf_counter() - begun < 8


DEEP: dict[str, Callable[[int], str]] = {
    "braces": lambda many: "SELECT * {" + "{" * many + "}" * many + "}",
    "parentheses": lambda many: "SELECT (" + "(" * many + "1" + ")" * many + " AS ?x) {}",
    "nots": lambda many: "SELECT ?x { BIND(" + "!" * many + "true AS ?x) }",
    "sums": lambda many: "SELECT ?x { BIND(1" + " + 1" * many + " AS ?x) }",
    "unions": lambda many: "SELECT * { {} " + " UNION {} " * many + "}",
    "optionals": lambda many: "SELECT * { " + "OPTIONAL { ?a ?b ?c } " * many + "}",
    "subqueries": lambda many: "SELECT * { " + "{ SELECT * { " * many + "} }" * many + " }",
    "columns": lambda many: "SELECT " + " ".join(f"(1 AS ?x{i})" for i in range(many)) + " {}",
    "objects": lambda many: "SELECT * { FILTER(EXISTS { ?a ?b 1" + ", 1" * many + " }) }",
}


def test_what_is_not_too_deep_can_be_read() -> None:
    """The deepest query of each form that is let through does not overflow the parser; a process of its own shows it."""
    texts = [form(bisect_left(range(9000), True, key=lambda many, form=form: too_deep(form(many))) - 1) for form in DEEP.values()]  # type: ignore[misc]
    read = "import json, sys, pyoxigraph\nfor text in json.load(sys.stdin): pyoxigraph.Store().query(text)"
    subprocess.run([sys.executable, "-c", read], input=json.dumps(texts), text=True, check=True, timeout=60)
    assert not too_deep(
        "SELECT * { VALUES (?a ?b) { " + "(1 <http://example.org/a-b/c>) " * 20_000 + "} FILTER(?a IN (1" + ", 1" * 20_000 + ")) }"
    )
    assert [name for name, path in shipped() if too_deep(path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * {" + "{" * 20_000 + "}" * 20_000 + "}",
        "SELECT (" + "(" * 50_000 + "1" + ")" * 50_000 + " AS ?x) {}",
        "SELECT * { {} " + " UNION {} " * 30_000 + "}",
        "SELECT * { ?s " + "/".join(["<http://example.org/p>"] * 20_000) + " ?o }",
        "SELECT ?x { BIND(" + "!" * 50_000 + "true AS ?x) }",
    ],
    ids=["braces", "parentheses", "unions", "path", "nots"],
)
def test_a_query_that_would_overflow_is_refused_and_costs_no_worker(text: str, server: Serving) -> None:
    died = server.measure("died_total")
    answer = server.ask("POST", "/sparql", text.encode(), {"Content-Type": QUERY})
    assert (answer.status, server.measure("died_total") - died) == (400, 0)


def test_the_server_is_as_it_was(server: Serving) -> None:
    """After all of the above: the answers are those of before, and no fault was logged."""
    until = time.perf_counter() + 20
    while server.ask("GET", "/health").status != 200 and time.perf_counter() < until:
        time.sleep(0.1)
    answer = server.ask("GET", "/api/ask?drug=baclofen&class=opiate")
    assert [one["verdict"] for one in json.loads(answer.body)["answers"]] == ["no", "no", "no"]
