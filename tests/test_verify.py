"""Our verdicts against HermiT's, and the judge itself: it knows what is known by hand, and sees each fault that is planted."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pytest

from pharmakon import axioms, evaluate, hermit, matrix, owl, randoms, verify
from pharmakon import names as n
from pharmakon.axioms import Apart, Axiom, Below, Property, Same
from pharmakon.errors import PharmakonError
from pharmakon.evaluate import Evaluator
from pharmakon.expression import And, Expression, Named, Not, OneOf, Only, Or, Some
from pharmakon.facts import Schema, View
from pharmakon.graph import Graph

Small = Callable[[str], Graph]

SAID = ':assertion [ :source src:gtopdb ; :locator "row" ]'
MADE = """
:listedol a :Drug ; rdfs:label "listedol"@en ; skos:definition "All of it is listed."@en ; :hasMechanism _:mu , _:pde .
_:mu a :Agonism ; :target :MuOpioidReceptor ; SAID .
_:pde a :Inhibition ; :target :PDE10A ; SAID .
[] a :CompletenessClaim ; :about :listedol ; :onProperty :hasMechanism ; :member _:mu , _:pde ; SAID .
:openol a :Drug ; rdfs:label "openol"@en ; skos:definition "More may be."@en ;
    :hasMechanism [ a :Agonism ; :target :MuOpioidReceptor ; SAID ] .
:emptyol a :Drug ; rdfs:label "emptyol"@en ; skos:definition "It does nothing."@en .
[] a :CompletenessClaim ; :about :emptyol ; :onProperty :hasMechanism ; SAID .
:MuAgonist a owl:Class ; rdfs:label "mu agonist"@en ; skos:definition "Activates mu."@en ; dct:source src:gtopdb ;
    owl:equivalentClass [ owl:intersectionOf ( :Drug [ owl:onProperty :hasMechanism ; owl:someValuesFrom
        [ owl:intersectionOf ( :Mechanism :Agonism [ owl:onProperty :target ; owl:hasValue :MuOpioidReceptor ] ) ] ] ) ] .
:NoMuAgonist a owl:Class ; rdfs:label "no mu agonist"@en ; skos:definition "Does not."@en ; dct:source src:gtopdb ;
    owl:equivalentClass [ owl:intersectionOf ( :Drug [ owl:complementOf :MuAgonist ] ) ] .
:VaguePDE a owl:Class ; rdfs:label "vague"@en ; skos:definition "Acts at the unnamed member."@en ; dct:source src:gtopdb ;
    owl:equivalentClass [ owl:intersectionOf ( :Drug [ owl:onProperty :hasMechanism ; owl:someValuesFrom
        [ owl:intersectionOf ( :Mechanism [ owl:onProperty :target ; owl:hasValue :NonspecificPDE ] ) ] ] ) ] .
:PureAgonist a owl:Class ; rdfs:label "pure agonist"@en ; skos:definition "Activates and no more."@en ; dct:source src:gtopdb ;
    owl:equivalentClass [ owl:intersectionOf ( :Drug [ owl:onProperty :hasMechanism ; owl:someValuesFrom :Agonism ]
        [ owl:onProperty :hasMechanism ; owl:allValuesFrom :Agonism ] ) ] .
:ListedOrEmpty a owl:Class ; rdfs:label "listed or empty"@en ; skos:definition "One of two."@en ; dct:source src:gtopdb ;
    owl:equivalentClass [ owl:intersectionOf ( :Drug [ owl:oneOf ( :listedol :emptyol ) ] ) ] .
""".replace("SAID", SAID)
ODD = """
:oddol a :Drug ; rdfs:label "oddol"@en ; skos:definition "It does what it does not."@en ;
    :hasMechanism [ a :Agonism ; :target :MuOpioidReceptor ; SAID ] .
