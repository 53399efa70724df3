"""Run SPARQL files over a graph: by path or by name, with variables bound as terms, never pasted into the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from . import names as n
from .deep import too_deep
from .errors import BadQuery
from .locate import queries
from .rdf import Engine, Literal, NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Term, Triple, Variable

if TYPE_CHECKING:
    import pandas

FOLDERS = ("competency", "library", "checks")


@dataclass(frozen=True)
class Table:
    """The answer to a SELECT query.

    Attributes:
        columns: the names of the variables.
        rows: one tuple for each solution: terms, or None where a variable is unbound.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]

    @classmethod
    def of(cls, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
        """Make a table of texts."""
        return cls(tuple(columns), tuple(tuple(Literal(cell) for cell in row) for row in rows))

    def texts(self) -> list[tuple[str, ...]]:
        """Return the rows as a person reads them: short IRIs, plain literals, nothing for what is unbound."""
        return [tuple(text_of(cell) for cell in row) for row in self.rows]

    def to_pandas(self) -> pandas.DataFrame:
        """Return the rows as a data frame of texts (needs the ``analysis`` extra)."""
        import pandas

        return pandas.DataFrame(self.texts(), columns=list(self.columns))

    def _repr_html_(self) -> str:
        from .html import fragment

        return fragment(self)


def text_of(term: Term | None) -> str:
    """Write a term for a person."""
    if term is None:
        return ""
    return n.short(term.value) if isinstance(term, NamedNode) else value_of(term)


def value_of(term: Term) -> str:
    """Return the bare value of a term; a triple term as it is written in Turtle."""
    return str(term) if isinstance(term, Triple) else term.value


def header(text: str) -> dict[str, str]:
    r"""Read the ``#+ key: value`` lines at the head of a query file.

    >>> header("#+ summary: Who?\n#+ tags: [a, b]\nSELECT * {}")
    {'summary': 'Who?', 'tags': '[a, b]'}
    """
    pairs = (line[2:].partition(":") for line in text.splitlines() if line.startswith("#+"))
    return {key.strip(): value.strip() for key, colon, value in pairs if colon}


def bare(text: str) -> str:
    """Return a query without its comments and string literals, for looking at its words."""
    return re.sub(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|(?<![\w/])#[^\n]*(?<!>)$', " ", text, flags=re.M)


def shipped() -> Iterator[tuple[str, Path]]:
    """Yield the queries that ship, by name: the folder and the file's name without ending."""
    for folder in FOLDERS:
        for path in sorted((queries() / folder).glob("*.rq")):
            yield f"{folder}/{path.stem}", path


def read(name: str) -> str:
    """Return the text of a query file, by path or by name.

    Raises:
        BadQuery: there is no such query; the message lists what there is.
    """
    path = Path(name)
    if path.is_file():
        return path.read_text("utf-8")
    known = dict(shipped())
    matches = [p for key, p in known.items() if name in (key, key.partition("/")[2]) or key.partition("/")[2].startswith(f"{name}-")]
    if len(matches) == 1:
        return matches[0].read_text("utf-8")
    some = ", ".join(list(known)[:6])
    raise BadQuery(f'no query file is called "{name}"; `pharmakon list queries` names them all: {some} …')


def variables(text: str) -> set[str]:
    """Return the names of the variables that a query uses."""
    return set(re.findall(r"[?$](\w+)", bare(text)))


def run(store: Engine, text: str, bind: Mapping[str, Term] | None = None) -> Table:
    """Run a query. The default graph holds what all sources say and what is derived; each source has a graph of its own besides.

    Args:
        store: the store.
        text: a SELECT, ASK, CONSTRUCT or DESCRIBE query.
        bind: terms for variables; each must be among the variables that the query selects.

    Raises:
        BadQuery: the query is malformed, or a bound variable is not one of its own.
    """
    bind = dict(bind or {})
    unknown = set(bind) - variables(text)
    if unknown:
        used = ", ".join(sorted(variables(text)))
        raise BadQuery(f"the query has no variable ?{min(unknown)}; it has {used}")
    if too_deep(text):
        raise BadQuery("the query is nested too deeply to be read")
    try:
        found = store.query(text, substitutions={Variable(k): v for k, v in bind.items()})
    except SyntaxError as error:
        line = f"line {error.lineno}: " if error.lineno else ""
        raise BadQuery(f"not valid SPARQL: {line}{error.msg}") from None
    except (ValueError, RuntimeError, OSError) as error:
        raise BadQuery(f"the query cannot be run: {error}") from None
    return _table(found, bind)


def _table(found: QuerySolutions | QueryBoolean | QueryTriples, bind: Mapping[str, Term]) -> Table:
    if isinstance(found, QueryBoolean):
        return Table(("answer",), ((Literal(bool(found)),),))
    if isinstance(found, QueryTriples):
        return Table(("subject", "predicate", "object"), tuple((t.subject, t.predicate, t.object) for t in found))
    columns = tuple(v.value for v in found.variables)
    absent = set(bind) - set(columns)
    if absent:
        raise BadQuery(f"?{min(absent)} is bound but not selected: add it to the SELECT list")
    return Table(columns, tuple(tuple(row) for row in found))


def write(table: Table, form: str) -> bytes:
    """Write a table as "csv", "tsv", "json" (the formats of the SPARQL recommendations), "markdown" or "parquet".

    Raises:
        BadQuery: Parquet is asked for and the ``analysis`` extra is not installed.
    """
    if form == "markdown":
        lines = ["| " + " | ".join(table.columns) + " |", "|" + " --- |" * len(table.columns)]
        lines += ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in table.texts()]
        return ("\n".join(lines) + "\n").encode()
    if form == "parquet":
        try:
            import pyarrow  # noqa: F401
        except ImportError:
            raise BadQuery("Parquet needs the analysis extra: pip install 'pharmakon[analysis]'") from None
        buffer = BytesIO()
        table.to_pandas().to_parquet(buffer, index=False)
        return buffer.getvalue()
    return _standard(table, form)


def _standard(table: Table, form: str) -> bytes:
    """Write one of the formats of the SPARQL recommendations."""
    import csv
    import io
    import json

    if form == "json":
        bindings = [{c: _json(t) for c, t in zip(table.columns, row, strict=True) if t is not None} for row in table.rows]
        return (json.dumps({"head": {"vars": list(table.columns)}, "results": {"bindings": bindings}}, ensure_ascii=False) + "\n").encode()
    out = io.StringIO()
    if form == "tsv":
        out.write("\t".join(f"?{c}" for c in table.columns) + "\n")
        out.writelines("\t".join("" if t is None else str(t) for t in row) + "\n" for row in table.rows)
    else:
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(table.columns)
        writer.writerows([("" if t is None else value_of(t)) for t in row] for row in table.rows)
    return out.getvalue().encode()


def _json(term: Term) -> dict[str, str]:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, Literal):
        result = {"type": "literal", "value": term.value}
        if term.language:
            result["xml:lang"] = term.language
        elif term.datatype.value != n.XSD + "string":
            result["datatype"] = term.datatype.value
        return result
    return {"type": "bnode", "value": value_of(term)}
