"""Lists hold what they need for a while: those that nobody decided about, and rows that were refused, are emptied."""

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor
from lienthu.kernel import clock, ids, storage
from lienthu.patrons.models import Roll, RollRow

DAYS_KEPT = 30


def forget_rolls(*, actor: Actor) -> int:
    """Empty the rows, and remove the files, of lists older than DAYS_KEPT days; how many lists."""
    old = Roll.objects.filter(created_at__lt=clock.now() - timedelta(days=DAYS_KEPT)).filter(
        ~Q(file_key="") | Q(pk__in=RollRow.objects.exclude(data={}).values("roll_id"))
    )
    still = ("CHECKING", "RUNNING", "REVERTING")
    forgotten = 0
    for roll in old.exclude(status__in=still).select_related("library"):
        with writing(actor) as w:
            # a list that was only tried is of no use without its rows
            if roll.status == "CHECKED":
                RollRow.objects.filter(roll=roll).delete()
                Roll.objects.filter(pk=roll.pk).update(status="REVERTED", counts={})
            RollRow.objects.filter(roll=roll).update(data={})
            Roll.objects.filter(pk=roll.pk).update(file_key="")
            if roll.file_key and not Roll.objects.filter(file_key=roll.file_key).exists():
                transaction.on_commit(partial(storage.remove, roll.file_key))
            w.audit("patrons.roll_forgotten", target=("roll", ids.encode(roll.pk)), at=roll.library.code)
        forgotten += 1
    return forgotten
