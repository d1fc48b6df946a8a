"""Budgets of a first visit (compressed): page code without HTML, fonts, and what must not be in the files."""

import json
import re
from pathlib import Path

import brotli

ROOT = Path(__file__).resolve().parents[3]


def sent(dist: Path, *names: str) -> int:
    return sum(len(brotli.compress((dist / name).read_bytes())) for name in names)


def test_styles_script_and_icons_leave_room_for_the_page_within_60_kb(dist):
    assert sent(dist, "app.css", "app.js", "icons.svg") < 40_000


def test_fonts_of_a_vietnamese_page_stay_under_140_kb(dist):
    usual = [
        font
        for font in (dist / "fonts").glob("*.woff2")
        if "latin-ext" not in font.name and not font.name.startswith(("han-", "nom-"))
    ]
    assert len(usual) == 6
    assert sum(font.stat().st_size for font in usual) < 140_000


def test_every_font_is_swapped_in_and_no_vietnamese_letter_needs_a_third_file(dist):
    faces = re.findall(r"@font-face\{[^}]*woff2[^}]*\}", (dist / "app.css").read_text())
    assert len(faces) == 9
    assert all("font-display:swap" in face for face in faces)
    vietnamese = {ord(letter) for letter in "ĂăĐđĨĩŨũƠơƯư"} | set(range(0x1EA0, 0x1EFA))
    for face in faces:
        if "latin-ext" in face:
            assert not vietnamese & covered(face)


def covered(face: str) -> set[int]:
    ranges = re.search(r"unicode-range:([^;}]*)", face)
    assert ranges
    letters: set[int] = set()
    for one in ranges.group(1).upper().replace("U+", "").split(","):
        first, _, last = one.strip().partition("-")
        if "?" in first:
            first, last = first.replace("?", "0"), first.replace("?", "F")
        letters.update(range(int(first, 16), int(last or first, 16) + 1))
    return letters


def test_nothing_is_fetched_from_elsewhere(dist):
    for name in ("app.css", "desk.css"):
        assert not re.search(r"url\(['\"]?(?:https?:)?//", (dist / name).read_text())


def test_every_icon_in_use_is_in_the_sprite(dist):
    sprite = (dist / "icons.svg").read_text()
    used = set()
    for page in (ROOT / "lienthu").rglob("*.html"):
        used.update(re.findall(r"{%\s*icon\s+[\"']([\w-]+)[\"']", page.read_text()))
    assert [name for name in sorted(used) if f'id="{name}"' not in sprite] == []


def test_the_lock_file_names_no_registry():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
