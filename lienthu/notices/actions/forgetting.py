"""Words and readers go after some days; counts stay."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from lienthu.kernel import clock
from lienthu.notices.models import Delivery, Notice, Reason, State

AT_ONCE = 2_000


def purge() -> int:
    """Forget what is older than LIENTHU_NOTICES_KEEP_DAYS; how many notices, at most AT_ONCE."""
    before = clock.now() - timedelta(days=settings.NOTICES_KEEP_DAYS)
    old = Notice.objects.filter(purged_at=None, made_at__lt=before).order_by("made_at")
    return forget_notices(Notice.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:AT_ONCE])))


def forget_notices(notices: QuerySet[Notice]) -> int:
    """Remove words, values and readers; what was still to be sent is not."""
    now = clock.now()
    with transaction.atomic():
        Delivery.objects.filter(notice__in=notices, state=State.WAITING).update(
            state=State.SKIPPED, reason=Reason.TOO_OLD, ended_at=now
        )
        return notices.update(
            purged_at=now, routed_at=now, patron=None, params={}, about="", subject="", body="", short=""
        )
