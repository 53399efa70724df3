"""Every statement that cites a database is read again in that database, and every identifier in the list that it belongs to.

The publishers' files are no part of this repository: where they are absent the tests that need them are skipped. What is counted is
counted here as well, against a committed census, so that a change of the graph shows in a diff.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import data
import pytest

from pharmakon import names as n
from pharmakon.facts import Schema
from pharmakon.graph import Graph
from pharmakon.rdf import DefaultGraph, NamedNode
from pharmakon.spelling import normal

CENSUS = Path(__file__).with_name("census.json")
needs_data = [pytest.mark.data, pytest.mark.skipif(not data.present(), reason=data.MISSING)]


# --- what is cited ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cited:
    """One assertion, as far as a row can bear it out.

    Attributes:
        drug, prop: of what, and by which property; local names.
        kinds: the local names of the statement's classes.
        values: the qualifiers, local names or texts.
        source, place, note: where it is said to be read.
        ids: the identifiers of the drug and of the metabolite it acts through, by vocabulary.
        names: the names of both, in normal form.
    """

    drug: str
    prop: str
    kinds: frozenset[str]
    values: dict[str, str]
    source: str
    place: str
    note: str
    ids: dict[str, set[str]]
    names: frozenset[str]

    def __str__(self) -> str:
        what = " ".join(
            [*sorted(self.kinds - {"Proposition", "Firm", "Mechanism", "DirectAction"}), *(f"{k}={v}" for k, v in self.values.items())]
        )
        return f"{self.drug} {self.prop} {what} [{self.source}: {self.place}]"


def cited(graph: Graph) -> Iterator[Cited]:
    """Yield all assertions of propositions, the unverified ones too."""
    schema = graph.schema
    for drug in schema.subjects(n.TYPE, n.DRUG):
        for prop in (*sorted(schema.statement_properties), n.UNVERIFIED_LINK):
            for statement in schema.values(drug, prop):
                values = qualifiers(graph, statement)
                whose = [drug, *schema.values(statement, n.VIA)]
                for assertion in schema.values(statement, n.ASSERTED_BY):
                    yield Cited(
                        local(drug),
                        local(prop),
                        frozenset(local(t) for t in schema.values(statement, n.TYPE)),
                        values,
                        schema.values(assertion, n.SOURCE)[0].removeprefix(n.SRC),
                        schema.literals(assertion, n.LOCATOR)[0],
                        " ".join(schema.literals(assertion, n.NOTE)),
                        ids_of(schema, whose),
                        frozenset(normal(name) for who in whose for p in (n.LABEL, n.ALT_LABEL) for name in schema.literals(who, p)),
                    )


def qualifiers(graph: Graph, statement: str) -> dict[str, str]:
    """Return the qualifiers of a statement by the local names of their properties."""
    quads = graph.store.quads_for_pattern(NamedNode(statement), None, None, DefaultGraph())
    skipped = {n.TYPE, n.ASSERTED_BY, n.ABOUT_DRUG, n.NOTE}
    return {
        local(q.predicate.value): local(q.object.value) for q in quads if q.predicate.value not in skipped and hasattr(q.object, "value")
    }  # type: ignore[union-attr]


def ids_of(schema: Schema, things: list[str]) -> dict[str, set[str]]:
    """Return the identifiers of some things by vocabulary, as in ``{"CHEBI": {"2972"}}``."""
    found: dict[str, set[str]] = defaultdict(set)
    for thing in things:
        for match in schema.values(thing, n.EXACT_MATCH):
            vocabulary, _, identifier = n.short(match).partition(":")
            found[vocabulary].add(identifier)
    return dict(found)


def local(iri: str) -> str:
    return iri.removeprefix(n.SRC).removeprefix(n.NS)


# --- what a row has to say --------------------------------------------------------------------------------------------

ACTIONS = {
    "Agonism": {"agonist", "full agonist", "biased agonist", "partial agonist"},
    "PartialAgonism": {"partial agonist"},
    "InverseAgonism": {"inverse agonist"},
    "Antagonism": {"antagonist", "allosteric antagonist"},
    "PositiveModulation": {"positive", "potentiation", "positive allosteric modulator", "positive modulator", "allosteric modulator"},
    "NegativeModulation": {"negative", "negative allosteric modulator", "negative modulator"},
    "ChannelBlock": {"channel blocker", "pore blocker", "blocker", "inhibition", "antagonist", "none"},
    "ChannelOpening": {"opener", "activation", "activator", "agonist"},
    "Inhibition": {"inhibition", "inhibitor", "competitive", "irreversible inhibition", "non-competitive", "binding"},
    "LigandBinding": {"modulator", "binding", "blocker", "inhibitor"},
    "ReleaseInhibition": {"inhibitor", "proteolytic enzyme", "hydrolytic enzyme"},
    "ReleaseInduction": {"releasing agent"},
}
"""What a row may call each of our actions. :Modulation is not here: it stands for every other word, and refutes nothing."""

ACTIONS_AT = {("Agonism", "TRPV1"): {"opener"}}
"""What a row may call an action at one target alone: a channel that its agonists open."""

CHEMBL_TARGETS = {
    "AChE": "Acetylcholinesterase",
    "ALDH2": "Aldehyde dehydrogenase ",
    "AMPA": "Glutamate receptor ionotropic AMPA ",
    "BacterialRNAPolymerase": "Bacterial DNA-directed RNA polymerase ",
    "BacterialRibosome": "Bacterial 70S ribosome ",
    "CA1": "Carbonic anhydrase I ",
    "CA2": "Carbonic anhydrase II ",
    "CA4": "Carbonic anhydrase IV ",
    "CB1": "Cannabinoid CB1 receptor",
    "COX-2": "Cyclooxygenase-2 ",
    "Cav2.2": "Voltage-gated N-type calcium channel alpha-1B subunit ",
    "D2": "Dopamine D2 receptor ",
    "DAT": "Dopamine transporter ",
    "DNAGyrase": "Bacterial DNA gyrase ",
    "DeltaOpioidReceptor": "Opioid receptors; mu/kappa/delta",
    "GABA-A": "(GABA-A receptor; anion channel|GABA A receptor alpha-1/beta-1/gamma-2 )",
    "GABA-B": "GABA-B receptor",
    "GlyR": r"Glycine receptor \(alpha-1/beta\) ",
    "H1": "Histamine H1 receptor",
    "HIVProtease": "Human immunodeficiency virus type 1 protease ",
    "KCa3.1": "Intermediate conductance calcium-activated potassium channel protein 4",
    "Kainate": "Glutamate receptor ionotropic kainate ",
    "KappaOpioidReceptor": "(Kappa opioid receptor |Opioid receptors; mu/kappa/delta)",
    "M1": "Muscarinic acetylcholine receptor M1 ",
    "M2": "Muscarinic acetylcholine receptor M2 ",
    "M3": "Muscarinic acetylcholine receptor M3 ",
    "MAO-B": "Monoamine oxidase B ",
    "MuOpioidReceptor": "(Mu opioid receptor|Opioid receptors; mu/kappa/delta)",
    "MuscleNicotinic": "Muscle-type nicotinic acetylcholine receptor",
    "NET": "Norepinephrine transporter",
    "NMDA": r"Glutamate \[NMDA\] receptor",
    "NavSodiumChannel": "Sodium channel alpha subunit",
    "NeuronalNicotinic": "Neuronal acetylcholine receptor; alpha4/beta2 ",
    "RyR1": "Ryanodine receptor 1",
    "RyR3": "Ryanodine receptor 3",
    "SERT": "Serotonin transporter ",
    "SHT1A": r"Serotonin 1a \(5-HT1a\) receptor",
    "SHT2A": r"Serotonin 2a \(5-HT2a\) receptor",
    "SHT2C": r"Serotonin 2c \(5-HT2c\) receptor",
    "SHT3": r"Serotonin 3a \(5-HT3a\) receptor",
    "SSADH": "Succinate semialdehyde dehydrogenase ",
    "SV2A": "Synaptic vesicle glycoprotein 2A ",
    "Sigma1": "Sigma opioid receptor",
    "TASK1": "Potassium channel subfamily K member 3 ",
    "TASK3": "Potassium channel subfamily K member 9 ",
    "TREK1": "Potassium channel subfamily K member 2 ",
    "TREK2": "Potassium channel subfamily K member 10 ",
    "TRESK": "Potassium channel subfamily K member 18 ",
    "TRPV1": "Vanilloid receptor",
    "TopoisomeraseIV": "Topoisomerase IV ",
}
"""What ChEMBL's sentence on a mechanism begins with, for each of our targets."""

