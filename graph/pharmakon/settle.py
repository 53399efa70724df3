"""What would settle an open question: the statements or claims whose absence leaves a verdict not known."""

from __future__ import annotations

from . import names as n
from . import say
from .evaluate import Evaluator
from .expression import And, Expression, Named, Not, OneOf, Only, Or, Some


def open_points(evaluator: Evaluator, thing: str, e: Expression, verdict: str) -> tuple[str, ...]:
    """Return what would settle a verdict that is "unknown", or what is at odds in one that is "contradicted".

    Each point is a sentence; any one of a set that together decide the question may be enough.
    """
    schema = evaluator.schema
    points = dict.fromkeys(_points(evaluator, thing, e)) if verdict == "unknown" else {}
    for claim, unlisted in evaluator.conflicts.items():
        if thing in schema.values(claim, n.ABOUT):
            on = schema.label(schema.values(claim, n.ON_PROPERTY)[0])
            what = "; ".join(say.statement(schema, u) for u in unlisted)
            points[f"conflict: a source states what the claim on {on} of {schema.label(thing)} does not list: {what}"] = None
    return tuple(points)


def _points(evaluator: Evaluator, x: str, e: Expression) -> list[str]:
    if evaluator.verdict(x, e) != "unknown":
        return []
    schema = evaluator.schema
    match e:
        case Named(iri):
            definition = schema.definition(iri)
            if definition is not None:
                return _points(evaluator, x, definition)
            drugs = schema.values(x, n.ABOUT_DRUG)
            if drugs:
                return [f"whether {schema.label(drugs[0])} {say.statement(schema, x)} by {schema.label(iri)}"]
            return [f"whether {_about(evaluator, x)} {say.expression(schema, e)}"]
        case Not(part):
            return _points(evaluator, x, part)
        case And(parts) | Or(parts):
            return [point for part in parts for point in _points(evaluator, x, part)]
        case Some(prop, filler) | Only(prop, filler):
            return _values(evaluator, x, prop, filler, isinstance(e, Some))
        case OneOf():
            return [f"whether {_about(evaluator, x)} {say.expression(schema, e)}"]


def _values(evaluator: Evaluator, x: str, prop: str, filler: Expression, some: bool) -> list[str]:
    schema, facts = evaluator.schema, evaluator.facts
    stated = facts.values(x, prop)
    deeper = [point for v in stated for point in _points(evaluator, v, filler)]
    if prop in schema.statement_properties:
        disputed = [v for v in stated if not facts.firm(v) and evaluator.verdict(v, filler) == ("yes" if some else "no")]
        deeper += [
            f"agreement of the sources on whether {_about(evaluator, x)} {say.statement(schema, v)}: it is disputed" for v in disputed
        ]
    label, name = schema.label(prop), _about(evaluator, x)
    if prop not in schema.statement_properties:
        return deeper or [f"a source that gives the {label} of {name}"]
    if prop in schema.functional:
        return deeper or [f"a source on the {label} of {name}"]
    points = list(deeper)
    if some:
        points.append(f"a source that says that {name} {say.expression(schema, Some(prop, filler))}")
    points += _claims(evaluator, x, prop, stated)
    return points


def _claims(evaluator: Evaluator, x: str, prop: str, stated: tuple[str, ...]) -> list[str]:
    schema, label = evaluator.schema, evaluator.schema.label(prop)
    claims = evaluator.facts.claims(x, prop)
    if not claims:
        what = f"what is stated of its {label} is all there is" if stated else f"there is no {label} to state"
        return [f"a claim of {schema.label(x)} that {what}"]
    points = []
    for claim in claims:
        lost = [m for m in claim.members if m not in stated]
        if lost:
            what = "; ".join(say.statement(schema, m) for m in lost)
            points.append(f"the claim on {label} of {schema.label(x)} is void: it lists what is no longer stated ({what})")
    return points


def _about(evaluator: Evaluator, x: str) -> str:
    if n.PROPOSITION in evaluator.facts.types(x):
        drugs = evaluator.schema.values(x, n.ABOUT_DRUG)
        who = evaluator.schema.label(drugs[0]) if drugs else "the drug"
        return f"what is stated of {who} ({say.statement(evaluator.schema, x)})"
    return say.the(evaluator.schema, x)
