"""Imports that go wrong: each with its message and status 2, and the store byte for byte as it was before."""

from __future__ import annotations

import errno
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import samples

import pharmakon
from pharmakon import nquads, spelt
from pharmakon.build import Sources
from pharmakon.cli import main
from pharmakon.errors import StoreUnavailable
from pharmakon.imports import folder, importing
from pharmakon.locate import ontology
from pharmakon.sources import known, named

FILES = [ontology() / name for name in ("vocabulary.ttl", "terms", "sources", "crosswalks/actions.ttl", "crosswalks/families.ttl")]
ONTOLOGY = ["--ontology", str(FILES[0]), *(part for path in FILES[1:] for part in ("--add", str(path)))]
"""A small ontology, of targets alone: reading it takes a fraction of a second."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store that has DrugCentral."""
    folder = tmp_path_factory.mktemp("made")
    importing.add([(named("drugcentral"), samples.drugcentral(folder))], folder / "store", Sources.of(FILES[0], FILES[1:]))
    return folder / "store"


def content(folder: Path, but: str = "nothing") -> dict[str, bytes]:
    """Return every file of a folder with its bytes; a folder that is empty counts too."""
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else b"" for p in sorted(folder.rglob("*")) if p.name != but}


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Path:
    """Return a copy of that store for one test."""
    return Path(shutil.copytree(made, tmp_path / "store"))


@pytest.fixture
def unchanged(made: Path, store: Path) -> Iterator[None]:
    """See that a store is as it was, after the test as before it: every file of it, and what it answers."""
    before = content(made)
    yield
    assert content(store) == before
    graph = pharmakon.open_graph(store=store)
    assert set(graph.store) == set(pharmakon.open_graph(store=made).store)


Refused = Callable[..., None]


@pytest.fixture
def refused(store: Path, capsys: pytest.CaptureFixture[str], unchanged: None) -> Refused:
    """Import files of Guide to PHARMACOLOGY, or of another source, and compare the message."""

    def run(told: str, *files: Path, source: str = "gtopdb") -> None:
        status = main(["import", source, *map(str, files), "--store", str(store), *ONTOLOGY])
        out, err = capsys.readouterr()
        assert (status, out, err) == (2, "", f"pharmakon: {told}\n")

    return run


# --- files that are not what they should be -----------------------------------------------------------------------------


