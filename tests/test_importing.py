"""Importing: where targets go, what a drug that only a database knows is proved to be, and the numbers that an import reports.

The sources are those of :mod:`samples`. One import goes into the shipped ontology; the others into a small one, of targets and
of classes that patterns make, whose memberships are written out here.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
import samples
from conftest import PREFIXES
from hypothesis import given, settings
from hypothesis import strategies as st

import pharmakon
from pharmakon import graph as g
from pharmakon import names as n
from pharmakon import spelt
from pharmakon.build import Sources, stated
from pharmakon.cli import main
from pharmakon.errors import AmbiguousName, StoreUnavailable, UnknownName
from pharmakon.evaluate import Evaluator
from pharmakon.expression import Named
from pharmakon.facts import Schema, View
from pharmakon.graph import Graph
from pharmakon.imports.folder import current
from pharmakon.imports.importing import Imported, add
from pharmakon.imports.targeting import Placed, Targets
from pharmakon.locate import ontology
from pharmakon.memberships import proved
from pharmakon.rdf import Quad
from pharmakon.sources import named
from pharmakon.sources.records import Family, Target

TARGETS_ONLY = [ontology() / name for name in ("vocabulary.ttl", "terms", "sources", "crosswalks/actions.ttl", "crosswalks/families.ttl")]
SMALL = [*TARGETS_ONLY, ontology() / "definitions" / "patterns.ttl"]
FAMILY, RECEPTOR, T = "iuphar.family:", "iuphar.receptor:", n.IMPORTED_TARGET
GTOPDB, DRUGCENTRAL, CHEMBL = (f"{n.SRC}{name}" for name in ("gtopdb", "drugcentral", "chembl"))


def quads(store: Path) -> set[Quad]:
    """Return all that a store holds."""
    return set(pharmakon.open_graph(store=store).store)


def labels(graph: Graph, *things: str) -> list[str]:
    return sorted(graph.schema.label(thing) for thing in things)


# --- targets ------------------------------------------------------------------------------------------------------------

CITING = """:examplol a :Drug ; rdfs:label "examplol"@en ; skos:definition "Invented."@en ; :hasMechanism [ a :Agonism ; :target :MuOpioidReceptor ;
    :assertion [ :source src:chembl ; :locator "CHEMBL1, CHEMBL777" ] ] ,
    [ a :Agonism ; :target :D2 ; :assertion [ :source src:chembl ; :locator "CHEMBL1, CHEMBL888" ] ] ,
    [ a :Agonism ; :target :D3 ; :assertion [ :source src:chembl ; :locator "CHEMBL1, CHEMBL888" ] ] ."""


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Schema:
    """Return the shipped targets, with one drug that cites rows of ChEMBL: one target of one row, and one of two."""
    path = tmp_path_factory.mktemp("citing") / "citing.ttl"
    path.write_text(PREFIXES + CITING, "utf-8")
    return Schema(stated(Sources.of(TARGETS_ONLY[0], [*TARGETS_ONLY[1:], path]))[1])


@pytest.mark.parametrize(
    "target, local",
    [
        pytest.param(Target(f"{RECEPTOR}319", "&mu; receptor", (f"{FAMILY}50",), ("P35372",)), "MuOpioidReceptor", id="the same entry"),
        pytest.param(Target(f"{RECEPTOR}412", "GABAA receptor beta3 subunit"), "GABA-A", id="an entry of a part"),
        pytest.param(Target("uniprot:P14416", "D2", (), ("P14416",)), "D2", id="the same protein"),
        pytest.param(Target("uniprot:O75899", "GABBR2", (), ("O75899",)), "GABA-B", id="a part of a complex"),
        pytest.param(Target("uniprot:O75899|Q9UBS5", "GABA-B", (), ("O75899", "Q9UBS5")), "GABA-B", id="the whole complex"),
        pytest.param(
            Target("uniprot:P14867|P18507|P47870", "GABA-A", (), ("P14867", "P18507", "P47870")), "GABA-A", id="parts of a family's"
        ),
        pytest.param(Target("chembl.target:CHEMBL777", "whatever it is called"), "MuOpioidReceptor", id="a row that is cited"),
        pytest.param(Target("chembl.target:CHEMBL1", "Dopamine D2 receptor"), "D2", id="a name of the ontology"),
        pytest.param(Target("chembl.target:CHEMBL2", "GABA-B receptor"), "GABA-B", id="a label of the ontology"),
    ],
)
def test_a_target_of_a_source_is_one_of_the_ontology(schema: Schema, target: Target, local: str) -> None:
    families = [Family("iuphar.type:gpcr", "G protein-coupled receptors"), Family(f"{FAMILY}50", "Opioid receptors", ("iuphar.type:gpcr",))]
    found = Targets(schema, families, [target])
    assert (found.iri[target.key], found.added) == (n.NS + local, [])


UNNAMED = (n.TARGET_CLASS, n.UNNAMED_MEMBER)


@pytest.mark.parametrize(
    "target, iri, types",
    [
        pytest.param(
            Target("uniprot:O75899|Q00001", "GABA-B with a stranger", (), ("O75899", "Q00001")),
            "uniprot-O75899-Q00001",
            (n.NS + "GABABReceptor", n.NS + "GABAReceptor", n.NS + "Receptor", *UNNAMED),
            id="a complex of a known part and an unknown one",
        ),
        pytest.param(
            Target("uniprot:P35372|P41143", "mu-delta heteromer", (), ("P35372", "P41143")),
            "uniprot-P35372-P41143",
            (n.NS + "OpioidReceptor", n.NS + "Receptor", *UNNAMED),
            id="a complex of parts of one family",
        ),
        pytest.param(
            Target("uniprot:P33535", "Mu-type opioid receptor", (), ("P33535",), "Rattus norvegicus"),
            "uniprot-P33535",
            UNNAMED,
            id="of a rat",
        ),
        pytest.param(Target("chembl.target:CHEMBL3", "Some receptor"), "chembl.target-CHEMBL3", UNNAMED, id="a name that nothing has"),
        pytest.param(Target("chembl.target:CHEMBL888", "D2 and D3"), "chembl.target-CHEMBL888", UNNAMED, id="a cited row of two targets"),
        pytest.param(
            Target("uniprot:Q00002", "New", (), ("Q00002",)), "uniprot-Q00002", (n.TARGET_CLASS,), id="a protein that nothing has"
        ),
    ],
)
def test_a_target_that_is_none_of_the_ontology_is_added(schema: Schema, target: Target, iri: str, types: tuple[str, ...]) -> None:
    """What may be the same as another is an unnamed member, which proves membership and refutes nothing."""
    found = Targets(schema, [], [target])
    assert found.iri == {target.key: T + iri}
    assert found.added == [
        Placed(T + iri, target.name, (), tuple(sorted(types)), target.accessions, f"https://bioregistry.io/{target.key}"),
    ]


def test_two_targets_that_share_a_protein_are_one_or_unnamed(schema: Schema) -> None:
    """A part is no complex that it may be in; two complexes with one part in common may be one."""
    one, two = Target("uniprot:Q1|Q2", "one", (), ("Q1", "Q2")), Target("uniprot:Q2|Q3", "two", (), ("Q2", "Q3"))
    part = Target("uniprot:Q3", "part", (), ("Q3",))
    found = Targets(schema, [], [two, part, one])
    assert found.iri == {"uniprot:Q1|Q2": f"{T}uniprot-Q1-Q2", "uniprot:Q2|Q3": f"{T}uniprot-Q2-Q3", "uniprot:Q3": f"{T}uniprot-Q3"}
    assert [(t.iri, t.types) for t in found.added] == [
        (f"{T}uniprot-Q3", (n.TARGET_CLASS,)),
        (f"{T}uniprot-Q1-Q2", UNNAMED),
        (f"{T}uniprot-Q2-Q3", UNNAMED),
    ]


def test_a_protein_is_found_before_the_complexes_that_hold_it(schema: Schema) -> None:
    """Whichever key sorts first: a row of the protein alone is never a row of the complex."""
    whole, part = Target("uniprot:A1|Z1", "whole", (), ("A1", "Z1")), Target("uniprot:Z1", "part", (), ("Z1",))
    found = Targets(schema, [], [whole, part])
    assert found.iri == {"uniprot:A1|Z1": f"{T}uniprot-A1-Z1", "uniprot:Z1": f"{T}uniprot-Z1"}


def test_a_target_without_proteins_is_known_by_another_name_of_its_own(schema: Schema) -> None:
    known = Target("iuphar.receptor:9001", "Xylo receptor", (), ("X1",), synonyms=("xylophone receptor",))
    found = Targets(schema, [], [known, Target("chembl.target:CHEMBL9", "Xyl receptor family", synonyms=("Xylophone receptor",))])
    assert found.iri["chembl.target:CHEMBL9"] == found.iri["iuphar.receptor:9001"]


def test_what_a_citing_row_calls_more_widely_is_not_the_target(schema: Schema) -> None:
    """The ontology cites a row of "opioid receptor" for a mechanism at the mu opioid receptor: the two are not one for that."""
    found = Targets(schema, [], [Target("chembl.target:CHEMBL777", "Opioid receptor")])
    assert found.iri == {"chembl.target:CHEMBL777": f"{T}chembl.target-CHEMBL777"}


def test_families_go_where_the_crosswalk_says(schema: Schema) -> None:
    """A family that a class here covers under one name is that class; one that holds more than it lies beside it."""
    kind = Family("iuphar.type:gpcr", "G protein-coupled receptors")
    families = [
        kind,
        *(
            Family(f"{FAMILY}{key}", name, (kind.key,))
            for key, name in (("4", "Adrenoceptors"), ("50", "Opioid receptors"), ("9001", "Sample receptors"))
        ),
    ]
    beta3 = Target(f"{RECEPTOR}30", "β3-adrenoceptor", (f"{FAMILY}4",), ("P13945",))
    sample = Target(f"{RECEPTOR}9001", "S1 receptor", (f"{FAMILY}9001",), ("P90001",))
    found = Targets(schema, families, [beta3, sample, Target(f"{RECEPTOR}319", "μ receptor", (f"{FAMILY}50",), ("P35372",))])
    gpcr, opioid = f"{T}iuphar.type-gpcr", f"{T}iuphar.family-50"
    assert found.iri[f"{FAMILY}4"] == n.NS + "Adrenoceptor"
    assert found.added_families == [
        (opioid, "Opioid receptor (Guide to PHARMACOLOGY)", (n.NS + "Receptor", gpcr)),
        (f"{T}iuphar.family-9001", "Sample receptor", (n.NS + "Receptor", gpcr)),
        (gpcr, "G protein-coupled receptor", (n.NS + "Receptor",)),
    ]
    assert found.more_types == {n.NS + "MuOpioidReceptor": (opioid, gpcr)}
    assert {t.iri: set(t.types) for t in found.added} == {
        f"{T}iuphar.receptor-30": {gpcr, *(n.NS + name for name in ("Adrenoceptor", "BetaAdrenoceptor", "Receptor", "Target"))},
        f"{T}iuphar.receptor-9001": {f"{T}iuphar.family-9001", gpcr, n.NS + "Receptor", n.TARGET_CLASS},
    }


POOL = ["P35372", "O75899", "Q9UBS5", "Q1", "Q2", "Q3"]
TARGETS = st.lists(
    st.sets(st.sampled_from(POOL), min_size=1, max_size=3).map(
        lambda ps: Target("uniprot:" + "|".join(sorted(ps)), "t", (), tuple(sorted(ps)))
    ),
    max_size=5,
)


@settings(max_examples=60, deadline=None)
@given(targets=TARGETS, chance=st.randoms(use_true_random=False))
def test_where_targets_go_does_not_depend_on_their_order(schema: Schema, targets: list[Target], chance: random.Random) -> None:
    shuffled = list(targets)
    chance.shuffle(shuffled)
    one, other = Targets(schema, [], targets), Targets(schema, [], shuffled)
    assert (one.iri, one.added) == (other.iri, other.added)


# --- an import into the shipped ontology --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """Return the shipped ontology with the samples of three sources."""
    folder = tmp_path_factory.mktemp("imported")
    wanted = [(named(name), getattr(samples, name)(folder)) for name in ("gtopdb", "drugcentral", "chembl")]
    add(wanted, folder / "store", Sources.of())
    return pharmakon.open_graph(store=folder / "store")


@pytest.fixture(scope="module")
def verdicts(imported: Graph) -> Callable[..., list[str]]:
    return lambda drug, cls, *without: [a.verdict for a in pharmakon.ask(drug, cls, without=without, graph=imported).answers]


Verdicts = Callable[..., list[str]]


@pytest.mark.slow
def test_a_drug_that_only_databases_know_is_proved_to_be_an_opioid(imported: Graph, verdicts: Verdicts) -> None:
    """Two databases say so: one statement, with the row of each."""
    (answer,) = pharmakon.ask("examplol", "opioid", graph=imported).answers
    (proof,) = answer.reasons
    (leaf,) = proof.leaves()
    assert (answer.verdict, leaf.claim) == ("yes", "examplol activates the mu opioid receptor")
    assert [(c.id, c.locator) for c in leaf.sources] == [
        ("src:drugcentral", "struct 9282, target P35372"),
        ("src:gtopdb", "ligand 9101, target 319, Human"),
    ]
    assert verdicts("examplol", "opioid agonist") == ["unknown"], "no row says whether the drug does it itself"


@pytest.mark.slow
def test_what_a_row_has_a_measurement_of_is_done_by_the_drug_itself(imported: Graph) -> None:
    marks = {}
    for drug, target in (("solitarin", "5-HT2A receptor"), ("examplol", "mu opioid receptor")):
        for mechanism in imported.schema.values(g.drug(imported, drug), n.HAS_MECHANISM):
            (at,) = imported.schema.values(mechanism, n.TARGET)
            if at == g.thing(imported, target) and n.UNQUALIFIED in imported.schema.values(mechanism, n.TYPE):
                marks[drug] = n.DIRECT in imported.schema.values(mechanism, n.TYPE)
    assert marks == {"solitarin": True, "examplol": False}


@pytest.mark.slow
def test_what_no_row_says_is_not_known(verdicts: Verdicts) -> None:
    assert verdicts("examplol", "opiate") == ["unknown", "unknown", "unknown"]
    assert verdicts("blockerine", "opioid") == ["unknown"]
    assert verdicts("solitarin", "analgesic") == ["unknown"]


@pytest.mark.slow
def test_a_measured_activity_is_no_mechanism(imported: Graph, verdicts: Verdicts) -> None:
    """Quietol was measured at the mu receptor, and no source calls that its mechanism of action."""
    quietol = g.drug(imported, "quietol")
    assert [verdicts("quietol", cls) for cls in ("opioid antagonist", "mu opioid receptor antagonist", "mu opioid receptor ligand")] == [
        ["unknown"]
    ] * 3
    (activity,) = imported.schema.values(quietol, n.HAS_ACTIVITY)
    (row,) = imported.schema.values(activity, n.ASSERTED_BY)
    assert imported.schema.values(activity, n.ACTIVITY_AT) == (n.NS + "MuOpioidReceptor",)
    assert (imported.schema.literals(row, n.LOCATOR), imported.schema.literals(row, n.MEASURED)) == (
        ("ligand 9102, target 319, Human",),
        ("pKi 7",),
    )
    assert imported.schema.values(quietol, n.HAS_MECHANISM) == ()
    assert set(imported.schema.values(quietol, n.TYPE)) == {n.DRUG}


@pytest.mark.slow
def test_rows_that_the_ontology_cites_meet_its_statement(imported: Graph, verdicts: Verdicts) -> None:
    """Baclofen's list stays complete, so that it is still no opiate; its three rows are the assertions that they were."""
    schema = imported.schema
    (statement,) = schema.values(n.NS + "baclofen", n.HAS_MECHANISM)
    assertions = schema.values(statement, n.ASSERTED_BY)
    rows = [(source, place) for a in assertions for source in schema.values(a, n.SOURCE) for place in schema.literals(a, n.LOCATOR)]
    assert sorted(rows) == [
        (CHEMBL, "CHEMBL701, CHEMBL2111463"),
        (DRUGCENTRAL, "struct 282, target O75899|Q9UBS5"),
        (f"{n.SRC}fda-label-lioresal-intrathecal", "Clinical Pharmacology, mechanism"),
        (GTOPDB, "ligand 1084, target 242, Human"),
    ]
    measured = {source: schema.literals(a, n.MEASURED) for a in assertions for source in schema.values(a, n.SOURCE)}
    assert (measured[GTOPDB], measured[DRUGCENTRAL], measured[CHEMBL]) == (("pKi 4.3-6.2",), ("pIC50 7.46",), ())
    assert verdicts("baclofen", "opiate") == ["no", "no", "no"]
    assert verdicts("baclofen", "opioid") == ["no"]


