"""The pages of longer answers: two things compared, a regimen, an article held to account, tags, a quiz."""

from __future__ import annotations

from typing import Any

from .. import names as n
from ..axes import compare as compared
from ..claims import Audited
from ..errors import BadQuestion
from ..graph import Graph
from ..interact import interactions as met
from ..questions import quiz as made
from ..tags import drift as drifted
from .census import audited, kept
from .links import handle
from .reply import Content, Query, Site, every, first

_MOST = 8
"""How many drugs a regimen may have on a page."""


def compare(site: Site, query: Query) -> Content:
    """Return two drugs or classes side by side."""
    a, b, without = first(query, "a"), first(query, "b"), every(query, "without")
    if not (a and b):
        return Content("Compare two drugs or classes", "compare.html", {"a": a, "b": b}, None, ("list", "drugs"))
    found = compared(a, b, without=without, graph=site.graph)
    names = [handle(site.graph, iri) for iri in (found.a.iri, found.b.iri)]
    return Content(found.question, "compare.html", {"found": found, "names": names}, found, ("compare", *names))


def interactions(site: Site, query: Query) -> Content:
    """Return what follows when drugs are taken together, what is refused, and what a circumstance changes."""
    drugs, condition, without = every(query, "drug"), first(query, "condition") or None, every(query, "without")
    circumstances = _circumstances(site.graph)
    values: dict[str, Any] = {"drugs": drugs, "condition": condition or "", "circumstances": circumstances}
    if len(drugs) > _MOST:
        raise BadQuestion(f"{len(drugs)} drugs are too many for a page: give {_MOST} or fewer")
    if not drugs:
        return Content("What follows when drugs are taken together?", "interactions.html", values)
    found = met(*drugs, condition=condition, without=without, graph=site.graph)
    names = [handle(site.graph, d.iri) for d in found.drugs]
    command = ("interactions", *names, *(("--condition", condition) if condition else ()))
    return Content(found.question, "interactions.html", {**values, "found": found, "names": names}, found, command)


def article(site: Site, query: Query) -> Content:
    """Return an article with the verdict on each of its claims; or one claim with what it stands on."""
    name, number = first(query, "name"), first(query, "claim")
    audit = audited(site.graph, name)
    if audit is None:
        raise BadQuestion("this graph holds no claims of an article")
    if not number:
        return Content("An article, claim by claim", "article.html", {"audit": audit, "name": name}, None, ("audit",))
    if not (number.isascii() and number.isdigit() and 1 <= int(number) <= len(audit.claims)):
        raise BadQuestion(f'there is no claim "{number}": the article has {len(audit.claims)}')
    claim: Audited = audit.claims[int(number) - 1]
    values = {"audit": audit, "claim": claim, "number": int(number), "name": name}
    return Content(f"Claim {number}: {claim.claim}", "claim.html", values, None, ("audit", "--claim", number))


def tags(site: Site, query: Query) -> Content:
    """Return how the tags of other classifications stand to what is derived here."""
    found = kept(site.graph, "drift", lambda: drifted(graph=site.graph))
    return Content("Tags of other classifications, held against what is derived", "drift.html", {"found": found}, None, ("drift",))


def quiz(site: Site, query: Query) -> Content:
    """Return a quiz; its topic, seed and length are in the address, and the same address gives the same quiz."""
    topic, seed, count = first(query, "topic"), _number(query, "seed", 0), _number(query, "n", 10)
    values: dict[str, Any] = {"topic": topic, "seed": seed, "n": count}
    if "topic" not in query:
        return Content("Quiz", "quiz.html", values, None, ("quiz",))
    if not 1 <= count <= 30:
        raise BadQuestion(f"a page holds from 1 to 30 questions, not {count}")
    found = made(topic or None, n=count, seed=seed, graph=site.graph)
    name = handle(site.graph, found.topic.iri) if found.topic else ""
    command = ("quiz", *((name,) if name else ()), "-n", str(count), "--seed", str(seed))
    return Content(
        f"Quiz: {found.topic.label if found.topic else 'the whole graph'}",
        "quiz.html",
        {**values, "quiz": found, "name": name},
        None,
        command,
    )


# --- parts ----------------------------------------------------------------------------------------------------------


def _circumstances(graph: Graph) -> list[str]:
    """Return the circumstances of a patient that modify interactions."""
    schema = graph.schema
    found = {c for m in schema.subjects(n.TYPE, n.NS + "InteractionModifier") for c in schema.values(m, n.NS + "circumstanceOf")}
    return sorted(schema.label(c) for c in found)


def _number(query: Query, name: str, default: int) -> int:
    text = first(query, name) or str(default)
    if not (text.removeprefix("-").isascii() and text.removeprefix("-").isdigit() and len(text) < 10):
        raise BadQuestion(f'{name} is a whole number, not "{text}"')
    return int(text)
