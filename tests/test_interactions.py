"""Interactions: what fires, what is refused, what is open, and how each is known. Expected rules come from pharmacology, not from the code."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import jsonschema
import pytest

import pharmakon
from pharmakon import names as n
from pharmakon.cli import main
from pharmakon.errors import BadOntology, BadQuestion, UnknownName
from pharmakon.evaluate import Evaluator
from pharmakon.expression import Named
from pharmakon.facts import View
from pharmakon.graph import Graph
from pharmakon.interact import Pairs, every_pair, rules

VERBS = json.loads((Path(pharmakon.__file__).parent / "schema" / "verbs.schema.json").read_text("utf-8"))

CNS = "additive depression of the central nervous system"
BREATHING = "additive depression of breathing"
WITHDRAWAL = "precipitated opioid withdrawal"
SEROTONIN = "two serotonin-raising drugs"
TOXICITY = "serotonin toxicity with a monoamine oxidase inhibitor"
QT = "additive prolongation of the QT interval"
AT = "opposition at a receptor: {}"
LESS = "induction of an enzyme or transporter: {}"
MORE = "inhibition of an enzyme or transporter: {}"
LABEL = "depressant against the warning of a label"
INACTIVE = "prodrug that is not made active: {}"

FIRES = {
    ("baclofen", "morphine"): {CNS, BREATHING},
    ("baclofen", "ethanol"): {CNS, BREATHING},
    ("baclofen", "ibuprofen"): set(),
    ("baclofen", "paracetamol"): set(),
    ("baclofen", "naloxone"): set(),
    ("rocuronium", "baclofen"): set(),
    ("naloxone", "ethanol"): set(),
    ("hydroxyzine", "disulfiram"): set(),
    ("paracetamol", "ibuprofen"): set(),
    ("naloxone", "morphine"): {WITHDRAWAL, AT.format("mu opioid receptor")},
    ("buprenorphine", "morphine"): {WITHDRAWAL},
    ("codeine", "paroxetine"): {INACTIVE.format("CYP2D6")},
    ("haloperidol", "paroxetine"): {MORE.format("CYP2D6")},
    ("morphine", "naloxegol"): {"opioid with a peripheral antagonist"},
    ("clonidine", "amitriptyline"): {CNS, "antidepressant against an alpha-2 agonist"},
    ("phenelzine", "dextromethorphan"): {TOXICITY},
    ("nalbuphine", "diazepam"): {LABEL},
    ("rocuronium", "sevoflurane"): {"neuromuscular blocker with a volatile anaesthetic"},
    ("warfarin", "cocaine"): set(),
    ("loperamide", "naloxone"): {AT.format("mu opioid receptor")},
    ("tramadol", "phenelzine"): {TOXICITY, LABEL},
    ("linezolid", "fluoxetine"): {TOXICITY},
    ("morphine", "phenelzine"): {"opioid with a monoamine oxidase inhibitor", LABEL},
    ("diazepam", "flumazenil"): {"reversal of a benzodiazepine-site drug"},
    ("rocuronium", "neostigmine"): {"reversal of a neuromuscular block"},
    ("rocuronium", "dantrolene"): {"added weakness at the muscle"},
    ("warfarin", "ibuprofen"): {"bleeding with a vitamin K antagonist"},
    ("tizanidine", "fluvoxamine"): {MORE.format("CYP1A2")},
    ("tizanidine", "ciprofloxacin"): {MORE.format("CYP1A2")},
    ("fentanyl", "ritonavir"): {MORE.format("CYP3A4")},
    ("midazolam", "rifampicin"): {LESS.format("CYP3A4")},
    ("methadone", "citalopram"): {QT, SEROTONIN},
}
"""Pairs with every rule that fires for them."""


@pytest.fixture(scope="module")
def pairs(graph: Graph) -> Pairs:
    return Pairs(graph, graph.evaluator())


@pytest.mark.parametrize("pair", FIRES, ids="+".join)
def test_every_rule_that_fires_for_a_pair(pair: tuple[str, str], graph: Graph) -> None:
    for order in (pair, pair[::-1]):
        assert {i.rule.label for i in pharmakon.interactions(*order, graph=graph).found} == FIRES[pair]


def test_loperamide_with_quinidine(graph: Graph) -> None:
    """The shield of the opioid is lost; that P-glycoprotein alone explains it is disputed, and the rule says so."""
    found = {i.rule.label: i for i in pharmakon.interactions("loperamide", "quinidine", graph=graph).found}
    shield = found["loss of the shield that keeps an opioid out"]
    assert (shield.a.label, shield.b.label, shield.consequence) == ("quinidine", "loperamide", "respiratory depression")
    assert "disputed" in shield.because
    assert set(found) == {"loss of the shield that keeps an opioid out", MORE.format("P-glycoprotein"), "opioid with an anticholinergic"}


def test_a_regimen_of_five(graph: Graph) -> None:
    """Every pair is looked at; what fires comes gravest first."""
    drugs = ("baclofen", "morphine", "ethanol", "ibuprofen", "fluoxetine")
    answer = pharmakon.interactions(*drugs, graph=graph)
    depress = {frozenset(p) for p in combinations(("baclofen", "morphine", "ethanol"), 2)}
    assert {frozenset((i.a.label, i.b.label)) for i in answer.found if i.rule.label == CNS} == depress
    assert {frozenset((i.a.label, i.b.label)) for i in answer.found if i.rule.label == BREATHING} == depress
    order = ["life-threatening", "serious", "moderate", "used on purpose"]
    ranks = [order.index(i.seriousness) for i in answer.found]
    assert ranks == sorted(ranks)
    bleeding = next(i for i in answer.found if i.rule.label == "bleeding by two weakenings of platelets")
    assert (bleeding.a.label, bleeding.b.label) == ("ibuprofen", "fluoxetine")


def test_how_an_interaction_is_known(graph: Graph) -> None:
    """Forbidden on a label, boxed, warned of, or only derived."""

    def known(one: str, other: str, rule: str) -> tuple[str, str]:
        (found,) = (i for i in pharmakon.interactions(one, other, graph=graph).found if i.rule.label == rule)
        return found.known, found.seriousness

    assert known("tizanidine", "fluvoxamine", MORE.format("CYP1A2")) == ("contraindication", "serious")
    assert known("morphine", "diazepam", CNS) == ("boxed warning", "serious")
    assert known("baclofen", "ethanol", BREATHING) == ("warning", "life-threatening")
    assert known("rocuronium", "neostigmine", "reversal of a neuromuscular block") == ("derived only", "used on purpose")
    assert known("tramadol", "phenelzine", TOXICITY) == ("contraindication", "life-threatening")


def test_a_rule_with_two_roles_fires_in_each_order_that_holds(graph: Graph) -> None:
    """Haloperidol and paroxetine inhibit CYP2D6, and it handles both: two interactions, whichever drug is named first."""
    for order in (("haloperidol", "paroxetine"), ("paroxetine", "haloperidol")):
        found = {(i.a.label, i.b.label) for i in pharmakon.interactions(*order, graph=graph).found}
        assert found == {("haloperidol", "paroxetine"), ("paroxetine", "haloperidol")}


def test_a_topic_on_one_enzyme_is_no_evidence_at_another(graph: Graph) -> None:
    """The box on hydrocodone is about CYP3A4: it says nothing of fluoxetine, which inhibits CYP2D6."""
    (found,) = (i for i in pharmakon.interactions("hydrocodone", "fluoxetine", graph=graph).found if i.rule.label == MORE.format("CYP2D6"))
    assert not any("CYP3A4" in w.claim for w in found.warnings)
    (found,) = (i for i in pharmakon.interactions("hydrocodone", "ritonavir", graph=graph).found if i.rule.label == MORE.format("CYP3A4"))
    assert any("CYP3A4" in w.claim and "boxed" in w.claim for w in found.warnings)


def test_what_is_not_known_says_which_membership_is_open(graph: Graph) -> None:
    refused = {r.rule.label: r for r in pharmakon.interactions("baclofen", "haloperidol", graph=graph).refused}
    assert refused[CNS].verdict == "unknown"
    assert [(p.claim, p.verdict) for p in refused[CNS].because.children] == [("haloperidol is a CNS depressant", "unknown")]


def test_a_refusal_proves_a_failure_in_every_order(graph: Graph) -> None:
    """Of a rule with two roles both orders fail, each by a membership that is disproved."""
    refused = {r.rule.label: r for r in pharmakon.interactions("baclofen", "morphine", graph=graph).refused}
    node = refused["opioid with an anticholinergic"].because
    claims = {(p.claim, p.verdict) for p in node.children}
    assert claims == {
        ("baclofen activates an opioid receptor, itself or through a metabolite", "no"),
        ("baclofen blocks a muscarinic receptor", "no"),
    }


def test_renal_impairment(graph: Graph) -> None:
    """The condition marks the drugs that leave by the kidney; asked alone, it lists them."""
    answer = pharmakon.interactions("baclofen", "morphine", condition="renal impairment", graph=graph)
    assert [m.drug.label for m in answer.modified] == ["baclofen"]
    everyone = {m.drug.label for m in pharmakon.interactions(condition="renal impairment", graph=graph).modified}
    assert {"baclofen", "gabapentin", "pregabalin"} <= everyone
    assert not {"morphine", "diazepam", "ibuprofen"} & everyone


def test_one_drug_meets_all_others(graph: Graph) -> None:
    alone = pharmakon.interactions("naloxone", graph=graph)
    assert {"morphine", "fentanyl", "heroin"} <= {i.a.label for i in alone.found if i.rule.label == WITHDRAWAL}
    assert alone.refused == ()


def test_all_pairs_are_the_pairs_asked_one_by_one(graph: Graph, pairs: Pairs) -> None:
    """The set at a time and the pair at a time agree, in the roles too."""
    known = {(rule.iri, a, b) for rule, a, b in every_pair(graph=graph)}
    drugs = graph.schema.drugs()
    sample = random.Random(11).sample(list(combinations(drugs, 2)), 400)
    for a, b in sample:
        asked = {(i.rule.iri, frozenset((i.a.iri, i.b.iri))) for i in pairs.interactions(a, b)}
        assert asked == {(rule, frozenset(p)) for rule, *p in known if set(p) == {a, b}}


def test_verdict_of_a_pair_is_kleene_over_its_memberships(graph: Graph, pairs: Pairs) -> None:
    """Independently: yes if some order has two yes, no if every order has a no, unless a stronger rule fires; else not known."""
    evaluator = graph.evaluator()
    drugs = random.Random(5).sample(graph.schema.drugs(), 14)
    plain = [rule for rule in pairs.rules if not rule.yields_to]
    for a, b in combinations(drugs, 2):
        for rule in plain:
            found = [[evaluator.verdict(d, Named(r)) for d, r in zip(o, rule.roles, strict=True)] for o in ((a, b), (b, a))]
            expected = "yes" if ["yes", "yes"] in found else "no" if all("no" in f for f in found) else "unknown"
            assert pairs.verdict(rule, a, b) == expected, (a, b, rule)


def test_withdrawing_what_a_membership_rests_on_takes_the_interaction_away(graph: Graph) -> None:
    """Baclofen's mechanism hidden, nothing is left that makes it a depressant: the rule is open, not refused."""
    (mechanism,) = graph.schema.values(n.NS + "baclofen", n.HAS_MECHANISM)
    bare = Pairs(graph, Evaluator(graph.schema, View(graph.store).hiding([mechanism])))
    (rule,) = (r for r in bare.rules if r.label == CNS)
    assert Pairs(graph, graph.evaluator()).verdict(rule, n.NS + "baclofen", n.NS + "morphine") == "yes"
    assert bare.verdict(rule, n.NS + "baclofen", n.NS + "morphine") == "unknown"


