"""The verbs of the command line that are about stores: importing databases, fetching them, and moving stores."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .build import Sources
    from .imports.importing import Imported

AUTO = "auto"
_KINDS = {
    "Substance": "substances",
    "Family": "families of targets",
    "Target": "targets",
    "Action": "actions",
    "Tagged": "tags",
    "Use": "uses",
    "Same": "pairs of ids",
    "Line": "triples",
}


def add(command: Callable[..., argparse.ArgumentParser], output: argparse.ArgumentParser) -> None:
    """Add the verbs to a command line."""
    imp = command("import", _import, "read databases into a store: their publishers' files, gzipped or not", output)
    imp.add_argument(
        "source", metavar="SOURCE", help=f"gtopdb, drugcentral, chembl, ndc, unii, chebi ...; or {AUTO}: each file tells whose it is"
    )
    imp.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        type=Path,
        help="files as their publisher offers them; those that were fetched, where none is given",
    )
    built = command("build", _build, "make the store now and say where it is; with --store or --endpoint, make that one anew", output)
    _addresses(built)
    push = command("push", _push, "bring a store to a SPARQL endpoint as it is; once broken off, it goes on where it was", output)
    _addresses(push)
    get = command("fetch", _fetch, "download the files of a source from its publisher, to import them", output)
    get.add_argument("source", metavar="SOURCE", help="gtopdb, drugcentral, ndc, unii, chebi ...")
    get.add_argument("--into", metavar="DIR", type=Path, help="the folder to keep them in (default: the user's cache)")
    get.add_argument("--mirror", metavar="URL", help="an address that stands in for the publisher's")
    get.add_argument("--sha256", metavar="ROLE=SUM", action="append", default=[], help="the checksum that a file must have (repeatable)")


def _fetch(a: argparse.Namespace) -> int:
    from .errors import BadQuestion
    from .sources import named
    from .sources.fetching import fetch

    if wrong := next((given for given in a.sha256 if "=" not in given), None):
        raise BadQuestion(f"--sha256 {wrong}: write the role of the file, =, and its checksum")
    with _Bar() as told:
        done = fetch(
            named(a.source),
            into=a.into,
            base=a.mirror,
            sha256=dict(given.split("=", 1) for given in a.sha256),
            progress=lambda role, there, total: told(f"fetching {role}", there, total or 0),
            say=lambda line: print(line, file=sys.stderr),
        )
    print(json.dumps(done.to_json(), ensure_ascii=False, indent=1) if a.json else done.to_text())
    return 0


def _import(a: argparse.Namespace) -> int:
    from .build import home
    from .errors import BadInput
    from .imports import importing
    from .sources import grouped, named
    from .sources.fetching import fetched

    if a.source == AUTO:
        wanted = grouped(a.files)
    else:
        source = named(a.source)
        files = a.files or [found.path for found in fetched(source).values()]
        if not files:
            raise BadInput(
                f"no file of {source.title} is given, and none was fetched: name its files, or run `pharmakon fetch {source.name}`"
            )
        wanted = [(source, files)]
    store = Path(a.store) if a.store else home() / "imported"
    with _Bar() as told:
        done = importing.add(wanted, store, _sources(a), told)
    _summary(a, done, store)
    return 0


def _addresses(command: argparse.ArgumentParser) -> None:
    command.add_argument("--update-url", metavar="URL", help="where the endpoint takes updates (default: where it takes queries)")
    command.add_argument("--graph-store-url", metavar="URL", help="where it takes whole graphs: faster")


def _build(a: argparse.Namespace) -> int:
    from .build import ensure, path_of
    from .errors import BadQuestion

    if a.endpoint and a.store:
        raise BadQuestion(
            "build makes the ontology's store at the endpoint, or the store on disk anew: bring a store there with `pharmakon push`"
        )
    if a.endpoint:
        return _build_there(a)
    if a.store:
        return _rebuild(a)
    sources = _sources(a)
    ensure(sources)
    print(path_of(sources))
    return 0


def _sources(a: argparse.Namespace) -> Sources:
    from .build import Sources

    return Sources.of(Path(a.ontology) if a.ontology else None, [Path(p) for p in a.add])


def _build_there(a: argparse.Namespace) -> int:
    """Bring what the ontology states to an endpoint, and derive there what follows."""
    from .build import derived, merged, stated
    from .graph import at
    from .rdf import RdfFormat, serialize

    sources = _sources(a)
    server = at(a.endpoint, a.update_url or a.endpoint, a.graph_store_url)
    quads, _ = stated(sources)
    path = _transfers()
    with path.open("wb") as out:
        serialize(sorted({*quads, *map(merged, quads)}, key=str), out, RdfFormat.N_QUADS)
    with _Bar() as told:
        server.transfer(path, lambda done, whole: told("transfer", done, whole))
        for more in derived(server, sources.rules):
            found = list(more)
            server.extend([*found, *map(merged, found)])
    print(f"{a.endpoint}: built")
    return 0


def _push(a: argparse.Namespace) -> int:
    """Bring a store to an endpoint as it is."""
    from .errors import BadQuestion
    from .graph import at, open_graph
    from .rdf import RdfFormat, Store

    if not a.endpoint:
        raise BadQuestion("say where to: --endpoint URL")
    store = open_graph(a.ontology, a.add, store=a.store).store
    assert isinstance(store, Store)
    path = _transfers()
    store.dump(str(path), format=RdfFormat.N_QUADS)
    server = at(a.endpoint, a.update_url or a.endpoint, a.graph_store_url)
    with _Bar() as told:
        server.transfer(path, lambda done, whole: told("transfer", done, whole))
    print(f"{a.endpoint}: the store is there")
    return 0


def _transfers() -> Path:
    """Return the file that is transferred: the same for the same store, so that a transfer goes on where it was."""
    from .build import home

    home().mkdir(parents=True, exist_ok=True)
    return home() / "transfer.nq"


def _rebuild(a: argparse.Namespace) -> int:
    """Make a store anew from what it keeps of its sources."""
    from .imports import importing

    with _Bar() as told:
        done = importing.again(Path(a.store), _sources(a), told)
    _summary(a, done, Path(a.store))
    return 0


def _summary(a: argparse.Namespace, done: Any, store: Path) -> None:
    if getattr(a, "json", False):
        print(json.dumps(done.to_json(), ensure_ascii=False, indent=1))
        return
    print("\n".join(_lines(done, store)))


def _lines(done: Imported, store: Path) -> Iterator[str]:
    """Say in lines what an import did."""
    for part in done.parts:
        kept = ", ".join(f"{count:,} {_KINDS[kind]}" for kind, count in part.kept.items())
        yield f"{part.title}{', ' + part.release if part.release else ''} ({part.licence})"
        yield f"  {part.rows:,} rows read: {kept}"
        for reason, count in sorted(part.skipped.items()):
            yield f"  {count:,} left out: {reason}"
    c = done.counts
    yield ""
    yield f"{c.drugs:,} drugs; {c.mechanisms + c.met:,} mechanisms, {c.met:,} of which the ontology states too; {c.activities:,} measured activities;"
    yield f"{c.tags:,} tags; {c.uses:,} named uses; {done.memberships:,} memberships derived; {done.quads:,} quads"
    if c.beside:
        yield f"{c.beside:,} mechanisms that the ontology does not state of its own drugs; a list claimed complete that lacks one proves nothing now:"
        yield f"  `pharmakon query listed-otherwise --store {store}` names them"
    if done.doubtful:
        yield f"{done.doubtful:,} doubtful matches of substances, kept apart: {store / 'identity.sssom.tsv'}"
    if any(part.skipped for part in done.parts):
        yield f"rows left out, with the reason: {store / 'skipped'}"
    steps = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in done.seconds.items())
    yield f"reading {sum(p.seconds for p in done.parts):.1f} s, {steps}; {done.memory / 1e9:.2f} GB of memory"
    yield f"the store: {store}"


class _Bar:
    """A progress bar on the terminal; nothing where standard error is none."""

    def __enter__(self) -> Callable[[str, int, int], None]:
        from tqdm import tqdm

        self._bar: Any = tqdm(file=sys.stderr, disable=not sys.stderr.isatty(), unit_scale=True, leave=False)
        self._what = ""
        return self._told

    def __exit__(self, *problem: object) -> None:
        self._bar.close()

    def _told(self, what: str, done: int, size: int) -> None:
        bar = self._bar
        if bar.disable:
            return
        if self._what != what:
            self._what = what
            bar.reset(total=size if size > 1 else None)
            bar.set_description(what)
        if size > 1:
            bar.update(done - bar.n)
