"""The article held to account: verdicts that follow from parts, claims as data, and what happens when a claim is at fault."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

import pharmakon
from pharmakon import names as n
from pharmakon.cli import main
from pharmakon.errors import BadOntology, UnknownName
from pharmakon.graph import Graph
from pharmakon.locate import ontology

VERBS = json.loads((Path(pharmakon.__file__).parent / "schema" / "verbs.schema.json").read_text("utf-8"))

CLAIM = (
    ':claim-test a :ArticleClaim ; :claimOf src:test-article ; :order 1 ; :locator "text" ; :says "A claim." ;\n    :part {} .\n'
    'src:test-article a :Article ; dct:title "A test article" .'
)
AGREES = '[ :says "It is a relaxant" ; :subject :baclofen ; :isIn :MuscleRelaxant ]'
AGAINST = '[ :says "It is an opioid" ; :subject :baclofen ; :isIn :Opioid ]'
OPEN = '[ :says "It prolongs QT" ; :subject :baclofen ; :isIn :QTProlongingDrug ]'


@pytest.mark.parametrize(
    ("parts", "verdict"),
    [
        ([AGREES], "supported"),
        ([AGAINST], "contradicted"),
        ([OPEN], "not known"),
        ([AGREES, AGAINST], "refined"),
        ([AGREES, OPEN], "not known"),
        ([AGAINST, OPEN], "contradicted"),
        ([AGREES, AGAINST, OPEN], "refined"),
    ],
)
def test_the_verdict_follows_from_the_parts(parts: list[str], verdict: str, grown: Callable[[str], Graph]) -> None:
    (claim,) = pharmakon.audit("test-article", graph=grown(CLAIM.format(" , ".join(parts)))).claims
    assert (claim.verdict, len(claim.proof.children)) == (verdict, len(parts))


@pytest.mark.parametrize(
    ("part", "verdict"),
    [
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
    ],
)
def test_each_form_of_a_part(part: str, verdict: str, grown: Callable[[str], Graph]) -> None:
    """A drug, every drug of a class, some drug of it, a pair, a drug with all or some of a class; said or denied."""
    (claim,) = pharmakon.audit("test-article", graph=grown(CLAIM.format(f'[ :says "A part" ; {part} ]'))).claims
    assert claim.verdict == verdict


def test_what_the_article_itself_says_proves_none_of_its_claims(grown: Callable[[str], Graph]) -> None:
    """A use that only the audited article states leaves its own claim open; for another article it is a source like any."""
    stated = ':baclofen :hasAdverseEffect [ :effect :Tinnitus ; :assertion [ :source src:{} ; :locator "text" ] ] .\n' + CLAIM.format(
        '[ :says "It can cause tinnitus" ; :subject :baclofen ; :isIn [ a owl:Restriction ; owl:onProperty :hasAdverseEffect ; '
        "owl:someValuesFrom [ a owl:Restriction ; owl:onProperty :effect ; owl:hasValue :Tinnitus ] ] ]"
    ).replace("{", "{{").replace("}", "}}")
    assert pharmakon.audit("test-article", graph=grown(stated.format("test-article"))).claims[0].verdict == "not known"
    assert pharmakon.audit("test-article", graph=grown(stated.format("article"))).claims[0].verdict == "supported"


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
        (CLAIM.format(AGREES.replace(":MuscleRelaxant", ":MusleRelaxant")), r"added\.ttl:3: :MusleRelaxant is not declared anywhere"),
        (CLAIM.format('[ :says "No subject" ; :isIn :Opioid ]'), r"added\.ttl:2: a claim of an article lacks .*"),
        (CLAIM.format('[ :says "Nothing said" ; :subject :baclofen ]'), r"added\.ttl:2: a claim of an article lacks .*"),
        (CLAIM.replace(":claimOf src:test-article ; ", "").format(AGREES), r"added\.ttl:2: a claim of an article lacks .*"),
    ],
    ids=["unknown-term", "no-subject", "nothing-said", "no-article"],
)
def test_a_claim_at_fault_is_refused_with_its_place(fault: str, message: str, grown: Callable[[str], Graph]) -> None:
    with pytest.raises(BadOntology, match=message):
        grown(fault)


def test_parts_that_are_written_out_are_read_as_classes(graph: Graph) -> None:
    """Every class that a claim names is one of drugs; those written out are anonymous and parse."""
    for claim in graph.schema.subjects(n.TYPE, n.NS + "ArticleClaim"):
        for part in graph.schema.values(claim, n.NS + "part"):
            for prop in ("isIn", "isNotIn"):
                for cls in graph.schema.values(part, n.NS + prop):
                    assert cls.startswith(n.NS + "x/") or graph.schema.definition(cls) is not None, (claim, cls)
