"""Every check is seen to fail: one planted fault each, with the message, the file and the line that a person gets to see."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import base

import pharmakon
from pharmakon import build, check, load, rules
from pharmakon import names as n
from pharmakon.errors import BadOntology, StoreUnavailable
from pharmakon.expression import Named
from pharmakon.graph import Graph
from pharmakon.locate import ontology, queries
from pharmakon.shacl import violations

Turtle = Callable[..., Path]
Small = Callable[[str], Graph]

TESTOL = ':testol a :Drug ; rdfs:label "testol"@en ; skos:definition "A drug made up for a test."@en .\n'
OTHER = ':otherol a :Drug ; rdfs:label "otherol"@en ; skos:definition "Another one."@en .\n'
SAID = ':assertion [ :source src:gtopdb ; :locator "row" ]'
CLASS = (
    ':Fault a owl:Class ; rdfs:label "fault"@en ; skos:definition "A class made up."@en ; dct:source src:gtopdb ;\n    owl:equivalentClass '
)
TWIN = CLASS.replace(":Fault", ":Twin").replace('"fault"', '"twin"')

# name, what the file says from line 2 on, the line that is to blame, the message (up to an ellipsis, where one stands)
LOADING = [
    ("undeclared-name", TESTOL + f":testol :hasMechanism [ a :Agonsim ; :target :GABA-B ; {SAID} ] .", 3, ":Agonsim is not declared anywhere: a misspelt name?"),
    ("statement-without-source", TESTOL + ":testol :hasMechanism [ a :Agonism ; :target :GABA-B ] .", 3, ":testol :hasMechanism has no :assertion: nothing is stated without a source"),
    ("assertion-without-locator", TESTOL + ":testol :hasMechanism [ a :Agonism ; :target :GABA-B ; :assertion [ :source src:gtopdb ] ] .", 3, "an assertion of :testol :hasMechanism needs a :source and a :locator"),
    ("assertion-without-source", TESTOL + ':testol :hasMechanism [ a :Agonism ; :target :GABA-B ; :assertion [ :locator "row" ] ] .', 3, "an assertion of :testol :hasMechanism needs a :source and a :locator"),
    ("two-titles", 'src:one a :Paper ; dct:title "One" .\nsrc:one dct:title "Another" .', 2, "src:one has 2 titles: give each document a name of its own"),
    ("claim-of-a-stranger", TESTOL + f"[] a :CompletenessClaim ; :about :testol ; :onProperty :hasMechanism ; :member [ a :Agonism ; :target :GABA-B ] ; {SAID} .", 3, "the claim about :testol lists a member that is no :hasMechanism of it"),
    ("claim-about-two", TESTOL + OTHER + f"[] a :CompletenessClaim ; :about :testol , :otherol ; :onProperty :hasMechanism ; {SAID} .", 4, "a completeness claim needs one :about and one :onProperty"),
    ("turtle-syntax", TESTOL + ":testol rdfs:label .", 3, "not valid Turtle: …"),
]  # fmt: skip

RULE = ':TestRule a :InteractionRule ; rdfs:label "test"@en ; skos:definition "A test."@en ; :firstRole :Drug ; :secondRole :Drug ; :consequence :Nausea ; :seriousness :ModerateHarm ; :interactionKind :Pharmacodynamic ; '
AUDITED = ':claim-x a :ArticleClaim ; :claimOf src:gtopdb ; :says "A claim." '

CHECKS = [
    ("rule-unfinished", RULE + f"{SAID} .", 2, "a rule of interaction lacks a role, a consequence, its seriousness, its kind, its mechanism or a source (test)"),
    ("claim-unfinished", AUDITED + ".", 2, "a claim of an article lacks the article, its words or its parts, or a part lacks its words, a subject or what is said of it (…"),
    ("claim-of-what-is-not-stated", TESTOL + ':testol :hasMechanism _:m . _:m a :Agonism ; :target :GABA-B ; :assertion [ :source src:gtopdb ; :locator "row" ; :certainty :unverified ] .\n' + f"[] a :CompletenessClaim ; :about :testol ; :onProperty :hasMechanism ; :member _:m ; {SAID} .", 3, "a completeness claim lists what no source states: it proves nothing (testol, mechanism, …"),
    ("disjoint-types", ":GABA-A a :OpioidReceptor .", 2, "a thing is in two classes that share no member (GABA-A receptor, GABA receptor, opioid receptor)"),
    ("value-out-of-range", TESTOL + f":testol :hasMechanism [ a :Agonism ; :target :Nausea ; {SAID} ] .", 3, "a value is not of the kind that its property leads to (…"),
    ("two-values", TESTOL + f":testol :hasMechanism [ a :Agonism ; :target :GABA-A , :GABA-B ; {SAID} ] .", 3, "a qualifier that has one value at most has two (…"),
    ("mechanism-without-target", TESTOL + f":testol :hasMechanism [ a :Agonism ; {SAID} ] .", 2, "a mechanism names no target (…"),
    ("mechanism-without-action", TESTOL + f":testol :hasMechanism [ :target :GABA-B ; {SAID} ] .", 2, "a mechanism names no action; :Modulation stands for one that is not known (…"),
    ("origin-unfinished", TESTOL + f":testol :hasOrigin [ a :NaturalOrigin ; {SAID} ] .", 2, "an origin lacks the organism or the substance that it is about (…"),
    ("origin-unfinished", TESTOL + f":testol :hasOrigin [ a :SemisyntheticOrigin ; {SAID} ] .", 2, "an origin lacks the organism or the substance that it is about (…"),
    ("bounds-crossed", TESTOL + f":testol :hasElimination [ :pathway :Renal ; :percentLow 80.0 ; :percentHigh 20.0 ; {SAID} ] .", 2, "a lower bound lies above the upper one (…"),
    ("bounds-crossed", TESTOL + f":testol :hasOnset [ :phase :OnsetPhase ; :hoursLow 3.0 ; :hoursHigh 2.0 ; {SAID} ] .", 2, "a lower bound lies above the upper one (…"),
    ("one-id-two-drugs", TESTOL + OTHER + ":testol skos:exactMatch <https://bioregistry.io/unii:X> . :otherol skos:exactMatch <https://bioregistry.io/unii:X> .", 4, "two substances carry the same identifier (otherol, testol, unii:X)"),
    ("one-name-two-drugs", TESTOL + OTHER + ':otherol :brand "Testol" .', 2, "two drugs answer to the same name: a question could mean either (otherol, testol, testol)"),
    ("siblings-not-set-apart", ':AlienOrigin a owl:Class ; rdfs:subClassOf :Origin ; rdfs:label "alien"@en ; skos:definition "Not of this earth."@en .', 2, "a class has siblings that are set apart, and is not set apart itself: no would silently become not known (alien, origin)"),
    ("family-not-set-apart", ':Onefold a owl:Class ; rdfs:subClassOf :ReleaseProtein ; rdfs:label "onefold"@en ; skos:definition "One."@en .\n:Twofold a owl:Class ; rdfs:subClassOf :ReleaseProtein ; rdfs:label "twofold"@en ; skos:definition "Two."@en .', 2, "families of targets below one parent are not set apart: no would silently become not known (onefold, twofold)"),
    ("term-without-meaning", ':Blankness a :Effect ; rdfs:label "blankness"@en .', 2, "a term lacks its label or its definition (blankness)"),
    ("source-without-title", "src:nowhere a :Paper .\n" + TESTOL + ':testol :hasMechanism [ a :Agonism ; :target :GABA-B ; :assertion [ :source src:nowhere ; :locator "p. 1" ] ] .', 2, "a source is cited and has no title (src:nowhere)"),
    ("qualifier-of-another-kind", TESTOL + f":testol :hasMechanism [ a :Agonism ; :target :GABA-B ; :schedule :US-I ; {SAID} ] .", 3, "a qualifier stands on a statement of a kind that does not have it (…"),
    ("definition-without-source", CLASS.replace("dct:source src:gtopdb ;", "") + "[ owl:intersectionOf ( :Drug ) ] .", 2, "a defined class does not say where its meaning is taken from (fault)"),
]  # fmt: skip

DEFINITIONS = [
    ("itself", CLASS + "[ owl:intersectionOf ( :Drug :Fault ) ] .", 2, ":Fault is defined by itself, through :Fault"),
    ("two-definitions", CLASS + "[ owl:intersectionOf ( :Drug ) ] , [ owl:intersectionOf ( :Drug :Metabolite ) ] .", 2, ":Fault has 2 definitions: keep one"),
    ("also-a-subclass", CLASS + "[ owl:intersectionOf ( :Drug ) ] ; rdfs:subClassOf :Drug .", 2, ":Fault is defined and also declared a subclass: say all of it in the definition"),
    ("also-below-an-expression", CLASS + "[ owl:intersectionOf ( :Drug ) ] ;\n rdfs:subClassOf [ owl:onProperty :hasMechanism ; owl:someValuesFrom :Agonism ] .", 2, ":Fault is defined and also declared a subclass: say all of it in the definition"),
    ("typed-into", CLASS + "[ owl:intersectionOf ( :Drug ) ] .\n" + TESTOL + ":testol a :Fault .", 5, ":testol is typed into :Fault, which is defined: membership is derived; a source's tag is :sourceSaysIsA"),
    ("cardinality", CLASS + "[ owl:intersectionOf ( :Drug [ owl:onProperty :hasMechanism ; owl:minCardinality 2 ] ) ] .", 2, "the definition of :Fault: a restriction on :hasMechanism is none of some, only and hasValue: cardinalities and inverses are refused"),
    ("inverse", CLASS + "[ owl:intersectionOf ( :Drug [ owl:onProperty [ owl:inverseOf :hasMechanism ] ; owl:someValuesFrom :Agonism ] ) ] .", 2, "the definition of :Fault: a restriction on a property without a name: inverses are refused"),
    ("only-without-some", CLASS + "[ owl:intersectionOf ( :Drug [ owl:onProperty :hasMechanism ; owl:allValuesFrom :Agonism ] ) ] .", 2, "in :Fault, only on :hasMechanism stands without some: an empty list would satisfy it"),
    ("only-in-a-union", CLASS + "[ owl:intersectionOf ( :Drug [ owl:unionOf ( :Metabolite [ owl:onProperty :hasMechanism ; owl:allValuesFrom :Agonism ] ) ] ) ] .", 2, "in :Fault, an only stands apart from a some on the same property: an empty list would satisfy it"),
    ("filler-out-of-range", CLASS + "[ owl:intersectionOf ( :Drug [ owl:onProperty :hasMechanism ; owl:someValuesFrom :OpioidReceptor ] ) ] .", 2, "in :Fault, :OpioidReceptor is said of a mechanism, which it can never be"),
    ("value-out-of-range", CLASS + "[ owl:intersectionOf ( :Mechanism [ owl:onProperty :target ; owl:hasValue :Nausea ] ) ] .", 2, "in :Fault, :Nausea is not a target"),
    ("parts-that-share-nothing", CLASS + "[ owl:intersectionOf ( :Mechanism :Agonism :Antagonism ) ] .", 2, "in :Fault, :Antagonism is said of a…"),
    ("property-of-another-sort", CLASS + "[ owl:intersectionOf ( :Drug [ owl:onProperty :target ; owl:someValuesFrom :OpioidReceptor ] ) ] .", 2, "in :Fault, :target is said of a drug, which never has it"),
    ("property-to-text", CLASS + "[ owl:intersectionOf ( :Drug [ owl:onProperty :brand ; owl:someValuesFrom :Drug ] ) ] .", 2, "in :Fault, :brand is no property that leads to things"),
    ("no-sort", CLASS + "[ owl:onProperty :hasMechanism ; owl:someValuesFrom :Agonism ] .", 2, "the definition of :Fault must begin with a named sort, such as :Drug or :Mechanism"),
    ("empty-list", CLASS + "[ owl:intersectionOf () ] .", 2, "the definition of :Fault: owl:intersectionOf with an empty list says nothing"),
    ("broken-list", CLASS + "[ owl:intersectionOf :noList ] .\n:noList rdfs:label \"no list\" .", 2, "the definition of :Fault: a broken RDF list in a class expression"),
    ("two-constructs", CLASS + "[ owl:intersectionOf ( :Drug ) ; owl:unionOf ( :Drug ) ] .", 2, "the definition of :Fault: one class expression has several constructs at once (intersectionOf, unionOf): write them apart"),
    ("no-construct", CLASS + "[ a owl:Class ] .", 2, "the definition of :Fault: an anonymous class with none of intersectionOf, unionOf, complementOf, oneOf, onProperty cannot be evaluated"),
]  # fmt: skip


def refusal(file: Path) -> list[str]:
    """Return what building says of the small ontology with one file more."""
    with pytest.raises(BadOntology) as caught:
        build.content(build.Sources.of(base()[0], [*base()[1:], file]))
    return caught.value.problems


def cases(table: list[tuple[str, str, int, str]]) -> list[pytest.ParameterSet]:  # type: ignore[name-defined]
    """Make one named test case of each line of a table."""
    return [pytest.param(text, line, message, id=name) for name, text, line, message in table]


@pytest.mark.parametrize(("text", "line", "message"), cases([*LOADING, *CHECKS, *DEFINITIONS]))
def test_fault_is_refused_with_its_place(text: str, line: int, message: str, turtle: Turtle) -> None:
    file = turtle(text)
    (problem,) = refusal(file)
    place, _, told = problem.partition(": ")
    assert place == f"{file}:{line}"
    assert told == message or (message.endswith("…") and told.startswith(message[:-1]))


def test_the_small_ontology_without_a_fault_is_accepted(turtle: Turtle) -> None:
    sound = TESTOL + f":testol :hasMechanism [ a :Agonism ; :target :GABA-B ; {SAID} ] .\n" + CLASS + "[ owl:intersectionOf ( :Drug ) ] ."
    assert build.content(build.Sources.of(base()[0], [*base()[1:], turtle(sound)]))


def test_every_check_is_planted_here_or_is_a_conflict() -> None:
    planted = {name for name, *_ in CHECKS} | {"claim-contradicted", "one-value-two-statements", "tag-with-two-meanings"}
    assert {path.stem for path in (queries() / "checks").glob("*.rq")} == planted


def test_definitions_in_a_circle(turtle: Turtle) -> None:
    text = CLASS + "[ owl:intersectionOf ( :Drug :Twin ) ] .\n" + TWIN + "[ owl:intersectionOf ( :Drug [ owl:complementOf :Fault ] ) ] ."
    file = turtle(text)
    assert [p.partition(": ")[0] for p in refusal(file)] == [f"{file}:2", f"{file}:4"]
    assert all(p.endswith(f"{one} is defined by itself, through {ring}") for p, one, ring in zip(refusal(file), (":Fault", ":Twin"), (":Fault and :Twin", ":Twin and :Fault"), strict=True))  # fmt: skip


def test_anonymous_nodes_in_a_circle(turtle: Turtle) -> None:
    file = turtle('_:a :gives2 _:b . _:b :gives2 _:a . :gives2 rdfs:label "gives" .')
    assert refusal(file) == [f"{file}: anonymous nodes refer to each other in a circle; give one of them a name"]


def test_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadOntology) as caught:
        pharmakon.open_graph(add=[tmp_path / "none.ttl"])
    assert caught.value.problems == [f"{tmp_path / 'none.ttl'}: no such file or folder"]


def test_a_refused_file_leaves_nothing_behind(turtle: Turtle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHARMAKON_HOME", str(tmp_path / "home"))
    with pytest.raises(BadOntology):
        pharmakon.open_graph(base()[0], [*base()[1:], turtle(":GABA-A a :OpioidReceptor .")])
    assert list((tmp_path / "home").iterdir()) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("#+ summary: s\n#+ reads: statements\nCONSTRUCT {} WHERE {}", "the header of a rule needs #+ summary"),
        ("#+ summary: s\n#+ reads: nowhere\n#+ premises: ?a\nCONSTRUCT {} WHERE {}", "the header of a rule needs #+ summary"),
        (
            "#+ summary: s\n#+ reads: statements\n#+ premises: ?a\nCONSTRUCT {} WHERE { FILTER NOT EXISTS { ?a ?b ?c } }",
            "a rule must not conclude from what is missing (NOT EXISTS, MINUS)",
        ),
    ],
)
def test_rule_is_refused(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "rule.rq").write_text(text)
    with pytest.raises(BadOntology) as caught:
        rules.load(tmp_path)
    (problem,) = caught.value.problems
    assert problem.startswith(f"{tmp_path / 'rule.rq'}:1: {told}")


# --- definitions on which the evaluation would be weaker than OWL -----------------------------------------------------

LINT = [
    ("both-signs", "[ owl:intersectionOf ( :Drug [ owl:unionOf ( [ owl:onProperty :hasMechanism ; owl:someValuesFrom :Agonism ] [ owl:complementOf [ owl:onProperty :hasMechanism ; owl:someValuesFrom :Agonism ] ] ) ] ) ] .", "in both signs: write it once"),
    ("whole-range", "[ owl:intersectionOf ( :Drug [ owl:onProperty :hasMechanism ; owl:someValuesFrom :Agonism ] [ owl:onProperty :hasMechanism ; owl:allValuesFrom :Mechanism ] ) ] .", "says only of a property with its whole range"),
    ("complement-beside", "[ owl:intersectionOf ( :Mechanism [ owl:unionOf ( :Agonism [ owl:complementOf :Agonism ] ) ] ) ] .", "has a part and its complement side by side"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "told"), [pytest.param(e, t, id=name) for name, e, t in LINT])
def test_weak_definition_is_found(expression: str, told: str, small: Small) -> None:
    graph = small(CLASS + expression)
    lines = [found.line for found in check.definitions(graph.schema, graph.sources.turtle)]
    assert len([line for line in lines if "added.ttl:2: :Fault " in line and told in line]) == 1, lines


# --- what a complete drug file holds ------------------------------------------------------------------------------------

COMPLETE = (
    ':testol a :Drug ; rdfs:label "testol"@en ; skos:definition "A drug made up for a test."@en ; skos:exactMatch <https://bioregistry.io/unii:X> .\n'
    f":testol :hasMechanism _:m . _:m a :Agonism ; :target :GABA-B ; {SAID} .\n"
    f":testol :hasOrigin _:o . _:o a :SyntheticOrigin ; {SAID} .\n"
    f":testol :hasStructure [ :skeleton :OtherSkeleton ; {SAID} ] .\n"
    f":testol :hasDistribution [ a :ReachesCNS ; {SAID} ] .\n"
    f":testol :hasIndication [ :condition :Spasticity ; :status :Approved ; {SAID} ] .\n"
    f"[] a :CompletenessClaim ; :about :testol ; :onProperty :hasMechanism ; :member _:m ; {SAID} .\n"
    f"[] a :CompletenessClaim ; :about :testol ; :onProperty :hasOrigin ; :member _:o ; {SAID} .\n"
)
GAPS = [
    (" ; skos:exactMatch <https://bioregistry.io/unii:X>", "no identifier: add skos:exactMatch with a ChEBI, UNII, ChEMBL or GtoPdb id"),
    (f":testol :hasStructure [ :skeleton :OtherSkeleton ; {SAID} ] .\n", "no structure: add :hasStructure with the skeleton and a source"),
    (f":testol :hasDistribution [ a :ReachesCNS ; {SAID} ] .\n", "no distribution: add :hasDistribution, whether it reaches the central nervous system, with a source"),
    (f":testol :hasIndication [ :condition :Spasticity ; :status :Approved ; {SAID} ] .\n", "no indication: add :hasIndication with condition, status and source, or claim that there is none"),
    (f"[] a :CompletenessClaim ; :about :testol ; :onProperty :hasMechanism ; :member _:m ; {SAID} .\n", "no completeness claim on its mechanisms: add a :CompletenessClaim on :hasMechanism with its basis, or leave every no open"),
    (f"[] a :CompletenessClaim ; :about :testol ; :onProperty :hasOrigin ; :member _:o ; {SAID} .\n", "no completeness claim on its origins: add a :CompletenessClaim on :hasOrigin with its basis, or leave every no open"),
]  # fmt: skip


def incomplete(graph: Graph) -> list[str]:
    """Return what the shapes say of a graph, without the places."""
    found = check.shapes(graph.store, graph.sources.turtle)
    assert {f.severity for f in found} <= {"incomplete"}
    return [f.line.partition(": ")[2] for f in found]


def test_a_complete_drug_file_is_complete(small: Small) -> None:
    assert incomplete(small(COMPLETE)) == []


@pytest.mark.parametrize(("gap", "message"), GAPS)
def test_gap_is_named(gap: str, message: str, small: Small) -> None:
    assert COMPLETE.count(gap) == 1
    assert incomplete(small(COMPLETE.replace(gap, ""))) == [f"testol: {message}"]


def test_a_drug_without_mechanism_or_origin(small: Small) -> None:
    bare = TESTOL.replace(" .\n", " ; skos:exactMatch <https://bioregistry.io/unii:X> .\n")
    told = incomplete(small(bare))
    assert (
        "testol: no mechanism: add :hasMechanism with action, target and source, or a :note on the drug that says why there is none" in told
    )
    assert "testol: no origin: add :hasOrigin, natural, semi-synthetic, synthetic or endogenous, with a source" in told
    noted = incomplete(small(bare + ':testol :note "Nobody knows how it acts." .'))
    assert set(told) - set(noted) == {next(t for t in told if t.startswith("testol: no mechanism: "))}
    assert incomplete(small(bare + ":testol a :Metabolite .")) == []


def test_label_and_definition_are_asked_for_by_shapes_too(turtle: Turtle) -> None:
    """Building refuses such a drug before any shape sees it, so the shapes are tried on the bare triples."""
    from pharmakon.rdf import Store, parse_turtle

    store = Store()
    store.extend(parse_turtle(turtle(":testol a :Drug , :Metabolite ; skos:exactMatch <https://bioregistry.io/unii:X> .")))
    assert [message for _, message in violations(store)] == [
        "no definition: add skos:definition, a sentence on what it is",
        "no label: add rdfs:label with the international name",
    ]


# --- sources that agree and sources that do not -----------------------------------------------------------------------


def second_source(statement: str) -> str:
    """Return Turtle in which a second source states something."""
    cite = ':assertion [ :source src:second ; :locator "p. 1" ]'
    return f'src:second a :Paper ; dct:title "A second source" .\n{statement.replace("CITE", cite)}'


def conflicts(graph: Graph) -> list[tuple[str, str]]:
    """Return check and line of what the sources of a graph disagree on, the shipped graph's own conflicts left out."""
    found = check.run(graph.store, graph.sources.turtle, severity="conflict")
    return [(f.check, f.line) for f in found if "added.ttl" in f.line or "baclofen" in f.line]


