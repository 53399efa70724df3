"""The tests of the W3C for the SPARQL protocol: every query test passes, every update test is refused, in so many words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import data
import pytest
from rdflib import Graph, Namespace
from rdflib.collection import Collection
from rdflib.namespace import RDF
from rdflib.term import Identifier, Node
from serving import Response, Serving, serving

from pharmakon.build import FORMAT
from pharmakon.rdf import NamedNode, Quad, QueryResultsFormat, RdfFormat, Store, parse, parse_query_results

MANIFEST = data.FOLDER / "w3c-protocol" / "manifest.ttl"
HT, MF = Namespace("http://www.w3.org/2011/http#"), Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
CNT = Namespace("http://www.w3.org/2011/content#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
GRAPH = "http://kasei.us/2009/09/sparql/data/data{}.rdf"
RESULTS = {"application/sparql-results+json", "application/sparql-results+xml"}
FORMATS = {
    "boolean": RESULTS,
    "tabular": RESULTS | {"text/csv", "text/tab-separated-values"},
    "RDF": {"text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"},
}
READ_ONLY = "this server is read-only: updates are refused\n"

pytestmark = [pytest.mark.data, pytest.mark.skipif(not MANIFEST.is_file(), reason=data.MISSING)]


@dataclass(frozen=True)
class Request:
    """A request of a test, and what is expected of its answer."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    statuses: frozenset[str]
    form: str
    truth: bool | None

    @property
    def updates(self) -> bool:
        """Whether it is an update, well-formed or not."""
        text = (self.body or b"").replace(b"\x00", b"").decode("utf-8", "replace")
        return "update=" in self.path + text or "sparql-update" in self.headers.get("content-type", "") or text.startswith("CLEAR")


def _requests(manifest: Graph, test: Node) -> list[Request]:
    connection = manifest.value(test, MF.action)
    found = []
    for node in Collection(manifest, manifest.value(connection, HT.requests)):
        assert isinstance(node, Identifier)
        listed = manifest.value(node, HT.headers)
        headers = {
            str(manifest.value(h, HT.fieldName)): str(manifest.value(h, HT.fieldValue))
            for h in (Collection(manifest, listed) if listed else ())
        }
        content, answer = manifest.value(node, HT.body), manifest.value(node, HT.resp)
        chars = str(manifest.value(content, CNT.chars)).encode(str(manifest.value(content, CNT.characterEncoding))) if content else None
        truth = manifest.value(answer, MF.expectedBoolean)
        found.append(
            Request(
                str(manifest.value(node, HT.methodName)),
                str(manifest.value(node, HT.absolutePath)),
                headers,
                chars,
                frozenset(str(s).rpartition("StatusCode")[2] for s in manifest.objects(answer, MF.expectedStatus)),
                str(manifest.value(answer, MF.expectedFormat) or ""),
                None if truth is None else bool(truth.toPython()),  # type: ignore[attr-defined]
            )
        )
    return found


def _tests() -> dict[str, list[Request]]:
    if not MANIFEST.is_file():
        return {}
    manifest = Graph().parse(MANIFEST)
    return {
        str(test).rpartition("#")[2]: _requests(manifest, test) for test in Collection(manifest, next(manifest.objects(None, MF.entries)))
    }


TESTS = _tests()
UPDATES = sorted(name for name in TESTS if "update" in name)
QUERIES = sorted(set(TESTS) - set(UPDATES))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server of a store that holds the graphs that the tests ask for, and no more."""
    folder = tmp_path_factory.mktemp("protocol")
    store = Store(str(folder / "store-1"))
    for i in range(4):
        graph = NamedNode(GRAPH.format(i))
        store.add(Quad(graph, NamedNode(str(RDF.type)), NamedNode("http://xmlns.com/foaf/0.1/Document"), graph))
    store.flush()
    del store
    (folder / "pharmakon.json").write_text(json.dumps({"format": FORMAT, "store": "store-1", "parts": []}), "utf-8")
    with serving("--store", str(folder), "--workers", "1") as running:
        yield running


def _send(server: Serving, request: Request) -> Response:
    return server.ask(request.method, request.path, request.body, request.headers)


def test_all_tests_are_read() -> None:
    assert (len(QUERIES), len(UPDATES)) == (20, 14)


@pytest.mark.parametrize("name", QUERIES)
def test_query(name: str, server: Serving) -> None:
    for request in TESTS[name]:
        answer = _send(server, request)
        assert f"{answer.status // 100}xx" in request.statuses, answer.text
        if request.form:
            assert answer.media in FORMATS[request.form]
            _readable(answer, request)


def _readable(answer: Response, request: Request) -> None:
    """Check that the answer is what its media type says, and that it is right."""
    if request.form == "boolean":
        assert json.loads(answer.body) == {"head": {}, "boolean": True if request.truth is None else request.truth}
    elif request.form == "tabular":
        assert [v.value for v in parse_query_results(answer.body, format=QueryResultsFormat.from_media_type(answer.media)).variables] == [
            "value"
        ]  # type: ignore[union-attr]
    else:
        list(parse(answer.body, format=RdfFormat.from_media_type(answer.media)))


@pytest.mark.parametrize("name", UPDATES)
def test_update_is_refused(name: str, server: Serving) -> None:
    """An update is refused and changes nothing; a query that was to see its effect is answered, and sees none."""
    for request in TESTS[name]:
        answer = _send(server, request)
        if not request.updates:
            assert json.loads(answer.body) == {"head": {}, "boolean": False}
        elif name in ("bad_update_wrong_media_type", "bad_update_missing_form_type"):
            assert (answer.status, answer.text.partition(":")[0]) == (
                415,
                f"the body is {request.headers.get('content-type', 'of no type')}",
            )
        else:
            assert (answer.status, answer.text) == (403, READ_ONLY)


def test_nothing_was_written(server: Serving) -> None:
    """After all updates the store holds what it held."""
    found = server.query("SELECT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g", "text/csv")
    assert found.text.split() == ["g", *(GRAPH.format(i) for i in range(4))]
