"""Fetch the files of a source from its publisher, each one whole or not at all.

What arrives is checked beside the file of before and only then takes its place. ``fetched.json`` says where each file came from,
when, under which licence, and with which SHA-256. :class:`BadInput` says that what was given, or what came, is not what it should
be; :class:`StoreUnavailable` that a file can neither be had nor written.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urldefrag, urlsplit

from ..build import home
from ..errors import BadInput, StoreUnavailable
from .download import Download, Version, allowed, digest
from .shape import File, Source

Progress = Callable[[str, int, int | None], None]
"""Told of a download: the role of the file, the bytes that are there, and how many there will be, where the publisher says so."""

RECORD = "fetched.json"
"""The name of the file that says where the files beside it came from."""


@dataclass(frozen=True)
class FetchedFile:
    """A file in the cache, and where it came from.

    Attributes:
        role: what it is in its source.
        path: where it lies.
        url: the address that it was taken from, with ``#member`` where it was taken out of a zip.
        licence: the licence of the source when it was taken; empty where none was stated.
        date: when it was taken, in UTC.
        size: its size in bytes.
        sha256: its SHA-256.
        etag: the publisher's mark of this version; may be empty.
        modified: when the publisher says that it was changed; may be empty.
        archive_sha256: the SHA-256 of the zip that it was taken out of; empty where it came as itself.
    """

    role: str
    path: Path
    url: str
    licence: str
    date: str
    size: int
    sha256: str
    etag: str = ""
    modified: str = ""
    archive_sha256: str = ""


@dataclass(frozen=True)
class Fetched:
    """What a fetch did.

    Attributes:
        title: the full name of the source.
        licence: its licence; empty where none is stated.
        folder: where its files lie.
        files: its files, in the order of the source.
        new: the roles of those that were taken now; the publisher has not changed the others.
        missing: the optional files that could not be had, each with the reason; one of before may still be there.
    """

    title: str
    licence: str
    folder: Path
    files: tuple[FetchedFile, ...]
    new: frozenset[str]
    missing: tuple[tuple[str, str], ...] = ()

    def to_text(self) -> str:
        """Return the lines for a terminal."""
        kept = (
            f"{f.role}: {f.path.name}, {f.size:,} bytes, {'new' if f.role in self.new else f'as fetched on {f.date}'}" for f in self.files
        )
        missing = (f"{role}: not fetched: {reason}" for role, reason in self.missing)
        return "\n".join([f"{self.title}: {terms(self.licence)}", *kept, *missing, f"in {self.folder}"])

    def to_json(self) -> dict[str, Any]:
        """Return it as a value for JSON."""
        files = [{**asdict(f), "path": str(f.path), "new": f.role in self.new} for f in self.files]
        missing = [{"role": role, "reason": reason} for role, reason in self.missing]
        return {"title": self.title, "licence": self.licence, "folder": str(self.folder), "files": files, "missing": missing}


def terms(licence: str) -> str:
    """Say for people under which licence a source is."""
    return f"licence: {licence}" if licence else "no licence is stated: ask the publisher before you pass anything of it on"


def folder_of(source: Source) -> Path:
    """Return where the files of a source are kept."""
    return home() / "downloads" / source.name


def fetched(source: Source, folder: Path | None = None) -> dict[str, FetchedFile]:
    """Return the files of a source that lie in the cache, by role; one that is gone or not as it was fetched is left out."""
    folder = folder or folder_of(source)
    try:
        entries = json.loads((folder / RECORD).read_text("utf-8"))["files"].items()
        known = [FetchedFile(role, folder / Path(entry.pop("file")).name, **entry) for role, entry in entries]
        return {f.role: f for f in known if f.path.is_file() and digest(f.path) == f.sha256}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}  # no record, or one that was tampered with: as if nothing had been fetched


def fetch(
    source: Source,
    *,
    into: Path | None = None,
    base: str | None = None,
    sha256: Mapping[str, str] | None = None,
    progress: Progress = lambda role, there, total: None,
    say: Callable[[str], None] = lambda line: None,
    sleep: Callable[[float], None] = time.sleep,
) -> Fetched:
    """Fetch the files of a source; keep those that the publisher has not changed.

    Args:
        source: the source.
        into: the folder to keep them in; the user's cache where none is given.
        base: a mirror, such as ``https://example.org/mirror``: stands in for the scheme and host of each address.
        sha256: the SHA-256 that a file must have, by role: of the file itself, or of the zip that it comes in.
        progress: told of the bytes that arrive.
        say: told the licence, before anything is downloaded.
        sleep: waits between tries.

    Raises:
        BadInput: an address that may not be used, a role that is not there, a file that is not what it should be.
        StoreUnavailable: a file cannot be had, or cannot be written. The files of before are still there.
    """
    wanted = {role: expected.lower() for role, expected in (sha256 or {}).items()}
    if unknown := sorted(wanted.keys() - {f.role for f in source.files}):
        raise BadInput(f"{source.title} has no file of {unknown[0]}; it has {', '.join(f.role for f in source.files)}")
    say(f"{source.title}: {terms(source.licence)}")
    folder = into or folder_of(source)
    new: set[str] = set()
    missing: list[tuple[str, str]] = []
    with _writing(folder), _alone(folder):
        cache = _Cache(source, folder, fetched(source, folder))
        for file in source.files:
            try:
                if cache.fetch(file, _address(source, file, base), wanted.get(file.role, ""), progress, sleep):
                    new.add(file.role)
            except (BadInput, StoreUnavailable) as error:
                if not file.optional:
                    raise
                missing.append((file.role, str(error)))
    files = tuple(cache.known[f.role] for f in source.files if f.role in cache.known)
    return Fetched(source.title, source.licence, folder, files, frozenset(new), tuple(missing))


def _address(source: Source, file: File, base: str | None) -> str:
    """Return where to take a file from: the publisher's address, or the same path at a mirror."""
    if not file.url:
        raise BadInput(f"{source.title} offers no file of {file.role} at one address: get it at {source.home} and import it from there")
    url = file.url if base is None else base.rstrip("/") + re.sub(r"^\w+://[^/]*", "", file.url)
    if not allowed(url):
        raise BadInput(f"{url}: only https is taken (http from this machine alone): give an address that begins with https://")
    return url


