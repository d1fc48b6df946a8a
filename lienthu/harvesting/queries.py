"""What may be read of harvesting: how fresh each source is, its runs and figures."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from lienthu.harvesting.models import Entry, Run, Source
from lienthu.harvesting.policy import UNFINISHED, lag_hours
from lienthu.kernel import clock
from lienthu.libraries.queries import Figure, Library


@dataclass(frozen=True, slots=True)
class Standing:
    """A source with what a list shows: hours behind schedule (None: never came), last run, live records."""

    source: Source
    lag: float | None
    last: Run | None
    active: Run | None
    records: int


def standings(sources: QuerySet[Source]) -> list[Standing]:
    """The standing of every source, by name; four queries however many there are."""
    found = list(sources.order_by("name"))
    ids = [source.pk for source in found]
    newest = Run.objects.filter(source__in=ids).order_by("source_id", "-pk").distinct("source_id")
    last = {run.source_id: run for run in newest}
    unfinished = Run.objects.filter(source__in=ids, state__in=UNFINISHED).order_by("-pk")
    active = {run.source_id: run for run in unfinished}
    records = live_records(ids)
    now = clock.now()
    return [
        Standing(
            source=source,
            lag=lag_hours(synced=source.succeeded_at, now=now, every_hours=source.every_hours),
            last=last.get(source.pk),
            active=active.get(source.pk),
            records=records.get(source.pk, 0),
        )
        for source in found
    ]


def live_records(source_ids: list[int]) -> dict[int, int]:
    """Source -> records that it has, as last heard."""
    rows = Entry.objects.filter(source__in=source_ids).values("source_id")
    counted = rows.annotate(n=Count("pk", filter=Q(deleted=False)))
    return {row["source_id"]: row["n"] for row in counted}


def runs_of(source: Source) -> QuerySet[Run]:
    """All runs, newest first."""
    return source.runs.select_related("batch").order_by("-pk")


def active_run(source: Source) -> Run | None:
    """The run that is under way or waits for its turn."""
    return source.runs.filter(state__in=UNFINISHED).order_by("pk").first()


def was_reverted(source: Source) -> bool:
    """Whether the import of its newest harvest that made one was taken back."""
    newest = source.runs.filter(kind="HARVEST", batch__isnull=False).order_by("-pk")
    return newest.values_list("batch__status", flat=True).first() == "REVERTED"


def last_withdrawal(source: Source) -> Run | None:
    """The run that took the whole source out, while it is out."""
    return source.runs.filter(kind="WITHDRAW", state="DONE").order_by("-pk").first() if source.withdrawn else None


def figures_of_library(library: Library) -> list[Figure]:
    """For the page of a library (settings.LIBRARY_FIGURES): when its harvested records were last brought up to date."""
    newest = (
        Source.objects.filter(library=library, withdrawn=False, succeeded_at__isnull=False)
        .order_by("succeeded_at")
        .values_list("succeeded_at", flat=True)
        .first()
    )
    if newest is None:
        return []
    day = newest.astimezone(clock.VIETNAM)
    return [Figure(_("Mục lục cập nhật từ nguồn"), f"{day:%d/%m/%Y}", "")]