@pytest.mark.slow
def test_a_row_that_says_what_the_ontology_says_is_one_more_assertion(imported: Graph, verdicts: Verdicts) -> None:
    """ChEMBL's invented row for naloxone has the mu receptor's name, and says no more than that it is bound.

    So the antagonist stays one with its list complete, and the row says of it no more than it says.
    """
    schema = imported.schema
    found = {
        (schema.label(target), place)
        for statement in schema.values(n.NS + "naloxone", n.HAS_MECHANISM)
        for target in schema.values(statement, n.TARGET)
        for a in schema.values(statement, n.ASSERTED_BY)
        if CHEMBL in schema.values(a, n.SOURCE)
        for place in schema.literals(a, n.LOCATOR)
        if "99233" in place
    }
    assert found == {("mu opioid receptor", "CHEMBL80, CHEMBL99233")}
    assert len(schema.values(n.NS + "naloxone", n.HAS_MECHANISM)) == 3
    assert verdicts("naloxone", "opioid") == ["no"]
    assert verdicts("naloxone", "opioid antagonist") == ["yes"]


@pytest.mark.slow
def test_a_row_that_a_complete_list_does_not_have_is_a_contradiction(imported: Graph, verdicts: Verdicts) -> None:
    """The invented row has tizanidine block the mu receptor. What the row proves, the list refutes; what only the list refuted, is open."""
    assert verdicts("tizanidine", "mu opioid receptor antagonist") == ["contradicted"]
    assert verdicts("tizanidine", "opioid receptor ligand") == ["contradicted"]
    assert verdicts("tizanidine", "opioid") == ["unknown"]
    assert verdicts("tizanidine", "alpha-2A adrenoceptor agonist") == ["yes"]
    tizanidine = n.NS + "tizanidine"
    held = {imported.schema.label(c) for c in imported.schema.values(tizanidine, n.TYPE)}
    assert held.isdisjoint({"mu opioid receptor antagonist", "opioid receptor ligand", "opioid"})
    (answer,) = pharmakon.ask("tizanidine", "opioid", graph=imported).answers
    assert [line for line in answer.open if line.startswith("conflict")] == [
        "conflict: a source states what the claim on mechanism of tizanidine does not list: blocks the mu opioid receptor"
    ]


