"""Which substances of different sources are one: whole outcomes, each with its evidence, and what holds of any outcome."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pharmakon import names as n
from pharmakon.imports.identity import BY_ID, LEXICAL, STRUCTURE, Identity, Match, identify, iri_of, parent_name
from pharmakon.imports.sssom import sssom
from pharmakon.sources.records import Same, Substance

ONE, MIRRORED, OTHER = (
    "inchikey:EXAMPLOLAAAAAA-AAAAAAAAAA-N",
    "inchikey:EXAMPLOLAAAAAA-BBBBBBBBBB-N",
    "inchikey:SOLITARINAAAAA-AAAAAAAAAA-N",
)
SEVERAL = "the name fits several substances of one source"
EXAMPLOL = "ontology:https://w3id.org/pharmakon/examplol"


def drug(key: str, name: str, *ids: str, known_as: tuple[str, ...] = ()) -> Substance:
    return Substance(key, name, known_as, ids, True)


def other(key: str, name: str, *ids: str, known_as: tuple[str, ...] = ()) -> Substance:
    """Return a substance of a source that makes nothing a drug."""
    return Substance(key, name, known_as, ids)


# --- what joins ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shared, how", [(ONE, STRUCTURE), ("unii:00EXAMPLE0", BY_ID), ("cas:99999-01-1", BY_ID), ("CHEBI:99901", BY_ID)])
def test_a_shared_id_joins_whatever_the_names(shared: str, how: str) -> None:
    assert identify([drug("iuphar.ligand:1", "examplol", shared), drug("drugcentral:2", "examplum", shared)]) == Identity(
        [["drugcentral:2", "iuphar.ligand:1"]], [Match("iuphar.ligand:1", "drugcentral:2", how, shared)], []
    )


def test_the_id_of_one_source_in_another_joins() -> None:
    """ChEMBL makes nothing a drug: its molecule comes in with the drug that gives its id, and alone is not listed."""
    assert identify(
        [
            drug("iuphar.ligand:1", "examplol", "chembl.compound:CHEMBL1"),
            other("chembl.compound:CHEMBL1", "CHEMBL1"),
            other("unii:1", "idle"),
        ]
    ) == Identity(
        [["chembl.compound:CHEMBL1", "iuphar.ligand:1"]],
        [Match("iuphar.ligand:1", "chembl.compound:CHEMBL1", BY_ID, "chembl.compound:CHEMBL1")],
        [],
    )


@pytest.mark.parametrize("row", [Same("CHEBI:1", "chembl.compound:CHEMBL1"), Same("chembl.compound:CHEMBL1", "CHEBI:1")])
def test_a_row_of_a_mapping_table_joins_either_way_round(row: Same) -> None:
    found = identify([drug("iuphar.ligand:1", "examplol", "CHEBI:1"), other("chembl.compound:CHEMBL1", "CHEMBL1")], [row])
    assert found == Identity(
        [["chembl.compound:CHEMBL1", "iuphar.ligand:1"]], [Match("chembl.compound:CHEMBL1", "iuphar.ligand:1", BY_ID, "CHEBI:1")], []
    )


def test_a_row_about_what_nobody_has_joins_nothing() -> None:
    assert identify([drug("iuphar.ligand:1", "examplol", "CHEBI:1")], [Same("CHEBI:1", "cas:1"), Same("cas:1", "CHEBI:2")]) == Identity(
        [["iuphar.ligand:1"]], [], []
    )


def test_the_same_preferred_name_joins() -> None:
    assert identify([drug("iuphar.ligand:1", "Examplol"), other("unii:A", "EXAMPLOL"), other("unii:B", "ANOTHER")]) == Identity(
        [["iuphar.ligand:1", "unii:A"]], [Match("unii:A", "iuphar.ligand:1", LEXICAL, "examplol")], []
    )


def test_a_name_that_is_a_synonym_elsewhere_joins() -> None:
    assert identify([drug("iuphar.ligand:1", "examplol"), other("unii:A", "EXAMPLICACID", known_as=("EXAMPLOL",))]) == Identity(
        [["iuphar.ligand:1", "unii:A"]], [Match("iuphar.ligand:1", "unii:A", LEXICAL, "examplol")], []
    )


def test_two_synonyms_join_nothing() -> None:
    """A synonym that is nobody's preferred name is too weak: brands change hands."""
    assert identify([drug("iuphar.ligand:1", "one", known_as=("brand",)), drug("drugcentral:2", "two", known_as=("brand",))]) == Identity(
        [["drugcentral:2"], ["iuphar.ligand:1"]], [], []
    )


