"""The library of questions for researchers: the form of each query file, and whole answers over a store small enough to check by eye.

The store holds the samples of :mod:`samples` (Guide to PHARMACOLOGY, DrugCentral, ChEMBL) and the drugs below, as an ontology would state
them. Each expected row was written down from these rows, and not from an answer.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import samples
from conftest import PREFIXES
from rdflib.plugins.sparql import prepareQuery

import pharmakon
from pharmakon import names as n
from pharmakon import sparql
from pharmakon.build import Sources
from pharmakon.cli import main
from pharmakon.graph import Graph
from pharmakon.imports.importing import add
from pharmakon.locate import ontology
from pharmakon.rdf import NamedNode
from pharmakon.sources import named

FILES = {name.partition("/")[2]: path for name, path in sparql.shipped() if name.startswith("library/")}
TAGS = r"\[(class|condition|drug|identity|source|tag|target), library\]"
NOT_PORTABLE = r"\b(MINUS|DESCRIBE|SERVICE|GROUP_CONCAT|NOW|RAND|UUID)\b"

TERMS = [ontology() / name for name in ("vocabulary.ttl", "terms", "sources", "crosswalks/actions.ttl", "crosswalks/families.ttl")]
DRUGS = """
@prefix mesh: <https://bioregistry.io/mesh:> . @prefix compound: <https://bioregistry.io/chembl.compound:> .
:OpioidAgonist a owl:Class ; rdfs:label "opioid agonist"@en ; skos:definition "Activates an opioid receptor."@en ; dct:source src:gtopdb ;
    owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( :Drug
        [ a owl:Restriction ; owl:onProperty :hasMechanism ; owl:someValuesFrom [ a owl:Class ; owl:intersectionOf ( :Mechanism :Agonism
            [ a owl:Restriction ; owl:onProperty :target ; owl:someValuesFrom :OpioidReceptor ] ) ] ] ) ] .
mesh:D009128 a :NamedCondition ; rdfs:label "Muscle Spasticity"@en .
mesh:D010146 a :NamedCondition ; rdfs:label "Pain"@en .

:baclofen a :Drug ; rdfs:label "baclofen"@en ; skos:definition "For the tests."@en ; :inchikey "KPYSYYIEGFHWSV-UHFFFAOYSA-N" ;
    skos:exactMatch compound:CHEMBL701 ; :hasMechanism _:b ;
    :hasTag [ :tag "opioid" ; :sourceSaysIsA :OpioidAgonist ; :assertion [ :source src:ndc ; :locator "BACLOFEN" ] ] ;
    :hasNamedUse [ :usedIn mesh:D009128 ; :assertion [ :source src:drugmechdb ; :locator "path 1" ] ] .
_:b a :Agonism ; :target :GABA-B ; :assertion [ :source src:gtopdb ; :locator "ligand 1084, target 242, Human" ] ,
    [ :source src:altmeyers-opiates ; :locator "text" ] .
[] a :CompletenessClaim ; :about :baclofen ; :onProperty :hasMechanism ; :member _:b ; :basis "Read for the tests." ;
    :assertion [ :source src:pharmakon ; :locator "review" ] .

:naloxone a :Drug ; rdfs:label "naloxone"@en ; skos:definition "For the tests."@en ; skos:exactMatch compound:CHEMBL80 ;
    :hasMechanism [ a :Antagonism ; :target :MuOpioidReceptor ; :assertion [ :source src:gtopdb ; :locator "ligand 1638" ] ] .

:tizanidine a :Drug ; rdfs:label "tizanidine"@en ; skos:definition "For the tests."@en ; :cas "51322-75-9" ; :hasMechanism _:t .
_:t a :Agonism ; :target :Alpha2A ; :assertion [ :source src:drugcentral ; :locator "struct 2683, target P08913" ] .
[] a :CompletenessClaim ; :about :tizanidine ; :onProperty :hasMechanism ; :member _:t ; :basis "Read for the tests." ;
    :assertion [ :source src:pharmakon ; :locator "review" ] .