@pytest.mark.slow
def test_withdrawing_a_source_takes_away_what_only_it_says(verdicts: Verdicts) -> None:
    assert verdicts("examplol", "opioid", "drugcentral") == ["yes"]
    assert verdicts("examplol", "opioid", "gtopdb") == ["yes"]
    assert verdicts("examplol", "opioid", "gtopdb", "drugcentral") == ["unknown"]
    assert verdicts("examplol", "serotonin transporter inhibitor") == ["yes"]
    assert verdicts("examplol", "serotonin transporter inhibitor", "drugcentral") == ["unknown"]
    assert verdicts("blockerine", "beta adrenoceptor antagonist") == ["yes"]
    assert verdicts("blockerine", "beta adrenoceptor antagonist", "gtopdb") == ["unknown"]
    assert verdicts("tizanidine", "opioid", "drugcentral") == ["no"]


@pytest.mark.slow
def test_names_and_ids_of_imported_drugs_are_found(imported: Graph) -> None:
    examplol = f"{n.IMPORTED_DRUG}inchikey-{samples.EXAMPLOL}"
    for name in ("examplol", "Examplin®", "EXAMPLOL HYDROCHLORIDE", "drugcentral:9282", "iuphar.ligand:9101", f"<{examplol}>"):
        assert g.candidates(imported, name) == [examplol]
    assert g.candidates(imported, "Baclon") == g.candidates(imported, "iuphar.ligand:1084") == [n.NS + "baclofen"]
    assert g.candidates(imported, "idle compound") == g.candidates(imported, "CHEMBL99001") == []
    with pytest.raises(UnknownName, match="did you mean examplol"):
        g.drug(imported, "exampol")
    with pytest.raises(AmbiguousName) as told:
        g.drug(imported, "mirrorol")
    assert sorted(told.value.suggestions) == [":d/inchikey-MIRROROLAAAAAA-UHFFFAOYSA-N", ":d/inchikey-MIRROROLBBBBBB-UHFFFAOYSA-N"]


