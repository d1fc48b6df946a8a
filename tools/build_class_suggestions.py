"""Build lienthu/cataloguing/suggestions/data/lc_classes.tsv: which class number records on a subject bear.

    .venv/bin/python tools/build_class_suggestions.py FILE

FILE is `BooksAll.2016.part01.utf8` of the source archive of pymarc 5.4.0: 250,000 records of the Library of Congress
(public domain). Counted are the subject headings (650, 651, second indicator 0) of records with a number in 082.
Numbers of fiction say nothing about a topic and are left out. See the SOURCE.md beside the result.
"""

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from lienthu.catalogue.marc import RawRecord, Record, open_records

DATA = Path(__file__).resolve().parent.parent / "lienthu" / "cataloguing" / "suggestions" / "data"
NUMBER = re.compile(r"[0-9]{3}(\.[0-9]+)?")
FICTION = re.compile(r"8[0-9]{2}\.[0-9]+|8[0-9]3")
FORMS = {"Fiction", "Juvenile fiction", "Juvenile literature", "Drama", "Poetry"}
# Fewer records tell little; on Việt Nam there are few and each counts, and so do the headings that words_vi.tsv names.
RECORDS, FEWEST = 8, 3
# A number speaks for a heading when so many of its records, but three at least, stand in that class or below it.
SHARE, SAME = 0.25, 3
LONGEST = 9
VIETNAM = re.compile(r"Vietnam(ese (?!American)|, |--|$)")


def numbers_of(record: Record) -> list[str]:
    """Class numbers without the marks that show where they may be cut."""
    found = (value.replace("/", "").replace("'", "").strip() for value in record.subfields("082", "a"))
    return [number for number in found if NUMBER.fullmatch(number)]


def headings_of(record: Record) -> Iterator[str]:
    """Each subject heading alone and with its first division."""
    for field in record.fields:
        if field.tag not in ("650", "651") or field.indicators[1] != "0" or FORMS & set(field.values("v")):
            continue
        main = field.get("a").rstrip(". ")
        yield main
        for value in field.values("xyz")[:1]:
            yield f"{main}--{value.rstrip('. ')}"


def is_plain(heading: str, number: str) -> bool:
    """Whether a number may speak for a heading: not that of a novel, not longer than a shelf mark."""
    return len(number) <= LONGEST and (bool(VIETNAM.match(heading)) or not FICTION.fullmatch(number))


def count(path: Path) -> dict[str, Counter[str]]:
    """For each heading, how many records bear which number."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    with path.open("rb") as stream:
        for item in open_records(stream):
            if not isinstance(item, RawRecord):
                continue
            numbers = numbers_of(item.record)
            if numbers:
                for heading in set(headings_of(item.record)):
                    found[heading][numbers[0]] += 1
    return found


def best(numbers: dict[str, int]) -> tuple[str, int]:
    """The most exact number in or below whose class enough of the records stand; else the most frequent one."""
    total = sum(numbers.values())
    within = {one: sum(times for other, times in numbers.items() if other.startswith(one)) for one in numbers}
    exact = [one for one, times in within.items() if times >= max(SHARE * total, SAME)]
    if exact:
        number = max(exact, key=lambda one: (len(one), within[one], one))
    else:
        number = max(numbers, key=lambda one: (numbers[one], -len(one), one))
    return number, within[number]


def rows(found: dict[str, Counter[str]], named: set[str]) -> Iterator[tuple[str, str, int, int]]:
    """(heading, number, records in that class, records with the heading) of each heading with enough records."""
    for heading, numbers in sorted(found.items()):
        plain = {number: times for number, times in numbers.items() if is_plain(heading, number)}
        total = sum(plain.values())
        if not plain or (total < (FEWEST if heading in named else RECORDS) and not VIETNAM.match(heading)):
            continue
        number, times = best(plain)
        if times > 1 or VIETNAM.match(heading):
            yield heading, number, times, total


def named_headings() -> set[str]:
    """The headings that the Vietnamese keywords lead to."""
    lines = (DATA / "words_vi.tsv").read_text(encoding="utf-8").splitlines()
    return {line.split("\t")[1] for line in lines if not line.startswith("#")}


def main() -> int:
    written = list(rows(count(Path(sys.argv[1])), named_headings()))
    with (DATA / "lc_classes.tsv").open("w", encoding="utf-8") as out:
        out.write("# heading\tclass number\trecords in that class\trecords with the heading\n")
        out.writelines("\t".join(map(str, row)) + "\n" for row in written)
    print(f"{len(written)} headings")
    return 0


if __name__ == "__main__":
    sys.exit(main())
