"""Every setting has its line in docs/admin/settings.md, and every line there is a setting."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "admin" / "settings.md"

_READ = re.compile(r"""(?:env(?:\.\w+)?\(|environ(?:\.get\(|\[)|getenv\()\s*["']([A-Z][A-Z0-9_]+)["']""")
_TESTED = re.compile(r"""["']([A-Z][A-Z0-9_]+)["'] (?:not )?in os\.environ""")
# Set for Django itself, never read as a setting.
_FIXED = {"DJANGO_SETTINGS_MODULE"}


def read_in_code() -> set[str]:
    """Names of all environment variables that the product, its tests' support and its tools read."""
    files = [path for path in (ROOT / "lienthu").rglob("*.py") if "tests" not in path.parts]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return {*_READ.findall(text), *_TESTED.findall(text)} - _FIXED


def documented() -> set[str]:
    return set(re.findall(r"^\| `([A-Z][A-Z0-9_]+)` \|", DOCUMENT.read_text(encoding="utf-8"), flags=re.MULTILINE))


def test_every_setting_that_the_code_reads_is_documented():
    assert read_in_code() - documented() == set()


def test_every_documented_setting_is_read_by_the_code():
    assert documented() - read_in_code() == set()


def test_every_documented_setting_has_a_default_and_a_meaning_in_both_languages():
    rows = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert rows
    for row in rows:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert len(cells) == 4 and all(cells), row
