"""Which substances of different sources are one: by ids, by structure, by name, in that order, each match with its evidence.

Two substances are one when they share an id and nothing speaks against it. What speaks against it: two different structures, two
ids of one database, two drugs of the ontology. Such a match, and a name that fits several substances, is doubtful: the
substances stay apart and the match is listed. The outcome does not depend on the order in which sources were imported.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, field

from ..sources.records import Same, Substance
from ..spelling import normal

STRUCTURE, BY_ID, LEXICAL = "semapv:StructuralMatching", "semapv:BackgroundKnowledgeBasedMatching", "semapv:LexicalMatching"
"""How a match was made, in the words of the Semantic Mapping Vocabulary."""

_STRONGEST_FIRST = (
    "inchikey",
    "unii",
    "CHEBI",
    "drugbank",
    "chembl.compound",
    "iuphar.ligand",
    "drugcentral",
    "clinpgx",
    "mesh",
    "cas",
)
"""The ids that substances are joined by. Ids of PubChem and RxNorm are kept and join nothing: one drug has many of them."""

_ONE_EACH = ("unii", "iuphar.ligand", "drugcentral", "drugbank", "CHEBI", "clinpgx", "ndc", "ontology")
"""Databases that have one entry for one substance: two entries are two substances."""

_SALTS_WORDS = """
    acetate anhydrous arginine aspartate benzoate besilate besylate bisulfate bisulphate bitartrate bromide calcium camsylate chloride
    citrate dihydrate dihydrochloride dimesylate diphosphate dipotassium disodium edisylate embonate epolamine erbumine esylate
    ethanesulfonate fumarate gluconate hemifumarate hemihydrate hemisulfate
    hyclate hydrate hydrobromide hydrochloride hydroiodide iodide isethionate lactate lysine magnesium malate maleate meglumine mesilate
    mesylate methylsulfate monohydrate monohydrochloride monosodium mucate napsylate nitrate oxalate pamoate phosphate potassium
    saccharate salicylate sesquihydrate sodium stearate succinate sulfate sulphate tartrate tosilate tosylate trihydrate
    tromethamine xinafoate zinc
"""
_SALTS = frozenset(_SALTS_WORDS.split())
_NO_PARENT_WORDS = """
    aluminium aluminum ammonium antimony barium bismuth calcium cesium choline chromium cobalt copper cupric cuprous ferric
    ferrous gold hydrogen iron lanthanum lithium magnesium manganese mercury nickel potassium rubidium selenium silver sodium
    stannous strontium thallium titanium water zinc
"""
_SIGNS = (("(-)", "minus"), ("(−)", "minus"), ("(–)", "minus"), ("(+)", "plus"))
_NO_PARENT = frozenset(_NO_PARENT_WORDS.split())
"""What is left of a salt's name and is no drug: the salts of a metal are different drugs."""


@dataclass(frozen=True, slots=True)
class Match:
    """Why two substances were taken for one, or were not.

    Attributes:
        one: key of a substance.
        other: key of the substance that it was matched with.
        how: how the match was made: :data:`STRUCTURE`, :data:`BY_ID` or :data:`LEXICAL`.
        by: the id or the name that they share.
        against: what speaks against the match; empty where it was made.
        salt: whether ``one`` is a salt or hydrate of ``other``.
    """

    one: str
    other: str
    how: str
    by: str
    against: str = ""
    salt: bool = False


@dataclass
class Identity:
    """Which substances are one.

    Attributes:
        groups: the keys of each drug's substances; a drug of the ontology stands under ``ontology:`` and its IRI.
        matches: why they are one.
        doubtful: the matches that were not made.
    """

    groups: list[list[str]]
    matches: list[Match]
    doubtful: list[Match]


@dataclass
class _Group:
    keys: list[str]
    structures: set[str] = field(default_factory=set)
    entries: dict[str, set[str]] = field(default_factory=dict)
    drug: bool = False


def identify(substances: Iterable[Substance], same: Iterable[Same] = ()) -> Identity:
    """Find which substances are one.

    Args:
        substances: what the sources and the ontology know, in any order.
        same: rows of mapping tables.
    """
    resolver = _Resolver(sorted(substances, key=lambda s: (s.key, not s.drug, s.name, s.synonyms, s.ids)), same)
    resolver.by_ids()
    resolver.by_names()
    resolver.by_mappings()
    resolver.by_salts()
    return resolver.identity()


