"""The server: what it answers, what it refuses, what it survives, and how it ends."""

from __future__ import annotations

import asyncio
import http.client
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from serving import Serving, living, serving
from SPARQLWrapper import CSV, JSON, TURTLE, XML, SPARQLWrapper

from pharmakon import names as n
from pharmakon.errors import BadQuery, BadQuestion
from pharmakon.graph import Graph
from pharmakon.rdf import DefaultGraph, NamedNode, RdfFormat, Store, parse
from pharmakon.serve import formats, frames
from pharmakon.serve.answering import Unanswered
from pharmakon.serve.pool import Pool
from pharmakon.serve.queries import Guarded, refusal
from pharmakon.serve.settings import Settings

BUDGET, READ, MEMORY = 2.0, 1.5, 200
NS = "https://w3id.org/pharmakon/"
LABEL = "SELECT ?label { <https://w3id.org/pharmakon/baclofen> <http://www.w3.org/2000/01/rdf-schema#label> ?label }"
VALUES = " ".join(f"VALUES ?x{i} {{ {' '.join(map(str, range(50)))} }}" for i in range(8))
ENDLESS = f"SELECT (COUNT(*) AS ?n) {{ {VALUES} FILTER(?x0 != ?x7) }}"
STREAM = f"SELECT ?x0 ?x7 {{ {VALUES} }}"
HUNGRY = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?a ?f"
ONE = "CONSTRUCT { <urn:a> <urn:b> 1 } {}"


@pytest.fixture(scope="module")
def server() -> Iterator[Serving]:
    """One server for most tests, with small limits."""
    limits = ("--query-timeout", str(BUDGET), "--read-timeout", str(READ), "--memory", str(MEMORY), "--workers", "2")
    with serving(*limits) as running:
        yield running


# --- formats ----------------------------------------------------------------------------------------------------------

JSON_TABLE = '{"head":{"vars":["label"]},"results":{"bindings":[{"label":{"type":"literal","value":"baclofen","xml:lang":"en"}}]}}'
XML_TABLE = (
    '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="label"/></head><results><result>'
    '<binding name="label"><literal xml:lang="en">baclofen</literal></binding></result></results></sparql>'
)


@pytest.mark.parametrize(
    ("accept", "media", "body"),
    [
        ("", "application/sparql-results+json", JSON_TABLE),
        ("*/*", "application/sparql-results+json", JSON_TABLE),
        ("application/json", "application/json", JSON_TABLE),
        ("application/sparql-results+xml", "application/sparql-results+xml", XML_TABLE),
        ("text/csv", "text/csv", "label\r\nbaclofen\r\n"),
        ("text/tab-separated-values", "text/tab-separated-values", '?label\n"baclofen"@en\n'),
        ("text/csv;q=0.3, text/tab-separated-values;q=0.4, image/png", "text/tab-separated-values", '?label\n"baclofen"@en\n'),
        ("text/*", "text/csv", "label\r\nbaclofen\r\n"),
        ("*/*;q=0.1, text/csv;q=0.2", "text/csv", "label\r\nbaclofen\r\n"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/sparql-results+json", JSON_TABLE),
        ("application/sparql-results+json;q=0, */*;q=0.5", "application/sparql-results+xml", XML_TABLE),
    ],
)
def test_a_table_in_the_format_that_is_liked_best(accept: str, media: str, body: str, server: Serving) -> None:
    answer = server.query(LABEL, accept)
    assert (answer.status, answer.media, answer.text) == (200, media, body)


@pytest.mark.parametrize(
    ("accept", "media", "form"),
    [
        ("", "text/turtle", RdfFormat.TURTLE),
        ("application/n-triples", "application/n-triples", RdfFormat.N_TRIPLES),
        ("application/rdf+xml", "application/rdf+xml", RdfFormat.RDF_XML),
        ("application/ld+json", "application/ld+json", RdfFormat.JSON_LD),
        ("application/rdf+xml;q=0.5,text/turtle;q=0.6", "text/turtle", RdfFormat.TURTLE),
    ],
)
def test_a_graph_in_the_format_that_is_liked_best(accept: str, media: str, form: RdfFormat, server: Serving) -> None:
    answer = server.query(ONE, accept)
    assert (answer.status, answer.media) == (200, media)
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    assert [str(quad.triple) for quad in parse(answer.body, format=form)] == [f'<urn:a> <urn:b> "1"^^<{integer}>']


def test_what_cannot_be_written_is_not_acceptable(server: Serving) -> None:
    tables, graphs = server.query(LABEL, "image/png"), server.query(ONE, "text/csv")
    assert (tables.status, graphs.status) == (406, 406)
    assert tables.text.startswith("none of the accepted media types fits: there are application/sparql-results+json, ")
    assert graphs.text.startswith("none of the accepted media types fits: there are text/turtle, ")


MEDIA = st.sampled_from([media for media, _ in formats.TABLES] + ["*/*", "text/*", "application/*", "image/png"])


@given(st.lists(st.tuples(MEDIA, st.integers(0, 1000)), min_size=1, max_size=6, unique_by=lambda pair: pair[0]))
def test_no_format_is_liked_better_than_the_chosen(wanted: list[tuple[str, int]]) -> None:
    """Held against the rule of HTTP as a table: the most exact range that fits a type tells how it is liked."""
    told = dict(wanted)

    def liking(media: str) -> int:
        return next((told[r] for r in (media, media.partition("/")[0] + "/*", "*/*") if r in told), 0)

    found = formats.chosen(",".join(f"{media};q={q / 1000:.3f}" for media, q in wanted), formats.TABLES)
    best = max(liking(media) for media, _ in formats.TABLES)
    assert (found is None) == (best == 0)
    assert found is None or liking(found[0]) == best


@given(st.lists(st.tuples(st.sampled_from([frames.JOB, frames.CHUNK]), st.binary(max_size=40)), max_size=5), st.data())
def test_frames_arrive_as_they_were_sent_wherever_the_stream_is_cut(sent: list[tuple[int, bytes]], data: st.DataObject) -> None:
    stream = b"".join(frames.frame(*each) for each in sent)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    reader = frames.Frames()
    assert [f for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True) for f in reader.feed(stream[a:b])] == sent


