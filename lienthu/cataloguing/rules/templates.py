"""Templates of records for each kind of material, read from `data/templates.txt`; a library may keep its own beside."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from .sheets import Row, Sheet, is_control
from .tables import DATA, Words


@dataclass(frozen=True, slots=True)
class Template:
    """A record to begin with. `icon` is its sign on the page of choices."""

    code: str
    name: Words
    icon: str
    sheet: Sheet
    note: Words


def _split(text: str) -> Words:
    vi, _, en = text.partition(" | ")
    return Words(vi.strip(), en.strip())


@cache
def templates() -> dict[str, Template]:
    """Code → template, in the order of the page of choices."""
    found: dict[str, Template] = {}
    code, name, icon, note, leader = "", Words("", ""), "", Words("", ""), ""
    rows: list[Row] = []

    def finish() -> None:
        if code:
            found[code] = Template(code, name, icon, Sheet(leader, tuple(rows)), note)

    for line in (DATA / "templates.txt").read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("//"):
            continue
        if line.startswith("@"):
            finish()
            code, icon, label = line[1:].split(" ", 2)
            name, note, leader, rows = _split(label), Words("", ""), "", []
        elif line.startswith("? "):
            note = _split(line[2:])
        elif line.startswith("LDR "):
            leader = line[4:]
        elif is_control(line[:3]):
            rows.append(Row(line[:3], "", line[4:]))
        else:
            rows.append(Row(line[:3], line[4:6], line[7:]))
    finish()
    return found


def begun(sheet: Sheet, *, today: date, agency: str) -> Sheet:
    """A template as a record of this day and this library: the date in 008, the library in 040."""
    entered = today.strftime("%y%m%d")
    rows = []
    for row in sheet.rows:
        if row.tag == "008" and len(row.text) == 40:
            row = Row(row.tag, "", entered + row.text[6:])
        elif row.tag == "040":
            row = Row(row.tag, row.indicators, row.text.replace("{agency}", agency))
        rows.append(row)
    return sheet.with_rows(rows)