class _Resolver:
    def __init__(self, substances: Sequence[Substance], same: Iterable[Same]) -> None:
        self.substances: dict[str, Substance] = {}
        for s in substances:
            self.substances[s.key] = _joined(self.substances[s.key], s) if s.key in self.substances else s
        self.same = same
        self._holders: dict[str, list[str]] = defaultdict(list)
        for key, s in self.substances.items():
            for name in dict.fromkeys((key, *s.ids)):
                self._holders[name].append(key)
        self.matches: list[Match] = []
        self.doubtful: list[Match] = []
        self._group: dict[str, _Group] = {key: _start(s) for key, s in self.substances.items()}
        self._spelt: dict[str, str] = {key: _spelt(s.name) for key, s in self.substances.items()}

    # --- the three ways to meet -------------------------------------------------------------------------------------

    def by_ids(self) -> None:
        """Join what shares an id, the strongest kind of id first."""
        holders = self._holders
        rank = {prefix: i for i, prefix in enumerate(_STRONGEST_FIRST)}
        shared = [name for name, keys in holders.items() if len(keys) > 1 and name.partition(":")[0] in rank]
        for name in sorted(shared, key=lambda name: (rank[name.partition(":")[0]], name)):
            first, *rest = sorted(holders[name], key=lambda key: (not key.startswith("ontology:"), key != name, key))
            for other in rest:
                self._meet(other, first, STRUCTURE if name.startswith("inchikey:") else BY_ID, name)

    def by_names(self) -> None:
        """Join what has the same name: first where both call it so, then where one of them has it as a synonym."""
        called: dict[str, list[str]] = defaultdict(list)
        known: dict[str, set[str]] = defaultdict(set)
        for key, s in self.substances.items():
            name = self._spelt[key]
            called[name].append(key)
            alone = parent_name(s.name) or _signed(s.name) != s.name  # many call a salt or a mirror image by its parent's name
            for synonym in () if alone else {name, *map(_spelt, s.synonyms)}:
                known[synonym].add(key)
        for name, keys in sorted(called.items()):
            if name and len(keys) > 1 and any(self._group[key].drug for key in keys):
                self._named(name, keys)
        for key, name in self._spelt.items():
            if self._group[key].drug and name:
                self._synonym(key, name, known[name])

    def _named(self, name: str, keys: list[str]) -> None:
        first, *rest = sorted(keys, key=lambda key: (not key.startswith("ontology:"), not self._group[key].drug, key))
        for other in rest:
            self._meet(other, first, LEXICAL, name)

    def _synonym(self, key: str, name: str, holders: set[str]) -> None:
        """Join a drug with the one substance of each source that has its name as a synonym."""
        by_source: dict[str, list[str]] = defaultdict(list)
        for other in sorted(holders):
            if self._group[other] is not self._group[key] and other.partition(":")[0] not in self._group[key].entries:
                by_source[other.partition(":")[0]].append(other)
        for others in by_source.values():
            if len({id(self._group[other]) for other in others}) == 1:
                self._meet(key, others[0], LEXICAL, name)
            else:
                self.doubtful += [Match(key, other, LEXICAL, name, "the name fits several substances of one source") for other in others]

    def by_mappings(self) -> None:
        """Join a substance with the one drug that the tables of ids lead to."""
        mates: dict[str, set[str]] = defaultdict(set)
        for row in self.same:
            if row.one in self._holders and row.other in self._holders:
                mates[row.one].add(row.other)
                mates[row.other].add(row.one)
        for name in sorted(mates):
            held = [(key, mate) for mate in sorted(mates[name]) for key in self._holders[mate] if self._group[key].drug]
            if len({id(self._group[key]) for key, _ in held}) == 1:
                self._meet(self._holders[name][0], held[0][0], BY_ID, held[0][1])

    def by_salts(self) -> None:
        """Hang the salts and hydrates of a drug on it, where what is left of the name is the name of one drug."""
        named: dict[str, set[str]] = defaultdict(set)
        for key, name in self._spelt.items():
            if self._group[key].drug:
                named[name].add(key)
        for key, s in self.substances.items():
            rest = parent_name(s.name)
            if not rest:
                continue
            parents = {id(self._group[p]): self._group[p] for p in named.get(rest, ())}
            group = self._group[key]
            if len(parents) == 1 and id(group) not in parents and not any(k.startswith("ontology:") for k in group.keys):
                (parent,) = parents.values()
                self.matches.append(Match(key, parent.keys[0], LEXICAL, rest, salt=True))
                self._join(group, parent)

    # --- joining ----------------------------------------------------------------------------------------------------

    def _meet(self, key: str, other: str, how: str, by: str) -> None:
        one, two = self._group[key], self._group[other]
        if one is two:
            return
        against = _against(one, two, how)
        match = Match(key, other, how, by, against)
        if against:
            self.doubtful.append(match)
        else:
            self.matches.append(match)
            self._join(one, two)

    def _join(self, one: _Group, two: _Group) -> None:
        small, large = sorted((one, two), key=lambda g: (len(g.keys), g.keys[0]))
        head = min(two.keys[0], one.keys[0], key=lambda key: (not key.startswith("ontology:"), key))
        large.keys = sorted({*large.keys, *small.keys}, key=lambda key: (key != head, key))
        large.structures |= small.structures
        for prefix, entries in small.entries.items():
            large.entries.setdefault(prefix, set()).update(entries)
        large.drug = large.drug or small.drug
        for key in small.keys:
            self._group[key] = large

    def identity(self) -> Identity:
        groups = {id(g): g for g in self._group.values() if g.drug}
        kept = sorted((sorted(g.keys) for g in groups.values()), key=lambda keys: keys[0])
        here = {key for keys in kept for key in keys}
        apart = {m for m in self.doubtful if self._group[m.one] is not self._group[m.other] and not here.isdisjoint((m.one, m.other))}
        return Identity(kept, sorted((m for m in self.matches if m.one in here), key=astuple), sorted(apart, key=astuple))


