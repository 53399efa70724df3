"""Hold the verdicts of the evaluator and of the matrix against HermiT's."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product

from . import hermit
from . import names as n
from .axioms import Apart, Axiom, write
from .errors import PharmakonError
from .evaluate import Evaluator
from .expression import Named
from .facts import Facts, Schema, View
from .graph import Graph
from .locate import queries
from .matrix import Index
from .owl import Pair, overlap, view
from .rdf import Engine, NamedNode
from .sparql import header
from .sparql import run as run_query

SLICE = 600
"""How many pairs one run of HermiT is asked about: its time grows faster than they do."""

WORKERS = 2
"""How many runs go on at a time; each may take 2 GB."""

VERDICTS = ("yes", "no", "unknown", "contradicted")

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Judged:
    """One pair of a drug and a class, with three verdicts on it."""

    drug: str
    name: str
    evaluator: str
    matrix: str
    hermit: str

    def line(self) -> str:
        """Tell the three verdicts in a line."""
        verdicts = f"evaluator {self.evaluator}, matrix {self.matrix}, HermiT {self.hermit}"
        return f"disagreement: {n.short(self.drug)} {n.short(self.name)}: {verdicts}"


def judge(graph: Graph, pairs: int, seed: int, say: Say) -> int:
    """Judge every pair of a drug and a hand-written class, and a sample of the pairs with classes that patterns make.

    Args:
        graph: the graph.
        pairs: the size of the sample.
        seed: the seed of the sample.
        say: takes the lines of the report.

    Returns:
        0 when all verdicts are the same, else 1.

    Raises:
        PharmakonError: HermiT cannot be run, fails, or takes too long.
    """
    schema, facts = graph.schema, View(graph.store)
    drugs, classes, patterns = schema.drugs(), schema.drug_classes, schema.pattern_classes()
    made = list(product(drugs, patterns))
    sample = random.Random(seed).sample(made, min(pairs, len(made)))
    say(f"{len(drugs) * len(classes)} pairs: {len(drugs)} drugs, {len(classes)} classes with a definition of their own")
    say(f"{len(sample)} pairs of {len(made)}: {len(drugs)} drugs, {len(patterns)} classes made by patterns (seed {seed})")
    judged = compare(schema, facts, [*product(drugs, classes), *sample])
    for line in table(judged):
        say(line)
    at_odds = audited(graph.store, schema) if any(j.hermit == "contradicted" for j in judged) else frozenset()
    wrong = [j for j in judged if not _equal(j, bool(at_odds and at_odds & reached(schema, facts, j.drug)))]
    for j in wrong:
        say(j.line())
    say(f"{len(wrong)} disagreements")
    return 1 if wrong else 0


def _equal(j: Judged, at_odds: bool) -> bool:
    """Whether a pair is judged alike. Of what is contradicted HermiT proves everything; that we must report, and not follow."""
    if j.hermit == "contradicted":
        return at_odds or j.evaluator == "contradicted"
    return j.evaluator == j.matrix == j.hermit


def table(judged: Sequence[Judged]) -> Iterator[str]:
    """Yield the lines of a table: how often each side gives each verdict."""
    yield f"{'':<10}" + "".join(f"{verdict:>14}" for verdict in VERDICTS)
    for side in ("evaluator", "matrix", "hermit"):
        counts = Counter(getattr(j, side) for j in judged)
        yield f"{'HermiT' if side == 'hermit' else side:<10}" + "".join(f"{counts[verdict]:>14}" for verdict in VERDICTS)


# --- the three judges -------------------------------------------------------------------------------------------------


def compare(schema: Schema, facts: Facts, pairs: Iterable[Pair]) -> list[Judged]:
    """Return the verdicts of the evaluator, the matrix and HermiT on some pairs, in the order of class and drug."""
    asked = sorted(dict.fromkeys(pairs), key=lambda pair: (pair[1], pair[0]))
    evaluator = Evaluator(schema, facts)
    matrix = _matrix(schema, facts, asked)
    theirs = ask_hermit(schema, facts, asked)
    return [Judged(*pair, evaluator.verdict(pair[0], Named(pair[1])), matrix[pair], theirs[pair]) for pair in asked]


def _matrix(schema: Schema, facts: Facts, pairs: Sequence[Pair]) -> dict[Pair, str]:
    drugs = sorted({drug for drug, _ in pairs})
    found = Index(schema, facts, drugs).verdicts(sorted({name for _, name in pairs}))
    row = {drug: i for i, drug in enumerate(drugs)}
    return {(drug, name): _word(bool(found[name][0][row[drug]]), bool(found[name][1][row[drug]])) for drug, name in pairs}


def _word(yes: bool, no: bool) -> str:
    return "contradicted" if yes and no else "yes" if yes else "no" if no else "unknown"


def ask_hermit(schema: Schema, facts: Facts, pairs: Sequence[Pair]) -> dict[Pair, str]:
    """Return HermiT's verdicts on some pairs, asked for in slices."""
    slices = [pairs[i : i + SLICE] for i in range(0, len(pairs), SLICE)]
    pool = ThreadPoolExecutor(WORKERS)
    try:
        runs: list[Future[dict[Pair, str]]] = [pool.submit(_run, part, view(schema, facts, part)) for part in slices]
        return {pair: verdict for run in runs for pair, verdict in run.result().items()}
    finally:
        pool.shutdown(cancel_futures=True)


def _run(pairs: Sequence[Pair], axioms: Sequence[Axiom]) -> dict[Pair, str]:
    found = hermit.classify(write(axioms))
    sets = sum(isinstance(axiom, Apart) for axiom in axioms)
    if found.disjoint != sets:
        raise PharmakonError(f"of {sets} axioms of disjoint classes {found.disjoint} reached HermiT: its verdicts are worth nothing")
    return {pair: _verdict(found, pair) for pair in pairs}


def _verdict(found: hermit.Taxonomy, pair: Pair) -> str:
    drug, name = pair
    if drug in found.empty:
        return "contradicted"
    return _word(name in found.above[drug], overlap(pair) in found.empty)


# --- what the audit finds -----------------------------------------------------------------------------------------------


def audited(store: Engine, schema: Schema) -> frozenset[str]:
    """Return the drugs of which the checks say that something is wrong or at odds."""
    found: set[str] = set()
    for path in sorted((queries() / "checks").glob("*.rq")):
        text = path.read_text("utf-8")
        if header(text)["severity"] != "incomplete":
            things = {cell.value for row in run_query(store, text).rows for cell in row if isinstance(cell, NamedNode)}
            owners = {drug for thing in things for prop in (n.ABOUT_DRUG, n.ABOUT) for drug in schema.values(thing, prop)}
            found |= {thing for thing in things | owners if n.DRUG in schema.values(thing, n.TYPE)}
    return frozenset(found)


def reached(schema: Schema, facts: Facts, drug: str) -> frozenset[str]:
    """Return a drug and the drugs that its statements lead to: it cannot be what it says if one of them cannot."""
    found, todo = {drug}, [drug]
    while todo:
        thing = todo.pop()
        statements = [s for prop in schema.statement_properties for s in facts.values(thing, prop)]
        values = {v for s in statements for prop in schema.functional for v in facts.values(s, prop)}
        more = {v for v in values - found if n.DRUG in facts.types(v)}
        found |= more
        todo += more
    return frozenset(found)
