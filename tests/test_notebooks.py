"""The notebooks run top to bottom, and end in what they assert."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebook_runs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code[-1].source.startswith("assert ")
    assert all(cell.outputs for cell in code[:-1]), "committed with its outputs"
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()


def test_there_is_the_first_tour() -> None:
    assert [p.stem for p in NOTEBOOKS] == ["01-is-baclofen-an-opiate"]
