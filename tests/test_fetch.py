"""Fetching the files of a source: from a publisher on this machine who plays every trick that publishers and networks play."""

from __future__ import annotations

import base64
import fcntl
import io
import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pharmakon.errors import BadInput, StoreUnavailable
from pharmakon.sources import download, fetching, known
from pharmakon.sources.download import Download, Version
from pharmakon.sources.fetching import Fetched, FetchedFile, fetch, fetched, folder_of
from pharmakon.sources.shape import File, Source, role_by_columns

OLD = b"name,target\nbaclofen,GABA-B\n"
NEW = b"name,target\nbaclofen,GABA-B\nmorphine,mu\n"
OLD_SUM = "bbd8551e14bf1a0209758eeedcc7e4b1be33678c1086359cd85df9bbc9a7b760"
NEW_SUM = "d5e0db34cfd6c1f7ee8c5d54fc8b613f4ca8de93db66c175a243586c2365ee13"
LOGIN = b"\n<!DOCTYPE html>\n<html><head><title>Log in to\nthe database</title></head><body></body></html>"
JANUARY = base64.b64decode(
    "UEsDBBQAAAAAAAAAIVwFpqHlCAAAAAgAAAALAAAAUkVBRCBNRS50eHRyZWFkIG1lClBLAwQUAAAAAAAAACFcrU6FDBwAAAAcAAAAFwAAAGRhdGEvTmFtZXNfMUph"
    "bjIwMjYuY3N2bmFtZSx0YXJnZXQKYmFjbG9mZW4sR0FCQS1CClBLAQIUAxQAAAAAAAAAIVwFpqHlCAAAAAgAAAALAAAAAAAAAAAAAACAAQAAAABSRUFEIE1FLnR4"
    "dFBLAQIUAxQAAAAAAAAAIVytToUMHAAAABwAAAAXAAAAAAAAAAAAAACAATEAAABkYXRhL05hbWVzXzFKYW4yMDI2LmNzdlBLBQYAAAAAAgACAH4AAACCAAAAAAA="
)
"""A zip with ``READ ME.txt`` and, as ``data/Names_1Jan2026.csv``, what OLD holds."""
JANUARY_SUM = "557361e0c4dc8fdb6ec67657d8743f3031159137203d79598b1913dc042f9c96"
FEBRUARY = base64.b64decode(
    "UEsDBBQAAAAAAAAAIVw+4R7uKAAAACgAAAAXAAAAZGF0YS9OYW1lc18xRmViMjAyNi5jc3ZuYW1lLHRhcmdldApiYWNsb2ZlbixHQUJBLUIKbW9ycGhpbmUsbXUK"
    "UEsBAhQDFAAAAAAAAAAhXD7hHu4oAAAAKAAAABcAAAAAAAAAAAAAAIABAAAAAGRhdGEvTmFtZXNfMUZlYjIwMjYuY3N2UEsFBgAAAAABAAEARQAAAF0AAAAAAA=="
)
"""A zip with ``data/Names_1Feb2026.csv``, which is what NEW holds."""

# --- the publisher ----------------------------------------------------------------------------------------------------


@dataclass
class Offered:
    """A file that the publisher offers, and what is wrong with how.

    Attributes:
        marks: headers besides the length, such as an ETag.
        ranges: whether it sends a part where a part is asked for.
        cut: the byte of the file behind which every connection breaks.
        honest: whether it minds If-Range.
    """

    content: bytes
    marks: dict[str, str] = field(default_factory=lambda: {"ETag": '"v1"'})
    ranges: bool = True
    cut: int | None = None
    honest: bool = True


class Publisher:
    """A server on this machine. ``answers`` are given first, one to a request; then the files."""

    def __init__(self) -> None:
        self.files: dict[str, Offered] = {}
        self.answers: list[Callable[[Any], None]] = []
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.hold: threading.Event | None = None
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                kept = ("Range", "If-Range", "If-None-Match", "If-Modified-Since")
                publisher.asked.append((self.path, {k: self.headers[k] for k in kept if self.headers[k]}))
                publisher.answers.pop(0)(self) if publisher.answers else publisher.answer(self)

            def do_CONNECT(self) -> None:
                publisher.asked.append((f"CONNECT {self.path}", {}))
                self.send_error(502)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                pass  # the other side was killed, which is what a test wanted

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def answer(self, to: BaseHTTPRequestHandler) -> None:
        offered = self.files.get(to.path)
        if offered is None:
            return say(404)(to)
        content, marks = offered.content, offered.marks
        if to.headers["If-None-Match"] == marks.get("ETag", 0) or to.headers["If-Modified-Since"] == marks.get("Last-Modified", 0):
            return say(304)(to)
        start = 0
        asked = re.fullmatch(r"bytes=(\d+)-", to.headers["Range"] or "")
        same = not offered.honest or to.headers["If-Range"] in (marks.get("ETag"), marks.get("Last-Modified"))
        if asked and offered.ranges and same:
            start = int(asked[1])
        to.send_response(206 if start else 200)
        if start:
            to.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        to.send_header("Content-Length", str(len(content) - start))
        for name, value in marks.items():
            to.send_header(name, value)
        to.end_headers()
        to.wfile.write(content[start : offered.cut])
        to.wfile.flush()
        if self.hold:
            self.hold.wait(20)


def say(status: int, content: bytes = b"", **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """Answer with a status."""

    def answer(to: BaseHTTPRequestHandler) -> None:
        to.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            to.send_header(name.replace("_", "-"), value)
        to.end_headers()
        to.wfile.write(content)

    return answer


def hang_up(to: BaseHTTPRequestHandler) -> None:
    """Close the connection without an answer."""
    to.close_connection = True


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(fetching, "_now", lambda: datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC))
    found = Publisher()
    found.files["/data/drugs.csv"] = Offered(OLD)
    yield found
    found.server.shutdown()
    found.server.server_close()


