"""What every source is read into: a few kinds of records, whatever its files look like.

A *key* is a source's own id as a compact IRI, such as ``iuphar.ligand:1084``. Ids of other databases are compact IRIs too, in the
prefixes of :data:`IDENTIFIERS`. Texts are plain: no markup, no entities.
"""

from __future__ import annotations

from dataclasses import dataclass

IDENTIFIERS = {
    "unii": "https://bioregistry.io/unii:",
    "inchikey": "https://bioregistry.io/inchikey:",
    "CHEBI": "http://purl.obolibrary.org/obo/CHEBI_",
    "cas": "https://bioregistry.io/cas:",
    "chembl.compound": "https://bioregistry.io/chembl.compound:",
    "iuphar.ligand": "https://bioregistry.io/iuphar.ligand:",
    "drugcentral": "https://bioregistry.io/drugcentral:",
    "drugbank": "https://bioregistry.io/drugbank:",
    "mesh": "https://bioregistry.io/mesh:",
    "pubchem.compound": "https://bioregistry.io/pubchem.compound:",
    "rxnorm": "https://bioregistry.io/rxnorm:",
    "clinpgx": "https://bioregistry.io/pharmgkb.drug:",
    "ndc": "https://w3id.org/pharmakon/ndc/",
    "drugmechdb": "https://w3id.org/pharmakon/drugmechdb/",
}
"""The prefixes of the ids of substances, with what each stands for."""


@dataclass(frozen=True, slots=True)
class Substance:
    """A substance that a source knows.

    Attributes:
        key: the source's own id, in the prefix of the source.
        name: what the source calls it.
        synonyms: its other names in the source.
        ids: its ids in other databases, as the source gives them.
        drug: whether to be in this source makes it a drug here; otherwise the source adds names and ids to drugs of other sources.
    """

    key: str
    name: str
    synonyms: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    drug: bool = False


@dataclass(frozen=True, slots=True)
class Family:
    """A family of targets, or a type of families.

    Attributes:
        key: ``iuphar.family:1``, or ``iuphar.type:gpcr``.
        name: what the source calls it, in the plural where the source does.
        within: keys of the families that it is part of.
    """

    key: str
    name: str
    within: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """A protein, a complex, or another thing that drugs act at.

    Attributes:
        key: ``iuphar.receptor:242``, ``uniprot:P35498`` (several joined by ``|``, sorted), ``chembl.target:CHEMBL2326``.
        name: what the source calls it.
        within: keys of its families, where the source has families.
        accessions: UniProt accessions of the protein or of the parts of the complex, sorted.
        organism: the organism, where it is not human; empty for human or unsaid.
        synonyms: its other names in the source.
    """

    key: str
    name: str
    within: tuple[str, ...] = ()
    accessions: tuple[str, ...] = ()
    organism: str = ""
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """A row that says what a substance does at a target.

    Attributes:
        substance: key of the substance.
        target: key of the target.
        words: the source's own words for the action, those that count most first; none where it says none.
        mechanism: whether the source calls it a mechanism of action; a measured activity otherwise.
        place: where the row stands in the source, such that it can be found again.
        measure: what was measured, as in ``pKi 6.5``; empty where nothing was.
        papers: PubMed ids.
    """

    substance: str
    target: str
    words: tuple[str, ...]
    mechanism: bool
    place: str
    measure: str = ""
    papers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tagged:
    """A row that puts a substance into one of the source's own classes: a role, a pharmacologic class.

    Attributes:
        substance: key of the substance.
        tag: the source's id or name of the class.
        name: the class in words, where the tag is an id.
        place: where the row stands.
    """

    substance: str
    tag: str
    name: str
    place: str


@dataclass(frozen=True, slots=True)
class Use:
    """A row that names a condition that a substance is used in.

    Attributes:
        substance: key of the substance.
        condition: an id of the condition, as a compact IRI (``mesh:D006973``, ``MONDO:0005044``).
        name: the condition in words.
        place: where the row stands.
    """

    substance: str
    condition: str
    name: str
    place: str


@dataclass(frozen=True, slots=True)
class Same:
    """A row of a mapping table: two ids of one substance.

    Attributes:
        one: an id.
        other: the id of the same substance in another database.
    """

    one: str
    other: str


@dataclass(frozen=True, slots=True)
class Line:
    """A triple of a file that is kept as itself (OBO, RDF), as a line of N-Triples without its full stop."""

    text: str


Record = Substance | Family | Target | Action | Tagged | Use | Same | Line
