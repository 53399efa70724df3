"""The IRIs that the code names. Everything else is read from the ontology."""

from __future__ import annotations

from functools import cache

NS = "https://w3id.org/pharmakon/"
SRC = NS + "source/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCT = "http://purl.org/dc/terms/"
XSD = "http://www.w3.org/2001/XMLSchema#"

TYPE = RDF + "type"
FIRST, REST, NIL = RDF + "first", RDF + "rest", RDF + "nil"
LABEL, SUBCLASS, SUBPROPERTY = RDFS + "label", RDFS + "subClassOf", RDFS + "subPropertyOf"
RANGE, DOMAIN = RDFS + "range", RDFS + "domain"
DEFINITION, ALT_LABEL, EXACT_MATCH = SKOS + "definition", SKOS + "altLabel", SKOS + "exactMatch"
EQUIVALENT = OWL + "equivalentClass"
OWL_CLASS, OWL_FUNCTIONAL = OWL + "Class", OWL + "FunctionalProperty"
ALL_DISJOINT, MEMBERS = OWL + "AllDisjointClasses", OWL + "members"

DRUG, METABOLITE, PROPOSITION = NS + "Drug", NS + "Metabolite", NS + "Proposition"
ASSERTION, CLAIM = NS + "Assertion", NS + "CompletenessClaim"
FIRM, DISPUTED = NS + "Firm", NS + "disputed"
ABOUT, ON_PROPERTY, MEMBER = NS + "about", NS + "onProperty", NS + "member"
ASSERTED_BY, SOURCE, LOCATOR, CERTAINTY = NS + "assertion", NS + "source", NS + "locator", NS + "certainty"
NOTE, BASIS, PHRASE, VERB = NS + "note", NS + "basis", NS + "phrase", NS + "verb"
STATEMENT_PROPERTY, ABOUT_DRUG = NS + "statementProperty", NS + "drug"
HAS_MECHANISM, TARGET, VIA = NS + "hasMechanism", NS + "target", NS + "via"
DIRECT, METABOLITE_ACTION = NS + "DirectAction", NS + "MetaboliteAction"
TERM, SENSE_OF, BRAND = NS + "Term", NS + "senseOf", NS + "brand"
UNVERIFIED, UNVERIFIED_LINK = NS + "unverified", NS + "unverifiedStatement"

# What building writes, beside what authors write.
KEY = NS + "key"  # a thing's name, normalised for look-up
IN_SET = NS + "inDisjointSet"  # a class, and the axiom that sets it apart from its siblings
PATTERN, FROM_PATTERN, OF_ACTION, OF_TARGET = NS + "Pattern", NS + "fromPattern", NS + "ofAction", NS + "ofTarget"
AGENT_NOUN, TARGET_CLASS, UNNAMED_MEMBER = NS + "agentNoun", NS + "Target", NS + "UnnamedMember"
ANY_ACTION, ANY_TARGET, ANY_ENZYME = NS + "anyAction", NS + "anyTarget", NS + "anyEnzyme"
HAS_ELIMINATION, PERCENT_LOW, MAIN_ELIMINATION = NS + "hasElimination", NS + "percentLow", NS + "MainElimination"
HAS_METABOLISM, HAS_ENZYME_EFFECT, HAS_ADVERSE_EFFECT = NS + "hasMetabolism", NS + "hasEnzymeEffect", NS + "hasAdverseEffect"
ENZYME_CLASS, MARK = NS + "Enzyme", NS + "Mark"
INTERACTION_RULE, INTERACTION_PATTERN, RULE_OF = NS + "InteractionRule", NS + "InteractionPattern", NS + "ruleOf"
AXIS, COMPARED_BY, BRINGS_ABOUT = NS + "axis", NS + "comparedBy", NS + "bringsAbout"
FIRST_ROLE, SECOND_ROLE = NS + "firstRole", NS + "secondRole"

HAS_ACTIVITY, ACTIVITY, ACTIVITY_AT = NS + "hasActivity", NS + "Activity", NS + "activityAt"
HAS_NAMED_USE, NAMED_USE, USED_IN = NS + "hasNamedUse", NS + "NamedUse", NS + "usedIn"
HAS_TAG, TAG_CLASS, TAG, TAG_IS = NS + "hasTag", NS + "Tag", NS + "tag", NS + "sourceSaysIsA"
MECHANISM, MODULATION, UNQUALIFIED = NS + "Mechanism", NS + "Modulation", NS + "UnqualifiedMechanism"
UNIPROT, COVERS, MEASURED = NS + "uniprot", NS + "covers", NS + "measured"
NARROW_MATCH = SKOS + "narrowMatch"

IMPORTED_DRUG, IMPORTED_TARGET = NS + "d/", NS + "t/"
IMPORTED = (IMPORTED_DRUG, IMPORTED_TARGET)

GRAPH = NS + "graph/"
IDENTITY_GRAPH = GRAPH + "identity"
ONTOLOGY_GRAPH, DERIVED_GRAPH, UNVERIFIED_GRAPH = GRAPH + "ontology", GRAPH + "derived", GRAPH + "unverified"

PREFIXES = {
    "": NS,
    "src": SRC,
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "skos": SKOS,
    "dct": DCT,
    "xsd": XSD,
    "prov": "http://www.w3.org/ns/prov#",
    "CHEBI": "http://purl.obolibrary.org/obo/CHEBI_",
    "HP": "http://purl.obolibrary.org/obo/HP_",
    "MONDO": "http://purl.obolibrary.org/obo/MONDO_",
    "unii": "https://bioregistry.io/unii:",
    "rxnorm": "https://bioregistry.io/rxnorm:",
    "chembl.compound": "https://bioregistry.io/chembl.compound:",
    "drugcentral": "https://bioregistry.io/drugcentral:",
    "iuphar.ligand": "https://bioregistry.io/iuphar.ligand:",
    "iuphar.receptor": "https://bioregistry.io/iuphar.receptor:",
    "pharmakon": NS,
}


_LONGEST_FIRST = sorted((item for item in PREFIXES.items() if item[0] != "pharmakon"), key=lambda item: -len(item[1]))


@cache
def short(iri: str) -> str:
    """Write an IRI as a person would: ``:baclofen``, ``CHEBI:2972``, else in angle brackets.

    >>> short("https://w3id.org/pharmakon/baclofen"), short("http://purl.obolibrary.org/obo/CHEBI_2972")
    (':baclofen', 'CHEBI:2972')
    """
    for prefix, base in _LONGEST_FIRST:
        if iri.startswith(base):
            return f"{prefix}:{iri[len(base) :]}"
    return f"<{iri}>"


def expand(curie: str) -> str | None:
    """Read a compact IRI; None where the prefix is not known. Case of the prefix does not matter.

    >>> expand("chebi:2972")
    'http://purl.obolibrary.org/obo/CHEBI_2972'
    """
    if curie.startswith("<") and curie.endswith(">"):
        return curie[1:-1]
    if curie.startswith(("http://", "https://")):
        return curie
    prefix, colon, local = curie.partition(":")
    if not colon or not local or " " in curie:
        return None
    for known, base in PREFIXES.items():
        if known.lower() == prefix.lower():
            return base + local
    return None
