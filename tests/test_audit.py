"""The article held to account: verdicts that follow from parts, claims as data, and what happens when a claim is at fault."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from conftest import PREFIXES

import pharmakon
from pharmakon import names as n
from pharmakon.cli import main
from pharmakon.errors import BadOntology, UnknownName
from pharmakon.graph import Graph
from pharmakon.locate import ontology

VERBS = json.loads((Path(pharmakon.__file__).parent / "schema" / "verbs.schema.json").read_text("utf-8"))

AGREES = '[ :says "It is a relaxant" ; :subject :baclofen ; :isIn :MuscleRelaxant ]'
AGAINST = '[ :says "It is an opioid" ; :subject :baclofen ; :isIn :Opioid ]'
OPEN = '[ :says "It prolongs QT" ; :subject :baclofen ; :isIn :QTProlongingDrug ]'

COMBINED = [
    ([AGREES], "supported"),
    ([AGAINST], "contradicted"),
    ([OPEN], "not known"),
    ([AGREES, AGAINST], "refined"),
    ([AGREES, OPEN], "not known"),
    ([AGAINST, OPEN], "contradicted"),
    ([AGREES, AGAINST, OPEN], "refined"),
]
"""Parts together, with the verdict that follows."""

FORMS = [
    (":subject :baclofen ; :isNotIn :Opioid", "supported"),
    (":subject :OpiateStrict ; :isIn :Opioid", "supported"),
    (":subject :Opioid ; :isIn :Analgesic", "contradicted"),
    (":subject :Opioid ; :isNotIn :Analgesic", "contradicted"),
    (":subject :OpioidAntagonist ; :isNotIn :Opioid", "supported"),
    (":someOf :Opioid ; :isIn :Analgesic", "supported"),
    (":someOf :NSAID ; :isIn :CNSDepressant", "contradicted"),
    (":someOf :Opioid ; :isNotIn :Analgesic", "supported"),
    (":subject :baclofen ; :withDrug :morphine ; :byRule :AdditiveCNSDepression", "supported"),
    (":subject :baclofen ; :withDrug :NSAID ; :byRule :AdditiveCNSDepression", "contradicted"),
    (":subject :baclofen ; :withDrug :NSAID ; :notByRule :AdditiveCNSDepression", "supported"),
    (":subject :baclofen ; :withSome :Analgesic ; :byRule :AdditiveCNSDepression", "supported"),
    (":subject :baclofen ; :withSome :NSAID ; :byRule :AdditiveCNSDepression", "contradicted"),
    (":subject :baclofen ; :withDrug :haloperidol ; :byRule :AdditiveCNSDepression", "not known"),
]
"""A drug, every drug of a class, some drug of it, a pair, a drug with all or some of a class; said or denied."""

TINNITUS = (
    '[ :says "It can cause tinnitus" ; :subject :baclofen ; :isIn [ a owl:Restriction ; owl:onProperty :hasAdverseEffect ; '
    "owl:someValuesFrom [ a owl:Restriction ; owl:onProperty :effect ; owl:hasValue :Tinnitus ] ] ]"
)
ARTICLES = ':baclofen :hasAdverseEffect [ :effect :Tinnitus ; :assertion [ :source src:one-article ; :locator "text" ] ] .\n' + "".join(
    f'src:{name} a :Article ; dct:title "{name}" .\n' for name in ("test-article", "one-article", "another-article")
)


def claim(number: int, part: str, article: str = "test-article") -> str:
    return (
        f':claim-{article}-{number} a :ArticleClaim ; :claimOf src:{article} ; :order {number} ; :locator "text" ; :says "A claim." ;\n'
        f"    :part {part} .\n"
    )


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The shipped graph with three articles more: one with a claim for each form, two that claim the same."""
    parts = [" , ".join(parts) for parts, _ in COMBINED] + [f'[ :says "A part" ; {part} ]' for part, _ in FORMS]
    text = ARTICLES + "".join(claim(i, part) for i, part in enumerate(parts, 1))
    text += claim(1, TINNITUS, "one-article") + claim(1, TINNITUS, "another-article")
    path = tmp_path_factory.mktemp("claims") / "added.ttl"
    path.write_text(PREFIXES + text, "utf-8")
    return pharmakon.open_graph(add=[path])


def test_the_verdict_follows_from_the_parts_in_every_form(audited: Graph) -> None:
    claims = pharmakon.audit("test-article", graph=audited).claims
    expected = [verdict for _, verdict in (*COMBINED, *FORMS)]
    assert [c.verdict for c in claims] == expected
    assert [len(c.proof.children) for c in claims[: len(COMBINED)]] == [len(parts) for parts, _ in COMBINED]


def test_what_the_article_itself_says_proves_none_of_its_claims(audited: Graph) -> None:
    """An effect that only the audited article states leaves its own claim open; for another article it is a source like any."""
    assert pharmakon.audit("one-article", graph=audited).claims[0].verdict == "not known"
    assert pharmakon.audit("another-article", graph=audited).claims[0].verdict == "supported"


def test_several_articles_ask_for_a_choice(audited: Graph) -> None:
    with pytest.raises(UnknownName, match="did you mean another-article, article, one-article, test-article"):
        pharmakon.audit(graph=audited)


