"""Styles and scripts: those of the pages, that of the pictures, and the editor for queries, which the package ``oxigraph`` carries."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

from .. import drawing, html
from ..build import home

_FOLDER = Path(__file__).parent / "static"
_MEDIA = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_EDITOR = ("yasgui.min.js", "yasgui.min.css")
_SECONDS = 20


def static(name: str) -> tuple[str, bytes] | None:
    """Return a style or a script: its media type and its text; None where there is none of the name, or it cannot be had."""
    made: dict[str, Callable[[], str]] = {"words.css": lambda: html.render("words.css"), "pictures.css": drawing.style}
    media = _MEDIA.get(Path(name).suffix, "")
    if name in made:
        return media, made[name]().encode()
    if name in _EDITOR:
        found = editor_files()
        return (media, (found / name).read_bytes()) if found else None
    if name in {path.name for path in _FOLDER.iterdir()}:
        return media, (_FOLDER / name).read_bytes()
    return None


@cache
def editor_files() -> Path | None:
    """Return the folder with YASGUI, taken once from the server that the package ``oxigraph`` is, and kept; None where it cannot be had."""
    folder = home() / "yasgui"
    if all((folder / name).is_file() for name in _EDITOR):
        return folder
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    with suppress(OSError):
        if program and _taken(program, folder):
            return folder
    return None


def _taken(program: str, folder: Path) -> bool:
    """Start the server on an empty store, take its files over the loopback, and end it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as empty:
        server = subprocess.Popen(
            [program, "serve", "--location", empty, "--bind", f"127.0.0.1:{port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            found = {name: _fetched(f"http://127.0.0.1:{port}/{name}", server) for name in _EDITOR}
        finally:
            server.kill()
            server.wait()
    if not all(found.values()):
        return False
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in found.items():
        scratch = folder / f".{name}.{port}"
        scratch.write_bytes(text)
        scratch.replace(folder / name)
    return True


def _fetched(url: str, server: subprocess.Popen[bytes]) -> bytes:
    ends = time.monotonic() + _SECONDS
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < ends and server.poll() is None:
        try:
            with opener.open(url, timeout=_SECONDS) as answer:
                return bytes(answer.read())
        except OSError:
            time.sleep(0.1)
    return b""
