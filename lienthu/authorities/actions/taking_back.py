"""Taking back a file of authority records: what it made goes, what it changed is as before.

An authority that somebody changed, or led others to, after the file is left as it is and listed.
"""

from django.db.models import Count, F, Min, Q, QuerySet

from lienthu.audit.actions import Writing, writing
from lienthu.authorities.access import require_edit
from lienthu.authorities.actions.errors import NotPossible
from lienthu.authorities.actions.restoring import restore_words
from lienthu.authorities.actions.state import heading_ids, keep_revision, tell
from lienthu.authorities.models import Authority, Relation, Revision, Status, Upload, UploadLeft, UploadState
from lienthu.identity.access import Actor
from lienthu.kernel import clock

CHUNK = 200


def request_taking_back(*, actor: Actor, upload: Upload) -> None:
    """Let a file that was taken in be taken back by a job. Raises Refused, NotPossible when it is not in."""
    require_edit(actor)
    with writing(actor) as w:
        moved = Upload.objects.filter(pk=upload.pk, state=UploadState.DONE).update(
            state=UploadState.RETURNING, position=0
        )
        if not moved:
            raise NotPossible("not_done")
        gone, _ = Relation.objects.filter(upload=upload).delete()
        w.audit(
            "authorities.file_return_requested",
            target=("authority_file", upload.public_id),
            details={"file": upload.file_name, "relations": gone},
        )
        w.publish("authorities.upload_requested", upload_id=upload.pk)


def take_back(actor: Actor, upload: Upload) -> None:
    """Bring back all authorities that the file touched, two hundred a transaction; goes on where it was killed."""
    while chunk := list(_touched(upload).filter(authority__gt=upload.position)[:CHUNK]):
        with writing(actor) as w:
            counts = dict(upload.counts)
            touched: set[int] = set()
            for one in chunk:
                outcome = _take_back_one(
                    w, upload, one["authority"], first=one["first"], own=one["own"], touched=touched
                )
                counts[outcome] = counts.get(outcome, 0) + 1
            upload.position, upload.counts = chunk[-1]["authority"], counts
            upload.save(update_fields=["position", "counts"])
            w.audit(
                "authorities.file_returned", target=("authority_file", upload.public_id), details={"tried": len(chunk)}
            )
            tell(w, touched)
    with writing(actor) as w:
        Upload.objects.filter(pk=upload.pk, state=UploadState.RETURNING).update(
            state=UploadState.RETURNED, position=F("file_size"), finished_at=clock.now()
        )
        w.audit(
            "authorities.file_return_finished", target=("authority_file", upload.public_id), details=dict(upload.counts)
        )


def _touched(upload: Upload) -> QuerySet[Revision, dict[str, int]]:
    """Authority, the number of its first revision from the file, and how many it has from there, by authority."""
    found = Revision.objects.filter(upload=upload).values("authority")
    return found.annotate(first=Min("number"), own=Count("number")).order_by("authority")


def _take_back_one(w: Writing, upload: Upload, pk: int, *, first: int, own: int, touched: set[int]) -> str:
    authority = Authority.objects.select_for_update(of=("self",)).get(pk=pk)
    if authority.version != first + own - 1:
        return _left(upload, authority, "edited_since")
    if first == 1 and Relation.objects.filter(Q(authority=authority) | Q(other=authority)).exists():
        return _left(upload, authority, "related_since")
    touched |= heading_ids([authority])
    made = Revision.objects.get(authority=authority, number=first)
    if first == 1:
        authority.forms.all().delete()
        authority.status, authority.number = Status.DELETED, ""
    else:
        restore_words(authority, Revision.objects.get(authority=authority, number=first - 1).state)
        before = made.replaced or {}
        authority.agency, authority.number = before.get("agency", ""), before.get("number", "")
        authority.marc = before.get("marc")
        authority.digest = bytes.fromhex(before["digest"]) if before.get("digest") else None
    keep_revision(w, authority, "REVERTED")
    touched |= heading_ids([authority])
    return "removed" if first == 1 else "restored"


def _left(upload: Upload, authority: Authority, code: str) -> str:
    UploadLeft.objects.create(upload=upload, number=0, offset=0, code=code, text=authority.text)
    return "left"
