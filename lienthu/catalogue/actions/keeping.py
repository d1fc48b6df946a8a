"""The copies of a record at the desk: added, changed, withdrawn from stock. Circulation alone decides about loans."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from django.db import IntegrityError
from django.utils import timezone

from lienthu.audit.actions import Writing, writing
from lienthu.catalogue.access import EDIT
from lienthu.catalogue.actions.preparing import MOST_PRICE
from lienthu.catalogue.models import AWAY, Item, ItemStatus, RecordStatus, SourceRecord, Visibility
from lienthu.identity.access import Actor, require
from lienthu.kernel import ids
from lienthu.libraries.queries import Library, branches_of

# States that the desk may give; the others come from lending and from withdrawing.
DESK_STATUSES = ("AVAILABLE", "REFERENCE_ONLY", "IN_PROCESS", "DAMAGED", "LOST")
TEXT_LENGTH, NUMBER_LENGTH = 200, 80


class CopyRefused(ValueError):
    """A copy cannot be kept so: `code` is taken, empty, too_long, status, branch, price, away, elsewhere."""

    def __init__(self, code: str, number: str = "") -> None:
        super().__init__(f"{code} {number}")
        self.code, self.number = code, number


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemValues:
    """What the desk says of a copy; None leaves it as it is.

    `branch` is the id of a service point, 0 for none; `price` whole đồng, 0 for none.
    """

    accession_number: str | None = None
    call_number: str | None = None
    shelf: str | None = None
    branch: int | None = None
    status: str | None = None
    visibility: str | None = None
    price: int | None = None
    note: str | None = None


def add_items(
    *, actor: Actor, record: SourceRecord, items: Sequence[ItemValues], keys: Sequence[str] = ()
) -> list[Item]:
    """Add copies to a record of its own library; each needs an accession number.

    `keys` name the copies inside the record, so that the same request sent twice adds them once. Raises Refused,
    CopyRefused; then nothing was added.
    """
    library = record.library
    require(actor, EDIT, at=library.scope)
    with writing(actor) as w:
        locked = SourceRecord.objects.select_for_update().get(pk=record.pk)
        if locked.status != RecordStatus.ACTIVE:
            raise CopyRefused("elsewhere")
        known = {item.source_key: item for item in Item.objects.filter(record=locked, library=library)}
        named = list(keys) or _free_keys(known, len(items))
        fresh = [(key, values) for key, values in zip(named, items, strict=True) if key not in known]
        made = [_new(locked, library, key, values) for key, values in fresh]
        _refuse_taken(library, [item.accession_number for item in made])
        _keep(made)
        if made:
            _tell(w, "catalogue.copies_added", library, [locked], made)
        else:
            w.nothing_changed()
    return [known.get(key) or next(item for item in made if item.source_key == key) for key in named]


def change_items(*, actor: Actor, library: Library, item_ids: Sequence[int], values: ItemValues) -> int:
    """Give the same values to copies of one library and return how many changed.

    An accession number may be given to one copy only. Raises Refused, CopyRefused; then nothing changed.
    """
    require(actor, EDIT, at=library.scope)
    if values.accession_number is not None and len(item_ids) > 1:
        raise CopyRefused("taken", values.accession_number)
    with writing(actor) as w:
        items = _locked(library, item_ids)
        changed = [item for item in items if _apply(item, values)]
        if not changed:
            w.nothing_changed()
            return 0
        if values.accession_number is not None:
            _refuse_taken(library, [values.accession_number], but=changed[0].pk)
        _store(changed)
        _tell(w, "catalogue.copies_changed", library, [item.record for item in changed], changed)
    return len(changed)


def change_each(w: Writing, *, library: Library, changes: Mapping[int, ItemValues]) -> int:
    """Give each of these copies of one library its own values, in one block; return how many changed.

    Asks for no permission: the caller has asked. Accession numbers stay. Raises CopyRefused; then nothing changed.
    """
    if not changes:
        return 0
    items = [item for item in _locked(library, list(changes)) if _apply(item, changes[item.pk])]
    if items:
        _store(items)
        _tell(w, "catalogue.copies_changed", library, [item.record for item in items], items)
    return len(items)


def withdraw_items(*, actor: Actor, library: Library, item_ids: Sequence[int], reason: str) -> int:
    """Take copies out of stock (thanh lọc): they keep their numbers and are shown no more.

    Raises Refused, CopyRefused.
    """
    require(actor, EDIT, at=library.scope)
    with writing(actor) as w:
        items = [item for item in _locked(library, item_ids) if item.status != ItemStatus.WITHDRAWN]
        away = next((item for item in items if item.status in AWAY), None)
        if away:
            raise CopyRefused("away", away.accession_number)
        if not items:
            w.nothing_changed()
            return 0
        for item in items:
            item.status = ItemStatus.WITHDRAWN
        _store(items)
        _tell(w, "catalogue.copies_withdrawn", library, [item.record for item in items], items, reason=reason)
    return len(items)


def _locked(library: Library, item_ids: Sequence[int]) -> list[Item]:
    items = list(
        Item.objects.select_for_update(of=("self",))
        .select_related("record")
        .filter(pk__in=item_ids, library=library)
        .order_by("pk")
    )
    if len(items) != len(set(item_ids)):
        raise CopyRefused("elsewhere")
    return items


def _free_keys(known: dict[str, Item], count: int) -> list[str]:
    keys: list[str] = []
    number = len(known)
    while len(keys) < count:
        number += 1
        if f"desk-{number}" not in known:
            keys.append(f"desk-{number}")
    return keys


def _new(record: SourceRecord, library: Library, key: str, values: ItemValues) -> Item:
    item = Item(
        record=record,
        library=library,
        source_key=key[:NUMBER_LENGTH],
        status=ItemStatus.AVAILABLE,
        visibility=Visibility.PUBLIC,
    )
    if not (values.accession_number or "").strip():
        raise CopyRefused("empty")
    _apply(item, values)
    return item


def _apply(item: Item, values: ItemValues) -> bool:
    """Set what is given; tell whether anything is different now."""
    before = [getattr(item, name) for name in _KEPT]
    for name in _TEXTS:
        text = getattr(values, name)
        if text is not None:
            setattr(item, name, _clean(name, text))
    if values.branch is not None:
        item.branch_id = _branch(item.library, values.branch)
    if values.status is not None and values.status != item.status:
        if item.status in AWAY:
            raise CopyRefused("away", item.accession_number)
        if values.status not in DESK_STATUSES:
            raise CopyRefused("status", item.accession_number)
        item.status = values.status
    _show_and_price(item, values)
    return before != [getattr(item, name) for name in _KEPT]


def _show_and_price(item: Item, values: ItemValues) -> None:
    if values.visibility is not None:
        if values.visibility not in Visibility.values:
            raise CopyRefused("status", item.accession_number)
        item.visibility = values.visibility
    if values.price is not None:
        if not 0 <= values.price <= MOST_PRICE:
            raise CopyRefused("price", item.accession_number)
        item.price = values.price or None


_TEXTS = ("accession_number", "call_number", "shelf", "note")
_KEPT = ("branch_id", *_TEXTS, "status", "visibility", "price")


def _clean(name: str, text: str) -> str:
    text = " ".join(text.replace("\x00", "").split()) if name != "note" else text.replace("\x00", "").strip()
    if name == "accession_number" and not text:
        raise CopyRefused("empty")
    limit = {"accession_number": NUMBER_LENGTH, "note": 2_000}.get(name, TEXT_LENGTH)
    if len(text) > limit:
        raise CopyRefused("too_long", text[:NUMBER_LENGTH])
    return text


def _branch(library: Library, branch_id: int) -> int | None:
    if not branch_id:
        return None
    branch = branches_of(library).filter(pk=branch_id).first()
    if branch is None:
        raise CopyRefused("branch")
    return branch.pk


def _refuse_taken(library: Library, numbers: Sequence[str], but: int = 0) -> None:
    twice = next((number for number in numbers if numbers.count(number) > 1), None)
    taken = (
        Item.objects.filter(library=library, accession_number__in=numbers)
        .exclude(pk=but)
        .values_list("accession_number", flat=True)
        .first()
    )
    if twice or taken:
        raise CopyRefused("taken", str(twice or taken))


def _keep(items: Sequence[Item]) -> None:
    """Insert; somebody may take a number between our look and our write."""
    try:
        Item.objects.bulk_create(items)
    except IntegrityError as error:
        raise CopyRefused("taken", items[0].accession_number) from error


def _store(items: Sequence[Item]) -> None:
    for item in items:
        item.updated_at = timezone.now()
    try:
        Item.objects.bulk_update(items, [*_KEPT, "updated_at"])
    except IntegrityError as error:
        raise CopyRefused("taken", items[0].accession_number) from error


def _tell(
    w: Writing, action: str, library: Library, records: Sequence[SourceRecord], items: Sequence[Item], reason: str = ""
) -> None:
    details: dict[str, object] = {
        "copies": len(items),
        "first": items[0].accession_number,
        "last": items[-1].accession_number,
    }
    if reason:
        details["reason"] = reason
    w.audit(action, target=("record", ids.encode(records[0].cluster_id)), at=library.code, details=details)
    w.publish("catalogue.records_saved", cluster_ids=sorted({record.cluster_id for record in records}))


def values_of(item: Item) -> ItemValues:
    """What a copy says now, for forms."""
    given = {one.name: getattr(item, one.name) for one in fields(ItemValues) if one.name not in ("branch", "price")}
    return ItemValues(**given, branch=item.branch_id or 0, price=item.price or 0)
