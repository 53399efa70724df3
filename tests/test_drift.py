"""Tags of other classifications against what is derived: from the graph, from the publishers' files, from a table of one's own."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import data
import jsonschema
import pytest

import pharmakon
from pharmakon import check
from pharmakon import graph as g
from pharmakon import names as n
from pharmakon.cli import main
from pharmakon.errors import BadInput
from pharmakon.graph import Graph
from pharmakon.tags import OUTCOMES

VERBS = json.loads((Path(pharmakon.__file__).parent / "schema" / "verbs.schema.json").read_text("utf-8"))
DRIFT = {"$ref": "#/$defs/drift", "$defs": VERBS["$defs"]}
AGREE, REFUTED, SILENT, UNKNOWN = OUTCOMES

OBO = """format-version: 1.2

[Term]
id: CHEBI:2972
name: baclofen
is_a: CHEBI:1
relationship: has_role CHEBI:51373 ! GABA agonist

[Term]
id: CHEBI:1
name: something above
is_a: CHEBI:0
relationship: has_role CHEBI:2

[Term]
id: CHEBI:2
name: a role below the relaxants
is_a: CHEBI:51371

[Term]
id: CHEBI:7459
name: naloxone
is_a: CHEBI:0
relationship: has_role CHEBI:35488

[Term]
id: CHEBI:7454
name: nalbuphine
relationship: has_role CHEBI:50137

[Term]
id: CHEBI:50137
name: mu-opioid receptor antagonist
is_a: CHEBI:60605

[Term]
id: CHEBI:60605
is_a: CHEBI:60598

[Term]
id: CHEBI:35488
name: central nervous system depressant

