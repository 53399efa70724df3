"""Queries that are nested too deeply to be read: the parser has one stack, and a query that overflows it ends the process."""

from __future__ import annotations

import re

MOST = 2000
"""How deep a query may be; the parser overflows from about 2,500 on with 8 MB of stack."""

_IRI = re.compile(r"<[^<>\"'{}|^`\\\s]*>")
_GROUP = re.compile(r"\{|\bBIND\b", re.I)
_CHAINED = re.compile(r"[!*/|&;]|\.(?!\w)|(?<!\w)[-+]|[-+](?![A-Za-z_:])|\b(?:AS|UNION|FILTER)\b", re.I)
_BRACKET = re.compile(r"[(\[{)\]},]")


def too_deep(text: str) -> bool:
    """Whether a query could overflow the stack of the parser.

    Groups, triples and chains of operators count wherever they stand, since each is read inside the one before; brackets count as far as
    they are nested, and commas outside parentheses, so that a long list of values is let through. Strings and comments are not told
    apart from the rest: what would hide in them is counted too.

    >>> too_deep("SELECT * {" + "{" * 400 + "}" * 400 + "}"), too_deep("SELECT * {" + "{" * 5000 + "}" * 5000 + "}")
    (False, True)
    """
    text = _IRI.sub(" ", text)
    inside: list[str] = []
    deepest = commas = 0
    for sign in _BRACKET.findall(text):
        if sign == ",":
            commas += inside[-1:] != ["("]
        elif sign in "([{":
            inside.append(sign)
            deepest = max(deepest, len(inside))
        elif inside:
            inside.pop()
    return deepest + commas + 3 * len(_GROUP.findall(text)) + len(_CHAINED.findall(text)) > MOST
