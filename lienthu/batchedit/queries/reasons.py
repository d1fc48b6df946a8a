"""Why a record has a revision that a batch edit made."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthu.batchedit.models import EditedRecord
from lienthu.catalogue.queries.reasons import RevisionReason


def reasons_of_revisions(record_id: int) -> dict[int, RevisionReason]:
    """For the history of a record (settings.REVISION_REASONS): the batch edits that reached it."""
    rows = EditedRecord.objects.filter(Q(after__isnull=False), record_id=record_id).select_related("edit")
    return {
        row.after: RevisionReason(
            _("Sửa hàng loạt: %(title)s") % {"title": row.edit.title},
            reverse("batchedit:edit", args=[row.edit.public_id]),
        )
        for row in rows
        if row.after
    }