def source(*files: File, licence: str = "https://example.org/licence") -> Source:
    """Make a source of these files, or of one."""
    files = files or (File("drugs", "https://example.org/data/drugs.csv", ("name", "target")),)
    return Source("testdb", "Test Database", licence, "https://example.org/home", files, role_by_columns(files, ","), lambda f, r: iter(()))


class Waits(list[float]):
    """Takes note of waits in the place of waiting."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def take(publisher: Publisher, tmp_path: Path) -> Callable[..., Fetched]:
    """Fetch from the publisher into the test's folder."""

    def run(of: Source | None = None, **options: Any) -> Fetched:
        return fetch(of or source(), **{"into": tmp_path / "kept", "base": publisher.url, "sleep": Waits(), **options})

    return run


Take = Callable[..., Fetched]


def contents(folder: Path) -> dict[str, bytes]:
    """Return all that lies in a folder, but the lock and the record."""
    return {
        str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.name not in (".lock", "fetched.json")
    }


def record(folder: Path) -> Any:
    return json.loads((folder / "fetched.json").read_text("utf-8"))


def told(error: pytest.ExceptionInfo[Exception], publisher: Publisher) -> str:
    """Return the message, with the publisher's address as PUBLISHER."""
    return str(error.value).replace(publisher.url, "PUBLISHER")


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_a_file_and_its_record(publisher: Publisher, take: Take, tmp_path: Path) -> None:
    publisher.files["/data/drugs.csv"].marks["Last-Modified"] = "Wed, 01 Jan 2026 00:00:00 GMT"
    found = take()
    entry = {
        "file": "drugs.csv",
        "url": f"{publisher.url}/data/drugs.csv",
        "licence": "https://example.org/licence",
        "date": "2026-03-04T05:06:07Z",
        "size": 28,
        "sha256": OLD_SUM,
        "etag": '"v1"',
        "modified": "Wed, 01 Jan 2026 00:00:00 GMT",
        "archive_sha256": "",
    }
    assert contents(tmp_path / "kept") == {"drugs.csv": OLD}
    assert record(tmp_path / "kept") == {
        "source": "testdb",
        "title": "Test Database",
        "home": "https://example.org/home",
        "files": {"drugs": entry},
    }
    file = FetchedFile("drugs", tmp_path / "kept" / "drugs.csv", **{k: v for k, v in entry.items() if k != "file"})  # type: ignore[arg-type]
    assert found == Fetched("Test Database", "https://example.org/licence", tmp_path / "kept", (file,), frozenset({"drugs"}))
    assert fetched(source(), tmp_path / "kept") == {"drugs": file}
    assert publisher.asked == [("/data/drugs.csv", {})]
    assert found.to_text() == (
        f"Test Database: licence: https://example.org/licence\ndrugs: drugs.csv, 28 bytes, new\nin {tmp_path / 'kept'}"
    )
    path = {"role": "drugs", "path": str(tmp_path / "kept" / "drugs.csv"), "new": True}
    assert found.to_json() == {
        "title": "Test Database",
        "licence": "https://example.org/licence",
        "folder": str(tmp_path / "kept"),
        "files": [{**{k: v for k, v in entry.items() if k != "file"}, **path}],
        "missing": [],
    }


