"""Say statements and conditions in English. The words come from the labels, phrases and verbs of the ontology."""

from __future__ import annotations

from . import names as n
from .expression import And, Expression, Named, Not, OneOf, Only, Or, Some
from .facts import Schema

_MECHANISM = n.NS + "Mechanism"
_PREDICATE = (
    "is ",
    "are ",
    "has ",
    "can ",
    "acts ",
    "activates ",
    "blocks ",
    "binds ",
    "occurs ",
    "reaches ",
    "stays ",
    "inhibits ",
    "partly ",
    "leaves ",
    "induces ",
    "depends ",
)


def article(noun: str) -> str:
    """Put the indefinite article before a noun.

    >>> article("opioid"), article("NSAID"), article("GABA-B agonist"), article("use"), article("H1 antihistamine")
    ('an opioid', 'an NSAID', 'a GABA-B agonist', 'a use', 'an H1 antihistamine')
    """
    first = noun.replace("-", " ").split()[0] if noun.split() else ""
    if first[:1].isupper() and first.upper() == first and not first.startswith(("GABA", "COX", "SNAP", "CNS")):
        vowel = first[0] in "AEFHILMNORSX"
    else:
        vowel = noun[:1].lower() in "aeiou" and not noun.lower().startswith(("use", "uni", "eu"))
    return f"{'an' if vowel else 'a'} {noun}"


def the(schema: Schema, thing: str) -> str:
    """Name a thing, with the definite article where English wants one: a receptor, a site, a skeleton, not a drug or an enzyme."""
    types = schema.values(thing, n.TYPE)
    definite = (n.TARGET_CLASS, n.NS + "Site", n.NS + "Skeleton", n.NS + "Anatomy", n.NS + "Organism")
    if n.NS + "EnzymeTarget" in types:
        return schema.label(thing)
    return f"the {schema.label(thing)}" if any(c in types for c in definite) else schema.label(thing)


# --- statements -----------------------------------------------------------------------------------------------------


def statement(schema: Schema, proposition: str) -> str:
    """Say what a proposition says, as a predicate of its drug: "activates the GABA-B receptor", "has a use for spasticity (oral)"."""
    found = schema.said.get(proposition)
    if found is None:
        found = schema.said[proposition] = _statement(schema, proposition)
    return found


def _statement(schema: Schema, proposition: str) -> str:
    types = schema.values(proposition, n.TYPE)
    phrases = [t for t in types if schema.text(t, n.PHRASE) and t not in (n.DIRECT, n.METABOLITE_ACTION)]
    most = max(phrases, key=lambda t: (len(schema.ancestors(t)), t), default=None)
    verb = schema.text(most, n.PHRASE) if most else None
    target, via = schema.values(proposition, n.TARGET), schema.values(proposition, n.VIA)
    if target:
        words = f"{verb or 'acts on'} {the(schema, target[0])}"
        return f"{words}, through {schema.label(via[0])}" if via else words
    head, details = _details(schema, proposition, joined=verb is not None)
    words = " ".join(filter(None, [verb or _link_verb(schema, proposition), head]))
    return f"{words} ({', '.join(details)})" if details else words


def _link_verb(schema: Schema, proposition: str) -> str:
    """Return the verb of the property by which a drug has a proposition."""
    for drug in schema.values(proposition, n.ABOUT_DRUG):
        for prop in sorted(schema.statement_properties):
            if proposition in schema.values(drug, prop):
                return schema.text(prop, n.VERB) or schema.label(prop)
    return schema.label(proposition)


HEADS = (
    "condition",
    "effect",
    "topic",
    "skeleton",
    "bindingSite",
    "schedule",
    "liability",
    "pathway",
    "phase",
    "enzyme",
    "place",
    "response",
    "activityAt",
    "usedIn",
    "dependence",
    "tag",
    "organism",
    "madeFrom",
    "route",
)
"""Qualifiers that say what a statement is about, the most telling first; others limit it."""
_REST = ("degree", "status", "frequency", "circumstance", "route", "jurisdiction", "product", "validFrom", "validUntil")
_OWN_WORDS = (
    "skeleton",
    "bindingSite",
    "response",
    "dependence",
    "tag",
    "effect",
    "topic",
    "liability",
    "enzyme",
    "place",
    "pathway",
    "phase",
    "route",
)


def _details(schema: Schema, proposition: str, joined: bool) -> tuple[str, list[str]]:
    """Split the qualifiers of a proposition into what it is about and what limits it."""
    head, used = "", ""
    for name in HEADS:
        prop = n.NS + name
        values = [*(the(schema, v) for v in schema.values(proposition, prop)), *schema.literals(proposition, prop)]
        if values:
            link = schema.text(prop, n.VERB) if name not in _OWN_WORDS else ""
            head, used = " ".join(filter(None, [link, values[0]])), name
            break
    details = []
    for name in _REST:
        if name != used:
            prop = n.NS + name
            details += [schema.label(v) for v in schema.values(proposition, prop)]
            details += [f"{schema.label(prop)} {v}" for v in schema.literals(proposition, prop)]
    if schema.literals(proposition, n.NS + "boxed") == ("true",):
        details.append("boxed")
    for name, unit in (("percent", "%"), ("hours", "h")):
        bounds = [schema.literals(proposition, n.NS + name + end) for end in ("Low", "High")]
        figures = dict.fromkeys(_figure(b[0]) for b in bounds if b)
        if figures:
            details.append(f"{' to '.join(figures)} {unit}")
    return head, details


