"""Changes to the text of a query that an endpoint needs: terms put in the place of variables, and the graphs that the query is about.

The text is read as SPARQL's own tokens, so that strings, comments and IRIs are never mistaken for variables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..errors import BadQuery

_TOKEN = re.compile(
    r"""<[^<>"{}|^`\\\x00-\x20]*>
    |\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
    |"(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*'
    |\#[^\n\r]*
    |[?$]\w+
    |[\w.-]*:(?:[\w:.-]|%[0-9A-Fa-f]{2}|\\.)*
    |[A-Za-z_]\w*
    |\s+
    |.""",
    re.X | re.S,
)
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")


def form(text: str) -> str:
    r"""Return the form of a query: SELECT, ASK, CONSTRUCT or DESCRIBE.

    Raises:
        BadQuery: it has none of these.

    >>> form("# SELECT\nPREFIX ask: <urn:construct> ASK { ?s ?p 'SELECT' }")
    'ASK'
    """
    found = next((t.upper() for t in _tokens(text) if t.upper() in _FORMS), None)
    if found is None:
        raise BadQuery("not valid SPARQL: the query has none of SELECT, ASK, CONSTRUCT and DESCRIBE")
    return found


def uses(text: str, word: str) -> bool:
    """Whether a keyword stands in a query, outside strings, comments and names.

    >>> uses("SELECT * { ?s :graph 'GRAPH' }", "GRAPH"), uses("SELECT * { graph ?g { ?s ?p ?o } }", "GRAPH")
    (False, True)
    """
    return any(token.upper() == word for token in _tokens(text))


def bind(text: str, terms: Mapping[str, str]) -> str:
    """Put terms in the place of variables, as if each variable were bound to its term from the start.

    A variable of a subquery that does not hand it on is another one, and stays. Where the name itself must stay (what is selected,
    grouped or ordered by) a VALUES block gives it its term.

    Args:
        text: the query.
        terms: the terms, as SPARQL writes them, by the names of their variables.

    Raises:
        BadQuery: the query gives such a variable a value of its own (AS).

    >>> bind("SELECT ?x ?y { ?x ?p ?y }", {"x": "<urn:a>"})
    'SELECT ?x ?y { VALUES ?x { <urn:a> }  <urn:a> ?p ?y }'
    """
    for name, term in terms.items():
        text = _Binding(_tokens(text), name, term).run()
    return text


def over(text: str, graph: str, register: str) -> str:
    """Let a query that uses GRAPH be about a graph, and let its graph variables stand for registered graphs only.

    Args:
        text: the query.
        graph: the IRI of the graph that stands for the default graph.
        register: the pattern that lists the graphs, from its opening brace up to where the graph variable is to follow.

    >>> over("SELECT ?g { ?s ?p ?o GRAPH ?g { ?s ?p ?o } }", "urn:d", "{ ?x :holds")
    'SELECT ?g { GRAPH <urn:d> { ?s ?p ?o { ?x :holds ?g } GRAPH ?g { ?s ?p ?o } } }'
    """
    tokens = _tokens(text)
    start = _body(tokens)
    end = _closing(tokens, start)
    out = [*tokens[:start], "{ GRAPH <", graph, "> {"]
    for i in range(start + 1, end):
        if tokens[i].upper() == "GRAPH":
            variable = tokens[_next(tokens, i)]
            if variable[0] in "?$":
                out.append(f"{register} {variable} }} ")
        out.append(tokens[i])
    return "".join([*out, "} ", *tokens[end:]])


def _tokens(text: str) -> list[str]:
    return [found.group() for found in _TOKEN.finditer(text)]


def _next(tokens: Sequence[str], i: int) -> int:
    """Return the place of the next token that is no space and no comment, or the end."""
    i += 1
    while i < len(tokens) and (tokens[i].isspace() or tokens[i].startswith("#")):
        i += 1
    return i


def _closing(tokens: Sequence[str], start: int) -> int:
    """Return the place of the brace that closes the one at ``start``."""
    depth = 0
    for i in range(start, len(tokens)):
        depth += (tokens[i] == "{") - (tokens[i] == "}")
        if depth == 0:
            return i
    raise BadQuery("not valid SPARQL: a brace { is not closed")


def _body(tokens: Sequence[str]) -> int:
    """Return the place of the brace that opens what the query matches."""
    for i, token in enumerate(tokens):
        if token == "{":
            return i
        if token.upper() == "CONSTRUCT" and tokens[_next(tokens, i) : _next(tokens, i) + 1] == ["{"]:
            start = _closing(tokens, _next(tokens, i))
            return start + 1 + _body(tokens[start + 1 :])
    raise BadQuery("not valid SPARQL: the query matches nothing, it has no braces { }")


class _Binding:
    """One variable of a query and the term that takes its place."""

    def __init__(self, tokens: Sequence[str], name: str, term: str) -> None:
        self.tokens, self.name, self.term = tokens, name, term
        self.names = (f"?{name}", f"${name}")
        self.block = f" VALUES ?{name} {{ {term} }} "
        self.out: list[str] = []

    def run(self) -> str:
        """Return the text of the query with the term in it."""
        tokens = self.tokens
        if form("".join(tokens)) == "DESCRIBE" and "{" not in tokens:
            return "".join(self.term if t in self.names else t for t in tokens)
        start = _body(tokens)
        self._not_as(0, start)
        self.out += tokens[:start]
        words = [t.upper() for t in tokens[:start] if not t.isspace() and not t.startswith("#")]
        short = words[-2:] == ["CONSTRUCT", "WHERE"]
        end = self._group(start, "" if short else self.block)
        return "".join([*self.out, *tokens[end:]])

    def _not_as(self, start: int, end: int) -> None:
        """Refuse a clause that gives the variable a value."""
        for i in range(start, end):
            if self.tokens[i].upper() == "AS" and self.tokens[_next(self.tokens, i)] in self.names:
                raise BadQuery(f"?{self.name} is bound, and the query gives it a value of its own by AS: bind another variable")

    def _group(self, start: int, block: str) -> int:
        """Write the group that opens at ``start`` with ``block`` at its head, and return the place after it."""
        tokens, end, i = self.tokens, _closing(self.tokens, start), start + 1
        self.out += ["{", block]
        first = _next(tokens, start)
        if tokens[first].upper() == "SELECT":
            self.out += "{" if block else ""
            self.out += tokens[start + 1 : first]
            self._subquery(first, end)
            self.out += "}" if block else ""
            i = end
        while i < end:
            word = tokens[i].upper()
            following = _next(tokens, i)
            if word == "VALUES":
                i = self._data(i)
                continue
            if word == "BOUND" and tokens[_next(tokens, following)] in self.names:
                self.out.append("true")
                i = _next(tokens, _next(tokens, following)) + 1
                continue
            if word == "MINUS":
                own = self.block if set(self.names) & set(tokens[following : _closing(tokens, following)]) else ""
                self.out += tokens[i:following]
                i = self._group(following, own)
                continue
            if word == "{":
                i = self._group(i, "")
                continue
            if word == "AS":
                self._not_as(i, i + 1)
            self.out.append(self.term if tokens[i] in self.names else tokens[i])
            i += 1
        self.out.append("}")
        return end + 1

    def _subquery(self, start: int, end: int) -> None:
        """Write a subquery; the term goes into it where it hands the variable on."""
        tokens = self.tokens
        body = start + _body(tokens[start:end])
        clause, depth, handed = tokens[start:body], 0, False
        for token in clause:
            depth += (token == "(") - (token == ")")
            handed = handed or (depth == 0 and (token == "*" or token in self.names))
        aliases = [tokens[_next(tokens, i)] for i in range(start, body) if tokens[i].upper() == "AS"]
        if handed or set(self.names) & set(aliases):
            self._not_as(start, body)
            self.out += tokens[start:body]
            self.out += tokens[self._group(body, self.block) : end]
        else:
            self.out += tokens[start:end]

    def _data(self, start: int) -> int:
        """Write a VALUES block as it is, joined with the term where it is about the variable; return the place after it."""
        opening = self.tokens.index("{", start)
        end = _closing(self.tokens, opening) + 1
        if set(self.names) & set(self.tokens[start:opening]):
            self.out.append(self.block)
        self.out += self.tokens[start:end]
        return end
