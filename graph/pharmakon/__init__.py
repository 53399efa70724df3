"""Pharmakon: ask what a drug is, and get a proof.

>>> import pharmakon
>>> [answer.verdict for answer in pharmakon.ask("baclofen", "opiate").answers]
['no', 'no', 'no']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOME = {
    "Answer": "values",
    "Audit": "claims",
    "BadInput": "errors",
    "BadOntology": "errors",
    "BadQuery": "errors",
    "BadQuestion": "errors",
    "Comparison": "comparison",
    "Contrast": "values",
    "Drift": "tags",
    "Graph": "graph",
    "Interactions": "pairs",
    "Members": "values",
    "Page": "values",
    "PharmakonError": "errors",
    "Proof": "proof",
    "Quiz": "questions",
    "StoreUnavailable": "errors",
    "UnknownName": "errors",
    "WhatIfs": "values",
    "ask": "answers",
    "audit": "claims",
    "compare": "axes",
    "draw": "drawing",
    "drift": "tags",
    "interactions": "interact",
    "load_ipython_extension": "jupyter",
    "members": "answers",
    "open_graph": "graph",
    "query": "frames",
    "quiz": "questions",
    "show": "answers",
    "whatif": "answers",
    "why": "answers",
}

__all__ = [
    "Answer",
    "Audit",
    "BadInput",
    "BadOntology",
    "BadQuery",
    "BadQuestion",
    "Comparison",
    "Contrast",
    "Drift",
    "Graph",
    "Interactions",
    "Members",
    "Page",
    "PharmakonError",
    "Proof",
    "Quiz",
    "StoreUnavailable",
    "UnknownName",
    "WhatIfs",
    "__version__",
    "ask",
    "audit",
    "compare",
    "draw",
    "drift",
    "interactions",
    "load_ipython_extension",
    "members",
    "open_graph",
    "query",
    "quiz",
    "show",
    "whatif",
    "why",
]

if TYPE_CHECKING:
    from .answers import ask, members, show, whatif, why
    from .axes import compare
    from .claims import Audit, audit
    from .comparison import Comparison
    from .drawing import draw
    from .errors import BadInput, BadOntology, BadQuery, BadQuestion, PharmakonError, StoreUnavailable, UnknownName
    from .frames import query
    from .graph import Graph, open_graph
    from .interact import interactions
    from .jupyter import load_ipython_extension
    from .pairs import Interactions
    from .proof import Proof
    from .questions import Quiz, quiz
    from .tags import Drift, drift
    from .values import Answer, Contrast, Members, Page, WhatIfs


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used, so that asking one question does not load what draws and tabulates."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value
