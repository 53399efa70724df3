"""Where the ontology and the queries lie: inside the wheel, or beside the package in a checkout."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from .errors import BadOntology

_PACKAGE = Path(__file__).parent
_DATA = _PACKAGE / "_data"
_ROOT = _DATA if _DATA.is_dir() else _PACKAGE.parents[1]


def ontology() -> Path:
    """Return the folder of the Turtle files that ship with Pharmakon."""
    return _ROOT / "ontology"


def queries() -> Path:
    """Return the folder of the SPARQL files that ship with Pharmakon."""
    return _ROOT / "queries"


def turtle_files(places: Iterable[Path]) -> list[Path]:
    """List the Turtle files at ``places`` (files, or folders searched through), sorted, each once.

    Raises:
        BadOntology: a place does not exist.
    """
    found: dict[Path, None] = {}
    for place in places:
        if place.is_dir():
            found.update(dict.fromkeys(sorted(place.rglob("*.ttl"))))
        elif place.is_file():
            found[place] = None
        else:
            raise BadOntology([f"{place}: no such file or folder"])
    return list(found)


def line_of(files: Iterable[Path], *words: str) -> str:
    """Find where ``words`` are written: ``file:line`` of the first line with all of them, else with the last.

    Turtle parsers report no lines for well-formed triples, so the place is found by looking for the names again.
    """
    patterns = [re.compile(rf"(?<![\w.-]){re.escape(word)}(?![\w-])") for word in words]
    fallback = ""
    for file, number, line in _lines(files):
        if all(pattern.search(line) for pattern in patterns):
            return f"{file}:{number}"
        if not fallback and patterns and patterns[-1].search(line):
            fallback = f"{file}:{number}"
    return fallback or ", ".join(str(file) for file in list(files)[:1])


def _lines(files: Iterable[Path]) -> Iterator[tuple[Path, int, str]]:
    for file in files:
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            yield file, number, line
