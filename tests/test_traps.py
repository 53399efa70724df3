"""Where pharmacology is easy to get wrong: one test for each trap, with the verdicts that a pharmacologist would give.

Expected values come from the pharmacology, not from the code. A verdict is given for each sense of a word, narrowest first.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

import pharmakon
from pharmakon import names as n
from pharmakon.evaluate import Evaluator
from pharmakon.expression import Named
from pharmakon.facts import View
from pharmakon.graph import Graph

Verdicts = Callable[[str, str], list[str]]
Members = Callable[[str], set[str]]
Said = Callable[[str, str], set[str]]

YES, NO, OPEN = ["yes"], ["no"], ["unknown"]


def all_are(verdicts: Verdicts, cls: str, drugs: str, expected: list[str]) -> None:
    """Check one class for several drugs, so that a failure shows all that differ."""
    names = [name.strip() for name in drugs.split(",")]
    assert {d: verdicts(d, cls) for d in names} == dict.fromkeys(names, expected)


# --- opiates and opioids ----------------------------------------------------------------------------------------------


def test_trap_01_opiate_is_narrower_than_opioid(verdicts: Verdicts, yes: Members, graph: Graph) -> None:
    """The strict sense holds morphine and codeine; thebaine's weak binding is no stated agonism, so it stays open, with its reason."""
    senses = [a.sense.label for a in pharmakon.ask("morphine", "opiate", graph=graph).answers]
    assert senses == ["opiate, strict sense", "opiate, broad sense", "opiate, assay sense"]
    assert all(a.sense.source for a in pharmakon.ask("morphine", "opiate", graph=graph).answers)
    all_are(verdicts, "opiate", "morphine, codeine", ["yes", "yes", "yes"])
    assert yes("opiate (strict)") == {"morphine", "codeine"}
    assert yes("opiate (strict)") < yes("opioid")
    assert yes("opiate (broad)") < yes("opioid")
    assert verdicts("thebaine", "opiate") == ["unknown", "unknown", "unknown"]
    strict = pharmakon.ask("thebaine", "opiate", graph=graph).answers[0]
    assert any("opioid receptor" in point for point in strict.open)
    assert any("claim" in point and "mechanism" in point for point in strict.open)
    for sense in ("opiate (strict)", "opiate (broad)"):
        assert pharmakon.ask(sense, "opioid", graph=graph).answers[0].verdict == "yes"
    assert pharmakon.ask("opioid", "opiate (strict)", graph=graph).answers[0].verdict == "no"


def test_trap_02_opioid_for_synthetics_only_is_kept_as_a_tag(verdicts: Verdicts, said: Said, graph: Graph) -> None:
    """The usage that sets opioid against opiate is stored as what a source says, and no verdict follows from it."""
    tag = "sourceSaysIsA=Opioid tag=Opioid (kept for synthetic substances, heroin among them)"
    assert tag in said("heroin", "hasTag")
    tags = [(e.text, [s.id for s in e.sources]) for e in pharmakon.show("heroin", graph=graph).entries if e.prop == "tag"]
    assert [ids for text, ids in tags if "kept for synthetic" in text] == [["src:drugcom-opiate"]]
    assert verdicts("morphine", "opioid") == YES
    assert "sourceSaysIsA=Opioid tag=synthetic opioid" in said("apomorphine", "hasTag")
    assert verdicts("apomorphine", "opioid") == NO


def test_trap_03_origin_is_not_enough(verdicts: Verdicts, yes: Members) -> None:
    """Papaverine and noscapine are opium alkaloids and act at no opioid receptor."""
    assert yes("opium alkaloid") == {"codeine", "morphine", "noscapine", "papaverine", "thebaine"}
    all_are(verdicts, "opioid", "papaverine, noscapine", NO)
    all_are(verdicts, "opiate", "papaverine, noscapine", ["no", "no", "no"])


def test_trap_04_being_made_from_an_opiate_is_not_enough(verdicts: Verdicts) -> None:
    """Apomorphine, naloxone and naltrexone are made from opium alkaloids; none activates an opioid receptor."""
    all_are(verdicts, "opium derivative", "apomorphine, naloxone, naltrexone, methylnaltrexone", YES)
    all_are(verdicts, "opioid", "apomorphine, naloxone, naltrexone, methylnaltrexone", NO)
    all_are(verdicts, "opiate (broad)", "apomorphine, naloxone, naltrexone, methylnaltrexone", NO)
    assert verdicts("apomorphine", "dopamine agonist") == YES


