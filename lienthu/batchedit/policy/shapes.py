"""Which values each kind of step has, and what is wrong with one that a person made."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lienthu.batchedit.policy import steps as s
from lienthu.batchedit.policy.patterns import LONGEST, MODES, MOST_WILDCARDS, PARTS, wildcards
from lienthu.cataloguing.rules import codec, tables

SHAPES: dict[str, tuple[str, ...]] = {
    s.REPLACE: ("tag", "code", "which", "find", "mode", "part", "wild", "value"),
    s.ADD_FIELD: ("tag", "indicators", "value"),
    s.ADD_SUBFIELD: ("tag", "code", "which", "value", "there"),
    s.DELETE_FIELD: ("tag", "which"),
    s.DELETE_SUBFIELD: ("tag", "code", "which"),
    s.MOVE_FIELD: ("tag", "which", "to_tag"),
    s.COPY_FIELD: ("tag", "which", "to_tag"),
    s.MOVE_SUBFIELD: ("tag", "code", "which", "to_tag", "to_code"),
    s.COPY_SUBFIELD: ("tag", "code", "which", "to_tag", "to_code"),
    s.SET_INDICATOR: ("tag", "which", "number", "value"),
    s.SET_FIXED: ("place", "value"),
    s.DROP_DUPLICATES: ("tag",),
    s.SET_COPIES: ("number", "value", "only", "only_value"),
    s.CALL_PREFIX: ("find", "value", "only", "only_value"),
}
# Numbered, stamped and counted by the product itself.
SYSTEM = frozenset(("001", "003", "005"))
# Fields that make copies: a copy has a number of its own, which many records cannot share.
OF_COPIES = frozenset(("852", "928", "952"))
LONGEST_VALUE = 2_000
_TAG = re.compile(r"[0-9]{3}")
_ANY_TAG = re.compile(r"[0-9X]{3}")
_CODE = re.compile(r"[0-9a-z]")
_NUMBER = re.compile(r"[1-9][0-9]?")
_SIGN = re.compile(r"[0-9a-z |]")
# Kinds whose tag may have X for any figure: they change what is there.
_MANY_TAGS = frozenset(
    (s.REPLACE, s.DELETE_FIELD, s.DELETE_SUBFIELD, s.SET_INDICATOR, s.DROP_DUPLICATES, s.MOVE_SUBFIELD)
)
# Positions of the leader that the product computes from the bytes.
_FREE_OF_LEADER = frozenset((5, 6, 7, 8, 17, 18, 19))


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: the value it concerns, and a code for the sentence."""

    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Place:
    """A named position of a fixed field: `part` is LDR, 008, 008/books, 007/c …"""

    part: str
    start: int
    length: int

    @property
    def tag(self) -> str:
        return self.part.partition("/")[0]

    @property
    def key(self) -> str:
        return f"{self.part}@{self.start}"


def place_of(key: str) -> tuple[Place, tables.Position] | None:
    """The position with this key; None for one that nobody may set."""
    part, _, start = key.partition("@")
    for position in tables.fixed().get(part, ()):
        if str(position.start) == start and (part != "LDR" or position.start in _FREE_OF_LEADER):
            return Place(part, position.start, position.length), position
    return None


def places() -> list[tuple[Place, tables.Position]]:
    """Every position that a step may set, in the order of the table."""
    return [
        (Place(part, one.start, one.length), one)
        for part, positions in tables.fixed().items()
        for one in positions
        if place_of(f"{part}@{one.start}")
    ]


def faults(step: s.Step) -> list[Fault]:
    """Everything that keeps a step from being carried out."""
    if step.kind not in SHAPES:
        return [Fault("kind", "kind")]
    return [*_tags(step), *_texts(step), *_special(step), *_condition(step)]


def _tags(step: s.Step) -> Iterator[Fault]:
    shape = SHAPES[step.kind]
    if "tag" in shape:
        allowed = _ANY_TAG if step.kind in _MANY_TAGS else _TAG
        yield from _tag("tag", step.tag, allowed)
        if step.kind == s.ADD_FIELD and step.tag in OF_COPIES:
            yield Fault("tag", "of_copies")
        if step.tag[:2] == "00" and step.kind not in (s.ADD_FIELD, s.DELETE_FIELD, s.DROP_DUPLICATES, s.REPLACE):
            yield Fault("tag", "control")
    if "to_tag" in shape:
        yield from _tag("to_tag", step.to_tag, _TAG)
        if step.to_tag in OF_COPIES and step.tag not in OF_COPIES:
            yield Fault("to_tag", "of_copies")
        if step.to_tag[:2] == "00":
            yield Fault("to_tag", "control")
        if (step.to_tag, step.to_code) == (step.tag, step.code):
            yield Fault("to_tag", "same_place")
    yield from _codes(step)