def test_it_goes_to_the_cache(publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHARMAKON_HOME", str(tmp_path))
    assert folder_of(source()) == tmp_path / "downloads" / "testdb"
    assert fetch(source(), base=publisher.url).files[0].path == tmp_path / "downloads" / "testdb" / "drugs.csv"
    assert contents(tmp_path / "downloads" / "testdb") == {"drugs.csv": OLD}


@pytest.mark.parametrize(
    ("licence", "line"),
    [
        ("https://example.org/licence", "Test Database: licence: https://example.org/licence"),
        ("public domain", "Test Database: licence: public domain"),
        ("", "Test Database: no licence is stated: ask the publisher before you pass anything of it on"),
    ],
)
def test_the_licence_is_told_first(licence: str, line: str, publisher: Publisher, take: Take, tmp_path: Path) -> None:
    said: list[tuple[str, int]] = []
    found = take(source(licence=licence), say=lambda text: said.append((text, len(publisher.asked))))
    assert said == [(line, 0)]
    assert found.to_text().splitlines()[0] == line
    assert record(tmp_path / "kept")["files"]["drugs"]["licence"] == licence


def test_progress_is_told(publisher: Publisher, take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "_BLOCK", 10)
    seen: list[tuple[str, int, int | None]] = []
    take(progress=lambda *told: seen.append(told))
    assert seen == [("drugs", 0, 28), ("drugs", 10, 28), ("drugs", 20, 28), ("drugs", 28, 28)]


@pytest.mark.parametrize(
    ("marks", "condition"),
    [
        ({"ETag": '"v1"'}, {"If-None-Match": '"v1"'}),
        ({"ETag": 'W/"v1"'}, {"If-None-Match": 'W/"v1"'}),
        ({"Last-Modified": "Wed, 01 Jan 2026 00:00:00 GMT"}, {"If-Modified-Since": "Wed, 01 Jan 2026 00:00:00 GMT"}),
    ],
)
def test_what_has_not_changed_is_kept(
    marks: dict[str, str], condition: dict[str, str], publisher: Publisher, take: Take, tmp_path: Path
) -> None:
    publisher.files["/data/drugs.csv"].marks = marks
    take()
    before = record(tmp_path / "kept")
    found = take()
    assert publisher.asked == [("/data/drugs.csv", {}), ("/data/drugs.csv", condition)]
    assert (found.new, contents(tmp_path / "kept"), record(tmp_path / "kept")) == (frozenset(), {"drugs.csv": OLD}, before)
    assert found.to_text().splitlines()[1] == "drugs: drugs.csv, 28 bytes, as fetched on 2026-03-04T05:06:07Z"


def test_what_has_changed_is_taken(publisher: Publisher, take: Take, tmp_path: Path) -> None:
    take()
    publisher.files["/data/drugs.csv"] = Offered(NEW, {"ETag": '"v2"'})
    assert take().new == {"drugs"}
    assert contents(tmp_path / "kept") == {"drugs.csv": NEW}
    entry = record(tmp_path / "kept")["files"]["drugs"]
    assert (entry["sha256"], entry["size"], entry["etag"]) == (NEW_SUM, 40, '"v2"')


@pytest.mark.parametrize("harm", ["content", "gone", "record", "entry", "place"])
def test_what_was_harmed_is_fetched_again(harm: str, publisher: Publisher, take: Take, tmp_path: Path) -> None:
    """The publisher's word that nothing changed says nothing of a file that changed here."""
    take()
    kept = tmp_path / "kept"
    if harm == "content":
        (kept / "drugs.csv").write_bytes(OLD.replace(b"B", b"X"))
    elif harm == "gone":
        (kept / "drugs.csv").unlink()
    elif harm == "record":
        (kept / "fetched.json").write_text("{", "utf-8")
    elif harm == "entry":
        (kept / "fetched.json").write_text('{"files": {"drugs": {"file": "drugs.csv", "colour": "red"}}}', "utf-8")
    if harm == "place":  # a mirror may have another release
        publisher.files["/mirror/data/drugs.csv"] = Offered(OLD)
        take(base=f"{publisher.url}/mirror/")
    else:
        take()
    assert publisher.asked[1][1] == {}
    assert contents(kept) == {"drugs.csv": OLD}
    assert record(kept)["files"]["drugs"]["sha256"] == OLD_SUM


# --- cut off and gone on with -----------------------------------------------------------------------------------------


def test_a_cut_connection_is_gone_on_with_at_once(publisher: Publisher, take: Take, tmp_path: Path) -> None:
    """Within a fetch: the next try asks for the rest."""
    cut = replace(publisher.files["/data/drugs.csv"], cut=10)
    publisher.answers = [lambda to: Publisher.answer(publisher_of(cut), to)]
    waits = Waits()
    take(sleep=waits)
    assert publisher.asked == [("/data/drugs.csv", {}), ("/data/drugs.csv", {"Range": "bytes=10-", "If-Range": '"v1"'})]
    assert (waits, contents(tmp_path / "kept")) == ([1.0], {"drugs.csv": OLD})


def publisher_of(offered: Offered) -> Publisher:
    """Make the part of a publisher that answers, with one file and no server."""
    made = object.__new__(Publisher)
    made.files, made.hold = {"/data/drugs.csv": offered}, None
    return made


def test_a_connection_that_is_always_cut(publisher: Publisher, take: Take, tmp_path: Path) -> None:
    """The file of before stays, what came stays, and the next fetch goes on from there."""
    take()
    publisher.files["/data/drugs.csv"] = Offered(NEW, {"ETag": '"v2"'}, cut=30)
    waits = Waits()
    with pytest.raises(StoreUnavailable) as error:
        take(sleep=waits)
    assert told(error, publisher) == (
        "PUBLISHER/data/drugs.csv: the connection was cut after 30 of 40 bytes; tried 4 times; "
        "what came is kept: fetch again to go on from there"
    )
    assert waits == [1.0, 2.0, 4.0]
    kept = contents(tmp_path / "kept")
    assert (kept.pop("drugs.csv"), kept.pop("drugs.csv.part")) == (OLD, NEW[:30])
    assert {name: json.loads(text) for name, text in kept.items()} == {
        "drugs.csv.part.json": {"url": f"{publisher.url}/data/drugs.csv", "etag": '"v2"', "modified": ""}
    }
    assert record(tmp_path / "kept")["files"]["drugs"]["sha256"] == OLD_SUM
    publisher.files["/data/drugs.csv"].cut = None
    publisher.asked.clear()
    take()
    assert publisher.asked == [("/data/drugs.csv", {"Range": "bytes=30-", "If-Range": '"v2"', "If-None-Match": '"v1"'})]
    assert contents(tmp_path / "kept") == {"drugs.csv": NEW}
    entry = record(tmp_path / "kept")["files"]["drugs"]
    assert (entry["sha256"], entry["etag"]) == (NEW_SUM, '"v2"')


def test_a_cut_without_a_mark_begins_anew(publisher: Publisher, take: Take, tmp_path: Path) -> None:
    """Nothing says that the rest would be of the same version."""
    publisher.files["/data/drugs.csv"] = Offered(OLD, {"ETag": 'W/"weak"'}, cut=10)
    with pytest.raises(StoreUnavailable, match=r"cut after 10 of 28 bytes; tried 4 times; try again later$"):
        take()
    assert contents(tmp_path / "kept") == {}
    publisher.files["/data/drugs.csv"].cut = None
    take()
    assert publisher.asked == [("/data/drugs.csv", {})] * 5
    assert contents(tmp_path / "kept") == {"drugs.csv": OLD}


REST = {"Range": "bytes=10-", "If-Range": '"v1"'}


@pytest.mark.parametrize(
    ("then", "answers", "asked", "content"),
    [
        ("no ranges", Offered(OLD, ranges=False), [REST], OLD),
        ("changed", Offered(NEW, {"ETag": '"v2"'}), [REST], NEW),
        ("changed, and If-Range not minded", Offered(NEW, {"ETag": '"v2"'}, honest=False), [REST, {}], NEW),
        ("no such range", say(416), [REST, {}], OLD),
        ("another range", say(206, OLD[5:], Content_Range="bytes 5-27/28"), [REST, {}], OLD),
        ("no range told", say(206, OLD), [REST, {}], OLD),
    ],
)
def test_a_publisher_who_cannot_go_on(
    then: str, answers: Any, asked: list[dict[str, str]], content: bytes, publisher: Publisher, take: Take, tmp_path: Path
) -> None:
    publisher.files["/data/drugs.csv"].cut = 10
    with pytest.raises(StoreUnavailable, match="cut after 10 of 28 bytes"):
        take()
    publisher.asked.clear()
    publisher.files["/data/drugs.csv"] = answers if isinstance(answers, Offered) else Offered(OLD)
    publisher.answers = [] if isinstance(answers, Offered) else [answers]
    take()
    assert [headers for _, headers in publisher.asked] == asked
    assert contents(tmp_path / "kept") == {"drugs.csv": content}


def test_a_part_from_another_place_is_not_gone_on_with(publisher: Publisher, take: Take, tmp_path: Path) -> None:
    publisher.files |= {"/data/drugs.csv": Offered(NEW, cut=30), "/mirror/data/drugs.csv": Offered(OLD)}
    with pytest.raises(StoreUnavailable, match="cut after 30 of 40 bytes"):
        take()
    publisher.asked.clear()
    take(base=f"{publisher.url}/mirror")
    assert publisher.asked == [("/mirror/data/drugs.csv", {})]
    assert contents(tmp_path / "kept") == {"drugs.csv": OLD}


def test_a_rest_without_a_mark_is_of_the_version_that_was_begun(publisher: Publisher, take: Take, tmp_path: Path) -> None:
    publisher.files["/data/drugs.csv"].cut = 10
    with pytest.raises(StoreUnavailable):
        take()
    publisher.answers = [say(206, OLD[10:], Content_Range="bytes 10-27/28")]
    take()
    assert contents(tmp_path / "kept") == {"drugs.csv": OLD}
    assert record(tmp_path / "kept")["files"]["drugs"]["etag"] == '"v1"'


def test_a_part_is_dropped_where_the_file_of_before_is_right_still(publisher: Publisher, take: Take, tmp_path: Path) -> None:
    take()
    publisher.files["/data/drugs.csv"] = Offered(NEW, {"ETag": '"v2"'}, cut=30)
    with pytest.raises(StoreUnavailable):
        take()
    publisher.files["/data/drugs.csv"] = Offered(OLD)
    assert take().new == frozenset()
    assert contents(tmp_path / "kept") == {"drugs.csv": OLD}


def test_a_killed_fetch_is_gone_on_with(publisher: Publisher, take: Take, tmp_path: Path) -> None:
    """A process that is killed half-way leaves a part; the next one asks for the rest of it and has the whole file."""
    content = b"name,target\n" + b"baclofen,GABA-B\n" * 40_000
    publisher.files["/data/drugs.csv"] = Offered(content, cut=400_000)
    publisher.hold = threading.Event()
    script = (
        "import sys, test_fetch\nfrom pathlib import Path\ntest_fetch.fetch(test_fetch.source(), into=Path(sys.argv[1]), base=sys.argv[2])"
    )
    kept = tmp_path / "kept"
    killed = subprocess.Popen([sys.executable, "-c", script, str(kept), publisher.url], cwd=Path(__file__).parent)
    part, until = kept / "drugs.csv.part", time.monotonic() + 20
    while not (part.is_file() and part.stat().st_size) and time.monotonic() < until:
        time.sleep(0.01)
    os.kill(killed.pid, signal.SIGKILL)
    assert killed.wait() == -signal.SIGKILL
    publisher.hold.set()
    publisher.hold = None
    there = part.stat().st_size
    assert 0 < there <= 400_000
    assert sorted(contents(kept)) == ["drugs.csv.part", "drugs.csv.part.json"]
    publisher.files["/data/drugs.csv"].cut = None
    take()
    assert publisher.asked == [("/data/drugs.csv", {}), ("/data/drugs.csv", {"Range": f"bytes={there}-", "If-Range": '"v1"'})]
    assert contents(kept) == {"drugs.csv": content}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(max_size=300),
    cuts=st.lists(st.tuples(st.integers(0, 300), st.booleans(), st.booleans()), max_size=3),
    marks=st.sampled_from([{}, {"ETag": '"v"'}, {"ETag": 'W/"v"'}, {"Last-Modified": "Wed, 01 Jan 2026 00:00:00 GMT"}]),
)
def test_whatever_is_cut_the_file_is_whole(
    content: bytes, cuts: list[tuple[int, bool, bool]], marks: dict[str, str], publisher: Publisher, tmp_path: Path
) -> None:
    """Up to three connections break anywhere, with ranges or without, and the file is what the publisher offers."""
    whole = Offered(content, marks)
    steps = [replace(whole, cut=cut, ranges=ranges, honest=honest) for cut, ranges, honest in cuts]
    publisher.files["/data/drugs.csv"] = whole
    publisher.answers = [lambda to, step=step: Publisher.answer(publisher_of(step), to) for step in steps]  # type: ignore[misc]
    part = tmp_path / "part"
    one = Download(f"{publisher.url}/data/drugs.csv", part, "https://example.org/home", sleep=Waits())
    assert one.run() == Version(marks.get("ETag", ""), marks.get("Last-Modified", ""))
    assert part.read_bytes() == content
    one.drop()
    publisher.answers = []


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (
            404,
            "there is no such file: the publisher may have moved it; look for it at https://example.org/home and import it from there",
        ),
        (
            410,
            "there is no such file: the publisher may have moved it; look for it at https://example.org/home and import it from there",
        ),
        (401, "the publisher wants a login: get the file from https://example.org/home and import it from there"),
        (403, "the publisher refuses: see at https://example.org/home what it asks for, get the file there and import it"),
        (418, "answers 418: look at https://example.org/home"),
        (206, "answers 206: look at https://example.org/home"),
        (304, "answers 304: look at https://example.org/home"),
    ],
)
def test_an_answer_without_a_file(status: int, message: str, publisher: Publisher, take: Take, tmp_path: Path) -> None:
    publisher.answers = [say(status)]
    waits = Waits()
    with pytest.raises(StoreUnavailable) as error:
        take(sleep=waits)
    assert told(error, publisher) == f"PUBLISHER/data/drugs.csv: {message}"
    assert (waits, contents(tmp_path / "kept")) == ([], {})


