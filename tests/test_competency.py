"""The questions that the graph must answer: each query file, with its whole expected answer in the folder ``competency`` beside this file.

The answers were checked by hand against the sources that the drug files cite. A row that changes is a change of what the graph says: find
its cause before the answer is changed.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from rdflib.plugins.sparql import prepareQuery

import pharmakon
from pharmakon import sparql
from pharmakon.graph import Graph

EXPECTED = Path(__file__).parent / "competency"
QUESTIONS = list(range(1, 57))
FILES = {name.partition("/")[2]: path for name, path in sparql.shipped() if name.startswith("competency/")}
TAGS = r"\[(identity|mechanism|use|safety|boundaries|gaba|meta), competency\]"
NOT_PORTABLE = r"\b(MINUS|DESCRIBE|SERVICE|GROUP_CONCAT|NOW|RAND|UUID)\b"


def expected(name: str) -> list[tuple[str, ...]]:
    """Return a whole expected answer: the variables, then the rows in order."""
    with (EXPECTED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in csv.reader(file)]


@pytest.mark.parametrize("name", FILES)
def test_answer(name: str, graph: Graph) -> None:
    table = sparql.run(graph.store, FILES[name].read_text("utf-8"))
    assert [table.columns, *table.texts()] == expected(name)


def test_every_question_has_one_file_and_one_answer() -> None:
    assert [int(name[:2]) for name in FILES] == QUESTIONS
    assert [name for name in FILES if not re.fullmatch(r"\d\d(-[a-z0-9]+)+", name)] == []
    assert sorted(path.stem for path in EXPECTED.glob("*.csv")) == sorted(FILES)


@pytest.mark.parametrize("name", FILES)
def test_form(name: str) -> None:
    """The question, what counts as an answer, tags; an order; SPARQL 1.1 that a second parser reads, without what engines disagree on."""
    text = FILES[name].read_text("utf-8")
    about = sparql.header(text)
    assert about["summary"].endswith("?")
    assert re.search(r"\w", about["description"])
    assert re.fullmatch(TAGS, about["tags"])
    assert re.search(r"\n(GROUP BY[^{}]*)?ORDER BY( \?\w+)+\s*$", sparql.bare(text))
    assert not re.search(NOT_PORTABLE, sparql.bare(text), re.I)
    prepareQuery(text)


MEANINGS = (
    "A substance of morphine-like structure to which an immunoassay for opiates responds.",
    "An opium alkaloid, or a substance made from one, that activates an opioid receptor.",
    "An alkaloid of the opium poppy that activates an opioid receptor.",
)
BOUND: list[tuple[str, dict[str, str], list[tuple[str, ...]]]] = [
    (
        "01",
        {"drug": "heroin"},
        [
            (":heroin", ":OpiateAssay", MEANINGS[0], "yes"),
            (":heroin", ":OpiateBroad", MEANINGS[1], "yes"),
            (":heroin", ":OpiateStrict", MEANINGS[2], "not derived"),
        ],
    ),
    (
        "04",
        {"drug": "heroin"},
        [(":heroin", ":OpiateStrict", ":OpiumAlkaloid", ":hasOrigin", ":SemisyntheticOrigin", ":morphine", "firm", "complete")],
    ),
    (
        "07",
        {"drug": "codeine", "other": "fentanyl"},
        [
            *(
                (":Opioid", ":codeine", "yes", ":Agonism", ":MuOpioidReceptor", ":fentanyl", "yes", ":Agonism", receptor)
                for receptor in (":DeltaOpioidReceptor", ":MuOpioidReceptor")
            ),
            *(
                (":OpiumAlkaloid", ":codeine", "yes", *origin, ":fentanyl", "not derived", ":SyntheticOrigin", "")
                for origin in ((":NaturalOrigin", ":PapaverSomniferum"), (":SemisyntheticOrigin", ":morphine"))
            ),
        ],
    ),
    (
        "08-receptor-and-action",
        {"drug": "morphine"},
        [
            *(
                (":morphine", ":Agonism", ":MuOpioidReceptor", "", source, locator, ":established")
                for source, locator in (
                    ("src:chembl", "CHEMBL2103744, CHEMBL233"),
                    ("src:drugcentral", "struct 1845, target P35372"),
                    ("src:fda-label-morphine-sulfate", "section 12.1"),
                    ("src:fda-label-morphine-sulfate", "section 9.1"),
                    ("src:gtopdb", "ligand 1627, target 319, Human"),
                )
            ),
            *(
                (":morphine", ":Agonism", ":MuOpioidReceptor", ":morphine-6-glucuronide", source, locator, ":probable")
                for source, locator in (
                    ("src:doi-10-1038-s41398-023-02406-5", "abstract and text"),
                    ("src:oramorph-singapore", "mechanism of action"),
                )
            ),
        ],
    ),
    (
        "12",
        {"drug": "morphine"},
        [(":morphine", f":{endogenous}", ":MuOpioidReceptor", ":Agonism", "") for endogenous in ("beta-endorphin", "met-enkephalin")],
    ),
    ("42", {"drug": "gabapentin"}, []),
    (
        "53",
        {"source": "src:pmid-21975349"},
        [
            ("src:pmid-21975349", ":cyclobenzaprine", ":hasMechanism", ":Inhibition", transporter, "abstract", "")
            for transporter in (":NET", ":SERT")
        ],
    ),
]


@pytest.mark.parametrize(("name", "bound", "rows"), BOUND)
def test_bound_variables_change_the_subject(name: str, bound: dict[str, str], rows: list[tuple[str, ...]], graph: Graph) -> None:
    assert pharmakon.query(name, graph=graph, **bound).texts() == rows


def test_claims_of_the_article_are_held_against_other_sources_and_definitions(grown: Callable[[str], Graph]) -> None:
    """Two claims more: a class that no definition derives, beside the three that one does, and a use that one jurisdiction denies."""
    article = ':assertion [ :source src:article ; :locator "Key Takeaways" ]'
    added = grown(
        f""":baclofen :hasTag [ :tag "painkiller" ; :sourceSaysIsA :Analgesic ; {article} ] ;
            :hasIndication [ :condition :StrokeSpasticity ; :status :Approved ; {article} ] ."""
    )
    table = pharmakon.query("28", graph=added)
    new = [row for row in table.texts() if row[1] == ":hasTag" or row[2] == ":StrokeSpasticity"]
    stroke = (":baclofen", ":hasIndication", ":StrokeSpasticity", ":Approved")
    assert new == [
        (*stroke, "alone", "", "", "", "", "", "", ""),
        (*stroke, "contradicted", ":NotEstablished", ":Oral", ":US", "", "", "src:fda-label-baclofen-advanced-rx", "Indications"),
        (*stroke, "contradicted", ":NotEstablished", ":Oral", ":US", "", "", "src:fda-label-ozobax", "section 5"),
        (*stroke, "refined", ":Approved", ":Oral", ":UK", "", "", "src:mhra-smpc-baclofen-mylan", "4.1"),
        (":baclofen", ":hasTag", ":Analgesic", "", "alone", "", "", "", "", "", "", ""),
        *((":baclofen", ":hasTag", c, "", "supported", *[""] * 7) for c in (":CNSDepressant", ":GABABAgonist", ":MuscleRelaxant")),
    ]
