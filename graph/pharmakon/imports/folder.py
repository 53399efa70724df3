"""The folder of a store with databases in it: what lies where, and the one file that says which store is the store.

::

    STORE/pharmakon.json      which of the folders below is the store, and what it was made of
    STORE/store-…/            the store
    STORE/records/            what was read of each source
    STORE/skipped/            the rows that were left out, with the reason, for each source
    STORE/identity.sssom.tsv  which substances were taken for one, why, and which were not
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..build import FORMAT
from ..errors import StoreUnavailable
from ..sources import records as r

POINTER = "pharmakon.json"


@dataclass(frozen=True)
class Part:
    """What was read of one source.

    Attributes:
        name: the source.
        title: its full name.
        release: its release, where its files tell.
        licence: the address of its licence.
        home: its home page.
        files: name, SHA-256 and size of each file.
        rows: how many rows were read.
        kept: how many records were made of them, by kind.
        skipped: how many rows were left out, by reason.
        records: the file of the records, in the folder of records.
        seconds: how long the reading took.
    """

    name: str
    title: str
    release: str
    licence: str
    home: str
    files: tuple[tuple[str, str, int], ...]
    rows: int
    kept: dict[str, int]
    skipped: dict[str, int]
    records: str
    seconds: float


def manifest(store: Path) -> dict[str, Any]:
    """Return what a store's folder says of itself.

    Raises:
        StoreUnavailable: there is no store, or one of another version.
    """
    try:
        found: dict[str, Any] = json.loads((store / POINTER).read_text("utf-8"))
    except FileNotFoundError:
        raise StoreUnavailable(f"{store} holds no store: make one with `pharmakon import SOURCE FILE --store {store}`") from None
    except (OSError, ValueError) as error:
        raise StoreUnavailable(f"{store / POINTER} cannot be read: {error}") from None
    if found.get("format") != FORMAT:
        raise StoreUnavailable(f"{store} was made by another version: make it anew with `pharmakon build --store {store}`")
    return found


def current(store: Path) -> Path:
    """Return the folder of a store that is to be opened."""
    return store / str(manifest(store)["store"])


@contextmanager
def alone(store: Path) -> Iterator[None]:
    """Keep others from importing into a store meanwhile; the lock falls with the process that holds it."""
    store.mkdir(parents=True, exist_ok=True)
    with (store / ".lock").open("a") as lock:
        try:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:
            pass
        except OSError:
            raise StoreUnavailable(f"another import into {store} is running: wait for its end") from None
        yield


@contextmanager
def whole(store: Path) -> Iterator[None]:
    """Turn a disk that is full, or a folder that cannot be written, into a message."""
    try:
        yield
    except OSError as error:
        text = f"the store in {store} cannot be written: {error.strerror or error}; it is as it was before"
        raise StoreUnavailable(f"{text}: make room, or give another folder with --store") from None


def parts_of(store: Path) -> list[Part]:
    """Return what was read of each source; nothing where nothing was."""
    try:
        found = json.loads((store / POINTER).read_text("utf-8"))["parts"]
        return [Part(**{**part, "files": tuple(map(tuple, part["files"]))}) for part in found]
    except FileNotFoundError:
        return []
    except (ValueError, KeyError, TypeError):
        raise StoreUnavailable(f"{store / POINTER} is damaged: give another folder with --store, and import into that") from None


def left_out(store: Path, records: str) -> Path:
    """Return the file of the rows that were left out, which goes with a file of records."""
    return store / "skipped" / f"{records.partition('.')[0]}.tsv"


def fields(record: r.Record) -> tuple[Any, ...]:
    """Return the fields of a record in their order."""
    return tuple(getattr(record, name) for name in record.__slots__)


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def records_of(store: Path, parts: Iterable[Part]) -> Iterator[tuple[str, r.Record]]:
    """Yield all records, each with its source."""
    kinds: dict[str, Any] = {kind.__name__: kind for kind in (r.Substance, r.Family, r.Target, r.Action, r.Tagged, r.Use, r.Same, r.Line)}
    for part in parts:
        path = store / "records" / part.records
        try:
            with gzip.open(path, "rt", encoding="utf-8") as file:
                for line in file:
                    kind, *values = json.loads(line)
                    yield part.name, kinds[kind](*(tuple(f) if type(f) is list else f for f in values))
        except (OSError, EOFError, zlib.error, ValueError):
            raise StoreUnavailable(f"{path} is gone or damaged: import {part.name} again") from None


def pointed(store: Path) -> str:
    """Return the name of the folder that is the store now; empty where none is."""
    try:
        return str(json.loads((store / POINTER).read_text("utf-8"))["store"])
    except (OSError, ValueError, KeyError):
        return ""


def point(store: Path, what: dict[str, Any]) -> None:
    """Replace the pointer in one step."""
    new = store / f"{POINTER}.new"
    with new.open("w", encoding="utf-8") as file:
        json.dump(what, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, store / POINTER)


def tidy(store: Path, name: str, parts: Sequence[Part]) -> None:
    """Remove what the store of before was made of. Whoever has it open keeps reading it where the system allows."""
    kept = {path for part in parts for path in (store / "records" / part.records, left_out(store, part.records))}
    for path in (*(store / "records").iterdir(), *(store / "skipped").iterdir()):
        if path not in kept:
            path.unlink()
    for path in store.glob("store-*"):
        if path.name != name:
            shutil.rmtree(path, ignore_errors=True)