def _joined(one: Substance, other: Substance) -> Substance:
    """Return what two records of one key say together."""
    synonyms = dict.fromkeys((*one.synonyms, other.name, *other.synonyms))
    return Substance(one.key, one.name, tuple(synonyms), tuple(dict.fromkeys((*one.ids, *other.ids))), one.drug or other.drug)


def _start(s: Substance) -> _Group:
    entries: dict[str, set[str]] = {}
    for prefix, _, local in (name.partition(":") for name in (*s.ids, s.key)):
        if prefix in _ONE_EACH:
            entries.setdefault(prefix, set()).add(local)
    structures = {name.removeprefix("inchikey:") for name in s.ids if name.startswith("inchikey:")}
    return _Group([s.key], structures, entries, s.drug)


def _against(one: _Group, two: _Group, how: str) -> str:
    """Say what speaks against taking two groups for one; nothing where nothing does."""
    for prefix, entries in one.entries.items():
        others = two.entries.get(prefix, entries)
        if entries.isdisjoint(others) and (how != STRUCTURE or prefix == "ontology"):
            return f"two entries of {prefix}: {min(entries)} and {min(others)}"
    if one.structures and two.structures and not one.structures & two.structures:
        a, b = min(one.structures), min(two.structures)
        if how != LEXICAL or a[:14] != b[:14]:
            return f"two structures: {a} and {b}"
    return ""


def _spelt(name: str) -> str:
    """Return a name for comparison that keeps which mirror image it is the name of.

    >>> _spelt("(-)-propranolol"), _spelt("(±)-Propranolol"), _spelt("D-(+)-glucose")
    ('minus propranolol', 'propranolol', 'd plus glucose')
    """
    return normal(_signed(name))


def _signed(name: str) -> str:
    for sign, word in _SIGNS:
        name = name.replace(sign, f" {word} ")
    return name


def parent_name(name: str) -> str:
    """Return the name of the drug whose salt or hydrate a name is; empty where it is none.

    >>> parent_name("Baclofen hydrochloride monohydrate"), parent_name("potassium chloride"), parent_name("baclofen")
    ('baclofen', '', '')
    """
    bare = re.sub(r"\(.*?\)", " ", _signed(name)) if "(" in name else name
    if (bare.split() or [""])[-1].casefold().strip(",;.") not in _SALTS:
        return ""
    words = normal(bare).split()
    kept = list(words)
    while len(kept) > 1 and kept[-1] in _SALTS:
        kept.pop()
    if len(kept) == len(words) or kept[0] in _NO_PARENT or kept[-1] in _NO_PARENT:
        return ""
    return " ".join(kept)


def iri_of(keys: Sequence[str], ids: Iterable[str]) -> str:
    """Return the IRI of a group: that of the ontology, else one made of its strongest id."""
    from .. import names as n

    own = [key for key in keys if key.startswith("ontology:")]
    if own:
        return own[0].removeprefix("ontology:")
    every = sorted({*keys, *ids})
    for prefix in ("unii", "inchikey", "iuphar.ligand", "drugcentral", "chembl.compound", "drugbank", "CHEBI"):
        found = [name for name in every if name.startswith(prefix + ":")]
        if found:
            return f"{n.IMPORTED_DRUG}{found[0].replace(':', '-')}"
    return f"{n.IMPORTED_DRUG}{every[0].replace(':', '-')}"