def test_the_file_of_before_outlives_a_refusal(publisher: Publisher, take: Take, tmp_path: Path) -> None:
    take()
    before = record(tmp_path / "kept")
    del publisher.files["/data/drugs.csv"]
    with pytest.raises(StoreUnavailable, match="there is no such file"):
        take()
    assert (contents(tmp_path / "kept"), record(tmp_path / "kept")) == ({"drugs.csv": OLD}, before)


@pytest.mark.parametrize(
    ("answers", "waits"),
    [
        ([say(500), say(502), say(503)], [1.0, 2.0, 4.0]),
        (
            [say(429, Retry_After="7"), say(503, Retry_After="3600"), say(503, Retry_After="Wed, 01 Jan 2026 00:00:00 GMT")],
            [7.0, 60.0, 4.0],
        ),
        ([hang_up], [1.0]),
    ],
)
def test_a_fault_that_passes(answers: list[Any], waits: list[float], publisher: Publisher, take: Take, tmp_path: Path) -> None:
    publisher.answers = answers
    waited = Waits()
    take(sleep=waited)
    assert (waited, contents(tmp_path / "kept")) == (waits, {"drugs.csv": OLD})


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (say(503), "the publisher's server answers 503; tried 4 times; try again later"),
        (hang_up, "no answer (Remote end closed connection without response); tried 4 times; try again later"),
    ],
)
def test_a_fault_that_stays(answer: Any, message: str, publisher: Publisher, take: Take) -> None:
    publisher.answers = [answer] * 9
    with pytest.raises(StoreUnavailable) as error:
        take()
    assert told(error, publisher) == f"PUBLISHER/data/drugs.csv: {message}"
    assert len(publisher.asked) == 4


