"""The notebooks run top to bottom, end in what they assert, and are committed with what they show."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from renew_notebooks import DATA, differences, executed, faults, needs_data, notebooks

import pharmakon

NOTEBOOKS = notebooks()


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def code(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


# --- what is committed ------------------------------------------------------------------------------------------------


def test_there_are_five_tours() -> None:
    assert [p.stem for p in NOTEBOOKS] == [
        "01-is-baclofen-an-opiate",
        "02-why-a-definition-matters",
        "03-the-interactions-of-a-regimen",
        "04-the-network-of-cns-drugs",
        "05-a-thousand-imported-drugs",
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem[:2])
def test_a_tour_opens_with_its_question_and_ends_in_its_answer(path: Path) -> None:
    notebook = read(path)
    title, _, rest = notebook.cells[0].source.partition("\n")
    assert title.startswith("# ") and title.endswith("?")
    assert "no medical advice" in rest
    assert code(notebook)[-1].source.startswith("assert ")
    assert [cell.id for cell in code(notebook) if "Traceback" in str(cell.outputs)] == []
    assert [cell.execution_count for cell in code(notebook)] == list(range(1, len(code(notebook)) + 1))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem[:2])
def test_outputs_stand_on_a_page_that_runs_no_script(path: Path) -> None:
    assert list(faults(read(path))) == []
    shown = {kind for cell in code(read(path)) for output in cell.outputs for kind in output.get("data", ())}
    assert shown <= {"text/html", "text/plain", "image/png"} and "text/html" in shown


def noted(*outputs: Any) -> Any:
    return new_notebook(cells=[new_code_cell("x", id="a", outputs=list(outputs))])


def test_faults_of_outputs_are_seen() -> None:
    def shown(html: str) -> Any:
        return noted(new_output("display_data", {"text/html": html}))

    assert list(faults(shown("<p>nothing</p>"))) == []
    assert list(faults(shown("<script>1</script>"))) == ["a: text/html needs a script"]
    assert list(faults(shown('<p onclick="x()">'))) == ["a: text/html needs a script"]
    assert list(faults(shown('<iframe src="x">'))) == ["a: text/html needs a script"]
    assert list(faults(shown("<p>/" + "home/me</p>"))) == ["a: text/html names /" + "home/me"]
    assert list(faults(shown("x" * 300_001))) == ["a: text/html has 300,001 bytes"]
    assert list(faults(noted(new_output("stream", name="stderr", text="Warning")))) == ["a: stream Warning"]


# --- the source -------------------------------------------------------------------------------------------------------

MAGICS = ("%load_ext pharmakon", "%config InlineBackend.", "%sparql", "%%sparql")
LIBRARIES = {"IPython", "matplotlib", "networkx", "numpy", "pandas"}


def reaches(cells: list[str], shown: set[str]) -> Iterator[str]:
    """Yield what a notebook uses that it should not: names of the package that are not public, other libraries, unknown magics."""
    for text in cells:
        if text.startswith("%%sparql"):
            continue
        lines = text.split("\n")
        yield from (line for line in lines if line.lstrip().startswith(("%", "!")) and not line.startswith(MAGICS))
        for node in ast.walk(ast.parse("\n".join("" if line.startswith(("%", "!")) else line for line in lines))):
            match node:
                case ast.Import(names=names):
                    known = LIBRARIES | {"pharmakon"} | set(_standard())
                    yield from (
                        alias.name for alias in names if alias.name.partition(".")[0] not in known or alias.name.startswith("pharmakon.")
                    )
                case ast.ImportFrom(module=str(module), names=names):
                    if module == "pharmakon":
                        yield from (f"pharmakon.{alias.name}" for alias in names if alias.name not in shown)
                    elif module.partition(".")[0] not in LIBRARIES | set(_standard()):
                        yield module
                case ast.Attribute(value=ast.Name(id="ph" | "pharmakon"), attr=name) if name not in shown:
                    yield f"pharmakon.{name}"
                case ast.Attribute(attr=name) if name.startswith("_"):
                    yield name


def _standard() -> frozenset[str]:
    import sys

    return sys.stdlib_module_names


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem[:2])
def test_a_tour_calls_what_is_public_and_nothing_else(path: Path) -> None:
    assert list(reaches([cell.source for cell in code(read(path))], set(pharmakon.__all__))) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import pharmakon as ph\nph.ask('a', 'b').answers[0]", []),
        ("%%sparql\nSELECT * {}", []),
        ("ph.evaluate.Evaluator", ["pharmakon.evaluate"]),
        ("from pharmakon import ask, graph", ["pharmakon.graph"]),
        ("from pharmakon.graph import shipped", ["pharmakon.graph"]),
        ("import pharmakon.graph", ["pharmakon.graph"]),
        ("import scipy", ["scipy"]),
        ("answer._repr_html_()", ["_repr_html_"]),
        ("!rm x", ["!rm x"]),
        ("%time 1", ["%time 1"]),
    ],
)
def test_reaching_further_is_seen(text: str, found: list[str]) -> None:
    assert list(reaches([text], {"ask"})) == found


# --- the run ----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_tour_runs_and_shows_what_is_committed(path: Path) -> None:
    before = read(path)
    if needs_data(before) and not os.environ.get(DATA):
        pytest.skip(f"the publishers' files are not here: {DATA} names their folder")
    after = executed(path)
    assert list(faults(after)) == []
    assert list(differences(before, after)) == [], "run `python tests/renew_notebooks.py` and look at what changed"


def test_differences_are_seen() -> None:
    import base64
    import io

    from PIL import Image

    def picture(grey: int, wide: int = 40) -> Any:
        file = io.BytesIO()
        Image.new("L", (wide, 40), grey).save(file, "PNG")
        return noted(new_output("display_data", {"image/png": base64.b64encode(file.getvalue()).decode()}))

    def text(words: str) -> Any:
        return noted(new_output("execute_result", {"text/html": words}, execution_count=1))

    assert list(differences(text("a  b\n"), text("a b"))) == []
    assert list(differences(text("a\nb"), text("a\nc"))) == ["a: text/html: -b | +c"]
    assert list(differences(text("a"), noted())) == ["a: ['text/html'] became []"]
    assert list(differences(picture(200), picture(201))) == []
    assert list(differences(picture(200), picture(120))) == ["a: the picture is another one (80.0 of 255)"]
    assert list(differences(picture(200), picture(200, 80))) == ["a: the picture is another one (255.0 of 255)"]
    with pytest.raises(ValueError, match="zip"):
        list(differences(noted(), new_notebook(cells=[new_markdown_cell("x"), new_markdown_cell("y")])))