# --- refusals ---------------------------------------------------------------------------------------------------------

UPDATES = [
    "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
    "PREFIX a: <urn:a>\n# a comment\nBASE <urn:b> DELETE WHERE { ?s ?p ?o }",
    "LOAD <file:///etc/passwd>",
    "load silent <http://127.0.0.1/> into graph <urn:g>",
    "CLEAR ALL",
    "DROP ALL",
    "WITH <urn:g> DELETE { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
]


@pytest.mark.parametrize("text", UPDATES)
def test_an_update_is_refused_whichever_way_it_comes(text: str, server: Serving) -> None:
    before = server.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "text/csv").text
    ways = [
        server.query(text),
        server.ask("POST", "/sparql", text.encode(), {"Content-Type": "application/sparql-query"}),
        server.ask("POST", "/sparql", text.encode(), {"Content-Type": "application/sparql-update"}),
        server.ask("POST", "/sparql", urlencode({"update": text}).encode(), {"Content-Type": "application/x-www-form-urlencoded"}),
        server.ask("POST", "/sparql?" + urlencode({"update": text}), b"ASK {}", {"Content-Type": "application/sparql-query"}),
    ]
    assert [(w.status, w.text) for w in ways] == [(403, "this server is read-only: updates are refused\n")] * 5
    assert server.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "text/csv").text == before


@pytest.mark.parametrize(
    ("method", "path", "body", "media", "status", "says"),
    [
        ("GET", "/sparql?query=ASK%20%7B", None, "", 400, "the query cannot be read: error at 1:6: "),
        ("GET", "/sparql?query=", None, "", 400, "the query cannot be read: error at 1:1: "),
        ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", None, "", 400, "2 queries are given: give one"),
        ("GET", "/sparql?default-graph-uri=urn:a", None, "", 400, "no query is given: give it as the parameter query"),
        ("GET", "/sparql?query=ASK%7B%7D&default-graph-uri=no%20iri", None, "", 400, "the dataset cannot be used: "),
        ("GET", "/sparql?query=%FF%FE", None, "", 400, "the parameters are not percent-encoded UTF-8"),
        ("GET", "/sparql?" + "a=b&" * 300, None, "", 400, "there are more than 200 parameters"),
        ("GET", "/sparql?query=" + quote("SELECT * { BIND(<urn:f>(1) AS ?x) }"), None, "", 400, "the query cannot be run: "),
        ("POST", "/sparql", b"\xff\xfe", "application/sparql-query", 400, "the query is not UTF-8"),
        ("POST", "/sparql", b"", "application/x-www-form-urlencoded", 400, "no query is given: give it as the parameter query"),
        ("POST", "/sparql", b"ASK {}", "text/plain", 415, "the body is text/plain: send application/sparql-query, or "),
        ("POST", "/sparql", b"ASK {}", "application/sparql-query; charset=UTF-16", 415, "the body is in utf-16: send UTF-8"),
        ("POST", "/sparql", b"ASK {} # " + b"x" * 2**20, "application/sparql-query", 413, "the request is larger than 1048576 bytes"),
        ("PUT", "/sparql?query=ASK%7B%7D", None, "", 405, "a query is asked with GET or POST, not with PUT"),
        ("DELETE", "/sparql", None, "", 405, "a query is asked with GET or POST, not with DELETE"),
        ("POST", "/health", b"", "", 405, "/health is asked with GET, not with POST"),
    ],
)
def test_what_is_no_query_has_its_status(
    method: str, path: str, body: bytes | None, media: str, status: int, says: str, server: Serving
) -> None:
    answer = server.ask(method, path, body, {"Content-Type": media} if media else {})
    assert (answer.status, answer.media, answer.text[: len(says)]) == (status, "text/plain", says)
    allowed = {405: "GET, HEAD, POST" if path.startswith("/sparql") else "GET, HEAD"}.get(status)
    assert answer.headers.get("allow") == allowed


