"""Which targets of different sources are one, and which families they are in.

A target of a source is a target of the ontology where its id says so, or where the proteins of the one are among the proteins of
the other (a subunit or a complex of it). The rest get a name of their own; those that may be the same as another, since they share
a protein with it or have none, are unnamed members: they prove membership and never that something is another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .. import names as n
from ..closure import reachable
from ..facts import Schema
from ..sources.records import Family, Target
from ..spelling import normal, singular

_RECEPTOR, _FAMILY, _TYPE = "iuphar.receptor:", "iuphar.family:", "iuphar.type:"
_BIOREGISTRY = "https://bioregistry.io/"
_MANY = 10_000
"""What has no protein is placed last: by then the names of all others are known."""


@dataclass(frozen=True)
class Placed:
    """A target that an import adds.

    Attributes:
        iri: its name here.
        label: what it is called.
        synonyms: what else it is called.
        types: the families that it is in, superclasses included.
        accessions: the proteins that it is made of.
        matches: the id of the same target in its source.
    """

    iri: str
    label: str
    synonyms: tuple[str, ...]
    types: tuple[str, ...]
    accessions: tuple[str, ...]
    matches: str


class Targets:
    """The targets of the ontology and of the sources together.

    Args:
        schema: the ontology.
        families: what the sources say of families.
        targets: what the sources say of targets; several records of one key are taken together.

    Attributes:
        iri: the IRI of each target key, and of each family key that is a class here.
        added: the targets that the ontology does not have.
        added_families: IRI, label and superclasses of each family that it does not have.
        more_types: the added families that targets of the ontology are in.
        proteins: the accessions of each target here.
        other_names: what Guide to PHARMACOLOGY calls a target.
    """

    def __init__(self, schema: Schema, families: Iterable[Family], targets: Iterable[Target]) -> None:
        self.schema = schema
        self.iri: dict[str, str] = {}
        self.added: list[Placed] = []
        self.added_families: list[tuple[str, str, tuple[str, ...]]] = []
        self.more_types: dict[str, tuple[str, ...]] = {}
        self.proteins: dict[str, frozenset[str]] = {}
        self.other_names: dict[str, list[str]] = {}
        self._names: dict[str, set[str]] = defaultdict(set)
        self._own: dict[str, str] = {}
        self._typed: dict[str, tuple[str, ...]] = {}
        self._holders: dict[str, set[str]] = defaultdict(set)
        self._covering: dict[str, list[str]] = defaultdict(list)
        self._read_ontology()
        self._place_families(sorted({f.key: f for f in families}.values(), key=lambda f: f.key))
        merged: dict[str, Target] = {}
        for t in targets:
            merged[t.key] = _together(merged[t.key], t) if t.key in merged else t
        self._learn({t.key: t.name for t in merged.values()})
        self._place(sorted(merged.values(), key=lambda t: (not t.key.startswith(_RECEPTOR), len(t.accessions) or _MANY, t.key)))

    def _read_ontology(self) -> None:
        schema = self.schema
        for family in reachable([n.TARGET_CLASS], lambda name: schema.subjects(n.SUBCLASS, name)):
            for covered in schema.values(family, n.COVERS):
                self._covering[covered.removeprefix(_BIOREGISTRY)].append(family)
            for target in schema.subjects(n.TYPE, family):
                for name in (schema.label(target), *schema.literals(target, n.ALT_LABEL)):
                    self._names[_plain(name)].add(target)
                self.proteins[target] = frozenset(schema.literals(target, n.UNIPROT))
                if n.UNNAMED_MEMBER not in schema.values(target, n.TYPE):
                    for prop in (n.EXACT_MATCH, n.NARROW_MATCH):
                        for match in schema.values(target, prop):
                            self._own[match.removeprefix(_BIOREGISTRY)] = target
                    for protein in self.proteins[target]:
                        self._holders[protein].add(target)

    def _learn(self, names: Mapping[str, str]) -> None:
        """Learn from the rows that the ontology cites: where all that cite a target of ChEMBL speak of one target, it is that one.

        Unless its name there is the wider one: "adenosine receptor" is not the adenosine A1 receptor, whoever cites it so.
        """
        schema = self.schema
        found: dict[str, set[str]] = defaultdict(set)
        for drug in schema.subjects(n.TYPE, n.DRUG):
            for statement in schema.values(drug, n.HAS_MECHANISM):
                for assertion in schema.values(statement, n.ASSERTED_BY):
                    if n.SRC + "chembl" in schema.values(assertion, n.SOURCE):
                        for place in schema.literals(assertion, n.LOCATOR):
                            found[f"chembl.target:{place.rpartition(', ')[2]}"].update(schema.values(statement, n.TARGET))
        for key, targets in found.items():
            if len(targets) == 1:
                (target,) = targets
                if not set(_plain(names.get(key, "")).split()) < set(_plain(schema.label(target)).split()) or key not in names:
                    self._own[key] = target

    # --- families ---------------------------------------------------------------------------------------------------

    def _place_families(self, families: list[Family]) -> None:
        named = {normal(self.schema.label(c)): c for c in self.schema.subjects(n.TYPE, n.OWL_CLASS)}
        self._parents: dict[str, tuple[str, ...]] = {}
        self._over: dict[str, tuple[str, ...]] = {}
        for f in families:
            label = singular(f.name)
            over = tuple(sorted({*self._covering.get(f.key, ()), *(c for w in f.within for c in self._covering.get(w, ()))}))
            twin = named.get(normal(label))
            if twin is not None and twin in self._covering.get(f.key, ()):
                self.iri[f.key] = twin
                self._parents[f.key] = tuple(f"{n.IMPORTED_TARGET}{w.replace(':', '-')}" for w in f.within)
                continue
            iri = f"{n.IMPORTED_TARGET}{f.key.replace(':', '-')}"
            self.iri[f.key] = iri
            self._parents[f.key] = (*over, *(f"{n.IMPORTED_TARGET}{w.replace(':', '-')}" for w in f.within))
            shown = f"{label} (Guide to PHARMACOLOGY)" if twin is not None else label
            self._over[iri] = self._parents[f.key] or (n.TARGET_CLASS,)
            self.added_families.append((iri, shown, self._over[iri]))

    # --- targets ----------------------------------------------------------------------------------------------------

    def _place(self, targets: list[Target]) -> None:
        added: dict[str, Target] = {}
        ours = set(self._own.values())
        for t in targets:
            iri = (
                self._own.get(t.key)
                or self._holding(frozenset(t.accessions))
                or self._called(t)
                or f"{n.IMPORTED_TARGET}{t.key.replace(':', '-').replace('|', '-')}"
            )
            self.iri[t.key] = iri
            if t.key.startswith(_RECEPTOR) or (len(t.accessions) == 1 and not t.organism):
                for name in (t.name, *t.synonyms):
                    self._names[_plain(name)].add(iri)
            if t.key.startswith(_RECEPTOR):
                self.other_names.setdefault(iri, []).extend((t.name, *t.synonyms))
            if iri not in self.proteins:
                self.proteins[iri] = frozenset(t.accessions)
                for protein in t.accessions:
                    self._holders[protein].add(iri)
                added[iri] = t
            elif iri in ours:
                families = {f for w in t.within for f in (self.iri[w], *self._above(self.iri[w])) if f in self._over}
                self.more_types[iri] = tuple(sorted({*self.more_types.get(iri, ()), *families}))
        taken = {normal(self.schema.label(t)) for t in self._own.values()} | {normal(label) for _, label, _ in self.added_families}
        for iri, t in added.items():
            label = t.name
            if normal(label) in taken:
                label = f"{t.name} ({t.organism or _told_apart(t)})"
            taken.add(normal(label))
            self._typed[iri] = self._types(t, iri)
            self.added.append(Placed(iri, label, t.synonyms, self._typed[iri], tuple(sorted(t.accessions)), _BIOREGISTRY + t.key))

    def _holding(self, proteins: frozenset[str]) -> str | None:
        """Return the one target that all these proteins are parts of; None where there is none or more than one."""
        held = [self._holders.get(p, set()) for p in proteins]
        whole = set.intersection(*held) if held else set()
        return next(iter(whole)) if len(whole) == 1 else None

    def _called(self, t: Target) -> str | None:
        """Return the one target that has its name, or else one of its other names, where the source tells nothing but names."""
        if t.accessions or t.within:
            return None
        found = self._names.get(_plain(t.name)) or set().union(*(self._names.get(_plain(name), ()) for name in t.synonyms))
        return next(iter(found)) if len(found) == 1 else None

    def _types(self, t: Target, iri: str) -> tuple[str, ...]:
        direct = {c for w in (t.key, *t.within) for c in self._covering.get(w, ())}
        for w in t.within:
            if w in self.iri:
                direct |= {self.iri[w], *self._parents[w]}
        shared = len(t.accessions) > 1 and any(self._holders[p] != {iri} for p in t.accessions)
        if (not t.accessions and not t.key.startswith(_RECEPTOR)) or shared or t.organism:
            direct.add(n.UNNAMED_MEMBER)
        if not direct - {n.UNNAMED_MEMBER}:
            direct |= self._common(t)
        return tuple(sorted({c for d in direct for c in (*self.schema.ancestors(d), *self._above(d))} | {n.TARGET_CLASS}))

    def _above(self, family: str) -> Iterator[str]:
        """Yield what a family that is added lies within."""
        for c in self._over.get(family, ()):
            yield from (c, *self.schema.ancestors(c), *self._above(c))

    def _common(self, t: Target) -> set[str]:
        """Return the families that every part of a complex is in by itself, as far as anything is known of the part."""
        parts = [set().union(*(self._classes(h) for h in self._holders.get(p, ()))) for p in t.accessions]
        known = [part for part in parts if part]
        found = set.intersection(*known) if known else set()
        return {c for c in found if c in self._over or n.TARGET_CLASS in self.schema.ancestors(c)}

    def _classes(self, target: str) -> Iterable[str]:
        """Return the families that a target is in, be it the ontology's or placed before."""
        return self._typed.get(target) or self.schema.values(target, n.TYPE)

    def overlap(self, one: str, other: str) -> bool:
        """Whether two targets share a protein."""
        return not self.proteins.get(one, frozenset()).isdisjoint(self.proteins.get(other, frozenset()))


