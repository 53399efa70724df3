"""Random small ontologies, judged one by one: nothing may be proved that HermiT denies, no contradiction may go unseen.

Each is written as Turtle files and built like the shipped ontology, over its vocabulary.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from . import build, verify
from . import names as n
from .errors import BadOntology
from .facts import Schema, View
from .locate import ontology, queries
from .maker import Maker


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
    judged = verify.compare(schema, view, product(schema.drugs(), schema.drug_classes))
    audited = verify.audited(store, schema)
    found = {drug for drug in schema.drugs() if audited & verify.reached(schema, view, drug)}
    return Outcome(False, tuple(judged), tuple(dict.fromkeys(line for j in judged for line in _wrong(j, found))))


def _wrong(j: verify.Judged, found: set[str]) -> Iterator[str]:
    if j.hermit == "contradicted":
        if j.drug not in found and j.evaluator != "contradicted":
            yield f"contradiction not found: {n.short(j.drug)}"
    elif any(verdict not in ("unknown", j.hermit) for verdict in (j.evaluator, j.matrix)) or j.evaluator != j.matrix:
        yield j.line()