def test_a_dataset_is_chosen_by_parameters(server: Serving) -> None:
    (graph,) = server.query("SELECT ?g { GRAPH ?g { <https://w3id.org/pharmakon/baclofen> ?p ?o } } LIMIT 1", "text/csv").text.split()[1:]
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    by_parameter = server.query(count, "text/csv", **{"default-graph-uri": graph}).text
    assert by_parameter == server.query(count.replace("{", f"FROM <{graph}> {{", 1), "text/csv").text
    assert server.query(count, "text/csv", **{"named-graph-uri": graph}).text == "n\r\n0\r\n"


# --- SERVICE ----------------------------------------------------------------------------------------------------------

CALLS = [
    "SELECT * { SERVICE <%s> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <%s> { ?s ?p ?o } }",
    "SELECT * { sErViCe<%s>{ ?s ?p ?o } }",
    "SELECT * { #'\n SERVICE #'\n <%s> { ?s ?p ?o } }",
    "PREFIX service: <%s> SELECT * { SERVICE service: { ?s ?p ?o } }",
    "PREFIX : <%s> SELECT * { SERVICE:{ ?s ?p ?o } }",
    'SELECT * { BIND("SERVICE" AS ?x) SERVICE <%s> { ?s ?p ?o } }',
    "SELECT * { BIND(<%s> AS ?x) SERVICE ?x { ?s ?p ?o } }",
    "SELECT * { FILTER EXISTS { SERVICE <%s> { ?s ?p ?o } } }",
    "ASK { { SELECT * { OPTIONAL { SERVICE <%s> { ?s ?p ?o } } } } }",
    "CONSTRUCT { ?s ?p ?o } { SERVICE <%s> { ?s ?p ?o } }",
    "SELECT * { FILTER(1<2)SERVICE<%s>{?s ?p ?o} }",
]


@pytest.mark.parametrize("call", CALLS)
def test_no_query_calls_another_server(call: str, server: Serving) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        for address in (f"http://127.0.0.1:{listener.getsockname()[1]}/", "file:///etc/passwd"):
            answer = server.query(call % address)
            assert answer.status == 403
            assert answer.text.startswith("this server sends no request to others: SERVICE is refused")
        with pytest.raises(TimeoutError):
            listener.accept()