def test_two_sources_make_one_proposition(grown: Small, graph: Graph) -> None:
    more = grown(second_source(":baclofen :hasMechanism [ a :Agonism ; :target :GABA-B ; CITE ] ."))
    before = graph.schema.values(n.NS + "baclofen", n.HAS_MECHANISM)
    assert more.schema.values(n.NS + "baclofen", n.HAS_MECHANISM) == before
    (mechanism,) = [e for e in pharmakon.show("baclofen", graph=more).entries if e.prop == "mechanism"]
    ids = ["src:chembl", "src:drugcentral", "src:fda-label-lioresal-intrathecal", "src:gtopdb", "src:second"]
    assert sorted(s.id for s in mechanism.sources) == ids
    assert conflicts(more) == []
    assert [a.verdict for a in pharmakon.ask("baclofen", "opioid", graph=more).answers] == ["no"]


def test_a_source_that_makes_baclofen_an_opioid_contradicts(grown: Small) -> None:
    more = grown(second_source(":baclofen :hasMechanism [ a :Agonism ; :target :MuOpioidReceptor ; CITE ] ."))
    (answer,) = pharmakon.ask("baclofen", "opioid", graph=more).answers
    assert answer.verdict == "contradicted"
    assert [reason.verdict for reason in answer.reasons if reason.verdict == "yes"] == ["yes"]
    assert {s.id for reason in answer.reasons for leaf in reason.leaves() for s in leaf.sources} >= {"src:second"}
    assert len(answer.open) == 1 and answer.open[0].startswith("conflict: ")
    ((name, line),) = conflicts(more)
    assert name == "claim-contradicted"
    assert "a source states what a completeness claim does not list (baclofen, mechanism, " in line
    assert pharmakon.members("opioid", graph=more)[0].contradicted[0].label == "baclofen"