@pytest.mark.slow
def test_every_no_about_an_imported_drug_rests_on_what_a_row_says(imported: Graph) -> None:
    """Silence denies nothing: an agonist is no antagonist, and what acts at a serotonin receptor is no selective reuptake inhibitor."""
    schema, evaluator = imported.schema, imported.evaluator()
    drugs = [d for d in schema.subjects(n.TYPE, n.DRUG) if d.startswith(n.IMPORTED_DRUG)]
    found = {
        (schema.label(drug), schema.label(c)): evaluator.reasons(drug, Named(c), False)
        for drug in drugs
        for c in (*schema.drug_classes, *schema.pattern_classes())
        if evaluator.verdict(drug, Named(c)) in ("no", "contradicted")
    }
    assert set(found) == {
        ("examplol", "non-opioid analgesic"),
        ("examplol", "opioid antagonist"),
        ("examplol", "peripheral opioid antagonist"),
        ("solitarin", "selective serotonin reuptake inhibitor"),
    }
    stated_of = {drug: set(schema.values(drug, n.HAS_MECHANISM)) for drug in drugs}
    assert all(reason and any(reason <= said for said in stated_of.values()) for reasons in found.values() for reason in reasons)


@pytest.mark.slow
def test_the_memberships_in_the_store_are_those_that_are_proved_one_by_one(imported: Graph) -> None:
    """Every imported drug, and the drugs of the ontology that rows are about, against every class."""
    schema = imported.schema
    evaluator = Evaluator(schema, View(imported.store))
    drugs = [d for d in schema.subjects(n.TYPE, n.DRUG) if d.startswith(n.IMPORTED_DRUG)]
    drugs += [n.NS + name for name in ("baclofen", "naloxone", "tizanidine")]
    classes = (*schema.drug_classes, *schema.pattern_classes())
    one_by_one = {(d, c) for d in drugs for c in classes if evaluator.verdict(d, Named(c)) == "yes"}
    assert {(d, c) for d in drugs for c in classes if c in schema.values(d, n.TYPE)} == one_by_one
    assert set(proved(imported.store, drugs, schema)) == one_by_one
    assert {f"{n.IMPORTED_DRUG}inchikey-{samples.EXAMPLOL}", f"{n.IMPORTED_DRUG}iuphar.ligand-9103"} < {d for d, _ in one_by_one}


