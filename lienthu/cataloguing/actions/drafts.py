"""Keeping what a person is working on. A draft is one's own scratch paper: no fact of the catalogue, so not audited."""

from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction

from lienthu.cataloguing.access import EDIT, get_draft, own_drafts
from lienthu.cataloguing.models import Draft, DraftForm
from lienthu.cataloguing.rules.plain import read_plain
from lienthu.cataloguing.rules.sheets import Sheet
from lienthu.identity.access import Actor, Refused, require
from lienthu.kernel import clock
from lienthu.libraries.queries import Library

TITLE_LENGTH = 300
# Nobody needs more unfinished records than this; the oldest make room.
MOST_DRAFTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftData:
    """What is to be kept; `base_revision` and `record_id` are None for a new record."""

    library: Library
    sheet: Sheet
    record_id: int | None = None
    base_revision: int | None = None
    form: str = DraftForm.MARC
    copies: dict[str, Any] = field(default_factory=dict)
    origin: int | None = None


def keep_draft(*, actor: Actor, data: DraftData, draft: Draft | None = None) -> Draft:
    """Write a draft anew or over an old one of the same person; of one record a person has one draft at most.

    Raises Refused without the permission at the library, or for an actor without an account.
    """
    require(actor, EDIT, at=data.library.scope)
    if actor.account_id is None:
        raise Refused(EDIT)
    values = {
        "library": data.library,
        "base_revision": data.base_revision,
        "form": data.form,
        "title": read_plain(data.sheet).title.replace("\x00", "")[:TITLE_LENGTH],
        "content": _storable(data.sheet.packed()),
        "copies": _storable(data.copies),
        "origin": data.origin,
        "updated_at": clock.now(),
    }
    if draft is not None:
        draft = get_draft(actor, draft.pk)
        for name, value in values.items():
            setattr(draft, name, value)
        draft.save()
        return draft
    try:
        with transaction.atomic():
            if data.record_id is not None:
                return Draft.objects.update_or_create(
                    account_id=actor.account_id, record_id=data.record_id, defaults=values
                )[0]
            made = Draft.objects.create(account_id=actor.account_id, **values)
    except IntegrityError:
        # the same person saved it in another window at this moment
        return Draft.objects.get(account_id=actor.account_id, record_id=data.record_id)
    stale = own_drafts(actor).values_list("pk", flat=True)[MOST_DRAFTS:]
    Draft.objects.filter(pk__in=list(stale)).delete()
    return made


def drop_draft(*, actor: Actor, draft: Draft) -> None:
    """Throw one's own draft away. Draft.DoesNotExist for somebody else's."""
    own_drafts(actor).get(pk=draft.pk).delete()


def _storable(value: dict[str, Any]) -> dict[str, Any]:
    """jsonb cannot hold NUL."""
    text = repr(value)
    return value if "\\x00" not in text else _without_nul(value)


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, dict):
        return {key: _without_nul(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nul(one) for one in value]
    return value