def test_trap_05_structure_is_not_enough(verdicts: Verdicts, said: Said) -> None:
    """Naloxone, dextromethorphan and levorphanol share the morphinan skeleton; only the last is an opioid."""
    for drug in ("naloxone", "dextromethorphan", "levorphanol", "morphine"):
        assert said(drug, "hasStructure") == {"skeleton=MorphinanSkeleton"}
    all_are(verdicts, "opioid", "naloxone, dextromethorphan", NO)
    all_are(verdicts, "opioid", "levorphanol, morphine", YES)
    assert verdicts("dextromethorphan", "opiate") == ["no", "no", "no"]
    assert verdicts("dextromethorphan", "NMDA receptor blocker") == YES


def test_trap_06_binding_is_not_enough(verdicts: Verdicts, yes: Members) -> None:
    """Antagonists bind the receptor: ligands of it, and no opioids."""
    antagonists = "naloxone, naltrexone, methylnaltrexone, naloxegol, naldemedine, alvimopan"
    all_are(verdicts, "opioid receptor ligand", antagonists, YES)
    all_are(verdicts, "opioid", antagonists, NO)
    all_are(verdicts, "opioid agonist", antagonists, NO)
    assert yes("opioid antagonist") == set(antagonists.split(", "))
    assert yes("opioid") < yes("opioid receptor ligand")


def test_trap_07_natural_is_not_enough(verdicts: Verdicts, yes: Members) -> None:
    """Mitragynine and salvinorin A come from other plants; endorphin and enkephalin from the body: opioids, and no opiates."""
    others = "mitragynine, salvinorin A, beta-endorphin, met-enkephalin"
    all_are(verdicts, "opioid", others, YES)
    all_are(verdicts, "opiate", others, ["no", "no", "no"])
    assert yes("endogenous opioid") == {"beta-endorphin", "met-enkephalin"}
    assert yes("natural opioid") == {"codeine", "morphine", "mitragynine", "salvinorin A"}


def test_trap_08_answers_flip_with_the_sense(verdicts: Verdicts) -> None:
    """Heroin is an opiate in the broad sense and by the assay, oxycodone in the broad sense alone, fentanyl and methadone in none."""
    assert verdicts("heroin", "opiate") == ["no", "yes", "yes"]
    assert verdicts("oxycodone", "opiate") == ["no", "yes", "no"]
    assert verdicts("hydrocodone", "opiate") == ["no", "yes", "yes"]
    assert verdicts("buprenorphine", "opiate") == ["no", "yes", "no"]
    all_are(verdicts, "opiate", "fentanyl, methadone, tramadol, pethidine, loperamide", ["no", "no", "no"])
    all_are(verdicts, "opioid", "heroin, oxycodone, fentanyl, methadone", YES)


def test_trap_09_partial_and_mixed_action(verdicts: Verdicts, said: Said) -> None:
    """Buprenorphine: partial at mu, antagonist at kappa. Nalbuphine, butorphanol and pentazocine are mixed."""
    assert {"PartialAgonism target=MuOpioidReceptor", "Antagonism target=KappaOpioidReceptor"} < said("buprenorphine", "hasMechanism")
    assert "Agonism target=MuOpioidReceptor" not in said("buprenorphine", "hasMechanism")
    all_are(verdicts, "partial opioid agonist", "buprenorphine, butorphanol, pentazocine", YES)
    all_are(verdicts, "mixed agonist-antagonist", "buprenorphine, nalbuphine, butorphanol, pentazocine", YES)
    all_are(verdicts, "mixed agonist-antagonist", "morphine, fentanyl, methadone, naloxone, naltrexone", NO)
    all_are(verdicts, "opioid", "buprenorphine, nalbuphine, butorphanol, pentazocine", YES)
    all_are(verdicts, "opioid antagonist", "buprenorphine, nalbuphine, butorphanol, pentazocine", NO)
    assert "Agonism target=KappaOpioidReceptor" in said("nalbuphine", "hasMechanism")


def test_trap_10_an_opioid_kept_out_of_the_brain(verdicts: Verdicts, said: Said, yes: Members) -> None:
    """Loperamide: an opioid, no analgesic, no depressant. Methylnaltrexone is its mirror among the antagonists."""
    assert said("loperamide", "hasMechanism") == {"Agonism target=MuOpioidReceptor"}
    assert said("loperamide", "hasDistribution") == {"PeripheryOnly"}
    assert verdicts("loperamide", "opioid") == YES
    for cls in ("analgesic", "opioid analgesic", "CNS depressant", "respiratory depressant"):
        assert verdicts("loperamide", cls) == NO, cls
    assert yes("peripheral opioid") == {"loperamide", "eluxadoline", "difelikefalin"}
    assert said("methylnaltrexone", "hasDistribution") == {"PeripheryOnly"}
    assert said("naloxone", "hasDistribution") == {"ReachesCNS"}
    assert verdicts("methylnaltrexone", "opioid antagonist") == YES
    assert verdicts("methylnaltrexone", "peripheral opioid") == NO


