"""Two authorities become one, one becomes two, and records that use a variant take the preferred form."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from lienthu.audit.actions import writing
from lienthu.authorities.access import require_edit
from lienthu.authorities.actions.creating import insert
from lienthu.authorities.actions.errors import NotPossible
from lienthu.authorities.actions.starting import start_change
from lienthu.authorities.actions.state import (
    AuthorityData,
    form_of,
    heading_ids,
    keep_revision,
    locked,
    noted,
    preferred_of,
    replace_relations,
    require_still,
    state_of,
    tell,
    write_forms,
)
from lienthu.authorities.models import Authority, Change, Status
from lienthu.authorities.policy.forms import HeadingForm
from lienthu.identity.access import Actor


def merge_authorities(
    *, actor: Actor, keep_id: int, absorb_id: int, keep_expected: int | None, absorb_expected: int | None, why: str = ""
) -> Change:
    """Absorb one authority in another: its forms become variants, its records take the preferred form that stays.

    Raises Refused, ChangedMeanwhile, NotPossible.
    """
    require_edit(actor)
    if keep_id == absorb_id:
        raise NotPossible(_("Hãy chọn một đề mục khác để gộp."))
    with writing(actor) as w:
        expected = {keep_id: keep_expected, absorb_id: absorb_expected}
        # In one order for everybody, so that two merges never wait for each other in a ring.
        rows = {one: locked(one, expected=expected[one]) for one in sorted(expected)}
        keep, absorb = rows[keep_id], rows[absorb_id]
        if keep.kind != absorb.kind:
            raise NotPossible(_("Chỉ gộp được hai đề mục cùng loại."))
        require_still(keep, absorb)
        before = [noted(keep), noted(absorb)]
        touched = heading_ids([keep, absorb])
        preferred = form_of(preferred_of(keep), keep.kind)
        old = preferred_of(absorb)
        variants = [form_of(one, keep.kind) for one in keep.forms.filter(is_preferred=False).order_by("pk")]
        variants += [form_of(one, keep.kind) for one in absorb.forms.order_by("-is_preferred", "pk")]
        relations = [*state_of(keep)["relations"], *state_of(absorb)["relations"]]
        absorb.forms.all().delete()
        write_forms(keep, preferred, variants)
        replace_relations([keep.pk, absorb.pk], [_moved(one, absorb.pk, keep.pk) for one in relations])
        absorb.status, absorb.merged_into = Status.MERGED, keep
        keep.is_edited = absorb.is_edited = True
        change = start_change(
            w,
            kind="MERGE",
            authority=keep,
            form=preferred,
            old_headings=[old.heading_id],
            before=before,
            why=why,
        )
        keep_revision(w, keep, "MERGED", change)
        keep_revision(w, absorb, "MERGED", change)
        w.audit(
            "authorities.merged",
            target=("authority", keep.public_id),
            details={"absorbed": absorb.text, "into": keep.text, "records": change.total},
        )
        tell(w, touched)
    return change


def _moved(relation: Sequence[int | str], old: int, new: int) -> tuple[int, int, str]:
    first, second, kind = relation
    a, b = (new if one == old else int(one) for one in (first, second))
    return (min(a, b), max(a, b), str(kind)) if kind == "RELATED" else (a, b, str(kind))


def split_authority(
    *,
    actor: Actor,
    authority_id: int,
    expected: int | None,
    form: HeadingForm,
    variant_ids: Sequence[int] = (),
    record_ids: Sequence[int] = (),
    why: str = "",
) -> Change:
    """A new authority with some variants of another, whose preferred form these records take.

    `variant_ids` are numbers of forms, `record_ids` of source records. Raises Refused, ChangedMeanwhile, NotPossible.
    """
    require_edit(actor)
    with writing(actor) as w:
        authority = locked(authority_id, expected=expected)
        require_still(authority)
        old = preferred_of(authority)
        preferred = form_of(old, authority.kind)
        if form.kind != authority.kind or form.key == preferred.key:
            raise NotPossible(_("Đề mục mới phải có dạng chuẩn khác đề mục đang tách."), field="name")
        before = noted(authority)
        touched = heading_ids([authority])
        rows = list(authority.forms.filter(is_preferred=False).order_by("pk"))
        leaving = [row for row in rows if row.pk in set(variant_ids)]
        staying = [form_of(row, authority.kind) for row in rows if row not in leaving]
        write_forms(authority, preferred, [one for one in staying if one.key != form.key])
        authority.is_edited = True
        data = AuthorityData(variants=tuple(form_of(row, authority.kind) for row in leaving))
        made = insert(w, form, data, deed="SPLIT")
        change = start_change(
            w,
            kind="SPLIT",
            authority=authority,
            form=form,
            old_headings=[old.heading_id],
            before=[before, {"id": made.pk, "version": 0, "state": None}],
            why=why,
            record_ids=record_ids,
        )
        keep_revision(w, authority, "SPLIT", change)
        w.audit(
            "authorities.split",
            target=("authority", authority.public_id),
            details={"from": authority.text, "new": made.text, "records": change.total},
        )
        tell(w, touched | heading_ids([authority, made]))
    return change


def align_records(*, actor: Actor, authority: Authority, expected: int | None, why: str = "") -> Change:
    """Give every record that uses a variant the preferred form. Raises Refused, ChangedMeanwhile, NotPossible."""
    require_edit(actor)
    with writing(actor) as w:
        authority = locked(authority.pk, expected=expected)
        require_still(authority)
        before = noted(authority)
        # A variant that another authority prefers is a name of two; its records stay.
        own = authority.forms.filter(is_preferred=False).exclude(heading__in=preferred_elsewhere(authority))
        headings = list(own.values_list("heading_id", flat=True))
        if not headings:
            raise NotPossible(_("Đề mục này không có dạng khác nào của riêng nó."))
        change = start_change(
            w,
            kind="ALIGN",
            authority=authority,
            form=form_of(preferred_of(authority), authority.kind),
            old_headings=headings,
            before=[before],
            why=why,
        )
        keep_revision(w, authority, "EDITED", change)
        w.audit(
            "authorities.aligned",
            target=("authority", authority.public_id),
            details={"text": authority.text, "records": change.total},
        )
    return change


def preferred_elsewhere(authority: Authority) -> list[int]:
    """Headings of its forms that other authorities bear too, as preferred form or as variant."""
    own = list(authority.forms.values_list("heading_id", flat=True))
    others = type(preferred_of(authority)).objects.filter(heading_id__in=own).exclude(authority=authority)
    return list(others.values_list("heading_id", flat=True))
