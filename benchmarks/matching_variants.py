"""Made records with a known truth: the same edition catalogued otherwise, and other editions that look alike.

Every made record comes from a real one and loses the numbers of the library that made it (001, 010, 035).
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from lienthu.catalogue.marc import Field, Record
from lienthu.catalogue.marc.numbers import isbn13
from lienthu.kernel.text import folded_key

SAME_SHARE, HARD_SHARE = 0.10, 0.05
_YEARS = re.compile("[0-9]{4}")


@dataclass(frozen=True, slots=True)
class Made:
    """`base`: index of the record it was made from; `same`: whether it is the same edition; `kind`: how it was made."""

    record: Record
    base: int
    same: bool
    kind: str


def made_records(bases: Sequence[tuple[int, Record]], donors: Sequence[Record], *, seed: int) -> Iterator[Made]:
    """For each base one variant, every third changed twice; every second base also gets a hard negative."""
    chance = random.Random(seed)
    kinds, hard_kinds = list(_CHANGES), list(_HARD)
    for position, (base, record) in enumerate(bases):
        for attempt in range(len(kinds)):
            kind = kinds[(position + attempt) % len(kinds)]
            changed = _without_local_numbers(record)
            if _CHANGES[kind](changed, chance):
                if position % 3 == 0:
                    second = kinds[(position // 3 + attempt) % len(kinds)]
                    kind += f" + {second}" if second != kind and _CHANGES[second](changed, chance) else ""
                yield Made(changed, base, True, kind)
                break
        if position % (round(SAME_SHARE / HARD_SHARE)) == 0:
            for attempt in range(len(hard_kinds)):
                kind = hard_kinds[(position // 2 + attempt) % len(hard_kinds)]
                changed = _without_local_numbers(record)
                if _HARD[kind](changed, chance, donors):
                    yield Made(changed, base, False, kind)
                    break


def _without_local_numbers(record: Record) -> Record:
    fields = [
        Field(one.tag, one.value, one.indicators, list(one.subfields))
        for one in record.fields
        if one.tag not in ("001", "003", "005", "010", "035", "050", "955", "985", "906", "925")
    ]
    return Record(record.leader, fields)


def _edit(record: Record, tags: str, codes: str, change: Callable[[str], str]) -> bool:
    """Change subfields; whether anything is other than before."""
    edited = False
    for one in record.fields:
        if one.indicators and one.tag in tags.split():
            before = list(one.subfields)
            one.subfields = [(code, change(value) if code in codes else value) for code, value in before]
            edited = edited or one.subfields != before
    return edited


def _drop(record: Record, *tags: str) -> bool:
    before = len(record.fields)
    record.fields = [one for one in record.fields if one.tag not in tags]
    return len(record.fields) < before


def _marks_lost(record: Record, chance: random.Random) -> bool:
    def plain(value: str) -> str:
        return value if value.isascii() else folded_key(value).capitalize()

    return _edit(record, "100 110 245 246 250 260 440 490 700 710", "abcnp", plain)


def _decomposed(record: Record, chance: random.Random) -> bool:
    return _edit(record, "100 245 260 700", "abc", lambda value: normalize("NFD", normalize("NFC", value))) or False


def _capitals(record: Record, chance: random.Random) -> bool:
    return _edit(record, "100 245", "ab", str.upper)


def _turned(name: str) -> str:
    family, comma, given = name.strip().rstrip(",.").partition(", ")
    return f"{given} {family}" if comma and given else name


def _author_order(record: Record, chance: random.Random) -> bool:
    return _edit(record, "100 700", "a", _turned) and (_drop_subfields(record, "100 700", "dqce4") or True)


def _initials(name: str) -> str:
    family, comma, given = name.strip().rstrip(",").partition(", ")
    if not comma or not given[:1].isalpha():
        return name
    return f"{family}, {' '.join(word[0] + '.' for word in given.split() if word[0].isalpha())}"


def _author_initials(record: Record, chance: random.Random) -> bool:
    return _edit(record, "100 700", "a", _initials) and (_drop_subfields(record, "100 700", "dqc") or True)


def _drop_subfields(record: Record, tags: str, codes: str) -> bool:
    edited = False
    for one in record.fields:
        if one.indicators and one.tag in tags.split():
            kept = [(code, value) for code, value in one.subfields if code not in codes]
            edited = edited or len(kept) < len(one.subfields)
            one.subfields = kept
    return edited


_SHORTER = (
    ("University", "Univ."), ("Press", "Pr."), ("Publishing Company", "Pub. Co."), ("Publishers", "Pub."),
    ("Publishing", "Pub."), (" & ", " and "), ("Company", "Co."), ("Verlag", "Verl."), ("Éditions", "Éd."),
    ("Nhà xuất bản", "NXB"), ("Editorial", "Ed."), ("Books", ""), (" Pub.", " Publishers"), (", Inc.", ""),
    ("Wydawn.", "Wydawnictwo"), ("Izd-vo", "Izdatelʹstvo"), ("Edizioni", "Ed."), ("Ediciones", "Eds."),
)  # fmt: skip


def _publisher_alias(record: Record, chance: random.Random) -> bool:
    def other(value: str) -> str:
        for long, short in _SHORTER:
            value = value.replace(long, short)
        return value

    return _edit(record, "260", "b", other)


_ORDINALS = {"1st": "First", "2nd": "Second", "3rd": "Third", "4th": "Fourth", "5th": "Fifth", "2d": "2nd", "3d": "3rd"}


def _edition_words(record: Record, chance: random.Random) -> bool:
    def other(value: str) -> str:
        first, _, others = value.partition(" ")
        value = f"{_ORDINALS.get(first, first)} {others}".strip()
        return value.replace(" ed.", " edition").replace("Aufl.", "Auflage").replace("éd.", "édition")

    return _edit(record, "250", "a", other)


def _typo(record: Record, chance: random.Random) -> bool:
    """One letter of the title dropped, doubled or exchanged with its neighbour, in a word of five letters or more."""
    title = record.get("245")
    words = title.get("a").split(" ") if title else []
    long = [at for at, word in enumerate(words) if word.isalpha() and len(word) >= 5]
    if not long or len(words) < 2:
        return False
    at = chance.choice(long)
    word = words[at]
    place = chance.randrange(1, len(word) - 1)
    words[at] = {
        0: word[:place] + word[place + 1 :],
        1: word[:place] + word[place] + word[place:],
        2: word[:place] + word[place + 1] + word[place] + word[place + 2 :],
    }[chance.randrange(3)]
    if words[at] == word:
        return False
    return _edit(record, "245", "a", lambda value: " ".join(words))


def _isbn_form(record: Record, chance: random.Random) -> bool:
    """ISBN-10 as ISBN-13 with hyphens, and without its qualifier."""

    def other(value: str) -> str:
        found = isbn13(value)
        return f"{found[:3]}-{found[3]}-{found[4:8]}-{found[8:12]}-{found[12]}" if found else value

    return _edit(record, "020", "a", other)


def _no_isbn(record: Record, chance: random.Random) -> bool:
    return _drop(record, "020")


def _no_author(record: Record, chance: random.Random) -> bool:
    return bool(record.all("245")[0].get("c")) and _drop(record, "100", "700", "110", "710")


def _no_publisher(record: Record, chance: random.Random) -> bool:
    return _drop_subfields(record, "260", "ab")


def _no_extent(record: Record, chance: random.Random) -> bool:
    return _drop(record, "300")


def _no_edition(record: Record, chance: random.Random) -> bool:
    return _drop(record, "250")


def _no_subtitle(record: Record, chance: random.Random) -> bool:
    return _drop_subfields(record, "245", "b")


def _no_statement(record: Record, chance: random.Random) -> bool:
    return _drop_subfields(record, "245", "c") and _drop(record, "490", "440", "246", "500", "504") | True


def _subtitle_joined(record: Record, chance: random.Random) -> bool:
    title = record.get("245")
    if title is None or not title.get("b"):
        return False
    whole = " ".join(title.values("ab"))
    title.subfields = [("a", whole)] + [(code, value) for code, value in title.subfields if code not in "ab"]
    return True


def _shifted_year(value: str, by: int) -> str:
    for at in range(len(value) - 3):
        if value[at : at + 4].isdigit():
            return value[:at] + str(int(value[at : at + 4]) + by) + value[at + 4 :]
    return value


def _year_off(record: Record, chance: random.Random) -> bool:
    return _shift_years(record, chance.choice((-1, 1)))


def _shift_years(record: Record, by: int) -> bool:
    imprint = record.get("260")
    # A date with several years would keep one of them.
    if imprint is None or len(_YEARS.findall(imprint.get("c"))) != 1 or record.value("008")[6:7] != "s":
        return False
    shifted = _edit(record, "260", "c", lambda value: _shifted_year(value, by))
    for one in record.fields:
        if one.tag == "008" and one.value[7:11].isdigit():
            one.value = one.value[:7] + str(int(one.value[7:11]) + by) + one.value[11:]
    return shifted


def _pages_off(record: Record, chance: random.Random) -> bool:
    extent = record.get("300")
    words = extent.get("a").split(" ") if extent else []
    for at, word in enumerate(words[:-1]):
        if word.isdigit() and words[at + 1].startswith("p") and int(word) > 20:
            words[at] = str(int(word) + chance.choice((-2, -1, 1, 2)))
            return _edit(record, "300", "a", lambda value: " ".join(words))
    return False


def _rda(record: Record, chance: random.Random) -> bool:
    """260 as 264, abbreviations written out, 33x added."""
    for one in record.fields:
        if one.tag == "260":
            one.tag, one.indicators = "264", " 1"
    _edit(record, "300", "a", lambda value: value.replace(" p.", " pages").replace(" v.", " volumes"))
    record.fields.append(Field("338", "", "  ", [("a", "volume"), ("b", "nc"), ("2", "rdacarrier")]))
    return True


_CHANGES: dict[str, Callable[[Record, random.Random], bool]] = {
    "marks lost": _marks_lost, "author order": _author_order, "author initials": _author_initials,
    "publisher alias": _publisher_alias, "edition in words": _edition_words, "typing error": _typo,
    "ISBN form": _isbn_form, "no ISBN": _no_isbn, "no author heading": _no_author, "no publisher": _no_publisher,
    "no extent": _no_extent, "no edition": _no_edition, "no subtitle": _no_subtitle, "no statement": _no_statement,
    "subtitle joined": _subtitle_joined, "year off": _year_off, "pages off": _pages_off, "RDA": _rda,
    "decomposed": _decomposed, "capitals": _capitals,
}  # fmt: skip


def _other_volume(record: Record, chance: random.Random, donors: Sequence[Record]) -> bool:
    title = record.get("245")
    if title is None:
        return False
    at = next((place for place, (code, _) in enumerate(title.subfields) if code != "a"), len(title.subfields))
    number = chance.randrange(2, 6)
    volume = chance.choice((f"Vol. {number}", f"Tập {number}", f"Part {number}"))
    title.subfields = [*title.subfields[:at], ("n", volume), *title.subfields[at:]]
    return True


def _other_edition(record: Record, chance: random.Random, donors: Sequence[Record]) -> bool:
    if not _shift_years(record, chance.randrange(2, 9)):
        return False
    _drop(record, "250", "020")
    record.fields.append(
        Field("250", "", "  ", [("a", chance.choice(("2nd ed.", "3rd ed.", "Rev. ed.", "Tái bản lần 2")))])
    )
    return True


def _undivided(record: Record) -> bool:
    """Whether 245 $a also holds the statement of responsibility."""
    return " / " in record.all("245")[0].get("a")


def _other_author(record: Record, chance: random.Random, donors: Sequence[Record]) -> bool:
    """The same title, publisher and year, by somebody else."""
    donor = chance.choice(donors)
    name = donor.get("100")
    mine = record.get("100")
    if name is None or mine is None or folded_key(name.get("a")) == folded_key(mine.get("a")) or _undivided(record):
        return False
    _drop(record, "100", "700", "110", "710", "020")
    record.fields.append(Field("100", "", name.indicators, list(name.subfields)))
    statement = donor.all("245")[0].get("c")
    return _edit(record, "245", "c", lambda value: statement or name.get("a")) or True


_HARD: dict[str, Callable[[Record, random.Random, Sequence[Record]], bool]] = {
    "other volume": _other_volume, "other edition": _other_edition, "other author": _other_author,
}  # fmt: skip