def test_trap_11_opioids_with_a_second_mechanism(verdicts: Verdicts, said: Said) -> None:
    """Tramadol inhibits the uptake of serotonin and noradrenaline, tapentadol that of noradrenaline; of serotonin is disputed."""
    assert {"Inhibition target=SERT", "Inhibition target=NET"} < said("tramadol", "hasMechanism")
    assert said("tapentadol", "hasMechanism") == {"Agonism target=MuOpioidReceptor", "Inhibition target=NET", "Inhibition target=SERT"}
    assert verdicts("tapentadol", "serotonin reuptake inhibitor") == OPEN
    all_are(verdicts, "monoamine reuptake inhibitor", "tramadol, tapentadol", YES)
    all_are(verdicts, "opioid with a second mechanism", "tramadol, tapentadol, methadone", YES)
    all_are(verdicts, "opioid with a second mechanism", "morphine, fentanyl, codeine", NO)
    all_are(verdicts, "monoamine reuptake inhibitor", "morphine, fentanyl, baclofen", NO)


def test_trap_12_action_through_metabolites(verdicts: Verdicts, said: Said) -> None:
    """Codeine acts through morphine, heroin through 6-monoacetylmorphine and morphine, tramadol through M1."""
    assert "Agonism target=MuOpioidReceptor via=morphine" in said("codeine", "hasMechanism")
    through = {"Agonism target=MuOpioidReceptor via=6-monoacetylmorphine", "Agonism target=MuOpioidReceptor via=morphine"}
    assert through < said("heroin", "hasMechanism")
    assert "Agonism target=MuOpioidReceptor via=o-desmethyltramadol" in said("tramadol", "hasMechanism")
    all_are(verdicts, "prodrug", "codeine, heroin, tramadol, diphenoxylate", YES)
    all_are(verdicts, "drug with an active metabolite", "codeine, heroin, tramadol, carisoprodol, morphine", YES)
    all_are(verdicts, "prodrug", "fentanyl, methadone, baclofen, naloxone, morphine", NO)
    all_are(verdicts, "opioid", "codeine, heroin, tramadol", YES)


# --- GABA -------------------------------------------------------------------------------------------------------------


def test_trap_13_two_gaba_receptors(verdicts: Verdicts, graph: Graph) -> None:
    """GABA-A is a channel and GABA-B a pair of GABBR1 and GABBR2: a drug at the one is not at the other."""
    assert graph.schema.literals(n.NS + "GABA-B", n.NS + "uniprot") == ("O75899", "Q9UBS5")
    assert verdicts("baclofen", "GABA-B agonist") == YES
    assert verdicts("baclofen", "GABA-A agonist") == NO
    assert verdicts("baclofen", "GABA-A receptor ligand") == NO
    assert verdicts("diazepam", "GABA-B receptor ligand") == NO
    assert [verdicts("GABA", c) for c in ("GABA-A agonist", "GABA-B agonist")] == [YES, YES]
    all_are(verdicts, "GABA receptor ligand", "baclofen, diazepam, zolpidem, GABA", YES)


def test_trap_14_modulators_are_no_agonists(verdicts: Verdicts, yes: Members, said: Said) -> None:
    """Benzodiazepines, Z-drugs and barbiturates strengthen GABA; no antidote to them or to opioids blocks GABA-B."""
    modulators = "diazepam, lorazepam, clonazepam, midazolam, temazepam, zolpidem, zaleplon, phenobarbital, thiopental"
    all_are(verdicts, "GABA-A positive modulator", modulators, YES)
    all_are(verdicts, "GABA-A agonist", modulators, NO)
    assert yes("benzodiazepine") == {"diazepam", "lorazepam", "clonazepam", "midazolam", "alprazolam", "temazepam", "clobazam"}
    assert yes("Z-drug") == {"zolpidem", "zaleplon", "eszopiclone"}
    assert yes("barbiturate") == {"phenobarbital", "thiopental"}
    assert said("flumazenil", "hasMechanism") == {"Antagonism target=GABA-A"}
    assert verdicts("flumazenil", "benzodiazepine antagonist") == YES
    assert verdicts("flumazenil", "benzodiazepine") == NO
    all_are(verdicts, "GABA-B receptor ligand", "flumazenil, naloxone", NO)
    assert verdicts("baclofen", "benzodiazepine-site ligand") == NO
    assert verdicts("baclofen", "opioid receptor ligand") == NO


