"""ChEBI, from its ontology in OBO or OWL (RDF/XML): terms with names and ids, and the roles that it states of each.

A role is stated of a term, and holds of the terms below it too; only what is stated is yielded. All terms are yielded, roles among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from ..errors import BadInput
from ._identifiers import database, identifier
from ._names import distinct
from ._opening import opening
from .obo import data_version, identity, plain, quoted, reference, stanzas
from .records import Record, Substance, Tagged
from .shape import File, Report, Source, lines

_HAS_ROLE = frozenset({"has_role", "RO:0000087", "RO_0000087"})
_CITED = frozenset({"cas", "drugbank", "drugcentral"})
_NO_NAME = re.compile(r"\b(?:FORMULA|InChI|InChIKey|SMILES)\b")
_INCHIKEY = re.compile(r"(?:inchikey|inchi_key_string)$")
_RDF, _RDFS, _OWL = (
    "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}",
    "{http://www.w3.org/2000/01/rdf-schema#}",
    "{http://www.w3.org/2002/07/owl#}",
)
_OIO = "{http://www.geneontology.org/formats/oboInOwl#}"
_BATCH = 2000


@dataclass(slots=True)
class _Term:
    key: str
    line: int
    name: str = ""
    synonyms: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    obsolete: bool = False

    def cite(self, text: str) -> None:
        """Take a reference to another database for an id, if it is one of a substance."""
        prefix = database(text.partition(":")[0])
        if prefix in _CITED and (found := identifier(prefix, text.split()[0])):
            self.ids.append(found)

    def structure(self, text: str) -> None:
        """Take an InChIKey for an id."""
        if found := identifier("inchikey", text.removeprefix("InChIKey=")):
            self.ids.append(found)


def _read(files: Mapping[str, Path], report: Report) -> Iterator[Record]:
    path = files["ontology"]
    names: dict[str, str] = {}
    roles: list[tuple[str, str, int]] = []
    for term in (_from_owl if opening(path, 1 << 10).lstrip().startswith("<") else _from_obo)(path, report):
        report.read += 1
        if term.obsolete:
            report.skip("an obsolete term", f"{path.name}:{term.line}" if term.line else term.key)
        elif not term.name:
            report.skip("a term without a name", f"{path.name}:{term.line}" if term.line else term.key)
        else:
            names[term.key] = term.name
            roles.extend((term.key, role, term.line) for role in term.roles)
            yield Substance(term.key, term.name, distinct(term.synonyms, term.name), tuple(dict.fromkeys(term.ids)))
    for key, role, line in roles:
        if role in names:
            yield Tagged(key, role, names[role], key)
        else:
            report.skip("a role that is no term of the file", f"{path.name}:{line}" if line else key)


def _from_obo(path: Path, report: Report) -> Iterator[_Term]:
    for stanza in stanzas(path, report):
        if stanza.kind != "Term":
            continue
        term = _Term(identity(path, stanza), stanza.line, obsolete=stanza.is_obsolete())
        for number, tag, value in stanza.clauses:
            if tag == "name":
                term.name = plain(value)
            elif tag == "relationship":
                if reference(path, number, tag, value) in _HAS_ROLE:
                    term.roles.append(reference(path, number, tag, value, 1))
            elif tag == "synonym":
                text, kind = quoted(path, number, tag, value)
                if "InChIKey" in kind:
                    term.structure(text)
                elif not _NO_NAME.search(kind):
                    term.synonyms.append(text)
            elif tag == "xref":
                term.cite(value)
            elif tag == "property_value":
                relation, _, text = value.partition(" ")
                if _INCHIKEY.search(relation):
                    term.structure(text.split()[0].strip('"') if text.strip() else "")
        yield term


def _from_owl(path: Path, report: Report) -> Iterator[_Term]:
    """Yield the terms of the OWL file; each element is let go of as soon as it was read."""
    parser: XMLPullParser[Element] = XMLPullParser(("start", "end"))
    text = lines(path, report)
    root: Element | None = None
    depth = 0
    try:
        while batch := "".join(islice(text, _BATCH)):
            parser.feed(batch)
            for event, element in cast(Iterator[tuple[str, Element]], parser.read_events()):
                depth += 1 if event == "start" else -1
                if root is None:
                    root = element
                elif event == "end" and depth == 1:
                    if element.tag == _OWL + "Class" and (key := _term_of(element.get(_RDF + "about", ""))):
                        yield _from_class(key, element)
                    root.clear()
        parser.close()
    except ParseError as error:
        raise BadInput(f"{path}:{error.position[0]}: not RDF/XML: {error}") from None


def _from_class(key: str, element: Element) -> _Term:
    term = _Term(key, 0, element.findtext(_RDFS + "label", "").strip())
    term.obsolete = element.findtext(_OWL + "deprecated", "").strip() == "true"
    for child in element:
        text = (child.text or "").strip()
        if child.tag in (_OIO + "hasExactSynonym", _OIO + "hasRelatedSynonym"):
            term.synonyms.append(text)
        elif child.tag == _OIO + "hasDbXref" and text:
            term.cite(text)
        elif _INCHIKEY.search(child.tag):
            term.structure(text)
        elif child.tag == _RDFS + "subClassOf":
            term.roles.extend(_roles_in(child))
    return term


def _roles_in(parent: Element) -> Iterator[str]:
    for restriction in parent.iter(_OWL + "Restriction"):
        ends = [
            re.split("[/#]", end.get(_RDF + "resource", ""))[-1]
            for end in chain(restriction.iter(_OWL + "onProperty"), restriction.iter(_OWL + "someValuesFrom"))
        ]
        if len(ends) == 2 and ends[0] in _HAS_ROLE and (role := _term_of(ends[1])):
            yield role


def _term_of(iri: str) -> str:
    """Return the term that an IRI stands for, as a compact IRI; empty where it stands for another thing."""
    match = re.search(r"(?:^|/)CHEBI_(\d+)$", iri)
    return f"CHEBI:{match[1]}" if match else ""


def _recognise(path: Path) -> str | None:
    begins = opening(path)
    named = re.search(r"^ontology: *(\S+)|^id: *(CHEBI):\d", begins, re.MULTILINE)  # the header says it, or else the first term
    obo = begins.startswith("format-version:") and named and (named[1] or named[2]).lower().startswith("chebi")
    owl = begins.lstrip().startswith("<") and re.search(r'owl:Ontology [^>]*rdf:about="[^"]*/chebi(?:_\w+)?\.owl"', begins)
    return "ontology" if obo or owl else None


def _release(files: Mapping[str, Path]) -> str:
    match = re.search(r'versionIRI\s+rdf:resource="([^"]+)"', opening(files["ontology"]))
    return match[1] if match else data_version(files)


SOURCE = Source(
    name="chebi",
    title="ChEBI",
    licence="https://creativecommons.org/licenses/by/4.0/",
    home="https://www.ebi.ac.uk/chebi/",
    files=(File("ontology", "https://ftp.ebi.ac.uk/pub/databases/chebi/ontology/chebi.obo.gz", ("format-version:", "CHEBI:")),),
    recognise=_recognise,
    read=_read,
    release=_release,
)
"""ChEBI."""