def test_a_contradiction_shows_the_reasons_of_both_sides(grown: Small) -> None:
    more = grown(second_source(":baclofen :hasMechanism [ a :Agonism ; :target :MuOpioidReceptor ; CITE ] ."))
    (answer,) = pharmakon.ask("baclofen", "opioid", graph=more).answers
    assert {reason.verdict for reason in answer.reasons} == {"yes", "no"}
    against = {s.id for reason in answer.reasons if reason.verdict == "no" for leaf in reason.leaves() for s in leaf.sources}
    assert {"src:gtopdb", "src:pharmakon"} <= against


def test_a_source_beside_the_question_leaves_it_not_known(grown: Small) -> None:
    more = grown(second_source(":baclofen :hasMechanism [ a :Agonism ; :target :GABA-A ; CITE ] ."))
    (answer,) = pharmakon.ask("baclofen", "opioid", graph=more).answers
    assert (answer.verdict, answer.reasons) == ("unknown", ())
    assert [point for point in answer.open if point.startswith("conflict: ") and "GABA-A" in point]
    assert [a.verdict for a in pharmakon.ask("baclofen", "GABA-A agonist", graph=more).answers] == ["contradicted"]
    withdrawn = pharmakon.ask("baclofen", "opioid", without=["second"], graph=more).answers
    assert [a.verdict for a in withdrawn] == ["no"]


