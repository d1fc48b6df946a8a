"""What a settled charge no longer needs to know: which book it was about (Law 91/2025/QH15, purpose)."""

from datetime import datetime, timedelta

from django.db.models import F, Sum

from lienthu.audit.actions import writing
from lienthu.fees.models import Because, Line
from lienthu.identity.access import system_actor
from lienthu.kernel import clock

KEEP_DAYS = 180
MOST = 500
_OF_BOOK = ("loan", "title", "number")


def forget_books(*, at: datetime | None = None) -> int:
    """Forget the books of charges that have been settled for KEEP_DAYS; how many. For the periodic job."""
    moment = at or clock.now()
    before = moment - timedelta(days=KEEP_DAYS)
    open_ones = Line.objects.filter(account="OWED").values("charge").annotate(sum=Sum("amount")).filter(sum__gt=0)
    recent = Line.objects.filter(account="OWED", entry__at__gt=before).values("charge")
    with writing(system_actor("fees")) as w:
        settled = (
            Because.objects.filter(forgotten_at=None, charge__entry__at__lte=before)
            .exclude(charge__in=open_ones.values("charge"))
            .exclude(charge__in=recent)
            .annotate(code=F("charge__library__code"))[:MOST]
        )
        found = list(settled)
        for one in found:
            one.facts = {name: value for name, value in one.facts.items() if name not in _OF_BOOK}
            one.forgotten_at = moment
        Because.objects.bulk_update(found, ["facts", "forgotten_at"])
        if found:
            w.audit("fees.books_forgotten", target=("charge", "*"), details={"charges": len(found)})
        else:
            w.nothing_changed()
    return len(found)