def test_trap_15_gabapentinoids_bind_no_gaba_receptor(verdicts: Verdicts, yes: Members, said: Said) -> None:
    """Gabapentin and pregabalin are built like GABA and bind the alpha-2-delta subunits."""
    binds = {"LigandBinding target=Alpha2Delta1", "LigandBinding target=Alpha2Delta2"}
    assert said("gabapentin", "hasMechanism") == binds
    assert said("pregabalin", "hasMechanism") == binds
    assert yes("gabapentinoid") == {"gabapentin", "pregabalin"}
    for cls in ("GABA receptor ligand", "GABA-A agonist", "GABA-B agonist", "GABA-A positive modulator"):
        all_are(verdicts, cls, "gabapentin, pregabalin", NO)
    assert yes("GABA analogue") == {"GABA", "baclofen", "phenibut", "gabapentin", "pregabalin"}
    assert yes("GABA analogue without action at a GABA receptor") == {"gabapentin", "pregabalin"}


def test_trap_16_one_receptor_different_liabilities(yes: Members, said: Said) -> None:
    """Phenibut and GHB are GABA-B agonists like baclofen; a high liability of GHB is stated, and none is derived from the receptor."""
    assert yes("GABA-B agonist") == {"GABA", "baclofen", "phenibut", "sodium oxybate"}
    assert "degree=HighDegree liability=MisuseLiability" in said("sodium-oxybate", "hasLiability")
    assert said("phenibut", "hasLiability") == {
        "degree=ReportedDegree liability=MisuseLiability",
        "degree=ReportedDegree liability=PhysicalDependence",
        "degree=ReportedDegree liability=Tolerance",
    }
    assert "degree=HighDegree liability=MisuseLiability" not in said("baclofen", "hasLiability")
    assert [said(d, "legalStatusUS") for d in ("sodium-oxybate", "phenibut", "baclofen")] == [
        {"schedule=US-III"},
        {"schedule=US-None"},
        {"schedule=US-None"},
    ]


def test_trap_17_a_hedge_is_kept(graph: Graph) -> None:
    """The label says that baclofen may act at GABA-B; the databases say so flatly. Each source keeps its certainty."""
    schema = graph.schema
    (mechanism,) = schema.values(n.NS + "baclofen", n.HAS_MECHANISM)
    certainty = {
        schema.values(a, n.SOURCE)[0].removeprefix(n.SRC): [c.removeprefix(n.NS) for c in schema.values(a, n.CERTAINTY)]
        for a in schema.values(mechanism, n.ASSERTED_BY)
    }
    assert certainty == {"gtopdb": [], "drugcentral": [], "chembl": [], "fda-label-lioresal-intrathecal": ["probable"]}


# --- muscle relaxants -------------------------------------------------------------------------------------------------


def test_trap_18_many_mechanisms_relax_muscle(verdicts: Verdicts, yes: Members, said: Said) -> None:
    """Muscle relaxant is a role that drugs reach by different mechanisms at different sites."""
    assert yes("muscle relaxant") == {
        "baclofen",
        "botulinum toxin A",
        "carisoprodol",
        "chlorzoxazone",
        "cyclobenzaprine",
        "dantrolene",
        "diazepam",
        "metaxalone",
        "methocarbamol",
        "nabiximols",
        "orphenadrine",
        "rocuronium",
        "succinylcholine",
        "tizanidine",
    }
    assert said("tizanidine", "hasMechanism") == {f"Agonism target=Alpha2{kind}" for kind in "ABC"}
    assert "Antagonism target=RyR1" in said("dantrolene", "hasMechanism")
    assert said("botulinum-toxin-a", "hasMechanism") == {"ReleaseInhibition target=SNAP-25"}
    assert said("cyclobenzaprine", "hasStructure") == {"skeleton=TricyclicSkeleton"}
    assert "PositiveModulation target=GABA-A via=meprobamate" in said("carisoprodol", "hasMechanism")
    assert "PositiveModulation target=GABA-A" in said("diazepam", "hasMechanism")
    assert yes("alpha-2 agonist") == {"clonidine", "tizanidine", "dexmedetomidine", "guanfacine", "lofexidine"}
    assert yes("direct muscle relaxant") == {"dantrolene"}
    assert yes("presynaptic muscle relaxant") == {"botulinum toxin A"}
    all_are(verdicts, "central muscle relaxant", "baclofen, tizanidine, diazepam, carisoprodol", YES)
    all_are(verdicts, "central muscle relaxant", "dantrolene, botulinum toxin A, rocuronium, succinylcholine", NO)
    all_are(verdicts, "CNS depressant", "dantrolene, botulinum toxin A", NO)