def test_the_guard_is_needed() -> None:
    """Without it the store does call: what the tests above listen for is heard."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)
        query = CALLS[0] % f"http://127.0.0.1:{listener.getsockname()[1]}/"

        def call() -> None:
            with pytest.raises(OSError, match=r"onnection|reset|closed|HTTP|response"):
                list(Store().query(query))

        thread = threading.Thread(target=call)
        thread.start()
        heard, _ = listener.accept()
        assert heard.recv(100).startswith(b"POST / HTTP/1.1")
        heard.close()
        thread.join(10)


@pytest.mark.parametrize(
    "text",
    [
        'SELECT ("SERVICE <http://127.0.0.1/> {}" AS ?x) {}',
        "PREFIX service: <urn:service:> SELECT ?service { ?service service:service service:x }",
        "SELECT * {} # SERVICE <http://127.0.0.1/> {}",
        "ASK { <urn:service> a <urn:SERVICE> }",
    ],
)
def test_the_word_service_is_no_call(text: str, server: Serving) -> None:
    assert refusal(text) is None
    assert server.query(text).status == 200


def test_nothing_in_a_worker_calls_another_server(graph: Graph) -> None:
    """Pages run queries of a client too."""
    guarded = Guarded(graph.store)
    with pytest.raises(BadQuery, match="SERVICE is refused"):
        guarded.query(CALLS[0] % "http://127.0.0.1/")
    assert bool(guarded.query("ASK {}")) is True
    assert guarded.quads_for_pattern == graph.store.quads_for_pattern


# --- budgets ----------------------------------------------------------------------------------------------------------


def test_a_runaway_ends_in_time_while_others_go_on(server: Serving) -> None:
    begun, ended = time.monotonic(), {}

    def run() -> None:
        ended["answer"], ended["after"] = server.query(ENDLESS), time.monotonic() - begun

    thread = threading.Thread(target=run)
    thread.start()
    others = 0
    while thread.is_alive():
        assert server.query(LABEL, "text/csv").text == "label\r\nbaclofen\r\n"
        others += 1
    thread.join()
    assert (ended["answer"].status, ended["answer"].text) == (
        504,
        "it took longer than 2 seconds and was ended: ask for less at a time\n",
    )
    assert BUDGET <= ended["after"] <= BUDGET + 1
    assert others >= 20


def test_results_stream_and_never_look_whole_when_they_are_cut(server: Serving) -> None:
    begun = time.monotonic()
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)) as link:
        link.request("GET", "/sparql?" + urlencode({"query": STREAM}), headers={"Accept": "text/csv"})
        answer = link.getresponse()
        assert (answer.status, answer.getheader("transfer-encoding")) == (200, "chunked")
        first = answer.read(100)
        assert time.monotonic() - begun < 1.5
        assert first.startswith(b"x0,x7\r\n")
        with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
            while answer.read(1 << 16):
                pass
        answer.close()
    assert time.monotonic() - begun <= BUDGET + 1


@pytest.mark.slow
def test_a_client_that_does_not_read_holds_nothing_up(server: Serving) -> None:
    """Its worker is free when the time is over, and its connection is cut a moment later."""
    with socket.create_connection(("127.0.0.1", server.port), 5) as link:
        link.sendall(b"GET /sparql?query=" + quote(STREAM).encode() + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(1)
        deadline = time.monotonic() + BUDGET + 1
        while server.measure("workers_busy") and time.monotonic() < deadline:
            time.sleep(0.05)
        assert server.measure("workers_busy") == 0
        time.sleep(1.2)
        found = b""
        with suppress(ConnectionResetError):  # but not the time that is set to the socket: the server has closed
            while piece := link.recv(1 << 16):
                found += piece
        assert not found.endswith(b"0\r\n\r\n")


def test_a_hungry_query_ends_and_others_go_on(server: Serving) -> None:
    before = server.measure("died_total")
    answer = server.query(HUNGRY)
    assert answer.status in (503, 504)  # where the machine is busy, its time may be over first
    if answer.status == 503:
        most = f"it needed more than {MEMORY} MB of memory, or failed"
        assert answer.text == f"the process that worked on it ended: {most}; ask for less at a time\n"
        assert server.measure("died_total") == before + 1
    assert server.query(LABEL, "text/csv").status == 200


def test_a_client_that_has_gone_frees_its_worker(server: Serving) -> None:
    before = server.measure("dropped_total"), server.measure("overtime_total")
    with socket.create_connection(("127.0.0.1", server.port)) as link:
        link.sendall(b"GET /sparql?query=" + quote(ENDLESS).encode() + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.2)
    time.sleep(1.2)
    assert (server.measure("dropped_total"), server.measure("overtime_total")) == (before[0] + 1, before[1])


def test_workers_are_replaced(server: Serving) -> None:
    recovered(server)
    assert server.measure("workers_started_total") > 2


def test_more_requests_than_may_wait_are_refused() -> None:
    """One worker, one place to wait: of three jobs that never end the third is refused at once, the first for its time, the second too."""

    async def ask() -> list[tuple[int, str]]:
        pool = Pool(Settings(workers=1, waiting=1, query_timeout=0.6))
        await pool.start()
        job = ("sparql", ENDLESS, "", "urn:base:", (), ())
        try:
            found = await asyncio.gather(*(pool.call(job) for _ in range(3)), return_exceptions=True)
        finally:
            await pool.stop()
        return [(f.status, f.headers.get("Retry-After", "")) for f in found if isinstance(f, Unanswered)]

    first, second, third = asyncio.run(ask())
    assert (first, third) == ((504, ""), (503, "1"))
    assert second in ((503, "1"), (504, ""))


# --- what every answer carries, and what the server tells of itself ---------------------------------------------------


def test_base_headers(server: Serving) -> None:
    for path in ("/sparql", "/sparql?query=ASK%7B%7D", "/health", "/metrics", "/nowhere", "/api/ask", "/.well-known/void"):
        headers = server.ask("GET", path).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["cache-control"] == "no-store", path
        assert "access-control-allow-origin" not in headers, path
        assert "server" not in headers, path
    assert "default-src 'none'; script-src 'self';" in server.ask("GET", "/nowhere").headers["content-security-policy"]
    assert server.ask("OPTIONS", "/sparql", headers={"Origin": "https://example.org"}).status == 405


def test_head_has_no_body(server: Serving) -> None:
    asked = server.ask("HEAD", "/sparql?query=ASK%7B%7D")
    assert (asked.status, asked.body, asked.headers["content-length"]) == (200, b"", "26")


def test_the_endpoint_describes_itself(server: Serving) -> None:
    answer = server.ask("GET", "/sparql", headers={"Accept": "application/n-triples"})
    said = {str(q.triple) for q in parse(answer.body, format=RdfFormat.N_TRIPLES)}
    here = f"<{server.address}/sparql>"
    sd = "http://www.w3.org/ns/sparql-service-description#"
    assert answer.media == "application/n-triples"
    assert f"{here} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{sd}Service>" in said
    assert f"{here} <{sd}endpoint> {here}" in said
    assert f"{here} <{sd}supportedLanguage> <{sd}SPARQL11Query>" in said
    assert server.ask("GET", "/sparql", headers={"Accept": "text/html"}).media == "text/turtle"
    assert server.ask("GET", "/sparql", headers={"Accept": "image/png"}).status == 406


def test_the_numbers_of_the_data_are_counted(server: Serving, graph: Graph) -> None:
    answer = server.ask("GET", "/.well-known/void", headers={"Accept": "application/n-triples"})
    told = {}
    for quad in parse(answer.body, format=RdfFormat.N_TRIPLES):
        if str(quad.subject) == f"<{server.address}/.well-known/void#dataset>":
            told[quad.predicate.value.rpartition("#")[2]] = quad.object.value  # type: ignore[union-attr]
    merged = list(graph.store.quads_for_pattern(None, None, None, DefaultGraph()))
    assert int(told["triples"]) == len(merged)
    assert int(told["distinctSubjects"]) == len({q.subject for q in merged})
    assert int(told["properties"]) == len({q.predicate for q in merged})
    assert int(told["classes"]) == len({q.object for q in merged if q.predicate.value == n.TYPE and isinstance(q.object, NamedNode)})
    assert told["sparqlEndpoint"] == f"{server.address}/sparql"


def test_a_forged_host_does_not_go_into_the_description(server: Serving) -> None:
    answer = server.ask("GET", "/sparql", headers={"Host": 'x> <urn:evil> "'})
    assert answer.status == 200
    assert b"evil" not in answer.body
    assert b"<http://localhost/sparql> a sd:Service" in answer.body  # the name of the host that is meant where none is told


def test_health_and_metrics(server: Serving) -> None:
    assert (server.ask("GET", "/health").status, server.ask("GET", "/health").text) == (200, "ok\n")
    server.query("ASK {")
    text = server.ask("GET", "/metrics").text
    assert 'pharmakon_requests_total{part="sparql",status="400"}' in text
    assert 'pharmakon_request_seconds_bucket{part="sparql",le="+Inf"}' in text
    names = {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")}
    measured = {line.split("{")[0].split()[0] for line in text.splitlines() if not line.startswith("#")}
    assert measured == (names - {"pharmakon_request_seconds"}) | {
        f"pharmakon_request_seconds_{part}" for part in ("bucket", "count", "sum")
    }


def test_the_log_has_a_line_for_each_request(server: Serving) -> None:
    server.query(LABEL + "#" + "x" * 5000 + '\r\n# {"event": "forged"}')
    time.sleep(0.3)
    line = next(entry for entry in reversed(server.log) if "xxx" in entry.get("query", ""))
    assert {k: line[k] for k in ("event", "method", "path", "status", "client")} == {
        "event": "request",
        "method": "GET",
        "path": "/sparql",
        "status": 200,
        "client": "127.0.0.1",
    }
    assert len(line["query"]) == 1000
    assert all(isinstance(entry, dict) for entry in server.log), "a line of the log is not JSON"


# --- clients ----------------------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("kind", "method"), [(JSON, "GET"), (XML, "POST"), (CSV, "GET")])
def test_sparqlwrapper(kind: str, method: str, server: Serving) -> None:
    client = SPARQLWrapper(f"{server.address}/sparql", returnFormat=kind)
    client.setMethod(method)
    client.setQuery(LABEL)
    found = client.query().convert()
    if kind == JSON:
        assert found["results"]["bindings"] == [{"label": {"type": "literal", "value": "baclofen", "xml:lang": "en"}}]
    else:
        assert "baclofen" in (found.toxml() if kind == XML else found.decode())
    client.setReturnFormat(TURTLE)
    client.setQuery(ONE)
    assert b"<urn:a>" in client.query().convert()


def test_the_store_of_rdflib(server: Serving) -> None:
    store = SPARQLStore(f"{server.address}/sparql", returnFormat="json")
    assert [str(row.label) for row in store.query(LABEL)] == ["baclofen"]
    assert bool(store.query("ASK {}").askAnswer) is True


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl(server: Serving) -> None:
    command = ["curl", "-sS", f"{server.address}/sparql", "-H", "Accept: text/csv"]
    for way in (["--data-urlencode", f"query={LABEL}"], ["-G", "--data-urlencode", f"query={LABEL}"]):
        assert subprocess.run([*command, *way], capture_output=True, text=True, check=True).stdout == "label\nbaclofen\n"


# --- attacks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x00\x01\x02\x03\r\n\r\n", 400),
        (b"GET\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 400),
        (b"GET /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n", 400),
        (b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"GET /sparql HTTP/1.1\r\nHost: x\r\nA b: c\r\n\r\n", 400),
        (b"GET /sparql HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n", 200),
        (b"GET /sparql HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 100_000 + b"\r\n\r\n", 431),
        (b"GET /" + b"y" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET /sparql HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 20_000 + b"\r\n", 431),
    ],
)
def test_a_malformed_request_has_a_status(sent: bytes, status: int, server: Serving) -> None:
    answer = server.raw(sent, timeout=READ + 2)
    assert answer[:12] == f"HTTP/1.1 {status}".encode()
    assert server.ask("GET", "/health").status == 200


@settings(max_examples=40, deadline=None)
@given(st.text("abc/.%0\\?&=;:<>\"'{}|é", max_size=30), st.binary(max_size=30))
def test_no_path_and_no_body_is_a_fault(path: str, body: bytes) -> None:
    """Whatever the address and the body, a status that puts the fault where it is: never the server's."""
    server = _running[0]
    media = {"Content-Type": "application/sparql-query"}
    assert server.ask("GET", "/" + quote(path, safe="/.%\\?&=;:")).status < 500
    assert server.ask("POST", "/sparql", body, media).status in (200, 400, 403)


