"""One step of a batch edit as a value: what it does, where, and on what condition; and its form in JSON."""

from dataclasses import dataclass, fields
from typing import Any

from lienthu.batchedit.policy.patterns import ANYWHERE, EXACT, Text

# Steps on fields, on fixed positions, on copies.
ADD_FIELD, DELETE_FIELD, COPY_FIELD, MOVE_FIELD = "add_field", "delete_field", "copy_field", "move_field"
DROP_DUPLICATES = "drop_duplicates"
ADD_SUBFIELD, DELETE_SUBFIELD = "add_subfield", "delete_subfield"
COPY_SUBFIELD, MOVE_SUBFIELD = "copy_subfield", "move_subfield"
REPLACE, SET_INDICATOR, SET_FIXED = "replace", "set_indicator", "set_fixed"
SET_COPIES, CALL_PREFIX = "set_copies", "call_prefix"
KINDS = (
    REPLACE, ADD_FIELD, ADD_SUBFIELD, DELETE_FIELD, DELETE_SUBFIELD, MOVE_FIELD, COPY_FIELD, MOVE_SUBFIELD,
    COPY_SUBFIELD, SET_INDICATOR, SET_FIXED, DROP_DUPLICATES, SET_COPIES, CALL_PREFIX,
)  # fmt: skip
ON_COPIES = frozenset((SET_COPIES, CALL_PREFIX))
MOST_STEPS = 50

# Tests of a condition. With ALL_BUT the test itself is turned round.
EXISTS, MISSING, CONTAINS, LACKS = "exists", "missing", "contains", "lacks"
EQUALS, LIKE, UNLIKE = "equals", "like", "unlike"
TESTS = (EXISTS, MISSING, CONTAINS, LACKS, EQUALS, LIKE, UNLIKE)
WITH_TEXT = frozenset((CONTAINS, LACKS, EQUALS, LIKE, UNLIKE))
OF_RECORD, OF_FIELD = "record", "field"

ALL, FIRST, LAST = "all", "first", "last"
# What adding a subfield does where the field has it already.
SKIP, REPEAT, OVERWRITE = "skip", "repeat", "overwrite"
COPY_ATTRIBUTES = ("shelf", "branch", "status", "visibility")


@dataclass(frozen=True, slots=True)
class Condition:
    """What a record (`of` record), or each field that the step is about (`of` field), must say first.

    `tag` may have X for any figure and may be LDR; `code` is empty for the whole field.
    """

    of: str = OF_RECORD
    tag: str = ""
    code: str = ""
    test: str = EXISTS
    text: str = ""
    mode: str = EXACT

    @property
    def pattern(self) -> Text:
        part = "whole" if self.test in (EQUALS, LIKE, UNLIKE) else ANYWHERE
        return Text(self.text, self.mode, part, wild=self.test in (LIKE, UNLIKE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step. Which of the values count depends on `kind`; `policy.shapes` knows."""

    kind: str
    tag: str = ""
    code: str = ""
    which: str = ALL
    find: str = ""
    mode: str = EXACT
    part: str = ANYWHERE
    wild: bool = False
    value: str = ""
    indicators: str = ""
    number: str = ""
    to_tag: str = ""
    to_code: str = ""
    there: str = SKIP
    place: str = ""
    only: str = ""
    only_value: str = ""
    condition: Condition | None = None

    @property
    def pattern(self) -> Text:
        return Text(self.find, self.mode, self.part, self.wild)

    def packed(self) -> dict[str, Any]:
        """For a JSON column: only what is said."""
        given = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("kind", "condition")}
        told: dict[str, Any] = {"kind": self.kind}
        told |= {name: value for name, value in given.items() if value != _DEFAULTS[name]}
        if self.condition:
            told["condition"] = {f.name: getattr(self.condition, f.name) for f in fields(self.condition)}
        return told

    @classmethod
    def unpacked(cls, told: dict[str, Any]) -> "Step":
        """Read back what `packed` wrote."""
        values = dict(told)
        condition = values.pop("condition", None)
        return cls(**values, condition=Condition(**condition) if condition else None)


_DEFAULTS = {f.name: f.default for f in fields(Step)}
