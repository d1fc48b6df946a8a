"""Which column of a list of people means what, and which class comes after which; pure."""

import re
from collections.abc import Sequence

# The heads that schools and offices write, marks and case aside; a head may have more words around these.
_HEADS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("guardian_phone", ("dien thoai phu huynh", "sdt phu huynh", "so dien thoai phu huynh", "dien thoai cha me")),
    ("guardian", ("ho ten phu huynh", "ho va ten phu huynh", "phu huynh", "nguoi giam ho", "ho ten cha me")),
    ("consent", ("phu huynh dong y", "dong y")),
    ("full_name", ("ho va ten", "ho ten", "ho va ten hoc sinh", "ho ten hoc sinh", "ho va ten can bo")),
    ("family", ("ho dem", "ho va dem", "ho lot", "ho va ten dem", "ho va chu dem", "ho")),
    ("given", ("ten", "ten hoc sinh")),
    ("birth_date", ("ngay sinh", "ngay thang nam sinh", "sinh ngay")),
    ("group", ("lop", "lop hoc", "khoa", "don vi", "phong ban", "phong", "to", "to bo mon", "bo phan", "khoa phong")),
    ("identity_number", ("so dinh danh", "ma dinh danh", "so cccd", "cccd", "can cuoc cong dan", "so can cuoc")),
    ("number", ("so the", "ma the", "so the thu vien", "ma the thu vien", "ma vach")),
    ("phone", ("dien thoai", "so dien thoai", "sdt", "di dong", "so di dong")),
    ("email", ("email", "e mail", "thu dien tu", "dia chi email")),
    ("address", ("dia chi", "noi o", "noi o hien nay", "cho o hien nay", "dia chi thuong tru", "thon xom")),
)
_MEANINGS = {head: name for name, heads in _HEADS for head in heads}
_CLASS = re.compile(r"^(?P<before>\D*?)(?P<grade>\d{1,2})(?P<after>(?:\D.*)?)$")
LAST_GRADES = (5, 9, 12)
"""The last grades of primary, lower and upper secondary schools (Law on Education 43/2019, Article 28)."""


def meaning_of(folded_head: str) -> str:
    """What a column means by its head, marks and case already taken away; "" for one that is not used."""
    return _MEANINGS.get(" ".join(folded_head.split()), "")


def columns_of(folded_rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]] | None:
    """The row of the heads and the column of each meaning, the first of each; None when no row names a person."""
    for number, row in enumerate(folded_rows):
        found: dict[str, int] = {}
        for place, cell in enumerate(row):
            if name := meaning_of(cell):
                found.setdefault(name, place)
        if ("full_name" in found or {"family", "given"} <= found.keys()) and len(found) > 1:
            return number, found
    return None


def next_class(name: str) -> str:
    """`Lớp 8A` → `Lớp 9A`; "" after the last grade of a school; the same where no grade is written."""
    found = _CLASS.match(name.strip())
    if found is None or not 1 <= int(found["grade"]) <= max(LAST_GRADES):
        return name.strip()
    grade = int(found["grade"])
    return "" if grade in LAST_GRADES else f"{found['before']}{grade + 1}{found['after']}"
