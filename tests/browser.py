"""A real browser: Debian's Chromium, without a window, and without anything that it does by itself."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


@contextmanager
def running() -> Iterator[Browser]:
    """Start it, or skip where there is none; in CI that is a failure."""
    if not CHROMIUM.exists():
        unable = pytest.fail if os.environ.get("CI") else pytest.skip
        unable(f"{CHROMIUM} is missing: nothing was looked at in a browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()
