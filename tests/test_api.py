"""The JSON API: the answers of the command line, as HTTP gives them, and what is refused."""

from __future__ import annotations

import asyncio
import copy
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import jsonschema
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, load_all_checks

import pharmakon
from pharmakon import interact
from pharmakon import names as n
from pharmakon.cli import _parser, main
from pharmakon.graph import Graph
from pharmakon.locate import ontology
from pharmakon.serve import api, calls, described

Ask = Callable[..., httpx.Response]


def asking(app: FastAPI) -> Ask:
    """Return what sends a request to an app without a socket."""

    def ask(path: str, method: str = "GET", **more: Any) -> httpx.Response:
        async def once() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
                return await client.request(method, path, **more)

        return asyncio.run(once())

    return ask


@pytest.fixture(scope="module")
def app(graph: Graph) -> FastAPI:
    """The API over the shipped graph; the place of the workers is taken by a call, and what was answered is kept."""
    kept: dict[str, tuple[int, bytes]] = {}

    async def send(verb: str, parameters: Mapping[str, Any]) -> tuple[int, bytes]:
        key = json.dumps([verb, parameters], sort_keys=True)
        if key not in kept:
            kept[key] = calls.call(graph, verb, parameters)
        return kept[key]

    return api.application(send)


@pytest.fixture(scope="module")
def ask(app: FastAPI) -> Ask:
    return asking(app)


@pytest.fixture(scope="module")
def document(ask: Ask) -> dict[str, Any]:
    """The OpenAPI document."""
    found: dict[str, Any] = ask("/openapi.json").json()
    return found


def refusal(answer: httpx.Response) -> tuple[int, str, str, list[str]]:
    """Return the status and the three parts of an error, which has no others."""
    assert answer.headers["content-type"] == "application/json"
    assert list(answer.json()) == ["error"] and list(answer.json()["error"]) == ["kind", "message", "suggestions"]
    error = answer.json()["error"]
    return answer.status_code, error["kind"], error["message"], error["suggestions"]


# --- the answers of the command line ------------------------------------------------------------------------------------

SAME = [
    ("ask?drug=baclofen&class=opiate", "ask baclofen opiate"),
    ("ask?drug=opiate&class=opioid", "ask opiate opioid"),
    ("ask?question=are+benzodiazepines+opioids", "ask are benzodiazepines opioids"),
    ("ask?drug=baclofen&class=opiate&without=chebi&without=pharmakon", "ask baclofen opiate --without chebi --without pharmakon"),
    ("why?drug_a=morphine&drug_b=baclofen&class=opiate", "why morphine baclofen opiate"),
    ("whatif?drug=Lioresal&class=opioid", "whatif Lioresal opioid"),
    ("members?class=GABA-B+agonist&without=gtopdb", "members GABA-B_agonist --without gtopdb"),
    ("compare?a=baclofen&b=morphine", "compare baclofen morphine"),
    ("interactions?drug=baclofen&drug=ethanol", "interactions baclofen ethanol"),
    ("interactions?drug=baclofen&drug=morphine&condition=renal+impairment", "interactions baclofen morphine --condition renal_impairment"),
    ("drift?without=chebi", "drift --without chebi"),
    ("quiz?topic=opioid&n=2&seed=5", "quiz opioid -n 2 --seed 5"),
    ("show?thing=CHEBI:2972", "show CHEBI:2972"),
    ("list", "list"),
    ("list?what=classes", "list classes"),
    ("list?what=sources", "list sources"),
    ("list?what=queries", "list queries"),
    ("query?name=shares-a-target&bind=drug%3Dketamine", "query shares-a-target --bind drug=ketamine"),
    ("query?name=library/agreement", "query library/agreement"),
]


