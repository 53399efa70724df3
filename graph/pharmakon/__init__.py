"""Pharmakon: ask what a drug is, and get a proof.

>>> import pharmakon
>>> [answer.verdict for answer in pharmakon.ask("baclofen", "opiate").answers]
['no', 'no', 'no']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOME = {
    "Answer": "answers",
    "BadOntology": "errors",
    "BadQuery": "errors",
    "BadQuestion": "errors",
    "Contrast": "answers",
    "Graph": "graph",
    "Members": "answers",
    "Page": "answers",
    "PharmakonError": "errors",
    "Proof": "proof",
    "StoreUnavailable": "errors",
    "UnknownName": "errors",
    "WhatIfs": "answers",
    "ask": "answers",
    "draw": "pages",
    "members": "answers",
    "open_graph": "graph",
    "query": "frames",
    "show": "answers",
    "whatif": "answers",
    "why": "answers",
}

__all__ = sorted([*_HOME, "__version__"])

if TYPE_CHECKING:
    from .answers import Answer, Contrast, Members, Page, WhatIfs, ask, members, show, whatif, why
    from .pages import draw
    from .errors import BadOntology, BadQuery, BadQuestion, PharmakonError, StoreUnavailable, UnknownName
    from .frames import query
    from .graph import Graph, open_graph
    from .proof import Proof


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used, so that asking one question does not load what draws and tabulates."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value
