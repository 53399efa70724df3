"""SPARQL in a notebook: ``%load_ext pharmakon``, then a cell that begins with ``%%sparql`` is a query.

::

    %%sparql --bind drug=baclofen
    PREFIX : <https://w3id.org/pharmakon/>
    SELECT ?drug ?target { ?drug :agonistOf ?target } ORDER BY ?target

A line asks a query that ships, by name or number: ``%sparql 49 --bind drug=diazepam``. The answer is a
:class:`~pharmakon.sparql.Table`, which a notebook shows as one and which has ``.to_pandas()``.
"""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Mapping
from functools import cache
from typing import Any, NoReturn

from .binding import bindings
from .errors import BadQuestion, PharmakonError
from .graph import Graph, open_graph, shipped
from .proof import Proof
from .sparql import Table, read, run
from .text import Style, proof, table

_VALUES = {
    "claims": ("Audit",),
    "comparison": ("Comparison",),
    "pairs": ("Interactions",),
    "proof": ("Proof",),
    "questions": ("Quiz",),
    "sparql": ("Table",),
    "tags": ("Drift",),
    "values": ("Answer", "Contrast", "Members", "Page", "WhatIfs"),
}
"""The values that are told in words: by module."""


class _Words(argparse.ArgumentParser):
    """Reads the words behind the magic; what is wrong with them is raised, not printed."""

    def error(self, message: str) -> NoReturn:
        raise BadQuestion(f"%%sparql: {message}")


def _parser() -> _Words:
    words = _Words(prog="%%sparql", add_help=False, allow_abbrev=False)
    words.add_argument("name", nargs="*", metavar="QUERY")
    words.add_argument("--bind", action="append", default=[], metavar="NAME=VALUE")
    words.add_argument("--store", metavar="DIR")
    words.add_argument("--endpoint", metavar="URL")
    words.add_argument("--graph", metavar="VARIABLE")
    words.add_argument("--to", metavar="VARIABLE")
    return words


@cache
def _opened(store: str | None, endpoint: str | None) -> Graph:
    return open_graph(store=store, endpoint=endpoint) if store or endpoint else shipped()


def sparql(line: str, cell: str | None, variables: Mapping[str, Any]) -> tuple[Table, str | None]:
    """Run what stands in a cell, or the query that a line names.

    Args:
        line: the words behind the magic: ``--bind NAME=VALUE`` as often as needed, ``--store DIR``, ``--endpoint URL``,
            ``--graph VARIABLE`` (a graph that is open in the notebook), ``--to VARIABLE`` (keeps the table there and shows nothing).
        cell: the query; None where the line names one that ships, or a file.
        variables: the notebook's own variables.

    Returns:
        The table, and the name of the variable that it is to be kept in, if any.

    Raises:
        BadQuestion: the words cannot be read, or ``--graph`` names no open graph.
        BadQuery: the query is unknown or malformed, or has no such variable.

    >>> sparql("", "PREFIX : <https://w3id.org/pharmakon/> ASK { :baclofen a :Drug }", {})[0].texts()
    [('true',)]
    """
    try:
        words = _parser().parse_args(shlex.split(line))
    except ValueError as error:
        raise BadQuestion(f"%%sparql: {error}: {line}") from None
    if (cell is None) == (not words.name) or len(words.name) > 1:
        raise BadQuestion(
            "write one query: in the cell under %%sparql, or its name behind %sparql, as in `%sparql 49 --bind drug=diazepam`"
        )
    if sum(given is not None for given in (words.store, words.endpoint, words.graph)) > 1:
        raise BadQuestion("%%sparql: give one of --store, --endpoint and --graph")
    if words.to is not None and not words.to.isidentifier():
        raise BadQuestion(f'%%sparql: --to takes the name of a variable, not "{words.to}"')
    graph = variables.get(words.graph) if words.graph else _opened(words.store, words.endpoint)
    if not isinstance(graph, Graph):
        raise BadQuestion(f'%%sparql: --graph takes a variable that holds an open graph; "{words.graph}" holds none')
    text = read(words.name[0]) if cell is None else cell
    return run(graph.store, text, bindings(graph, words.bind)), words.to


def load_ipython_extension(shell: Any) -> None:
    """Add ``%sparql`` and ``%%sparql`` to a notebook, and have values told in words where no HTML is shown. Called by ``%load_ext``."""
    from IPython.core.error import UsageError

    def magic(line: str, cell: str | None = None) -> Table | None:
        """Run SPARQL: ``%%sparql [--bind NAME=VALUE] [--store DIR | --endpoint URL | --graph VARIABLE] [--to VARIABLE]``."""
        try:
            found, name = sparql(line, cell, shell.user_ns)
        except PharmakonError as error:
            raise UsageError(str(error)) from None
        if name is None:
            return found
        shell.user_ns[name] = found
        return None

    shell.register_magic_function(magic, "line_cell", "sparql")
    plain = shell.display_formatter.formatters["text/plain"]
    for module, names in _VALUES.items():
        for name in names:
            plain.for_type_by_name(f"{__package__}.{module}", name, _told)


def _told(value: object, printer: Any, cycle: bool) -> None:
    plain = Style(False)
    match value:
        case Proof():
            printer.text("\n".join(proof(value, plain)))
        case Table():
            printer.text(table(value, plain))
        case _:
            printer.text(str(value))
