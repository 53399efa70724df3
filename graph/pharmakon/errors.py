"""The errors that Pharmakon raises on purpose: one tree, drawn here and defined below in the same order.

::

    PharmakonError
    ├── UnknownName          a name that stands for nothing here
    │   └── AmbiguousName    a name that stands for more than one thing
    ├── BadQuestion          a question that cannot be read
    ├── BadInput             a file of the user's that cannot be read, with file and line
    ├── BadOntology          a fact, a definition or a rule that cannot be used, with file and line
    ├── BadQuery             a query that cannot be run
    └── StoreUnavailable     the store can neither be opened nor built

Every message says what was wrong, where, and what to do. The command line prints it and ends with status 2.
"""

from __future__ import annotations


class PharmakonError(Exception):
    """Something that the user can mend; the base of the tree."""


class UnknownName(PharmakonError):
    """A name that stands for nothing here.

    Attributes:
        name: the name as it was given.
        suggestions: labels that are spelt like it, nearest first; may be empty.
    """

    def __init__(self, name: str, suggestions: tuple[str, ...] = (), wanted: str = "thing") -> None:
        self.name, self.suggestions = name, suggestions
        shown = f'no {wanted} is called "{name}"' if name.strip() else f"the name of a {wanted} is empty"
        hint = f"; did you mean {', '.join(suggestions)}?" if suggestions else "; try `pharmakon list`"
        super().__init__(shown + hint)


class AmbiguousName(UnknownName):
    """A name that stands for more than one thing; the suggestions are what it could be."""

    def __init__(self, name: str, suggestions: tuple[str, ...], wanted: str = "thing") -> None:
        super().__init__(name, suggestions, wanted)
        self.args = (f'"{name}" could be {" or ".join(suggestions)}: say which',)


class BadQuestion(PharmakonError):
    """A question that cannot be read as "is DRUG a CLASS?"."""


class BadInput(PharmakonError):
    """A file of the user's that cannot be read or is not what it should be; the message has file and line."""


class BadOntology(PharmakonError):
    """A fact, a definition or a rule that cannot be used.

    Attributes:
        problems: one line each, ``file:line: what is wrong and what to do``.
    """

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class BadQuery(PharmakonError):
    """A query that cannot be run: unknown, malformed, or bound with a name it does not use."""


class StoreUnavailable(PharmakonError):
    """The store can neither be opened nor built: a folder that cannot be written, a full disk."""
