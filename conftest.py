"""What all tests of a process share: passwords that are quick to hash, and one browser; and which process runs which.

One browser, because Playwright allows a single event loop in a thread.
"""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.test import override_settings
from playwright.sync_api import Browser, sync_playwright
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

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


class OneProduct(LoadScopeScheduling):
    """Each test goes to whichever worker is free, but all journeys to one, so that one product is started for them.

    They begin first, being the largest group. The mark xdist_group would say the same, but xdist 3.8 does not see it
    with pytest 9.2.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "journeys" if nodeid.startswith("tests/journeys/") else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneProduct | None:
    return OneProduct(config, log) if config.getvalue("dist") == "loadgroup" else None


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