def test_one_value_and_two_statements_is_a_conflict(grown: Small) -> None:
    more = grown(second_source(":baclofen :hasDistribution [ a :PeripheryOnly ; CITE ] ."))
    ((name, line),) = conflicts(more)
    assert name == "one-value-two-statements"
    assert "sources differ on what can have one value only (baclofen, distribution, " in line
    assert [a.verdict for a in pharmakon.ask("baclofen", "CNS depressant", graph=more).answers] == ["contradicted"]


# --- the store --------------------------------------------------------------------------------------------------------

OPEN = "import sys; from conftest import base; import pharmakon; pharmakon.open_graph(base()[0], base()[1:])"
SHIPPED = "import pharmakon; print(pharmakon.ask('baclofen', 'opiate').answers[0].verdict)"


def python(code: str, home: Path | str) -> subprocess.Popen[str]:
    """Start a Python with a home of its own."""
    environment = {**os.environ, "PHARMAKON_HOME": str(home), "PYTHONPATH": str(Path(__file__).parent)}
    return subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("below", ["a file", "/dev/null"])
def test_a_home_that_cannot_be_written(below: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "file" if below == "a file" else Path(below)
    if below == "a file":
        place.write_text("no folder")
    monkeypatch.setenv("PHARMAKON_HOME", str(place / "home"))
    with pytest.raises(StoreUnavailable, match=r"the store cannot be built in .*: Not a directory; set PHARMAKON_HOME to a folder"):
        pharmakon.open_graph(base()[0], base()[1:])


FULL = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
import pharmakon
from conftest import base
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
try:
    pharmakon.open_graph(base()[0], base()[1:])
except pharmakon.StoreUnavailable as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process")
@pytest.mark.parametrize("limit", [20_000, 80_000])
def test_a_disk_without_room(limit: int, tmp_path: Path) -> None:
    """A limit on the size of files stands for a full disk: at opening the store, and in the midst of writing it."""
    out, err = python(FULL.format(limit=limit), tmp_path).communicate(timeout=60)
    assert err == ""
    assert out.startswith(f"the store cannot be built in {tmp_path}: ")
    assert out.endswith("; set PHARMAKON_HOME to a folder that can be written and has room\n")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_store_is_an_error_that_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHARMAKON_HOME", str(tmp_path))
    sources = build.Sources.of(base()[0], base()[1:])
    place = build.path_of(sources)
    place.mkdir()
    (place / "CURRENT").write_text("rubbish")
    with pytest.raises(StoreUnavailable, match="cannot be opened") as caught:
        build.ensure(sources)
    assert str(place) in str(caught.value)


def test_two_builds_at_once_make_one_store(tmp_path: Path) -> None:
    running = [python(OPEN, tmp_path) for _ in range(2)]
    for process in running:
        assert process.communicate(timeout=60)[1] == ""
        assert process.returncode == 0
    assert len([f for f in tmp_path.iterdir() if f.name.startswith("store-")]) == 1
    assert [f.name for f in tmp_path.iterdir() if not f.name.startswith("store-")] == []


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_build_that_is_killed_costs_nothing(tmp_path: Path) -> None:
    """Kill while files are read, while the graph is derived, and while the store is written."""
    for wait in (0.3, 1.2):
        process = python(SHIPPED, tmp_path)
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)
        assert process.returncode == -signal.SIGKILL
        assert not any(tmp_path.glob("store-*"))
    killed_in_writing(tmp_path)
    after = python(SHIPPED, tmp_path)
    out, err = after.communicate(timeout=60)
    assert (out, err, after.returncode) == ("no\n", "", 0)
    assert len(list(tmp_path.iterdir())) == 1


