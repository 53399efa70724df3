"""From records to quads: what imported sources say, in the same shape as what authors write.

A row that says what the ontology says already (the same drug, the same target, an action that is the same, or wider, or narrower)
is one more assertion of that proposition, and says no more of it than the row does. Every other row makes a proposition of its own.
No claim of completeness is ever made for a source: what a database does not list is not known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .. import names as n
from ..facts import Schema
from ..minting import assertion_iri, statement_iri
from ..nquads import Lines, iri, text
from ..sources.records import IDENTIFIERS, Action, Line, Substance, Tagged, Use
from ..spelling import normal
from .identity import Identity, Match, iri_of, parent_name
from .targeting import Targets, found_in

_SSSOM, _SEMAPV = "https://w3id.org/sssom/", "https://w3id.org/semapv/vocab/"
_PUBMED = "https://bioregistry.io/pubmed:"

LABEL_FIRST = ("ontology", "drugcentral", "iuphar.ligand", "drugbank", "clinpgx", "ndc", "drugmechdb", "unii", "CHEBI", "chembl.compound")
"""Whose name of a drug is shown, the best first."""

_MARKS = frozenset({n.FIRM, n.DIRECT})
"""What a mechanism is besides its kind: undisputed, and the drug's own."""


@dataclass
class Said:
    """What is known of one drug of the ontology.

    Attributes:
        mechanisms: its mechanisms, with their types and targets.
        cited: the mechanisms that rest on a row, by source and place.
    """

    mechanisms: list[tuple[str, frozenset[str], str]] = field(default_factory=list)
    cited: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))


@dataclass
class Counts:
    """How many statements an import made.

    Attributes:
        drugs: drugs with anything said of them.
        mechanisms: propositions of mechanism; ``met`` of them are the ontology's own, ``beside`` are new ones of its drugs.
        activities: measured activities.
        tags: classes of sources.
        uses: named uses.
    """

    drugs: int = 0
    mechanisms: int = 0
    met: int = 0
    beside: int = 0
    activities: int = 0
    tags: int = 0
    uses: int = 0


