"""Rules: SPARQL CONSTRUCT files that derive links from statements and from memberships.

No rule's outcome carries a proof of its own in the store: a rule's header names the variables that stand for its premises, and
running it again with the link bound finds them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from . import names as n
from .errors import BadOntology
from .rdf import Engine, NamedNode, Quad, QueryTriples
from .sparql import bare, header

STRATA = ("statements", "memberships")
"""What rules read, in the order in which they run: memberships are derived between the two."""


@dataclass(frozen=True)
class Rule:
    """A rule file.

    Attributes:
        name: the file's name without ending.
        summary: what the rule says, in a sentence.
        reads: the stratum it belongs to.
        premises: the variables that stand for the statements it rests on.
        text: the query.
    """

    name: str
    summary: str
    reads: str
    premises: tuple[str, ...]
    text: str


def load(folder: Path) -> list[Rule]:
    """Read the rules of a folder, in the order in which they run.

    Raises:
        BadOntology: a header that lacks the summary, the stratum or the premises.
    """
    rules = []
    for path in sorted(folder.glob("*.rq")):
        text = path.read_text("utf-8")
        about = header(text)
        missing = [key for key in ("summary", "reads", "premises") if not about.get(key)]
        if missing or about["reads"] not in STRATA:
            raise BadOntology([f"{path}:1: the header of a rule needs #+ summary, #+ reads ({' or '.join(STRATA)}) and #+ premises"])
        if re.search(r"\bNOT\s+EXISTS\b|\bMINUS\b", bare(text), re.I):
            raise BadOntology([f"{path}:1: a rule must not conclude from what is missing (NOT EXISTS, MINUS)"])
        premises = tuple(about["premises"].replace("?", "").replace(",", " ").split())
        rules.append(Rule(path.stem, about["summary"], about["reads"], premises, text))
    return sorted(rules, key=lambda rule: (STRATA.index(rule.reads), rule.name))


def run(store: Engine, rules: list[Rule], stratum: str) -> list[Quad]:
    """Run the rules of a stratum over the default graph and return the links that they derive, each once."""
    graph = NamedNode(n.DERIVED_GRAPH)
    found: dict[Quad, None] = {}
    for rule in rules:
        if rule.reads == stratum:
            triples = store.query(rule.text)
            assert isinstance(triples, QueryTriples)
            found.update(dict.fromkeys(Quad(t.subject, t.predicate, t.object, graph) for t in triples))
    return list(found)