[Typedef]
id: has_role
name: has role
is_a: related_to
"""

COLUMNS = "PRODUCTID\tSUBSTANCENAME\tPHARM_CLASSES\n"
NDC = (
    COLUMNS + "1\tBACLOFEN\tGABA A Agonists [MoA],GABA B Agonists [MoA]\n2\tBACLOFEN; IBUPROFEN\tOpioid Agonist [EPC]\n3\tNOSUCHTHING\t\n\n"
)


def rows(found: pharmakon.Drift) -> dict[tuple[str, str], str]:
    return {(r.drug.label, r.cls.label): r.outcome for r in found.rows}


@pytest.fixture
def ask(tmp_path: Path, graph: Graph) -> Callable[..., pharmakon.Drift]:
    """Write a file and hold it against the graph."""

    def run(content: str | bytes, name: str = "mine.csv", **options: list[str]) -> pharmakon.Drift:
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return pharmakon.drift(tmp_path / name, graph=graph, **options)

    return run


Ask = Callable[..., pharmakon.Drift]


# --- the publishers' files ----------------------------------------------------------------------------------------------


def test_roles_of_chebi_are_inherited_and_held_against_what_is_derived(ask: Ask) -> None:
    """Baclofen has a role through a class above it; only the drugs of the file are judged, and silence is no denial."""
    found = rows(ask(OBO, "chebi.obo"))
    assert {pair: o for pair, o in found.items() if o != SILENT} == {
        ("baclofen", "GABA receptor agonist"): AGREE,
        ("baclofen", "muscle relaxant"): AGREE,
        ("naloxone", "CNS depressant"): REFUTED,
        ("nalbuphine", "mu opioid receptor antagonist"): AGREE,
        ("nalbuphine", "opioid receptor antagonist"): AGREE,
        ("nalbuphine", "opioid receptor ligand"): AGREE,
    }
    assert found["baclofen", "CNS depressant"] == SILENT
    assert found["naloxone", "opioid receptor antagonist"] == SILENT
    assert {drug for drug, _ in found} == {"baclofen", "naloxone", "nalbuphine"}


def test_roles_have_their_names(ask: Ask) -> None:
    found = ask(OBO, "chebi.obo")
    assert {t for r in found.rows for t in r.tags} >= {"CHEBI:35488 central nervous system depressant", "CHEBI:51371", "CHEBI:60605"}
    assert "chebi calls naloxone CHEBI:35488 central nervous system depressant: here that would be CNS depressant" in " ".join(
        str(found).split()
    )


def test_classes_of_the_fda_are_read_from_products_with_one_substance(ask: Ask) -> None:
    found = {pair: o for pair, o in rows(ask(gzip.compress(NDC.encode()), "product.txt.gz")).items() if o != SILENT}
    assert found == {("baclofen", "GABA-A agonist"): REFUTED, ("baclofen", "GABA-B agonist"): AGREE}


@pytest.mark.data
@pytest.mark.skipif(not data.present(), reason=data.MISSING)
def test_the_publishers_files(graph: Graph) -> None:
    """Disagreements that are known and instructive."""
    found = pharmakon.drift(data.FOLDER / "chebi" / "chebi.obo.gz", data.FOLDER / "ndc" / "product.txt.gz", graph=graph)
    chebi = {(r.drug.label, r.cls.label): r.outcome for r in found.rows if r.source == "chebi"}
    ndc = {(r.drug.label, r.cls.label): r.outcome for r in found.rows if r.source == "ndc"}
    assert chebi["naloxone", "CNS depressant"] == REFUTED
    assert chebi["zolpidem", "GABA receptor agonist"] == REFUTED
    assert chebi["baclofen", "GABA receptor agonist"] == AGREE
    assert chebi["buprenorphine", "kappa opioid receptor antagonist"] == AGREE
    assert REFUTED not in {o for (_, cls), o in chebi.items() if "opioid receptor" in cls}
    assert ndc["baclofen", "GABA-A agonist"] == REFUTED
    assert ndc["baclofen", "GABA-B agonist"] == AGREE
    assert ndc["diazepam", "benzodiazepine"] == AGREE
    assert ndc["morphine", "CNS depressant"] == SILENT
    assert ndc["butorphanol", "opioid receptor antagonist"] == AGREE
    assert {s.name: s.whole for s in found.sources} == {"chebi": True, "ndc": True}
    assert all(s.drugs > 100 for s in found.sources)


@pytest.mark.data
@pytest.mark.skipif(not data.present(), reason=data.MISSING)
def test_the_crosswalks_name_what_the_publishers_have(graph: Graph) -> None:
    schema = graph.schema
    meanings = schema.subjects(n.TYPE, n.NS + "TagMeaning")
    for meaning in meanings:
        (tag,) = schema.literals(meaning, n.NS + "tag")
        if schema.values(meaning, n.NS + "inSource") == (n.SRC + "chebi",):
            assert data.chebi()[tag]["name"][0] == schema.label(meaning)
    classes = {cls for entry in data.ndc().values() for cls in entry["classes"]}
    ours = {t for m in meanings if schema.values(m, n.NS + "inSource") == (n.SRC + "ndc",) for t in schema.literals(m, n.NS + "tag")}
    assert ours - classes == set()


# --- a table of one's own -----------------------------------------------------------------------------------------------


def test_a_table_of_ones_own(ask: Ask) -> None:
    found = ask("drug,class\nheroin,opioid\nibuprofen,opioid\nthebaine,opioid\naspirine de luxe,opioid\n")
    assert rows(found) == {("heroin", "opioid"): AGREE, ("ibuprofen", "opioid"): REFUTED, ("thebaine", "opioid"): UNKNOWN}
    assert found.rows[0].source == "mine.csv"
    (refuted,) = (r for r in found.rows if r.outcome == REFUTED)
    assert refuted.because is not None and refuted.because.verdict == "no"


def test_a_word_with_several_senses_is_held_against_all_of_them(ask: Ask) -> None:
    """In one sense is enough for yes, and no is no in every sense."""
    found = ask("drug,class\nmorphine,opiate\noxycodone,opiates\nbaclofen,opiate\nthebaine,opiate\n")
    assert rows(found) == {(d, "opiate"): o for d, o in zip(("baclofen", "morphine", "oxycodone", "thebaine"), (REFUTED, AGREE, AGREE, UNKNOWN), strict=True)}  # fmt: skip
    assert {r.outcome: r.because and r.because.verdict for r in found.rows} == {AGREE: "yes", REFUTED: "no", UNKNOWN: None}
    jsonschema.validate(found.to_json(), DRIFT)


def test_silence_is_counted_only_where_a_whole_source_was_read(ask: Ask, graph: Graph) -> None:
    """Morphine is an opioid analgesic too, and a table that has it as an opioid has not said no."""
    table = ask("drug,class\nmorphine,opioid\noxycodone,opioid analgesic\n")
    assert rows(table) == {("morphine", "opioid"): AGREE, ("oxycodone", "opioid analgesic"): AGREE}
    carried = pharmakon.drift(graph=graph)
    assert SILENT not in {r.outcome for r in carried.rows}
    assert not any(s.whole for s in (*table.sources, *carried.sources))
    assert SILENT not in str(table).splitlines()[-2]
    publisher = ask(OBO, "chebi.obo")
    assert publisher.sources[0].whole
    assert SILENT in {r.outcome for r in publisher.rows}


@pytest.mark.parametrize(
    "content",
    [
        "drug,class\nheroin,opioid\nibuprofen,opioid\n",
        "\ufeffdrug,class\nheroin,opioid\nibuprofen,opioid\n",
        "Drug;Class\r\nheroin;opioid\r\nibuprofen;opioid\r\n",
        '"DRUG"\t"CLASS"\nheroin\topioid\nibuprofen\t"opioid"\n',
        'class , id, drug\nopioids,1,diamorphine\n,,\n\n"opioid",2, "ibuprofen"\n',
        gzip.compress(b"drug,class\nheroin,opioid\nibuprofen,opioid\n"),
    ],
    ids=["plain", "byte-order-mark", "semicolon", "tab", "spaces", "gzipped-without-the-ending"],
)
def test_tables_come_in_many_forms(content: str | bytes, ask: Ask) -> None:
    assert rows(ask(content)) == {("heroin", "opioid"): AGREE, ("ibuprofen", "opioid"): REFUTED}


def test_the_ending_of_a_name_says_nothing(ask: Ask) -> None:
    assert ask(OBO, "chebi.obo.gz").sources[0].name == "chebi"


def test_what_was_not_read_is_told(ask: Ask, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = ask("drug,class\nmorphine,opioid\nnosuchdrug,opioid\nnosuchdrug,analgesic\nanother,no such class\n")
    assert found.unread == ("nosuchdrug", "another")
    assert [(s.name, s.drugs) for s in found.sources] == [("mine.csv", 1)]
    assert "mine.csv (1 of the drugs here)" in str(found)
    assert "unread, since no drug here is called so: nosuchdrug, another" in str(found)
    assert main(["drift", str(tmp_path / "mine.csv"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    jsonschema.validate(told, DRIFT)
    assert told["unread"] == ["nosuchdrug", "another"]
    assert told["sources"] == [{"name": "mine.csv", "drugs": 1, "whole": False}]


def test_a_file_counts_once(ask: Ask, tmp_path: Path, graph: Graph) -> None:
    ask("drug,class\nmorphine,opioid\n")
    with pytest.raises(BadInput, match=r"mine\.csv: is given twice"):
        pharmakon.drift(tmp_path / "mine.csv", tmp_path / "." / ".." / tmp_path.name / "mine.csv", graph=graph)
    (tmp_path / "b").mkdir()
    other = tmp_path / "b" / "mine.csv"
    other.write_text("drug,class\nmorphine,opioid\n")
    found = pharmakon.drift(tmp_path / "mine.csv", other, graph=graph)
    assert [s.name for s in found.sources] == ["mine.csv", f"mine.csv ({other})"]
    assert [sum(cell.values()) for cell in found.counts.values()] == [1, 1]


# --- the tags that the graph carries --------------------------------------------------------------------------------------


def test_the_tags_that_the_graph_carries(graph: Graph) -> None:
    found = pharmakon.drift(graph=graph)
    said = {(r.drug.label, r.cls.label, r.source): r.outcome for r in found.rows}
    assert said["naloxone", "CNS depressant", "chebi"] == REFUTED
    assert said["baclofen", "GABA-A agonist", "ndc"] == REFUTED
    assert said["apomorphine", "opioid", "src:acs-molecule-apomorphine"] == REFUTED
    names = {s.name for s in found.sources}
    assert names >= {"chebi", "ndc", "src:article"}
    assert all(name in ("chebi", "ndc") or name.startswith("src:") for name in names)


def test_a_source_that_is_withdrawn_says_nothing(graph: Graph) -> None:
    found = pharmakon.drift(without=["chebi", "src:article"], graph=graph)
    assert {"chebi", "src:article"} & ({r.source for r in found.rows} | {s.name for s in found.sources}) == set()
    assert "ndc" in {r.source for r in found.rows}


def test_the_crosswalk_says_what_a_tag_means(graph: Graph) -> None:
    """Nalbuphine blocks mu and is a mixed drug; its file calls the tag one of pure antagonists, and baclofen's calls it nothing."""
    said = {(r.drug.label, r.source, t): (r.cls.label, r.outcome) for r in pharmakon.drift(graph=graph).rows for t in r.tags}
    assert said["nalbuphine", "chebi", "CHEBI:50137 mu-opioid receptor antagonist"] == ("mu opioid receptor antagonist", AGREE)
    assert said["nalbuphine", "ndc", "Competitive Opioid Antagonists [MoA]"] == ("opioid receptor antagonist", AGREE)
    assert said["naloxone", "ndc", "Opioid Antagonist [EPC]"] == ("opioid antagonist", AGREE)
    assert said["baclofen", "chebi", "CHEBI:51373 GABA agonist"] == ("GABA receptor agonist", AGREE)
    assert said["trazodone", "ndc", "Serotonin Reuptake Inhibitor [EPC]"] == ("serotonin reuptake inhibitor", AGREE)