[] a :CompletenessClaim ; :about :oddol ; :onProperty :hasMechanism ; SAID .
""".replace("SAID", SAID)

BY_HAND = {
    "listedol": {"MuAgonist": "yes", "NoMuAgonist": "no", "VaguePDE": "unknown", "PureAgonist": "no", "ListedOrEmpty": "yes"},
    "openol": {"MuAgonist": "yes", "NoMuAgonist": "no", "VaguePDE": "unknown", "PureAgonist": "unknown", "ListedOrEmpty": "no"},
    "emptyol": {"MuAgonist": "no", "NoMuAgonist": "yes", "VaguePDE": "no", "PureAgonist": "no", "ListedOrEmpty": "yes"},
}


def pairs_of(*names: str) -> list[owl.Pair]:
    """Read ``baclofen Opioid`` as a pair."""
    return [(n.NS + drug, n.NS + cls) for drug, cls in (name.split() for name in names)]


def told(judged: Sequence[verify.Judged]) -> dict[str, tuple[str, str, str]]:
    """Return the three verdicts on each pair."""
    return {f"{j.drug.removeprefix(n.NS)} {j.name.removeprefix(n.NS)}": (j.evaluator, j.matrix, j.hermit) for j in judged}


def counts(lines: Sequence[str]) -> dict[str, list[int]]:
    """Read the table of a report."""
    rows = (re.fullmatch(r"(evaluator|matrix|HermiT)((?: +\d+){4})", line) for line in lines)
    return {row.group(1): [int(number) for number in row.group(2).split()] for row in rows if row}


# --- without Java -----------------------------------------------------------------------------------------------------


def written(axiom: Axiom) -> set[str]:
    """Write one axiom, with IRIs cut down to their last part."""
    return set(re.sub(r"<[^>]*[#/]([^>#/]+)>", r"\1", axioms.write([axiom]).decode()).splitlines())


A, P, X, Y = (f"http://x/{name}" for name in "apxy")
B, C = Named("http://x/b"), Named("http://x/c")
WRITTEN: list[tuple[Axiom, str]] = [
    (Below(A, Some(P, B)), "b type Class; _:b1 type Restriction; _:b1 onProperty p; _:b1 someValuesFrom b; a subClassOf _:b1"),
    (
        Same(A, And((B, Not(C)))),
        "b type Class; c type Class; _:b1 type Class; _:b1 complementOf c; _:b2 first _:b1; _:b2 rest nil; _:b3 first b; _:b3 rest _:b2; "
        "_:b4 type Class; _:b4 intersectionOf _:b3; a equivalentClass _:b4",
    ),
    (
        Below(A, Only(P, Or((B, C)))),
        "b type Class; c type Class; _:b1 first c; _:b1 rest nil; _:b2 first b; _:b2 rest _:b1; _:b3 type Class; _:b3 unionOf _:b2; "
        "_:b4 type Restriction; _:b4 onProperty p; _:b4 allValuesFrom _:b3; a subClassOf _:b4",
    ),
    (Same(A, Some(P, OneOf((X,)))), "_:b1 type Restriction; _:b1 onProperty p; _:b1 hasValue x; a equivalentClass _:b1"),
    (
        Same(A, OneOf((X, Y))),
        "_:b1 first y; _:b1 rest nil; _:b2 first x; _:b2 rest _:b1; _:b3 type Class; _:b3 oneOf _:b2; a equivalentClass _:b3",
    ),
    (
        Apart((B.iri, C.iri)),
        "_:b1 type AllDisjointClasses; b type Class; c type Class; _:b2 first c; _:b2 rest nil; _:b3 first b; _:b3 rest _:b2; _:b1 members _:b3",
    ),
    (
        Property(P, True, (B,), (C,), ("http://x/q",)),
        "p type ObjectProperty; p type FunctionalProperty; b type Class; p domain b; c type Class; p range c; p subPropertyOf q",
    ),
]


@pytest.mark.parametrize(("axiom", "expected"), WRITTEN)
def test_axioms_are_written_as_the_mapping_to_rdf_says(axiom: Axiom, expected: str) -> None:
    assert written(axiom) == {f"{triple} ." for triple in expected.split("; ")}


def test_the_view_of_one_drug(small: Small) -> None:
    """A statement is an existential, a claim a universal, a thing a class; what no definition mentions is left out."""
    graph = small(MADE)
    found = owl.view(graph.schema, View(graph.store), pairs_of("listedol VaguePDE"))
    n_ = n.NS
    plain = Named(n_ + "UnqualifiedMechanism")
    mu = And((Named(n_ + "Agonism"), Named(n_ + "DirectAction"), Named(n_ + "Firm"), plain, Some(n.TARGET, Named(n_ + "MuOpioidReceptor"))))
    pde = And((Named(n_ + "DirectAction"), Named(n_ + "Firm"), Named(n_ + "Inhibition"), plain, Some(n.TARGET, Named(n_ + "PDE10A"))))
    assert {a.whole for a in found if isinstance(a, Below) and a.name == n_ + "listedol"} == {
        Named(n.DRUG),
        Some(n.HAS_MECHANISM, mu),
        Some(n.HAS_MECHANISM, pde),
    } | {Only(n.HAS_MECHANISM, Or(tuple(pair))) for pair in _orders(found, mu, pde)}
    assert {a.name: a.whole for a in found if isinstance(a, Same)} == {
        n_ + "VaguePDE": And(
            (Named(n.DRUG), Some(n.HAS_MECHANISM, And((Named(n_ + "Mechanism"), Some(n.TARGET, Named(n_ + "NonspecificPDE"))))))
        )
    }
    assert [a.name for a in found if isinstance(a, Property)] == [n.HAS_MECHANISM, n.TARGET]
    unique = {frozenset(name.removeprefix(n_) for name in a.names) for a in found if isinstance(a, Apart)}
    assert frozenset({"MuOpioidReceptor", "PDE10A"}) in unique
    assert not any("NonspecificPDE" in names for names in unique), "it may be the same as PDE10A"


def _orders(found: Sequence[Axiom], one: Expression, other: Expression) -> list[tuple[Expression, Expression]]:
    """Return the order in which a claim lists its members, which their minted names decide."""
    wholes = [a.whole for a in found if isinstance(a, Below)]
    return [pair for pair in ((one, other), (other, one)) if Only(n.HAS_MECHANISM, Or(pair)) in wholes]


# --- HermiT -----------------------------------------------------------------------------------------------------------

slow = pytest.mark.slow


@slow
def test_hermit_concludes_what_is_known_by_hand() -> None:
    """Below is followed all the way, what is in two disjoint classes is empty, a universal meets an existential."""
    x = "http://x/"
    axioms_: list[Axiom] = [
        Property(x + "p", False, (), (), ()),
        Below(x + "a", Named(x + "b")),
        Below(x + "b", Named(x + "c")),
        Apart((x + "c", x + "d", x + "e")),
        Below(x + "both", Named(x + "a")),
        Below(x + "both", Named(x + "d")),
        Same(x + "somec", Some(x + "p", Named(x + "c"))),
        Below(x + "f", Some(x + "p", Named(x + "a"))),
        Below(x + "g", Only(x + "p", owl.NOTHING)),
        Below(x + "g", Named(x + "somec")),
    ]
    found = hermit.classify(axioms.write(axioms_))
    assert found.above[x + "a"] == {x + "a", x + "b", x + "c"}
    assert found.above[x + "f"] == {x + "f", x + "somec"}
    assert found.empty == {x + "both", x + "g"}
    assert found.disjoint == 1


@slow
def test_what_takes_too_long_is_stopped() -> None:
    with pytest.raises(PharmakonError, match=r"HermiT was stopped after 0\.05 s without an answer"):
        hermit.classify(b"", timeout=0.05)


@slow
def test_what_fails_is_told() -> None:
    with pytest.raises(PharmakonError, match="HermiT failed: "):
        hermit.classify(b"no triples")


@slow
def test_three_judges_on_what_is_known_by_hand(small: Small) -> None:
    graph = small(MADE)
    asked = [f"{drug} {cls}" for drug, classes in BY_HAND.items() for cls in classes]
    found = told(verify.compare(graph.schema, View(graph.store), pairs_of(*asked)))
    assert found == {f"{drug} {cls}": (verdict,) * 3 for drug, classes in BY_HAND.items() for cls, verdict in classes.items()}


@slow
def test_what_is_contradicted_is_told_by_the_audit_or_is_a_disagreement(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    graph, lines = small(MADE + ODD), list[str]()
    assert verify.judge(graph, 0, 0, lines.append) == 0
    assert (counts(lines)["HermiT"], lines[-1]) == ([5, 7, 3, 5], "0 disagreements")
    monkeypatch.setattr(verify, "audited", lambda *_: frozenset())
    lines.clear()
    assert verify.judge(graph, 0, 0, lines.append) == 1
    assert lines[-5:] == [
        "disagreement: :oddol :ListedOrEmpty: evaluator no, matrix no, HermiT contradicted",
        "disagreement: :oddol :NoMuAgonist: evaluator no, matrix no, HermiT contradicted",
        "disagreement: :oddol :PureAgonist: evaluator unknown, matrix unknown, HermiT contradicted",
        "disagreement: :oddol :VaguePDE: evaluator unknown, matrix unknown, HermiT contradicted",
        "4 disagreements",
    ]


@slow
def test_the_shipped_graph(graph: Graph) -> None:
    lines: list[str] = []
    assert verify.judge(graph, 300, 0, lines.append) == 0, lines
    found = counts(lines)
    assert found["evaluator"] == found["matrix"] == found["HermiT"]
    assert sum(found["HermiT"]) == len(graph.schema.drugs()) * len(graph.schema.drug_classes) + 300
    assert found["HermiT"][3] == 0
    assert lines[-1] == "0 disagreements"


@slow
def test_random_ontologies() -> None:
    lines: list[str] = []
    assert randoms.judge_random(50, 0, lines.append) == 0, lines
    assert lines[-1] == "0 disagreements"
    found = counts(lines)
    assert min(found["HermiT"]) > 20, "each verdict is put to the test"
    assert sum(found["evaluator"]) == sum(found["matrix"]) == sum(found["HermiT"])


# --- planted faults ---------------------------------------------------------------------------------------------------

FEW = pairs_of("baclofen Opioid", "baclofen GABABAgonist", "morphine Opioid")


@slow
def test_a_lie_about_one_pair_is_reported(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    honest, lines = Evaluator.verdict, list[str]()

    def lying(self: Evaluator, thing: str, e: Expression) -> str:
        return "yes" if (thing, e) == (n.NS + "baclofen", Named(n.NS + "Opioid")) else honest(self, thing, e)

    monkeypatch.setattr(Evaluator, "verdict", lying)
    monkeypatch.setattr(Schema, "drugs", lambda self: (n.NS + "baclofen", n.NS + "morphine"))
    assert verify.judge(graph, 0, 0, lines.append) == 1
    assert lines[-2:] == ["disagreement: :baclofen :Opioid: evaluator yes, matrix no, HermiT no", "1 disagreements"]


@slow
def test_a_disjointness_that_the_view_leaves_out_is_noticed(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = owl.view

    def view(*given: object) -> list[Axiom]:
        return [a for a in whole(*given) if not (isinstance(a, Apart) and n.NS + "OpioidReceptor" in a.names)]  # type: ignore[arg-type]

    expected = {"baclofen GABABAgonist": ("yes",) * 3, "morphine Opioid": ("yes",) * 3, "baclofen Opioid": ("no",) * 3}
    assert told(verify.compare(graph.schema, View(graph.store), FEW)) == expected
    monkeypatch.setattr(verify, "view", view)
    expected["baclofen Opioid"] = ("no", "no", "unknown")
    assert told(verify.compare(graph.schema, View(graph.store), FEW)) == expected


@slow
def test_a_disjointness_that_is_lost_on_the_way_is_noticed(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    sets = [a for a in owl.view(graph.schema, View(graph.store), FEW) if isinstance(a, Apart)]
    assert len(sets) == 5
    monkeypatch.setattr(verify, "write", lambda given: axioms.write([a for a in given if a != sets[0]]))
    with pytest.raises(PharmakonError, match=f"of {len(sets)} axioms of disjoint classes {len(sets) - 1} reached HermiT"):
        verify.compare(graph.schema, View(graph.store), FEW)


@slow
def test_a_name_taken_for_unique_that_is_not_is_noticed(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (evaluate, matrix):
        monkeypatch.setattr(module, "NO_UNIQUE_NAME", frozenset())
    graph = small(MADE)
    assert told(verify.compare(graph.schema, View(graph.store), pairs_of("listedol VaguePDE"))) == {
        "listedol VaguePDE": ("no", "no", "unknown")
    }


@slow
def test_a_contradiction_that_the_audit_overlooks_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some random ontologies hold one: with an audit that finds nothing it is missed."""
    monkeypatch.setattr(verify, "audited", lambda *_: frozenset())
    outcomes = (randoms.judge_one(f"0/{number}") for number in range(30))
    missed = next((outcome.wrong for outcome in outcomes if outcome.wrong), ())
    assert {re.sub(r"\d+", "N", line) for line in missed} == {"contradiction not found: :drugN"}