def test_a_publisher_who_falls_silent(publisher: Publisher, take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "_TIMEOUT", 0.2)
    monkeypatch.setattr(download, "_WAITS", ())
    publisher.files["/data/drugs.csv"].cut = 10
    publisher.hold = threading.Event()
    with pytest.raises(StoreUnavailable) as error:
        take()
    publisher.hold.set()
    assert told(error, publisher) == (
        "PUBLISHER/data/drugs.csv: the connection was cut (timed out); tried 1 times; what came is kept: fetch again to go on from there"
    )


def chunked(*chunks: bytes, ended: bool = True) -> Callable[[BaseHTTPRequestHandler], None]:
    """Answer with a file whose length is not told beforehand."""

    def answer(to: BaseHTTPRequestHandler) -> None:
        to.protocol_version = "HTTP/1.1"
        to.send_response(200)
        to.send_header("Transfer-Encoding", "chunked")
        to.send_header("ETag", '"v1"')
        to.end_headers()
        to.wfile.write(b"".join(b"%x\r\n%s\r\n" % (len(c), c) for c in chunks) + (b"0\r\n\r\n" if ended else b""))
        to.close_connection = True

    return answer


def test_a_length_that_is_not_told(publisher: Publisher, take: Take, tmp_path: Path) -> None:
    """In chunks the end is marked, so that a cut shows; the rest is then asked for."""
    seen: list[int | None] = []
    publisher.answers = [chunked(OLD[:9], OLD[9:])]
    take(progress=lambda role, there, total: seen.append(total))
    assert (contents(tmp_path / "kept"), set(seen)) == ({"drugs.csv": OLD}, {None})
    (tmp_path / "kept" / "drugs.csv").unlink()
    publisher.answers = [chunked(OLD[:9], OLD[9:12], ended=False)]
    publisher.asked.clear()
    take()
    assert publisher.asked == [("/data/drugs.csv", {}), ("/data/drugs.csv", {"Range": "bytes=12-", "If-Range": '"v1"'})]
    assert contents(tmp_path / "kept") == {"drugs.csv": OLD}


def test_a_server_that_keeps_the_line_open(publisher: Publisher, take: Take, tmp_path: Path) -> None:
    """The length says when the file is whole."""
    publisher.hold = threading.Event()
    began = time.monotonic()
    take()
    publisher.hold.set()
    assert time.monotonic() - began < 5
    assert contents(tmp_path / "kept") == {"drugs.csv": OLD}


def test_nobody_listens(take: Take) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{reserved.getsockname()[1]}"
        waits = Waits()
        with pytest.raises(StoreUnavailable) as error:
            take(base=address, sleep=waits)
    assert str(error.value) == (
        f"{address}/data/drugs.csv: cannot be reached ([Errno 111] Connection refused): is there a network, and is the address right "
        "still? Look at https://example.org/home"
    )
    assert waits == []


@pytest.mark.parametrize(
    ("came", "looks"),
    [
        (LOGIN, 'a web page ("Log in to the database")'),
        (b"<html></html>", "a web page"),
        (b"id;name\n1;baclofen\n", "a file that begins with 'id;name\\n1;baclofen'"),
        (b"", "an empty file"),
    ],
)
def test_something_else_in_the_place_of_the_file(came: bytes, looks: str, publisher: Publisher, take: Take, tmp_path: Path) -> None:
    take()
    before = record(tmp_path / "kept")
    publisher.files["/data/drugs.csv"] = Offered(came, {"ETag": '"v2"'})
    with pytest.raises(BadInput) as error:
        take()
    assert told(error, publisher) == (
        f"PUBLISHER/data/drugs.csv: {looks} came in the place of drugs of Test Database: the publisher may ask for a login, or have "
        "changed the file; look at https://example.org/home"
    )
    assert (contents(tmp_path / "kept"), record(tmp_path / "kept")) == ({"drugs.csv": OLD}, before)


