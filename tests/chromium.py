"""A browser for the tests of pages: Debian's Chromium, or whichever is installed, without a window."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def in_browser(test: Any) -> Any:
    """Mark a test that needs Chromium."""
    for mark in (pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")):
        test = mark(test)
    return test


@contextmanager
def launched() -> Iterator[Any]:
    """Start a browser and end it."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()
