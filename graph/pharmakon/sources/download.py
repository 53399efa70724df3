"""Bring one file of the web to this disk, whole, going on where a download before was cut off.

Only https is taken; http from this machine alone, for tests and mirrors. Proxies are those of the environment.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from http.client import HTTPException
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from ..errors import BadInput, StoreUnavailable

_TIMEOUT = 60.0
_WAITS = (1.0, 2.0, 4.0)
_BLOCK = 1 << 16
_LONGEST_WAIT = 60.0


@dataclass(frozen=True)
class Version:
    """The publisher's marks of one version of a file.

    Attributes:
        etag: the ETag; may be empty.
        modified: the date of the last change, as the publisher writes it; may be empty.
    """

    etag: str = ""
    modified: str = ""

    @property
    def validator(self) -> str:
        """What tells this version from any other, byte for byte; empty where nothing does."""
        return self.modified if not self.etag or self.etag.startswith("W/") else self.etag


def allowed(url: str, local: bool = True) -> bool:
    """Whether an address is encrypted, or on this machine (where ``local`` permits that)."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and local and _loopback(parts.hostname)))
    except ValueError:
        return False


def digest(path: Path, algorithm: str = "sha256") -> str:
    """Return the checksum of a file, in hexadecimal digits."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, algorithm).hexdigest()


@dataclass
class Download:
    """The download of one file.

    Attributes:
        url: the address.
        part: the file to write; what is in it is gone on with, where the publisher still has that version.
        home: a page of the publisher's for people, to name in messages.
        before: the version that is there already, which is not brought again.
        progress: told how many bytes are there, and how many there will be, where the publisher says so.
        sleep: waits between tries.
    """

    url: str
    part: Path
    home: str
    before: Version | None = None
    progress: Callable[[int, int | None], None] = lambda there, total: None
    sleep: Callable[[float], None] = time.sleep

    def run(self) -> Version | None:
        """Bring the file, in several tries; return its version, or None where it is the version of before.

        Raises:
            BadInput: what came does not fit the checksum that the publisher gives.
            StoreUnavailable: the file cannot be had. What came of it is kept in the part file.
            OSError: the part file cannot be written.
        """
        opener = build_opener(_Redirects(self.home))
        for wait in (*_WAITS, None):
            try:
                return self._attempt(opener)
            except _Again as error:
                if wait is None:
                    kept = "what came is kept: fetch again to go on from there" if self._begun()[0] else "try again later"
                    raise StoreUnavailable(f"{self.url}: {error}; tried {len(_WAITS) + 1} times; {kept}") from None
                self.sleep(max(wait, error.after))
        raise AssertionError

    def drop(self) -> None:
        """Remove the part file and what is noted of it."""
        for path in (self.part, self._note):
            path.unlink(missing_ok=True)

    @property
    def _note(self) -> Path:
        """The file that says which version the part file is a part of."""
        return self.part.with_name(f"{self.part.name}.json")

    def _attempt(self, opener: OpenerDirector) -> Version | None:
        start, begun = self._begun()
        headers = {"User-Agent": _agent(), "Accept-Encoding": "identity"}
        if start:
            headers |= {"Range": f"bytes={start}-", "If-Range": begun.validator}
        if self.before and self.before.etag:
            headers["If-None-Match"] = self.before.etag
        elif self.before and self.before.modified:
            headers["If-Modified-Since"] = self.before.modified
        with self._ask(opener, headers) as response:
            status = response.status
            if status == 304 and self.before:
                self.drop()
                return None
            version = Version(*(response.headers.get(name, "") for name in ("ETag", "Last-Modified")))
            if start and (status == 416 or (status == 206 and not _goes_on(response, start, version, begun))):
                self.drop()  # the publisher cannot go on from here: begin anew
                return self._attempt(opener)
            if status != 200 and not (status == 206 and start):
                raise self._refused(response)
            if status == 200:
                self.drop()
                self._note.write_text(json.dumps({"url": self.url, **asdict(version)}), "utf-8")
                self._receive(response, 0)
                return version
            self._receive(response, start)
            return begun

    def _begun(self) -> tuple[int, Version]:
        """Return how much of the file is there, and of which version; drop what cannot be gone on with."""
        with suppress(OSError, ValueError, LookupError, TypeError, AttributeError):
            note = json.loads(self._note.read_text("utf-8"))
            begun = Version(note["etag"], note["modified"])
            size = self.part.stat().st_size
            if size and begun.validator and note["url"] == self.url:
                return size, begun
        self.drop()
        return 0, Version()

    def _ask(self, opener: OpenerDirector, headers: dict[str, str]) -> Any:
        try:
            return opener.open(Request(self.url, headers=headers), timeout=_TIMEOUT)
        except HTTPError as error:
            return error
        except URLError as error:
            told = f"{self.url}: cannot be reached ({error.reason})"
            raise StoreUnavailable(f"{told}: is there a network, and is the address right still? Look at {self.home}") from None
        except (OSError, HTTPException) as error:
            raise _Again(f"no answer ({error or type(error).__name__})") from None

    def _refused(self, response: Any) -> Exception:
        """Make the error for an answer that brings no file."""
        status, after = response.status, response.headers.get("Retry-After", "")
        if status == 429 or status >= 500:
            return _Again(f"the publisher's server answers {status}", min(float(after), _LONGEST_WAIT) if after.isdigit() else 0)
        gone = f"there is no such file: the publisher may have moved it; look for it at {self.home} and import it from there"
        why = {
            401: f"the publisher wants a login: get the file from {self.home} and import it from there",
            403: f"the publisher refuses: see at {self.home} what it asks for, get the file there and import it",
            404: gone,
            410: gone,
        }
        return StoreUnavailable(f"{self.url}: {why.get(status, f'answers {status}: look at {self.home}')}")

    def _receive(self, response: Any, start: int) -> None:
        """Write what arrives behind the first ``start`` bytes, and hold it against what the publisher says of it."""
        length = response.headers.get("Content-Length", "")
        total = start + int(length) if length.isdigit() else None
        there = start
        with self.part.open("ab") as out:
            self.progress(there, total)
            # before Python 3.11.7, read1 does not know where the content ends: ask for no more than there is
            while block := _read(response, _BLOCK if total is None else min(_BLOCK, total - there)):
                there += out.write(block)
                self.progress(there, total)
            out.flush()
            os.fsync(out.fileno())
        if total is not None and there != total:
            raise _Again(f"the connection was cut after {there:,} of {total:,} bytes")
        for name, algorithm, expected in _checksums(response.headers, whole=response.status == 200):
            if digest(self.part, algorithm) != expected:
                self.drop()
                raise BadInput(f"{self.url}: what came does not fit the publisher's {name}: it was damaged on the way; fetch it again")


class _Again(Exception):
    """A fault that may pass; ``after``: for how many seconds the publisher wants to be left alone."""

    def __init__(self, told: str, after: float = 0) -> None:
        super().__init__(told)
        self.after = after


class _Redirects(HTTPRedirectHandler):
    """Follows the publisher to another address, as long as that is encrypted."""

    def __init__(self, home: str) -> None:
        self._home = home

    def redirect_request(self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Request | None:
        if not allowed(newurl, local=_loopback(urlsplit(req.full_url).hostname)):
            fp.close()
            raise StoreUnavailable(f"{req.full_url}: sends on to {newurl}, which is not https: nothing was taken; look at {self._home}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False


def _goes_on(response: Any, start: int, version: Version, begun: Version) -> bool:
    """Whether an answer has the bytes from ``start`` on, of the version that was begun: not every server minds ``If-Range``."""
    begins = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return begins is not None and int(begins[1]) == start and version.validator in ("", begun.validator)


def _agent() -> str:
    from .. import __version__

    return f"pharmakon/{__version__}"


def _read(response: Any, most: int) -> bytes:
    """Return what has arrived, however little, so that it is kept; a fault of the network is told apart from one of the disk."""
    try:
        block: bytes = response.read1(most)
        return block
    except (OSError, HTTPException) as error:
        raise _Again(f"the connection was cut ({error or type(error).__name__})") from None


_ALGORITHMS = {"md5": "md5", "sha-256": "sha256", "sha-512": "sha512"}


def _checksums(headers: Any, whole: bool) -> Iterator[tuple[str, str, str]]:
    """Yield what the publisher gives as checksums of the whole file: name of the header, algorithm, hexadecimal digits.

    ``Content-MD5`` and ``Content-Digest`` are of the bytes in this answer, so they count only where that is the whole file.
    """
    for name in ("Digest", "Repr-Digest", "X-Goog-Hash", *(("Content-MD5", "Content-Digest") if whole else ())):
        for given in headers.get_all(name, []):
            pairs = [("md5", given)] if name == "Content-MD5" else re.findall(r"([\w-]+)=:?([A-Za-z0-9+/]+=*)", given)
            for algorithm, encoded in pairs:
                with suppress(ValueError, KeyError):  # an algorithm that is not known here proves nothing
                    yield name, _ALGORITHMS[algorithm.lower()], base64.b64decode(encoded, validate=True).hex()
