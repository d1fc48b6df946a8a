"""Deletions: what a source no longer has leaves the catalogue; a whole source can be withdrawn and brought back."""

import time

from django.db.models import QuerySet

from lienthu.audit.actions import writing
from lienthu.catalogue.actions.feeds import restore_numbers, withdraw_numbers
from lienthu.harvesting.actions.runs import change, counted, finish, worker_of
from lienthu.harvesting.models import Entry, Run, RunKind, Source

CHUNK = 500


def withdraw_gone(run: Run) -> None:
    """Withdraw the records that the source has said are deleted, and after a whole full run those it did not name.

    A list that came short of what the source had promised proves nothing about what is missing.
    """
    entries = Entry.objects.filter(source=run.source, withdrawn_by=None).exclude(control_number="")
    _withdraw(run, entries.filter(run=run, deleted=True), missing=False)
    if run.full and run.collected and not run.problem and not fell_short(run):
        _withdraw(run, entries.exclude(run=run).filter(deleted=False), missing=True)


def fell_short(run: Run) -> bool:
    """Whether fewer records came than the source said it has."""
    return any(code == "fewer_than_said" for code, _ in run.notes)


def _withdraw(run: Run, entries: QuerySet[Entry], *, missing: bool) -> None:
    after = 0
    while rows := list(entries.filter(pk__gt=after).order_by("pk").values_list("pk", "control_number")[:CHUNK]):
        after = rows[-1][0]
        _withdraw_chunk(run, dict(rows), missing=missing)


def _withdraw_chunk(run: Run, rows: dict[int, str], *, missing: bool) -> int:
    """Withdraw the records behind these entries and note by which run; return how many left the catalogue."""
    with writing(worker_of(run)) as w:
        taken = withdraw_numbers(
            actor=worker_of(run), library=run.source.library, numbers=list(rows.values()), reason=run.source.name
        )
        gone = set(taken.withdrawn)
        ids = [pk for pk, number in rows.items() if number in gone]
        Entry.objects.filter(pk__in=ids).update(withdrawn_by=run)
        if missing:
            kept = set(taken.on_loan)
            Entry.objects.filter(pk__in=[pk for pk, number in rows.items() if number not in kept]).update(deleted=True)
        change(
            run,
            counts=counted(run, withdrawn=len(ids), missing=len(ids) if missing else 0, on_loan=len(taken.on_loan)),
        )
        if not ids:
            w.nothing_changed()
            return 0
        w.audit(
            "harvesting.records_withdrawn",
            target=("harvest", run.public_id),
            at=run.source.library.code,
            details={"source": run.source.name, "records": len(ids)},
        )
    return len(ids)


def work_on_whole(run: Run, *, seconds: float) -> None:
    """Go on with withdrawing a source, or with bringing back what a run has withdrawn, for about `seconds`."""
    deadline = time.monotonic() + seconds
    step = _withdraw_next if run.kind == RunKind.WITHDRAW else _restore_next
    while step(run):
        if time.monotonic() >= deadline:
            return
    withdrawn = run.kind == RunKind.WITHDRAW
    if withdrawn or (run.undoes and run.undoes.kind == RunKind.WITHDRAW):
        Source.objects.filter(pk=run.source_id).update(withdrawn=withdrawn)
    finish(run, state="DONE")


def left_to_do(run: Run) -> QuerySet[Entry]:
    """The entries that a run of either kind still has before it."""
    entries = Entry.objects.filter(source=run.source).exclude(control_number="")
    if run.kind == RunKind.WITHDRAW:
        return entries.filter(withdrawn_by=None, deleted=False, pk__gt=run.counts.get("after", 0))
    return entries.filter(withdrawn_by=run.undoes, pk__gt=run.counts.get("after", 0))


def _withdraw_next(run: Run) -> bool:
    rows = dict(left_to_do(run).order_by("pk").values_list("pk", "control_number")[:CHUNK])
    if not rows:
        return False
    _withdraw_chunk(run, rows, missing=False)
    change(run, counts=run.counts | {"after": max(rows)})
    return True


def _restore_next(run: Run) -> bool:
    rows = dict(left_to_do(run).order_by("pk").values_list("pk", "control_number")[:CHUNK])
    if not rows:
        return False
    with writing(worker_of(run)) as w:
        numbers = set(
            restore_numbers(
                actor=worker_of(run), library=run.source.library, numbers=list(rows.values()), reason=run.source.name
            )
        )
        Entry.objects.filter(pk__in=list(rows)).update(withdrawn_by=None)
        change(run, counts=counted(run, restored=len(numbers)) | {"after": max(rows)})
        w.audit(
            "harvesting.records_restored",
            target=("harvest", run.public_id),
            at=run.source.library.code,
            details={"source": run.source.name, "records": len(numbers)},
        )
    return True
