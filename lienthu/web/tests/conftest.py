"""A built set of static files and axe-core for the tests that look at pages."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

ROOT = Path(__file__).resolve().parents[3]
DIST = ROOT / "lienthu/web/static/dist"
AXE = ROOT / "node_modules/axe-core/axe.min.js"


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    """Each test starts in Vietnamese, whatever language the page before it was asked in."""
    with translation.override("vi"):
        yield


@pytest.fixture(scope="session")
def dist() -> Path:
    """static/dist, built now if it is not there yet."""
    if not (DIST / "app.css").exists():
        if not (ROOT / "node_modules").exists() or not shutil.which("npm"):
            pytest.skip("static files are not built: run npm ci && npm run build")
        subprocess.run(["npm", "run", "--silent", "build"], cwd=ROOT, check=True)
    return DIST


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: run npm ci")
    return AXE.read_text()
