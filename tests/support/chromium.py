"""A real browser for the tests and the pictures: Debian's Chromium, driven by playwright."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, async_playwright, expect

PATIENCE = 240_000
"""Milliseconds until a page is given up, by `set_default_timeout` and by each `expect`: a machine may be busy."""


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """A browser, closed afterwards. Without one the tests are skipped, but in CI they fail."""
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=_path(), args=["--no-sandbox"])
        try:
            yield browser
        finally:
            await browser.close()


def _path() -> str:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        message = "no Chromium: set CHROMIUM to its path"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return path