CHEMBL_FAMILIES = {
    "A1": "Adenosine receptor ",
    "Alpha2A": "Adrenergic receptor alpha-2 ",
    "Alpha2B": "Adrenergic receptor alpha-2 ",
    "Alpha2C": "Adrenergic receptor alpha-2 ",
    "Alpha2Delta1": "Voltage-gated calcium channel ",
    "Alpha2Delta2": "Voltage-gated calcium channel ",
    "COX-1": "Cyclooxygenase ",
    "COX-2": "Cyclooxygenase ",
    "D2": "D2-like dopamine receptor ",
    "D3": "D2-like dopamine receptor ",
    "D4": "D2-like dopamine receptor ",
    "MAO-A": "Monoamine oxidase inhibitor",
    "MAO-B": "Monoamine oxidase inhibitor",
    "MT1": "Melatonin receptor ",
    "MT2": "Melatonin receptor ",
    "Nav1.4": "Sodium channel alpha subunit ",
    "Nav1.5": "Sodium channel alpha subunit ",
    "OX1": "Orexin receptor ",
    "OX2": "Orexin receptor ",
}
"""The same where the sentence is about a family: it stands for the member only with a note."""

CHEBI_ROLES = {
    ("Agonism", "MuOpioidReceptor"): {"CHEBI:55322"},
    ("Agonism", "DeltaOpioidReceptor"): {"CHEBI:64054"},
    ("Agonism", "KappaOpioidReceptor"): {"CHEBI:59282"},
    ("Antagonism", "MuOpioidReceptor"): {"CHEBI:50137"},
    ("Antagonism", "NMDA"): {"CHEBI:60643"},
    ("Antagonism", "H1"): {"CHEBI:37955"},
    ("Antagonism", "A2A"): {"CHEBI:53121"},
    ("Antagonism", "AlphaAdrenoceptorUnspecified"): {"CHEBI:37890"},
    ("Antagonism", "MuscarinicUnspecified"): {"CHEBI:48876"},
    ("ChannelBlock", "NavSodiumChannel"): {"CHEBI:38634"},
    ("ChannelBlock", "PotassiumChannelUnspecified"): {"CHEBI:50509"},
    ("Inhibition", "DAT"): {"CHEBI:51039"},
    ("Inhibition", "NET"): {"CHEBI:35640"},
    ("Inhibition", "SERT"): {"CHEBI:50949"},
    ("Inhibition", "TopoisomeraseIV"): {"CHEBI:53559"},
}
"""The role in ChEBI that says what a mechanism says."""

CHEBI_FAMILY_ROLES = {
    ("Antagonism", "D2"): {"CHEBI:48561"},
    ("Antagonism", "H1"): {"CHEBI:37956"},
    ("ChannelBlock", "NavSodiumChannel"): {"CHEBI:38633"},
}
"""The role that says it of a family: it stands for the member only with a note. Where the member is not what the role is commonly
said of, as with adrenergic antagonists and alpha-1 or calcium channel blockers and the N type, there is none."""

