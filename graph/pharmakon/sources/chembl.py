"""ChEMBL's mechanisms of action, from a table of its resource ``mechanism``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from .records import Action, Record, Substance, Target
from .shape import File, Report, Source, role_by_columns, table

_NEEDS = ("molecule_chembl_id", "target_chembl_id", "mechanism_of_action", "action_type")


def _read(files: Mapping[str, Path], report: Report) -> Iterator[Record]:
    path = files["mechanisms"]
    rows: list[dict[str, str]] = []
    for number, row in table(path, _NEEDS, report, ","):
        if not row["molecule_chembl_id"]:
            report.skip("a mechanism without a molecule", f"{path.name}:{number}")
        elif not row["target_chembl_id"]:
            report.skip("a mechanism without a target", f"{path.name}:{number}")
        else:
            rows.append(row)
    for molecule in dict.fromkeys(row["molecule_chembl_id"] for row in rows):
        yield Substance(f"chembl.compound:{molecule}", molecule)
    yield from _targets(rows)
    for row in rows:
        yield Action(
            f"chembl.compound:{row['molecule_chembl_id']}",
            f"chembl.target:{row['target_chembl_id']}",
            (row["action_type"],) if row["action_type"] else (),
            True,
            f"{row['molecule_chembl_id']}, {row['target_chembl_id']}",
        )


def _targets(rows: Sequence[Mapping[str, str]]) -> Iterator[Target]:
    """Yield each target by the name that most of its mechanisms have for it; the other names are synonyms."""
    actions = sorted({row["action_type"].lower() for row in rows} - {""}, key=len, reverse=True)
    names: dict[str, Counter[str]] = {}
    for row in rows:
        names.setdefault(row["target_chembl_id"], Counter())[_acted_on(row, actions)] += 1
    for key, found in names.items():
        (name, _), *others = found.most_common()
        yield Target(f"chembl.target:{key}", name, synonyms=tuple(other for other, _ in others))


def _acted_on(row: Mapping[str, str], actions: Sequence[str]) -> str:
    """Return what a sentence on a mechanism is about: without the action at its end, its row's own or else another's."""
    sentence = row["mechanism_of_action"].strip()
    for action in (row["action_type"].lower(), *actions):
        if action and sentence.lower().endswith(f" {action}"):
            return sentence[: -len(action)].strip()
    return sentence or row["target_chembl_id"]


_FILES = (File("mechanisms", "", ("molecule_chembl_id", "target_chembl_id")),)

SOURCE = Source(
    name="chembl",
    title="ChEMBL mechanisms of action",
    licence="https://creativecommons.org/licenses/by-sa/3.0/",
    home="https://www.ebi.ac.uk/chembl/",
    files=_FILES,
    recognise=role_by_columns(_FILES, ","),
    read=_read,
)
"""ChEMBL's mechanisms of action."""