@pytest.mark.parametrize("shared", ["pubchem.compound:1", "rxnorm:1"])
def test_ids_of_which_a_drug_has_many_join_nothing(shared: str) -> None:
    assert identify([drug("iuphar.ligand:1", "one", shared), drug("drugcentral:2", "two", shared)]) == Identity(
        [["drugcentral:2"], ["iuphar.ligand:1"]], [], []
    )


def test_records_of_one_key_are_taken_together() -> None:
    assert identify([other("unii:A", "A"), other("unii:A", "B", ONE), drug("iuphar.ligand:1", "examplol", ONE)]) == Identity(
        [["iuphar.ligand:1", "unii:A"]], [Match("unii:A", "iuphar.ligand:1", STRUCTURE, ONE)], []
    )


# --- what stays apart ---------------------------------------------------------------------------------------------------


def test_two_structures_stay_apart_and_are_listed() -> None:
    assert identify([drug("iuphar.ligand:1", "examplol", ONE, "cas:1"), drug("drugcentral:2", "solitarin", OTHER, "cas:1")]) == Identity(
        [["drugcentral:2"], ["iuphar.ligand:1"]],
        [],
        [
            Match(
                "iuphar.ligand:1",
                "drugcentral:2",
                BY_ID,
                "cas:1",
                "two structures: EXAMPLOLAAAAAA-AAAAAAAAAA-N and SOLITARINAAAAA-AAAAAAAAAA-N",
            )
        ],
    )


def test_two_entries_of_one_database_stay_apart_and_are_listed() -> None:
    assert identify([drug("drugcentral:1", "examplol", "unii:A"), drug("drugcentral:2", "examplum", "unii:A")]) == Identity(
        [["drugcentral:1"], ["drugcentral:2"]],
        [],
        [Match("drugcentral:2", "drugcentral:1", BY_ID, "unii:A", "two entries of drugcentral: 2 and 1")],
    )


def test_two_entries_of_one_structure_are_one() -> None:
    """A database may have a drug twice; two drugs of the ontology are two even then."""
    assert identify([drug("drugcentral:1", "examplol", ONE), drug("drugcentral:2", "examplum", ONE)]) == Identity(
        [["drugcentral:1", "drugcentral:2"]], [Match("drugcentral:2", "drugcentral:1", STRUCTURE, ONE)], []
    )


def test_a_row_that_leads_to_two_drugs_joins_neither() -> None:
    two = [drug("drugcentral:1", "one", "CHEBI:1"), drug("drugcentral:2", "two", "CHEBI:2")]
    rows = [Same("CHEBI:1", "chembl.compound:CHEMBL1"), Same("CHEBI:2", "chembl.compound:CHEMBL1")]
    assert identify([*two, other("chembl.compound:CHEMBL1", "CHEMBL1")], rows) == Identity([["drugcentral:1"], ["drugcentral:2"]], [], [])


def test_two_entries_stay_apart_through_a_third() -> None:
    """Guide to PHARMACOLOGY's examplol has the UNII of the one and the CAS number of the other: the UNII is stronger."""
    assert identify(
        [drug("drugcentral:1", "one", "unii:A"), drug("drugcentral:2", "two", "cas:2"), drug("iuphar.ligand:3", "three", "unii:A", "cas:2")]
    ) == Identity(
        [["drugcentral:1", "iuphar.ligand:3"], ["drugcentral:2"]],
        [Match("iuphar.ligand:3", "drugcentral:1", BY_ID, "unii:A")],
        [Match("iuphar.ligand:3", "drugcentral:2", BY_ID, "cas:2", "two entries of drugcentral: 1 and 2")],
    )