_running: list[Serving] = []


@pytest.fixture(autouse=True, scope="module")
def _known(server: Serving) -> Iterator[None]:
    """Tell the server to tests that hypothesis runs, whose arguments are all its own."""
    _running.append(server)
    yield
    _running.clear()


@pytest.mark.parametrize(
    "path", ["/static/../../pyproject.toml", "/static/..%2f..%2f..%2fetc/passwd", "/../../etc/passwd", "/static//etc/passwd", "/static/%00"]
)
def test_no_path_leads_out(path: str, server: Serving) -> None:
    answer = server.raw(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert answer[:12] in (b"HTTP/1.1 404", b"HTTP/1.1 400")
    assert b"root:" not in answer and b"[project]" not in answer


def test_no_header_is_injected(server: Serving) -> None:
    for path in (
        "/sparql?query=%0d%0aSet-Cookie:%20a=b",
        "/%0d%0aSet-Cookie:%20a=b",
        "/ask?q=%0d%0aSet-Cookie:%20a=b",
        "/drug/%0d%0aSet-Cookie:%20a=b",
    ):
        answer = server.raw(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        assert b"\r\nset-cookie" not in answer.partition(b"\r\n\r\n")[0].lower()


def test_a_head_that_never_ends_is_given_up(server: Serving) -> None:
    begun = time.monotonic()
    assert server.raw(b"GET /sparql HTTP/1.1\r\nHost: x\r\n").startswith(b"HTTP/1.1 408 Request Timeout")
    assert READ <= time.monotonic() - begun <= READ + 1


def test_a_client_that_dribbles_is_given_up(server: Serving) -> None:
    for start in (
        b"GET /sparql HTTP/1.1\r\n",
        b"POST /sparql HTTP/1.1\r\nContent-Type: application/sparql-query\r\nContent-Length: 999\r\n\r\n",
    ):
        begun = time.monotonic()
        with socket.create_connection(("127.0.0.1", server.port), 5) as link:
            link.sendall(start)
            link.settimeout(0.2)
            answer = b""
            while time.monotonic() - begun < READ + 2 and not answer:
                try:
                    answer = link.recv(1000)
                except TimeoutError:
                    link.sendall(b"X")
        assert answer.startswith(b"HTTP/1.1 408 Request Timeout")
        assert READ <= time.monotonic() - begun <= READ + 1


@pytest.mark.parametrize("announced", [True, False])
def test_a_query_of_50_megabytes_is_refused(announced: bool, server: Serving) -> None:
    size = 50 << 20
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    if announced:
        data = head + b"Content-Length: %d\r\n\r\n" % size + b" " * size
    else:
        data = head + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % size + b" " * size + b"\r\n0\r\n\r\n"
    assert server.raw(data).startswith(b"HTTP/1.1 413 ")
    assert server.ask("GET", "/health").status == 200


def test_a_query_that_is_deep_or_long_ends_no_server(server: Serving) -> None:
    media, deep = {"Content-Type": "application/sparql-query"}, "the query cannot be read: it is nested too deeply\n"
    for text in (
        "SELECT * " + "{" * 100_000 + "}" * 100_000,
        "SELECT (" + "(" * 50_000,
        "SELECT * { FILTER" + "(" * 2001 + "1" + ")" * 2001 + "}",
    ):
        answer = server.ask("POST", "/sparql", text.encode(), media)
        assert (answer.status, answer.text) == (400, deep)
    for text in (
        "ASK {} " + " " * 900_000,
        "#" * 900_000,
        " " * 900_000 + "CLEAR ALL",
        "ASK { FILTER" + "(" * 400 + "1" + ")" * 400 + " }",
    ):
        assert server.ask("POST", "/sparql", text.encode(), media).status in (200, 400, 403)
    long = "ASK { FILTER(1" + "+1" * 100_000 + ") }"
    assert server.ask("POST", "/sparql", long.encode(), media).status in (200, 400, 503, 504)
    recovered(server)
    assert server.query(LABEL, "text/csv").status == 200


def recovered(server: Serving) -> None:
    """Wait until the workers that were ended are replaced."""
    deadline = time.monotonic() + 15
    while server.measure("workers") < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert server.measure("workers") == 2


@pytest.mark.slow
def test_a_thousand_connections(server: Serving) -> None:
    recovered(server)
    links = []
    try:
        for _ in range(1000):
            links.append(socket.create_connection(("127.0.0.1", server.port), 10))
        for link in links:
            link.sendall(b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n\r\n")
        statuses = [link.recv(1000)[:12] for link in links]
    finally:
        for link in links:
            link.close()
    assert set(statuses) <= {b"HTTP/1.1 200", b"HTTP/1.1 503"}
    assert statuses.count(b"HTTP/1.1 200") >= 256
    assert server.query(LABEL, "text/csv").status == 200


# --- beginning and end ------------------------------------------------------------------------------------------------


def _end(command: list[str]) -> tuple[int, list[str]]:
    done = subprocess.run([sys.executable, "-m", "pharmakon", "serve", *command], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == ""
    return done.returncode, done.stderr.splitlines()


@pytest.mark.slow
def test_what_cannot_be_served_is_said_in_a_line(server: Serving, tmp_path) -> None:  # type: ignore[no-untyped-def]
    assert _end(["--port", str(server.port)]) == (2, [f"pharmakon: port {server.port} of 127.0.0.1 is in use: give another with --port"])
    status, (line,) = _end(["--port", "0", "--store", str(tmp_path)])
    assert (status, line.partition(" holds")[0]) == (2, f"pharmakon: {tmp_path}")
    status, (line,) = _end(["--host", "no.such.host.invalid", "--port", "0"])
    assert (status, line.partition(":")[0]) == (2, "pharmakon")
    assert _end(["--workers", "-2"]) == (2, ["pharmakon: --workers -2 is out of bounds: give a number from 0 to 1000"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"port": 65536},
        {"query_timeout": 0.0},
        {"read_timeout": float("nan")},
        {"query_timeout": float("inf")},
        {"memory": -1},
        {"cors": "x\r\ny"},
    ],
)
def test_settings_are_in_bounds(wrong: dict[str, float]) -> None:
    with pytest.raises(BadQuestion, match="^--" + next(iter(wrong)).replace("_", "-")):
        Settings(**wrong)  # type: ignore[arg-type]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_signal_ends_it_well_and_cors_is_on_when_asked() -> None:
    """What runs is answered, then the workers end, then the server, with 0."""
    with serving("--workers", "1", "--cors", "https://example.org") as server:
        asked = server.ask("GET", "/sparql?query=ASK%7B%7D", headers={"Origin": "https://example.org"})
        assert asked.headers["access-control-allow-origin"] == "https://example.org"
        before = server.ask("OPTIONS", "/sparql", headers={"Origin": "https://example.org", "Access-Control-Request-Method": "POST"})
        assert (before.status, before.headers["access-control-allow-methods"]) == (204, "GET, POST")
        workers = server.workers()
        slow = "SELECT (COUNT(*) AS ?n) { VALUES ?a {%s} VALUES ?b {%s} VALUES ?c {%s} FILTER(?a + ?b < ?c) }" % (
            (" ".join(map(str, range(80))),) * 3
        )
        found = []
        thread = threading.Thread(target=lambda: found.append(server.query(slow, "text/csv")))
        thread.start()
        time.sleep(0.15)
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(8) == 0
        thread.join()
        assert [(answer.status, answer.text) for answer in found] == [(200, "n\r\n85320\r\n")]
        assert [line["event"] for line in server.log if line["event"] != "request"][-1] == "stopped"
        time.sleep(0.1)
        assert living(workers) == []


@pytest.mark.slow
def test_what_does_not_end_is_not_waited_for() -> None:
    """A signal gives what runs, and what waits, four seconds; then it is told why it is not answered."""
    with serving("--workers", "1") as server:
        found: list[tuple[int, str]] = []

        def ask() -> None:
            answer = server.query(ENDLESS)
            found.append((answer.status, answer.text))

        threads = [threading.Thread(target=ask) for _ in range(2)]
        for thread in threads:
            thread.start()
        time.sleep(0.3)
        begun = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(10) == 0
        assert time.monotonic() - begun < 6.5
        for thread in threads:
            thread.join()
        assert found == [(503, "the server is stopping: ask again when it runs\n")] * 2


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are looked up as Linux has them")
def test_workers_end_with_a_server_that_is_killed() -> None:
    with serving("--workers", "1") as server:
        workers = server.workers()
        link = socket.create_connection(("127.0.0.1", server.port))
        link.sendall(b"GET /sparql?query=" + quote(ENDLESS).encode() + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.3)
        server.process.kill()
        server.process.wait()
        time.sleep(0.7)
        assert living(workers) == []
        link.close()


@pytest.mark.slow
def test_it_serves_alike_with_nothing_but_what_uvicorn_brings() -> None:
    """Neither a faster loop nor a faster reader of HTTP is needed; the limits hold without them."""
    with serving("--workers", "1", "--read-timeout", "1", "--query-timeout", "1", without=("httptools", "uvloop")) as server:
        assert server.query(LABEL, "text/csv").text == "label\r\nbaclofen\r\n"
        assert server.query(ENDLESS).status == 504
        assert server.raw(b"GET /sparql HTTP/1.1\r\nHost: x\r\n").startswith(b"HTTP/1.1 408 ")
        assert server.raw(b"GET /sparql HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 100_000)[:12] in (b"HTTP/1.1 431", b"HTTP/1.1 400")
        assert server.raw(b"GET\r\n\r\n").startswith(b"HTTP/1.1 400 ")
        head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
        assert server.raw(head + b"Content-Length: 5000000\r\n\r\n" + b" " * 5_000_000).startswith(b"HTTP/1.1 413 ")
        assert server.raw(head + b"Content-Length: 50\r\n\r\nASK").startswith(b"HTTP/1.1 408 ")
        with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
            server.query(STREAM, "text/csv")
        assert all(isinstance(entry, dict) for entry in server.log)