def test_a_crosswalk_gives_a_tag_one_meaning_that_drugs_can_have(graph: Graph) -> None:
    schema = graph.schema
    tags = Counter()  # type: Counter[tuple[str, str]]
    for meaning in schema.subjects(n.TYPE, n.NS + "TagMeaning"):
        (tag,), (source,) = schema.literals(meaning, n.NS + "tag"), schema.values(meaning, n.NS + "inSource")
        (cls,) = schema.values(meaning, n.NS + "means")
        assert g.is_class(graph, cls), tag
        tags[source, tag] += 1
    assert len(tags) > 90
    assert set(tags.values()) == {1}


def test_a_tag_with_two_meanings_is_found(small: Callable[[str], Graph]) -> None:
    define = 'a owl:Class ; skos:definition "Made up."@en ; dct:source src:chebi ; owl:equivalentClass [ owl:intersectionOf ( :Drug ) ]'
    said = ':sourceSaysIsA :One ; :assertion [ :source src:gtopdb ; :locator "row" ]'
    planted = small(
        f':One {define} ; rdfs:label "one"@en .\n:Other {define} ; rdfs:label "other"@en .\n'
        '[] a :TagMeaning ; :inSource src:gtopdb ; :tag "X:1" ; :means :Other .\n'
        '[] a :TagMeaning ; :inSource src:gtopdb ; :tag "X:2" ; :means :One .\n'
        '[] a :TagMeaning ; :inSource src:chebi ; :tag "X:3" ; :means :Other .\n'
        ':testol a :Drug ; rdfs:label "testol"@en ; skos:definition "Made up."@en ;\n'
        f'  :hasTag [ :tag "X:1 a role" ; {said} ] , [ :tag "X:2" ; {said} ] , [ :tag "X:3" ; {said} ] , [ :tag "X:11" ; {said} ] .'
    )
    found = [f for f in check.run(planted.store, planted.sources.turtle) if f.check == "tag-with-two-meanings"]
    (line,) = [f.line for f in found]
    assert found[0].severity == "incomplete"
    assert re.search(r"added\.ttl:4: a tag means one class in the crosswalk .* \(src:gtopdb, other, X:1 a role, one\)$", line)