def test_the_files_of_two_roles_exchanged(publisher: Publisher, take: Take) -> None:
    publisher.files["/data/doses.csv"] = Offered(OLD)
    doses = File("doses", "https://example.org/data/doses.csv", ("dose",))
    drugs = File("drugs", "https://example.org/data/drugs.csv", ("name", "target"))
    with pytest.raises(BadInput, match=r"a file that begins with 'name,target.* came in the place of doses of Test Database"):
        take(source(drugs, doses))


# --- checksums --------------------------------------------------------------------------------------------------------

SHA = "u9hVHhS/GgIJdY7u3Mfksb4zZ4wQhjWc2F35u8mnt2A="
LONG = "RLe31yk9pkw17w9/vugfc96C8WGSg8G054OuywqQ9jNpFZMojaNxAgDYRFJDkBFbsuIeZa9tiU41ZdwlROK3bA=="
MD5 = "/kJB71/6tOjyWsgcLKmutQ=="
OTHER_SHA, OTHER_MD5 = "1eDbNM/WwffujF1U/IthP0yo3pPbZsF1okNYbCNl7hM=", "G3ut1fqBHs+OLrg4EYHq8A=="
GIVEN = [
    ("Digest", f"SHA-256={SHA}", f"SHA-256={OTHER_SHA}"),
    ("Digest", f"md5={MD5},sha-256={SHA}", f"md5={MD5},sha-256={OTHER_SHA}"),
    ("Repr-Digest", f"sha-512=:{LONG}:", f"sha-512=:{LONG.replace('R', 'S')}:"),
    ("Content-Digest", f"sha-256=:{SHA}:", f"sha-256=:{OTHER_SHA}:"),
    ("Content-MD5", MD5, OTHER_MD5),
    ("X-Goog-Hash", f"crc32c=AAAAAA==,md5={MD5}", f"crc32c=AAAAAA==,md5={OTHER_MD5}"),
]


@pytest.mark.parametrize(("header", "right", "wrong"), GIVEN)
def test_the_publishers_checksum(header: str, right: str, wrong: str, publisher: Publisher, take: Take, tmp_path: Path) -> None:
    publisher.files["/data/drugs.csv"].marks[header] = wrong
    with pytest.raises(BadInput) as error:
        take()
    assert told(error, publisher) == (
        f"PUBLISHER/data/drugs.csv: what came does not fit the publisher's {header}: it was damaged on the way; fetch it again"
    )
    assert contents(tmp_path / "kept") == {}
    publisher.files["/data/drugs.csv"].marks[header] = right
    take()
    assert contents(tmp_path / "kept") == {"drugs.csv": OLD}


@pytest.mark.parametrize("header", ["Content-MD5", "Content-Digest"])
def test_a_checksum_of_the_rest_is_none_of_the_file(header: str, publisher: Publisher, take: Take, tmp_path: Path) -> None:
    publisher.files["/data/drugs.csv"].cut = 10
    with pytest.raises(StoreUnavailable):
        take()
    publisher.files["/data/drugs.csv"] = Offered(
        OLD, {"ETag": '"v1"', header: OTHER_MD5 if header == "Content-MD5" else f"sha-256=:{OTHER_SHA}:"}
    )
    take()
    assert contents(tmp_path / "kept") == {"drugs.csv": OLD}


def test_a_rest_that_does_not_fit_is_found_by_the_checksum_of_the_whole(publisher: Publisher, take: Take, tmp_path: Path) -> None:
    publisher.files["/data/drugs.csv"].cut = 10
    with pytest.raises(StoreUnavailable):
        take()
    (tmp_path / "kept" / "drugs.csv.part").write_bytes(b"nome,targe")
    publisher.files["/data/drugs.csv"] = Offered(OLD, {"ETag": '"v1"', "Repr-Digest": f"sha-256=:{SHA}:"})
    with pytest.raises(BadInput, match="does not fit the publisher's Repr-Digest"):
        take()
    assert contents(tmp_path / "kept") == {}


@pytest.mark.parametrize("again", [False, True])
def test_the_checksum_that_was_asked_for(again: bool, publisher: Publisher, take: Take, tmp_path: Path) -> None:
    if again:
        take()  # so that the publisher says that nothing has changed
    with pytest.raises(BadInput) as error:
        take(sha256={"drugs": NEW_SUM})
    assert told(error, publisher) == (
        f"PUBLISHER/data/drugs.csv: its SHA-256 is {OLD_SUM}, not {NEW_SUM} as expected: is the number right, or has the publisher a "
        "new release?"
    )
    assert contents(tmp_path / "kept") == ({"drugs.csv": OLD} if again else {})
    take(sha256={"drugs": OLD_SUM.upper()})
    assert contents(tmp_path / "kept") == {"drugs.csv": OLD}


def test_a_checksum_for_a_role_that_is_not_there(publisher: Publisher, take: Take) -> None:
    with pytest.raises(BadInput, match=r"^Test Database has no file of drug; it has drugs$"):
        take(sha256={"drug": OLD_SUM})
    assert publisher.asked == []


# --- zips -------------------------------------------------------------------------------------------------------------

ZIPPED = source(File("drugs", "https://example.org/data/all.zip#NAMES_*.csv", ("name", "target")))