def test_trap_19_blockers_of_the_end_plate_neither_sedate_nor_relieve_pain(verdicts: Verdicts, yes: Members, said: Said) -> None:
    """Rocuronium and succinylcholine paralyse a person who stays awake and in pain; the second is an agonist."""
    assert yes("neuromuscular blocker") == {"rocuronium", "succinylcholine"}
    assert said("rocuronium", "hasMechanism") == {"Antagonism target=MuscleNicotinic"}
    assert said("succinylcholine", "hasMechanism") == {"Agonism target=MuscleNicotinic"}
    assert yes("depolarising neuromuscular blocker") == {"succinylcholine"}
    for cls in ("CNS depressant", "respiratory depressant", "general anaesthetic", "analgesic", "opioid analgesic", "non-opioid analgesic"):
        all_are(verdicts, cls, "rocuronium, succinylcholine", NO)


def test_trap_20_antispastic_is_not_antispasmodic(verdicts: Verdicts, yes: Members, said: Said) -> None:
    """Papaverine relaxes smooth muscle: an antispasmodic by tag, no antispastic and no relaxant of skeletal muscle."""
    assert yes("antispastic") == {"baclofen", "botulinum toxin A", "dantrolene", "diazepam", "nabiximols", "tizanidine"}
    assert any("antispasmodic" in tag for tag in said("papaverine", "hasTag"))
    assert [verdicts("papaverine", c) for c in ("antispastic", "muscle relaxant")] == [NO, NO]
    relaxants = "carisoprodol, cyclobenzaprine, methocarbamol, metaxalone, chlorzoxazone, orphenadrine"
    all_are(verdicts, "muscle relaxant", relaxants, YES)
    all_are(verdicts, "antispastic", relaxants, NO)


# --- effects, uses, time, law -----------------------------------------------------------------------------------------


def test_trap_21_depressant_is_derived_and_never_a_tag(verdicts: Verdicts, said: Said, graph: Graph) -> None:
    """ChEBI tags naloxone as a depressant and baclofen too: what is derived parts them, and no tag moves a verdict."""
    assert "sourceSaysIsA=CNSDepressant tag=CHEBI:35488 central nervous system depressant" in said("naloxone", "hasTag")
    all_are(verdicts, "CNS depressant", "naloxone, naltrexone, loperamide, fexofenadine, ibuprofen", NO)
    all_are(verdicts, "CNS depressant", "baclofen, morphine, diazepam, clonidine, diphenhydramine, zolpidem, propofol", YES)
    without = pharmakon.ask("baclofen", "CNS depressant", without=["chebi"], graph=graph)
    assert [a.verdict for a in without.answers] == YES
    refuted = {(row.drug.label, row.cls.label) for row in pharmakon.drift(graph=graph).rows if row.outcome == "they say, we refute"}
    assert ("naloxone", "CNS depressant") in refuted


def test_trap_22_baclofen_too_can_depress_breathing(verdicts: Verdicts, said: Said, graph: Graph) -> None:
    """The article names it for opiates only: baclofen does so in overdose, with others, when the kidney fails."""
    assert any("effect=RespiratoryDepression" in s and "InOverdose" in s for s in said("baclofen", "hasAdverseEffect"))
    assert verdicts("baclofen", "respiratory depressant") == YES
    found = {i.rule.label: i for i in pharmakon.interactions("baclofen", "morphine", graph=graph).found}
    breathing = found["additive depression of breathing"]
    assert breathing.seriousness == "life-threatening"
    assert ("renal impairment", "baclofen") in {(m.circumstance, m.drug.label) for m in breathing.modifiers}


def test_trap_23_dependence_without_addiction(said: Said) -> None:
    """Baclofen: low or no misuse in some sources, physical dependence all the same; the box is on the intrathecal form only."""
    liabilities = said("baclofen", "hasLiability")
    assert {s for s in liabilities if "PhysicalDependence" in s} == {"degree=ReportedDegree liability=PhysicalDependence"}
    assert {s for s in liabilities if "MisuseLiability" in s} == {
        "degree=LowDegree liability=MisuseLiability",
        "degree=DeniedDegree liability=MisuseLiability",
        "degree=ReportedDegree liability=MisuseLiability",
    }
    assert {s for s in said("baclofen", "hasWarning") if "WarnsAbruptStop" in s} == {
        "boxed=true jurisdiction=US route=Intrathecal topic=WarnsAbruptStop",
        "boxed=false jurisdiction=US route=Oral topic=WarnsAbruptStop",
    }
    assert "degree=HighDegree liability=MisuseLiability" in said("morphine", "hasLiability")


CNS = "additive depression of the central nervous system"
BREATHING = "additive depression of breathing"
WITHDRAWAL = "precipitated opioid withdrawal"
AT_MU = "opposition at a receptor: mu opioid receptor"


def fired(graph: Graph, *drugs: str) -> dict[str, str]:
    """Return the rules that fire, with how each is known."""
    return {i.rule.label: i.known for i in pharmakon.interactions(*drugs, graph=graph).found}