def test_two_drugs_of_the_ontology_are_never_one() -> None:
    one, two = f"{EXAMPLOL}-a", f"{EXAMPLOL}-b"
    assert identify([drug(one, "examplol", ONE), drug(two, "examplol", ONE)]).groups == [[one], [two]]


def test_a_name_that_fits_several_substances_joins_none() -> None:
    several = [other("unii:A", "EXAMPLOL TARTARIC", known_as=("EXAMPLOL",)), other("unii:B", "EXAMPLOL BASIC", known_as=("EXAMPLOL",))]
    assert identify([drug("iuphar.ligand:1", "examplol"), *several]) == Identity(
        [["iuphar.ligand:1"]],
        [],
        [
            Match("iuphar.ligand:1", "unii:A", LEXICAL, "examplol", SEVERAL),
            Match("iuphar.ligand:1", "unii:B", LEXICAL, "examplol", SEVERAL),
        ],
    )


def test_a_name_that_fits_one_substance_of_each_source_joins_all() -> None:
    assert identify(
        [
            drug("iuphar.ligand:1", "examplol"),
            other("unii:A", "EXAMPLICACID", known_as=("EXAMPLOL",)),
            other("CHEBI:1", "examplyl", known_as=("examplol",)),
        ]
    ).groups == [["CHEBI:1", "iuphar.ligand:1", "unii:A"]]


def test_racemate_and_enantiomer_are_two_drugs() -> None:
    """Their skeleton is the same, their structure is not; an id that both are given is doubtful."""
    racemate, enantiomer = drug("iuphar.ligand:1", "examplol", ONE, "cas:1"), drug("drugcentral:2", "levoexamplol", MIRRORED, "cas:1")
    assert identify([racemate, enantiomer]) == Identity(
        [["drugcentral:2"], ["iuphar.ligand:1"]],
        [],
        [
            Match(
                "iuphar.ligand:1",
                "drugcentral:2",
                BY_ID,
                "cas:1",
                "two structures: EXAMPLOLAAAAAA-AAAAAAAAAA-N and EXAMPLOLAAAAAA-BBBBBBBBBB-N",
            )
        ],
    )


def test_one_drug_drawn_with_and_without_its_stereochemistry_is_one_by_its_name() -> None:
    """The doubt that a shared number alone raised is settled by the name, and is not listed any more."""
    assert identify([drug("iuphar.ligand:1", "examplol", ONE, "cas:1"), drug("drugcentral:2", "examplol", MIRRORED, "cas:1")]) == Identity(
        [["drugcentral:2", "iuphar.ligand:1"]], [Match("iuphar.ligand:1", "drugcentral:2", LEXICAL, "examplol")], []
    )


def test_one_name_for_two_structures_joins_nothing() -> None:
    found = identify([drug("iuphar.ligand:1", "mirrorol", ONE), drug("drugcentral:2", "mirrorol", OTHER)])
    assert found.groups == [["drugcentral:2"], ["iuphar.ligand:1"]]
    assert found.matches == []
    assert {(m.one, m.other, m.by) for m in found.doubtful} == {
        ("iuphar.ligand:1", "drugcentral:2", "mirrorol"),
        ("drugcentral:2", "iuphar.ligand:1", "mirrorol"),
    }


# --- salts --------------------------------------------------------------------------------------------------------------


def test_salts_hang_on_their_drug() -> None:
    """Two entries of one database: a salt is another substance and the same drug."""
    salts = [drug("drugcentral:2", "Examplol hydrochloride"), drug("drugcentral:3", "examplol sodium (anhydrous)")]
    assert identify([drug("drugcentral:1", "examplol"), *salts]) == Identity(
        [["drugcentral:1", "drugcentral:2", "drugcentral:3"]],
        [
            Match("drugcentral:2", "drugcentral:1", LEXICAL, "examplol", salt=True),
            Match("drugcentral:3", "drugcentral:1", LEXICAL, "examplol", salt=True),
        ],
        [],
    )


