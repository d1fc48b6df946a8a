"""What all tests of a process share: passwords that are quick to hash, and one browser.

One, because Playwright allows a single event loop in a thread.
"""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.test import override_settings
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# Without these Chromium asks hosts of its maker at every start.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    with override_settings(PASSWORD_HASHERS=["lienthu.testing.QuickHasher"]):
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium of the machine."""
    if not CHROMIUM:
        pytest.skip("Chromium is not installed here")
    # Playwright keeps an event loop in this thread; Django would refuse to clean its tables beside one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()
