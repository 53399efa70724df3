"""Random small ontologies, judged one by one: nothing may be proved that HermiT denies, no contradiction may go unseen.

Each is written as Turtle files and built like the shipped ontology, over its vocabulary.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from . import build, verify
from . import names as n
from .axioms import Apart, Axiom, Below, Same, write
from .errors import BadOntology
from .expression import And, Expression, Named, Not, OneOf, Only, Or, Some
from .facts import Schema, View
from .locate import ontology, queries
from .rdf import BlankNode, Literal, NamedNode, Quad, RdfFormat, Term, serialize

MECHANISM, ORIGIN, INDICATION, DISTRIBUTION = (n.NS + f"has{kind}" for kind in ("Mechanism", "Origin", "Indication", "Distribution"))
NATURAL, SEMISYNTHETIC, SYNTHETIC = (n.NS + f"{kind}Origin" for kind in ("Natural", "Semisynthetic", "Synthetic"))
ORGANISM, MADE_FROM, CONDITION, STATUS = (n.NS + name for name in ("organism", "madeFrom", "condition", "status"))
DISTRIBUTIONS = (n.NS + "ReachesCNS", n.NS + "PeripheryOnly")
STATUSES = (n.NS + "Approved", n.NS + "OffLabel")
SOURCES = tuple(n.SRC + name for name in ("one", "two", "three"))


@dataclass(frozen=True)
class Outcome:
    """What came of one ontology.

    Attributes:
        refused: it holds an error and was not built.
        judged: the verdicts on all its pairs, where it was built.
        wrong: what must not be, one line each.
    """

    refused: bool
    judged: tuple[verify.Judged, ...]
    wrong: tuple[str, ...]


def judge_random(count: int, seed: int, say: verify.Say) -> int:
    """Judge random ontologies.

    Args:
        count: how many.
        seed: the seed; the same seed gives the same ontologies.
        say: takes the lines of the report.

    Returns:
        0 when no verdict is denied by HermiT and every contradiction is found, else 1.

    Raises:
        PharmakonError: HermiT cannot be run, fails, or takes too long.
    """
    with ThreadPoolExecutor(verify.WORKERS) as pool:
        outcomes = list(pool.map(lambda number: judge_one(f"{seed}/{number}"), range(count)))
    judged = [j for outcome in outcomes for j in outcome.judged]
    clear = [j for j in judged if j.hermit != "contradicted"]
    weaker = sum(j.evaluator == "unknown" != j.hermit for j in clear)
    empty = {(i, j.drug) for i, outcome in enumerate(outcomes) for j in outcome.judged if j.hermit == "contradicted"}
    wrong = [f"ontology {i}: {line}" for i, outcome in enumerate(outcomes) for line in outcome.wrong]
    say(
        f"{count} random ontologies (seed {seed}), {sum(o.refused for o in outcomes)} of them refused for their errors; {len(judged)} pairs"
    )
    for line in verify.table(judged):
        say(line)
    say(f"contradicted drugs: {len(empty)}, not found: {sum('contradiction' in line for line in wrong)}")
    say(f"weaker than HermiT: {weaker} of {len(clear)} pairs ({100 * weaker / max(len(clear), 1):.1f} %)")
    for line in wrong:
        say(line)
    say(f"{len(wrong)} disagreements")
    return 1 if wrong else 0


def judge_one(seed: str) -> Outcome:
    """Make one ontology, build it and judge it; sometimes with a source withdrawn, so that claims are void."""
    maker = Maker(random.Random(seed))
    with tempfile.TemporaryDirectory(prefix="pharmakon-") as folder:
        words, facts = Path(folder, "words.ttl"), Path(folder, "facts.ttl")
        words.write_bytes(maker.words())
        facts.write_bytes(maker.facts())
        try:
            quads, store = build.content(build.Sources((ontology() / "vocabulary.ttl", words, facts), queries() / "rules"))
        except BadOntology:
            if not maker.faulty:
                raise
            return Outcome(True, (), ())
    if maker.faulty:
        return Outcome(False, (), ("contradiction not found: a fault was planted, and nothing was refused",))
    store.extend(quads)
    schema, view = Schema(store), View(store, maker.withdrawn)
    judged = verify.compare(schema, view, product(schema.drugs(), schema.drug_classes()))
    audited = verify.audited(store, schema)
    found = {drug for drug in schema.drugs() if audited & verify.reached(schema, view, drug)}
    return Outcome(False, tuple(judged), tuple(dict.fromkeys(line for j in judged for line in _wrong(j, found))))


def _wrong(j: verify.Judged, found: set[str]) -> Iterator[str]:
    if j.hermit == "contradicted":
        if j.drug not in found and j.evaluator != "contradicted":
            yield f"contradiction not found: {n.short(j.drug)}"
    elif any(verdict not in ("unknown", j.hermit) for verdict in (j.evaluator, j.matrix)) or j.evaluator != j.matrix:
        yield j.line()


class Maker:
    """Makes one random ontology.

    Attributes:
        faulty: whether it holds an error, of the kind that must stop a build.
        withdrawn: the sources that are left out when it is judged.
    """

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.faulty = chance.random() < 0.08
        self.withdrawn = (chance.choice(SOURCES),) if chance.random() < 0.4 else ()
        self.actions = self._named("Action", 4)
        self.families = self._named("Family", 4)
        self.targets = {target: chance.choice(self.families[1:]) for target in self._named("target", 5)}
        self.unnamed = [target for target in self.targets if chance.random() < 0.2]
        self.organisms, self.conditions = self._named("organism", 3), self._named("condition", 2)
        self.drugs = self._named("drug", chance.randint(3, 5))
        self.apart = sorted(chance.sample(self.actions[:3], chance.randint(2, 3)))
        self._statements: list[tuple[str, str, Term]] = []
        self._nodes = 0

    @staticmethod
    def _named(kind: str, count: int) -> list[str]:
        return [f"{n.NS}{kind}{i + 1}" for i in range(count)]

    # --- words ------------------------------------------------------------------------------------------------------

    def words(self) -> bytes:
        """Write the terms and the definitions."""
        mechanism, target = Named(n.NS + "Mechanism"), Named(n.TARGET_CLASS)
        axioms: list[Axiom] = [Below(action, mechanism) for action in self.actions[:3]]
        axioms += [Below(self.actions[3], Named(self.actions[0])), Apart(tuple(self.apart))]
        axioms += [Below(family, target) for family in self.families[:2]]
        axioms += [Below(family, Named(self.families[0])) for family in self.families[2:]]
        axioms += [Apart(tuple(self.families[:2])), Apart(tuple(self.families[2:]))]
        definitions = {name: self._mechanism() for name in self._named("Doing", 2)}
        self.doings = list(definitions)
        self.classes: list[str] = []
        for name in self._named("Class", 6):
            definitions[name] = And((Named(n.DRUG), *self._drug_parts(3)))
            self.classes.append(name)
        axioms += [Same(name, e) for name, e in definitions.items()]
        things: list[tuple[str, str, Term]] = [
            *((action, n.NS + "edgeOf", NamedNode(n.NS + "actsOn")) for action in self.actions),
            *((t, n.TYPE, NamedNode(family)) for t, family in self.targets.items()),
            *((t, n.TYPE, NamedNode(n.UNNAMED_MEMBER)) for t in self.unnamed),
            (n.UNNAMED_MEMBER, n.TYPE, NamedNode(n.OWL_CLASS)),
            *((t, n.TYPE, NamedNode(n.NS + "Organism")) for t in self.organisms),
            *((t, n.TYPE, NamedNode(n.NS + "Condition")) for t in self.conditions),
            *((name, n.DCT + "source", NamedNode(SOURCES[0])) for name in definitions),
            *((source, n.DCT + "title", Literal(source)) for source in SOURCES),
        ]
        own = [*self.actions, *self.families, *self.targets, *self.organisms, *self.conditions, *self.drugs, *definitions]
        for name in (*own, n.UNNAMED_MEMBER):
            things += [(name, n.LABEL, Literal(name.removeprefix(n.NS))), (name, n.DEFINITION, Literal("random"))]
        return write(axioms) + _triples(things)

    def _mechanism(self) -> Expression:
        """Return an expression of mechanisms: an action or several or all but one, a target, whose doing it is."""
        one, other = self.chance.sample(self.actions, 2)
        parts = [
            self.chance.choice((Named(one), Or((Named(one), Named(other))), Not(Named(one)))),
            self.chance.choice((Some, Only))(n.TARGET, self._target()),
            Named(self.chance.choice((n.DIRECT, n.METABOLITE_ACTION))),
            Not(Some(n.TARGET, self._target())),
            Some(n.VIA, OneOf((self.chance.choice(self.drugs),))),
        ]
        chosen = self._some_of(parts, (0.7, 0.7, 0.2, 0.2, 0.1))
        chosen = [And((Some(n.TARGET, Named(n.TARGET_CLASS)), p)) if isinstance(p, Only) else p for p in chosen]
        return And((Named(n.NS + "Mechanism"), *chosen))

    def _target(self) -> Expression:
        family, things = Named(self.chance.choice(self.families)), self.chance.sample(list(self.targets), 2)
        listed = OneOf(tuple(things[: self.chance.randint(1, 2)]))
        return self.chance.choice((family, listed, Or((family, listed)), And((Named(n.TARGET_CLASS), Not(listed)))))

    def _drug_parts(self, depth: int) -> list[Expression]:
        return [self._drug(depth) for _ in range(self.chance.randint(1, 2))]

    def _drug(self, depth: int) -> Expression:
        """Return an expression of drugs: a condition, or a combination of some."""
        kind = self.chance.random()
        if depth and kind < 0.15:
            return Not(self._drug(depth - 1))
        if depth and kind < 0.3:
            return Or((self._drug(depth - 1), self._drug(depth - 1)))
        if depth and kind < 0.4:
            return And((self._drug(depth - 1), self._drug(depth - 1)))
        if self.classes and kind < 0.55:
            return Named(self.chance.choice(self.classes))
        if kind < 0.6:
            return OneOf(tuple(self.chance.sample(self.drugs, 2)))
        prop = self.chance.choice((MECHANISM, MECHANISM, ORIGIN, INDICATION, DISTRIBUTION))
        fillers = [self._filler(prop, depth) for _ in range(2)]
        return And((Some(prop, fillers[0]), Only(prop, fillers[1]))) if kind > 0.85 else Some(prop, fillers[0])

    def _filler(self, prop: str, depth: int) -> Expression:
        if prop == MECHANISM:
            return Named(self.chance.choice(self.doings)) if self.chance.random() < 0.25 else self._mechanism()
        if prop == DISTRIBUTION:
            return Named(self.chance.choice(DISTRIBUTIONS))
        if prop == INDICATION:
            listed = Some(CONDITION, OneOf((self.chance.choice(self.conditions),)))
            return And((Named(n.NS + "Indication"), listed, Some(STATUS, OneOf((self.chance.choice(STATUSES),)))))
        origin = self.chance.choice((NATURAL, SEMISYNTHETIC, SYNTHETIC))
        if origin == NATURAL:
            return And((Named(origin), Some(ORGANISM, OneOf(tuple(self.chance.sample(self.organisms, self.chance.randint(1, 2)))))))
        if origin == SEMISYNTHETIC and depth:
            return And((Named(origin), Some(MADE_FROM, And((Named(n.DRUG), *self._drug_parts(depth - 1))))))
        return Named(origin)

    def _some_of(self, parts: Iterable[Expression], weights: Iterable[float]) -> list[Expression]:
        return [part for part, weight in zip(parts, weights, strict=True) if self.chance.random() < weight]

    # --- facts ------------------------------------------------------------------------------------------------------

    def facts(self) -> bytes:
        """Write what is said of the drugs."""
        for i, drug in enumerate(self.drugs):
            self._say(drug, n.TYPE, n.DRUG)
            for prop in (MECHANISM, ORIGIN, INDICATION, DISTRIBUTION):
                most = 1 if prop == DISTRIBUTION and self.chance.random() < 0.9 else 2 if prop == DISTRIBUTION else 3
                stated = [self._statement(drug, prop, self.drugs[:i]) for _ in range(self.chance.randint(0, most))]
                if prop != DISTRIBUTION and self.chance.random() < 0.6:
                    self._claim(drug, prop, stated)
        if self.faulty:
            self._fault()
        return _triples(self._statements)

    def _statement(self, drug: str, prop: str, earlier: list[str]) -> str:
        node = self._node()
        self._say(drug, prop, node)
        for source in self.chance.sample(SOURCES, self.chance.choice((1, 1, 2))):
            self._assert(node, source, n.DISPUTED if self.chance.random() < 0.1 else "")
        choose = self.chance.choice
        if prop == MECHANISM:
            self._say(node, n.TYPE, choose(self.actions))
            self._say(node, n.TARGET, choose(list(self.targets)))
            if earlier and self.chance.random() < 0.2:
                self._say(node, n.VIA, choose(earlier))
        elif prop == INDICATION:
            self._say(node, CONDITION, choose(self.conditions))
            self._say(node, STATUS, choose(STATUSES))
        elif prop == DISTRIBUTION:
            self._say(node, n.TYPE, choose(DISTRIBUTIONS))
        else:
            origin = choose((NATURAL, SYNTHETIC, *((SEMISYNTHETIC,) * 2 if earlier else ())))
            self._say(node, n.TYPE, origin)
            if origin == NATURAL:
                self._say(node, ORGANISM, choose(self.organisms))
            elif origin == SEMISYNTHETIC:
                self._say(node, MADE_FROM, choose(earlier))
        return node

    def _claim(self, drug: str, prop: str, stated: list[str]) -> None:
        """Claim that a list is complete; now and then it lacks what a source states."""
        node = self._node()
        listed = stated[1:] if self.chance.random() < 0.15 else stated
        for pred, value in ((n.TYPE, n.CLAIM), (n.ABOUT, drug), (n.ON_PROPERTY, prop), *((n.MEMBER, m) for m in listed)):
            self._say(node, pred, value)
        self._assert(node, self.chance.choice(SOURCES))

    def _fault(self) -> None:
        """Plant what no thing can be: a mechanism of two actions that are apart, or at two targets."""
        node = self._statement(self.drugs[0], MECHANISM, [])
        if self.chance.random() < 0.5:
            for action in self.apart[:2]:
                self._say(node, n.TYPE, action)
        else:
            for target in list(self.targets)[:2]:
                self._say(node, n.TARGET, target)

    def _assert(self, node: str, source: str, certainty: str = "") -> None:
        assertion = self._node()
        self._say(node, n.ASSERTED_BY, assertion)
        self._say(assertion, n.SOURCE, source)
        self._statements.append((assertion, n.LOCATOR, Literal("page 1")))
        if certainty:
            self._say(assertion, n.CERTAINTY, certainty)

    def _node(self) -> str:
        self._nodes += 1
        return f"_:n{self._nodes}"

    def _say(self, subject: str, prop: str, value: str) -> None:
        self._statements.append((subject, prop, _node(value)))


def _node(name: str) -> NamedNode | BlankNode:
    return BlankNode(name[2:]) if name.startswith("_:") else NamedNode(name)


def _triples(found: Iterable[tuple[str, str, Term]]) -> bytes:
    written = serialize([Quad(_node(s), NamedNode(p), o) for s, p, o in found], format=RdfFormat.N_TRIPLES)
    assert written is not None
    return written