DOUBTED = f"""
:ourexamplol a :Drug ; rdfs:label "examplol"@en ; skos:definition "Invented."@en ; :inchikey "{samples.EXAMPLOL}" ;
    :hasMechanism [ a :Agonism ; :target :MuOpioidReceptor ; :assertion [ :source src:chembl ; :locator "a" ; :certainty :disputed ] ] .
:oursolitarin a :Drug ; rdfs:label "solitarin"@en ; skos:definition "Invented."@en ; :inchikey "SOLITARINAAAAA-UHFFFAOYSA-N" ;
    :hasMechanism [ a :Antagonism ; :target :SHT2A ; :via :oursolitarate ; :assertion [ :source src:chembl ; :locator "b" ] ] .
:oursolitarate a :Drug , :Metabolite ; rdfs:label "solitarate"@en ; skos:definition "Invented."@en .
"""


@pytest.mark.slow
def test_what_is_disputed_or_done_by_a_metabolite_stays_so_when_a_row_says_it_again(tmp_path: Path) -> None:
    ours = tmp_path / "doubted.ttl"
    ours.write_text(PREFIXES + DOUBTED, "utf-8")
    add([(named("drugcentral"), samples.drugcentral(tmp_path))], tmp_path / "store", Sources.of(SMALL[0], [*SMALL[1:], ours]))
    graph = pharmakon.open_graph(store=tmp_path / "store")
    said = {}
    for drug, target in (("ourexamplol", "MuOpioidReceptor"), ("oursolitarin", "SHT2A")):
        (statement,) = [
            s for s in graph.schema.values(n.NS + drug, n.HAS_MECHANISM) if graph.schema.values(s, n.TARGET) == (n.NS + target,)
        ]
        types = set(graph.schema.values(statement, n.TYPE))
        assertions = len(graph.schema.values(statement, n.ASSERTED_BY))
        said[drug] = (n.FIRM in types, n.DIRECT in types, n.METABOLITE_ACTION in types, assertions)
    assert said == {"ourexamplol": (False, True, False, 2), "oursolitarin": (True, False, True, 2)}
    assert [a.verdict for a in pharmakon.ask("examplol", "mu opioid receptor agonist", graph=graph).answers] == ["unknown"]


