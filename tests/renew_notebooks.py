"""Run the notebooks top to bottom, and keep of the run what is the same in every run.

``python tests/renew_notebooks.py`` renews the outputs of all of them, ``python tests/renew_notebooks.py 04`` of one. The fifth needs
the publishers' files, in the folder that ``PHARMAKON_DATA`` names.
"""

from __future__ import annotations

import base64
import io
import os
import re
import sys
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Any

import nbformat

FOLDER = Path(__file__).parents[1] / "notebooks"
DATA = "PHARMAKON_DATA"
SECONDS = 300
LARGEST = 300_000
"""How many bytes an output may have."""

_LANGUAGE = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python", "pygments_lexer": "ipython3"}
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_APART = 3.0
"""By how much two renderings of one picture may differ: the mean over all points, of 255."""


def notebooks() -> list[Path]:
    """Return the notebooks in order."""
    return sorted(FOLDER.glob("*.ipynb"))


def needs_data(notebook: Any) -> bool:
    """Whether a notebook reads the publishers' files."""
    return any(DATA in cell.source for cell in notebook.cells if cell.cell_type == "code")


def executed(path: Path) -> Any:
    """Run a notebook in a kernel of its own, in a folder that holds nothing, and return it cleaned."""
    from tempfile import TemporaryDirectory

    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    if os.environ.get(DATA):
        os.environ[DATA] = str(Path(os.environ[DATA]).resolve())
    with TemporaryDirectory(prefix="pharmakon-notebook-") as folder:
        NotebookClient(notebook, timeout=SECONDS, kernel_name="python3", resources={"metadata": {"path": folder}}).execute()
    return cleaned(notebook)


def cleaned(notebook: Any) -> Any:
    """Return a notebook without what is another in every run: times, the kernel's version, addresses; cells are numbered in order."""
    notebook.metadata = nbformat.from_dict({"kernelspec": _KERNEL, "language_info": _LANGUAGE})
    notebook.nbformat_minor = 5
    count = 0
    for number, cell in enumerate(notebook.cells):
        cell.id, cell.metadata = f"cell-{number:02}", nbformat.from_dict({})
        if cell.cell_type == "code":
            count += 1
            cell.execution_count = count
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = count
                if "text/plain" in output.get("data", {}):
                    output.data["text/plain"] = re.sub(r" at 0x[0-9a-f]+", "", output.data["text/plain"])
    return notebook


def faults(notebook: Any) -> Iterator[str]:
    """Yield what a committed output must not have: warnings, scripts, a place on one machine, too many bytes."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "error" or output.get("name") == "stderr":
                yield f"{cell.id}: {output.output_type} {output.get('text', output.get('evalue', ''))[:200]}"
            for kind, text in _texts(output):
                if len(text) > LARGEST:
                    yield f"{cell.id}: {kind} has {len(text):,} bytes"
                if kind != "image/png" and re.search(r"<script|\bon\w+=|<link|<iframe", text):
                    yield f"{cell.id}: {kind} needs a script"
                if kind != "image/png" and (place := re.search(r"(?<![\w.:/-])/(?:work|root|home|Users|tmp|var|mnt|opt|srv)/\w+", text)):
                    yield f"{cell.id}: {kind} names {place[0]}"


def differences(before: Any, after: Any) -> Iterator[str]:
    """Yield what is another in two runs of a notebook; of pictures, where more than the smoothing of edges is another."""
    for one, two in zip(before.cells, after.cells, strict=True):
        old, new = [t for o in one.get("outputs", ()) for t in _texts(o)], [t for o in two.get("outputs", ()) for t in _texts(o)]
        if [kind for kind, _ in old] != [kind for kind, _ in new]:
            yield f"{one.id}: {[kind for kind, _ in old]} became {[kind for kind, _ in new]}"
            continue
        for (kind, was), (_, now) in zip(old, new, strict=True):
            if kind == "image/png":
                if (apart := _apart(was, now)) > _APART:
                    yield f"{one.id}: the picture is another one ({apart:.1f} of 255)"
            elif was.split() != now.split():
                changed = [line for line in unified_diff(was.split("\n"), now.split("\n"), lineterm="", n=0)][3:7]
                yield f"{one.id}: {kind}: {' | '.join(changed)[:400]}"


def _texts(output: Any) -> list[tuple[str, str]]:
    if "data" in output:
        return [(kind, str(text)) for kind, text in sorted(output.data.items())]
    return [(output.output_type, str(output.get("text", "")))]


def _apart(one: str, other: str) -> float:
    from PIL import Image, ImageChops, ImageStat

    first, second = (Image.open(io.BytesIO(base64.b64decode(text))).convert("RGB") for text in (one, other))
    if max(abs(a - b) for a, b in zip(first.size, second.size, strict=True)) > 4:
        return 255.0
    means: list[float] = ImageStat.Stat(ImageChops.difference(first, second.resize(first.size))).mean
    return max(means)


def main(wanted: list[str]) -> int:
    """Renew the notebooks whose names begin so, or all; say what cannot be done."""
    found = [path for path in notebooks() if not wanted or any(path.name.startswith(name) for name in wanted)]
    for path in found:
        if needs_data(nbformat.read(path, as_version=4)) and not os.environ.get(DATA):
            print(f"{path.name}: left as it is, since {DATA} names no folder with the publishers' files")
            continue
        notebook = executed(path)
        problems = list(faults(notebook))
        print("\n".join(f"{path.name}: {problem}" for problem in problems) or f"{path.name}: renewed")
        if problems:
            return 1
        nbformat.write(notebook, path)
    return 0 if found else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
