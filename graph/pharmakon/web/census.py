"""What the graph holds, and which of its drugs are talked of: read once from each graph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from .. import names as n
from ..claims import Audit, audit
from ..facts import Schema
from ..graph import Graph

_KEPT: WeakKeyDictionary[Schema, dict[str, Any]] = WeakKeyDictionary()
_SUBJECTS = tuple(n.NS + p for p in ("subject", "someOf", "with"))


def census(graph: Graph) -> dict[str, int]:
    """Return how many drugs, classes, sources and rules of interaction there are."""
    return _census(graph.schema)


def mentioned(graph: Graph) -> tuple[str, ...]:
    """Return the drugs that the claims of audited articles mention, the most talked of first; all drugs where no article is here."""
    return _mentioned(graph.schema)


@lru_cache(maxsize=4)
def _census(schema: Schema) -> dict[str, int]:
    kinds = schema.subjects(n.SUBCLASS, n.NS + "Source")
    return {
        "drugs": len(schema.drugs()),
        "classes": len(schema.drug_classes),
        "sources": len({s for kind in kinds for s in schema.subjects(n.TYPE, kind)}),
        "rules of interaction": len(schema.subjects(n.TYPE, n.INTERACTION_RULE)),
    }


@lru_cache(maxsize=4)
def _mentioned(schema: Schema) -> tuple[str, ...]:
    drugs = set(schema.drugs())
    counted: Counter[str] = Counter()
    for claim in schema.subjects(n.TYPE, n.NS + "ArticleClaim"):
        for part in schema.values(claim, n.NS + "part"):
            counted.update(d for prop in _SUBJECTS for d in schema.values(part, prop) if d in drugs)
    return tuple(d for d, _ in sorted(counted.items(), key=lambda item: (-item[1], item[0]))) or schema.drugs()


def topics(graph: Graph) -> tuple[str, ...]:
    """Return the classes that audited articles are about, words with several senses first; all classes where no article is here."""
    return _topics(graph.schema)


@lru_cache(maxsize=4)
def _topics(schema: Schema) -> tuple[str, ...]:
    counted: Counter[str] = Counter()
    for claim in schema.subjects(n.TYPE, n.NS + "ArticleClaim"):
        for part in schema.values(claim, n.NS + "part"):
            for cls in (*schema.values(part, n.NS + "isIn"), *schema.values(part, n.NS + "isNotIn")):
                if n.DRUG not in schema.values(cls, n.TYPE) and schema.definition(cls) and cls in schema.drug_classes:
                    counted.update(schema.values(cls, n.SENSE_OF) or (cls,))
    several = {c: len(schema.senses.get(c, ())) for c in counted}
    found = tuple(c for c, _ in sorted(counted.items(), key=lambda item: (-several[item[0]], -item[1], item[0])))
    return found or (*sorted(schema.senses, key=lambda c: (-len(schema.senses[c]), c)), *schema.drug_classes)


def kept(graph: Graph, key: str, make: Callable[[], Any]) -> Any:
    """Return what takes long to make and does not change while a graph is open; made when it is first asked for."""
    known = _KEPT.setdefault(graph.schema, {})
    if key not in known:
        known[key] = make()
    return known[key]


def audited(graph: Graph, name: str = "") -> Audit | None:
    """Return an article held to account, made once; None where the graph has no claims of any, and none is named."""
    if not name and not graph.schema.subjects(n.TYPE, n.NS + "ArticleClaim"):
        return None
    found: Audit = kept(graph, f"audit {name}", lambda: audit(name or None, graph=graph))
    return found