def test_a_compressed_file_that_is_cut_off(store: Path, unchanged: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Half of four thousand random rows: the message has a line near where the file breaks off."""
    interactions, ligands, families = samples.gtopdb(tmp_path)
    chance = random.Random(1)
    rows = [{"Ligand id": str(i), "Name": "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=60))} for i in range(4000)]
    samples.write(ligands, samples.LIGANDS, rows)
    ligands.write_bytes(ligands.read_bytes()[: ligands.stat().st_size // 2])
    files = map(str, (interactions, ligands, families))
    assert main(["import", "gtopdb", *files, "--store", str(store), *ONTOLOGY]) == 2
    told = re.fullmatch(
        rf"pharmakon: {re.escape(str(ligands))}:(\d+): the compressed file is cut off or damaged here: fetch it again\n",
        capsys.readouterr().err,
    )
    assert told is not None and 1700 < int(told[1]) < 2100


def test_a_compressed_file_of_which_nothing_is_left(refused: Refused, tmp_path: Path) -> None:
    interactions, ligands, families = samples.gtopdb(tmp_path)
    ligands.write_bytes(ligands.read_bytes()[:30])
    refused(f"{ligands}:1: the compressed file is cut off or damaged here: fetch it again", interactions, ligands, families)


def test_a_file_of_another_source(refused: Refused, tmp_path: Path) -> None:
    (mechanisms,) = samples.chembl(tmp_path)
    told = f"{mechanisms}: this is no file of IUPHAR/BPS Guide to PHARMACOLOGY as its publisher offers it; it looks like chembl"
    refused(told, *samples.gtopdb(tmp_path), mechanisms)


def test_a_file_of_nobody(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("a,b\n1,2\n", "utf-8")
    told = f"{tmp_path / 'mine.csv'}: it is no file of a source that can be imported: name the source in the place of auto"
    refused(told, tmp_path / "mine.csv", source="auto")


def test_a_column_that_was_renamed(refused: Refused, tmp_path: Path) -> None:
    interactions, *others = samples.gtopdb(tmp_path)
    interactions.write_text(interactions.read_text("utf-8").replace(",action,", ",what it does,", 1), "utf-8")
    header = interactions.read_text("utf-8").splitlines()[0].replace(",", ", ")[:200]
    refused(f"{interactions}:1: no column action or Action; found: {header}", interactions, *others)


def test_a_column_by_which_the_file_is_known_was_renamed(refused: Refused, tmp_path: Path) -> None:
    interactions, *others = samples.gtopdb(tmp_path)
    interactions.write_text(interactions.read_text("utf-8").replace(",primary_target,", ",main_target,", 1), "utf-8")
    told = f"{interactions}: this is no file of IUPHAR/BPS Guide to PHARMACOLOGY as its publisher offers it"
    refused(told, interactions, *others)


@pytest.mark.parametrize("line, name", [(1, "Family name"), (5, "Sample receptors")])
def test_an_encoding_that_is_not_the_publishers(line: int, name: str, refused: Refused, tmp_path: Path) -> None:
    interactions, ligands, families = samples.gtopdb(tmp_path)
    families.write_bytes(families.read_text("utf-8").replace(name, f"{name}, \u00e9").encode("latin-1"))
    refused(f"{families}:{line}: not text in utf-8: take the file as its publisher offers it", interactions, ligands, families)


def test_a_file_of_the_source_that_is_missing(refused: Refused, tmp_path: Path) -> None:
    interactions, ligands, _ = samples.gtopdb(tmp_path)
    told = "IUPHAR/BPS Guide to PHARMACOLOGY also needs its targets_and_families: give all its files in one command"
    refused(told, interactions, ligands)


def test_a_file_that_is_given_twice(refused: Refused, tmp_path: Path) -> None:
    interactions, ligands, families = samples.gtopdb(tmp_path)
    copy = tmp_path / "copy.csv"
    copy.write_bytes(interactions.read_bytes())
    told = f"{copy}: IUPHAR/BPS Guide to PHARMACOLOGY has one file of interactions, and {interactions} is one already"
    refused(told, interactions, copy, ligands, families)


def test_a_file_that_is_not_there(refused: Refused, tmp_path: Path) -> None:
    refused(f"{tmp_path / 'none.csv'}: there is no such file", tmp_path / "none.csv")


def test_a_source_that_nobody_knows(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a\n", "utf-8")
    names = ", ".join(known())
    refused(f'no source that can be imported is called "nosuch"; did you mean {names}?', tmp_path / "a.csv", source="nosuch")


# --- a disk that gives out ----------------------------------------------------------------------------------------------


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


FULL = "No space left on device; it is as it was before: make room, or give another folder with --store"


@pytest.mark.parametrize(
    "what, name",
    [
        pytest.param(importing, "fields", id="at the records"),
        pytest.param(importing, "left_out", id="at the rows left out"),
        pytest.param(nquads.Lines, "put", id="at the statements"),
        pytest.param(importing, "_put", id="at what is derived"),
        pytest.param(spelt, "_build", id="at the index of names"),
        pytest.param(importing, "point", id="at the pointer"),
    ],
)
def test_a_disk_that_fills_up(
    what: object, name: str, store: Path, made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """At each step that writes. The table of evidence is not looked at: it is replaced just before the pointer."""
    files = samples.gtopdb(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(what, name, full)
        status = main(["import", "gtopdb", *map(str, files), "--store", str(store), *ONTOLOGY])
    assert (status, *capsys.readouterr()) == (2, "", f"pharmakon: the store in {store} cannot be written: {FULL}\n")
    assert content(store, but="identity.sssom.tsv") == content(made, but="identity.sssom.tsv")


def test_an_index_of_names_that_cannot_be_written(tmp_path: Path) -> None:
    """SQLite has errors of its own, which no caller looks for."""
    with pytest.raises(OSError, match=r"nowhere/names.sqlite: unable to open database file"):
        spelt.build(tmp_path / "nowhere" / "names.sqlite", [("a", "b")])


LIMITED = """
import resource, sys
from pharmakon.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are POSIX's")
@pytest.mark.slow
@pytest.mark.parametrize("limit", [500, 100_000, 400_000])
def test_a_disk_that_takes_no_larger_file(limit: int, store: Path, made: Path, tmp_path: Path) -> None:
    """The system itself refuses: first the records, then the statements, then the store or its index."""
    files = samples.gtopdb(tmp_path)
    command = [sys.executable, "-c", LIMITED, str(limit), "import", "gtopdb", *map(str, files), "--store", str(store), *ONTOLOGY]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(f"pharmakon: the store in {store} cannot be written: ")
    assert ended.stderr.endswith("; it is as it was before: make room, or give another folder with --store\n")
    assert content(store) == content(made)


def test_a_folder_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    place = tmp_path / "file" / "store"
    assert main(["import", "gtopdb", *map(str, samples.gtopdb(tmp_path)), "--store", str(place), *ONTOLOGY]) == 2
    told = (
        f"the store in {place} cannot be written: Not a directory; it is as it was before: make room, or give another folder with --store"
    )
    assert capsys.readouterr().err == f"pharmakon: {told}\n"


# --- a store that is damaged --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", ["", "{", '{"format": "0"}', '{"parts": [{"name": "x"}]}'])
def test_a_pointer_that_is_damaged(damage: str, store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (store / folder.POINTER).write_text(damage, "utf-8")
    held = content(store)
    assert main(["import", "gtopdb", *map(str, samples.gtopdb(tmp_path)), "--store", str(store), *ONTOLOGY]) == 2
    told = f"{store / folder.POINTER} is damaged: give another folder with --store, and import into that"
    assert capsys.readouterr().err == f"pharmakon: {told}\n"
    assert content(store) == held


@pytest.mark.parametrize("damage", [None, b"", b"no gzip"], ids=["gone", "empty", "not gzip"])
def test_records_that_are_damaged_are_read_anew(
    damage: bytes | None, store: Path, made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The store is answered from all the same; what it is made of is asked for again, and then all is well."""
    (records,) = (store / "records").iterdir()
    whole = records.read_bytes()
    if damage is None:
        records.unlink()
    else:
        records.write_bytes(damage or whole[: len(whole) // 2])
    assert main(["build", "--store", str(store), *ONTOLOGY]) == 2
    assert capsys.readouterr().err == f"pharmakon: {records} is gone or damaged: import drugcentral again\n"
    assert folder.current(store) == store / folder.current(made).name
    assert main(["import", "drugcentral", *map(str, samples.drugcentral(tmp_path)), "--store", str(store), *ONTOLOGY]) == 0
    assert set(pharmakon.open_graph(store=store).store) == set(pharmakon.open_graph(store=made).store)


# --- a process that is killed, and one that comes too early --------------------------------------------------------------

STALLED = """
import sys, time
from pathlib import Path
from pharmakon.imports import importing
from pharmakon.cli import main

def stall(*given, **more):
    Path(sys.argv[2]).touch()
    time.sleep(60)

setattr(importing, sys.argv[1], stall)
sys.exit(main(sys.argv[3:]))
"""
MOMENTS = {"fields": "while reading", "_put": "while loading", "point": "just before the pointer is replaced"}


@contextmanager
def stalled(moment: str, store: Path, files: list[Path]) -> Iterator[None]:
    """Run an import that stands still at a moment, and kill it in the end."""
    flag = files[0].parent / "here"
    command = [sys.executable, "-c", STALLED, moment, str(flag), "import", "gtopdb", *map(str, files), "--store", str(store), *ONTOLOGY]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 50
        while not flag.exists():
            assert child.poll() is None and time.monotonic() < until, "the import did not come as far as that"
            time.sleep(0.02)
        yield
    finally:
        child.kill()
        assert child.wait() == -signal.SIGKILL


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS, ids=MOMENTS.get)
def test_a_process_that_is_killed(moment: str, store: Path, made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Until it is dead, no other may import; then the store is the one of before, and the next import leaves nothing lying about."""
    files = samples.gtopdb(tmp_path)
    command = ["import", "gtopdb", *map(str, files), "--store", str(store), *ONTOLOGY]
    with stalled(moment, store, files):
        assert main(command) == 2
        assert capsys.readouterr().err == f"pharmakon: another import into {store} is running: wait for its end\n"
        assert set(pharmakon.open_graph(store=store).store) == set(pharmakon.open_graph(store=made).store)
    assert set(pharmakon.open_graph(store=store).store) == set(pharmakon.open_graph(store=made).store)
    assert set(content(store)) > set(content(made))

    assert main(command) == 0
    manifest = folder.manifest(store)
    assert [part["name"] for part in manifest["parts"]] == ["drugcentral", "gtopdb"]
    records = [part["records"] for part in manifest["parts"]]
    left_out = [name.replace(".jsonl.gz", ".tsv") for name in records]
    assert sorted(p.name for p in store.iterdir()) == sorted(
        [".lock", "identity.sssom.tsv", "pharmakon.json", "records", "skipped", manifest["store"]]
    )
    assert sorted(p.name for p in (store / "records").iterdir()) == sorted(records)
    assert sorted(p.name for p in (store / "skipped").iterdir()) == sorted(left_out)


def test_an_error_is_of_the_tree(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In Python as on the command line: one kind of error for a store that cannot be written."""
    monkeypatch.setattr(nquads.Lines, "put", full)
    with pytest.raises(StoreUnavailable, match="it is as it was before"):
        importing.add([(named("gtopdb"), samples.gtopdb(tmp_path))], store, Sources.of(FILES[0], FILES[1:]))