@dataclass(frozen=True)
class _Cache:
    """The folder of one source, and the files that lie in it unharmed."""

    source: Source
    folder: Path
    known: dict[str, FetchedFile]

    def fetch(self, file: File, address: str, wanted: str, progress: Progress, sleep: Callable[[float], None]) -> bool:
        """Fetch one file; say whether it is new."""
        url, member = urldefrag(address)
        last = self.known.get(file.role)
        before = last if last and last.url == address else None
        name = PurePosixPath(unquote(urlsplit(url).path)).name or file.role
        part = self.folder / f"{name}.part"
        version = Version(before.etag, before.modified) if before else None
        download = Download(url, part, self.source.home, version, lambda there, total: progress(file.role, there, total), sleep)
        now = download.run()
        if now is None:
            assert before
            _expect(address, wanted, before.sha256, before.archive_sha256)
            return False
        staged = self.folder / ".new"
        shutil.rmtree(staged, ignore_errors=True)
        try:
            staged.mkdir()
            archive = digest(part) if member else ""
            path = _extracted(address, part, unquote(member), staged) if member else part.rename(staged / name)
            if self.source.recognise(path) != file.role:
                told = f"{address}: {_looks(path)} came in the place of {file.role} of {self.source.title}"
                raise BadInput(f"{told}: the publisher may ask for a login, or have changed the file; look at {self.source.home}")
            own = digest(path)
            _expect(address, wanted, own, archive)
            others = {f.path.name for role, f in self.known.items() if role != file.role}
            place = self.folder / (f"{file.role}-{path.name}" if path.name in others else path.name)
            date = f"{_now():%Y-%m-%dT%H:%M:%SZ}"
            given = (address, self.source.licence, date, path.stat().st_size, own, now.etag, now.modified, archive)
            self.known[file.role] = FetchedFile(file.role, place, *given)
            record = self._record(staged)
            os.replace(path, place)
            os.replace(record, self.folder / RECORD)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
            download.drop()
        if last and last.path.name not in {place.name, *others}:
            last.path.unlink(missing_ok=True)  # the release of before, where releases have names of their own
        return True

    def _record(self, into: Path) -> Path:
        entries = {role: {"file": f.path.name, **asdict(f)} for role, f in self.known.items()}
        files = {role: {key: value for key, value in e.items() if key not in ("role", "path")} for role, e in entries.items()}
        about = {"source": self.source.name, "title": self.source.title, "home": self.source.home, "files": files}
        record = into / f".{RECORD}"
        record.write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n", "utf-8")
        return record


def _extracted(address: str, packed: Path, member: str, into: Path) -> Path:
    """Take a member out of a zip. Its name is compared without folders and case, and may have a ``*``: publishers put a date there."""
    try:
        with zipfile.ZipFile(packed) as archive:
            names = {m.filename: PurePosixPath(m.filename).name for m in archive.infolist() if not m.is_dir()}
            found = [full for full, name in names.items() if fnmatchcase(name.lower(), member.lower())]
            if len(found) != 1:
                raise BadInput(f"{address}: the zip has {len(found) or 'no'} files of that name; it holds {', '.join(names)[:300]}")
            path = into / names[found[0]]
            with archive.open(found[0]) as content, path.open("wb") as out:
                shutil.copyfileobj(content, out)
                out.flush()
                os.fsync(out.fileno())
            return path
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BadInput(f"{address}: {_looks(packed)} came in the place of a zip ({error}): the publisher may ask for a login") from None


def _expect(address: str, wanted: str, *found: str) -> None:
    if wanted and wanted not in found:
        raise BadInput(
            f"{address}: its SHA-256 is {found[0]}, not {wanted} as expected: is the number right, or has the publisher a new release?"
        )


def _looks(path: Path) -> str:
    """Say what a file looks like that is not what it should be."""
    with path.open("rb") as content:
        opening = content.read(4096).decode("utf-8", "replace").strip()
    if not re.match(r"<(!doctype html|html|head|!--)", opening, re.I):
        return f"a file that begins with {opening[:40]!r}" if opening else "an empty file"
    title = re.search(r"<title[^>]*>(.*?)</title", opening, re.I | re.S)
    return f'a web page ("{" ".join(title[1].split())[:60]}")' if title else "a web page"


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        told = f"{error.filename or folder}: cannot be written: {error.strerror or error}"
        advice = "make room, or set PHARMAKON_HOME to a folder that can be written"
        raise StoreUnavailable(f"{told}; the files of before are as they were; {advice}") from None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep a second fetch out of the folder: two writers would mix what they write."""
    with (folder / ".lock").open("w") as lock:
        if sys.platform != "win32":
            import fcntl

            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StoreUnavailable(f"{folder}: another fetch is at work here: wait until it is done") from None
        yield