def _plain(name: str) -> str:
    """Return a target's name for comparison: without the word that not everybody adds."""
    return normal(name).replace(" receptor", "")


def _told_apart(t: Target) -> str:
    """Return what tells a target from another of its name: its protein, its proteins in number, its id."""
    parts = t.accessions
    return f"{parts[0]} and {len(parts) - 1} more" if len(parts) > 1 else parts[0] if parts else t.key.partition(":")[2]


def _together(one: Target, other: Target) -> Target:
    def both(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*a, *b)))

    return Target(
        one.key,
        one.name,
        both(one.within, other.within),
        both(one.accessions, other.accessions),
        one.organism or other.organism,
        both(one.synonyms, other.synonyms),
    )


def found_in(schema: Schema, meanings: str) -> Mapping[tuple[str, str], str]:
    """Return what words of sources mean here: the class for each source and word.

    Args:
        schema: the ontology.
        meanings: the class of the nodes that say so, such as ``:TagMeaning`` or ``:ActionMeaning``.
    """
    found = {}
    for node in schema.subjects(n.TYPE, meanings):
        words = schema.literals(node, n.TAG) or schema.literals(node, n.NS + "word")
        for source in schema.values(node, n.NS + "inSource"):
            for word in words:
                found[source.removeprefix(n.SRC), word] = schema.values(node, n.NS + "means")[0]
    return found
