"""Taking a list back: new readers are forgotten, changed ones are as before, unless somebody changed them since."""

from collections import Counter

from lienthu.audit.actions import Writing, writing
from lienthu.identity.access import Actor
from lienthu.kernel import clock, ids
from lienthu.patrons.actions.erasing import open_matters, wipe
from lienthu.patrons.actions.rolls.life import move, sole_runner
from lienthu.patrons.actions.rolls.writing_rows import CHUNK, apply
from lienthu.patrons.models import Card, Patron, PatronState, Roll, RollRow


def revert_roll(*, actor: Actor, roll: Roll) -> None:
    """Take back what a list in state REVERTING wrote. May run twice."""
    with sole_runner(roll):
        roll.refresh_from_db()
        if roll.status != "REVERTING":
            return
        counts: Counter[str] = Counter()
        todo = RollRow.objects.filter(roll=roll, written=True)
        while rows := list(todo.order_by("-number")[:CHUNK]):
            with writing(actor) as w:
                for row in rows:
                    kept = _take_back(w, row)
                    counts["kept" if kept else "returned"] += row.outcome != "SAME"
                Roll.objects.filter(pk=roll.pk).update(done=RollRow.objects.filter(roll=roll, written=False).count())
                w.audit(
                    "patrons.roll_rows_written",
                    target=("roll", ids.encode(roll.pk)),
                    at=roll.library.code,
                    details={"reverted": [rows[-1].number, rows[0].number]},
                )
        with writing(actor) as w:
            kept_rows = RollRow.objects.filter(roll=roll, reason="KEPT").count()
            move(roll, "REVERTED", counts={**roll.counts, "KEPT": kept_rows}, finished_at=clock.now())
            w.audit(
                "patrons.roll_reverted",
                target=("roll", ids.encode(roll.pk)),
                at=roll.library.code,
                details={"kept": kept_rows},
            )


def _take_back(w: Writing, row: RollRow) -> bool:
    """True where the reader stays as they are, because they were changed or have lent something since."""
    kept = False
    if row.outcome != "SAME" and row.patron_id is not None:
        patron = Patron.objects.select_for_update().get(pk=row.patron_id)
        kept = patron.revision != row.revision or patron.state in (PatronState.MERGED, PatronState.ERASED)
        if row.outcome == "NEW" and not kept:
            kept = bool(open_matters(patron)) or Card.objects.filter(patron=patron).count() > 1
            if not kept:
                wipe(w, patron)
                # nobody ever used this card: the number, perhaps printed already, is free for the corrected list
                Card.objects.filter(patron=patron).delete()
        elif not kept and row.before:
            apply(patron, row.before)
    RollRow.objects.filter(pk=row.pk).update(written=False, before=None, reason="KEPT" if kept else row.reason)
    return kept
