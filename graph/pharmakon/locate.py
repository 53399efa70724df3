"""Where the ontology and the queries lie: inside the wheel, or beside the package in a checkout."""

from __future__ import annotations

import re
from collections.abc import Iterable
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
    """Find where ``words`` are written: ``file:line`` of the line that has most of them.

    Among equals, a line that begins with one comes first, as the place where a thing is described does, then a file that has more
    of them elsewhere. Turtle parsers report no lines for well-formed triples, so the place is found by looking for the names again.
    """
    patterns = [re.compile(rf"(?<![\w.-]){re.escape(word)}(?![\w-])") for word in words]
    files, best, place = list(files), (0, False, 0), ""
    for file in files:
        lines = file.read_text("utf-8").splitlines()
        inside = sum(any(pattern.search(line) for line in lines) for pattern in patterns)
        for number, line in enumerate(lines, 1):
            if inside and not line.startswith(("#", "@prefix")):
                found = [m for pattern in patterns if (m := pattern.search(line))]
                score = (len(found), any(line[: m.start()] in (":", "src:") for m in found), inside)
                if score > best:
                    best, place = score, f"{file}:{number}"
    return place or ", ".join(str(file) for file in files[:1])
