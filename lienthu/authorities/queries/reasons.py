"""Why a record has a revision that a change of the authority file made."""

from django.db.models import Q
from django.urls import reverse

from lienthu.authorities.models import ChangedRecord
from lienthu.authorities.wording import change_title
from lienthu.catalogue.queries.reasons import RevisionReason


def reasons_of_revisions(record_id: int) -> dict[int, RevisionReason]:
    """For the history of a record (settings.REVISION_REASONS): the changes that reached it."""
    rows = ChangedRecord.objects.filter(Q(after__isnull=False), record_id=record_id).select_related("change")
    return {
        row.after: RevisionReason(change_title(row.change), reverse("authorities:change", args=[row.change.public_id]))
        for row in rows
    }
