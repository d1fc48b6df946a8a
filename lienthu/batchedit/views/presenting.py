"""From an edit and its records to what the page shows: figures, progress, each record before and after."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from lienthu.batchedit.actions.judging import judge_for
from lienthu.batchedit.models import UNDER_WAY, BatchEdit, EditState, Outcome
from lienthu.batchedit.policy.differing import Pair, side_by_side
from lienthu.batchedit.queries.contents import contents_of
from lienthu.batchedit.queries.outcomes import RecordRow
from lienthu.batchedit.wording import ATTRIBUTES, OUTCOME_BADGES, copy_value, why_sentence
from lienthu.catalogue.marc import Record
from lienthu.catalogue.queries import record_of
from lienthu.catalogue.queries.desk import Revision
from lienthu.cataloguing.rules.sheets import sheet_of
from lienthu.kernel import clock
from lienthu.web.components import Figure, Link, Progress, Step

_NOT_YET = frozenset((Outcome.PLANNED, Outcome.REFUSED, Outcome.SELECTED))


@dataclass(frozen=True, slots=True)
class Card:
    """One record of an edit: what became of it and why, the lines and copies that differ."""

    row: RecordRow
    badge: tuple[str, str]
    reasons: tuple[str, ...]
    pairs: tuple[Pair, ...]
    copies: tuple[tuple[str, str, str, str], ...]

    @property
    def history(self) -> str:
        return reverse("catalogue:history", args=[self.row.record_id])


def cards_of(edit: BatchEdit, rows: Sequence[RecordRow], branches: dict[str, str]) -> list[Card]:
    """The records with their differences: as they would be, or as they were made."""
    states = _planned(edit, rows) | _made(rows)
    return [
        Card(
            row=row,
            badge=(OUTCOME_BADGES[row.outcome], str(Outcome(row.outcome).label)),
            reasons=tuple(why_sentence(one) for one in row.why),
            pairs=tuple(_pairs(*states[row.record_id])) if row.record_id in states else (),
            copies=tuple(
                (number, str(ATTRIBUTES[name]), *(copy_value(name, value, branches) for value in pair))
                for _item, number, changes in row.copies
                for name, pair in changes.items()
            ),
        )
        for row in rows
    ]


def _planned(edit: BatchEdit, rows: Sequence[RecordRow]) -> dict[int, tuple[Record, Record]]:
    wanted = [(row.record_id, row.seen or 1) for row in rows if row.outcome in _NOT_YET]
    if not wanted:
        return {}
    judge = judge_for(edit)
    found = {}
    for record_id, content in contents_of(edit.library_id, wanted, {}).items():
        judged = judge(content)
        if judged.marc is not None:
            found[record_id] = (content.marc, judged.marc)
    return found


def _made(rows: Sequence[RecordRow]) -> dict[int, tuple[Record, Record]]:
    wanted = {row.record_id: (row.before, row.after) for row in rows if row.before and row.after}
    numbers = {number for pair in wanted.values() for number in pair}
    states = {
        (one.record_id, one.number): record_of(one)
        for one in Revision.objects.filter(record_id__in=wanted, number__in=numbers)
    }
    return {
        record_id: (states[record_id, before], states[record_id, after])
        for record_id, (before, after) in wanted.items()
        if before and after
    }


def _pairs(before: Record, after: Record) -> list[Pair]:
    return side_by_side(lines_of(before), lines_of(after))


def lines_of(record: Record) -> list[str]:
    """A record as the lines of the editor, without the time stamp that every save changes."""
    sheet = sheet_of(record)
    rows = [f"{row.tag} {row.indicators or '  '} {row.text}" for row in sheet.rows if row.tag != "005"]
    # Lengths and addresses of the leader belong to the bytes.
    return [f"LDR {sheet.leader[5:10]} {sheet.leader[17:20]}", *rows]


def differences_in_words(pairs: Sequence[Pair]) -> str:
    """For a cell of a table."""
    lines = []
    for pair in pairs:
        lines += [f"- {_joined(pair.before)}"] if pair.before else []
        lines += [f"+ {_joined(pair.after)}"] if pair.after else []
    return "\n".join(lines)


def _joined(segments: Sequence[tuple[str, bool]]) -> str:
    return "".join(text for text, _differs in segments)


def figures_of(edit: BatchEdit, counts: dict[str, int]) -> list[Figure]:
    """How many records of each outcome; each figure leads to them."""
    base = reverse("batchedit:edit", args=[edit.public_id])
    figures = [Figure(_("Biểu ghi đã chọn"), sum(counts.values()), url=f"{base}#bieu-ghi")]
    figures += [
        Figure(str(label), counts[value], url=f"{base}?outcome={value}#bieu-ghi")
        for value, label in Outcome.choices
        if counts.get(value)
    ]
    return figures


def progress_of(edit: BatchEdit) -> Progress:
    """How far an edit is."""
    running = edit.state in UNDER_WAY
    elapsed = (clock.now() - edit.phase_at).total_seconds() if edit.phase_at and running else 0
    rate = edit.done / elapsed if elapsed > 1 and edit.done else None
    return Progress(
        label=str(edit.get_state_display()),
        done=edit.done,
        total=edit.total,
        unit=_("biểu ghi"),
        rate=rate,
        left=(edit.total - edit.done) / rate if rate and edit.total else None,
        state="running" if running else "done",
        url=reverse("batchedit:progress", args=[edit.public_id]),
        next=None if running else Link(_("Xem kết quả"), reverse("batchedit:edit", args=[edit.public_id])),
    )


def way_of(edit: BatchEdit) -> list[Step]:
    """Where an edit is on its way."""
    place = {
        EditState.DRAFT: 1,
        EditState.PREVIEWING: 2,
        EditState.PREVIEWED: 3,
        EditState.RUNNING: 3,
        EditState.STOPPED: 3,
    }.get(EditState(edit.state), 4)
    labels = [_("Chọn biểu ghi"), _("Nêu các bước"), _("Xem trước"), _("Sửa biểu ghi")]
    return [
        Step(label, "done" if number < place else "current" if number == place else "todo")
        for number, label in enumerate(labels)
    ]