def test_a_salt_without_its_drug_is_a_drug_of_its_own() -> None:
    assert identify([drug("drugcentral:2", "examplol hydrochloride"), drug("drugcentral:3", "examplol sodium")]) == Identity(
        [["drugcentral:2"], ["drugcentral:3"]], [], []
    )


def test_a_salt_whose_name_fits_two_drugs_hangs_on_neither() -> None:
    two = [drug("drugcentral:1", "mirrorol", ONE), drug("iuphar.ligand:2", "mirrorol", OTHER)]
    assert identify([*two, drug("drugcentral:3", "mirrorol sodium")]).groups == [["drugcentral:1"], ["drugcentral:3"], ["iuphar.ligand:2"]]


def test_the_salts_of_a_metal_are_drugs_of_their_own() -> None:
    salts = [
        drug("drugcentral:1", "potassium chloride"),
        drug("drugcentral:2", "lithium carbonate"),
        drug("drugcentral:3", "potassium citrate"),
    ]
    found = identify([*salts, drug("drugcentral:4", "lithium"), drug("drugcentral:5", "potassium")])
    assert found.groups == [["drugcentral:1"], ["drugcentral:2"], ["drugcentral:3"], ["drugcentral:4"], ["drugcentral:5"]]
    assert found.matches == []


def test_a_salt_that_the_ontology_knows_stays_a_drug() -> None:
    acid, salt = "ontology:https://w3id.org/pharmakon/exampl", "ontology:https://w3id.org/pharmakon/exampl-sodium"
    assert identify([drug(acid, "exampl"), drug(salt, "exampl sodium")]).groups == [[acid], [salt]]


@pytest.mark.parametrize(
    "name, parent",
    [
        ("examplol", ""),
        ("Examplol Hydrochloride Monohydrate", "examplol"),
        ("examplol sodium (USP)", "examplol"),
        ("potassium chloride", ""),
        ("lithium carbonate", ""),
        ("sodium chloride", ""),
        ("choline salicylate", ""),
        ("zinc", ""),
        ("examplol acid", ""),
        ("", ""),
    ],
)
def test_the_drug_of_a_salt(name: str, parent: str) -> None:
    assert parent_name(name) == parent


# --- names of drugs -----------------------------------------------------------------------------------------------------


def test_a_drug_of_the_ontology_keeps_its_iri_and_others_are_named_by_their_strongest_id() -> None:
    assert iri_of(["drugcentral:1", EXAMPLOL], ["unii:A"]) == "https://w3id.org/pharmakon/examplol"
    assert iri_of(["drugcentral:1", "iuphar.ligand:2"], ["cas:1", ONE, "unii:A"]) == f"{n.IMPORTED_DRUG}unii-A"
    assert iri_of(["drugcentral:1"], ["cas:1", ONE]) == f"{n.IMPORTED_DRUG}inchikey-EXAMPLOLAAAAAA-AAAAAAAAAA-N"
    assert iri_of(["drugcentral:1", "iuphar.ligand:2"], ["cas:1"]) == f"{n.IMPORTED_DRUG}iuphar.ligand-2"
    assert iri_of(["drugmechdb:7"], []) == f"{n.IMPORTED_DRUG}drugmechdb-7"


def test_a_drug_of_the_ontology_comes_first_in_its_evidence() -> None:
    assert identify([drug("drugcentral:1", "examplol", ONE), drug(EXAMPLOL, "examplol", ONE)]) == Identity(
        [["drugcentral:1", EXAMPLOL]], [Match("drugcentral:1", EXAMPLOL, STRUCTURE, ONE)], []
    )