# --- the command line, and imports in another order ---------------------------------------------------------------------

OPIOID = "Opioid receptor (Guide to PHARMACOLOGY)"
PLACES = {
    "mu agonist": ["G protein-coupled receptor", OPIOID, "mu opioid receptor", "opioid receptor", "receptor"],
    "GABA-B": ["G protein-coupled receptor", "GABA receptor", "GABA-B receptor", "GABA-B receptor family", "GABAB receptor", "receptor"],
    "SERT": ["monoamine transporter", "serotonin transporter", "transporter as a target"],
    "5-HT2A": ["5-HT2A receptor", "5-hydroxytryptamine receptor 2A", "receptor", "serotonin receptor"],
    "beta3 and S1": [
        *("G protein-coupled receptor", "S1 receptor", "Sample receptor"),
        *("adrenoceptor", "beta adrenoceptor", "receptor", "β3-adrenoceptor"),
    ],
}


def acting(places: str, noun: str) -> list[str]:
    return [f"{place} {word}" for place in PLACES[places] for word in (noun, "ligand")]


MEMBERSHIPS = {
    "inchikey-" + samples.EXAMPLOL: sorted([*acting("mu agonist", "agonist"), *acting("SERT", "inhibitor")]),
    "inchikey-" + samples.BACLOFEN: sorted(acting("GABA-B", "agonist")),
    "inchikey-" + samples.MIRROROL: [],
    "inchikey-" + samples.OTHER_MIRROROL: sorted(acting("mu agonist", "antagonist")),
    "inchikey-SOLITARINAAAAA-UHFFFAOYSA-N": sorted(acting("5-HT2A", "antagonist")),
    "inchikey-XFYDIVBRZNQMJC-UHFFFAOYSA-N": sorted(acting("mu agonist", "antagonist")),
    "iuphar.ligand-9102": [],
    "iuphar.ligand-9103": sorted(acting("beta3 and S1", "antagonist")),
}
"""The drugs of the small ontology with the samples, and what each is proved to be."""

ADDED = [part for path in SMALL[1:] for part in ("--add", str(path))]
SHARED = ["--ontology", str(SMALL[0]), *ADDED]


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Imported]:
    """Import the samples into the small ontology, all at once."""
    folder = tmp_path_factory.mktemp("once")
    wanted = [(named(name), getattr(samples, name)(folder)) for name in ("gtopdb", "drugcentral", "chembl")]
    return folder / "store", add(wanted, folder / "store", Sources.of(SMALL[0], SMALL[1:]))


