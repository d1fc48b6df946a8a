"""What every page must be, whoever looks at it."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def assert_sound(page: Page) -> None:
    """A title, something in the main part, no sideways scrolling."""
    expect(page).to_have_title(re.compile(r"\S"))
    assert page.locator("main").inner_text().strip(), page.url
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], (page.url, width)  # type: ignore[index]


def assert_accessible(page: Page) -> None:
    """No violation of WCAG 2.2 AA that axe-core can see."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
    violations = [(v["id"], [n["target"] for n in v["nodes"]][:5]) for v in found["violations"]]
    assert not violations, (page.url, violations)