def test_a_file_out_of_a_zip(publisher: Publisher, take: Take, tmp_path: Path) -> None:
    """The member is kept, the zip is not; a member of another day's name takes the place of the one of before."""
    publisher.files["/data/all.zip"] = Offered(JANUARY)
    take(ZIPPED)
    assert contents(tmp_path / "kept") == {"Names_1Jan2026.csv": OLD}
    assert record(tmp_path / "kept")["files"] == {
        "drugs": {
            "file": "Names_1Jan2026.csv",
            "url": f"{publisher.url}/data/all.zip#NAMES_*.csv",
            "licence": "https://example.org/licence",
            "date": "2026-03-04T05:06:07Z",
            "size": 28,
            "sha256": OLD_SUM,
            "etag": '"v1"',
            "modified": "",
            "archive_sha256": JANUARY_SUM,
        }
    }
    assert take(ZIPPED).new == frozenset()
    assert publisher.asked == [("/data/all.zip", {}), ("/data/all.zip", {"If-None-Match": '"v1"'})]
    publisher.files["/data/all.zip"] = Offered(FEBRUARY, {"ETag": '"v2"'})
    take(ZIPPED)
    assert contents(tmp_path / "kept") == {"Names_1Feb2026.csv": NEW}


@pytest.mark.parametrize("expected", [OLD_SUM, JANUARY_SUM])
def test_the_checksum_of_the_zip_or_of_the_file(expected: str, publisher: Publisher, take: Take, tmp_path: Path) -> None:
    publisher.files["/data/all.zip"] = Offered(JANUARY)
    take(ZIPPED, sha256={"drugs": expected})
    take(ZIPPED, sha256={"drugs": expected})
    assert contents(tmp_path / "kept") == {"Names_1Jan2026.csv": OLD}


@pytest.mark.parametrize(
    ("came", "member", "message"),
    [
        (JANUARY, "doses.csv", "the zip has no files of that name; it holds READ ME.txt, data/Names_1Jan2026.csv"),
        (JANUARY, "*", "the zip has 2 files of that name; it holds READ ME.txt, data/Names_1Jan2026.csv"),
        (JANUARY, "read%20me.txt", "a file that begins with 'read me' came in the place of drugs of Test Database: …"),
        (LOGIN, "*.csv", 'a web page ("Log in to the database") came in the place of a zip (File is not a zip file): …'),
        (JANUARY.replace(b"GABA", b"XXXX"), "*.csv", "a file that begins with 'PK… came in the place of a zip (Bad CRC-32 for file …"),
        (JANUARY[:200], "*.csv", "a file that begins with 'PK… came in the place of a zip (File is not a zip file): …"),
    ],
)
def test_a_zip_that_does_not_hold_it(came: bytes, member: str, message: str, publisher: Publisher, take: Take, tmp_path: Path) -> None:
    publisher.files["/data/all.zip"] = Offered(came)
    with pytest.raises(BadInput) as error:
        take(source(File("drugs", f"https://example.org/data/all.zip#{member}", ("name", "target"))))
    pattern = ".*".join(re.escape(part) for part in f"PUBLISHER/data/all.zip#{member}: {message}".split("…"))
    assert re.fullmatch(pattern, told(error, publisher), re.S)
    assert contents(tmp_path / "kept") == {}