def test_the_article(graph: Graph) -> None:
    """Claims that an expert judges alike: where the article is right, too flat, and wrong."""
    audit = pharmakon.audit(graph=graph)
    verdicts = {int(re.search(r"\d+$", c.proof.about)[0]): c.verdict for c in audit.claims}  # type: ignore[index]
    assert len(verdicts) == len(audit.claims) >= 45
    assert {number: verdicts[number] for number in EXPERT} == EXPERT
    assert all(c.better for c in audit.claims if c.verdict in ("refined", "contradicted"))
    assert sum(audit.counts.values()) == len(audit.claims)


EXPERT = {
    1: "supported",  # a relaxant, no opiate, no opioid
    2: "refined",  # "GABA receptors": B, not A
    11: "supported",  # activates GABA-B
    14: "refined",  # opiates "bind": binding is not enough
    30: "supported",  # GABA-B against opioid receptors
    34: "contradicted",  # the contrast: baclofen too depresses breathing
    39: "refined",  # alcohol dependence: off-label in the US, approved in France
    44: "refined",  # cerebral palsy: by route and country
    60: "refined",  # "and other painkillers"
    63: "contradicted",  # "a unique mechanism"
    64: "contradicted",  # "nor does it share the same risks"
    69: "supported",  # with opioids: more sedation, less breathing
}


def test_claims_are_numbered_in_the_order_of_the_text_and_copy_nothing() -> None:
    """One file a claim; no run of eight words stands in the article as it stands in a claim."""
    files = sorted((ontology() / "claims" / "baclofen-article").glob("*.ttl"))
    assert [int(f.name[:2]) for f in files] == list(range(1, len(files) + 1))
    article = Path(__file__).parents[2] / "shared" / "article.txt"
    if not article.exists():
        pytest.skip("the article is no part of this repository")
    words = re.findall(r"\w+", article.read_text("utf-8").lower())
    runs = {tuple(words[i : i + 8]) for i in range(len(words) - 7)}
    for file in files:
        said = " ".join(re.findall(r':(?:says|better) "([^"]*)"', file.read_text("utf-8")))
        own = re.findall(r"\w+", said.lower())
        assert not runs & {tuple(own[i : i + 8]) for i in range(len(own) - 7)}, file


def test_leaves_have_sources_and_none_is_the_article(graph: Graph) -> None:
    for claim in pharmakon.audit(graph=graph).claims:
        for leaf in claim.proof.leaves():
            assert leaf.sources
            assert "src:article" not in {s.id for s in leaf.sources}


def test_json_and_one_claim(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    jsonschema.validate(answer, {"$ref": "#/$defs/audit", "$defs": VERBS["$defs"]})
    assert main(["audit", "--claim", "2"]) == 0
    assert capsys.readouterr().out.splitlines()[1] == "◐ refined"
    for wrong in ("0", "999", "-1"):
        assert main(["audit", "--claim", wrong]) == 2
        assert "there is no claim" in capsys.readouterr().err


def test_an_unknown_article(graph: Graph) -> None:
    with pytest.raises(UnknownName, match='no article with claims is called "gtopdb"; did you mean article'):
        pharmakon.audit("gtopdb", graph=graph)
    with pytest.raises(UnknownName, match="no source is called"):
        pharmakon.audit("artikel", graph=graph)


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (claim(1, '[ :says "A relaxant" ; :subject :testol ; :isIn :Testt ]'), r"added\.ttl:3: :Testt is not declared anywhere"),
        (claim(1, '[ :says "No subject" ; :isIn :Test ]'), r"added\.ttl:2: a claim of an article lacks .*"),
        (claim(1, '[ :says "Nothing said" ; :subject :testol ]'), r"added\.ttl:2: a claim of an article lacks .*"),
        (claim(1, "[ :subject :testol ; :isIn :Test ]"), r"added\.ttl:2: a claim of an article lacks .*"),
        (
            claim(1, '[ :says "x" ; :subject :testol ; :isIn :Test ]').replace(":claimOf src:test-article ; ", ""),
            r"added\.ttl:2: a claim .*",
        ),
    ],
    ids=["unknown-term", "no-subject", "nothing-said", "no-words", "no-article"],
)
def test_a_claim_at_fault_is_refused_with_its_place(fault: str, message: str, small: Callable[[str], Graph]) -> None:
    with pytest.raises(BadOntology, match=message):
        small(fault + TESTOL)


TESTOL = (
    'src:test-article a :Article ; dct:title "A test article" .\n'
    ':testol a :Drug ; rdfs:label "testol"@en ; skos:definition "A test."@en ; skos:exactMatch <https://bioregistry.io/unii:X> .\n'
    ':Test a owl:Class ; rdfs:label "test"@en ; skos:definition "A test."@en ; dct:source src:gtopdb ;\n'
    "    owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( :Drug\n"
    "        [ a owl:Restriction ; owl:onProperty :hasDistribution ; owl:someValuesFrom :ReachesCNS ] ) ] .\n"
)


def test_parts_that_are_written_out_are_read_as_classes(graph: Graph) -> None:
    """Every class that a claim names is one of drugs; those written out are anonymous and parse."""
    for claim in graph.schema.subjects(n.TYPE, n.NS + "ArticleClaim"):
        for part in graph.schema.values(claim, n.NS + "part"):
            for prop in ("isIn", "isNotIn"):
                for cls in graph.schema.values(part, n.NS + prop):
                    assert cls.startswith(n.NS + "x/") or graph.schema.definition(cls) is not None, (claim, cls)