LIGAND_TYPES = {
    "SyntheticOrigin": {"Synthetic organic"},
    "NaturalOrigin": {"Natural product"},
    "EndogenousOrigin": {"Metabolite", "Peptide"},
}
SCHEDULES = {"US-I": "CI", "US-II": "CII", "US-III": "CIII", "US-IV": "CIV", "US-V": "CV"}
CHEBI_ORIGINS = {
    "HomoSapiens": {"CHEBI:77746", "CHEBI:25512"},
    "SaccharomycesCerevisiae": {"CHEBI:75772"},
    "Cinchona": {"CHEBI:51323"},
    "OtherOrganism": {"CHEBI:76969"},
    "thebaine": {"CHEBI:9519"},
    "naloxone": {"CHEBI:7459"},
}
"""The role, the class or the parent in ChEBI that names an organism or a substance. That a plant makes a thing names no plant."""
CHEBI_DERIVATIVES = {"rifamycin-sv": {"CHEBI:72588", "CHEBI:26580"}}
"""Where ChEBI has a thing below semisynthetic derivative and names no parent: all the classes that it has to be below."""
GTOPDB_ENZYMES = {"CYP2C9": {"1326"}, "CYP3A4": {"1337"}, "MAOEnzyme": {"2489", "2490"}}
NDC_ENZYMES = {"Pgp": "P-Glycoprotein", "UGT": "UDP Glucuronosyltransferases"}
NDC_EFFECTS = {"EnzymeInhibition": "Inhibitor", "EnzymeInduction": "Inducer"}
QUATERNARY = "CHEBI:35267"

Targets = dict[str, dict[str, set[str]]]


def acts_as(c: Cited, words: set[str]) -> bool:
    """Whether one of the words of a row is what we call the action."""
    said = {w.strip().lower() for w in words if w}
    mine = [k for k in c.kinds if k in ACTIONS]
    special = [k for k in mine if k == "PartialAgonism"] or mine
    return "Modulation" in c.kinds or any(said & (ACTIONS[k] | ACTIONS_AT.get((k, c.values["target"]), set())) for k in special)


def own(c: Cited, vocabulary: str, identifier: str, name: str) -> str | None:
    """Complain of a row of another substance: a salt or an isomer stands for the drug only where a note says so."""
    if identifier in c.ids.get(vocabulary, ()) or c.note or any(word in normal(name).split() for word in c.names):
        return None
    return f"the row is of {name or identifier}, and no note says why"


def gtopdb(c: Cited, targets: Targets) -> str | None:
    match = re.fullmatch(r"ligand (\d+)(?:, target (\d+), (Human|Rat|Mouse|None))?", c.place)
    if not match:
        return 'the place is not written "ligand N" or "ligand N, target M, Species"'
    ligand = data.gtopdb_ligands().get(match[1])
    if not ligand:
        return "no such ligand"
    if problem := own(c, "iuphar.ligand", match[1], ligand["Name"]):
        return problem
    if not match[2]:
        for kind, types in LIGAND_TYPES.items():
            if kind in c.kinds and ligand["Type"] not in types:
                return f"the ligand is of the type {ligand['Type']}"
        if c.prop == "hasStructure" and ligand["Type"] != "Peptide":
            return f"the ligand is of the type {ligand['Type']}"
        if c.prop == "hasTag" and ligand["Type"] not in c.values["tag"]:
            return f"the ligand is of the type {ligand['Type']}"
        return "a mechanism needs the row of a target" if c.prop == "hasMechanism" else None
    rows = data.gtopdb().get((match[1], match[2], match[3]))
    if not rows:
        return "no such row"
    if c.prop == "hasMechanism" and match[2] not in targets[c.values["target"]]["iuphar.receptor"]:
        return f"the row is of {rows[0]['target']}"
    if c.prop == "hasBindingSite" and match[2] not in targets["GABA-A"]["iuphar.receptor"]:
        return f"the row is of {rows[0]['target']}"
    words = {
        word for r in rows for word in (r["action"] or r["type"], r["type"] if r["action"] in ("", "None", "Binding", "Unknown") else "")
    }
    words |= {r["type"] for r in rows if r["type"] in ("Channel blocker", "Inhibitor", "Gating inhibitor")}
    if c.prop == "hasEnzymeEffect" and (match[2] not in GTOPDB_ENZYMES.get(c.values["enzyme"], ()) or "EnzymeInhibition" not in c.kinds):
        return f"the row is of {rows[0]['target']}, {sorted(words)}"
    if c.prop == "hasTag" and not c.values["tag"].startswith("CHEBI:"):
        tagged = normal(c.values["tag"])
        return None if any(normal(f"{r['type']} {r['action']}") in tagged for r in rows) else f"the row says {sorted(words)}"
    if c.prop == "hasMechanism" and not acts_as(c, words):
        return f"the row says {sorted(words)}"
    return None


def drugcentral(c: Cited, targets: Targets) -> str | None:
    match = re.fullmatch(r"struct (\d+), target (\S+)", c.place)
    if not match:
        return 'the place is not written "struct N, target ACCESSION|ACCESSION"'
    rows = [r for r in data.drugcentral().get((match[1], match[2]), []) if r["MOA"] == "1"]
    if not rows:
        return "no such row with a mechanism flag"
    if problem := own(c, "drugcentral", match[1], rows[0]["DRUG_NAME"]):
        return problem
    if not set(match[2].split("|")) & targets[c.values["target"]]["uniprot"]:
        return f"the row is of {rows[0]['TARGET_NAME']}"
    words = {r["ACTION_TYPE"] for r in rows}
    return None if acts_as(c, words) else f"the row says {sorted(words)}"


