"""What must hold of any facts: two evaluations agree, proofs are minimal and the whole story, changes do what they promise."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import PREFIXES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pharmakon import changes, load, matrix, spelling
from pharmakon import names as n
from pharmakon.build import _disjoint_sets, merged
from pharmakon.evaluate import Evaluator
from pharmakon.expression import And, Expression, Named, Not, OneOf, Only, Or, Some
from pharmakon.facts import Schema, View
from pharmakon.graph import Graph
from pharmakon.rdf import BlankNode, NamedNode, Quad, Store, Term, parse_turtle

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

# --- (a) one thing at a time and a set at a time ----------------------------------------------------------------------

ACTIONS, TARGETS, FAMILIES = ("Agonism", "Antagonism", "Modulation"), ("TA1", "TA2", "TB1", "TBany"), ("FamilyA", "FamilyB")
SCHEMA = """
:Drug a owl:Class . :Proposition a owl:Class . :Target a owl:Class . :UnnamedMember a owl:Class .
:statementProperty a owl:ObjectProperty .
:hasMechanism rdfs:subPropertyOf :statementProperty ; rdfs:domain :Drug ; rdfs:range :Mechanism .
:hasPlace a owl:FunctionalProperty ; rdfs:subPropertyOf :statementProperty ; rdfs:domain :Drug ; rdfs:range :Place .
:target a owl:FunctionalProperty ; rdfs:domain :Mechanism ; rdfs:range :Target .
:via a owl:FunctionalProperty ; rdfs:domain :Mechanism ; rdfs:range :Drug .
:Mechanism a owl:Class ; rdfs:subClassOf :Proposition . :Place a owl:Class ; rdfs:subClassOf :Proposition .
:Agonism a owl:Class ; rdfs:subClassOf :Mechanism . :Antagonism a owl:Class ; rdfs:subClassOf :Mechanism .
:Modulation a owl:Class ; rdfs:subClassOf :Mechanism .
:Inside a owl:Class ; rdfs:subClassOf :Place . :Outside a owl:Class ; rdfs:subClassOf :Place .
:FamilyA a owl:Class ; rdfs:subClassOf :Target . :FamilyB a owl:Class ; rdfs:subClassOf :Target .
:actions a owl:AllDisjointClasses ; owl:members ( :Agonism :Antagonism ) .
:places a owl:AllDisjointClasses ; owl:members ( :Inside :Outside ) .
:families a owl:AllDisjointClasses ; owl:members ( :FamilyA :FamilyB ) .
:kinds a owl:AllDisjointClasses ; owl:members ( :Mechanism :Place ) .
:TA1 a :FamilyA . :TA2 a :FamilyA . :TB1 a :FamilyB . :TBany a :FamilyB , :UnnamedMember .
:Placeholder a owl:Class . :source a owl:ObjectProperty .
"""


def iri(name: str) -> str:
    return n.NS + name


@st.composite
def fact_bases(draw: st.DrawFn) -> tuple[list[str], str]:
    """Draw some drugs: their names, and Turtle that states mechanisms, places and claims of them, true, void or contradicted."""
    names = [f"d{i}" for i in range(draw(st.integers(1, 4)))]
    lines = []
    for drug in names:
        lines.append(f":{drug} a :Drug .")
        mechanisms = draw(
            st.lists(st.tuples(st.sampled_from(ACTIONS), st.sampled_from([*TARGETS, ""]), st.sampled_from([*names, ""])), max_size=3)
        )
        nodes = []
        for i, (action, target, via) in enumerate(mechanisms):
            node = f":{drug}-m{i}"
            nodes.append(node)
            more = (f" ; :target :{target}" if target else "") + (f" ; :via :{via}" if via else "")
            stated, firm = (draw(st.sampled_from((True, True, True, False))) for _ in range(2))
            lines.append(f"{node} a :{action} , :Mechanism , :Proposition{' , :Firm' if firm else ''}{more} .")
            if stated:
                lines.append(f":{drug} :hasMechanism {node} .")
        for i in range(draw(st.integers(0, 2))):
            listed = draw(st.lists(st.sampled_from(nodes), unique=True)) if nodes and draw(st.booleans()) else nodes
            members = f" ; :member {' , '.join(listed)}" if listed else ""
            lines.append(f":{drug}-c{i} a :CompletenessClaim ; :about :{drug} ; :onProperty :hasMechanism{members} .")
        for i, place in enumerate(draw(st.lists(st.sampled_from(("Inside", "Outside")), max_size=2))):
            firm = " , :Firm" if draw(st.booleans()) else ""
            lines.append(f":{drug} :hasPlace :{drug}-p{i} . :{drug}-p{i} a :{place} , :Place , :Proposition{firm} .")
    return names, "\n".join(lines)


def expressions(depth: int = 3) -> st.SearchStrategy[Expression]:
    """Draw expressions on drugs, with fillers that fit their properties."""
    on_target: st.SearchStrategy[Expression] = st.one_of(
        st.sampled_from([Named(iri(f)) for f in (*FAMILIES, "Target")]),
        st.lists(st.sampled_from([iri(t) for t in TARGETS]), min_size=1, max_size=2, unique=True).map(lambda m: OneOf(tuple(m))),
    )
    on_target = on_target | on_target.map(Not)
    basic: st.SearchStrategy[Expression] = st.sampled_from([Named(iri(a)) for a in (*ACTIONS, "Mechanism")])
    inner = st.one_of(basic, on_target.map(lambda f: Some(iri("target"), f)), on_target.map(lambda f: Only(iri("target"), f)))
    place: st.SearchStrategy[Expression] = st.sampled_from([Named(iri(p)) for p in ("Inside", "Outside", "Place")])
    drug: st.SearchStrategy[Expression] = st.just(Named(iri("Drug")))
    for level in range(depth):
        if level:
            inner = inner | drug.map(lambda e: Some(iri("via"), e))
        mechanism = _combined(inner)
        quantified = st.one_of(
            mechanism.map(lambda f: Some(iri("hasMechanism"), f)),
            mechanism.map(lambda f: Only(iri("hasMechanism"), f)),
            place.map(lambda f: Some(iri("hasPlace"), f)),
            place.map(lambda f: Only(iri("hasPlace"), f)),
        )
        drug = _combined(quantified | drug)
    return drug


def _combined(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    lists = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.one_of(parts, parts.map(Not), lists.map(And), lists.map(Or))


class Defined(Schema):
    """A schema with one class that is defined by an expression which no file holds."""

    def __init__(self, store: Store, expression: Expression) -> None:
        super().__init__(store)
        shipped = self.definition
        self.definition = lambda name: expression if name == iri("Drawn") else shipped(name)  # type: ignore[assignment]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("drawn")


def load_raw(text: str, folder: Path) -> Store:
    """Return a store of Turtle that no check has seen: void and contradicted claims are wanted here."""
    file = folder / "drawn.ttl"
    file.write_text(PREFIXES + SCHEMA + text, "utf-8")
    store = Store()
    store.extend([_named(q) for q in parse_turtle(file)])
    return store


def _named(quad: Quad) -> Quad:
    """Give anonymous nodes a name, since what is stored has none."""

    def name(term: Term) -> Term:
        return NamedNode(f"{n.NS}x/{term.value}") if isinstance(term, BlankNode) else term

    return Quad(name(quad.subject), quad.predicate, name(quad.object))  # type: ignore[arg-type]


def whole(store: Store) -> Store:
    """Note superclasses and disjoint sets, as loading and building do."""
    schema = Schema(store)
    for quad in list(store.quads_for_pattern(None, NamedNode(n.TYPE), None, None)):
        if isinstance(quad.object, NamedNode):
            for above in schema.ancestors(quad.object.value):
                store.add(Quad(quad.subject, quad.predicate, NamedNode(above)))
    store.extend([merged(q) for q in _disjoint_sets(Schema(store))])
    return store


SIDES = {"yes": (True, False), "no": (False, True), "unknown": (False, False), "contradicted": (True, True)}


@QUICK
@given(base=fact_bases(), expression=expressions())
def test_both_evaluations_agree(base: tuple[list[str], str], expression: Expression, folder: Path) -> None:
    """The index proves what the evaluator proves: each side on its own, without trust in a contradicted claim."""
    names, text = base
    store = whole(load_raw(text, folder))
    schema, drugs = Defined(store, expression), [iri(d) for d in names]
    view = View(store)
    evaluator = Evaluator(schema, view)
    yes, no = matrix.Index(schema, view, drugs).verdicts([iri("Drawn")])[iri("Drawn")]
    for i, drug in enumerate(drugs):
        proved = (bool(evaluator.prove(drug, Named(iri("Drawn")), True)), bool(evaluator.prove(drug, Named(iri("Drawn")), False)))
        assert (bool(yes[i]), bool(no[i])) == proved, (drug, expression)


def test_both_evaluations_agree_on_the_shipped_graph(graph: Graph) -> None:
    schema, evaluator = graph.schema, graph.evaluator()
    classes = (*schema.drug_classes, *random.Random(1).sample(schema.pattern_classes(), 250))
    verdicts = matrix.Index(schema, View(graph.store), schema.drugs()).verdicts(classes)
    differ = [
        (drug, name)
        for name, (yes, no) in verdicts.items()
        for i, drug in enumerate(schema.drugs())
        if (bool(yes[i]), bool(no[i])) != SIDES[evaluator.verdict(drug, Named(name))]
    ]
    assert differ == []


@QUICK
@given(base=fact_bases(), expression=expressions())
def test_reasons_are_minimal_for_any_facts(base: tuple[list[str], str], expression: Expression, folder: Path) -> None:
    """Each reason proves its side alone, and no part of it does."""
    names, text = base
    store = whole(load_raw(text, folder))
    schema = Defined(store, expression)
    evaluator = Evaluator(schema, View(store))
    for drug in (iri(d) for d in names):
        for positive in (True, False):
            for reason in evaluator.reasons(drug, expression, positive):
                assert proves(schema, store, drug, expression, positive, reason)
                for leaf in reason:
                    assert not proves(schema, store, drug, expression, positive, reason - {leaf})


# --- (b) knock-out ----------------------------------------------------------------------------------------------------


def statements_of(schema: Schema, store: Store) -> frozenset[str]:
    """Return all propositions and claims of a store."""
    return frozenset((*schema.subjects(n.TYPE, n.PROPOSITION), *schema.subjects(n.TYPE, n.CLAIM)))


class Alone(View):
    """A view in which only some statements can be used, and a claim holds by its own members alone.

    To overlook every other statement would be too much: a claim is void when a member is gone, and it is contradicted by a stated
    value that it does not list. So a claim is kept only where all its members are, and others' values are overlooked.
    """

    def __init__(self, store: Store, everything: frozenset[str], kept: frozenset[str]) -> None:
        super().__init__(store, hidden=everything - kept)


def proves(schema: Schema, store: Store, thing: str, e: Expression, positive: bool, kept: frozenset[str]) -> bool:
    """Whether some statements prove one side with no help from any other."""
    return bool(Evaluator(schema, Alone(store, statements_of(schema, store), kept)).prove(thing, e, positive))


def sample(graph: Graph, count: int) -> Iterator[tuple[str, str, str]]:
    """Draw yes and no verdicts, half of them over hand-written classes, each side equally often where it can be."""
    schema, evaluator, draw = graph.schema, graph.evaluator(), random.Random(20261123)
    for classes in (schema.drug_classes, schema.pattern_classes()):
        pairs = [(d, c) for d in schema.drugs() for c in classes]
        draw.shuffle(pairs)
        found: dict[str, int] = {"yes": 0, "no": 0}
        for drug, name in pairs:
            verdict = evaluator.verdict(drug, Named(name))
            if verdict in found and found[verdict] < count // 4:
                found[verdict] += 1
                yield drug, name, verdict
        assert found == {"yes": count // 4, "no": count // 4}


@pytest.mark.slow
def test_knock_out(graph: Graph) -> None:
    """Withdraw one statement of a reason and the reason falls; withdraw one of each and the verdict is not known."""
    schema, evaluator, draw = graph.schema, graph.evaluator(), random.Random(7)
    everything = statements_of(schema, graph.store)
    view = View(graph.store)
    pairs = list(sample(graph, 520))
    assert len(pairs) == 520
    statements = 0
    for drug, name, verdict in pairs:
        positive, e = verdict == "yes", Named(name)
        reasons = evaluator.reasons(drug, e, positive)
        assert reasons, (drug, name)
        about = everything_about(schema, drug)
        for reason in reasons[:6]:
            assert reason <= everything
            assert holds(schema, view, drug, e, positive, about - reason), (drug, name, reason)
            for leaf in reason:
                statements += 1
                assert not holds(schema, view, drug, e, positive, (about - reason) | {leaf}), (drug, name, leaf)
        for group in [greedy(reasons, draw), *changes.hitting_sets(reasons)[:1]]:
            assert Evaluator(schema, view.hiding(group)).verdict(drug, e) == "unknown", (drug, name, group)
    assert statements > 1000


def holds(schema: Schema, view: View, drug: str, e: Expression, positive: bool, hidden: frozenset[str]) -> bool:
    return bool(Evaluator(schema, view.hiding(hidden)).prove(drug, e, positive))


def everything_about(schema: Schema, drug: str) -> frozenset[str]:
    """Return the statements and claims on a drug and on the drugs that its statements lead to."""
    found: set[str] = set()
    todo, seen = [drug], {drug}
    while todo:
        here = todo.pop()
        statements = [s for p in schema.statement_properties for s in schema.values(here, p)]
        found.update(statements, schema.subjects(n.ABOUT, here))
        for statement in statements:
            for prop in (n.VIA, n.NS + "madeFrom"):
                todo += [v for v in schema.values(statement, prop) if v not in seen]
                seen.update(schema.values(statement, prop))
    return frozenset(found)


def greedy(reasons: list[frozenset[str]], draw: random.Random) -> frozenset[str]:
    """Take one statement from each reason that is not hit yet: not the smallest such set, but one that nobody optimised."""
    taken: set[str] = set()
    for reason in reasons:
        if not taken & reason:
            taken.add(draw.choice(sorted(reason)))
    return frozenset(taken)


# --- (c) hitting sets -------------------------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(st.lists(st.frozensets(st.sampled_from("abcdef"), min_size=1, max_size=4), max_size=6))
def test_hitting_sets_hit_and_are_minimal(reasons: list[frozenset[str]]) -> None:
    found = changes.hitting_sets(reasons, most=1000)
    everything = [frozenset(c for i, c in enumerate("abcdef") if bits >> i & 1) for bits in range(64)]
    hitting = [s for s in everything if all(s & r for r in reasons)]
    minimal = {s for s in hitting if not any(t < s for t in hitting)}
    assert set(found) == (minimal if reasons else set())
    assert [len(s) for s in found] == sorted(len(s) for s in found)
    assert len(found) == len(set(found))


# --- (d) what if ------------------------------------------------------------------------------------------------------


def apply(graph: Graph, drug: str, plan: changes.Plan) -> View:
    """Return the view in which the changes of a plan were made; a new claim lists what is then stated."""
    view = View(graph.store)
    view = view.hiding(c.statement for c in plan if c.kind == "withdraw")
    for change in plan:
        view = view.adding(change.added)
    return view


@pytest.mark.slow
def test_what_if_does_what_it_says(graph: Graph) -> None:
    """Where a plan only states and withdraws, the verdict turns to what it promises."""
    schema, evaluator = graph.schema, graph.evaluator()
    turned = {"yes": 0, "no": 0}
    for drug, name, verdict in sample(graph, 240):
        wanted = "no" if verdict == "yes" else "yes"
        for plan in changes.turning(evaluator, drug, Named(name), wanted == "yes"):
            if not plan or any(c.kind == "claim" for c in plan):
                continue
            after = Evaluator(schema, apply(graph, drug, plan))
            assert after.prove(drug, Named(name), wanted == "yes"), (drug, name, [c.text for c in plan])
            turned[wanted] += 1
    assert turned["yes"] > 50


@pytest.mark.slow
def test_unsettling_withdrawals_are_smallest(graph: Graph) -> None:
    """No part of a set that unsettles a verdict unsettles it."""
    schema, view = graph.schema, View(graph.store)
    for drug, name, verdict in sample(graph, 120):
        reasons = graph.evaluator().reasons(drug, Named(name), verdict == "yes")
        for group in changes.hitting_sets(reasons)[:3]:
            assert Evaluator(schema, view.hiding(group)).verdict(drug, Named(name)) == "unknown"
            for leaf in group:
                assert Evaluator(schema, view.hiding(group - {leaf})).verdict(drug, Named(name)) == verdict


# --- (e) loading ------------------------------------------------------------------------------------------------------

BLOCKS = [
    ':testol a :Drug ; rdfs:label "testol"@en ; skos:definition "A drug."@en .',
    ":testol :hasMechanism _:A .",
    "_:A a :Agonism .",
    "_:A :target :GABA-B .",
    '_:A :assertion [ :source src:one ; :locator "p. 1" ] .',
    '_:A :assertion [ :locator "p. 2" ; :source src:one ] .',
    ":testol :hasOrigin _:B .",
    '_:B a :SyntheticOrigin ; :assertion [ :source src:one ; :locator "p. 3" ] .',
    '_:C a :CompletenessClaim ; :about :testol ; :onProperty :hasMechanism ; :member _:A ; :basis "read" ; :assertion [ :source src:one ; :locator "own" ] .',
    ":Kind a owl:Class ; owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( :Drug [ owl:onProperty :hasMechanism ; owl:someValuesFrom :Agonism ] ) ] .",
    'src:one a :Paper ; dct:title "One" .',
]
NAMES = (
    ":Drug a owl:Class . :Agonism a owl:Class . :SyntheticOrigin a owl:Class . :Paper a owl:Class . :GABA-B a :Drug . :CompletenessClaim a owl:Class . "
    ":statementProperty a owl:ObjectProperty . :hasMechanism rdfs:subPropertyOf :statementProperty ; rdfs:range :Mechanism . :Mechanism a owl:Class . "
    ":hasOrigin rdfs:subPropertyOf :statementProperty ; rdfs:range :Origin . :Origin a owl:Class . :target a owl:ObjectProperty . "
    ":assertion a owl:ObjectProperty . :source a owl:ObjectProperty . :locator a owl:ObjectProperty . :about a owl:ObjectProperty . "
    ":onProperty a owl:ObjectProperty . :member a owl:ObjectProperty . :basis a owl:ObjectProperty .\n"
)


def quads(folder: Path, blocks: list[str], labels: tuple[str, ...]) -> set[str]:
    text = NAMES + "\n".join(blocks)
    for old, new in zip(("_:A", "_:B", "_:C"), labels, strict=True):
        text = text.replace(old, f"_:{new}")
    file = folder / "order.ttl"
    file.write_text(PREFIXES + text, "utf-8")
    return {str(q) for q in load.read([file]).quads}


@QUICK
@given(order=st.permutations(BLOCKS), labels=st.permutations(("x", "y", "longer")))
def test_minted_names_depend_on_content_alone(order: list[str], labels: list[str], folder: Path) -> None:
    """Neither the order of the lines nor the labels of anonymous nodes change what is loaded."""
    expected = quads(folder, BLOCKS, ("a", "b", "c"))
    assert quads(folder, list(order), tuple(labels)) == expected
    assert not any("_:" in q for q in expected)


def test_another_content_has_another_name(folder: Path) -> None:
    """A qualifier makes another proposition; a note or a further source does not."""

    def minted(blocks: list[str]) -> set[str]:
        return {
            word
            for q in quads(folder, blocks, ("a", "b", "c"))
            for word in q.split()
            if "/s/testol-Agonism" in word and word.count("/") == 5
        }

    (one,) = minted(BLOCKS)
    assert minted([*BLOCKS, '_:A :note "a remark" .', ":note a owl:ObjectProperty ."]) == {one}
    assert minted([b.replace(":GABA-B", ":testol") if ":target" in b else b for b in BLOCKS]) != {one}


# --- (f) spelling -----------------------------------------------------------------------------------------------------


@given(st.text())
def test_normal_form_is_its_own_normal_form(name: str) -> None:
    assert spelling.normal(spelling.normal(name)) == spelling.normal(name)


@given(st.text(alphabet="abcDEF -_µ₂é", min_size=1))
def test_case_and_hyphens_do_not_matter(name: str) -> None:
    assert spelling.normal(name.upper()) == spelling.normal(name.lower()) or "µ" in name
    assert spelling.normal(name.replace("-", " ")) == spelling.normal(name)