@pytest.mark.slow
def test_the_drugs_of_the_small_ontology_and_all_that_they_are(once: tuple[Path, Imported]) -> None:
    graph = pharmakon.open_graph(store=once[0])
    schema = graph.schema
    found = {drug: [c for c in schema.values(drug, n.TYPE) if schema.definition(c)] for drug in schema.subjects(n.TYPE, n.DRUG)}
    assert {drug.removeprefix(n.IMPORTED_DRUG): labels(graph, *classes) for drug, classes in found.items()} == MEMBERSHIPS
    assert once[1].memberships == 70 == sum(map(len, MEMBERSHIPS.values()))


@pytest.mark.slow
def test_the_summary_of_an_import_is_what_can_be_counted_by_hand(once: tuple[Path, Imported]) -> None:
    """Seventeen rows of Guide to PHARMACOLOGY, fifteen of DrugCentral, four of ChEMBL, of which four are left out in all."""
    store, done = once
    parts = {part.name: (part.rows, part.kept, part.skipped, part.release, [name for name, *_ in part.files]) for part in done.parts}
    assert parts == {
        "chembl": (4, {"Substance": 3, "Target": 2, "Action": 3}, {"a mechanism without a target": 1}, "", ["mechanisms.csv"]),
        "drugcentral": (
            *(15, {"Substance": 6, "Target": 6, "Action": 8}, {"a target without a protein": 1}),
            *("", ["drug.target.interaction.tsv.gz", "structures.smiles.tsv"]),
        ),
        "gtopdb": (
            *(17, {"Substance": 6, "Family": 5, "Target": 4, "Action": 5}),
            {"an action at another ligand, or at nothing that has an id": 1, "a ligand that is not among the ligands": 1},
            *("", ["interactions.csv", "ligands.csv.gz", "targets_and_families.csv"]),
        ),
    }
    assert asdict(done.counts) == {"drugs": 8, "mechanisms": 9, "met": 0, "beside": 0, "activities": 2, "tags": 0, "uses": 0}
    assert (done.doubtful, done.quads) == (2, len(quads(store)))
    skipped = (store / "skipped" / done.parts[2].records.replace(".jsonl.gz", ".tsv")).read_text("utf-8")
    assert skipped == (
        "place\treason\n"
        "interactions.csv:7\tan action at another ligand, or at nothing that has an id\n"
        "interactions.csv:8\ta ligand that is not among the ligands\n"
    )


@pytest.mark.slow
def test_what_was_measured_and_which_papers_say_so_stand_at_the_row(once: tuple[Path, Imported]) -> None:
    schema = pharmakon.open_graph(store=once[0]).schema
    (statement,) = schema.values(f"{n.IMPORTED_DRUG}inchikey-{samples.BACLOFEN}", n.HAS_MECHANISM)
    found = {
        schema.values(row, n.SOURCE)[0]: (
            schema.literals(row, n.LOCATOR),
            schema.literals(row, n.MEASURED),
            schema.values(row, n.DCT + "references"),
        )
        for row in schema.values(statement, n.ASSERTED_BY)
    }
    assert found == {
        DRUGCENTRAL: (("struct 282, target O75899|Q9UBS5",), ("pIC50 7.46",), ()),
        GTOPDB: (
            ("ligand 1084, target 242, Human",),
            ("pKi 4.3-6.2",),
            ("https://bioregistry.io/pubmed:11082110", "https://bioregistry.io/pubmed:12663046"),
        ),
    }


