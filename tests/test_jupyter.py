"""The magic ``%%sparql`` in a real IPython shell, and the tables that values turn into."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

import pharmakon as ph
from pharmakon.errors import BadQuery, BadQuestion, UnknownName
from pharmakon.graph import Graph
from pharmakon.jupyter import sparql
from pharmakon.sparql import Table

WHERE = """
PREFIX : <https://w3id.org/pharmakon/>
SELECT ?drug ?target WHERE { ?drug :agonistOf ?target } ORDER BY ?drug ?target
"""


@pytest.fixture(scope="module")
def shell() -> Iterator[Any]:
    """A shell as a notebook has one, with the extension loaded as the README says."""
    made: Any = InteractiveShell.instance()  # type: ignore[no-untyped-call]
    made.run_line_magic("load_ext", "pharmakon")
    yield made
    InteractiveShell.clear_instance()  # type: ignore[no-untyped-call]


def run(shell: Any, text: str) -> Any:
    """Run a cell as a notebook does, and return its value; what it raises is raised here."""
    done = shell.run_cell(text)
    done.raise_error()
    return done.result


def test_a_cell_is_a_query(shell: Any) -> None:
    found = run(shell, f"%%sparql --bind drug=baclofen\n{WHERE}")
    assert found == Table(("drug", "target"), found.rows)
    assert found.texts() == [(":baclofen", ":GABA-B")]


def test_a_table_can_be_kept_in_the_place_of_being_shown(shell: Any) -> None:
    assert run(shell, f"%%sparql --bind drug=baclofen --to kept\n{WHERE}") is None
    assert run(shell, "kept.to_pandas().target.tolist()") == [":GABA-B"]


def test_a_table_shows_as_a_table_and_as_text(shell: Any) -> None:
    found = run(shell, f"%%sparql --bind drug=baclofen\n{WHERE}")
    data, _ = shell.display_formatter.format(found)
    assert "<table" in data["text/html"] and "GABA-B" in data["text/html"] and "<script" not in data["text/html"]
    assert data["text/plain"].splitlines() == ["drug       target", ":baclofen  :GABA-B", "1 row"]


def test_values_are_told_in_words_where_no_html_is_shown(shell: Any) -> None:
    """Else their text is that of a dataclass, and as long as a book. Each value that questions return is among them."""
    values = [
        ph.ask("baclofen", "opiate"),
        ph.audit(),
        ph.compare("baclofen", "morphine"),
        ph.drift(),
        ph.interactions("baclofen", "morphine"),
        ph.members("opioid")[0],
        ph.quiz("opioid", n=1),
        ph.show("baclofen"),
        ph.whatif("baclofen", "opioid"),
        ph.why("morphine", "baclofen", "opiate"),
    ]
    proof = values[0].answers[0].reasons[0]
    told = shell.display_formatter.format(proof)[0]["text/plain"]
    assert told.startswith("✕ baclofen is an opiate") and "Proof(" not in told
    public = {name for name in ph.__all__ if name[0].isupper() and hasattr(getattr(ph, name), "_repr_html_")}
    assert {type(value).__name__ for value in values} == public - {"Proof"}
    for value in values:
        data, _ = shell.display_formatter.format(value)
        assert data["text/plain"] == str(value)
        assert len(data["text/html"]) > 100


def test_a_line_asks_a_query_that_ships(shell: Any) -> None:
    found = run(shell, "%sparql 37")
    assert found.texts() == ph.query("37").texts()
    assert found.texts()


def test_a_variable_of_any_name_can_be_bound() -> None:
    """Also one that is called like an argument of ours."""
    text = "SELECT ?name ?graph ?line WHERE { VALUES (?name ?graph ?line) { (1 2 3) (4 5 6) } }"
    assert sparql("--bind ?name=4 --bind graph=5 --bind 'line=6'", text, {})[0].texts() == [("4", "5", "6")]
    quoted = "SELECT ?x WHERE { VALUES ?x { \"two words\" 'other' } }"
    assert sparql("--bind 'x=\"two words\"'", quoted, {})[0].texts() == [("two words",)]


def test_another_graph_by_its_variable(shell: Any, small: Callable[[str], Graph]) -> None:
    shell.user_ns["mine"] = small(':lemonade a :Drug ; rdfs:label "lemonade"@en ; skos:definition "A drink."@en .')
    text = "PREFIX : <https://w3id.org/pharmakon/> SELECT ?drug WHERE { ?drug a :Drug } ORDER BY ?drug"
    assert run(shell, f"%%sparql --graph mine\n{text}").texts() == [(":lemonade",)]


@pytest.mark.parametrize(
    ("line", "cell", "error", "message"),
    [
        ("", "SELECT WHERE", BadQuery, "not valid SPARQL"),
        ("--bind", WHERE, BadQuestion, "%%sparql: argument --bind: expected one argument"),
        ("--bind drug", WHERE, BadQuery, '--bind takes NAME=VALUE, not "drug"'),
        ("--bind drug=nosuchdrug", WHERE, UnknownName, 'no thing is called "nosuchdrug"'),
        ("--bind other=baclofen", WHERE, BadQuery, "the query has no variable ?other; it has drug, target"),
        ("--bind 'drug=bac", WHERE, BadQuestion, "%%sparql: No closing quotation: --bind 'drug=bac"),
        ("--colour red", WHERE, BadQuestion, "%%sparql: unrecognized arguments: --colour"),
        ("--to 2x", WHERE, BadQuestion, '%%sparql: --to takes the name of a variable, not "2x"'),
        ("--graph g", WHERE, BadQuestion, '%%sparql: --graph takes a variable that holds an open graph; "g" holds none'),
        ("--graph g --store x", WHERE, BadQuestion, "%%sparql: give one of --store, --endpoint and --graph"),
        ("49", WHERE, BadQuestion, "write one query"),
        ("", None, BadQuestion, "write one query"),
        ("48 49", None, BadQuestion, "write one query"),
        ("nosuch", None, BadQuery, 'no query file is called "nosuch"'),
    ],
)
def test_what_is_wrong_is_said(line: str, cell: str | None, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as raised:
        sparql(line, cell, {"g": 1})
    assert str(raised.value).startswith(message)


def test_a_store_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ph.StoreUnavailable):
        sparql(f"--store '{tmp_path / 'none here'}'", WHERE, {})


def test_a_mistake_is_shown_without_a_traceback_and_stops_the_cell(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    done = shell.run_cell("%%sparql --bind drug=nosuchdrug\n" + WHERE)
    assert not done.success
    told = capsys.readouterr()
    assert "nosuchdrug" in told.err + told.out
    assert "Traceback" not in told.err + told.out


# --- tables of values -------------------------------------------------------------------------------------------------


def test_an_answer_as_a_table(graph: Graph) -> None:
    table = ph.ask("thebaine", "opiate", graph=graph).to_pandas()
    assert table.columns.tolist() == ["sense", "verdict", "reasons", "source"]
    assert table[["sense", "verdict", "reasons"]].to_numpy().tolist() == [
        ["opiate, strict sense", "unknown", 0],
        ["opiate, broad sense", "unknown", 0],
        ["opiate, assay sense", "unknown", 0],
    ]
    assert table.source[0].startswith("Altmeyers Encyclopedia, Opiates")


def test_a_contrast_as_a_table(graph: Graph) -> None:
    table = ph.why("morphine", "baclofen", "opiate", graph=graph).to_pandas()
    strict = table[table.sense == "opiate, strict sense"].drop(columns="sense")
    assert strict.columns.tolist() == ["condition", "morphine", "baclofen"]
    assert strict.to_numpy().tolist() == [
        ["occurs in the opium poppy", "yes", "no"],
        ["activates an opioid receptor, itself or through a metabolite", "yes", "no"],
    ]


def test_what_ifs_as_a_table(graph: Graph) -> None:
    table = ph.whatif("baclofen", "opioid", graph=graph).to_pandas()
    assert table.to_dict("records") == [
        {"sense": "opioid", "verdict": "no", "to": to, "way": way, "kind": kind, "change": change}
        for to, way, kind, change in [
            ("unknown", 1, "withdraw", "the claim that the list of mechanisms of baclofen is complete"),
            ("unknown", 2, "withdraw", "baclofen activates the GABA-B receptor"),
            (
                "yes",
                3,
                "state",
                "a source that says that baclofen activates an opioid receptor (and the claim of completeness would have to list it)",
            ),
        ]
    ]


def test_a_page_as_a_table(small: Callable[[str], Graph]) -> None:
    """A row for each source of a statement; a statement that has none keeps its row."""
    graph = small(
        ':lemonade a :Drug ; rdfs:label "lemonade"@en ; skos:definition "A drink."@en ; :hasMechanism _:m . _:m a :Agonism ; :target :GABA-B ; '
        ':assertion [ :source src:gtopdb ; :locator "row 1" ] , [ :source src:drugcentral ; :locator "row 2" ] .'
    )
    table = ph.show("lemonade", graph=graph).to_pandas()
    assert table.columns.tolist() == ["property", "text", "source", "locator"]
    assert table[["property", "text", "locator"]].to_numpy().tolist() == [
        ["mechanism", "activates the GABA-B receptor", "row 2"],
        ["mechanism", "activates the GABA-B receptor", "row 1"],
    ]
    assert [s.partition(",")[0] for s in table.source] == ["DrugCentral", "IUPHAR/BPS Guide to PHARMACOLOGY"]


def test_the_package_needs_no_ipython() -> None:
    """All that is public can be imported where only the core is installed."""
    text = "import sys; sys.modules['IPython'] = None; from pharmakon import *; print(load_ipython_extension.__name__)"
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("load_ipython_extension\n", "")
