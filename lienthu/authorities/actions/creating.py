"""New authorities: from words that a person typed, or from a heading that records use."""

from django.utils.translation import gettext as _

from lienthu.audit.actions import Writing, writing
from lienthu.authorities.access import require_edit
from lienthu.authorities.actions.errors import NotPossible
from lienthu.authorities.actions.state import (
    AuthorityData,
    Origin,
    heading_ids,
    keep_revision,
    tell,
    write_forms,
    write_relations,
)
from lienthu.authorities.models import Authority, Form
from lienthu.authorities.policy.forms import HeadingForm, clean_form, key_of
from lienthu.authorities.policy.rewriting import form_in
from lienthu.authorities.queries.families import HeadingRow, heading_row, records_under
from lienthu.catalogue.actions.saving.content import locked_records
from lienthu.identity.access import Actor


class NoSuchHeading(LookupError):
    """There is no heading with this number."""


def create_authority(*, actor: Actor, form: HeadingForm, data: AuthorityData | None = None) -> Authority:
    """A new authority. Raises Refused, NotPossible when another one prefers this heading."""
    require_edit(actor)
    with writing(actor) as w:
        return insert(w, form, data or AuthorityData(), deed="CREATED")


def create_from_heading(*, actor: Actor, heading_id: int) -> Authority:
    """The authority that prefers a heading of the catalogue; a new one with the subfields that records use.

    Raises Refused, NoSuchHeading, NotPossible when the heading is a variant that leads elsewhere.
    """
    require_edit(actor)
    heading = heading_row(heading_id)
    if heading is None:
        raise NoSuchHeading(str(heading_id))
    with writing(actor) as w:
        found = Form.objects.filter(heading_id=heading_id).select_related("authority").order_by("-is_preferred").first()
        if found and found.is_preferred:
            w.nothing_changed()
            return found.authority
        if found:
            raise NotPossible(
                _("“%(variant)s” là một dạng khác của “%(text)s”.")
                % {"variant": heading.text, "text": found.authority.text}
            )
        return insert(w, form_of_heading(heading), AuthorityData(), deed="CREATED")


def insert(
    w: Writing, form: HeadingForm, data: AuthorityData, *, deed: str, origin: Origin | None = None, **columns: object
) -> Authority:
    """Write a new authority inside the caller's block."""
    authority = Authority(kind=form.kind, text=form.text, sort=b"", exact="", toneless="", folded="", **columns)
    authority.dates, authority.note, authority.sources = data.dates, data.note, data.sources
    authority.version = 1
    authority.save()
    write_forms(authority, form, data.variants)
    write_relations(authority, data)
    keep_revision(w, authority, deed, origin=origin)
    w.audit("authorities.created", target=("authority", authority.public_id), details={"text": authority.text})
    tell(w, heading_ids([authority]))
    return authority


def form_of_heading(heading: HeadingRow) -> HeadingForm:
    """The form of a heading with the subfields of a record that uses it; without one, its text in $a and divisions."""
    for record_id in records_under([heading.id], limit=20):
        _existing, current = locked_records([record_id])[record_id]
        found = form_in(current.marc, kind=heading.kind, key=key_of(heading.text))
        if found is not None:
            return found
    main, *divisions = heading.text.split(" -- ")
    return clean_form(heading.kind, [("a", main), *(("x", one) for one in divisions)])