:partialol a :Drug ; rdfs:label "partialol"@en ; skos:definition "Invented."@en ; :hasMechanism
        [ a :PartialAgonism ; :target :MuOpioidReceptor ; :assertion [ :source src:gtopdb ; :locator "p1" ; :measured "pKi 7.5-8" ] ] ,
        [ a :Agonism ; :target :MuOpioidReceptor ; :assertion [ :source src:drugcentral ; :locator "p2" ] ] ,
        [ a :Inhibition ; :target :SERT ; :assertion [ :source src:chembl ; :locator "p3" ] ] ,
        [ a :Inhibition ; :target :NET ; :assertion [ :source src:chembl ; :locator "p4" ] ] ;
    :hasActivity [ :activityAt :D2 ; :assertion [ :source src:gtopdb ; :locator "p5" ; :measured "pKi 9.5" ] ,
            [ :source src:gtopdb ; :locator "p6" ; :measured "pKi 9.1" ] ] ,
        [ :activityAt :SERT ; :assertion [ :source src:gtopdb ; :locator "p7" ; :measured "pKi 7.9" ] ] ,
        [ :activityAt :D4 ; :assertion [ :source src:gtopdb ; :locator "p8" ; :measured "pKi 5" ] ] ;
    :hasTag [ :tag "opioid" ; :sourceSaysIsA :OpioidAgonist ; :assertion [ :source src:ndc ; :locator "PARTIALOL" ] ] ;
    :hasNamedUse [ :usedIn mesh:D010146 ; :assertion [ :source src:drugmechdb ; :locator "path 2" ] ] ;
    :legalStatusUS [ :schedule :US-II ; :assertion [ :source src:ndc ; :locator "PARTIALOL" ] ] .

:disputol a :Drug ; rdfs:label "disputol"@en ; skos:definition "Invented."@en ; :hasMechanism
        [ a :Agonism ; :target :D2 ; :assertion [ :source src:gtopdb ; :locator "q1" ] ] ,
        [ a :Antagonism ; :target :D2 ; :assertion [ :source src:drugcentral ; :locator "q2" ] ] .

:copycatol a :Drug ; rdfs:label "copycatol"@en ; skos:definition "Invented."@en ;
    :hasMechanism [ a :Agonism ; :target :GABA-B ; :assertion [ :source src:chembl ; :locator "r1" ] ] .

:bothol a :Drug ; rdfs:label "bothol"@en ; skos:definition "Invented: one source states both actions."@en ; :hasMechanism
        [ a :Agonism ; :target :D3 ; :assertion [ :source src:gtopdb ; :locator "u1" ] ] ,
        [ a :Antagonism ; :target :D3 ; :assertion [ :source src:gtopdb ; :locator "u2" ] , [ :source src:drugcentral ; :locator "u3" ] ] ;
    :hasActivity [ :activityAt :D2 ; :assertion [ :source src:gtopdb ; :locator "u4" ; :measured "pKi 5" ] ] ,
        [ :activityAt :D4 ; :assertion [ :source src:gtopdb ; :locator "u5" ; :measured "pKi 5" ] ] ,
        [ :activityAt :SERT ; :assertion [ :source src:gtopdb ; :locator "u6" ; :measured "pKi 5" ] ] ,
        [ :activityAt :NET ; :assertion [ :source src:gtopdb ; :locator "u7" ; :measured "pKi 5" ] ] ,
        [ :activityAt :DAT ; :assertion [ :source src:gtopdb ; :locator "u8" ; :measured "pKi 5" ] ] .

