"""Makes small random ontologies over the shipped vocabulary, as an author would write them.

They have what can go wrong: actions that are not set apart, targets that may be the same, two values where one can be, claims that
lack what a source states, disputed statements, definitions of every construct, named in each other.
"""

from __future__ import annotations

import random
from collections.abc import Iterable

from . import names as n
from .axioms import Apart, Axiom, Below, Same, write
from .expression import And, Expression, Named, Not, OneOf, Only, Or, Some
from .rdf import BlankNode, Literal, NamedNode, Quad, RdfFormat, Term, serialize

MECHANISM, ORIGIN, INDICATION, DISTRIBUTION = (n.NS + f"has{kind}" for kind in ("Mechanism", "Origin", "Indication", "Distribution"))
NATURAL, SEMISYNTHETIC, SYNTHETIC = (n.NS + f"{kind}Origin" for kind in ("Natural", "Semisynthetic", "Synthetic"))
ORGANISM, MADE_FROM, CONDITION, STATUS = (n.NS + name for name in ("organism", "madeFrom", "condition", "status"))
DISTRIBUTIONS = (n.NS + "ReachesCNS", n.NS + "PeripheryOnly")
STATUSES = (n.NS + "Approved", n.NS + "OffLabel")
SOURCES = tuple(n.SRC + name for name in ("one", "two", "three"))


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
        filler, other = self._filler(prop, depth), self._filler(prop, depth)
        if prop == DISTRIBUTION or kind < 0.85:
            return Some(prop, filler)
        return And((Some(prop, filler), Only(prop, Or((filler, other)))))

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
        node = self._anonymous()
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
        node = self._anonymous()
        listed = stated[1:] if self.chance.random() < 0.1 else stated
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
        assertion = self._anonymous()
        self._say(node, n.ASSERTED_BY, assertion)
        self._say(assertion, n.SOURCE, source)
        self._statements.append((assertion, n.LOCATOR, Literal("page 1")))
        if certainty:
            self._say(assertion, n.CERTAINTY, certainty)

    def _anonymous(self) -> str:
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