def deflated(content: bytes) -> bytes:
    """Return a zip that holds this content as Names_2.csv, compressed."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Names_2.csv", content)
    return made.getvalue()


def test_a_zip_that_is_damaged_inside(publisher: Publisher, take: Take, tmp_path: Path) -> None:
    came = deflated(NEW)
    publisher.files["/data/all.zip"] = Offered(came[:41] + b"\xff" * 20 + came[61:])  # the content begins at byte 41
    with pytest.raises(BadInput, match=r"came in the place of a zip \(Error -3 while decompressing data"):
        take(ZIPPED)
    assert contents(tmp_path / "kept") == {}


def test_two_files_of_one_name(publisher: Publisher, take: Take, tmp_path: Path) -> None:
    publisher.files |= {"/one/all.csv": Offered(OLD), "/other/all.csv": Offered(b"dose,drug\n5,baclofen\n")}
    of = source(
        File("drugs", "https://example.org/one/all.csv", ("name", "target")), File("doses", "https://example.org/other/all.csv", ("dose",))
    )
    for _ in range(2):
        take(of)
        assert contents(tmp_path / "kept") == {"all.csv": OLD, "doses-all.csv": b"dose,drug\n5,baclofen\n"}


# --- several files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("optional", [False, True])
def test_a_file_that_is_optional(optional: bool, publisher: Publisher, take: Take, tmp_path: Path) -> None:
    doses = File("doses", "https://example.org/data/doses.csv", ("dose",), optional)
    of = source(doses, File("drugs", "https://example.org/data/drugs.csv", ("name", "target")))
    reason = (
        f"{publisher.url}/data/doses.csv: there is no such file: the publisher may have moved it; look for it at "
        "https://example.org/home and import it from there"
    )
    if optional:
        found = take(of)
        assert found.missing == (("doses", reason),)
        assert [f.role for f in found.files] == ["drugs"]
        assert found.to_text().splitlines()[2] == f"doses: not fetched: {reason}"
        assert found.to_json()["missing"] == [{"role": "doses", "reason": reason}]
        assert contents(tmp_path / "kept") == {"drugs.csv": OLD}
    else:
        with pytest.raises(StoreUnavailable, match="there is no such file"):
            take(of)


def test_a_source_that_offers_no_file(publisher: Publisher, take: Take) -> None:
    with pytest.raises(BadInput) as error:
        take(source(File("drugs", "", ("name", "target"))))
    assert str(error.value) == (
        "Test Database offers no file of drugs at one address: get it at https://example.org/home and import it from there"
    )


# --- addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["http://example.org/x", "ftp://example.org/x", "file:///etc/hosts", "example.org/x", "http://127.0.0.1.example.org/x", "https:///x", "https://[x/"]
)  # fmt: skip
def test_only_https_is_taken(address: str, take: Take, publisher: Publisher) -> None:
    with pytest.raises(BadInput) as error:
        take(source(File("drugs", address, ("name",))), base=None)
    assert str(error.value) == f"{address}: only https is taken (http from this machine alone): give an address that begins with https://"


@pytest.mark.parametrize("to", ["http://example.org/drugs.csv", "ftp://example.org/drugs.csv"])
def test_a_redirect_away_from_https_is_refused(to: str, publisher: Publisher, take: Take, tmp_path: Path) -> None:
    publisher.answers = [say(302, Location=to)]
    with pytest.raises(StoreUnavailable) as error:
        take()
    assert told(error, publisher) == (
        f"PUBLISHER/data/drugs.csv: sends on to {to}, which is not https: nothing was taken; look at https://example.org/home"
    )
    assert contents(tmp_path / "kept") == {}


def test_https_is_not_sent_on_to_this_machine() -> None:
    """Http from this machine is for a mirror that the user names, not for what a publisher sends on to."""
    assert download.allowed("http://127.0.0.1:80/x") and download.allowed("http://[::1]/x")
    assert not download.allowed("http://127.0.0.1:80/x", local=False)
    assert download.allowed("https://example.org/x", local=False)


def test_a_redirect_is_followed(publisher: Publisher, take: Take, tmp_path: Path) -> None:
    publisher.files["/elsewhere"] = Offered(OLD)
    publisher.answers = [say(302, Location="/elsewhere")]
    take()
    assert [path for path, _ in publisher.asked] == ["/data/drugs.csv", "/elsewhere"]
    assert contents(tmp_path / "kept") == {"drugs.csv": OLD}


def test_a_redirect_in_a_circle(publisher: Publisher, take: Take) -> None:
    publisher.answers = [say(302, Location="/data/drugs.csv")] * 20
    with pytest.raises(StoreUnavailable, match=r"/data/drugs.csv: answers 302: look at https://example.org/home$"):
        take()


def test_the_proxy_of_the_environment(publisher: Publisher, take: Take, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy is asked, and nobody else: the name that is asked for does not exist."""
    monkeypatch.setenv("http_proxy", publisher.url)
    monkeypatch.setenv("https_proxy", publisher.url)
    publisher.files["http://127.0.0.2:9/data/drugs.csv"] = Offered(OLD)
    take(base="http://127.0.0.2:9")
    assert contents(tmp_path / "kept") == {"drugs.csv": OLD}
    with pytest.raises(
        StoreUnavailable, match=r"^https://nowhere.invalid/data/drugs.csv: cannot be reached \(Tunnel connection failed: 502"
    ):
        take(base="https://nowhere.invalid")
    assert [path for path, _ in publisher.asked] == ["http://127.0.0.2:9/data/drugs.csv", "CONNECT nowhere.invalid:443"]
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    take()
    assert publisher.asked[2][0] == "/data/drugs.csv"


# --- the disk ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """Let files grow to so many bytes and no further, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk(publisher: Publisher, take: Take, tmp_path: Path, room: Callable[[int], None]) -> None:
    """The file of before stays; when there is room again, the download goes on."""
    take()
    content = b"name,target\n" + b"baclofen,GABA-B\n" * 40_000
    publisher.files["/data/drugs.csv"] = Offered(content, {"ETag": '"v2"'})
    room(200_000)
    with pytest.raises(StoreUnavailable) as error:
        take()
    room(resource.RLIM_INFINITY)
    assert str(error.value) == (
        f"{tmp_path / 'kept'}: cannot be written: File too large; the files of before are as they were; make room, or set "
        "PHARMAKON_HOME to a folder that can be written"
    )
    assert contents(tmp_path / "kept")["drugs.csv"] == OLD
    assert record(tmp_path / "kept")["files"]["drugs"]["sha256"] == OLD_SUM
    publisher.asked.clear()
    take()
    assert publisher.asked[0][1].keys() == {"Range", "If-Range", "If-None-Match"}
    assert contents(tmp_path / "kept") == {"drugs.csv": content}


def test_a_disk_that_is_full_when_a_zip_is_opened(publisher: Publisher, take: Take, tmp_path: Path, room: Callable[[int], None]) -> None:
    publisher.files["/data/all.zip"] = Offered(JANUARY)
    take(ZIPPED)
    publisher.files["/data/all.zip"] = Offered(deflated(b"name,target\n" + b"baclofen,GABA-B\n" * 40_000), {"ETag": '"v2"'})
    room(200_000)
    with pytest.raises(StoreUnavailable, match="cannot be written: File too large; the files of before are as they were"):
        take(ZIPPED)
    assert contents(tmp_path / "kept") == {"Names_1Jan2026.csv": OLD}


def test_a_folder_that_cannot_be_made(publisher: Publisher, take: Take, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file", "utf-8")
    with pytest.raises(StoreUnavailable) as error:
        take()
    assert str(error.value) == (
        f"{tmp_path / 'kept'}: cannot be written: File exists; the files of before are as they were; make room, or set PHARMAKON_HOME "
        "to a folder that can be written"
    )
    assert publisher.asked == []


def test_two_fetches_at_once(publisher: Publisher, take: Take, tmp_path: Path) -> None:
    take()
    publisher.asked.clear()
    with (tmp_path / "kept" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(StoreUnavailable) as error:
            take()
    assert str(error.value) == f"{tmp_path / 'kept'}: another fetch is at work here: wait until it is done"
    assert publisher.asked == []
    take()


def test_the_addresses_of_the_sources_may_be_used() -> None:
    """Each is https, or empty where the publisher offers no file."""
    wrong = [(s.name, f.role, f.url) for s in known().values() for f in s.files if f.url and not f.url.startswith("https://")]
    assert wrong == []
    assert "gtopdb" in known()
