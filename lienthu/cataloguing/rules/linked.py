"""Fields in their original script (880) beside the fields that they repeat; $6 of both names the pair."""

import re
from collections.abc import Sequence

from . import codec
from .sheets import Row, Sheet

_LINK = re.compile(r"([0-9]{3})-([0-9]{2})")
_UNLINKED = "00"


def link_of(row: Row) -> tuple[str, str] | None:
    """What a row's $6 points to: (tag, number of the pair)."""
    if row.is_control:
        return None
    value = next((value for code, value in codec.read(row.text) if code == "6"), "")
    found = _LINK.match(value.strip())
    return (found[1], found[2]) if found else None


def pair_of(row: Row) -> tuple[str, str] | None:
    """The pair that a row belongs to, named by (tag of the field, number): the same for both halves."""
    link = link_of(row)
    if link is None or link[1] == _UNLINKED:
        return None
    if row.tag == "880":
        return link
    return (row.tag, link[1]) if link[0] == "880" else None


def paired(sheet: Sheet) -> Sheet:
    """The same sheet with each 880 right behind its field, for the eye; those without a field stay where they are."""
    owners = {pair_of(row) for row in sheet.rows if row.tag != "880"} - {None}
    followers: dict[tuple[str, str], list[Row]] = {}
    rest: list[Row] = []
    for row in sheet.rows:
        pair = pair_of(row)
        if row.tag == "880" and pair in owners and pair is not None:
            followers.setdefault(pair, []).append(row)
        else:
            rest.append(row)
    rows: list[Row] = []
    for row in rest:
        rows.append(row)
        pair = pair_of(row)
        if row.tag != "880" and pair is not None:
            rows += followers.pop(pair, [])
    return sheet.with_rows(rows)


def filed(sheet: Sheet) -> Sheet:
    """The same sheet with all 880 together in their place by number, as records are kept."""
    originals = [row for row in sheet.rows if row.tag == "880"]
    others = [row for row in sheet.rows if row.tag != "880"]
    place = next((i for i, row in enumerate(others) if row.tag > "880"), len(others))
    return sheet.with_rows([*others[:place], *originals, *others[place:]])


def next_number(rows: Sequence[Row]) -> str:
    """The next free number of a pair."""
    used = {pair[1] for row in rows if (pair := pair_of(row))}
    return next(f"{n:02d}" for n in range(1, 100) if f"{n:02d}" not in used or n == 99)


def with_original(sheet: Sheet, place: int) -> Sheet:
    """The sheet with an empty 880 paired to the row at `place`, which gets its $6."""
    row = sheet.rows[place]
    if row.is_control or row.tag == "880" or pair_of(row):
        return sheet
    number = next_number(sheet.rows)
    own = Row(row.tag, row.indicators, codec.written([("6", f"880-{number}"), *codec.read(row.text)]))
    codes = [code for code, _ in codec.read(row.text) if code.isalpha()] or ["a"]
    original = Row("880", row.indicators, codec.written([("6", f"{row.tag}-{number}/$1"), *((c, "") for c in codes)]))
    return sheet.with_rows([*sheet.rows[:place], own, original, *sheet.rows[place + 1 :]])