:idlol a :Drug ; rdfs:label "idlol"@en ; skos:definition "Invented."@en ; :hasActivity
        [ :activityAt :D2 ; :assertion [ :source src:gtopdb ; :locator "s1" ; :measured "pIC50 10.1" ] ] ,
        [ :activityAt :D3 ; :assertion [ :source src:gtopdb ; :locator "s2" ; :measured "pKi 6" ] ] ,
        [ :activityAt :SERT ; :assertion [ :source src:gtopdb ; :locator "s3" ; :measured "pKi 6" ] ] ,
        [ :activityAt :NET ; :assertion [ :source src:gtopdb ; :locator "s4" ; :measured "pKi 6" ] ] ,
        [ :activityAt :DAT ; :assertion [ :source src:gtopdb ; :locator "s5" ; :measured "pKi 6" ] ] .
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the small store: one import for the whole module."""
    folder = tmp_path_factory.mktemp("library")
    drugs = folder / "drugs.ttl"
    drugs.write_text(PREFIXES + DRUGS, "utf-8")
    wanted = [(named(name), getattr(samples, name)(folder)) for name in ("gtopdb", "drugcentral", "chembl")]
    add(wanted, folder / "store", Sources.of(TERMS[0], [*TERMS[1:], drugs]))
    return folder / "store"


@pytest.fixture(scope="module")
def library(store: Path) -> Graph:
    return pharmakon.open_graph(store=store)


# --- the files ----------------------------------------------------------------------------------------------------------


def misformed(text: str) -> list[str]:
    """Name what is wrong with the form of a query of the library."""
    about, words = sparql.header(text), sparql.bare(text)
    faults = {
        "summary": about.get("summary", "").endswith("?"),
        "description": about.get("description", "").endswith("."),
        "unsaid": about.get("unsaid", "").endswith("."),
        "tags": re.fullmatch(TAGS, about.get("tags", "")) is not None,
        "order": re.search(r"\nORDER BY( (\?\w+|DESC\(\?\w+\)))+( LIMIT \d+)?\s*$", re.sub(r"\n(?=LIMIT)", " ", words)) is not None,
        "portable": not re.search(NOT_PORTABLE, words, re.I),
        "paths": not re.search(r"[\w)][*+](?=[\s;.)/])", re.sub(r"\(COUNT\(\*\)|SELECT \*", " ", words)),
    }
    asked = re.findall(r"BIND\(COALESCE\(\?(\w+), :?[\w:-]+\) AS \?(asked\w*|meant)\)", words)
    selected = re.search(r"^SELECT (?:DISTINCT )?(.*) WHERE", words, re.M)
    faults["parameters"] = selected is not None and {name for name, _ in asked} <= set(re.findall(r"\?(\w+)", selected[1]))
    return [fault for fault, well in faults.items() if not well]


@pytest.mark.parametrize("name", FILES)
def test_form(name: str) -> None:
    """The question, how it is answered, what the answer does not say; an order; SPARQL 1.1 that a second parser reads."""
    text = FILES[name].read_text("utf-8")
    assert misformed(text) == []
    prepareQuery(text)


WELL = """#+ summary: Which?
#+ description: One row for each.
#+ unsaid: Not all is known.
#+ tags: [drug, library]
SELECT ?drug WHERE {
  { BIND(COALESCE(?drug, :baclofen) AS ?asked) }
  ?asked a ?drug .
}
ORDER BY ?drug
"""


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("#+ drug", "#+ drug", None),
        ("Which?", "Which.", "summary"),
        ("#+ description: One row for each.\n", "", "description"),
        ("#+ unsaid: Not all is known.\n", "", "unsaid"),
        ("[drug, library]", "[drug]", "tags"),
        ("\nORDER BY ?drug", "", "order"),
        ("?asked a ?drug .", "MINUS { ?asked a ?drug }", "portable"),
        ("?asked a ?drug .", "?asked a/rdfs:subClassOf+ ?drug .", "paths"),
        ("SELECT ?drug", "SELECT ?asked", "parameters"),
    ],
)
def test_a_fault_of_form_is_seen(old: str, new: str, fault: str | None) -> None:
    assert misformed(WELL.replace(old, new)) == ([fault] if fault else [])


@pytest.mark.parametrize("name", FILES)
def test_it_runs_on_the_shipped_store(name: str, graph: Graph) -> None:
    """Without an import most answers are short; none is an error, and every column has a name of its own."""
    columns = sparql.run(graph.store, FILES[name].read_text("utf-8")).columns
    assert len(set(columns)) == len(columns) > 1


# --- answers ------------------------------------------------------------------------------------------------------------

EXAMPLOL, SOLITARIN = f":d/inchikey-{samples.EXAMPLOL}", ":d/inchikey-SOLITARINAAAAA-UHFFFAOYSA-N"
MIRROROL, BLOCKERINE, QUIETOL = f":d/inchikey-{samples.OTHER_MIRROROL}", ":d/iuphar.ligand-9103", ":d/iuphar.ligand-9102"
SPASTICITY, PAIN, PAPER = (f"<https://bioregistry.io/{key}>" for key in ("mesh:D009128", "mesh:D010146", "pubmed:"))
MU, OA = (":MuOpioidReceptor", "mu opioid receptor"), ":OpioidAgonist"
D2, GABAB = (":D2", "D2 dopamine receptor"), (":GABA-B", "GABA-B receptor")
SERT, NET = (":SERT", "serotonin transporter"), (":NET", "noradrenaline transporter")
GTOPDB, DRUGCENTRAL, CHEMBL, NDC, DRUGMECHDB = "src:gtopdb", "src:drugcentral", "src:chembl", "src:ndc", "src:drugmechdb"
ROW = {GTOPDB: "ligand 1084, target 242, Human", DRUGCENTRAL: "struct 282, target O75899|Q9UBS5", CHEMBL: "CHEMBL701, CHEMBL2111463"}
AS = "<https://w3id.org/semapv/vocab/{}Matching>"

ANSWERS: list[tuple[str, dict[str, str], list[tuple[str, ...]]]] = [
    (
        "action-at-family",
        {"action": ":Agonism", "family": ":OpioidReceptor"},
        [
            (":Agonism", ":OpioidReceptor", EXAMPLOL, "examplol", *MU, "2"),
            (":Agonism", ":OpioidReceptor", ":partialol", "partialol", *MU, "2"),
        ],
    ),
    (
        "action-at-family",
        {"action": ":Antagonism", "family": ":OpioidReceptor"},
        [
            (":Antagonism", ":OpioidReceptor", drug, name, *MU, "1")
            for drug, name in ((MIRROROL, "mirrorol"), (":naloxone", "naloxone"), (":tizanidine", "tizanidine"))
        ],
    ),
    ("action-at-family", {}, [(":Antagonism", ":SerotoninReceptor", SOLITARIN, "solitarin", ":SHT2A", "5-HT2A receptor", "1")]),
    ("acts-at-both", {}, [(":SERT", ":NET", ":partialol", "partialol", ":Inhibition", ":Inhibition")]),
    ("agreement", {}, [("1", "16", "9"), ("2", "3", "3"), ("3", "1", "1")]),
    (
        "antidote-candidates",
        {"drug": EXAMPLOL},
        [
            (EXAMPLOL, *MU, MIRROROL, "mirrorol", ":Antagonism", "1"),
            (EXAMPLOL, *MU, ":naloxone", "naloxone", ":Antagonism", "1"),
            (EXAMPLOL, *MU, ":tizanidine", "tizanidine", ":Antagonism", "1"),
            (EXAMPLOL, *MU, ":partialol", "partialol", ":PartialAgonism", "1"),
        ],
    ),
    (
        "busiest-targets",
        {},
        [
            (*MU, "5", "3"),
            (*GABAB, "2", "4"),
            (*SERT, "2", "2"),
            (":Alpha2A", "alpha-2A adrenoceptor", "1", "1"),
            (*D2, "1", "2"),
            (":D3", "D3 dopamine receptor", "1", "2"),
            (*NET, "1", "1"),
            (":SHT2A", "5-HT2A receptor", "1", "1"),
            (":t/iuphar.receptor-30", "β3-adrenoceptor", "1", "1"),
            (":t/iuphar.receptor-9001", "S1 receptor", "1", "1"),
            (":t/uniprot-P14842", "5-hydroxytryptamine receptor 2A", "1", "1"),
        ],
    ),
    (
        "class-by-source",
        {"class": OA},
        [
            (OA, CHEMBL, "mechanism", "1"),
            (OA, DRUGCENTRAL, "mechanism", "2"),
            (OA, DRUGMECHDB, "named use", "1"),
            (OA, GTOPDB, "activity", "1"),
            (OA, GTOPDB, "mechanism", "2"),
            (OA, NDC, "class", "1"),
        ],
    ),
    ("class-conditions", {"class": OA}, [(OA, PAIN, "Pain", "1")]),
    (
        "class-legal-us",
        {"class": OA},
        [(OA, EXAMPLOL, "examplol", "", "", ""), (OA, ":partialol", "partialol", ":US-II", NDC, "PARTIALOL")],
    ),
    ("class-off-targets", {"class": OA}, [(OA, *D2, "1", "9.5"), (OA, ":D4", "D4 dopamine receptor", "1", "5")]),
    (
        "class-one-source",
        {"class": OA},
        [
            (OA, EXAMPLOL, "examplol", ":Inhibition", *SERT, DRUGCENTRAL),
            (OA, ":partialol", "partialol", ":Agonism", *MU, DRUGCENTRAL),
            (OA, ":partialol", "partialol", ":PartialAgonism", *MU, GTOPDB),
            (OA, ":partialol", "partialol", ":Inhibition", *NET, CHEMBL),
            (OA, ":partialol", "partialol", ":Inhibition", *SERT, CHEMBL),
        ],
    ),
    (
        "class-profile",
        {"class": OA},
        [
            (OA, *MU, ":Agonism", "2"),
            (OA, *SERT, ":Inhibition", "2"),
            (OA, *MU, ":PartialAgonism", "1"),
            (OA, *NET, ":Inhibition", "1"),
        ],
    ),
    ("class-selectivity", {"class": OA}, [(OA, EXAMPLOL, "examplol", "0", "2"), (OA, ":partialol", "partialol", "4", "3")]),
    ("condition-drugs", {}, [(SPASTICITY, ":baclofen", "baclofen", ":Agonism", *GABAB)]),
    (
        "condition-drugs",
        {"condition": PAIN},
        [
            (PAIN, ":partialol", "partialol", ":Agonism", *MU),
            (PAIN, ":partialol", "partialol", ":PartialAgonism", *MU),
            (PAIN, ":partialol", "partialol", ":Inhibition", *NET),
            (PAIN, ":partialol", "partialol", ":Inhibition", *SERT),
        ],
    ),
    (
        "coverage",
        {},
        [
            (CHEMBL, "mechanism", "5", "4"),
            (DRUGCENTRAL, "activity", "1", "1"),
            (DRUGCENTRAL, "mechanism", "11", "8"),
            (DRUGMECHDB, "named use", "2", "2"),
            (GTOPDB, "activity", "14", "4"),
            (GTOPDB, "mechanism", "9", "7"),
            (NDC, "class", "2", "2"),
        ],
    ),
    ("derived-not-tagged", {"class": OA}, [(OA, EXAMPLOL, "examplol")]),
    (
        "drug-by-source",
        {},
        [
            (":baclofen", "src:altmeyers-opiates", "mechanism", "agonism", GABAB[1], "", "text"),
            (":baclofen", CHEMBL, "mechanism", "agonism", GABAB[1], "", ROW[CHEMBL]),
            (":baclofen", DRUGCENTRAL, "activity", "was measured", "adenosine A3 receptor", "pIC50 7.3", "struct 282, target P0DMS8"),
            (":baclofen", DRUGCENTRAL, "mechanism", "agonism", GABAB[1], "pIC50 7.46", ROW[DRUGCENTRAL]),
            (":baclofen", DRUGMECHDB, "named use", "is used in", "Muscle Spasticity", "", "path 1"),
            (":baclofen", GTOPDB, "mechanism", "agonism", GABAB[1], "pKi 4.3-6.2", ROW[GTOPDB]),
            (":baclofen", NDC, "class", "opioid", "opioid agonist", "", "BACLOFEN"),
        ],
    ),
    (
        "drug-by-source",
        {"drug": ":naloxone"},
        [
            (":naloxone", CHEMBL, "mechanism", "mechanism", MU[1], "", "CHEMBL80, CHEMBL99233"),
            (":naloxone", GTOPDB, "mechanism", "antagonism", MU[1], "", "ligand 1638"),
        ],
    ),
    (
        "drug-matched",
        {},
        [
            (
                ":baclofen",
                "chembl.compound:CHEMBL701",
                "skos:exactMatch",
                ":baclofen",
                AS.format("BackgroundKnowledgeBased"),
                "chembl.compound:CHEMBL701",
                "",
            ),
            (":baclofen", "drugcentral:282", "skos:exactMatch", ":baclofen", AS.format("Structural"), f"inchikey:{samples.BACLOFEN}", ""),
            (
                ":baclofen",
                "iuphar.ligand:1084",
                "skos:exactMatch",
                ":baclofen",
                AS.format("Structural"),
                f"inchikey:{samples.BACLOFEN}",
                "",
            ),
        ],
    ),
    (
        "drug-papers",
        {},
        [(":baclofen", "mechanism", *GABAB, "pKi 4.3-6.2", f"{PAPER[:-1]}{number}>", GTOPDB) for number in ("11082110", "12663046")],
    ),
    ("drug-salts", {"drug": EXAMPLOL}, [(EXAMPLOL, "drugcentral:9284", "drugcentral:9282", "examplol")]),
    ("listed-otherwise", {}, [(":tizanidine", ":Antagonism", *MU, DRUGCENTRAL, "struct 2683, target P35372", "")]),
    (
        "measured-at",
        {"target": ":D2"},
        [
            (":D2", ":idlol", "idlol", "10.1", "pIC50 10.1", "not stated", GTOPDB, "s1"),
            (":D2", ":partialol", "partialol", "9.5", "pKi 9.5", "not stated", GTOPDB, "p5"),
            (":D2", ":partialol", "partialol", "9.1", "pKi 9.1", "not stated", GTOPDB, "p6"),
            (":D2", ":bothol", "bothol", "5", "pKi 5", "not stated", GTOPDB, "u4"),
        ],
    ),
    (
        "measured-at",
        {"target": ":MuOpioidReceptor"},
        [
            (MU[0], ":partialol", "partialol", "7.5", "pKi 7.5-8", "yes", GTOPDB, "p1"),
            (MU[0], QUIETOL, "quietol", "7", "pKi 7", "not stated", GTOPDB, "ligand 9102, target 319, Human"),
        ],
    ),
    ("measured-without-mechanism", {}, [(":idlol", "idlol", "5", "1")]),
    (
        "mechanism-not-measured",
        {},
        [
            (":OpioidReceptor", drug, name, *MU)
            for drug, name in ((EXAMPLOL, "examplol"), (MIRROROL, "mirrorol"), (":naloxone", "naloxone"), (":tizanidine", "tizanidine"))
        ],
    ),
    ("nearest-by-targets", {"drug": ":baclofen"}, [(":baclofen", ":copycatol", "copycatol", "1", "1", "1", "1")]),
    (
        "nearest-by-targets",
        {"drug": ":naloxone"},
        [
            (":naloxone", MIRROROL, "mirrorol", "1", "1", "1", "1"),
            (":naloxone", EXAMPLOL, "examplol", "1", "1", "2", "0.5"),
            (":naloxone", ":tizanidine", "tizanidine", "1", "1", "2", "0.5"),
            (":naloxone", ":partialol", "partialol", "1", "1", "3", "0.333333333333333333"),
        ],
    ),
    (
        "only-in-one-source",
        {},
        [
            (":graph/ontology", "8", "0"),
            (CHEMBL, "4", "0"),
            (DRUGCENTRAL, "8", "2"),
            (DRUGMECHDB, "2", "0"),
            (GTOPDB, "10", "3"),
            (NDC, "2", "0"),
        ],
    ),
    ("overlap", {}, [(CHEMBL, DRUGCENTRAL, "1", "1"), (CHEMBL, GTOPDB, "2", "2"), (DRUGCENTRAL, GTOPDB, "3", "3")]),
    ("partial-or-full", {}, [(":partialol", "partialol", *MU, GTOPDB, ":Agonism", DRUGCENTRAL)]),
    ("repurposing-candidates", {}, [(SPASTICITY, ":copycatol", "copycatol", ":Agonism", *GABAB, "1")]),
    ("same-mechanisms", {}, [(":baclofen", ":copycatol", "copycatol")]),
    ("same-mechanisms", {"drug": ":naloxone"}, [(":naloxone", MIRROROL, "mirrorol")]),
    ("shares-a-target", {}, [(":baclofen", *GABAB, ":Agonism", ":copycatol", "copycatol", ":Agonism", "1")]),
    ("source-alone", {}, [(GTOPDB, ":hasActivity", "14", "14", "4"), (GTOPDB, ":hasMechanism", "9", "5", "7")]),
    ("sources-disagree", {}, [(":disputol", "disputol", *D2, ":Agonism", GTOPDB, ":Antagonism", DRUGCENTRAL)]),
    ("stronger-elsewhere", {"class": OA}, [(OA, ":partialol", "partialol", "7.9", *D2, "9.5")]),
    ("tagged-not-derived", {"class": OA}, [(OA, ":baclofen", "baclofen", NDC, "opioid", "1")]),
    ("tags-against-memberships", {}, [(NDC, OA, "1", "1")]),
]


def term(short: str) -> NamedNode:
    prefix, _, local = short.partition(":")
    return NamedNode(short[1:-1] if short.startswith("<") else n.NS + local if not prefix else n.PREFIXES[prefix] + local)


@pytest.mark.parametrize(("name", "bound", "rows"), ANSWERS, ids=[f"{name}{'-bound' if bound else ''}" for name, bound, _ in ANSWERS])
def test_answer(name: str, bound: dict[str, str], rows: list[tuple[str, ...]], library: Graph) -> None:
    table = sparql.run(library.store, FILES[name].read_text("utf-8"), {key: term(value) for key, value in bound.items()})
    assert table.texts() == rows


def test_what_an_import_says_to_run_is_found(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The message of an import names a query: it is found by its bare name, and names the drug whose list is contradicted."""
    assert main(["query", "listed-otherwise", "--store", str(store), "--format", "csv"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "drug,action,target,at,source,locator,measured",
        f'{n.NS}tizanidine,{n.NS}Antagonism,{n.NS}MuOpioidReceptor,mu opioid receptor,{n.SRC}drugcentral,"struct 2683, target P35372",',
    ]
