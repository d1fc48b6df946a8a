"""Editing an authority; another preferred form is carried to the records."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from lienthu.audit.actions import writing
from lienthu.authorities.access import require_edit
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
    require_still,
    tell,
    write_forms,
    write_relations,
)
from lienthu.authorities.models import Authority, Change
from lienthu.authorities.policy.forms import HeadingForm
from lienthu.identity.access import Actor


@dataclass(frozen=True, slots=True)
class Edited:
    """The authority after an edit, and the change that carries its new form to the records, if it has one."""

    authority: Authority
    change: Change | None


def edit_authority(
    *,
    actor: Actor,
    authority_id: int,
    expected: int | None,
    form: HeadingForm,
    data: AuthorityData,
    keep_old: bool = True,
    why: str = "",
) -> Edited:
    """Write an authority anew. Another preferred form reaches the linked records in the background.

    `expected` is the revision that the person saw. `keep_old`: the former preferred form becomes a variant.
    Raises Refused, ChangedMeanwhile, NotPossible.
    """
    require_edit(actor)
    with writing(actor) as w:
        authority = locked(authority_id, expected=expected)
        if form.kind != authority.kind:
            raise NotPossible(_("Không đổi được loại của đề mục."))
        before = noted(authority)
        row = preferred_of(authority)
        old = form_of(row, authority.kind)
        renamed = (old.subfields, old.indicators) != (form.subfields, form.indicators)
        if renamed:
            require_still(authority)
        touched = heading_ids([authority])
        authority.dates, authority.note, authority.sources = data.dates, data.note, data.sources
        authority.is_edited = True
        variants = data.variants
        if keep_old and old.key != form.key:
            variants = (*variants, old)
        write_forms(authority, form, variants)
        write_relations(authority, data)
        change = None
        if renamed:
            change = start_change(
                w,
                kind="RENAME",
                authority=authority,
                form=form,
                old_headings=[row.heading_id],
                before=[before],
                why=why,
            )
        keep_revision(w, authority, "RENAMED" if renamed else "EDITED", change)
        w.audit(
            "authorities.renamed" if renamed else "authorities.edited",
            target=("authority", authority.public_id),
            details={"from": old.text, "to": form.text, "records": change.total} if change else {"text": form.text},
        )
        tell(w, touched | heading_ids([authority]))
    return Edited(authority, change)