@pytest.mark.slow
def test_one_at_a_time_in_another_order_and_twice_gives_the_same_store(
    once: tuple[Path, Imported], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the command line: files that tell whose they are, then a source by name, then the store made anew."""
    store = tmp_path / "store"
    first = [*samples.drugcentral(tmp_path), *samples.chembl(tmp_path)]
    assert main(["import", "auto", *map(str, reversed(first)), "--store", str(store), *SHARED, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(part["name"], part["rows"]) for part in told["parts"]] == [("chembl", 4), ("drugcentral", 15)]
    assert told["counts"] == {"drugs": 5, "mechanisms": 7, "met": 0, "beside": 0, "activities": 1, "tags": 0, "uses": 0}
    assert quads(store) != quads(once[0])

    assert main(["import", "gtopdb", *map(str, samples.gtopdb(tmp_path)), "--store", str(store), *SHARED]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:11] == [
        "ChEMBL mechanisms of action (https://creativecommons.org/licenses/by-sa/3.0/)",
        "  4 rows read: 3 substances, 2 targets, 3 actions",
        "  1 left out: a mechanism without a target",
        "DrugCentral (https://creativecommons.org/licenses/by-sa/4.0/)",
        "  15 rows read: 6 substances, 6 targets, 8 actions",
        "  1 left out: a target without a protein",
        "IUPHAR/BPS Guide to PHARMACOLOGY (https://creativecommons.org/licenses/by-sa/4.0/)",
        "  17 rows read: 6 substances, 5 families of targets, 4 targets, 5 actions",
        "  1 left out: a ligand that is not among the ligands",
        "  1 left out: an action at another ligand, or at nothing that has an id",
        "",
    ]
    assert lines[11:14] == [
        "8 drugs; 9 mechanisms, 0 of which the ontology states too; 2 measured activities;",
        f"0 tags; 0 named uses; 70 memberships derived; {once[1].quads:,} quads",
        f"2 doubtful matches of substances, kept apart: {store / 'identity.sssom.tsv'}",
    ]
    assert lines[-1] == f"the store: {store}"
    assert quads(store) == quads(once[0])
    assert (store / "identity.sssom.tsv").read_bytes() == (once[0] / "identity.sssom.tsv").read_bytes()

    before = current(store)
    assert main(["build", "--store", str(store), *SHARED]) == 0
    assert (current(store) != before, before.exists()) == (True, False)
    assert quads(store) == quads(once[0])


@pytest.mark.slow
def test_a_release_that_the_ontology_does_not_cite_has_a_graph_of_its_own(tmp_path: Path) -> None:
    """The rows of another release are not those that the ontology read: to withdraw the one is not to withdraw the other."""
    paths = samples.gtopdb(tmp_path)
    for path in (paths[0], paths[2]):
        path.write_text('"# GtoPdb Version: 2099.1 - published: 2099-01-01"\n' + path.read_text("utf-8"), "utf-8")
    done = add([(named("gtopdb"), paths)], tmp_path / "store", Sources.of(TARGETS_ONLY[0], TARGETS_ONLY[1:]))
    graph = pharmakon.open_graph(store=tmp_path / "store")
    assert done.parts[0].release == "2099.1"
    assert sorted(str(g.value) for g in graph.store.named_graphs() if g.value.startswith(n.SRC)) == [f"{n.SRC}gtopdb-2099.1"]
    (statement,) = graph.schema.values(f"{n.IMPORTED_DRUG}inchikey-{samples.EXAMPLOL}", n.HAS_MECHANISM)
    (cited,) = pharmakon.show("examplol", graph=graph).entries[0].sources
    assert (cited.id, cited.locator) == ("src:gtopdb-2099.1", "ligand 9101, target 319, Human")
    assert graph.evaluator(["gtopdb-2099.1"]).facts.values(statement, n.TYPE) == ()
    assert graph.evaluator(["gtopdb"]).facts.values(statement, n.TARGET) == (n.NS + "MuOpioidReceptor",)


def test_a_store_that_is_not_there_is_not_made_by_building_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nowhere = tmp_path / "nowhere"
    assert main(["build", "--store", str(nowhere)]) == 2
    told = f"pharmakon: {nowhere} holds no store: make one with `pharmakon import SOURCE FILE --store {nowhere}`\n"
    assert (capsys.readouterr().err, nowhere.exists()) == (told, False)
    with pytest.raises(StoreUnavailable, match="holds no store"):
        pharmakon.open_graph(store=nowhere)


# --- names that are spelt like another ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an index of 200,000 made names among which baclofen stands, for two things."""
    syllables = ("bac", "lo", "fen", "ni", "dip", "zol", "tra", "mab", "per", "qui", "sar", "tan", "vir", "xa", "pri", "tin")
    chance = random.Random(7)

    def names() -> Iterator[tuple[str, str]]:
        for number in range(200_000):
            yield "".join(chance.choices(syllables, k=4)) + str(number % 10), f"{n.NS}{number}"
        yield "baclofen", f"{n.NS}baclofen"
        yield "baclofen", f"{n.NS}other"

    path = tmp_path_factory.mktemp("index") / "names.sqlite"
    spelt.build(path, names())
    return path


@pytest.mark.slow
@pytest.mark.parametrize("wrong", ["baclofn", "bacloffen", "aclofen", "baclofen"])
def test_a_name_is_found_among_200_000_by_another_spelling(index: Path, wrong: str) -> None:
    assert spelt.near(index, wrong)["baclofen"] == {f"{n.NS}baclofen", f"{n.NS}other"}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["", "b", "ba", '"', 'ba"c', "zzzzzzzz", "' OR 1 --", "*", "NEAR("])
def test_what_is_like_no_name_finds_nothing_and_breaks_nothing(index: Path, name: str) -> None:
    assert spelt.near(index, name) == {}
