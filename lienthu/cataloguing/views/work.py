"""What a person has on the desk in one request: put together from the address, or from what the page sent back."""

import json
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, QueryDict

from lienthu.catalogue.access import get_record
from lienthu.catalogue.queries.desk import Revision, SourceRecord
from lienthu.cataloguing.access import draft_of, get_draft, get_library, own_templates
from lienthu.cataloguing.actions.drafts import DraftData, keep_draft
from lienthu.cataloguing.models import Draft, DraftForm, OwnTemplate
from lienthu.cataloguing.queries.working import sheet_of_record
from lienthu.cataloguing.rules import tables
from lienthu.cataloguing.rules.codec import fixed_value, shown_value
from lienthu.cataloguing.rules.sheets import FIXED, MAX_ROWS, Row, Sheet
from lienthu.cataloguing.rules.templates import begun, templates
from lienthu.identity.access import Actor, actor_of
from lienthu.kernel import clock
from lienthu.libraries.queries import Library


@dataclass(frozen=True, slots=True)
class Work:
    """A record being made or changed. `expected` is the revision that it began with, `key` the name of the page."""

    library: Library
    sheet: Sheet
    record: SourceRecord | None = None
    expected: int | None = None
    draft: Draft | None = None
    origin: int | None = None
    copies: dict[str, Any] = field(default_factory=dict)
    key: UUID = field(default_factory=uuid4)

    def kept(self, actor: Actor, *, form: str = DraftForm.MARC) -> Draft:
        """Keep this as a draft of the person."""
        data = DraftData(
            library=self.library,
            sheet=self.sheet,
            record_id=self.record.pk if self.record else None,
            base_revision=self.expected,
            form=form,
            copies=self.copies,
            origin=self.origin,
        )
        return keep_draft(actor=actor, data=data, draft=self.draft)

    def with_sheet(self, sheet: Sheet) -> "Work":
        return replace(self, sheet=sheet)


def number(value: str | None) -> int | None:
    """A number from an address or a form; None for anything else."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 19 else None


def _key(value: str | None) -> UUID:
    """The name of a page; a page without one gets a new one."""
    try:
        return UUID(value or "")
    except ValueError:
        return uuid4()


def _library(request: HttpRequest, value: str | None) -> Library:
    try:
        return get_library(actor_of(request), number(value))
    except Library.DoesNotExist:
        raise Http404 from None


def _record(request: HttpRequest, record_id: int) -> SourceRecord:
    try:
        return get_record(actor_of(request), record_id)
    except SourceRecord.DoesNotExist:
        raise Http404 from None


def of_draft(request: HttpRequest, draft_id: int) -> Work:
    """One's own draft. Http404 for somebody else's."""
    try:
        draft = get_draft(actor_of(request), draft_id)
    except Draft.DoesNotExist:
        raise Http404 from None
    return Work(
        library=draft.library,
        sheet=Sheet.unpacked(draft.content),
        record=draft.record,
        expected=draft.base_revision,
        draft=draft,
        origin=draft.origin,
        copies=dict(draft.copies),
    )


def of_record(request: HttpRequest, record_id: int) -> Work:
    """A record of the catalogue, or what this person left unfinished of it."""
    record = _record(request, record_id)
    draft = draft_of(actor_of(request), record.pk)
    if draft:
        return of_draft(request, draft.pk)
    try:
        sheet = sheet_of_record(record)
    except Revision.DoesNotExist:
        raise Http404 from None
    return Work(library=record.library, sheet=sheet, record=record, expected=record.revision)


def of_template(request: HttpRequest, code: str) -> Work:
    """A new record for the library named in the address (`?thu-vien=`), by a template of ours or of the library."""
    library = _library(request, request.GET.get("thu-vien"))
    if code.startswith("rieng-"):
        own: OwnTemplate | None = own_templates(library).filter(pk=number(code.removeprefix("rieng-")) or 0).first()
        if own is None:
            raise Http404
        sheet = Sheet.unpacked(own.content)
    elif code in templates():
        sheet = templates()[code].sheet
    else:
        raise Http404
    return Work(library=library, sheet=begun(sheet, today=clock.today(), agency=library.code))


def posted(request: HttpRequest, sheet: Sheet) -> Work:
    """What the page sent back: whose record it is and which revision it began with; the sheet was read already."""
    post = request.POST
    draft_id, record_id = number(post.get("draft")), number(post.get("record"))
    draft = None
    if draft_id:
        try:
            draft = get_draft(actor_of(request), draft_id)
        except Draft.DoesNotExist:
            draft = None  # saved or thrown away in another window: what is on this page still counts
    record = _record(request, record_id) if record_id else None
    library = record.library if record else _library(request, post.get("library"))
    return Work(
        library=library,
        sheet=sheet,
        record=record,
        expected=number(post.get("expected")) if record else None,
        draft=draft,
        origin=number(post.get("origin")) if not record else None,
        copies=dict(draft.copies) if draft else {},
        key=_key(post.get("key")),
    )


def packed_sheet(text: str) -> Sheet:
    """A sheet that the script packed as JSON; nonsense is an empty sheet, which nobody can save."""
    try:
        return Sheet.unpacked(json.loads(text))
    except ValueError:
        return Sheet("", ())


def posted_sheet(post: QueryDict) -> Sheet:
    """The rows of the MARC editor."""
    tags, signs, texts = post.getlist("tag"), post.getlist("ind"), post.getlist("text")
    leader = _picked(post, "LDR", post.get("leader", ""), post.get("leader", ""))
    rows = [
        Row(
            tag.strip()[:3], sign[:2], _picked(post, str(place), text, leader, tag) if tag in FIXED else _one_line(text)
        )
        for place, (tag, sign, text) in enumerate(zip(tags, signs, texts, strict=False))
    ]
    return Sheet(leader, tuple(rows[:MAX_ROWS]))


def _one_line(text: str) -> str:
    """A line break that slipped into a field is a blank."""
    return text.replace("\r\n", " ").replace("\n", " ").replace("\r", " ")


def _picked(post: QueryDict, name: str, text: str, leader: str, tag: str = "LDR") -> str:
    """A fixed field with what was chosen in its boxes, unless the person typed into the field itself."""
    if text != post.get(f"was-{name}"):
        return text
    value = fixed_value(text)
    for position in tables.positions(tag, value, fixed_value(leader)):
        chosen = post.get(f"at-{name}-{position.start}")
        if chosen is not None and len(value) >= position.start + position.length:
            stated = fixed_value(chosen)[: position.length].ljust(position.length)
            value = value[: position.start] + stated + value[position.start + position.length :]
    return shown_value(value)