def _codes(step: s.Step) -> Iterator[Fault]:
    shape = SHAPES[step.kind]
    for name in ("code", "to_code"):
        code = getattr(step, name)
        optional = step.kind == s.REPLACE and name == "code"
        if name in shape and not (optional and not code) and not _CODE.fullmatch(code):
            yield Fault(name, "code")
    if "which" in shape and step.which not in (s.ALL, s.FIRST, s.LAST) and not _NUMBER.fullmatch(step.which):
        yield Fault("which", "which")


def _tag(name: str, tag: str, allowed: re.Pattern[str]) -> Iterator[Fault]:
    if not allowed.fullmatch(tag) or tag == "000":
        yield Fault(name, "tag")
    elif tag in SYSTEM or tag in ("00X", "0XX", "XXX"):
        yield Fault(name, "system")


def _texts(step: s.Step) -> Iterator[Fault]:
    shape = SHAPES[step.kind]
    if "find" in shape:
        if not step.find:
            yield Fault("find", "empty")
        yield from _pattern("find", step.find, step.wild)
    if step.mode not in MODES or step.part not in PARTS:
        yield Fault("mode", "choice")
    if "value" in shape:
        if len(step.value) > LONGEST_VALUE:
            yield Fault("value", "too_long")
        if any("\x1d" <= sign <= "\x1f" for sign in step.value):
            yield Fault("value", "forbidden")
        if step.kind in (s.ADD_FIELD, s.ADD_SUBFIELD) and not step.value.strip():
            yield Fault("value", "empty")


def _pattern(name: str, text: str, wild: bool) -> Iterator[Fault]:
    if len(text) > LONGEST:
        yield Fault(name, "pattern_long")
    elif wild and wildcards(text) > MOST_WILDCARDS:
        yield Fault(name, "pattern_wild")
    elif wild and not text.strip("*"):
        yield Fault(name, "pattern_empty")


def _special(step: s.Step) -> Iterator[Fault]:
    if step.kind == s.ADD_FIELD and step.tag[:2] != "00":
        yield from _new_field(step)
    if step.kind == s.SET_INDICATOR:
        if step.number not in ("1", "2"):
            yield Fault("number", "choice")
        if not _SIGN.fullmatch(step.value.replace("#", " ") or " "):
            yield Fault("value", "indicators")
    if step.kind == s.SET_FIXED:
        yield from _fixed(step)
    if step.kind == s.ADD_SUBFIELD and step.there not in (s.SKIP, s.REPEAT, s.OVERWRITE):
        yield Fault("there", "choice")
    if step.kind == s.SET_COPIES and step.number not in s.COPY_ATTRIBUTES:
        yield Fault("number", "choice")
    if step.kind in s.ON_COPIES:
        yield from _copies(step)


def _new_field(step: s.Step) -> Iterator[Fault]:
    signs = step.indicators.replace("#", " ")
    if len(signs) > 2 or not all(_SIGN.fullmatch(sign) for sign in signs):
        yield Fault("indicators", "indicators")
    if not all(_CODE.fullmatch(code) for code, _value in codec.read(step.value)):
        yield Fault("value", "code")


def _fixed(step: s.Step) -> Iterator[Fault]:
    found = place_of(step.place)
    if found is None:
        yield Fault("place", "choice")
        return
    place, position = found
    value = codec.fixed_value(step.value)
    if len(value) != place.length:
        yield Fault("value", "length")
    elif position.values and place.length == 1 and value not in position.values and value != "|":
        yield Fault("value", "not_in_table")


def _copies(step: s.Step) -> Iterator[Fault]:
    if step.only and step.only not in (*s.COPY_ATTRIBUTES, "call_number"):
        yield Fault("only", "choice")
    if step.kind == s.SET_COPIES and step.number != "shelf" and not step.value:
        yield Fault("value", "empty")
    if len(step.value) > 200 or len(step.only_value) > 200:
        yield Fault("value", "too_long")


def _condition(step: s.Step) -> Iterator[Fault]:
    condition = step.condition
    if condition is None:
        return
    if condition.of not in (s.OF_RECORD, s.OF_FIELD) or condition.test not in s.TESTS or condition.mode not in MODES:
        yield Fault("condition_test", "choice")
        return
    if condition.of == s.OF_RECORD and condition.tag != "LDR" and not _ANY_TAG.fullmatch(condition.tag):
        yield Fault("condition_tag", "tag")
    if condition.of == s.OF_FIELD and ("tag" not in SHAPES[step.kind] or step.kind == s.ADD_FIELD):
        yield Fault("condition_of", "no_field")
    if condition.code and not _CODE.fullmatch(condition.code):
        yield Fault("condition_code", "code")
    if condition.test in s.WITH_TEXT:
        if not condition.text:
            yield Fault("condition_text", "empty")
        yield from _pattern("condition_text", condition.text, condition.pattern.wild)