def refused(graph: Graph, *drugs: str) -> dict[str, str]:
    """Return the rules that are refused or open, with which of the two."""
    return {r.rule.label: r.verdict for r in pharmakon.interactions(*drugs, graph=graph).refused}


def test_trap_24_boxed_for_the_class_and_derived_for_the_pair(graph: Graph) -> None:
    """Opioids with depressants are boxed as a class; the US box does not name baclofen, other countries' labels name opioids."""
    for benzodiazepine in ("diazepam", "alprazolam", "temazepam"):
        assert fired(graph, "morphine", benzodiazepine)[CNS] == "boxed warning"
    (found,) = (i for i in pharmakon.interactions("baclofen", "morphine", graph=graph).found if i.rule.label == CNS)
    warned = {w.claim for w in found.warnings}
    assert "baclofen carries a warning of use with opioids (oral, Hong Kong)" in warned
    assert "baclofen carries a warning of use with opioids (oral, Switzerland)" in warned
    assert not any("opioids" in w and "United States" in w for w in warned if w.startswith("baclofen"))
    assert any(w.startswith("morphine") and "depressants" in w and w.endswith("(United States, boxed)") for w in warned)
    for gabapentinoid in ("gabapentin", "pregabalin"):
        assert fired(graph, gabapentinoid, "baclofen")[CNS] == "warning"


def test_trap_25_other_painkillers_are_refused(graph: Graph, verdicts: Verdicts) -> None:
    """The article adds "and other painkillers": the rule refuses those that do not depress, and says because of what."""
    for drug in ("ibuprofen", "naproxen", "diclofenac", "aspirin", "celecoxib", "paracetamol"):
        assert verdicts(drug, "analgesic") == YES
        assert CNS not in fired(graph, "baclofen", drug)
        (refusal,) = (r for r in pharmakon.interactions("baclofen", drug, graph=graph).refused if r.rule.label == CNS)
        (because,) = refusal.because.children
        assert (refusal.verdict, because.claim, because.verdict) == ("no", f"{drug} is a CNS depressant", "no")
        assert {leaf.kind for leaf in because.leaves()} == {"statement", "claim"}
    assert fired(graph, "baclofen", "gabapentin")[CNS] == "warning"


def test_trap_26_opposition_is_not_addition(graph: Graph) -> None:
    """An antagonist undoes morphine; an antagonist or a partial agonist can bring withdrawal on; none of them adds to it."""
    for drug in ("naloxone", "naltrexone"):
        assert set(fired(graph, drug, "morphine")) >= {AT_MU, WITHDRAWAL}
        assert refused(graph, drug, "morphine")[CNS] == "no"
        assert refused(graph, drug, "morphine")[BREATHING] == "no"
        assert refused(graph, drug, "ethanol")[CNS] == "no"
    assert WITHDRAWAL in fired(graph, "buprenorphine", "morphine")
    assert not {CNS, BREATHING} & set(fired(graph, "buprenorphine", "morphine"))
    assert refused(graph, "buprenorphine", "morphine")[CNS] == "superseded"
    assert {CNS, BREATHING} <= set(fired(graph, "buprenorphine", "diazepam"))
    assert {CNS, BREATHING} <= set(fired(graph, "morphine", "codeine"))


def test_trap_27_baclofen_leaves_by_the_kidney(said: Said) -> None:
    """About 70 to 85 % leaves unchanged by the kidney, so that renal failure is itself a danger."""
    assert said("baclofen", "hasElimination") == {
        "pathway=Renal percentHigh=80 percentLow=70",
        "pathway=Renal percentHigh=69 percentLow=69",
        "pathway=Hepatic percentHigh=15 percentLow=15",
    }
    assert "circumstance=InUse effect=Encephalopathy route=Oral" in said("baclofen", "hasAdverseEffect")


def test_trap_28_indication_by_route_and_jurisdiction(said: Said, graph: Graph) -> None:
    """Oral baclofen for cerebral palsy: not established in the United States, approved in the United Kingdom and France.

    The article lists it flatly, with neither: its claim is audited, and stands as no use of its own.
    """
    uses = said("baclofen", "hasIndication")
    assert {u for u in uses if "CerebralPalsy" in u} == {
        "condition=CerebralPalsySpasticity jurisdiction=US route=Oral status=NotEstablished",
        "condition=CerebralPalsySpasticity jurisdiction=US route=Intrathecal status=Approved",
        "condition=CerebralPalsySpasticity jurisdiction=UK route=Oral status=Approved",
        "condition=CerebralPalsySpasticity jurisdiction=France route=Oral status=Approved",
    }
    (claim,) = (c for c in pharmakon.audit(graph=graph).claims if c.proof.about == ":claim-baclofen-44")
    assert claim.verdict == "refined"
    assert {u for u in uses if "Stroke" in u or "Parkinson" in u} == {
        "condition=StrokeSpasticity jurisdiction=US route=Oral status=NotEstablished",
        "condition=StrokeSpasticity jurisdiction=UK route=Oral status=Approved",
        "condition=ParkinsonDisease jurisdiction=US route=Oral status=NotEstablished",
    }


