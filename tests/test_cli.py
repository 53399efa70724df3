"""The command line: what people get, what programs get, and what happens when the input is at fault."""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

import pharmakon
from pharmakon import interact
from pharmakon.cli import _parser, main
from pharmakon.graph import Graph

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
    assert "· a claim of thebaine that there is no mechanism to state" in out


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
        (("ask", "bac\nlo\x1b[2Jfen", "opiate"), r'no drug is called "bac\nlo\x1b[2Jfen"'),
        (("ask", "baclofen", "opi\rate\udcff"), r'no class is called "opi\rate\udcff"'),
        (("interactions", "--all", "morphine"), "--all asks about every pair of drugs"),
        (("interactions", "--all", "--condition", "pregnancy"), "--all asks about every pair of drugs"),
        (("interactions", "--all", "--condition", ""), "--all asks about every pair of drugs"),
        (("check", "--store", "anywhere"), "check holds the files of the ontology against their rules"),
        (("build", "--store", "anywhere", "--endpoint", "http://127.0.0.1:9"), "bring a store there with `pharmakon push`"),
    ],
)
def test_bad_input_gets_a_clear_error_and_status_2(capsys: pytest.CaptureFixture[str], words: tuple[str, ...], message: str) -> None:
    status, out, err = run(capsys, *words)
    assert (status, out) == (2, "")
    assert message in err
    assert err.startswith("pharmakon: ") and err.count("\n") == 1


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
    (found,) = (a for a in _parser()._actions if isinstance(a, argparse._SubParsersAction))
    commands = list(found.choices)
    assert {"ask", "import", "serve"} <= set(commands)
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    for command in commands:
        assert re.search(rf"^    {command}\s", text, re.M)
        assert f"pharmakon {command}" in readme
        with pytest.raises(SystemExit) as stop:
            main([command, "--help"])
        assert stop.value.code == 0
    capsys.readouterr()


def test_every_argument_has_help() -> None:
    (commands,) = (a for a in _parser()._actions if isinstance(a, argparse._SubParsersAction))
    bare = [(name, a.dest) for name, parser in commands.choices.items() for a in parser._actions if not a.help]
    assert bare == []


@pytest.mark.parametrize("words", [("--format", "csv", "--json"), ("--json", "--format", "json")])
def test_one_form_of_a_comparison_at_a_time(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["compare", "morphine", "codeine", *words])
    assert stop.value.code == 2
    assert "not allowed with argument" in capsys.readouterr().err


def test_a_comparison_as_json_either_way(capsys: pytest.CaptureFixture[str]) -> None:
    found = [run(capsys, "compare", "morphine", "codeine", *words) for words in (("--json",), ("--format", "json"))]
    assert found[0] == found[1]
    assert json.loads(found[0][1])["a"]["label"] == "morphine"


def test_every_pair_as_csv_and_as_json_says_what_is_said_of_two(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, graph: Graph
) -> None:
    """Of each seriousness a few; a moderate interaction that a label forbids is serious here as it is for the pair."""
    fired = interact.every_pair(graph=graph)
    pairs = interact.Pairs(graph, graph.evaluator())
    base = {
        r.iri: {graph.schema.label(v) for v in graph.schema.values(r.base, "https://w3id.org/pharmakon/seriousness")} for r, *_ in fired
    }
    raised = next(f for f in reversed(fired) if pairs.interaction(*f).seriousness not in base[f[0].iri])
    monkeypatch.setattr(interact, "every_pair", lambda **_: [raised, *fired[:: len(fired) // 8]])
    status, out, _ = run(capsys, "interactions", "--all")
    table = list(csv.DictReader(io.StringIO(out)))
    assert status == 0
    assert list(table[0]) == ["rule", "one", "other", "consequence", "seriousness", "classification"]
    assert json.loads(run(capsys, "interactions", "--all", "--json")[1]) == table
    for row in table:
        found = pharmakon.interactions(row["one"], row["other"], graph=graph).found
        told = [(i.rule.label, i.a.label, i.b.label, i.consequence, i.seriousness, i.kind) for i in found]
        assert tuple(row.values()) in told


# --- the streams ------------------------------------------------------------------------------------------------------


def pharmakon_of(*words: str, stdout: int | io.IOBase = subprocess.PIPE, **environment: str) -> tuple[int, bytes, str]:
    """Run the command line as a process of its own, whose output is buffered."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "", **environment}
    command = [sys.executable, "-m", "pharmakon", *words]
    done = subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, env=environment, check=False)  # type: ignore[arg-type]
    return done.returncode, done.stdout, done.stderr.decode()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
@pytest.mark.parametrize(
    "words",
    [("list",), ("list", "--json"), ("--help",), ("query", "01", "--format", "csv"), ("compare", "heroin", "morphine", "--format", "csv")],
)
def test_a_full_disk_is_a_message(words: tuple[str, ...]) -> None:
    with open("/dev/full", "wb") as full:
        status, _, err = pharmakon_of(*words, stdout=full)
    assert (status, err) == (2, "pharmakon: the output cannot be written: No space left on device\n")


@pytest.mark.parametrize("word", ["list", "--help"])
def test_a_reader_who_has_enough_is_no_error(word: str) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as pipe:
        assert pharmakon_of(word, stdout=pipe)[::2] == (0, "")


def test_an_answer_is_utf8_whatever_the_terminal_says() -> None:
    status, out, err = pharmakon_of("ask", "baclofen", "opioid", PYTHONIOENCODING="ascii")
    assert (status, err) == (0, "")
    assert "✕ no  opioid" in out.decode("utf-8")


def test_a_query_that_is_no_text_is_a_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "q.rq").write_bytes(b"SELECT \xff")
    status, out, err = run(capsys, "query", str(tmp_path / "q.rq"))
    assert (status, out) == (2, "")
    assert err.startswith("pharmakon: what was given is not UTF-8: ")


def test_no_standard_output_is_a_message(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    status = main(["ask", "baclofen", "opioid"])
    monkeypatch.undo()
    assert (status, capsys.readouterr().err) == (2, "pharmakon: there is no standard output to write to\n")


def test_a_query_that_would_overflow_the_parser_is_a_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    deep = tmp_path / "deep.rq"
    deep.write_text("SELECT * {" + "{" * 20_000 + "}" * 20_000 + "}", "utf-8")
    status, out, err = run(capsys, "query", str(deep))
    assert (status, out, err) == (2, "", "pharmakon: the query is nested too deeply to be read\n")