def _figure(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


# --- conditions -----------------------------------------------------------------------------------------------------


def named(schema: Schema, iri: str) -> str:
    """Say membership in a class as a predicate: "activates an opioid receptor", "is an opioid"."""
    return schema.text(iri, n.PHRASE) or f"is {article(schema.label(iri))}"


def expression(schema: Schema, e: Expression) -> str:
    """Say a condition as a predicate of one thing."""
    found = schema.said.get(e)
    if found is None:
        found = schema.said[e] = _expression(schema, e)
    return found


def _expression(schema: Schema, e: Expression) -> str:
    match e:
        case Named(iri):
            return named(schema, iri)
        case Not(part):
            return f"is not such that it {expression(schema, part)}"
        case And(parts):
            return _mechanism(schema, parts) or _joined(schema, parts)
        case Or(parts):
            return " or ".join(dict.fromkeys(expression(schema, p) for p in parts))
        case OneOf(members):
            return "is " + " or ".join(the(schema, m) for m in members)
        case Some(prop, filler):
            words = _filler(schema, filler)
            verb = schema.text(prop, n.VERB) or ""
            if prop in schema.statement_properties and words.startswith(_PREDICATE + _verbs(schema)):
                return words
            if prop == n.HAS_MECHANISM and words.startswith(("by itself", "through")):
                return f"acts {words}"
            return f"{verb} {words}".strip()
        case Only(prop, filler):
            return f"has no {schema.label(prop)} but such that it {expression(schema, filler)}"


def _verbs(schema: Schema) -> tuple[str, ...]:
    """The verbs of actions: a filler that begins with one is a predicate of the drug already."""
    phrases = (schema.text(a, n.PHRASE) for a in schema.subjects(n.SUBCLASS, _MECHANISM))
    return tuple(p.split()[0] + " " for p in phrases if p)


def _joined(schema: Schema, parts: tuple[Expression, ...]) -> str:
    """Join conditions: qualifiers follow the verb that they qualify, other parts are joined by "and"."""
    told = [p for p in parts if not (isinstance(p, Named) and is_sort(schema, p.iri))] or list(parts)
    qualifiers = [p for p in told if isinstance(p, (Some, Only)) and p.prop not in schema.statement_properties]
    others = [p for p in told if p not in qualifiers]
    head = " and ".join(expression(schema, p) for p in others)
    if head and len(others) == 1 and isinstance(others[0], Named):
        objects = [p for p in qualifiers if schema.literals(p.prop, n.VERB) == ("",)]
        head = " ".join([head, *(expression(schema, p) for p in objects)])
        qualifiers = [p for p in qualifiers if p not in objects]
    tail = ", ".join(expression(schema, p) for p in qualifiers)
    return f"{head}, {tail}" if head and tail else head or tail


def is_sort(schema: Schema, iri: str) -> bool:
    """Whether a class only says what sort of thing is meant."""
    return iri == n.DRUG or (n.PROPOSITION in schema.ancestors(iri)[:2] and schema.definition(iri) is None)


def _filler(schema: Schema, e: Expression) -> str:
    """Say the filler of a restriction: a statement as a predicate, a thing as a noun."""
    match e:
        case Named(iri):
            if n.PROPOSITION in schema.ancestors(iri) or _is_proposition(schema, e):
                return named(schema, iri)
            return article(schema.label(iri))
        case OneOf(members):
            return " or ".join(the(schema, m) for m in members)
        case Or(parts):
            return " or ".join(dict.fromkeys(_filler(schema, p) for p in parts))
        case Not(part):
            return f"other than {_filler(schema, part)}"
    if isinstance(e, And) and any(isinstance(p, Named) and p.iri == n.DRUG for p in e.parts):
        return f"a drug that {expression(schema, e)}"
    return expression(schema, e)


def _is_proposition(schema: Schema, e: Named) -> bool:
    definition = schema.definition(e.iri)
    first = definition.parts[0] if isinstance(definition, And) else None
    return isinstance(first, Named) and n.PROPOSITION in schema.ancestors(first.iri)


def _mechanism(schema: Schema, parts: tuple[Expression, ...]) -> str | None:
    """Say an action at a target with the verb of the action; None where the parts are no such thing."""
    targets = [p.filler for p in parts if isinstance(p, Some) and p.prop == n.TARGET]
    others = [p for p in parts if not (isinstance(p, Some) and p.prop == n.TARGET)]
    verbs = [_verb(schema, p) for p in others if not (isinstance(p, Named) and p.iri == _MECHANISM)]
    if len(targets) != 1 or None in verbs:
        return None
    verb = " and ".join(v for v in verbs if v) or "acts at"
    return f"{verb} {_filler(schema, targets[0])}"


def _verb(schema: Schema, e: Expression) -> str | None:
    match e:
        case Named(iri):
            return schema.text(iri, n.PHRASE) if schema.definition(iri) is None else None
        case Or(parts):
            verbs = [_verb(schema, p) for p in parts]
            return None if None in verbs else " or ".join(v for v in verbs if v)
    return None