class Writer:
    """Writes what sources say.

    Args:
        schema: the ontology.
        lines: where to.
        graphs: the graph of each source.
        targets: where targets are.
    """

    def __init__(self, schema: Schema, lines: Lines, graphs: Mapping[str, str], targets: Targets) -> None:
        self.schema, self.lines, self.graphs, self.targets = schema, lines, graphs, targets
        self.actions = found_in(schema, n.NS + "ActionMeaning")
        self.tags = found_in(schema, n.NS + "TagMeaning")
        self.counts = Counts()
        self.beside: list[tuple[str, str]] = []
        self.inhabited: set[tuple[str, str]] = set()
        self._own = {drug: self._said(drug) for drug in schema.subjects(n.TYPE, n.DRUG)}
        self._conditions: set[str] = set()

    def _said(self, drug: str) -> Said:
        found = Said()
        for statement in self.schema.values(drug, n.HAS_MECHANISM):
            types = frozenset(self.schema.values(statement, n.TYPE)) - self.schema.marks
            for target in self.schema.values(statement, n.TARGET):
                found.mechanisms.append((statement, types, target))
            for assertion in self.schema.values(statement, n.ASSERTED_BY):
                for source in self.schema.values(assertion, n.SOURCE):
                    for place in self.schema.literals(assertion, n.LOCATOR):
                        found.cited[source, place].add(statement)
        return found

    # --- drugs ------------------------------------------------------------------------------------------------------

    def drugs(self, identity: Identity, substances: Mapping[str, list[tuple[str, Substance]]]) -> dict[str, str]:
        """Write the drugs with their names and ids, and say which drug each substance is."""
        drug_of: dict[str, str] = {}
        rank = {prefix: i for i, prefix in enumerate(LABEL_FIRST)}
        for keys in identity.groups:
            here = [(source, s) for key in keys for source, s in substances.get(key, ())]
            drug = iri_of(keys, (name for _, s in here for name in s.ids))
            drug_of.update(dict.fromkeys(keys, drug))
            here.sort(key=lambda item: (rank.get(item[1].key.partition(":")[0], len(rank)), bool(parent_name(item[1].name)), item[1].key))
            if here:
                self._drug(drug, here)
        self.counts.drugs = len(set(drug_of.values()))
        self._evidence(identity, drug_of)
        return drug_of

    def _drug(self, drug: str, here: Sequence[tuple[str, Substance]]) -> None:
        put, own = self.lines.put, drug in self._own
        subject = iri(drug)
        label = self.schema.label(drug) if own else here[0][1].name
        keys: dict[str, None] = {}
        said: set[tuple[str, str]] = set()
        for source, s in here:
            graph = self.graphs[source]
            if not own:
                put(subject, f"<{n.TYPE}>", f"<{n.DRUG}>", graph)
                if (source, s) == here[0]:
                    put(subject, f"<{n.LABEL}>", text(label, "en"), graph)
            for name in (s.name, *s.synonyms):
                key = normal(name)
                if key and (key, source) not in said:
                    said.add((key, source))
                    keys[key] = None
                    if name != label:
                        put(subject, f"<{n.ALT_LABEL}>", text(name, "en"), graph)
            for name in (s.key, *s.ids):
                prefix, _, local = name.partition(":")
                if prefix in IDENTIFIERS and not parent_name(s.name):
                    put(subject, f"<{n.EXACT_MATCH}>", iri(IDENTIFIERS[prefix] + local), graph)
        for key in keys:
            self.lines.key(subject, key)

    def _evidence(self, identity: Identity, drug_of: Mapping[str, str]) -> None:
        """Write each match with its evidence, as SSSOM writes mappings in RDF."""
        put, graph = self.lines.put, n.IDENTITY_GRAPH
        owl = n.OWL
        for number, m in enumerate((*identity.matches, *identity.doubtful)):
            ends = [_entry(key) for key in (m.one, m.other)]
            node = f"<{n.NS}m/{number}>"
            put(node, f"<{n.TYPE}>", f"<{_SSSOM}Mapping>", graph)
            put(node, f"<{owl}annotatedSource>", iri(ends[0]), graph)
            put(node, f"<{owl}annotatedProperty>", f"<{n.SKOS}{_predicate(m)}>", graph)
            put(node, f"<{owl}annotatedTarget>", iri(ends[1]), graph)
            put(node, f"<{_SSSOM}mapping_justification>", f"<{_SEMAPV}{m.how.partition(':')[2]}>", graph)
            put(node, f"<{_SSSOM}match_string>", text(m.by), graph)
            if m.against:
                put(node, f"<{_SSSOM}comment>", text(m.against), graph)
            for drug in sorted({drug_of[key] for key in (m.one, m.other) if key in drug_of}):
                put(node, f"<{n.ABOUT_DRUG}>", iri(drug), graph)

    # --- statements -------------------------------------------------------------------------------------------------

    def statements(self, drug_of: Mapping[str, str], rows: Iterable[tuple[str, Action | Tagged | Use]]) -> None:
        """Write what the rows of all sources say of the drugs."""
        actions: dict[tuple[str, bool, str], dict[str, list[tuple[str, Action]]]] = defaultdict(lambda: defaultdict(list))
        for source, row in rows:
            drug = drug_of.get(row.substance)
            if drug is None:
                continue
            match row:
                case Action():
                    target = self.targets.iri.get(row.target)
                    if target is not None:
                        actions[drug, row.mechanism, target][self._kind(source, row.words)].append((source, row))
                case Tagged():
                    self._tag(drug, source, row)
                case Use():
                    self._use(drug, source, row)
        for (drug, mechanism, target), kinds in actions.items():
            if mechanism:
                self._mechanisms(drug, target, kinds)
            else:
                self._activity(drug, target, [item for rows_ in kinds.values() for item in rows_])

    def _kind(self, source: str, words: Sequence[str]) -> str:
        found = (self.actions.get((source, word)) for word in words)
        return next((kind for kind in found if kind), n.MODULATION)

    def _mechanisms(self, drug: str, target: str, kinds: Mapping[str, list[tuple[str, Action]]]) -> None:
        specific = sorted(kind for kind in kinds if kind != n.MODULATION)
        for kind, rows in kinds.items():
            met = self._met(drug, target, kind, rows)
            if met:
                self.counts.met += 1
                for statement, known, at in met:
                    shared = known & set(self.schema.ancestors(kind))
                    self._say(drug, n.HAS_MECHANISM, statement, shared, {n.TARGET: target} if at == target else {}, rows, known & _MARKS)
                continue
            neutral = kind == n.MODULATION and bool(specific)
            for stated in specific if neutral else [kind]:
                content = [f"{n.TARGET} <{target}>", f"{n.TYPE} <{stated}>"]
                statement = statement_iri(drug, n.HAS_MECHANISM, stated.removeprefix(n.NS), sorted(content))
                plain = set() if neutral or kind == n.NS + "PartialAgonism" else {n.UNQUALIFIED}
                types = {*self.schema.ancestors(n.MECHANISM if neutral else kind), *plain}
                self._say(drug, n.HAS_MECHANISM, statement, types, {n.TARGET: target}, rows, _MARKS)
                if neutral:
                    continue
                self.inhabited.add((kind, target))
                self.counts.mechanisms += 1
                if drug in self._own:
                    self.counts.beside += 1
                    self.beside.append((drug, statement))

    def _met(self, drug: str, target: str, kind: str, rows: Sequence[tuple[str, Action]]) -> list[tuple[str, frozenset[str], str]]:
        """Return the mechanisms of the ontology that rows say again: those that cite one of them, or that say the same."""
        own = self._own.get(drug, Said())
        cited = {s for source, row in rows for s in own.cited.get((self.graphs[source], row.place), ())}
        found = []
        for statement, types, at in own.mechanisms:
            if statement in cited:
                found.append((statement, types, at))
                continue
            below = any(kind in self.schema.ancestors(t) for t in types)
            comparable = (
                kind == n.MODULATION or below or not types.isdisjoint(set(self.schema.ancestors(kind)) - {n.MECHANISM, n.PROPOSITION})
            )
            if comparable and (at == target or self.targets.overlap(at, target)):
                found.append((statement, types, at))
        return found

    def _activity(self, drug: str, target: str, rows: list[tuple[str, Action]]) -> None:
        statement = statement_iri(drug, n.HAS_ACTIVITY, "Activity", [f"{n.ACTIVITY_AT} <{target}>"])
        self._say(drug, n.HAS_ACTIVITY, statement, (n.ACTIVITY, n.PROPOSITION), {n.ACTIVITY_AT: target}, rows)
        self.counts.activities += 1

    def _tag(self, drug: str, source: str, row: Tagged) -> None:
        meaning = self.tags.get((source, row.tag))
        content = [f'{n.TAG} "{row.tag}"', f"{n.TYPE} <{n.TAG_CLASS}>", *([f"{n.TAG_IS} <{meaning}>"] if meaning else ())]
        statement = statement_iri(drug, n.HAS_TAG, "Tag", sorted(content))
        qualifiers = {n.TAG_IS: meaning} if meaning else {}
        self._say(drug, n.HAS_TAG, statement, (n.TAG_CLASS, n.PROPOSITION), qualifiers, [(source, row)])
        graph = self.graphs[source]
        self.lines.put(iri(statement), f"<{n.TAG}>", text(row.tag), graph)
        if row.name != row.tag:
            self.lines.put(iri(statement), f"<{n.LABEL}>", text(row.name, "en"), graph)
        self.counts.tags += 1

    def _use(self, drug: str, source: str, row: Use) -> None:
        prefix, _, local = row.condition.partition(":")
        condition = (n.PREFIXES.get(prefix) or f"https://bioregistry.io/{prefix}:") + local
        graph = self.graphs[source]
        if condition not in self._conditions:
            self._conditions.add(condition)
            self.lines.put(iri(condition), f"<{n.TYPE}>", f"<{n.NS}NamedCondition>", graph)
            self.lines.put(iri(condition), f"<{n.LABEL}>", text(row.name, "en"), graph)
        statement = statement_iri(drug, n.HAS_NAMED_USE, "NamedUse", [f"{n.USED_IN} <{condition}>"])
        self._say(drug, n.HAS_NAMED_USE, statement, (n.NAMED_USE, n.PROPOSITION), {n.USED_IN: condition}, [(source, row)])
        self.counts.uses += 1

    def _say(
        self,
        drug: str,
        link: str,
        statement: str,
        types: Iterable[str],
        qualifiers: Mapping[str, str],
        rows: Sequence[tuple[str, Action | Tagged | Use]],
        marks: frozenset[str] = frozenset({n.FIRM}),
    ) -> None:
        """Write a proposition into the graph of each source that asserts it, with each assertion.

        A mechanism is the drug's own action where the row has a measurement of it: the others may mean what the body makes of the drug.
        What the ontology has as disputed, or as done by a metabolite, stays so, whatever rows say it again.
        """
        put, subject = self.lines.put, iri(statement)
        own = {self.graphs[source] for source, row in rows if isinstance(row, Action) and row.mechanism and row.measure}
        for graph in sorted({self.graphs[source] for source, _ in rows}):
            kinds = sorted({*types, *(marks if graph in own else marks - {n.DIRECT})})
            put(iri(drug), f"<{link}>", subject, graph)
            put(subject, f"<{n.ABOUT_DRUG}>", iri(drug), graph)
            for kind in kinds:
                put(subject, f"<{n.TYPE}>", f"<{kind}>", graph)
            for prop, value in qualifiers.items():
                put(subject, f"<{prop}>", iri(value), graph)
        for source, row in rows:
            graph = self.graphs[source]
            node = iri(assertion_iri(statement, graph, row.place))
            put(subject, f"<{n.ASSERTED_BY}>", node, graph)
            put(node, f"<{n.TYPE}>", f"<{n.ASSERTION}>", graph)
            put(node, f"<{n.SOURCE}>", f"<{graph}>", graph)
            put(node, f"<{n.LOCATOR}>", text(row.place), graph)
            if isinstance(row, Action):
                if row.measure:
                    put(node, f"<{n.MEASURED}>", text(row.measure), graph)
                for paper in row.papers:
                    put(node, f"<{n.DCT}references>", iri(_PUBMED + paper), graph)

    def as_itself(self, rows: Iterable[Line], graph: str) -> None:
        """Write the triples of a file that is kept as itself."""
        for row in rows:
            subject, prop, value = row.text.split(" ", 2)
            self.lines.put(subject, prop, value, graph)


def _predicate(m: Match) -> str:
    return "closeMatch" if m.against else "broadMatch" if m.salt else "exactMatch"


def _entry(key: str) -> str:
    prefix, _, local = key.partition(":")
    return local if prefix == "ontology" else IDENTIFIERS.get(prefix, f"https://bioregistry.io/{prefix}:") + local
