"""Writing the targets, families and classes that imported sources bring with them."""

from __future__ import annotations

from collections.abc import Iterable

from .. import names as n
from ..facts import Schema
from ..nquads import Lines, iri, text
from ..spelling import normal
from .targeting import Targets

LONGEST = 40
"""The longest synonym of a target that classes are looked up by."""


def places(lines: Lines, targets: Targets, graph: str) -> None:
    """Write the families and targets that the ontology does not have."""
    put = lines.put
    for family, label, over in targets.added_families:
        put(iri(family), f"<{n.TYPE}>", f"<{n.OWL_CLASS}>", graph)
        put(iri(family), f"<{n.LABEL}>", text(label, "en"), graph)
        for c in over:
            put(iri(family), f"<{n.SUBCLASS}>", iri(c), graph)
    for target, types in targets.more_types.items():
        for kind in types:
            put(iri(target), f"<{n.TYPE}>", iri(kind), graph)
    for t in targets.added:
        put(iri(t.iri), f"<{n.LABEL}>", text(t.label, "en"), graph)
        put(iri(t.iri), f"<{n.EXACT_MATCH}>", iri(t.matches), graph)
        for kind in t.types:
            put(iri(t.iri), f"<{n.TYPE}>", iri(kind), graph)
        for name in t.synonyms:
            put(iri(t.iri), f"<{n.ALT_LABEL}>", text(name, "en"), graph)
        for protein in t.accessions:
            put(iri(t.iri), f"<{n.UNIPROT}>", text(protein), graph)
        for name in (t.label, *t.synonyms):
            lines.key(iri(t.iri), normal(name))


def classes(lines: Lines, schema: Schema, targets: Targets, inhabited: Iterable[tuple[str, str]], graph: str) -> None:
    """Write a class for each action at each added target, and at each family that it is in, at which some drug acts so."""
    here = {t.iri: (t.label, t.types) for t in targets.added}
    families = {family: label for family, label, _ in targets.added_families}
    wanted: dict[tuple[str, str], str] = {}
    for kind, target in inhabited:
        label, types = here.get(target) or (schema.label(target), targets.more_types.get(target, ()))
        for action in schema.ancestors(kind):
            if not schema.literals(action, n.AGENT_NOUN):
                continue
            if target in here:
                wanted[action, target] = label
            for family in types:
                if family in families:
                    wanted[action, family] = families[family]
    put = lines.put
    for (action, thing), label in sorted(wanted.items()):
        noun = schema.literals(action, n.AGENT_NOUN)[0]
        name = iri(f"{thing}-{action.removeprefix(n.NS)}")
        put(name, f"<{n.TYPE}>", f"<{n.OWL_CLASS}>", graph)
        put(name, f"<{n.LABEL}>", text(f"{label} {noun}", "en"), graph)
        put(name, f"<{n.FROM_PATTERN}>", f"<{n.NS}ActionAtTarget>", graph)
        put(name, f"<{n.OF_TARGET}>", iri(thing), graph)
        put(name, f"<{n.OF_ACTION}>", iri(action), graph)
        shown = {label, label.replace(" receptor", ""), *(s for s in targets.other_names.get(thing, ()) if len(s) <= LONGEST)}
        for key in sorted({normal(f"{words} {noun}") for words in shown}):
            lines.key(name, key)
    for thing, names in targets.other_names.items():
        if thing not in here:
            for made in schema.subjects(n.OF_TARGET, thing):
                for action in schema.values(made, n.OF_ACTION):
                    noun = schema.literals(action, n.AGENT_NOUN)[0]
                    for key in sorted({normal(f"{name} {noun}") for name in names if len(name) <= LONGEST}):
                        lines.key(iri(made), key)
