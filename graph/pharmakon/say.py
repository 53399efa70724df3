"""Say statements and conditions in English. The words come from the labels and phrases of the ontology."""

from __future__ import annotations

from . import names as n
from .expression import And, Expression, Named, Not, OneOf, Only, Or, Some
from .facts import Schema, sort_of

_SUFFIXES = ("Low", "High")


def article(noun: str) -> str:
    """Put the indefinite article before a noun.

    >>> article("opioid"), article("NSAID"), article("GABA-B agonist"), article("use"), article("Z-drug")
    ('an opioid', 'an NSAID', 'a GABA-B agonist', 'a use', 'a Z-drug')
    """
    first = noun.split()[0].split("-")[0] if noun.split() else ""
    if len(first) > 1 and first.isupper() and first not in ("GABA", "COX", "SNAP"):
        vowel = first[0] in "AEFHILMNORSX"
    else:
        vowel = noun[:1].lower() in "aeiou" and not noun.lower().startswith(("use", "uni", "eu"))
    return f"{'an' if vowel else 'a'} {noun}"


def the(schema: Schema, thing: str) -> str:
    """Name a thing with the definite article where English wants one: a receptor, not a drug."""
    label = schema.label(thing)
    return f"the {label}" if _is(schema, thing, n.TARGET_CLASS, n.NS + "Site") else label


def _is(schema: Schema, thing: str, *classes: str) -> bool:
    return any(c in schema.values(thing, n.TYPE) for c in classes)


def statement(schema: Schema, proposition: str) -> str:
    """Say what a proposition says, without its drug: "activates the GABA-B receptor", "spasticity (oral, approved)"."""
    types = schema.values(proposition, n.TYPE)
    verbs = [t for t in types if schema.text(t, n.PHRASE) and t not in (n.DIRECT, n.METABOLITE_ACTION)]
    verb = max(verbs, key=lambda t: len(schema.ancestors(t)), default=None)
    target = schema.values(proposition, n.TARGET)
    if target:
        words = f"{schema.text(verb, n.PHRASE) if verb else 'acts on'} {the(schema, target[0])}"
        via = schema.values(proposition, n.VIA)
        return f"{words}, through {schema.label(via[0])}" if via else words
    details = _details(schema, proposition)
    if verb:
        return " ".join(filter(None, [schema.text(verb, n.PHRASE), f"({', '.join(details)})" if details else ""]))
    head, rest = (details[0], details[1:]) if details else (schema.label(proposition), [])
    return f"{head} ({', '.join(rest)})" if rest else head


_HEADS = ("condition", "effect", "topic", "skeleton", "bindingSite", "schedule", "liability", "pathway", "phase", "enzyme", "place", "response", "tag", "route")
_ORDER = (*_HEADS, "degree", "status", "frequency", "circumstance", "route", "jurisdiction", "organism", "madeFrom", "product", "validFrom", "validUntil")


def _details(schema: Schema, proposition: str) -> list[str]:
    """List the qualifiers of a proposition, what it is about first."""
    found = []
    for name in dict.fromkeys(_ORDER):
        prop = n.NS + name
        for value in schema.values(proposition, prop):
            words = schema.label(value)
            found.append(f"from {words}" if name in ("madeFrom", "organism") else words)
        for value in schema.literals(proposition, prop):
            found.append(f"{schema.label(prop)} {value}" if name.startswith("valid") else value)
    if schema.literals(proposition, n.NS + "boxed") == ("true",):
        found.append("boxed")
    for name, unit in (("percent", "%"), ("hours", "h")):
        low, high = (schema.literals(proposition, n.NS + name + end) for end in _SUFFIXES)
        if low or high:
            figures = [_figure(v[0]) for v in (low, high) if v]
            found.append(f"{' to '.join(dict.fromkeys(figures))} {unit}")
    return found


def _figure(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def named(schema: Schema, iri: str) -> str:
    """Say membership in a class as a predicate: "activates an opioid receptor", "is an opioid"."""
    phrase = schema.text(iri, n.PHRASE)
    if phrase and not phrase.startswith("is an opiate"):
        return phrase
    return f"is {article(schema.label(iri).partition(',')[0])}" if "," not in schema.label(iri) else phrase or f"is {article(schema.label(iri))}"


def expression(schema: Schema, e: Expression) -> str:
    """Say a condition as a predicate of one thing."""
    match e:
        case Named(iri):
            return named(schema, iri)
        case Not(part):
            return f"not so that it {expression(schema, part)}"
        case And(parts):
            mechanism = _mechanism(schema, parts)
            rest = [p for p in parts if not (isinstance(p, Named) and schema.definition(p.iri) is None and _is_sort(schema, p.iri))]
            return mechanism or " and ".join(expression(schema, p) for p in rest or parts)
        case Or(parts):
            return " or ".join(expression(schema, p) for p in parts)
        case OneOf(members):
            return "is " + " or ".join(the(schema, m) for m in members)
        case Some(prop, filler):
            if prop in schema.statement_properties:
                return _of_kind(schema, prop, filler)
            return f"{schema.label(prop)}: {_noun(schema, filler)}"
        case Only(prop, filler):
            return f"has no {schema.label(prop)} but one that {expression(schema, filler)}"


def _is_sort(schema: Schema, iri: str) -> bool:
    return iri in (n.DRUG, n.PROPOSITION) or n.PROPOSITION in schema.ancestors(iri)[1:2] or iri == n.NS + "Mechanism"


def _of_kind(schema: Schema, prop: str, filler: Expression) -> str:
    """Say "some mechanism that ..." by what the mechanism does, where it has words of its own."""
    words = expression(schema, filler)
    starts = ("activates", "blocks", "acts", "is", "has", "reaches", "stays", "occurs", "inhibits", "strengthens", "weakens", "partly", "binds", "opens")
    if words.startswith((*starts, "disables", "lowers", "by itself", "through")):
        return "acts " + words if words.startswith(("by itself", "through")) else words
    return f"{schema.label(prop)}: {words}"


def _mechanism(schema: Schema, parts: tuple[Expression, ...]) -> str | None:
    """Say an action at a target with the verb of the action; None where the parts are no such thing."""
    targets = [p.filler for p in parts if isinstance(p, Some) and p.prop == n.TARGET]
    if len(targets) != 1:
        return None
    others = [p for p in parts if not (isinstance(p, Some) and p.prop == n.TARGET)]
    verbs = [_verb(schema, p) for p in others if not (isinstance(p, Named) and p.iri == n.NS + "Mechanism")]
    if any(v is None for v in verbs):
        return None
    verb = " and ".join(v for v in verbs if v) or "acts at"
    return f"{verb} {_noun(schema, targets[0])}"


def _verb(schema: Schema, e: Expression) -> str | None:
    match e:
        case Named(iri):
            return schema.text(iri, n.PHRASE)
        case Or(parts):
            verbs = [_verb(schema, p) for p in parts]
            return None if any(v is None for v in verbs) else " or ".join(v for v in verbs if v)
    return None


def _noun(schema: Schema, e: Expression) -> str:
    match e:
        case Named(iri):
            definition = schema.definition(iri)
            if definition is not None and sort_of(definition) == n.DRUG:
                return article(schema.label(iri))
            return article(schema.label(iri))
        case OneOf(members):
            return " or ".join(the(schema, m) for m in members)
        case Or(parts):
            return " or ".join(_noun(schema, p) for p in parts)
        case Not(part):
            return f"other than {_noun(schema, part)}"
    return f"one that {expression(schema, e)}"
