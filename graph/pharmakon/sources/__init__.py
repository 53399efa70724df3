"""The databases that can be imported: one module each, of one shape. A new source is a new file here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from ..errors import BadInput, UnknownName
from .shape import Source, header

_TOOLS = {"download", "fetching", "records", "shape"}
AS_THEMSELVES = frozenset({"obo", "rdf"})
"""Sources that take any file of a format."""


@cache
def known() -> dict[str, Source]:
    """Return the sources by name."""
    modules = (m.name for m in iter_modules(__path__) if m.name not in _TOOLS and not m.name.startswith("_"))
    found: list[Source] = [import_module(f"{__name__}.{name}").SOURCE for name in sorted(modules)]
    return {source.name: source for source in found}


def named(name: str) -> Source:
    """Return the source of a name.

    Raises:
        UnknownName: there is none.
    """
    found = known().get(name.lower())
    if found is None:
        raise UnknownName(name, tuple(known()), "source that can be imported")
    return found


def grouped(files: Sequence[Path]) -> list[tuple[Source, list[Path]]]:
    """Say whose each file is, and put those of one source together. Files that any source could be, such as OBO, are not told.

    Raises:
        BadInput: a file is none of any source's, or could be several's.
    """
    found: dict[str, list[Path]] = {}
    for path in files:
        if not path.is_file():
            raise BadInput(f"{path}: there is no such file")
        fitting = [name for name, source in known().items() if source.recognise(path)]
        own = [name for name in fitting if name not in AS_THEMSELVES] or fitting
        if len(own) != 1 or own[0] in AS_THEMSELVES:
            what = f"could be {' or '.join(own)}" if own else "is no file of a source that can be imported"
            raise BadInput(f"{path}: it {what}: name the source in the place of auto")
        found.setdefault(own[0], []).append(path)
    return [(known()[name], paths) for name, paths in sorted(found.items())]


def roles(source: Source, files: list[Path]) -> dict[str, Path]:
    """Say which of a source's files each given file is.

    Raises:
        BadInput: a file is none of the source's, one is given twice, or one that is needed is missing.
    """
    found: dict[str, Path] = {}
    for path in files:
        if not path.is_file():
            raise BadInput(f"{path}: there is no such file")
        role = source.recognise(path)
        if role is None:
            other = next((s.name for s in known().values() if s is not source and s.recognise(path)), None)
            hint = f"; it looks like {other}" if other else ""
            if not other:
                header(path)  # it may be cut off, or no text: that is said first
            raise BadInput(f"{path}: this is no file of {source.title} as its publisher offers it{hint}")
        if role in found:
            raise BadInput(f"{path}: {source.title} has one file of {role}, and {found[role]} is one already")
        found[role] = path
    missing = [file.role for file in source.files if not file.optional and file.role not in found]
    if missing:
        raise BadInput(f"{source.title} also needs its {' and '.join(missing)}: give all its files in one command")
    return found
