"""From sheets and checks to the values that the templates of the desk show."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lienthu.cataloguing.queries.suggestions import suggested_class_numbers, suggested_marks
from lienthu.cataloguing.queries.working import held_by
from lienthu.cataloguing.rules import linked, tables
from lienthu.cataloguing.rules.checking import Finding, Severity, check, demands
from lienthu.cataloguing.rules.codec import fixed_value, shown_value
from lienthu.cataloguing.rules.plain import read_plain
from lienthu.cataloguing.rules.sheets import FIXED, SYSTEM, Sheet
from lienthu.cataloguing.views.work import Work
from lienthu.cataloguing.wording import demanded, said, words
from lienthu.cataloguing.wording_suggestions import suggestion_sentence


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a place in a fixed field."""

    value: str
    label: str
    selected: bool


@dataclass(frozen=True, slots=True)
class Box:
    """One place of a fixed field: a choice, or a text of so many characters."""

    start: int
    length: int
    label: str
    value: str
    choices: list[Choice]


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row of the editor with what is to be said about it."""

    place: int
    tag: str
    indicators: str
    text: str
    name: str
    control: bool
    system: bool
    boxes: list[Box]
    pair: str
    said: list[str] = field(default_factory=list)
    faulty: bool = False


def boxes_of(tag: str, text: str, leader: str) -> list[Box]:
    """The places of a fixed field with their choices; a value that the table does not know stays choosable."""
    value = fixed_value(text)
    boxes = []
    for position in tables.positions(tag, value, fixed_value(leader)):
        stated = value[position.start : position.start + position.length].ljust(position.length)
        choices = [Choice(shown_value(v), words(label), v == stated) for v, label in position.values.items()]
        if choices and not any(choice.selected for choice in choices):
            choices.insert(0, Choice(shown_value(stated), shown_value(stated), True))
        boxes.append(Box(position.start, position.length, words(position.name), shown_value(stated), choices))
    return boxes


def shown_rows(sheet: Sheet, findings: Sequence[Finding]) -> list[ShownRow]:
    """The rows of the editor in their order."""
    by_row: dict[int, list[Finding]] = {}
    for finding in findings:
        if finding.row is not None:
            by_row.setdefault(finding.row, []).append(finding)
    shown = []
    for place, row in enumerate(sheet.rows):
        rule = tables.fields().get(row.tag)
        own = by_row.get(place, [])
        pair = linked.pair_of(row)
        shown.append(
            ShownRow(
                place=place,
                tag=row.tag,
                indicators=row.indicators,
                text=row.text,
                name=words(rule.name) if rule else "",
                control=row.is_control,
                system=row.tag in SYSTEM,
                boxes=boxes_of(row.tag, row.text, sheet.leader) if row.tag in FIXED else [],
                pair="-".join(pair) if pair else "",
                said=[one.text for one in said(own)],
                faulty=any(finding.severity is Severity.ERROR for finding in own),
            )
        )
    return shown


def blank_row() -> ShownRow:
    """An empty row for the script to copy."""
    return ShownRow(0, "", "##", "", "", False, False, [], "")


def side_of(work: Work, findings: Sequence[Finding]) -> dict[str, object]:
    """The column beside the editor: what is wrong, and the required minimum."""
    spoken = said(findings)
    tags = {place: row.tag for place, row in enumerate(work.sheet.rows)}
    lines = [
        {"text": one.text, "row": one.row, "tag": tags.get(one.row or 0, ""), "kind": one.severity} for one in spoken
    ]
    held = held_by(work.record)
    wanted = demanded(demands(work.sheet, held))
    return {
        "errors": [line for line in lines if line["kind"] == "error"],
        "warnings": [line for line in lines if line["kind"] == "warning"],
        "demands": wanted,
        "met": sum(1 for line in wanted if line["met"]),
    }


def checked(work: Work) -> tuple[list[Finding], dict[str, object]]:
    """The findings and the side column of a sheet."""
    findings = check(work.sheet)
    return findings, side_of(work, findings)


def suggested(sheet: Sheet) -> dict[str, object]:
    """Class numbers and author marks that fit, in words."""
    plain = read_plain(sheet)
    name = plain.author or plain.body
    marks = suggested_marks(name=name, title=plain.title) if plain.title or name else ()
    subjects = [*plain.subjects, *plain.keywords]
    classes = suggested_class_numbers(subjects=subjects, title=plain.title) if plain.title or subjects else ()
    return {
        "marks": [(one.value, suggestion_sentence(one)) for one in marks],
        "classes": [(one.value, suggestion_sentence(one)) for one in classes],
        "has_class": bool(plain.class_number),
        "has_mark": bool(plain.author_mark),
    }
