"""The table of what holds at a place on a day, part by part, as pages and files show it."""

from collections.abc import Sequence
from dataclasses import dataclass

from lienthu.loanrules.policy.resolving import ANY, Row, Value, resolve
from lienthu.loanrules.policy.values import ATTRIBUTES, Group, Plain
from lienthu.loanrules.queries.categories import category_path
from lienthu.loanrules.queries.codes import category_names, item_type_names
from lienthu.loanrules.wording import GROUPS, LABELS, pair_name, value_text


@dataclass(frozen=True)
class Cell:
    """One value: said by a row just for this line (`own`), or fallen through; `origin` names another place."""

    label: str
    text: str
    own: bool
    origin: str
    locked: bool


@dataclass(frozen=True)
class Line:
    """For whom and for what, with the cells of one part."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Part:
    """One part of the table."""

    name: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]


Pair = tuple[str, str]


def pairs_in(levels: Sequence[Sequence[Row]]) -> list[Pair]:
    """The lines of a table: every pair that some row names, the widest first, else in the order of the codes."""
    named = {(row.ref.category, row.ref.item_type) for rows in levels for row in rows} | {(ANY, ANY)}
    categories, types = [ANY, *category_names()], [ANY, *item_type_names()]

    def place(code: str, codes: list[str]) -> tuple[int, str]:
        return (codes.index(code) if code in codes else len(codes), code)

    return sorted(named, key=lambda pair: (place(pair[0], categories), place(pair[1], types)))


def parts_of(levels: Sequence[Sequence[Row]], *, here: str) -> list[Part]:
    """The table of the place `here` (its code), part by part."""
    answers = {
        pair: resolve(levels, category_path=category_path(pair[0]), item_type=pair[1]) for pair in pairs_in(levels)
    }
    parts = []
    for group in Group:
        names = [name for name, attribute in ATTRIBUTES.items() if attribute.group == group]
        lines = [
            Line(pair_name(*pair), tuple(_cell(name, values[name], pair, here) for name in names))
            for pair, values in answers.items()
            if pair == (ANY, ANY) or any(_said_for(values[name], pair) for name in names)
        ]
        parts.append(Part(str(GROUPS[group]), tuple(str(LABELS[name]) for name in names), tuple(lines)))
    return parts


def _cell(name: str, value: Value[Plain], pair: Pair, here: str) -> Cell:
    rule = value.rule
    origin = rule.place_name if rule is not None and rule.place != here else ""
    return Cell(
        str(LABELS[name]), value_text(name, value.value), _said_for(value, pair), origin, value.locked_by is not None
    )


def _said_for(value: Value[Plain], pair: Pair) -> bool:
    return value.rule is not None and (value.rule.category, value.rule.item_type) == pair


def sources_in(levels: Sequence[Sequence[Row]]) -> list[tuple[str, str]]:
    """Why rows say what they say: the name of the row with its place, and its note."""
    refs = [row.ref for rows in levels for row in rows if row.ref.note]
    return [(f"{ref.place_name}, {pair_name(ref.category, ref.item_type)}", ref.note) for ref in refs]