def chembl(c: Cited, targets: Targets) -> str | None:
    match = re.fullmatch(r"(CHEMBL\d+), (CHEMBL\d+)", c.place)
    if not match:
        return 'the place is not written "CHEMBLmolecule, CHEMBLtarget"'
    rows = data.chembl().get((match[1], match[2]))
    if not rows:
        return "no such row"
    if problem := own(c, "chembl.compound", match[1], data.chembl_names().get(match[1], "")):
        return problem
    said = {r["mechanism_of_action"] for r in rows}
    if not any(re.match(CHEMBL_TARGETS.get(c.values["target"], "(?!)"), s) for s in said):
        if not any(re.match(CHEMBL_FAMILIES.get(c.values["target"], "(?!)"), s) for s in said):
            return f"the row is of {rows[0]['mechanism_of_action']}"
        if not c.note:
            return f"the row is of a family, {rows[0]['mechanism_of_action']}, and no note says so"
    words = {r["action_type"] for r in rows}
    return None if acts_as(c, words) else f"the row says {sorted(words)}"


def chebi(c: Cited, targets: Targets) -> str | None:
    if c.place not in data.chebi():
        return "no such term"
    if problem := own(c, "CHEBI", c.place.removeprefix("CHEBI:"), data.chebi()[c.place]["name"][0]):
        return problem
    above, related = data.chebi_above(c.place), data.chebi_related(c.place)
    if c.prop == "hasTag":
        tagged = re.match(r"CHEBI:\d+", c.values["tag"])
        return f"{tagged[0]} is neither above it nor a role of it" if tagged and tagged[0] not in above | related else None
    wanted: set[str] = set()
    if c.prop == "hasMechanism":
        wanted = {
            role
            for table in (CHEBI_ROLES, CHEBI_FAMILY_ROLES if c.note else {})
            for (action, target), roles in table.items()
            if action in c.kinds and target == c.values["target"]
            for role in roles
        }
    elif c.prop == "hasStructure":
        wanted = targets[c.values["skeleton"]]["CHEBI"]
        if not wanted:
            return (
                None
                if c.note or c.place.removeprefix("CHEBI:") in c.ids["CHEBI"]
                else "the skeleton is mapped to no class and no note says why"
            )
    elif c.prop == "hasOrigin":
        origin = c.values.get("organism") or c.values.get("madeFrom", "")
        if needed := CHEBI_DERIVATIVES.get(origin):
            return None if needed <= above else f"it is not below all of {sorted(needed)}"
        wanted = CHEBI_ORIGINS.get(origin, set())
    elif c.prop == "hasDistribution":
        wanted = {QUATERNARY}
    return None if wanted & (above | related) else f"it is related to none of {sorted(wanted)}"


def ndc(c: Cited, targets: Targets) -> str | None:
    entry = data.ndc().get(c.place)
    if not entry:
        return "no such substance name"
    if not c.note and not any(f" {name} " in f" {normal(c.place)} " for name in c.names):
        return "the rows are of another substance, and no note says why"
    if c.prop == "hasTag":
        return None if c.values["tag"] in entry["classes"] or c.note else f"its classes are {sorted(entry['classes'])}"
    if c.prop == "legalStatusUS":
        schedule = SCHEDULES.get(c.values["schedule"])
        if schedule is None:
            return None if entry["schedules"] == {""} or c.note else f"its schedules are {sorted(entry['schedules'])}"
        return None if entry["schedules"] - {""} == {schedule} else f"its schedules are {sorted(entry['schedules'])}"
    if c.prop == "hasEnzymeEffect":
        enzyme = NDC_ENZYMES.get(c.values["enzyme"], c.values["enzyme"].replace("CYP", "Cytochrome P450 "))
        names = {enzyme, enzyme.removesuffix("4")} if c.values["enzyme"] == "CYP3A4" and c.note else {enzyme}
        effect = next(word for kind, word in NDC_EFFECTS.items() if kind in c.kinds)
        fit = any(re.fullmatch(rf"{re.escape(name)} {effect}s? \[\w+\]", cls) for name in names for cls in entry["classes"])
        return None if fit else f"its classes are {sorted(entry['classes'])}"
    if c.prop in ("hasMechanism", "hasStructure"):
        named = any(re.sub(r" \[\w+\]$", "", cls) in c.note for cls in entry["classes"])
        return None if named else f"the note names none of its classes, {sorted(entry['classes'])}"
    if c.prop in ("hasRoute", "hasIndication") and "route" in c.values:
        route = c.values["route"].lower()
        said = " ".join(entry["routes"]).lower()
        return None if any(word in said for word in ROUTES.get(route, {route})) else f"its routes are {sorted(entry['routes'])}"
    return None


ROUTES = {
    "injection": {"intravenous", "intramuscular", "subcutaneous", "parenteral"},
    "intranasal": {"nasal"},
    "inhaled": {"respiratory", "inhal"},
    "sublingual": {"sublingual", "buccal"},
    "topical": {"topical", "ophthalmic"},
    "oromucosal": {"buccal", "oral", "sublingual", "oropharyngeal"},
}
"""Words of the directory for a route of ours that it spells in another way."""


def unii(c: Cited, targets: Targets) -> str | None:
    known = data.unii().get(c.place)
    if not known:
        return "no such identifier"
    return None if c.place in c.ids.get("unii", ()) or {normal(k) for k in known} & c.names else "it is of another substance"


def structures(c: Cited, targets: Targets) -> str | None:
    match = re.fullmatch(r"struct (\d+)", c.place)
    row = data.drugcentral_structures().get(match[1]) if match else None
    if not row:
        return "no such structure"
    return None if (match and match[1] in c.ids.get("drugcentral", ())) or normal(row["INN"]) in c.names else f"the row is of {row['INN']}"


