"""The table of fields and the table of fixed positions, read once from `data/`; their form is told there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
BLANK = " "


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages of the product."""

    vi: str
    en: str

    def said(self, language: str) -> str:
        return self.en if language == "en" and self.en else self.vi


RARE = Words("Ít dùng", "Rarely used")


@dataclass(frozen=True, slots=True)
class SubfieldRule:
    """A subfield: its code, what it holds, whether it may be repeated."""

    code: str
    name: Words
    repeatable: bool


@dataclass(frozen=True, slots=True)
class FieldRule:
    """A field: what it is for, its indicators (value → meaning; only a blank where none is given), its subfields."""

    tag: str
    name: Words
    repeatable: bool
    help: Words = Words("", "")
    indicators: tuple[dict[str, Words], dict[str, Words]] = field(default_factory=lambda: ({}, {}))
    subfields: dict[str, SubfieldRule] = field(default_factory=dict)

    @property
    def is_control(self) -> bool:
        return self.tag[:2] == "00"


@dataclass(frozen=True, slots=True)
class Position:
    """Places of a fixed field, from 0: `values` name what may stand there (none: typed freely)."""

    start: int
    length: int
    name: Words
    values: dict[str, Words]


def _lines(name: str) -> Iterator[str]:
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


def _words(text: str) -> Words:
    vi, _, en = text.partition(" | ")
    return Words(vi.strip(), en.strip())


_HEAD = re.compile(r"=(\w{3}) (R|NR|-) (.+)")
_INDICATOR = re.compile(r"([12]) (0-9|.) (.+)")
_SUBFIELD = re.compile(r"\$(.) (R|NR) (.+)")


@cache
def fields() -> dict[str, FieldRule]:
    """Tag → rule, in the order of the tags."""
    blocks: dict[str, list[str]] = {}
    rules: dict[str, FieldRule] = {}
    current: list[str] = []
    for line in _lines("fields.txt"):
        if line.startswith("@"):
            current = blocks.setdefault(line[1:], [])
        elif line.startswith("="):
            current = blocks.setdefault(line, [])
        else:
            current.append(line)
    for head in blocks:
        found = _HEAD.fullmatch(head)
        if found:
            rules[found[1]] = _rule(found[1], found[2], found[3], list(_expanded(blocks, head)))
    return rules


def _expanded(blocks: dict[str, list[str]], name: str) -> Iterator[str]:
    for line in blocks[name]:
        if line.startswith("use "):
            yield from _expanded(blocks, line.removeprefix("use "))
        else:
            yield line


def _rule(tag: str, repeated: str, name: str, lines: list[str]) -> FieldRule:
    indicators: tuple[dict[str, Words], dict[str, Words]] = ({}, {})
    subfields: dict[str, SubfieldRule] = {}
    vi = en = ""
    for line in lines:
        if line.startswith("?? "):
            en = line[3:]
        elif line.startswith("? "):
            vi = line[2:]
        elif found := _SUBFIELD.fullmatch(line):
            subfields[found[1]] = SubfieldRule(found[1], _words(found[3]), found[2] == "R")
        elif found := _INDICATOR.fullmatch(line):
            codes = "0123456789" if found[2] == "0-9" else found[2].replace("#", BLANK)
            for code in codes:
                indicators[int(found[1]) - 1][code] = _words(found[3])
        elif line.startswith("+ "):
            for code in line[2:].strip():
                subfields.setdefault(code, SubfieldRule(code, RARE, True))
        else:
            raise ValueError(f"fields.txt: {line}")
    return FieldRule(tag, _words(name), repeated == "R" or tag in ("006", "007"), Words(vi, en), indicators, subfields)


_POSITION = re.compile(r"([0-9]+)(?:-([0-9]+))? (.+)")
_VALUE = re.compile(r"  (\S+) (.+)")


@cache
def fixed() -> dict[str, tuple[Position, ...]]:
    """Part of `fixed.txt` (LDR, 008, 008/books, 007/c …) → its positions in order."""
    parts: dict[str, list[Position]] = {}
    current: list[Position] = []
    for line in _lines("fixed.txt"):
        if line.startswith("@"):
            current = parts.setdefault(line[1:], [])
        elif found := _VALUE.fullmatch(line):
            current[-1].values[found[1].replace("#", BLANK)] = _words(found[2])
        elif found := _POSITION.fullmatch(line):
            first, last = int(found[1]), int(found[2] or found[1])
            current.append(Position(first, last - first + 1, _words(found[3]), {}))
        else:
            raise ValueError(f"fixed.txt: {line}")
    return {name: tuple(positions) for name, positions in parts.items()}


# Which part of 008 a record has, by leader/06 and 07.
_PARTS_OF_008 = {
    "a": "books", "t": "books", "e": "maps", "f": "maps", "c": "music", "d": "music", "i": "music", "j": "music",
    "g": "visual", "k": "visual", "o": "visual", "r": "visual", "m": "computer", "p": "mixed",
}  # fmt: skip
_FORMS_OF_006 = _PARTS_OF_008 | {"s": "serials"}
_SHIFT = 17


def part_of_008(leader: str) -> str:
    """The name of the part of 008/18-34 that this leader asks for."""
    if leader[6:7] == "a" and leader[7:8] in ("b", "i", "s"):
        return "serials"
    return _PARTS_OF_008.get(leader[6:7], "books")


def positions(tag: str, value: str, leader: str) -> tuple[Position, ...]:
    """The positions of a fixed field with this value in a record with this leader; empty for any other field."""
    table = fixed()
    if tag == "LDR":
        return table["LDR"]
    if tag == "008":
        every = table["008"] + table[f"008/{part_of_008(leader)}"]
        return tuple(sorted(every, key=lambda position: position.start))
    if tag == "007":
        return table.get(f"007/{value[:1]}", ())
    if tag == "006":
        part = table.get(f"008/{_FORMS_OF_006.get(value[:1], '')}", ())
        return tuple(Position(p.start - _SHIFT, p.length, p.name, p.values) for p in part)
    return ()


LENGTHS = {"LDR": 24, "008": 40, "006": 18}