# --- how it reads -------------------------------------------------------------------------------------------------------


def test_the_table_is_in_columns_with_the_words_of_the_json(ask: Ask) -> None:
    found = ask(OBO, "chebi.obo")
    lines = str(found).splitlines()
    at = lines.index("chebi (3 of the drugs here)")
    block = lines[at + 1 : lines.index("", at)]
    assert len({len(line) for line in block[1:]}) == 1
    heads = [m.end() for m in re.finditer(r"\S+(?: \S+)*", block[1])]
    assert [[m.end() for m in re.finditer(r"(?<=  )\d+", line)] for line in block[2:]] == [heads] * len(block[2:])
    assert [m.end() for m in re.finditer(r"\S+(?: \S+)*", block[0])] == heads[1:]
    words = list(found.to_json()["counts"][0])[2:]
    assert words == list(OUTCOMES)
    told = " ".join(block[0].split() + block[1].split())
    assert all(part in told for outcome in OUTCOMES for part in re.split(r"(?<=,) ", outcome))
    totals = Counter(r.outcome for r in found.rows)
    assert "; ".join(f"{totals[outcome]} {outcome}" for outcome in OUTCOMES) in " ".join(str(found).split())


def test_sources_with_one_class_are_told_together(graph: Graph) -> None:
    found = pharmakon.drift(graph=graph)
    classes = Counter(source for source, _ in found.counts)
    single = {s for s, count in classes.items() if count == 1}
    heads = [line for line in str(found).splitlines() if re.match(r"\S+ .*\(\d+", line) and not line.startswith(" ")]
    assert [h.split(" (")[0] for h in heads] == [*(s for s in classes if s not in single), "other sources"]
    assert f"other sources ({len(single)}, of one class each)" in heads
    below = str(found).split("other sources")[1].split("\n\n")[0].splitlines()[3:]
    assert sum(int(count) for line in below for count in re.findall(r"  (\d+)", line)) == sum(r.source in single for r in found.rows)


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["drift", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    jsonschema.validate(told, DRIFT)
    told["rows"][0]["outcome"] = "refuted"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(told, DRIFT)


# --- what cannot be read ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"name,kind\nx,y\n", r"a\.csv:1: is no OBO file"),
        ("a.csv", b"", r"a\.csv:1: is no OBO file"),
        ("a.csv", b"drug,class\nmorphine\n", r"a\.csv:2: a drug or a class is missing"),
        ("a.csv", b"drug,class\n\n\nmorphine,\n", r"a\.csv:4: a drug or a class is missing"),
        ("a.csv", b"drug,class\nmorphine,opioid\nmorphine,opoid\n", r'a\.csv:3: no class is called "opoid"; did you mean opioid'),
        ("a.csv", b'drug,class\nmorphine,"opioid\n', r"a\.csv:2: unexpected end of data"),
        ("a.csv", b"drug,class\nmorphine,opioid\nm\xe9thadone,opioid\n", r"a\.csv:3: is not UTF-8"),
        ("a.csv", b"drug,class\n", r"a\.csv: names no drug that is known here$"),
        ("a.csv", b"drug,class\nx,opioid\ny,opioid\n", r"a\.csv: names no drug that is known here: x, y$"),
        ("a.csv", bytes(range(256)) * 4, r"a\.csv:1: is no OBO file"),
        ("a.csv", "drug,class\n".encode("utf-16"), r"a\.csv:1: is no OBO file"),
        ("a.obo", b"format-version: 1.2\n", r"a\.obo: names no drug that is known here$"),
        ("a.obo", b"format-version: 1.2\n\n[Term]\nid: CHEBI:1\nname: x\n", r"a\.obo: names no drug that is known here$"),
        ("a.obo", b"format-version: 1.2\n\n[Term]\nid: CHEBI:1\nis_a: \n", r"a\.obo:5: this is_a names no term"),
        ("a.obo", b"format-version: 1.2\n\n[Term]\nid: CHEBI:1\nis_a:\n", r"a\.obo:5: this is_a names no term"),
        ("a.obo", b"format-version: 1.2\n\n[Term]\nid: CHEBI:1\nis_a: ! drug\n", r"a\.obo:5: this is_a names no term"),
        ("a.obo", b"format-version: 1.2\n\n[Term]\nid: CHEBI:1\nrelationship: has_role\n", r"a\.obo:5: this relationship names no term"),
        ("a.obo", b"format-version: 1.2\n\n[Term]\nis_a: CHEBI:1\n", r"a\.obo:4: this is_a names no term"),
        ("a.obo", b"format-version: 1.2\n\n[Term]\nid:\n", r"a\.obo:4: this id names no term"),
        ("a.txt", b"PRODUCTID\tPHARM_CLASSES\n1\tx\n", r"a\.txt:1: the column SUBSTANCENAME is missing"),
        ("a.txt", COLUMNS.encode(), r"a\.txt: names no drug that is known here$"),
        ("a.txt", COLUMNS.encode() + b"1\tBACLOFEN\tx\n2\tBACLO", r"a\.txt:3: there are 2 cells under 3 columns"),
        ("a.obo.gz", b"\x1f\x8b\x08\x00garbled", r"a\.obo\.gz: cannot be read"),
        ("a.obo.gz", gzip.compress(b"")[:10] + b"\xff" * 20, r"a\.obo\.gz: cannot be read"),
        ("a.obo.gz", gzip.compress(OBO.encode() * 500)[:400], r"a\.obo\.gz: cannot be read"),
        (None, b"", r"absent: cannot be read: No such file or directory$"),
    ],
    ids=[
        "columns",
        "empty",
        "cell",
        "cell-after-blank-lines",
        "class",
        "quote",
        "latin-1",
        "header-only",
        "unknown-drugs",
        "binary",
        "utf-16",
        "no-terms",
        "other-terms",
        "is-a",
        "is-a-stripped",
        "is-a-comment",
        "has-role",
        "no-id",
        "empty-id",
        "no-substance",
        "no-products",
        "short-row",
        "garbled",
        "garbled-inside",
        "truncated",
        "absent",
    ],
)
def test_bad_input(
    name: str | None, content: bytes, message: str, tmp_path: Path, graph: Graph, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / (name or "absent")
    if name:
        path.write_bytes(content)
    with pytest.raises(BadInput, match=message):
        pharmakon.drift(path, graph=graph)
    assert main(["drift", str(path)]) == 2
    assert re.fullmatch(r"pharmakon: .*\n", capsys.readouterr().err)


def test_a_folder_is_no_file(tmp_path: Path, graph: Graph) -> None:
    with pytest.raises(BadInput, match=r"cannot be read: Is a directory$"):
        pharmakon.drift(tmp_path, graph=graph)