def test_trap_29_onset_by_route(said: Said) -> None:
    """Intrathecal: half an hour to one after a bolus, peak at four, six to eight by infusion; by mouth hours to days."""
    times = said("baclofen", "hasOnset")
    assert {t for t in times if "OnsetPhase" in t or "PeakPhase" in t} == {
        "hoursHigh=1 hoursLow=0.5 phase=OnsetPhase route=Intrathecal",
        "hoursHigh=4 hoursLow=4 phase=PeakPhase route=Intrathecal",
        "hoursHigh=8 hoursLow=6 phase=OnsetPhase route=Intrathecal",
        "hoursHigh=72 hoursLow=1 phase=OnsetPhase route=Oral",
    }


def test_trap_30_jurisdiction_and_date(said: Said) -> None:
    """Alcohol dependence: off-label in the United States; in France authorised in October 2018 and suspended for a time in 2020."""
    assert {u for u in said("baclofen", "hasIndication") if "AlcoholDependence" in u} == {
        "condition=AlcoholDependence jurisdiction=US route=Oral status=OffLabel",
        "condition=AlcoholDependence jurisdiction=France route=Oral status=Approved validFrom=2018-10-22",
        "condition=AlcoholDependence jurisdiction=France route=Oral status=Suspended validFrom=2020-06-17 validUntil=2020-11-25",
    }


def test_trap_31_easing_the_pain_of_spasm_is_no_analgesia(verdicts: Verdicts, said: Said) -> None:
    """Baclofen, tizanidine, dantrolene and carisoprodol are no analgesics, though less spasm hurts less."""
    relaxants = "baclofen, tizanidine, dantrolene, diazepam, carisoprodol, methocarbamol, metaxalone"
    all_are(verdicts, "muscle relaxant", relaxants, YES)
    all_are(verdicts, "analgesic", relaxants, NO)
    all_are(verdicts, "non-opioid analgesic", relaxants, NO)
    assert "condition=TrigeminalNeuralgia status=OffLabel" in said("baclofen", "hasIndication")
    all_are(verdicts, "analgesic", "morphine, ibuprofen, paracetamol, ziconotide", YES)


def test_trap_32_can_cause_with_a_frequency(said: Said, graph: Graph) -> None:
    """An adverse effect is what a drug can cause, with how often and when; no property says that it does."""
    assert {e for e in said("baclofen", "hasAdverseEffect") if "effect=Drowsiness" in e} == {
        "circumstance=InUse effect=Drowsiness frequency=VeryCommon percentHigh=63 percentLow=10 route=Oral",
        "circumstance=InUse effect=Drowsiness frequency=Common route=Intrathecal",
        "circumstance=InOverdose effect=Drowsiness route=Oral",
        "circumstance=InUse effect=Drowsiness frequency=Common",
    }
    assert {e for e in said("baclofen", "hasAdverseEffect") if "effect=RespiratoryDepression" in e} == {
        "circumstance=InOverdose effect=RespiratoryDepression route=Oral",
        "circumstance=InUse effect=RespiratoryDepression frequency=Common route=Oral",
    }
    schema = graph.schema
    links = {schema.label(p) for p in schema.subjects(n.RANGE, n.NS + "Effect")}
    assert {label for label in links if "cause" in label} == {"can cause", "can cause when stopped"}


def test_trap_33_what_an_opiate_immunoassay_sees(verdicts: Verdicts, said: Said) -> None:
    """It answers to morphine-like structure: it misses fentanyl and methadone, and is unreliable for oxycodone."""
    all_are(verdicts, "opiate (assay)", "morphine, codeine, heroin, hydrocodone, hydromorphone, dihydrocodeine", YES)
    all_are(verdicts, "opiate (assay)", "fentanyl, methadone, oxycodone, oxymorphone, buprenorphine, tramadol, tapentadol, pethidine", NO)
    for drug in ("fentanyl", "methadone", "oxycodone"):
        assert said(drug, "opiateAssay") == {"response=NotReactive"}


