"""Answer questions about classes, such as whether every A is a B.

"Yes" is proved from the definitions alone, by structural subsumption (sound, not complete). "No" is proved by a drug that is an A
and is no B. Otherwise the answer is not known: that all drugs here which are A are also B proves nothing of other drugs.
"""

from __future__ import annotations

from . import names as n
from . import say
from .evaluate import Evaluator
from .expression import And, Expression, Named, Not, OneOf, Only, Or, Some
from .facts import Schema
from .graph import Graph
from .proof import Proof, prove


def below(schema: Schema, a: Expression, b: Expression) -> bool:
    """Whether everything in ``a`` is in ``b`` by the definitions alone. False means: not shown so."""
    if a == b:
        return True
    if isinstance(b, Named) and (definition := schema.definition(b.iri)) is not None:
        return below(schema, a, definition)
    if isinstance(b, And):
        return all(below(schema, a, part) for part in b.parts)
    if isinstance(a, Or):
        return all(below(schema, part, b) for part in a.parts)
    if isinstance(b, Or) and any(below(schema, a, part) for part in b.parts):
        return True
    if isinstance(a, Named):
        inner = schema.definition(a.iri)
        if inner is not None:
            return below(schema, inner, b)
        return isinstance(b, Named) and b.iri in schema.ancestors(a.iri)
    if isinstance(a, And):
        return any(below(schema, part, b) for part in a.parts)
    match a, b:
        case (Some(p, f), Some(q, g)) | (Only(p, f), Only(q, g)):
            return p == q and below(schema, f, g)
        case Not(f), Not(g):
            return below(schema, g, f)
        case OneOf(f), OneOf(g):
            return set(f) <= set(g)
        case OneOf(f), Named(iri):
            return all(any(iri in schema.ancestors(t) for t in schema.values(m, n.TYPE)) for m in f)
    return False


def about_class(graph: Graph, evaluator: Evaluator, a: str, b: str) -> tuple[str, tuple[Proof, ...], bool, tuple[str, ...]]:
    """Answer "is every A a B?": the verdict, its reasons, whether they are capped, and what is open.

    Reasons for "no" are counterexamples, drugs with fewer statements in their proofs first.
    """
    schema, ea, eb = graph.schema, Named(a), Named(b)
    name, what = schema.label(a), say.expression(schema, eb)
    if below(schema, ea, eb):
        text = f"every {name} {what}: it follows from the definitions"
        return "yes", (Proof(text, "class", "yes", (), (), schema.label(a)),), False, ()
    examples = []
    both = 0
    for drug in graph.schema.drugs():
        if evaluator.verdict(drug, ea) == "yes":
            verdict = evaluator.verdict(drug, eb)
            both += verdict == "yes"
            if verdict == "no":
                sides = [prove(evaluator, drug, e, side) for e, side in ((ea, True), (eb, False))]
                text = f"every {name} {what}: not {schema.label(drug)}"
                examples.append(Proof(text, "class", "no", tuple(sides), (), n.short(drug)))
    if examples:
        examples.sort(key=lambda p: (sum(1 for _ in p.leaves()), p.claim))
        return "no", tuple(examples[:3]), len(examples) > 3, ()
    open_text = f"no drug here is {say.article(name)} and proved not to be in the other class; {both} are proved to be in both"
    return "unknown", (), False, (open_text, "a definition from which it follows, or a drug that is the one and not the other")
