"""Take the picture of the README from a running product.

.venv/bin/python tools/screenshot.py [http://127.0.0.1:8000]
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

TARGET = Path(__file__).resolve().parent.parent / "docs" / "images" / "home.png"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def main() -> int:
    base = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    chromium = shutil.which("chromium")
    if chromium is None:
        print("Cần Chromium để chụp ảnh (Debian: apt-get install chromium).", file=sys.stderr)
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 860}, locale="vi-VN")
        page.goto(base, wait_until="networkidle")
        page.screenshot(path=TARGET)
        browser.close()
    print(TARGET)
    return 0


if __name__ == "__main__":
    sys.exit(main())
