"""Taking an authority out of use."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lienthu.audit.actions import writing
from lienthu.authorities.access import require_edit
from lienthu.authorities.actions.errors import NotPossible
from lienthu.authorities.actions.state import heading_ids, keep_revision, locked, replace_relations, require_still
from lienthu.authorities.models import Authority, Status
from lienthu.authorities.queries.families import clusters_of
from lienthu.identity.access import Actor


def delete_authority(*, actor: Actor, authority_id: int, expected: int | None) -> Authority:
    """Take an authority that no record uses out of use; its history stays.

    Raises Refused, ChangedMeanwhile, NotPossible.
    """
    require_edit(actor)
    with writing(actor) as w:
        authority = locked(authority_id, expected=expected)
        require_still(authority)
        used = len(clusters_of(heading_ids([authority])))
        if used:
            raise NotPossible(
                ngettext(
                    "Không xóa được: %(count)d biểu ghi đang dùng đề mục này. Hãy gộp nó vào đề mục khác.",
                    "Không xóa được: %(count)d biểu ghi đang dùng đề mục này. Hãy gộp nó vào đề mục khác.",
                    used,
                )
                % {"count": used}
            )
        if authority.relations.exists() or authority.inverse_relations.exists():
            raise NotPossible(_("Không xóa được: đề mục khác còn dẫn đến đề mục này. Hãy bỏ các quan hệ trước."))
        authority.forms.all().delete()
        replace_relations([authority.pk], [])
        authority.status = Status.DELETED
        # A number that a file gave may come again.
        authority.number = ""
        keep_revision(w, authority, "DELETED")
        w.audit("authorities.deleted", target=("authority", authority.public_id), details={"text": authority.text})
    return authority
