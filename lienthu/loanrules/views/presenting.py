"""Rows, changes and findings made ready for templates."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from lienthu.loanrules.models import Edition
from lienthu.loanrules.policy.comparing import RowChange
from lienthu.loanrules.policy.lint import Finding
from lienthu.loanrules.policy.resolving import Row
from lienthu.loanrules.policy.values import ATTRIBUTES, Plain
from lienthu.loanrules.queries.places import chain_of_scope
from lienthu.loanrules.queries.tables import rows_of
from lienthu.loanrules.wording import LABELS, names_text, pair_name, value_text
from lienthu.loanrules.wording_findings import SEVERITIES, finding_text

Told = tuple[tuple[str, Promise], str]


@dataclass(frozen=True)
class Card:
    """One row: its name, what it says as (label, value, locked), why, and what is wrong with it."""

    row_id: int
    name: str
    values: tuple[tuple[str, str, bool], ...]
    note: str
    findings: tuple[Told, ...]


def cards_of(edition: Edition, findings: Iterable[Finding] = ()) -> list[Card]:
    """The rows of an edition."""
    told: dict[int, list[Told]] = {}
    for one in findings:
        told.setdefault(one.row.row_id, []).append((SEVERITIES[one.severity], finding_text(one)))
    rows = rows_of(edition, place=chain_of_scope(edition.scope)[-1])
    return [_card(row, tuple(told.get(row.ref.row_id, ()))) for row in rows]


def _card(row: Row, findings: tuple[Told, ...]) -> Card:
    values = tuple(
        (str(LABELS[name]), value_text(name, row.values[name]), name in row.locks)
        for name in ATTRIBUTES
        if name in row.values
    )
    return Card(row.ref.row_id, pair_name(row.ref.category, row.ref.item_type), values, row.ref.note, findings)


@dataclass(frozen=True)
class Difference:
    """One changed row in words: (label, before, after) and further remarks."""

    name: str
    kind: str
    values: tuple[tuple[str, str, str], ...]
    remarks: tuple[str, ...]


def differences(changes: Iterable[RowChange]) -> list[Difference]:
    """What an edition changes, ready to be shown."""
    return [_difference(change) for change in changes]


def _difference(change: RowChange) -> Difference:
    kinds = {"ADDED": _("Dòng mới"), "DROPPED": _("Dòng bị bỏ"), "CHANGED": _("Dòng thay đổi")}
    values = tuple(
        (
            str(LABELS[name]),
            _said(name, was, change.kind == "ADDED"),
            _said(name, becomes, change.kind == "DROPPED"),
        )
        for name, was, becomes in change.values
    )
    remarks = []
    if change.locked:
        remarks.append(_("Khóa: %(names)s.") % {"names": names_text(change.locked)})
    if change.unlocked:
        remarks.append(_("Bỏ khóa: %(names)s.") % {"names": names_text(change.unlocked)})
    if change.note is not None and change.note[1]:
        remarks.append(_("Căn cứ: %(note)s.") % {"note": change.note[1].rstrip(".")})
    return Difference(pair_name(change.category, change.item_type), kinds[change.kind], values, tuple(remarks))


def _said(name: str, value: Plain, absent: bool) -> str:
    if absent or (value is None and name != "fixed_due"):
        return _("không nêu")
    return value_text(name, value)