def drugmechdb(c: Cited, targets: Targets) -> str | None:
    path = data.drugmechdb().get(c.place)
    if not path:
        return "no such path"
    named = re.search(r"^  drug: (.*)$", path, re.M)
    if not c.note and not (named and any(name in normal(named[1]) for name in c.names)):
        return f"the path is of {named[1] if named else '?'}"
    if c.prop == "hasMechanism" and not c.note and not any(f"UniProt:{a}" in path for a in targets[c.values["target"]]["uniprot"]):
        return "the target is not on the path"
    return None


def clinpgx(c: Cited, targets: Targets) -> str | None:
    if c.place.startswith("PA"):
        row = data.clinpgx().get(c.place)
        return None if row and (normal(row["Name"]) in c.names or c.note) else "no such accession, or another drug's"
    return None


def drugbank(c: Cited, targets: Targets) -> str | None:
    row = data.drugbank().get(c.place)
    if not row:
        return "no such substance"
    if normal(row["Common name"]) not in c.names:
        return f"the row is of {row['Common name']}"
    if c.prop != "hasOrigin" or "madeFrom" not in c.values:
        return "a list of names says nothing of that"
    parent = normal(c.values["madeFrom"])
    return None if any(normal(name).endswith(parent) for name in row["Synonyms"].split(" | ")) else f"no name there ends in {parent}"


READERS: dict[str, Callable[[Cited, Targets], str | None]] = {
    "gtopdb": gtopdb,
    "drugcentral": drugcentral,
    "chembl": chembl,
    "chebi": chebi,
    "ndc": ndc,
    "unii": unii,
    "drugcentral-structures": structures,
    "drugmechdb": drugmechdb,
    "clinpgx": clinpgx,
    "drugbank-vocabulary": drugbank,
}


@pytest.fixture(scope="module")
def targets(graph: Graph) -> Targets:
    """The identifiers of targets and skeletons: GtoPdb ids (narrower ones too), UniProt accessions, ChEBI classes."""
    schema = graph.schema
    found: Targets = {}
    things = {t for f in ("Target", "Skeleton") for t in schema.subjects(n.TYPE, n.NS + f)}
    for thing in things:
        entry = found[local(thing)] = {"iuphar.receptor": set(), "CHEBI": set(), "uniprot": set(schema.literals(thing, n.NS + "uniprot"))}
        for kind in ("exactMatch", "narrowMatch", "closeMatch"):
            for match in schema.values(thing, n.SKOS + kind):
                vocabulary, _, identifier = n.short(match).partition(":")
                entry.setdefault(vocabulary, set()).add(f"CHEBI:{identifier}" if vocabulary == "CHEBI" else identifier)
    return found