@pytest.mark.parametrize(("path", "words"), SAME, ids=[path for path, _ in SAME])
def test_the_answer_is_what_the_command_line_writes(
    path: str, words: str, ask: Ask, graph: Graph, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pharmakon.cli._graph", lambda a: graph)
    verb, *rest = words.split()
    form = ["--format", "json"] if verb == "query" else ["--json"]
    status = main([verb, *(word.replace("_", " ") for word in rest), *form])
    written = capsysbinary.readouterr().out
    answer = ask(f"/api/{path}")
    assert (status, answer.status_code, answer.headers["content-type"]) == (0, 200, "application/json")
    assert answer.content == written


def firing(graph: Graph, a: str, b: str) -> list[tuple[interact.Rule, str, str]]:
    """Return the rules that fire for two drugs."""
    pairs = interact.Pairs(graph, graph.evaluator())
    found = [(rule, *order) for rule in pairs.rules for order in pairs.orders(rule, n.NS + a, n.NS + b)]
    assert len(found) == 2
    return found


def test_long_answers_are_what_the_command_line_writes(
    ask: Ask, graph: Graph, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An audit, a claim of it, and the rules that fire for all pairs: of the claims the first three, of the pairs a few."""
    whole = pharmakon.audit(graph=graph)
    audited = replace(whole, claims=whole.claims[:3])
    fired = firing(graph, "baclofen", "morphine")
    for place in ("pharmakon.claims", "pharmakon.serve.calls"):
        monkeypatch.setattr(f"{place}.audit", lambda article, without, graph: audited)
    for place in ("pharmakon.interact", "pharmakon.serve.calls"):
        monkeypatch.setattr(f"{place}.every_pair", lambda without, graph: fired)
    monkeypatch.setattr("pharmakon.cli._graph", lambda a: graph)
    for path, words in (("interactions?all=true", "interactions --all"), ("audit", "audit"), ("audit?claim=2", "audit --claim 2")):
        assert main([*words.split(), "--json"]) == 0
        assert ask(f"/api/{path}").content == capsysbinary.readouterr().out


def test_the_parameters_are_named_as_the_command_line_names_them(document: dict[str, Any]) -> None:
    """What a verb takes there and not here is listed, with the other way round."""
    (commands,) = [a for a in _parser()._actions if a.metavar == "COMMAND"]
    assert isinstance(commands.choices, dict)
    written, read, ours = {"json", "format", "output", "no-key"}, {"help", "ontology", "add", "store", "endpoint"}, {}
    for verb, parser in commands.choices.items():
        names = set()
        for action in parser._actions:
            metavar = action.metavar if isinstance(action.metavar, str) else action.dest
            names.update([action.option_strings[-1].lstrip("-")] if action.option_strings else metavar.lower().split())
        ours[verb] = names - written - read
    here = {path.removeprefix("/api/"): {p["name"] for p in op["get"].get("parameters", ())} for path, op in document["paths"].items()}
    differing = {verb: (here[verb] - ours.get(verb, set()), ours.get(verb, set()) - here[verb]) for verb in here}
    assert {verb: both for verb, both in differing.items() if any(both)} == {
        "ask": ({"question"}, set()),
        "drift": (set(), {"file"}),
        "query": ({"name"}, {"file-or-name"}),
        "suggest": ({"start", "kind", "n"}, set()),
    }


# --- whole answers, by hand ---------------------------------------------------------------------------------------------

TINY = """
:agonol a :Drug ; rdfs:label "agonol" ; skos:altLabel "agonate" ; skos:definition "Made for this test." .
:acidum a :Drug ; rdfs:label "agonic acid" ; skos:definition "Made for this test." .
:blockol a :Drug ; rdfs:label "blockol <i>" ; skos:definition "Made for this test." .
"""


@pytest.fixture
def tiny(turtle: Callable[..., Path]) -> Graph:
    """Three drugs of which nothing is stated."""
    words = [ontology() / "terms" / name for name in ("actions.ttl", "targets.ttl")]
    return pharmakon.open_graph(ontology() / "vocabulary.ttl", [*words, turtle(TINY)])


def thing(name: str, label: str, **more: str) -> dict[str, str]:
    return {"iri": f"https://w3id.org/pharmakon/{name}", "label": label, **more}


def test_whole_answers_of_a_small_graph(tiny: Graph) -> None:
    def answer(verb: str, **parameters: Any) -> Any:
        status, body = calls.call(tiny, verb, parameters)
        return status, json.loads(body)

    assert answer("list") == (
        200,
        [
            {"name": "agonic acid", "about": "Made for this test."},
            {"name": "agonol", "about": "Made for this test."},
            {"name": "blockol <i>", "about": "Made for this test."},
        ],
    )
    assert answer("show", thing="agonate") == (
        200,
        {
            "subject": thing("agonol", "agonol"),
            "definition": "Made for this test.",
            "names": ["agonate"],
            "ids": [],
            "entries": [],
            "derived": [],
        },
    )
    assert answer("suggest", start="AGO", kind="drug") == (
        200,
        [
            {"name": "agonol", "iri": "https://w3id.org/pharmakon/agonol", "kind": "drug"},
            {"name": "agonic acid", "iri": "https://w3id.org/pharmakon/acidum", "kind": "drug"},
        ],
    )
    assert answer("suggest", start="blokol", kind="drug", n=1) == (
        200,
        [{"name": "blockol <i>", "iri": "https://w3id.org/pharmakon/blockol", "kind": "drug"}],
    )
    assert answer("suggest", start="agonol", kind="class") == (200, [])
    assert answer("suggest", start="?!") == (200, [])
    assert answer("interactions", drug=["agonol", "blockol <i>"]) == (
        200,
        {"drugs": [thing("agonol", "agonol"), thing("blockol", "blockol <i>")], "interactions": [], "refused": []},
    )
    assert answer("show", thing="<script>alert(1)") == (
        404,
        {"error": {"kind": "UnknownName", "message": 'no thing is called "<script>alert(1)"; try `pharmakon list`', "suggestions": []}},
    )
    assert answer("show", thing="agonoll") == (
        404,
        {"error": {"kind": "UnknownName", "message": 'no thing is called "agonoll"; did you mean agonol?', "suggestions": ["agonol"]}},
    )
    assert answer("shew") == (
        404,
        {"error": {"kind": "UnknownName", "message": 'no call is called "shew"; did you mean show?', "suggestions": ["show"]}},
    )


# --- shapes -------------------------------------------------------------------------------------------------------------

SMALL = {
    "ask": "ask?drug=thebaine&class=opioid",
    "why": "why?drug_a=morphine&drug_b=baclofen&class=opium+derivative",
    "whatif": "whatif?drug=baclofen&class=opioid",
    "members": "members?class=opioid",
    "compare": "compare?a=opioid&b=benzodiazepine",
    "interactions": "interactions?drug=baclofen&drug=gabapentin",
    "audit": "audit?claim=2",
    "drift": "drift",
    "quiz": "quiz?topic=opioid&n=2&seed=5",
    "show": "show?thing=baclofen",
    "list": "list",
    "query": "query?name=shares-a-target&bind=drug%3Dketamine",
    "suggest": "suggest?start=bac",
}


def judge(document: dict[str, Any], verb: str, status: str = "200") -> jsonschema.Draft202012Validator:
    """Return what holds an answer against the document: the shape of a verb's answer, references followed."""
    schema = document["paths"][f"/api/{verb}"]["get"]["responses"][status]["content"]["application/json"]["schema"]
    return jsonschema.Draft202012Validator({**schema, "components": document["components"]})


Place = tuple[str | int, ...]


def faults(answer: Any) -> Iterator[tuple[str, Any]]:
    """Yield answers with one fault each: in each kind of place a key too many, a key too few, a value of another kind."""
    seen: set[tuple[str, ...]] = set()

    def walk(value: Any, place: Place) -> Iterator[Place]:
        kind = tuple(str(part) if isinstance(part, str) else "*" for part in place)
        short = tuple(part for i, part in enumerate(kind) if part not in kind[:i])
        if short not in seen:
            seen.add(short)
            yield place
        for key, part in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
            yield from walk(part, (*place, key))

    for place in list(walk(answer, ())):
        value = at(answer, place)
        if place:
            yield f"{place} is of another kind", put(answer, place, 7.5)
        if isinstance(value, dict):
            yield f"{place} has a key too many", put(answer, place, {**value, "planted": 7.5})
            for key in value:
                yield f"{place} has no {key}", put(answer, place, {k: v for k, v in value.items() if k != key})


def at(value: Any, place: Place) -> Any:
    for key in place:
        value = value[key]
    return value


def put(answer: Any, place: Place, value: Any) -> Any:
    if not place:
        return value
    copied = copy.copy(answer)
    copied[place[0]] = put(answer[place[0]], place[1:], value)
    return copied


def smallest(answer: Any) -> Any:
    """Return an answer with at most two of what it lists, so that it is judged in a moment."""
    if isinstance(answer, dict):
        return {key: smallest(value) for key, value in answer.items()}
    return [smallest(value) for value in answer[:2]] if isinstance(answer, list) else answer


@pytest.mark.parametrize("verb", SMALL)
def test_each_shape_fits_and_refuses_every_planted_fault(verb: str, ask: Ask, document: dict[str, Any]) -> None:
    answer = smallest(ask(f"/api/{SMALL[verb]}").json())
    shape = judge(document, verb)
    shape.validate(answer)
    optional = re.compile(r"\('results', 'bindings', \d+\) has no \w+|has no (datatype|xml:lang)$")
    assert [fault for fault, faulty in faults(answer) if not optional.search(fault) and shape.is_valid(faulty)] == []


def test_the_shape_of_errors_refuses_every_planted_fault(ask: Ask, document: dict[str, Any]) -> None:
    answer = ask("/api/show?thing=bacloffen").json()
    for status in ("400", "404", "422", "500", "503", "504"):
        shape = judge(document, "show", status)
        shape.validate(answer)
        assert [fault for fault, faulty in faults(answer) if shape.is_valid(faulty)] == []


def test_the_document_leaves_no_answer_open(document: dict[str, Any]) -> None:
    """Each answer has a shape, each reference leads somewhere, no shape admits whatever comes, and each parameter has bounds."""
    assert [path.removeprefix("/api/") for path in document["paths"]] == list(calls.VERBS) == list(SMALL)
    assert document["openapi"].startswith("3.1")
    assert "16,000,000 bytes" in document["info"]["description"]
    texts = json.dumps(document)
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', texts))
    assert named == set(document["components"]["schemas"])
    assert set(re.findall(r'"\$ref": "([^"]*)"', texts)) == {f"#/components/schemas/{name}" for name in named}
    for name, schema in document["components"]["schemas"].items():
        assert not jsonschema.Draft202012Validator({**schema, "components": document["components"]}).is_valid(7.5), name
    for methods in document["paths"].values():
        assert list(methods) == ["get"]
        assert list(methods["get"]["responses"]) == ["200", "400", "404", "422", "500", "503", "504"]
        for parameter in methods["get"].get("parameters", ()):
            inner = parameter["schema"].get("items", parameter["schema"])
            assert parameter["description"]
            assert inner["type"] == "boolean" or {"maxLength", "maximum", "enum"} & set(inner), parameter
            assert parameter["schema"]["type"] != "array" or "maxItems" in parameter["schema"]


@pytest.mark.slow
def test_every_example_of_the_document_is_answered_in_its_shape(ask: Ask, document: dict[str, Any]) -> None:
    for path, _, address, _ in described.examples(json.dumps(document).encode()):
        answer = ask(address)
        assert answer.status_code == 200, address
        judge(document, path.removeprefix("/api/")).validate(smallest(answer.json()))


# --- refusals -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status", "kind", "message", "suggestions"),
    [
        ("ask?drug=baclofin&class=opiate", 404, "UnknownName", 'no drug is called "baclofin"; did you mean baclofen?', ["baclofen"]),
        ("ask?drug=baclofen", 400, "BadQuestion", "give a drug and a class, or a question such as `is baclofen an opiate?`", []),
        ("ask?drug=a&question=b", 400, "BadQuestion", "give a question, or a drug and a class, not both", []),
        ("ask?drug=http://a+b&class=opiate", 404, "UnknownName", 'no drug is called "http://a b"; try `pharmakon list`', []),
        ("ask?drug=baclofen&clas=opiate", 422, "BadParameter", "there is no parameter `clas` here: it takes `drug`, `class`, `question` and `without`", ["class"]),
        ("list?x=1", 422, "BadParameter", "there is no parameter `x` here: it takes `what`", []),
        ("list?what=drug", 422, "BadParameter", "`what` is one of these: drugs, classes, sources or queries", []),
        ("why?drug_a=a&drug_b=b", 422, "BadParameter", "`class` is missing", []),
        ("show?thing=", 422, "BadParameter", "`thing` is empty", []),
        ("show?thing=" + "a" * 201, 422, "BadParameter", "`thing` has 200 characters at most", []),
        ("show?thing=a&thing=b", 422, "BadParameter", "`thing` is given 2 times: give it once", []),
        ("ask?question=" + "a" * 501, 422, "BadParameter", "`question` has 500 characters at most", []),
        ("quiz?n=51", 422, "BadParameter", "`n` is 50 at most", []),
        ("quiz?n=0", 422, "BadParameter", "`n` is 1 at least", []),
        ("quiz?n=1e9", 422, "BadParameter", "`n` is a whole number", []),
        ("quiz?n=" + "9" * 5000, 422, "BadParameter", "`n` is a whole number", []),
        ("quiz?seed=9007199254740992", 422, "BadParameter", "`seed` is 9007199254740991 at most", []),
        ("interactions?all=perhaps", 422, "BadParameter", "`all` is true or false", []),
        ("interactions?" + "&".join(["drug=a"] * 11), 422, "BadParameter", "`drug` is given 10 times at most", []),
        ("interactions?drug=a&drug=", 422, "BadParameter", "`drug` is empty", []),
        ("interactions?all=1&drug=a", 400, "BadQuestion", "`all` asks about every pair of drugs in every circumstance: leave out `drug` and `condition`, or leave out `all`", []),
        ("interactions?drug=baclofen&drug=Lioresal", 400, "BadQuestion", "baclofen is given twice: name two different things", []),
        ("audit?claim=9999", 400, "BadQuestion", "there is no claim 9999: the article has 70", []),
        ("audit?article=a+b", 404, "UnknownName", 'no source is called "a b"; try `pharmakon list`', []),
        ("drift?without=%22", 404, "UnknownName", 'no source is called """; try `pharmakon list`', []),
        ("drift?without=chebl", 404, "UnknownName", 'no source is called "chebl"; did you mean chembl, chebi?', ["chembl", "chebi"]),
        ("query?name=agreemen", 404, "UnknownName", 'no query is called "agreemen"; did you mean agreement, library/agreement?', ["agreement", "library/agreement"]),
        ("query?name=agreement&bind=x", 400, "BadQuery", '--bind takes NAME=VALUE, not "x"', []),
        ("query?name=agreement&bind=x%3D1", 400, "BadQuery", "the query has no variable ?x; it has databases, drug, drugs, mechanism, mechanisms, source", []),
        ("nothing", 404, "UnknownName", "there is no such call: /api lists them all", []),
        ("show/?thing=baclofen", 404, "UnknownName", "there is no such call: /api lists them all", ["/api/show"]),
        ("../nothing", 404, "UnknownName", "there is no such call: /api lists them all", []),
        ("shows?thing=baclofen", 404, "UnknownName", "there is no such call: /api lists them all", ["/api/show"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_a_sentence(path: str, status: int, kind: str, message: str, suggestions: list[str], ask: Ask) -> None:
    assert refusal(ask(f"/api/{path}")) == (status, kind, message, suggestions)


@pytest.mark.parametrize(
    "name", ["../../../../etc/passwd", "competency/../../pyproject.toml", "-", __file__, "file:///etc/passwd", "rules/mimics"]
)
def test_a_query_is_named_and_never_a_path(name: str, ask: Ask) -> None:
    assert refusal(ask(f"/api/query?{urlencode({'name': name})}"))[:3] == (
        404,
        "UnknownName",
        f'no query is called "{name}"; try `pharmakon list`',
    )


def test_a_bound_text_is_a_text_and_never_part_of_the_query(ask: Ask) -> None:
    planted = '"x" } INSERT DATA { <a> <b> <c> } #"'
    answer = ask(f"/api/query?{urlencode({'name': 'shares-a-target', 'bind': 'drug=' + planted})}")
    assert (answer.status_code, answer.json()["results"]["bindings"]) == (200, [])


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_other_methods_are_refused(method: str, ask: Ask) -> None:
    answer = ask("/api/show?thing=baclofen", method)
    assert refusal(answer) == (405, "BadMethod", f"/api/show is asked with GET, not with {method}", [])
    assert answer.headers["allow"] == "GET, HEAD"


def test_head_has_the_headers_of_get(ask: Ask) -> None:
    assert ask("/api/show?thing=baclofen", "HEAD").headers == ask("/api/show?thing=baclofen").headers


def test_what_is_too_large_is_refused(tiny: Graph, graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "MOST_BYTES", 100)
    status, body = calls.call(tiny, "list", {})
    assert (status, json.loads(body)["error"]["kind"], json.loads(body)["error"]["message"]) == (
        400,
        "TooLarge",
        "the answer has 193 bytes, and at most 100 are sent: ask about less at a time",
    )
    monkeypatch.setattr(calls, "MOST_BYTES", 10**9)
    monkeypatch.setattr(calls, "MOST_PAIRS", 1)
    monkeypatch.setattr(calls, "every_pair", lambda without, graph: firing(graph, "baclofen", "morphine"))
    status, body = calls.call(graph, "interactions", {"all": True})
    assert (status, json.loads(body)["error"]["message"]) == (400, "rules fire 2 times, and at most 1 are sent: ask about some drugs")


def test_a_budget_that_ended_goes_through() -> None:
    async def send(verb: str, parameters: Mapping[str, Any]) -> tuple[int, bytes]:
        assert (verb, parameters) == ("interactions", {"drug": ["a", "b"], "condition": "c", "without": ["d"]})
        return 503, calls.error("OutOfTime", "it took more than 30 s")

    answer = asking(api.application(send))("/api/interactions?drug=a&drug=b&condition=c&without=d&all=false")
    assert refusal(answer) == (503, "OutOfTime", "it took more than 30 s", [])


def test_views_that_strangers_think_of_are_not_kept(graph: Graph) -> None:
    kept = len(graph._evaluators)
    for name in ("chebi", "gtopdb", "pharmakon"):
        assert calls.call(graph, "ask", {"drug": "baclofen", "class": "opioid", "without": [name]})[0] == 200
    assert len(graph._evaluators) == kept


# --- whatever comes -----------------------------------------------------------------------------------------------------

HOSTILE = st.one_of(
    st.text(max_size=40),
    st.builds(
        lambda a, b: a + b,
        st.sampled_from(["http://", "<", ":", "src:", "CHEBI:", "<http://", "is ", '"', "drug=", "drug=<", "-", "../"]),
        st.text(st.characters(codec="utf-8"), max_size=12),
    ),
    st.sampled_from(["<script>alert(1)</script>", "\x00", "\r\nSet-Cookie: a=b", "'; DROP TABLE name; --", "baclofen", "opioid", "\u202e"]),
)
TEXTS = [
    ("ask", ("drug", "class")),
    ("ask", ("question",)),
    ("why", ("drug_a", "drug_b", "class")),
    ("whatif", ("drug", "class")),
    ("members", ("class",)),
    ("compare", ("a", "b")),
    ("interactions", ("condition",)),
    ("audit", ("article",)),
    ("quiz", ("topic",)),
    ("show", ("thing",)),
    ("query", ("name",)),
    ("suggest", ("start",)),
]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(TEXTS), st.lists(HOSTILE, min_size=3, max_size=3), st.lists(HOSTILE, max_size=1))
def test_whatever_the_names_are_the_answer_is_json(
    graph: Graph, call: tuple[str, tuple[str, ...]], names: list[str], without: list[str]
) -> None:
    verb, keys = call
    status, body = calls.call(graph, verb, dict(zip(keys, names, strict=False)) | ({"without": without} if without else {}))
    assert status in (200, 400, 404)
    if status != 200:
        assert not {b"<", b">", b"&"} & {body[i : i + 1] for i in range(len(body))}
        assert list(json.loads(body)) == ["error"]


def test_nothing_of_a_request_comes_back_in_a_header(ask: Ask) -> None:
    planted = "x\r\nSet-Cookie: a=b\r\n\r\n<script>alert(1)</script>"
    answer = ask(f"/api/show?{urlencode({'thing': planted})}")
    assert answer.status_code == 404
    assert dict(answer.headers) == {
        "cache-control": "no-store",
        "content-length": str(len(answer.content)),
        "content-type": "application/json",
    }
    assert b"<" not in answer.content
    assert planted in answer.json()["error"]["message"]


def test_very_many_and_very_long_parameters_are_refused_at_once(ask: Ask) -> None:
    many = "&".join(f"p{i}=1" for i in range(5000))
    assert refusal(ask(f"/api/show?{many}"))[:2] == (422, "BadParameter")
    assert refusal(ask("/api/show?" + "p" * 60_000 + "=1"))[:2] == (422, "BadParameter")
    assert len(ask("/api/show?" + "p" * 60_000 + "=1").content) < 1000
    assert refusal(ask("/api/interactions?" + "&".join(["drug=" + "é" * 150] * 40)))[2] == "`drug` is given 10 times at most"


# --- the page that lists the calls ---------------------------------------------------------------------------------------


def test_the_page_lists_each_call_with_its_example(ask: Ask, document: dict[str, Any]) -> None:
    text, html = ask("/api"), ask("/api", headers={"Accept": "text/html,application/xhtml+xml"})
    assert (text.headers["content-type"], html.headers["content-type"]) == ("text/plain; charset=utf-8", "text/html; charset=utf-8")
    assert (text.headers["vary"], html.headers["vary"]) == ("Accept", "Accept")
    addresses = [address for _, _, address, _ in described.examples(json.dumps(document).encode())]
    assert addresses[:3] == [
        "/api/ask?drug=baclofen&class=opiate",
        "/api/why?drug_a=morphine&drug_b=baclofen&class=opiate",
        "/api/whatif?drug=baclofen&class=opiate",
    ]
    assert re.findall(r"GET (\S+)", text.text) == addresses
    assert re.findall(r'href="(/api/[^"]+)"', html.text) == [address.replace("&", "&amp;") for address in addresses]
    assert len(html.content) < 12_000
    assert "//" not in re.sub(r"<!doctype.*?>", "", html.text)
    for page in (text, html):
        assert "No medical advice" in page.text


# --- schemathesis -------------------------------------------------------------------------------------------------------


load_all_checks()
CONTRACT = CHECKS.get_by_names(
    ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance", "unsupported_method"]
)


@pytest.mark.slow
def test_the_document_is_kept(app: FastAPI) -> None:
    """Each answer to whatever fits the document, and to what does not, has a status, a type and a shape that the document names."""
    document: Any = schemathesis.openapi.from_asgi("/openapi.json", app)
    called: set[str] = set()
    for operation in (result.ok() for result in document.get_all_operations()):
        for mode in schemathesis.GenerationMode:

            @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
            @given(operation.as_strategy(generation_mode=mode))
            def kept(case: schemathesis.Case) -> None:
                called.add(case.operation.path)
                case.call_and_validate(checks=CONTRACT)

            kept()
    assert len(called) == len(calls.VERBS)


@pytest.mark.slow
def test_a_document_that_is_not_kept_is_seen(graph: Graph) -> None:
    """Each fault of a server that the test above looks for, planted in a server of its own."""
    for status, body in ((500, calls.error("Fault", "x")), (418, calls.error("Tea", "x")), (200, b"{}"), (404, b"{}")):

        async def send(verb: str, parameters: Mapping[str, Any], answer: tuple[int, bytes] = (status, body)) -> tuple[int, bytes]:
            return answer

        document: Any = schemathesis.openapi.from_asgi("/openapi.json", api.application(send))
        with pytest.raises(schemathesis.core.failures.FailureGroup):
            document["/api/drift"]["GET"].Case().call_and_validate(checks=CONTRACT)
