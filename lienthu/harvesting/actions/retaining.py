"""Letting go of the pages of runs that ended long ago.

The records themselves stay: each is in its revision as it came, and the whole import in its file, so taking a harvest
back needs no page. What a page alone held was never taken: records in no known format, counted in the run.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import Sum

from lienthu.audit.actions import writing
from lienthu.harvesting.actions.runs import sole_worker
from lienthu.harvesting.models import Page, Run, RunState
from lienthu.identity.access import Actor
from lienthu.kernel import clock, storage


def remove_old_pages(*, actor: Actor) -> int:
    """Remove the pages of runs that ended more than HARVEST_KEEP_DAYS ago; how many. May be killed and run again.

    A source that is being worked on is left for the next time: a page that comes again has the same file.
    """
    before = clock.now() - timedelta(days=settings.HARVEST_KEEP_DAYS)
    ended = Run.objects.filter(state__in=[RunState.DONE, RunState.STOPPED], finished_at__lt=before)
    removed = 0
    for run in ended.filter(pages__isnull=False).distinct().select_related("source__library").order_by("pk"):
        with sole_worker(run) as held:
            removed += _remove(actor, run) if held else 0
    return removed


def _remove(actor: Actor, run: Run) -> int:
    pages = run.pages.all()
    keys = set(pages.values_list("file_key", flat=True))
    shared = set(Page.objects.filter(file_key__in=keys).exclude(run=run).values_list("file_key", flat=True))
    for key in keys - shared:
        storage.remove(key)
    with writing(actor) as w:
        size = pages.aggregate(size=Sum("size"))["size"]
        count, _by_model = pages.delete()
        w.audit(
            "harvesting.pages_removed",
            target=("run", run.public_id),
            at=run.source.library.code,
            details={"pages": count, "bytes": size},
        )
    return count