class TestRows:
    """Statements against rows."""

    pytestmark = needs_data

    @pytest.mark.parametrize("source", READERS)
    def test_every_cited_row_says_so(self, source: str, graph: Graph, targets: Targets) -> None:
        read = [c for c in cited(graph) if c.source == source]
        complaints = [f"{c}: {problem}" for c in read if (problem := READERS[source](c, targets))]
        assert read, source
        assert complaints == []

    def test_every_database_that_is_cited_has_a_reader(self, graph: Graph) -> None:
        databases = {local(s) for s in graph.schema.subjects(n.TYPE, n.NS + "Database")}
        assert {c.source for c in cited(graph)} & databases == set(READERS)

    PLANTED = (
        ("gtopdb", {"place": "ligand 1084, target 319, Human"}, "no such row"),
        ("gtopdb", {"place": "ligand 1627, target 319, Human"}, "the row is of morphine, and no note says why"),
        ("gtopdb", {"values": {"target": "GABA-A"}}, "the row is of "),
        ("gtopdb", {"kinds": frozenset({"Antagonism", "Mechanism"})}, "the row says "),
        ("gtopdb", {"place": "1084/242"}, "the place is not written "),
        ("drugcentral", {"place": "struct 282, target P30543"}, "no such row with a mechanism flag"),
        ("drugcentral", {"values": {"target": "GABA-A"}}, "the row is of GABA-B receptor"),
        ("drugcentral", {"kinds": frozenset({"Antagonism", "Mechanism"})}, "the row says ['AGONIST']"),
        ("chembl", {"place": "CHEMBL2103744, CHEMBL233"}, "the row is of morphine sulfate pentahydrate, and no note says why"),
        ("chembl", {"values": {"target": "GABA-A"}}, "the row is of GABA-B receptor agonist"),
        ("chembl", {"kinds": frozenset({"PositiveModulation", "Mechanism"})}, "the row says ['AGONIST']"),
    )

    @pytest.mark.parametrize(("source", "change", "told"), PLANTED)
    def test_planted_wrong_row_is_found(self, source: str, change: dict[str, str], told: str, graph: Graph, targets: Targets) -> None:
        """Take baclofen's own row, which is right, spoil one thing, and see it found."""
        (right,) = [c for c in cited(graph) if (c.drug, c.prop, c.source) == ("baclofen", "hasMechanism", source)]
        assert READERS[source](right, targets) is None
        problem = READERS[source](replace(right, **change), targets)  # type: ignore[arg-type]
        assert problem is not None and problem.startswith(told)

    @pytest.mark.parametrize(
        ("drug", "source", "prop", "change", "told"),
        [
            ("baclofen", "chebi", "hasTag", {"values": {"tag": "CHEBI:55322 mu-opioid receptor agonist"}}, "CHEBI:55322 is neither"),
            ("baclofen", "chebi", "hasStructure", {"values": {"skeleton": "MorphinanSkeleton"}}, "it is related to none of"),
            ("baclofen", "ndc", "hasTag", {"values": {"tag": "Opioid Agonist [EPC]"}}, "its classes are"),
            ("fentanyl", "ndc", "legalStatusUS", {"values": {"schedule": "US-III"}}, "its schedules are ['CII']"),
            ("baclofen", "gtopdb", "hasOrigin", {"kinds": frozenset({"NaturalOrigin"})}, "the ligand is of the type Synthetic organic"),
            ("methocarbamol", "unii", "hasStructure", {"place": "H789N3FKE8"}, "it is of another substance"),
            ("baclofen", "ndc", "hasRoute", {"values": {"route": "Rectal"}}, "its routes are"),
            ("baclofen", "ndc", "hasRoute", {"place": "MORPHINE SULFATE"}, "the rows are of another substance"),
            ("nicotine", "ndc", "hasRoute", {"values": {"route": "Rectal"}}, "its routes are"),
            ("atropine", "ndc", "hasIndication", {"values": {"route": "Transdermal"}}, "its routes are"),
            ("suvorexant", "ndc", "hasEnzymeEffect", {"values": {"enzyme": "CYP2D6"}}, "its classes are"),
            ("suvorexant", "ndc", "hasEnzymeEffect", {"kinds": frozenset({"EnzymeInduction"})}, "its classes are"),
            ("disulfiram", "ndc", "hasMechanism", {"note": "As the class Aldehyde Reductase Inhibitors."}, "the note names none"),
            ("phenelzine", "gtopdb", "hasEnzymeEffect", {"values": {"enzyme": "CYP3A4"}}, "the row is of "),
            ("amfetamine", "chembl", "hasMechanism", {"kinds": frozenset({"Inhibition"})}, "the row says ['RELEASING AGENT']"),
            ("amfetamine", "chembl", "hasMechanism", {"values": {"target": "SERT"}}, "the row is of "),
            ("capsaicin", "chembl", "hasMechanism", {"kinds": frozenset({"Antagonism"})}, "the row says ['OPENER']"),
            ("baclofen", "chembl", "hasMechanism", {"place": "CHEMBL294199, CHEMBL4794", "note": "-"}, "the row is of Vanilloid"),
            ("ramelteon", "chembl", "hasMechanism", {"note": ""}, "the row is of a family"),
            ("ramelteon", "chembl", "hasMechanism", {"values": {"target": "OX1"}}, "the row is of Melatonin receptor"),
            ("haloperidol", "chebi", "hasMechanism", {"note": ""}, "it is related to none of []"),
            ("haloperidol", "chebi", "hasMechanism", {"values": {"target": "D1"}}, "it is related to none of []"),
            ("ciprofloxacin", "chebi", "hasMechanism", {"values": {"target": "DAT"}}, "it is related to none of ['CHEBI:51039']"),
            ("quinidine", "chebi", "hasOrigin", {"values": {"organism": "PapaverSomniferum"}}, "it is related to none of []"),
            ("naloxegol", "chebi", "hasOrigin", {"values": {"madeFrom": "thebaine"}}, "it is related to none of ['CHEBI:9519']"),
            ("naloxegol", "chebi", "hasOrigin", {"values": {"madeFrom": "rifamycin-sv"}}, "it is not below all of"),
            ("rifampicin", "drugbank-vocabulary", "hasOrigin", {"values": {"madeFrom": "thebaine"}}, "no name there ends in thebaine"),
            ("rifampicin", "drugbank-vocabulary", "hasOrigin", {"place": "DB00334"}, "the row is of Olanzapine"),
            ("clozapine", "gtopdb", "hasTag", {"values": {"tag": "allosteric modulator, negative, M1"}}, "the row says ['', 'Positive']"),
            ("clozapine", "gtopdb", "hasTag", {"place": "ligand 38, target 6, Human"}, "the row says ["),
        ],
    )
    def test_planted_wrong_entry_is_found(
        self, drug: str, source: str, prop: str, change: dict[str, object], told: str, graph: Graph, targets: Targets
    ) -> None:
        right = next(c for c in cited(graph) if (c.drug, c.prop, c.source) == (drug, prop, source))
        assert READERS[source](right, targets) is None
        problem = READERS[source](replace(right, **change), targets)  # type: ignore[arg-type]
        assert problem is not None and problem.startswith(told), problem


# --- identifiers ------------------------------------------------------------------------------------------------------


