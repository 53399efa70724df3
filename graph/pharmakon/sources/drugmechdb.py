"""DrugMechDB, from its archive of paths in YAML (one file each) or from the one file of all paths, ``indication_paths.yaml``.

A path leads from a drug to a disease. It names the drug by MeSH and by DrugBank, and either errs in places: one id stands for two drugs.
So a drug is known here by both together, and keeps an id only if all drugs that share the id share a name. The first steps that say
what a drug does at a protein are its activities, and no mechanisms: "decreases activity of" names no action, and proves no class.
"""

from __future__ import annotations

import re
import tarfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ..errors import BadInput
from ._identifiers import identifiers
from ._names import distinct
from ._opening import opening
from .records import Action, Record, Substance, Target, Use
from .shape import File, Report, Source, lines, opened

_ACTIONS = frozenset(
    {
        "decreases activity of",
        "increases activity of",
        "molecularly interacts with",
        "negatively regulates",
        "positively regulates",
        "regulates",
    }
)
_ACCESSION = re.compile(r"UniProt:([OPQ]\d[A-Z\d]{3}\d|[A-NR-Z]\d(?:[A-Z][A-Z\d]{2}\d){1,2})(?:-\d+)?")
_MARKS = ("graph:", "links:", "drug:", "disease_mesh:", "directed:")
_SAID = ("_id", "drug", "drug_mesh", "drugbank", "disease", "disease_mesh")
_NULL = ("", "null", "~")
_MARK, _BLOCK = 1 << 12, 1 << 16
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True)
class _Path:
    """A path: where it stands, what it says of itself, the names of its nodes, and its steps."""

    place: str
    said: dict[str, str]
    names: dict[str, str]
    links: list[dict[str, str]]

    def first_steps(self) -> Iterator[tuple[str, str]]:
        """Yield what the drug does to each protein, in the words of the path."""
        own = {self.said["drug_mesh"], self.said["drugbank"]} - {""}
        for link in self.links:
            if link["source"] in own and link["target"].startswith("UniProt:"):
                yield link["key"], link["target"]


@dataclass
class _Drug:
    """What is known of a drug so far."""

    ids: tuple[str, ...]
    names: dict[str, None] = field(default_factory=dict)


def _read(files: Mapping[str, Path], report: Report) -> Iterator[Record]:
    drugs: dict[str, _Drug] = {}
    targets: dict[str, dict[str, None]] = {}
    rows: dict[Use | Action, None] = {}
    for path in _paths(files["paths"], report):
        report.read += 1
        key = _drug(path, drugs) if path.said["drug"] else ""
        if not key:
            report.skip("a path whose drug has no id or no name", path.place)
            continue
        drugs[key].names.setdefault(path.said["drug"])
        name = path.said["_id"] or path.place
        condition = next(iter(identifiers("mesh", path.said["disease_mesh"])), "")
        if condition:
            rows.setdefault(Use(key, condition, path.said["disease"], name))
        else:
            report.skip("a path whose disease has no MeSH id", path.place)
        for word, target in path.first_steps():
            accession = _ACCESSION.fullmatch(target)
            if word not in _ACTIONS:
                report.skip("a first step to a protein that is no action at it", path.place)
            elif not accession:
                report.skip("a protein without a UniProt accession", path.place)
            else:
                targets.setdefault(accession[1], {}).setdefault(path.names.get(target) or accession[1])
                rows.setdefault(Action(key, f"uniprot:{accession[1]}", (word,), False, name))
    yield from _substances(drugs)
    for protein, names in targets.items():
        first, *others = names
        yield Target(f"uniprot:{protein}", first, (), (protein,), synonyms=distinct(others, first))
    yield from rows


def _drug(path: _Path, drugs: dict[str, _Drug]) -> str:
    """Return the key of the drug of a path, and note its ids; empty where it has none. Of several MeSH ids none is known to be its own."""
    mesh, bank = path.said["drug_mesh"].split(","), path.said["drugbank"].removeprefix("DB:")
    local = "-".join(re.findall("[A-Za-z0-9]+", " ".join((*mesh, bank)).replace("MESH:", "")))
    if local:
        ids = (*identifiers("drugbank", bank), *(identifiers("mesh", *mesh) if len(mesh) == 1 else ()))
        drugs.setdefault(f"drugmechdb:{local}", _Drug(ids))
    return f"drugmechdb:{local}" if local else ""


