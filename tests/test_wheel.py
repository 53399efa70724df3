"""The wheel carries what it needs: built, unpacked alone, it answers without the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_wheel_alone_answers(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(tmp_path), str(ROOT)]
    if subprocess.run([sys.executable, "-c", "import hatchling"], capture_output=True).returncode:
        build.remove("--no-build-isolation")
    subprocess.run(build, check=True)
    [wheel] = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "pharmakon/_data/ontology/drugs/baclofen.ttl" in names
    assert "pharmakon/_data/queries/rules/mechanism-link.rq" in names
    assert "pharmakon/schema/answer.schema.json" in names
    zipfile.ZipFile(wheel).extractall(tmp_path / "alone")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "alone"), "PHARMAKON_HOME": str(tmp_path / "home")}
    script = "import pharmakon; print(pharmakon.__file__); print([a.verdict for a in pharmakon.ask('baclofen', 'opiate').answers])"
    done = subprocess.run([sys.executable, "-c", script], env=environment, cwd=tmp_path, capture_output=True, text=True, check=True)
    where, verdicts = done.stdout.splitlines()
    assert where.startswith(str(tmp_path / "alone"))
    assert verdicts == "['no', 'no', 'no']"