class TestIdentifiers:
    """Identifiers of drugs, targets, conditions and effects."""

    pytestmark = needs_data

    def test_drugs_are_what_their_identifiers_name(self, graph: Graph) -> None:
        schema, wrong = graph.schema, []
        for drug in schema.subjects(n.TYPE, n.DRUG):
            known = {normal(name) for p in (n.LABEL, n.ALT_LABEL) for name in schema.literals(drug, p)}
            for vocabulary, identifiers in ids_of(schema, [drug]).items():
                for identifier in identifiers if vocabulary in NAMED else ():
                    found = names_in(vocabulary, identifier)
                    if found is None or not {normal(f) for f in found} & known:
                        wrong.append((schema.label(drug), vocabulary, identifier, sorted(found or ())[:4]))
        assert wrong == []

    def test_structures_agree(self, graph: Graph) -> None:
        """The InChIKey, the CAS number and the identifiers are those of one substance."""
        schema, wrong = graph.schema, []
        for drug in schema.subjects(n.TYPE, n.DRUG):
            keys, ids = set(schema.literals(drug, n.NS + "inchikey")), ids_of(schema, [drug])
            other = {data.gtopdb_ligands()[i]["InChIKey"] for i in ids.get("iuphar.ligand", ())}
            other |= {
                data.drugcentral_structures()[i]["InChIKey"] for i in ids.get("drugcentral", ()) if i in data.drugcentral_structures()
            }
            first = {k[:14] for k in keys}
            other |= {row["Standard InChI Key"] for i in ids.get("unii", ()) for row in data.drugbank_by_unii().get(i, ())}
            other -= {OTHER_TAUTOMERS.get(local(drug), "")}
            if keys and any(k and k[:14] not in first for k in other):
                wrong.append((schema.label(drug), keys, other))
            numbers = {row["CAS"] for i in ids.get("unii", ()) for row in data.drugbank_by_unii().get(i, ())}
            numbers |= {
                data.drugcentral_structures()[i]["CAS_RN"] for i in ids.get("drugcentral", ()) if i in data.drugcentral_structures()
            }
            cas = set(schema.literals(drug, n.NS + "cas"))
            if cas and numbers - {""} and not cas & numbers:
                wrong.append((schema.label(drug), cas, numbers))
        assert wrong == []

    def test_chembl_and_chebi_agree(self, graph: Graph) -> None:
        """Where ChEBI is mapped to ChEMBL, the drug has the molecule that it is mapped to."""
        schema, wrong = graph.schema, []
        for drug in schema.subjects(n.TYPE, n.DRUG):
            ids = ids_of(schema, [drug])
            mapped = {m for i in ids.get("CHEBI", ()) for m in data.chebi_to_chembl().get(i, ())}
            if mapped and ids.get("chembl.compound") and not mapped & ids["chembl.compound"]:
                wrong.append((schema.label(drug), ids["chembl.compound"], mapped))
        assert wrong == []

    def test_atc_and_rxnorm(self, graph: Graph) -> None:
        schema, wrong = graph.schema, []
        atc: dict[str, set[str]] = defaultdict(set)
        rxnorm: dict[str, set[str]] = defaultdict(set)
        for row in data.clinpgx().values():
            called = {
                normal(row["Name"]),
                *(normal(g) for g in re.findall(r'"([^"]+)"', row["Generic Names"] or "") or [row["Generic Names"] or ""]),
            }
            for code in re.findall(r"\w+", row["ATC Identifiers"] or ""):
                atc[code] |= called
            for code in re.findall(r"\d+", row["RxNorm Identifiers"] or ""):
                rxnorm[code] |= called
        for drug in schema.subjects(n.TYPE, n.DRUG):
            known = {normal(name) for p in (n.LABEL, n.ALT_LABEL) for name in schema.literals(drug, p)}
            for code in schema.literals(drug, n.NS + "atcCode"):
                if (local(drug), code) != ("nabiximols", "N02BG10") and not _fit(known, atc.get(code, set())):  # ClinPGx names the class
                    wrong.append((schema.label(drug), "atc", code, sorted(atc.get(code, ()))[:3]))
            for code in ids_of(schema, [drug]).get("rxnorm", ()):
                if not _fit(known, rxnorm.get(code, set())):
                    wrong.append((schema.label(drug), "rxnorm", code, sorted(rxnorm.get(code, ()))[:3]))
        assert wrong == []

    def test_targets(self, graph: Graph, targets: Targets) -> None:
        """Each GtoPdb id exists, and the accessions are the row's own, or those of its parts."""
        wrong = []
        for name, ids in targets.items():
            accessions: set[str] = set()
            for i in ids["iuphar.receptor"]:
                row = data.gtopdb_targets().get(i)
                if row is None:
                    wrong.append((name, i, "no such target"))
                    continue
                parts = (
                    [i, *(p for p in re.findall(r"\d+", row["Subunit ids"]) if p in data.gtopdb_targets())] if "Subunit ids" in row else [i]
                )
                accessions |= {a for p in parts for a in re.split(r"[|,]", data.gtopdb_targets()[p]["Human SwissProt"]) if a}
            if ids["uniprot"] - accessions and ids["iuphar.receptor"] and accessions:
                wrong.append((name, sorted(ids["uniprot"] - accessions), sorted(accessions)))
        assert wrong == []

    def test_conditions_and_effects(self, graph: Graph) -> None:
        schema, wrong = graph.schema, []
        for kind in ("Effect", "Condition"):
            for thing in schema.subjects(n.TYPE, n.NS + kind):
                for match in schema.values(thing, n.EXACT_MATCH):
                    vocabulary, _, identifier = n.short(match).partition(":")
                    known = [name for p in (n.LABEL, n.ALT_LABEL) for name in schema.literals(thing, p)]
                    if problem := misnamed(known, vocabulary, identifier):
                        wrong.append((local(thing), problem))
        assert wrong == []

    @pytest.mark.parametrize(
        ("name", "vocabulary", "identifier", "told"),
        [
            ("drowsiness", "HP", "0002018", "HP:0002018 is Nausea"),
            ("drowsiness", "HP", "9999999", "there is no HP:9999999"),
            ("cerebral palsy", "MONDO", "0005301", "MONDO:0005301 is multiple sclerosis"),
        ],
    )
    def test_planted_wrong_identifier_is_found(self, name: str, vocabulary: str, identifier: str, told: str) -> None:
        assert misnamed([name], vocabulary, identifier) == told

    def test_planted_wrong_drug_identifier_is_found(self) -> None:
        assert names_in("CHEBI", "2972") == {"baclofen"}
        assert names_in("CHEBI", "17303") == {"morphine"}
        assert names_in("CHEBI", "999999999") is None
        assert "BACLOFEN" in (names_in("unii", "H789N3FKE8") or ())
        assert names_in("drugcentral", "282") == {"baclofen"}
        assert names_in("iuphar.ligand", "no") is None


def misnamed(known: list[str], vocabulary: str, identifier: str) -> str | None:
    """Complain of an identifier that is not there, or whose names neither are nor share a word with the names we use."""
    found = data.terms(vocabulary.lower()).get(f"{vocabulary}:{identifier}")
    if found is None:
        return f"there is no {vocabulary}:{identifier}"
    return (
        None
        if any(normal(a) == normal(b) or _words(a) & _words(b) for a in known for b in found)
        else f"{vocabulary}:{identifier} is {found[0]}"
    )


