"""Reading the trail: lists for people, and the check that it is whole."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from lienthu.audit import anchors
from lienthu.audit.models import Entry
from lienthu.audit.policy import GENESIS, Break, Damage, Line, find_break

CHUNK = 2000


def labels() -> dict[str, str | Promise]:
    """What each action is called for people: the AUDIT_LABELS of every app's access module."""
    found: dict[str, str | Promise] = {}
    for app in apps.get_app_configs():
        if app.name.startswith("lienthu.") and find_spec(f"{app.name}.access"):
            found |= getattr(import_module(f"{app.name}.access"), "AUDIT_LABELS", {})
    return found


def action_label(action: str) -> str:
    """The name of an action for people; its technical name where no app gave one."""
    return str(labels().get(action, action))


def target_name(entry: Entry) -> str:
    """What it was done to, in words, with its number; `*` stands for many and is not shown."""
    kinds: dict[str, str | Promise] = import_string(settings.AUDIT_TARGETS)
    number = "" if entry.target_id == "*" else entry.target_id
    return f"{kinds.get(entry.target_kind, entry.target_kind)} {number}".strip()


def actor_name(entry: Entry) -> str:
    """Who did it, in words."""
    if entry.actor_kind == Entry.ActorKind.VISITOR:
        return _("Khách chưa đăng nhập")
    if entry.actor_kind == Entry.ActorKind.SYSTEM:
        return _("Hệ thống (%(part)s)") % {"part": entry.actor_name}
    return entry.actor_name


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """What to look for; empty fields do not narrow. `scopes` limits to these places (None: all); days are moments."""

    scopes: Iterable[str] | None = None
    action: str = ""
    actor: str = ""
    scope: str = ""
    target: str = ""
    since: datetime | None = None
    before: datetime | None = None


def find_entries(wanted: EntryFilter) -> QuerySet[Entry]:
    """Entries that match, newest first."""
    entries = Entry.objects.order_by("-seq")
    if wanted.scopes is not None:
        entries = entries.filter(scope__in=list(wanted.scopes))
    for field, value in (("action", wanted.action), ("scope", wanted.scope), ("target_id", wanted.target)):
        if value:
            entries = entries.filter(**{field: value})
    if wanted.actor:
        entries = entries.filter(Q(actor_name__icontains=wanted.actor))
    if wanted.since:
        entries = entries.filter(at__gte=wanted.since)
    if wanted.before:
        entries = entries.filter(at__lt=wanted.before)
    return entries


def history_of(kind: str, identifier: str | int) -> QuerySet[Entry]:
    """Everything the trail says about one thing, newest first."""
    return Entry.objects.filter(target_kind=kind, target_id=str(identifier)).order_by("-seq")


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome of a check. `checked` counts sound entries; `first_bad` is the number of the first that is not."""

    ok: bool
    checked: int
    head: int
    first_bad: int | None = None
    kind: Damage | None = None
    message: str = ""


def verify(
    from_seq: int | None = None, *, progress: Callable[[int, int], None] | None = None, against_anchors: bool = True
) -> Verification:
    """Check the chain from entry `from_seq` (default: the first) to the head, in constant memory.

    With `against_anchors`, the hashes noted outside the database must be found again: they show a trail that was cut
    short, or written anew from some place on, together with its head.
    """
    noted = {anchor.seq: anchor.hash for anchor in anchors.read()} if against_anchors else {}
    with transaction.atomic():
        head_seq, head_hash, last = _ends()
        start = min(max(1, from_seq or 1), last + 1)
        before = _hash_at(start - 1)
        if before is None:
            return _broken(Break(start - 1, Damage.DELETED), checked=0, head=head_seq)
        checked, previous = 0, before
        for found in find_break(_lines(start, last), after=start - 1, prev_hash=previous, known=_is_known):
            if isinstance(found, Break):
                return _broken(found, checked=checked, head=head_seq)
            if found.seq in noted and noted[found.seq] != found.hash:
                return _broken(Break(found.seq, Damage.EDITED), checked=checked, head=head_seq)
            checked, previous = checked + 1, found.hash
            if progress and checked % CHUNK == 0:
                progress(checked, last - start + 1)
    return _check_end(
        checked=checked, last=last, last_hash=previous, head=(head_seq, head_hash), anchored=max(noted, default=0)
    )


def _check_end(*, checked: int, last: int, last_hash: bytes, head: tuple[int, bytes], anchored: int) -> Verification:
    head_seq, head_hash = head
    if last < max(head_seq, anchored):
        return _broken(Break(last + 1, Damage.TRUNCATED), checked=checked, head=head_seq)
    if last > head_seq or head_hash != last_hash:
        return _broken(Break(head_seq, Damage.EDITED), checked=checked, head=head_seq)
    return Verification(ok=True, checked=checked, head=head_seq, message=_("Nhật ký nguyên vẹn."))


def _broken(found: Break, *, checked: int, head: int) -> Verification:
    sentences = {
        Damage.EDITED: _("Mục số %(number)s đã bị sửa sau khi ghi."),
        Damage.DELETED: _("Mục số %(number)s đã bị xóa khỏi nhật ký."),
        Damage.REORDERED: _("Từ mục số %(number)s, thứ tự của nhật ký đã bị đổi."),
        Damage.TRUNCATED: _("Nhật ký bị cắt cụt: các mục từ số %(number)s trở đi đã mất."),
    }
    return Verification(
        ok=False,
        checked=checked,
        head=head,
        first_bad=found.seq,
        kind=found.kind,
        message=sentences[found.kind] % {"number": found.seq},
    )


def _ends() -> tuple[int, bytes, int]:
    """Number and hash of the head, and the last stored number, of one moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, hash, (SELECT coalesce(max(seq), 0) FROM audit_entry) FROM audit_head WHERE id = 1")
        row = cursor.fetchone()
    return (row[0], bytes(row[1]), row[2]) if row else (0, GENESIS, 0)


def _hash_at(seq: int) -> bytes | None:
    """The stored hash of an entry, the hash "before" the first for number 0, None for a missing entry."""
    if seq == 0:
        return GENESIS
    stored = Entry.objects.filter(seq=seq).values_list("hash", flat=True).first()
    return bytes(stored) if stored is not None else None


def _is_known(digest: bytes) -> bool:
    return Entry.objects.filter(hash=digest).exists()


def _lines(start: int, last: int) -> Iterator[Line]:
    """The entries from `start` to `last`, a chunk in memory at a time; what is appended meanwhile is left out."""
    after = start - 1
    while True:
        rows = Entry.objects.filter(seq__gt=after, seq__lte=last).order_by("seq").values_list(*_FIELDS)[:CHUNK]
        for row in rows:
            yield _as_line(row)
            after = row[0]
        if len(rows) < CHUNK:
            return


def _as_line(row: tuple[Any, ...]) -> Line:
    fields = dict(zip(_FIELDS, row, strict=True))
    return Line(**fields | {"prev_hash": bytes(fields["prev_hash"]), "hash": bytes(fields["hash"])})


_FIELDS = (
    "seq",
    "at",
    "actor_kind",
    "actor_id",
    "actor_name",
    "action",
    "target_kind",
    "target_id",
    "scope",
    "details",
    "prev_hash",
    "hash",
)