def _substances(drugs: Mapping[str, _Drug]) -> Iterator[Substance]:
    shared: dict[str, set[str]] = {}
    for drug in drugs.values():
        names = {name.lower() for name in drug.names}
        for known in drug.ids:
            shared[known] = shared.get(known, names) & names
    for key, drug in drugs.items():
        first, *others = drug.names
        yield Substance(key, first, distinct(others, first), tuple(known for known in drug.ids if shared[known]), drug=True)


def _paths(path: Path, report: Report) -> Iterator[_Path]:
    """Yield the paths of the archive, or of the one file."""
    if _recognised(opening(path, _MARK)):
        yield from _loaded(path.name, lines(path, report), str(path))
        return
    member = "its beginning"
    try:
        with opened(path, report) as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
            for entry in archive:
                member = entry.name
                file = archive.extractfile(entry) if entry.isfile() and _is_member(member) else None
                if file:
                    text = file.read().decode("utf-8")
                    yield from _loaded(member, text.splitlines(keepends=True), f"{path}: {member}")
            while stream.read(_BLOCK):  # to the end, where the check sum is
                pass
    except UnicodeDecodeError:
        raise BadInput(f"{path}: {member}: not text in utf-8: take the file as its publisher offers it") from None
    except (EOFError, OSError, tarfile.TarError, zlib.error):
        raise BadInput(f"{path}: {member}: the archive is cut off or damaged here, or is none: fetch it again") from None


def _loaded(name: str, text: Iterable[str], where: str) -> Iterator[_Path]:
    """Yield the paths of a text in YAML; the items of a list at the left margin are read one by one, so it is never held whole."""
    for begin, part in _parts(text):
        try:
            data = yaml.load(part, _LOADER)  # nothing but texts, lists and mappings: yes, no and dates stay as they are written
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = begin + (mark.line if mark else 0)
            raise BadInput(f"{where}:{line}: not YAML: {getattr(error, 'problem', None) or error}") from None
        for item in data if isinstance(data, list) else [data] if data else []:
            if not _is_path(item):
                raise BadInput(f"{where}:{begin}: this is no path with a graph, nodes and links")
            said = {key: "" if item["graph"].get(key, "") in _NULL else str(item["graph"][key]).strip() for key in _SAID}
            names = {node["id"]: node.get("name", "") for node in item["nodes"]}
            yield _Path(f"{name}:{begin}", said, names, item["links"])


def _is_path(item: Any) -> bool:
    if not isinstance(item, dict) or not isinstance(item.get("graph"), dict):
        return False
    return all(
        isinstance(item.get(part), list)
        and all(isinstance(thing, dict) and all(isinstance(thing.get(key), str) for key in keys) for thing in item[part])
        for part, keys in (("nodes", ("id",)), ("links", ("key", "source", "target")))
    )


def _parts(text: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield the items of a list at the left margin, or else the whole text, each with its first line."""
    part: list[str] = []
    begin = 1
    for number, line in enumerate(text, 1):
        if line.startswith("-") and part:
            yield begin, "".join(part)
            part, begin = [], number
        part.append(line)
    if part:
        yield begin, "".join(part)


def _is_member(name: str) -> bool:
    """Whether a file of the archive has paths; the index, whose name begins with ``_``, has none."""
    return name.endswith((".yaml", ".yml")) and not Path(name).name.startswith((".", "_"))


def _recognised(begins: str) -> bool:
    return all(re.search(rf"^[\s-]*{mark}", begins, re.MULTILINE) for mark in _MARKS)


def _recognise(path: Path) -> str | None:
    begins = opening(path, _MARK)
    if not _recognised(begins):
        try:
            with opened(path) as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
                texts = (archive.extractfile(entry) for entry in archive if entry.isfile() and _is_member(entry.name))
                begins = next((file.read(_MARK).decode("utf-8", "replace") for file in texts if file), "")
        except (BadInput, EOFError, OSError, tarfile.TarError, zlib.error):
            return None
    return "paths" if _recognised(begins) else None


SOURCE = Source(
    name="drugmechdb",
    title="DrugMechDB",
    licence="https://creativecommons.org/publicdomain/zero/1.0/",
    home="https://sulab.github.io/DrugMechDB/",
    files=(File("paths", "https://raw.githubusercontent.com/SuLab/DrugMechDB/main/indication_paths.yaml", _MARKS),),
    recognise=_recognise,
    read=_read,
)
"""DrugMechDB."""