def test_trap_34_schedules_are_law(verdicts: Verdicts, graph: Graph) -> None:
    """A schedule belongs to a jurisdiction, and no verdict of pharmacology changes when all law is left out."""

    def by_law(drug: str) -> dict[str, str]:
        return {a.sense.label.rpartition(" ")[2]: a.verdict for a in pharmakon.ask(drug, "controlled substance", graph=graph).answers}

    assert by_law("morphine") == {"States": "yes", "Kingdom": "yes", "law": "yes"}
    assert by_law("gabapentin") == {"States": "no", "Kingdom": "yes", "law": "unknown"}
    assert by_law("baclofen") == {"States": "no", "Kingdom": "no", "law": "unknown"}
    assert by_law("thebaine") == {"States": "yes", "Kingdom": "unknown", "law": "yes"}
    schema = graph.schema
    legal = [p for p in schema.statement_properties if "legalStatus" in p]
    laws = {v for d in schema.drugs() for p in legal for v in schema.values(d, p)}
    assert len(laws) > 80
    lawless = Evaluator(schema, View(graph.store, hidden=laws))
    for cls in schema.drug_classes:
        asked = {d: lawless.verdict(n.NS + d, Named(cls)) for d in ("morphine", "heroin", "gabapentin", "baclofen", "ketamine")}
        lawful = {d: graph.evaluator().verdict(n.NS + d, Named(cls)) for d in asked}
        assert asked == (dict.fromkeys(asked, "unknown") if "ControlledSubstance" in cls else lawful), cls
    assert "narcotic" not in {schema.label(c) for c in schema.drug_classes}


PARENTS = {
    "baclofen": 2972,
    "morphine": 17303,
    "codeine": 16714,
    "heroin": 27808,
    "oxycodone": 7852,
    "naloxone": 7459,
    "naltrexone": 7465,
    "buprenorphine": 3216,
    "loperamide": 6532,
    "tramadol": 9648,
    "tapentadol": 135935,
    "thebaine": 9519,
    "papaverine": 28241,
    "phenibut": 136039,
}


def test_trap_35_parent_substances(graph: Graph) -> None:
    """Each drug is pinned to its parent substance, once in each vocabulary: baclofen is the racemate, whatever salt a row hangs on."""
    for drug, chebi in PARENTS.items():
        assert f"CHEBI:{chebi}" in pharmakon.show(drug, graph=graph).ids, drug
    ids = pharmakon.show("baclofen", graph=graph).ids
    assert sorted(ids) == [
        "CHEBI:2972",
        "chembl.compound:CHEMBL701",
        "drugcentral:282",
        "iuphar.ligand:1084",
        "rxnorm:1292",
        "unii:H789N3FKE8",
    ]
    for drug in graph.schema.drugs():
        kinds = [i.partition(":")[0] for i in (n.short(m) for m in graph.schema.values(drug, n.EXACT_MATCH))]
        assert len(kinds) == len(set(kinds)), drug
    for name, parent in {"Lioresal": "baclofen", "diamorphine": "heroin", "meperidine": "pethidine", "GHB": "sodium oxybate"}.items():
        assert pharmakon.show(name, graph=graph).subject.label == parent


# --- what is honestly not known -----------------------------------------------------------------------------------------

NOT_KNOWN = [
    ("thebaine", "opioid", "mechanism"),
    ("thebaine", "opiate (strict)", "mechanism"),
    ("thebaine", "opiate (assay)", "immunoassay"),
    ("naloxone", "opiate (assay)", "immunoassay"),
    ("phenibut", "gabapentinoid", "mechanism"),
    ("phenibut", "opioid", "mechanism"),
    ("ethanol", "GABA-B agonist", "mechanism"),
    ("methocarbamol", "central muscle relaxant", "mechanism"),
    ("cyclobenzaprine", "central muscle relaxant", "mechanism"),
    ("chlorzoxazone", "CNS depressant", "mechanism"),
    ("metaxalone", "CNS depressant", "mechanism"),
    ("fentanyl", "partial opioid agonist", "activates"),
    ("meprobamate", "benzodiazepine-site ligand", "binding site"),
    ("tianeptine", "mixed agonist-antagonist", "mechanism"),
    ("baclofen", "controlled substance under international law", "international law"),
    ("mitragynine", "controlled substance in the United Kingdom", "United Kingdom"),
    ("beta-endorphin", "controlled substance in the United States", "United States"),
    ("paracetamol", "cyclooxygenase 1 inhibitor", "disputed"),
    ("haloperidol", "CNS depressant", "mechanism"),
    ("carbamazepine", "CNS depressant", "mechanism"),
    ("ibuprofen", "CYP2D6 inhibitor", "CYP2D6"),
    ("ibuprofen", "QT-prolonging drug", "QT"),
]


@pytest.mark.parametrize(("drug", "cls", "settled_by"), NOT_KNOWN)
def test_not_known_says_what_would_settle_it(drug: str, cls: str, settled_by: str, graph: Graph) -> None:
    (answer,) = pharmakon.ask(drug, cls, graph=graph).answers
    assert (answer.verdict, answer.reasons) == ("unknown", ())
    assert any(settled_by in point for point in answer.open), answer.open
    assert all(drug in point for point in answer.open), answer.open
