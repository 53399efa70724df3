"""The command line: what people get, what programs get, and what happens when the input is at fault."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

import pharmakon
from pharmakon.cli import main

SCHEMA = json.loads((Path(pharmakon.__file__).parent / "schema" / "answer.schema.json").read_text("utf-8"))


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(words)
    out, err = capsys.readouterr()
    return status, out, err


@pytest.mark.parametrize(
    ("words", "verdicts"),
    [
        (("baclofen", "opiate"), ["no", "no", "no"]),
        (("morphine", "opiate"), ["yes", "yes", "yes"]),
        (("heroin", "opiate"), ["no", "yes", "yes"]),
        (("oxycodone", "opiate"), ["no", "yes", "no"]),
        (("Is baclofen an opiate?",), ["no", "no", "no"]),
        (("is", "morphine", "an", "opioid?"), ["yes"]),
        (("are benzodiazepines opioids",), ["no"]),
        (("is every opiate an opioid?",), ["yes", "yes", "unknown"]),
        (("CHEBI:2972", "GABA-B agonist"), ["yes"]),
        (("Lioresal", "opioid"), ["no"]),
        (("diamorphine", "opioids"), ["yes"]),
        (("thebaine", "opiate"), ["unknown", "unknown", "unknown"]),
        (("baclofen", "GABA-B receptor agonist"), ["yes"]),
    ],
)
def test_ask_answers_in_the_shape_of_the_schema(capsys: pytest.CaptureFixture[str], words: tuple[str, ...], verdicts: list[str]) -> None:
    status, out, _ = run(capsys, "ask", *words, "--json")
    answer = json.loads(out)
    jsonschema.validate(answer, SCHEMA)
    assert status == 0
    assert [a["verdict"] for a in answer["answers"]] == verdicts


def test_schema_refuses_an_answer_that_proves_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    answer = json.loads(run(capsys, "ask", "baclofen", "opioid", "--json")[1])
    answer["answers"][0]["reasons"] = []
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(answer, SCHEMA)


def test_ask_reads_as_a_checklist(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "ask", "loperamide", "opioid analgesic")
    assert "✕ no  opioid analgesic" in out
    assert "✕ loperamide reaches the central nervous system" in out
    assert "─ loperamide stays out of the central nervous system" in out
    assert "PMID:11014404" in out
    assert out.endswith("For teaching and research. No medical advice: it knows no patient and gives no dose.\n")


def test_not_known_says_what_would_settle_it(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "ask", "thebaine", "opioid")
    assert "◌ not known  opioid" in out
    assert "· a source that says that thebaine activates an opioid receptor" in out
    assert "· a claim that the 0 stated mechanisms of thebaine are all there are" in out


def test_why_puts_two_checklists_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "why", "morphine", "baclofen", "opiate", "--json")
    contrast = json.loads(out)
    strict = [(row["condition"], row["a"], row["b"]) for row in contrast["rows"][0]]
    assert strict == [
        ("occurs in the opium poppy", "yes", "no"),
        ("activates an opioid receptor, itself or through a metabolite", "yes", "no"),
    ]
    jsonschema.validate(contrast["a"], SCHEMA)
    jsonschema.validate(contrast["b"], SCHEMA)


def test_whatif_answers_both_questions(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "whatif", "baclofen", "opioid", "--json")
    [answer] = json.loads(out)["answers"]
    assert [[leaf["claim"] for leaf in group] for group in answer["unsettle"]] == [
        ["the claim that the list of mechanisms of baclofen is complete"],
        ["baclofen activates the GABA-B receptor"],
    ]
    assert [(t["to"], [c["kind"] for c in t["changes"]]) for t in answer["turn"]] == [("yes", ["state"])]


def test_without_a_source_what_rests_on_it_falls_and_the_rest_stands(capsys: pytest.CaptureFixture[str]) -> None:
    def verdicts(*words: str) -> list[str]:
        return [a["verdict"] for a in json.loads(run(capsys, "ask", *words, "--json")[1])["answers"]]

    assert verdicts("baclofen", "opiate", "--without", "pharmakon") == ["unknown", "unknown", "no"]
    assert verdicts("baclofen", "opiate", "--without", "chebi") == ["no", "no", "unknown"]
    assert verdicts("baclofen", "opiate", "--without", "chebi", "--without", "pharmakon") == ["unknown"] * 3
    assert verdicts("baclofen", "GABA-B agonist", "--without", "gtopdb") == ["yes"]
    assert verdicts("heroin", "opium derivative", "--without", "gtopdb") == ["yes"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("ask", "baclofin", "opiate"), 'no drug is called "baclofin"; did you mean baclofen?'),
        (("ask", "baclofen", "opiat"), 'no class is called "opiat"; did you mean opiate'),
        (("ask", "", "opiate"), "the name of a drug is empty"),
        (("ask", "baclofen", ""), "the name of a class is empty"),
        (("ask", "what is baclofen"), 'cannot read "what is baclofen"'),
        (("ask", "is baclofen a unicorn?"), "cannot find a drug and a class"),
        (("ask", "baclofen", "opiate", "--without", "gtopd"), 'no source is called "gtopd"; did you mean gtopdb'),
        (("query", "no-such-query"), 'no query file is called "no-such-query"'),
        (("query", "01", "--bind", "nothing=1"), "the query has no variable ?nothing"),
        (("draw", "baclofen", "-o", "x.html"), "draw takes"),
        (("ask", "baclofen", "opiate", "--add", "no/such/file.ttl"), "no such file or folder"),
    ],
)
def test_bad_input_gets_a_clear_error_and_status_2(capsys: pytest.CaptureFixture[str], words: tuple[str, ...], message: str) -> None:
    status, out, err = run(capsys, *words)
    assert (status, out) == (2, "")
    assert message in err
    assert "Traceback" not in err


def test_two_sources_of_one_mechanism_are_alternatives_under_one_leaf() -> None:
    [answer] = pharmakon.ask("baclofen", "GABA-B agonist").answers
    [reason] = answer.reasons
    [leaf] = reason.leaves()
    assert leaf.claim == "baclofen activates the GABA-B receptor"
    assert [s.id for s in leaf.sources] == ["src:chembl", "src:drugcentral", "src:gtopdb", "src:fda-label-lioresal-intrathecal"]


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "markdown", "parquet", "table"])
def test_query_writes_every_format(capsys: pytest.CaptureFixture[str], tmp_path: Path, form: str) -> None:
    query = tmp_path / "q.rq"
    query.write_text(
        "PREFIX : <https://w3id.org/pharmakon/> SELECT ?drug ?t WHERE { ?drug :agonistOf ?t FILTER(?drug = :baclofen) } ORDER BY ?t"
    )
    out = tmp_path / f"out.{form}"
    assert main(["query", str(query), "--format", form, "-o", str(out)]) == 0
    ns = "https://w3id.org/pharmakon/"
    expected = {
        "csv": f"drug,t\r\n{ns}baclofen,{ns}GABA-B\r\n",
        "tsv": f"?drug\t?t\n<{ns}baclofen>\t<{ns}GABA-B>\n",
        "markdown": "| drug | t |\n| --- | --- |\n| :baclofen | :GABA-B |\n",
        "table": "drug       t\n:baclofen  :GABA-B\n1 row\n",
    }
    if form in expected:
        assert out.read_bytes().decode() == expected[form]
    elif form == "json":
        row = {"drug": {"type": "uri", "value": f"{ns}baclofen"}, "t": {"type": "uri", "value": f"{ns}GABA-B"}}
        assert json.loads(out.read_text()) == {"head": {"vars": ["drug", "t"]}, "results": {"bindings": [row]}}
    else:
        import pandas

        assert pandas.read_parquet(out).to_dict("records") == [{"drug": ":baclofen", "t": ":GABA-B"}]


def test_bound_values_are_terms_and_never_text(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    query = tmp_path / "q.rq"
    query.write_text("PREFIX : <https://w3id.org/pharmakon/> SELECT ?drug ?t WHERE { ?drug :agonistOf ?t } ORDER BY ?t")
    status, out, _ = run(capsys, "query", str(query), "--bind", "drug=morphine")
    assert (status, out) == (0, "drug       t\n:morphine  :MuOpioidReceptor\n1 row\n")
    status, out, _ = run(capsys, "query", str(query), "--bind", 'drug="x\\" } INSERT DATA { <a:a> <a:a> <a:a> } #"')
    assert (status, out) == (0, "drug  t\n0 rows\n")


def test_every_command_has_help_and_stands_in_the_readme(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    text = capsys.readouterr().out
    commands = ["ask", "why", "whatif", "members", "show", "list", "query", "draw", "check", "verify", "build"]
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    for command in commands:
        assert f"    {command} " in text
        assert f"pharmakon {command}" in readme
        with pytest.raises(SystemExit) as stop:
            main([command, "--help"])
        assert stop.value.code == 0
    capsys.readouterr()
