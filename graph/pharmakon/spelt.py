"""Names that are spelt like another, among a million: an index on disk, kept by SQLite, which Python brings with it.

Whole names are looked up in the store itself. This index is only asked when a name stands for nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

_NEAREST, _AS_LONG = 60, 1000


def build(path: Path, names: Iterable[tuple[str, str]]) -> None:
    """Write an index.

    Args:
        path: the file to write.
        names: each look-up key with the IRI of what it stands for.

    Raises:
        OSError: the file cannot be written.
    """
    try:
        _build(path, names)
    except sqlite3.Error as error:
        raise OSError(f"{path}: {error}") from None


def _build(path: Path, names: Iterable[tuple[str, str]]) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("CREATE TABLE name (key TEXT, thing TEXT)")
        database.executemany("INSERT INTO name VALUES (?, ?)", names)
        database.execute("CREATE INDEX name_key ON name (key)")
        database.execute("CREATE VIRTUAL TABLE spelt USING fts5 (key, content = '', tokenize = 'trigram')")
        database.execute("INSERT INTO spelt (rowid, key) SELECT MIN(rowid), key FROM name GROUP BY key")
        database.execute("INSERT INTO spelt (spelt) VALUES ('optimize')")
        database.commit()


def near(path: Path, key: str) -> dict[str, frozenset[str]]:
    """Return keys that share most of their letters with a key, or begin and are as long as it, each with what it stands for."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        found = database.execute(
            "SELECT name.key FROM spelt JOIN name ON name.rowid = spelt.rowid WHERE spelt MATCH ? ORDER BY rank LIMIT ?",
            (" OR ".join(f'"{part}"' for part in sorted(set(_thirds(key)))), _NEAREST),
        ).fetchall()
        start = key[:2]
        found += database.execute(
            "SELECT DISTINCT key FROM name WHERE key >= ? AND key < ? AND length(key) BETWEEN ? AND ? LIMIT ?",
            (start, start + "\U0010ffff", len(key) - 2, len(key) + 2, _AS_LONG),
        ).fetchall()
        return {k: frozenset(t for (t,) in database.execute("SELECT thing FROM name WHERE key = ?", (k,))) for (k,) in found}


def starting(path: Path, start: str, most: int) -> list[tuple[str, str]]:
    """Return keys that begin so, the shortest first, each with what it stands for."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        rows: list[tuple[str, str]] = database.execute(
            "SELECT key, thing FROM name WHERE key >= ? AND key < ? ORDER BY length(key), key, thing LIMIT ?",
            (start, start + "\U0010ffff", most),
        ).fetchall()
        return rows


def _thirds(key: str) -> Iterator[str]:
    if len(key) < 3:
        yield key.replace('"', "")
    for i in range(len(key) - 2):
        yield key[i : i + 3].replace('"', "")