@pytest.mark.parametrize(
    "drugs", [("baclofen", "morphine"), ("codeine", "paroxetine"), ("naloxone", "ethanol"), ("baclofen",)], ids="+".join
)
def test_json_has_the_ten_items_of_the_minimal_information_model(drugs: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["interactions", *drugs, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    jsonschema.validate(answer, {"$ref": "#/$defs/interactions", "$defs": VERBS["$defs"]})
    for node in [i["proof"] for i in answer["interactions"]] + [r["because"] for r in answer["refused"]]:
        assert all(leaf["sources"] for leaf in leaves(node))


def leaves(node: dict[str, object]) -> list[dict[str, object]]:
    children = node["children"]
    assert isinstance(children, list)
    mine = [node] if node["kind"] in ("statement", "claim", "rule") else []
    return mine + [leaf for child in children for leaf in leaves(child)]


# --- rules as data ----------------------------------------------------------------------------------------------------


def test_every_rule_joins_classes_of_drugs_and_has_a_source_that_can_be_opened(graph: Graph) -> None:
    schema = graph.schema
    for rule in rules(schema):
        for role in rule.roles:
            definition = schema.definition(role)
            assert definition is not None and n.DRUG in {getattr(p, "iri", None) for p in getattr(definition, "parts", ())}, rule
        read = {s for a in schema.values(rule.base, n.ASSERTED_BY) for s in schema.values(a, n.SOURCE)}
        assert any(schema.values(s, n.NS + "readAt") for s in read), rule


SMALL = (
    ':A a owl:Class ; rdfs:label "kind A"@en ; skos:definition "A test."@en ; dct:source src:gtopdb ; owl:equivalentClass [ a owl:Class ;\n'
    "    owl:intersectionOf ( :Drug [ a owl:Restriction ; owl:onProperty :hasDistribution ; owl:someValuesFrom :ReachesCNS ] ) ] .\n"
    ':B a owl:Class ; rdfs:label "kind B"@en ; skos:definition "A test."@en ; dct:source src:gtopdb ; owl:equivalentClass [ a owl:Class ;\n'
    "    owl:intersectionOf ( :Drug [ a owl:Restriction ; owl:onProperty :hasDistribution ; owl:someValuesFrom :PeripheryOnly ] ) ] .\n"
    + "".join(
        f':{name} a :Drug ; rdfs:label "{name}"@en ; skos:definition "A test."@en ; skos:exactMatch <https://bioregistry.io/unii:{name}> ;\n'
        f'    :hasDistribution [ a :{kind} ; :assertion [ :source src:gtopdb ; :locator "row" ] ] .\n'
        for name, kind in (("testol", "ReachesCNS"), ("otherol", "PeripheryOnly"))
    )
)
RULE = (
    ':TestRule a :InteractionRule ; rdfs:label "test rule"@en ; skos:definition "A test."@en ; :firstRole :A ; :secondRole :B ;\n'
    '    :consequence :Nausea ; :seriousness :ModerateHarm ; :interactionKind :Pharmacodynamic ; :because "A test." ;\n'
    '    :assertion [ :source src:gtopdb ; :locator "text" ] .\n'
)


def test_a_rule_is_one_file(small: Callable[[str], Graph]) -> None:
    (found,) = pharmakon.interactions("otherol", "testol", graph=small(RULE + SMALL)).found
    assert (found.rule.label, found.a.label, found.b.label, found.consequence, found.known) == (
        "test rule",
        "testol",
        "otherol",
        "nausea",
        "derived only",
    )


def test_a_rule_yields_to_one_that_says_better(small: Callable[[str], Graph]) -> None:
    """The stronger rule stands in its place, and is named as what superseded it; a membership that fails is a refusal all the same."""
    weaker = (
        RULE.replace(":TestRule", ":Weaker")
        .replace('"test rule"', '"weaker rule"')
        .replace(":secondRole", ":yieldsTo :TestRule ; :secondRole")
    )
    answer = pharmakon.interactions("testol", "otherol", graph=small(RULE + weaker + SMALL))
    assert [i.rule.label for i in answer.found] == ["test rule"]
    (refusal,) = answer.refused
    assert (refusal.rule.label, refusal.verdict) == ("weaker rule", "superseded")
    assert [child.claim for child in refusal.because.children] == ["testol and otherol: test rule"]


@pytest.mark.parametrize(
    "lost", [":secondRole :B ;", ":consequence :Nausea ;", ":seriousness :ModerateHarm ;", ':because "A test." ;', ":source src:gtopdb ; "]
)
def test_an_unfinished_rule_is_refused_with_its_place(lost: str, small: Callable[[str], Graph]) -> None:
    with pytest.raises(BadOntology, match=r"added\.ttl:[24]: .*(rule of interaction lacks|needs a :source)"):
        small(RULE.replace(lost, "") + SMALL)


def test_a_rule_over_an_unknown_class_is_refused(small: Callable[[str], Graph]) -> None:
    with pytest.raises(BadOntology, match=r"added\.ttl:2: :Opoid is not declared anywhere"):
        small(RULE.replace(":firstRole :A", ":firstRole :Opoid") + SMALL)


# --- input that is at fault -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("drugs", "error", "message"),
    [
        (("baclofen", "baclofen"), BadQuestion, "baclofen is given twice"),
        (("heroin", "diamorphine"), BadQuestion, "heroin is given twice"),
        (("baclofen", "morphine", "ethanol", "moprhine", "diazepam"), UnknownName, 'no drug is called "moprhine"; did you mean morphine'),
        ((), BadQuestion, "give two drugs or more"),
        (("baclofen", ""), UnknownName, "the name of a drug is empty"),
        (("baclofen", "opioid"), UnknownName, 'no drug is called "opioid"'),
    ],
    ids=["itself", "two-names", "one-of-five", "none", "empty", "class"],
)
def test_bad_input(drugs: tuple[str, ...], error: type[Exception], message: str, graph: Graph, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(error, match=message):
        pharmakon.interactions(*drugs, graph=graph)
    assert main(["interactions", *drugs]) == 2
    assert capsys.readouterr().err.startswith("pharmakon: ")


def test_unknown_condition(graph: Graph) -> None:
    with pytest.raises(UnknownName, match='no condition is called "kidney falure"'):
        pharmakon.interactions("baclofen", "morphine", condition="kidney falure", graph=graph)