def names_in(vocabulary: str, identifier: str) -> set[str] | None:
    """Return the names that a vocabulary has for an identifier; None where it has no such identifier."""
    match vocabulary:
        case "CHEBI":
            term = data.chebi().get(f"CHEBI:{identifier}")
            return {term["name"][0]} if term else None
        case "unii":
            return data.unii().get(identifier)
        case "drugcentral":
            row = data.drugcentral_structures().get(identifier)
            rows = [r[0] for (s, _), r in data.drugcentral().items() if s == identifier]
            return {row["INN"]} if row else {r["DRUG_NAME"] for r in rows} or None
        case "iuphar.ligand":
            ligand = data.gtopdb_ligands().get(identifier)
            return (
                {re.sub(r"<[^>]+>|&(\w+);", r"\1", name) for name in [ligand["Name"], ligand["INN"], *ligand["Synonyms"].split("|")]}
                if ligand
                else None
            )
    return None


OTHER_TAUTOMERS = {"olanzapine": "WXPNDRBBWZMPQG-UHFFFAOYSA-N"}
"""Keys of GtoPdb that differ from those of DrugCentral and DrugBank in the place of one hydrogen: olanzapine drawn as 5H, not 10H."""

NAMED = ("CHEBI", "unii", "drugcentral", "iuphar.ligand")
"""The vocabularies whose files name things. RxNorm and ChEMBL ids are compared in other ways."""


def _fit(known: set[str], called: set[str]) -> bool:
    return any(k == c or k in c.split() or c in k.split() or k in c for k in known for c in called if c)


SPELLINGS = (("oe", "e"), ("ae", "e"), ("isation", "ization"), ("our", "or"), ("ise", "ize"))


def _words(name: str) -> set[str]:
    text = normal(name)
    for british, american in SPELLINGS:
        text = text.replace(british, american)
    return {w[:6] for w in text.split() if len(w) > 3 or w.isupper()}


# --- counts -----------------------------------------------------------------------------------------------------------


def tier(schema: Schema, source: str) -> str:
    """Return the kind of a source: Database, Regulation, Paper, Monograph, Article or Own."""
    kinds = {local(t) for t in schema.values(n.SRC + source, n.TYPE)}
    (kind,) = kinds & {"Database", "Regulation", "Paper", "Monograph", "Article", "Own"}
    return kind


def census(graph: Graph) -> dict[str, object]:
    """Count what the graph holds."""
    schema = graph.schema
    found = list(cited(graph))
    statements = {(local(p), s) for d in schema.subjects(n.TYPE, n.DRUG) for p in schema.statement_properties for s in schema.values(d, p)}
    tiers = Counter(tier(schema, c.source) for c in found)
    blank_only = sorted(
        c.drug for c in found if c.prop == "legalStatusUS" and c.values["schedule"] == "US-None" and c.source == "ndc" and alone(schema, c)
    )
    return {
        "drugs": len(schema.drugs()),
        "metabolites": len(schema.subjects(n.TYPE, n.METABOLITE)),
        "targets": len(schema.subjects(n.TYPE, n.TARGET_CLASS)),
        "hand-written classes": len(schema.drug_classes),
        "pattern classes": len(schema.pattern_classes()),
        "completeness claims": dict(
            sorted(Counter(local(p) for c in schema.subjects(n.TYPE, n.CLAIM) for p in schema.values(c, n.ON_PROPERTY)).items())
        ),
        "statements": dict(sorted(Counter(p for p, _ in statements).items())),
        "assertions by tier": dict(sorted(tiers.items())),
        "assertions by database": dict(sorted(Counter(c.source for c in found if tier(schema, c.source) == "Database").items())),
        "unverified statements": sum(len(schema.values(d, n.UNVERIFIED_LINK)) for d in schema.subjects(n.TYPE, n.DRUG)),
        "uncontrolled by a blank in the code directory alone": sorted(set(blank_only)),
    }


def alone(schema: Schema, c: Cited) -> bool:
    """Whether an assertion of legal status is the only one that its statement has."""
    (statement,) = schema.values(n.NS + c.drug, n.NS + c.prop)
    return {schema.values(a, n.SOURCE)[0] for a in schema.values(statement, n.ASSERTED_BY)} == {n.SRC + "ndc"}


def test_census(graph: Graph) -> None:
    """A change of the graph shows here: look at it, then write the new census with ``python tests/test_sources.py``."""
    assert json.loads(CENSUS.read_text("utf-8")) == json.loads(json.dumps(census(graph)))


def test_no_statement_rests_on_the_unverified_alone(graph: Graph) -> None:
    """What is unverified hangs on its drug by a link of its own, from which nothing is derived."""
    schema = graph.schema
    for drug in schema.subjects(n.TYPE, n.DRUG):
        for prop in schema.statement_properties:
            for statement in schema.values(drug, prop):
                certain = [schema.values(a, n.CERTAINTY) for a in schema.values(statement, n.ASSERTED_BY)]
                assert any(c != (n.UNVERIFIED,) for c in certain), (drug, statement)


def test_most_of_what_is_said_has_a_high_source(graph: Graph) -> None:
    """Databases and regulators come before papers, papers before books; the article is a witness and no more."""
    counts = Counter(tier(graph.schema, c.source) for c in cited(graph))
    total = sum(counts.values())
    assert counts["Own"] == 0
    assert (counts["Database"] + counts["Regulation"]) / total > 0.6
    assert counts["Article"] / total < 0.02


def test_mechanisms_cite_a_row_where_there_is_one(graph: Graph) -> None:
    """More than half of all mechanisms have a row of a database behind them."""
    schema = graph.schema
    databases = set(schema.subjects(n.TYPE, n.NS + "Database"))
    backed = [
        bool(databases & {s for a in schema.values(m, n.ASSERTED_BY) for s in schema.values(a, n.SOURCE)})
        for d in schema.drugs()
        for m in schema.values(d, n.HAS_MECHANISM)
    ]
    assert sum(backed) / len(backed) > 0.6


if __name__ == "__main__":
    from pharmakon.graph import shipped

    CENSUS.write_text(json.dumps(census(shipped()), indent=2, ensure_ascii=False) + "\n", "utf-8")
