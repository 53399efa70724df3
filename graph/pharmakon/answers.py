"""The questions: ask, why, whatif, members and show. Each takes names as people write them and returns frozen values.

The command line, notebooks and programs all come through here, so that they say the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from . import graph as g
from . import names as n
from . import say
from .evaluate import Evaluator
from .expression import And, Expression, Named
from .facts import sort_of
from .graph import Graph
from .proof import Proof, Prover, citations, cite, ranked
from .values import Answer, Contrast, Entry, Members, Page, Row, Sense, Thing, Verdict, WhatIf, WhatIfs

if TYPE_CHECKING:
    from .changes import Change

REASONS = 12
"""How many reasons an answer shows at most, smallest first."""


# --- the questions --------------------------------------------------------------------------------------------------


def ask(subject: str, cls: str | None = None, *, without: Sequence[str] = (), graph: Graph | None = None) -> Answer:
    """Ask whether a drug is a member of a class, in each sense of the word.

    Args:
        subject: a drug, or a class that stands for every drug in it; or, with no ``cls``, a question in English.
        cls: the class.
        without: sources to withdraw, such as ``"gtopdb"``.
        graph: the graph; the shipped one where none is given.

    Raises:
        UnknownName: a name stands for nothing; the error suggests others.
        BadQuestion: the question has another form than "is DRUG a CLASS?".

    >>> [a.verdict for a in ask("baclofen", "opiate").answers]
    ['no', 'no', 'no']
    >>> ask("Is morphine an opioid?").answers[0].verdict
    'yes'
    """
    graph = graph or g.shipped()
    if cls is None:
        subject, cls = g.question(graph, subject)
    wanted = g.klass(graph, cls)
    who = g.subject(graph, subject)
    evaluator = graph.evaluator(without)
    every = n.DRUG not in graph.schema.values(who, n.TYPE)
    if not every:
        answers = tuple(_verdict(graph, evaluator, who, c) for c in senses(graph, wanted))
    else:
        from .subsume import about_class

        answers = tuple(
            Verdict(_sense(graph, c), *about_class(graph, evaluator, s, c)) for s in senses(graph, who) for c in senses(graph, wanted)
        )
    return Answer(_thing(graph, who), _thing(graph, wanted), answers, every=every)


def why(a: str, b: str, cls: str, *, without: Sequence[str] = (), graph: Graph | None = None) -> Contrast:
    """Contrast two drugs: which conditions of a class each of them meets.

    Raises:
        UnknownName: a name stands for nothing.

    >>> [(row.condition, row.a, row.b) for row in why("morphine", "baclofen", "opiate").rows[0]]
    [('occurs in the opium poppy', 'yes', 'no'), ('activates an opioid receptor, itself or through a metabolite', 'yes', 'no')]
    """
    graph = graph or g.shipped()
    one, other, wanted = g.drug(graph, a), g.drug(graph, b), g.klass(graph, cls)
    evaluator = graph.evaluator(without)
    rows = []
    for sense in senses(graph, wanted):
        parts = conditions(graph, sense)
        rows.append(tuple(_row(graph, evaluator, one, other, part) for part in parts))
    answers = [
        Answer(_thing(graph, d), _thing(graph, wanted), tuple(_verdict(graph, evaluator, d, c) for c in senses(graph, wanted)))
        for d in (one, other)
    ]
    return Contrast(answers[0], answers[1], tuple(rows))


def whatif(subject: str, cls: str, *, without: Sequence[str] = (), graph: Graph | None = None) -> WhatIfs:
    """Ask what would change a verdict: the smallest withdrawals that unsettle it, the smallest additions that turn it.

    Raises:
        UnknownName: a name stands for nothing.

    >>> whatif("baclofen", "opiate").answers[0].verdict
    'no'
    """
    graph = graph or g.shipped()
    who, wanted = g.drug(graph, subject), g.klass(graph, cls)
    evaluator = graph.evaluator(without)
    return WhatIfs(_thing(graph, who), _thing(graph, wanted), tuple(_what_if(graph, evaluator, who, c) for c in senses(graph, wanted)))


def members(cls: str, *, without: Sequence[str] = (), graph: Graph | None = None) -> tuple[Members, ...]:
    """List the drugs of the graph by how they stand to a class, one value for each sense.

    Raises:
        UnknownName: there is no such class.

    >>> "morphine" in [t.label for t in members("opioid")[0].yes]
    True
    """
    graph = graph or g.shipped()
    evaluator = graph.evaluator(without)
    found = []
    for sense in senses(graph, g.klass(graph, cls)):
        sorted_out: dict[str, list[Thing]] = {"yes": [], "no": [], "unknown": [], "contradicted": []}
        for iri in graph.schema.drugs():
            sorted_out[evaluator.verdict(iri, Named(sense))].append(_thing(graph, iri))
        found.append(Members(_sense(graph, sense), **{verdict: tuple(things) for verdict, things in sorted_out.items()}))
    return tuple(found)


def show(name: str, *, graph: Graph | None = None) -> Page:
    """Show what the graph says of a thing: statements with their sources, then what is derived.

    Raises:
        UnknownName: nothing has the name.

    >>> show("baclofen").subject.label
    'baclofen'
    """
    graph = graph or g.shipped()
    schema, iri = graph.schema, g.thing(graph, name)
    entries = []
    for prop in sorted(schema.statement_properties, key=lambda p: (p != n.HAS_MECHANISM, p)):
        found = [Entry(schema.label(prop), say.statement(schema, v), citations(schema, v)) for v in schema.values(iri, prop)]
        entries += sorted(found, key=lambda entry: entry.text)
    for claim in schema.subjects(n.ABOUT, iri):
        count = len(schema.values(claim, n.MEMBER))
        props = " and ".join(schema.label(p) for p in schema.values(claim, n.ON_PROPERTY))
        entries.append(Entry("completeness claim", f"{props}: {count} listed, and that is all", citations(schema, claim)))
    for source in schema.values(iri, n.DCT + "source"):
        entries.append(Entry("meaning", "taken from", (cite(schema, source),)))
    names = (*schema.literals(iri, n.ALT_LABEL), *schema.literals(iri, n.BRAND))
    ids = tuple(n.short(m) for m in schema.values(iri, n.EXACT_MATCH))
    return Page(_thing(graph, iri), schema.text(iri, n.DEFINITION) or "", names, ids, tuple(entries), tuple(_derived(graph, iri)))


# --- parts ----------------------------------------------------------------------------------------------------------


def senses(graph: Graph, cls: str) -> tuple[str, ...]:
    """Return the senses of a word, or the class itself where it has one meaning."""
    return graph.schema.senses.get(cls, (cls,))


def conditions(graph: Graph, cls: str) -> list[Expression]:
    """Return the conditions of a class: the parts of its definition without the sort."""
    definition = graph.schema.definition(cls)
    if isinstance(definition, And) and sort_of(definition):
        return [p for p in definition.parts[1:]]
    return [Named(cls)]


def _thing(graph: Graph, iri: str) -> Thing:
    return Thing(iri, graph.schema.label(iri))


def _sense(graph: Graph, cls: str) -> Sense:
    schema = graph.schema
    pattern = schema.values(cls, n.FROM_PATTERN)
    sources = schema.values(cls, n.DCT + "source") or tuple(s for p in pattern for s in schema.values(p, n.DCT + "source"))
    definition = schema.text(cls, n.DEFINITION) or next((schema.text(p, n.DEFINITION) or "" for p in pattern), "")
    return Sense(cls, schema.label(cls), definition, "; ".join(cite(schema, s).citation for s in sources))


def _proofs(evaluator: Evaluator, who: str, e: Expression, positive: bool, trust: bool = False) -> list[Proof]:
    reasons = ranked(evaluator, who, e, positive, trust)[:REASONS]
    return [Prover(evaluator, reason, trust).tree(who, e, positive) for reason in reasons]


def _verdict(graph: Graph, evaluator: Evaluator, who: str, cls: str) -> Verdict:
    e = Named(cls)
    verdict = evaluator.verdict(who, e)
    reasons: list[Proof] = []
    if verdict == "contradicted":
        reasons = [*_proofs(evaluator, who, e, True), *_proofs(evaluator, who, e, False, trust=True)]
    elif verdict != "unknown":
        reasons = _proofs(evaluator, who, e, verdict == "yes")
    more = len(evaluator.prove(who, e, verdict == "yes")) > REASONS if verdict in ("yes", "no") else False
    still_open: tuple[str, ...] = ()
    if verdict in ("unknown", "contradicted"):
        from . import settle

        still_open = settle.open_points(evaluator, who, e, verdict)
    return Verdict(_sense(graph, cls), verdict, tuple(reasons), more or evaluator.capped, still_open)


def _row(graph: Graph, evaluator: Evaluator, one: str, other: str, part: Expression) -> Row:
    found = []
    for who in (one, other):
        verdict = evaluator.verdict(who, part)
        proofs = _proofs(evaluator, who, part, verdict == "yes") if verdict in ("yes", "no") else []
        found.append((verdict, proofs[0] if proofs else None))
    (a, proof_a), (b, proof_b) = found
    return Row(say.expression(graph.schema, part), a, b, proof_a, proof_b)


def _what_if(graph: Graph, evaluator: Evaluator, who: str, cls: str) -> WhatIf:
    from . import changes

    e, verdict = Named(cls), evaluator.verdict(who, Named(cls))
    falls: list[tuple[Proof, ...]] = []
    turns: list[tuple[str, tuple[Change, ...]]] = []
    if verdict in ("yes", "no"):
        reasons = evaluator.reasons(who, e, verdict == "yes")
        for group in changes.hitting_sets(reasons):
            falls.append(tuple(_leaf(graph, who, statement) for statement in sorted(group)))
        turns = [("no" if verdict == "yes" else "yes", plan) for plan in changes.turning(evaluator, who, e, verdict == "no")]
    elif verdict == "unknown":
        turns = [("yes", plan) for plan in changes.turning(evaluator, who, e, True)]
        turns += [("no", plan) for plan in changes.turning(evaluator, who, e, False)]
    return WhatIf(_sense(graph, cls), verdict, tuple(falls), tuple(turns), evaluator.capped)


def _leaf(graph: Graph, who: str, statement: str) -> Proof:
    schema = graph.schema
    on = schema.values(statement, n.ON_PROPERTY)
    if on:
        about = schema.label(next(iter(schema.values(statement, n.ABOUT)), who))
        words = f"the claim that the list of {schema.label(on[0])}s of {about} is complete"
        return Proof(words, "claim", "yes", (), citations(schema, statement), n.short(statement))
    about = schema.label(next(iter(schema.values(statement, n.ABOUT_DRUG)), who))
    return Proof(f"{about} {say.statement(schema, statement)}", "statement", "yes", (), citations(schema, statement), n.short(statement))


def _derived(graph: Graph, iri: str) -> list[tuple[str, str]]:
    """Return the links and memberships that were derived of a thing, as label and value, hand-written classes before made ones."""
    schema = graph.schema
    found = [
        ("is", schema.label(c))
        for c in schema.values(iri, n.TYPE)
        if schema.definition(c) is not None and not schema.values(c, n.FROM_PATTERN)
    ]
    for prop in schema.subjects(n.SUBPROPERTY, n.NS + "edge"):
        found += [(schema.label(prop), schema.label(v)) for v in schema.values(iri, prop)]
    return sorted(found)