def killed_in_writing(home: Path) -> None:
    """Kill a build that has begun to write its folder; begin anew where it was too fast."""
    for _ in range(10):
        process = python(SHIPPED, home)
        while not any(home.glob(".store-*")) and process.poll() is None:
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)
        if any(home.glob(".store-*")) and not any(home.glob("store-*")):
            return
        for place in home.iterdir():
            shutil.rmtree(place)
    pytest.fail("no build could be killed while it wrote")


def test_a_changed_file_gives_a_new_store(turtle: Turtle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHARMAKON_HOME", str(tmp_path / "home"))
    file = turtle(TESTOL)
    places = [*base()[1:], file]
    first = pharmakon.open_graph(base()[0], places)
    assert first.schema.label(n.NS + "testol") == "testol"
    turtle(TESTOL.replace('"testol"', '"testol two"'))
    second = pharmakon.open_graph(base()[0], places)
    assert second.schema.label(n.NS + "testol") == "testol two"
    assert first.schema.values(n.NS + "testol", n.TYPE) == (n.DRUG,)
    assert len(list((tmp_path / "home").iterdir())) == 2
    turtle(TESTOL)
    assert build.path_of(build.Sources.of(base()[0], places)).is_dir()


def test_a_store_is_read_only_once_built(graph: Graph) -> None:
    with pytest.raises((OSError, RuntimeError)):
        graph.store.add(next(iter(graph.store)))


# --- withdrawing a source ---------------------------------------------------------------------------------------------


def test_without_a_source_what_rests_on_it_falls(graph: Graph) -> None:
    verdict = lambda drug, cls, *without: graph.evaluator(without).verdict(n.NS + drug, Named(n.NS + cls))  # noqa: E731
    assert verdict("baclofen", "Opioid") == "no"
    assert verdict("baclofen", "Opioid", "pharmakon") == "unknown"
    assert verdict("baclofen", "Opioid", "gtopdb") == "no"
    assert verdict("baclofen", "Opioid", "gtopdb", "drugcentral", "chembl") == "no"
    assert verdict("baclofen", "Opioid", "gtopdb", "drugcentral", "chembl", "fda-label-lioresal-intrathecal") == "unknown"
    assert verdict("morphine", "Opioid", "pharmakon") == "yes"
    assert verdict("baclofen", "OpiateStrict", "gtopdb") == "no"
    assert verdict("baclofen", "OpiumAlkaloid", "gtopdb") == "unknown"


def test_loading_reads_only_what_it_is_given() -> None:
    files = [ontology() / "vocabulary.ttl"]
    with pytest.raises(BadOntology) as caught:
        load.read([*files, ontology() / "drugs" / "baclofen.ttl"])
    assert all(" is not declared anywhere: a misspelt name?" in problem for problem in caught.value.problems)
