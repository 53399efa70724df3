"""The pages that ask: is it one, why this and not that, what would change it; and the first page."""

from __future__ import annotations

from ..answers import ask as asked
from ..answers import whatif, why
from ..graph import membership, question
from ..say import article
from .census import census, mentioned, topics
from .links import handle
from .reply import Content, Query, Site, every, first

_OTHERS = 12
"""Against how many drugs, those that are talked of, an answer offers to set another."""


def home(site: Site, query: Query) -> Content:
    """Return the first page: what can be asked, with examples that are read from the graph."""
    drugs, found = ([handle(site.graph, iri) for iri in things[:3]] for things in (mentioned(site.graph), topics(site.graph)))
    return Content(
        "Ask what a drug is, and get a proof",
        "home.html",
        {"drugs": drugs, "topics": found, "census": census(site.graph)},
    )


def ask(site: Site, query: Query) -> Content:
    """Return the answer to a question: a subject and a class, or a sentence in English."""
    subject, cls, text, without = first(query, "subject"), first(query, "class"), first(query, "q"), every(query, "without")
    if text and not (subject or cls):
        subject, cls = question(site.graph, text)
    if not (subject and cls):
        return Content("Ask", "ask.html", {"subject": subject, "cls": cls}, None, ("list", "classes"))
    answer = asked(subject, cls, without=without, graph=site.graph)
    names = {"subject": handle(site.graph, answer.subject.iri), "class": handle(site.graph, answer.cls.iri)}
    return Content(
        answer.question,
        "ask.html",
        {
            "answer": answer,
            "names": names,
            "without": without,
            "parted": [] if answer.every else _parted(site, answer.subject.iri, answer.cls.iri),
        },
        answer,
        ("ask", names["subject"], names["class"], *_withdrawn(without)),
    )


def because(site: Site, query: Query) -> Content:
    """Return two checklists side by side."""
    a, b, cls, without = first(query, "a"), first(query, "b"), first(query, "class"), every(query, "without")
    if not (a and b and cls):
        return Content("Why this and not that", "why.html", {"a": a, "b": b, "cls": cls})
    contrast = why(a, b, cls, without=without, graph=site.graph)
    names = [handle(site.graph, iri) for iri in (contrast.a.subject.iri, contrast.b.subject.iri, contrast.a.cls.iri)]
    return Content(contrast.question, "why.html", {"contrast": contrast, "names": names}, contrast, ("why", *names, *_withdrawn(without)))


def changed(site: Site, query: Query) -> Content:
    """Return what would change an answer."""
    subject, cls, without = first(query, "subject"), first(query, "class"), every(query, "without")
    found = whatif(subject, cls, without=without, graph=site.graph)
    names = [handle(site.graph, iri) for iri in (found.subject.iri, found.cls.iri)]
    title = f"What would change whether {found.subject.label} is {article(found.cls.label)}?"
    return Content(title, "whatif.html", {"found": found, "names": names}, None, ("whatif", *names, *_withdrawn(without)))


def _withdrawn(without: list[str]) -> list[str]:
    return [word for name in without for word in ("--without", name)]


def _parted(site: Site, subject: str, cls: str) -> list[tuple[str, str]]:
    """Return pairs of a drug that is in a class and one that is not: the subject, and another that articles are about."""
    graph, evaluator, e = site.graph, site.graph.evaluator(), membership(site.graph, cls)
    mine = evaluator.verdict(subject, e)
    found = []
    for other in mentioned(graph)[:_OTHERS]:
        theirs = evaluator.verdict(other, e)
        if "yes" in (mine, theirs) and mine != theirs:
            pair = (subject, other) if mine == "yes" else (other, subject)
            found.append((handle(graph, pair[0]), handle(graph, pair[1])))
    return found
