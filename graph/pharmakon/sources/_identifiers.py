"""Ids of substances: which database a word names, and how an id of that database is written."""

from __future__ import annotations

import re

_FORMS = {
    "cas": re.compile(r"\d{2,7}-\d\d-\d"),
    "CHEBI": re.compile(r"\d+"),
    "chembl.compound": re.compile(r"CHEMBL\d+"),
    "clinpgx": re.compile(r"PA\d+"),
    "drugbank": re.compile(r"DB\d{5}"),
    "drugcentral": re.compile(r"\d+"),
    "inchikey": re.compile(r"[A-Z]{14}-[A-Z]{10}-[A-Z]"),
    "iuphar.ligand": re.compile(r"\d+"),
    "mesh": re.compile(r"[CD]\d{6,9}"),
    "pubchem.compound": re.compile(r"\d+"),
    "rxnorm": re.compile(r"\d+"),
    "unii": re.compile(r"[0-9A-Z]{10}"),
}

_WORDS = {
    "cas": "cas",
    "casnumber": "cas",
    "casregistrynumber": "cas",
    "casrn": "cas",
    "chebi": "CHEBI",
    "chembl": "chembl.compound",
    "chemblcompound": "chembl.compound",
    "clinpgx": "clinpgx",
    "drugbank": "drugbank",
    "drugcentral": "drugcentral",
    "inchikey": "inchikey",
    "iuphar": "iuphar.ligand",
    "iupharligand": "iuphar.ligand",
    "mesh": "mesh",
    "pharmgkb": "clinpgx",
    "pubchemcid": "pubchem.compound",
    "pubchemcompound": "pubchem.compound",
    "rxcui": "rxnorm",
    "rxnorm": "rxnorm",
    "standardinchikey": "inchikey",
    "unii": "unii",
}


def database(word: str) -> str | None:
    """Return the prefix of the database that a word names, whatever its capitals; None for another word.

    >>> database("ChEBI"), database("DrugBank ID"), database("pubchem_cid"), database("name")
    ('CHEBI', 'drugbank', 'pubchem.compound', None)
    """
    letters = re.sub("[^a-z]", "", word.lower())
    return _WORDS.get(letters) or _WORDS.get(re.sub("(id|ids|identifier|identifiers)$", "", letters))


def identifier(prefix: str, text: str) -> str | None:
    """Return an id as a compact IRI; None where the text is no id of that database.

    >>> identifier("CHEBI", "CHEBI:2972"), identifier("CHEBI", "2972"), identifier("drugbank", "2972")
    ('CHEBI:2972', 'CHEBI:2972', None)
    """
    before, colon, after = text.strip().partition(":")
    local = (after if colon and database(before) == prefix else text).strip().upper()
    return f"{prefix}:{local}" if _FORMS[prefix].fullmatch(local) else None


def identifiers(prefix: str, *texts: str) -> tuple[str, ...]:
    """Return those of some texts that are ids of a database, as compact IRIs, each once."""
    return tuple(dict.fromkeys(found for text in texts if (found := identifier(prefix, text))))