def test_the_table_of_evidence_has_what_was_matched_and_what_was_not() -> None:
    substances = [drug("drugcentral:1", "a", "unii:A"), drug("drugcentral:2", "b", "unii:A"), drug("drugcentral:3", "a sodium")]
    rows = [line for line in sssom(identify(substances)) if not line.startswith("#")]
    assert rows == [
        "subject_id\tpredicate_id\tobject_id\tmapping_justification\tmatch_string\tcomment\n",
        "drugcentral:3\tskos:broadMatch\tdrugcentral:1\tsemapv:LexicalMatching\ta\t\n",
        "drugcentral:2\tskos:closeMatch\tdrugcentral:1\tsemapv:BackgroundKnowledgeBasedMatching\tunii:A\ttwo entries of drugcentral: 2 and 1\n",
    ]


# --- what holds of any outcome ------------------------------------------------------------------------------------------

PREFIXES = ("drugcentral", "iuphar.ligand", "unii", "chembl.compound", "ontology")
KEYS = st.builds("{}:{}".format, st.sampled_from(PREFIXES), st.sampled_from("123"))
NAMES = st.sampled_from(["aol", "bol", "aol hydrochloride", "bol sodium", "Aol", "sodium chloride", "sodium"])
IDS = st.sampled_from(
    [ONE, MIRRORED, OTHER, "unii:1", "unii:2", "cas:1", "CHEBI:1", "CHEBI:2", "chembl.compound:1", "rxnorm:1", "drugcentral:1"]
)
SUBSTANCES = st.lists(
    st.builds(
        Substance, KEYS, NAMES, st.lists(NAMES, max_size=2).map(tuple), st.lists(IDS, max_size=3, unique=True).map(tuple), st.booleans()
    ),
    max_size=9,
)
SAME = st.lists(st.builds(Same, IDS | KEYS, IDS | KEYS), max_size=2)


@settings(max_examples=600, deadline=None)
@given(SUBSTANCES, SAME, st.randoms(use_true_random=False))
def test_the_outcome_does_not_depend_on_the_order(substances: list[Substance], same: list[Same], chance: random.Random) -> None:
    shuffled, turned = list(substances), list(same)
    chance.shuffle(shuffled)
    chance.shuffle(turned)
    assert identify(shuffled, turned) == identify(substances, same)


@settings(max_examples=600, deadline=None)
@given(SUBSTANCES, SAME)
def test_every_drug_is_in_one_group_and_no_database_twice(substances: list[Substance], same: list[Same]) -> None:
    """But for salts, for two entries of one structure, and for entries that some source names together."""
    found = identify(substances, same)
    held = Counter(key for keys in found.groups for key in keys)
    assert set(held.values()) <= {1}
    assert {s.key for s in substances if s.drug} <= set(held) <= {s.key for s in substances}
    group = {key: i for i, keys in enumerate(found.groups) for key in keys}
    excused = {group[m.one] for m in found.matches if m.salt or m.how == STRUCTURE}
    for i, keys in enumerate(found.groups):
        entries = Counter(key.partition(":")[0] for key in keys if not key.startswith("chembl.compound:"))
        for prefix, count in entries.items():
            named = ({name for s in substances if s.key == key for name in (key, *s.ids)} for key in keys)
            together = any(sum(name.startswith(f"{prefix}:") for name in names) > 1 for names in named)
            assert count == 1 or i in excused or together
        assert entries["ontology"] <= 1


@settings(max_examples=600, deadline=None)
@given(SUBSTANCES, SAME)
def test_matches_hold_groups_together_and_doubts_lie_between_them(substances: list[Substance], same: list[Same]) -> None:
    found = identify(substances, same)
    group = {key: i for i, keys in enumerate(found.groups) for key in keys}
    assert all(group[m.one] == group[m.other] and not m.against for m in found.matches)
    assert all(m.against and (m.one not in group or group[m.one] != group.get(m.other)) for m in found.doubtful)
    assert len(found.matches) == sum(len(keys) - 1 for keys in found.groups)
    assert len(set(found.doubtful)) == len(found.doubtful)
