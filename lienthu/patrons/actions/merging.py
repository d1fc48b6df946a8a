"""Two records of one person made one, and parted again exactly."""

from typing import Any

from django.db.models import Q

from lienthu.audit.actions import Writing, writing
from lienthu.identity.access import Actor, require
from lienthu.kernel import clock, ids
from lienthu.patrons.access import EDIT
from lienthu.patrons.actions.owners import hold_still, owners
from lienthu.patrons.models import (
    Block,
    Card,
    CardStatus,
    Consent,
    Different,
    Guardianship,
    Merge,
    Patron,
    PatronState,
    Proxy,
)

_FILLED = ("birth_date", "group", "address", "phone", "email", "note", "photo_key", "identity_sealed", "identity_mark")
# What points at a reader, by the name under which moved rows are kept.
_POINTING: tuple[tuple[str, Any, str], ...] = (
    ("cards", Card, "patron"),
    ("guardians", Guardianship, "child"),
    ("wards", Guardianship, "guardian"),
    ("blocks", Block, "patron"),
    ("consents", Consent, "patron"),
    ("proxies", Proxy, "patron"),
    ("collecting", Proxy, "collector"),
    ("merged", Patron, "merged_into"),
)


class CannotMerge(Exception):
    """These two cannot be made one now; `sentences` say why."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(sentences)
        self.sentences = sentences


class CannotPart(Exception):
    """The merge was taken back already, or the winner was merged further since."""


def merge(*, actor: Actor, loser: Patron, winner: Patron, reason: str) -> Merge:
    """Give the winner cards, loans and all of the loser; where the winner knows nothing, the loser's word is taken.

    The winner's card holds; the loser's numbers lead to it. Raises Refused, CannotMerge, ValueError for one reader.
    """
    for one in (loser, winner):
        require(actor, EDIT, at=one.home_library.scope)
    if loser.pk == winner.pk:
        raise ValueError("one reader only")
    with writing(actor) as w:
        hold_still(loser.pk, winner.pk)
        rows = {one.pk: one for one in _locked(loser, winner)}
        sentences = [s for _name, one in owners() for s in one.against_merging(loser=loser.pk, winner=winner.pk)]
        usable = {PatronState.ACTIVE, PatronState.CLOSED}
        if sentences or {one.state for one in rows.values()} - usable:
            raise CannotMerge(sentences)
        moved = _moved(w, rows[loser.pk], rows[winner.pk])
        made = Merge.objects.create(loser=loser, winner=winner, reason=reason.strip()[:300], moved=moved, by=actor.name)
        for one, other in ((loser, winner), (winner, loser)):
            w.audit(
                "patrons.merged",
                target=("patron", ids.encode(one.pk)),
                at=one.home_library.code,
                details={"merge": made.pk, "with": ids.encode(other.pk)},
            )
    return made


def _locked(*patrons: Patron) -> list[Patron]:
    numbers = sorted(one.pk for one in patrons)
    return list(Patron.objects.select_for_update().filter(pk__in=numbers).order_by("pk"))


def _moved(w: Writing, loser: Patron, winner: Patron) -> dict[str, Any]:
    moved: dict[str, Any] = {"state": loser.state, "account": None, "ended": None}
    held = Card.objects.filter(patron=loser, status=CardStatus.ACTIVE).first()
    if held is not None and Card.objects.filter(patron=winner, status=CardStatus.ACTIVE).exists():
        moved["ended"] = held.pk
        Card.objects.filter(pk=held.pk).update(status=CardStatus.REPLACED, ended_at=clock.now())
    for name, model, column in _POINTING:
        rows = model.objects.filter(**{column: loser})
        moved[name] = list(rows.order_by("pk").values_list("pk", flat=True))
        rows.update(**{column: winner})
    # somebody who was noted as the other's guardian or proxy would now answer for themselves
    filled = [name for name in _FILLED if not getattr(winner, name) and getattr(loser, name)]
    values = {name: getattr(loser, name) for name in filled}
    if winner.account_id is None and loser.account_id is not None:
        moved["account"] = values["account_id"] = loser.account_id
    moved["filled"] = filled
    Patron.objects.filter(pk=loser.pk).update(
        state=PatronState.MERGED, merged_into=winner, account=None if moved["account"] else loser.account
    )
    Patron.objects.filter(pk=winner.pk).update(**values, revision=winner.revision + 1)
    moved["owners"] = {name: one.move(w, loser=loser.pk, winner=winner.pk) for name, one in owners()}
    return moved


def undo_merge(*, actor: Actor, made: Merge) -> None:
    """Part two readers again: each gets back what was theirs; what came since stays with the winner.

    Raises Refused, CannotPart.
    """
    for one in (made.loser, made.winner):
        require(actor, EDIT, at=one.home_library.scope)
    with writing(actor) as w:
        hold_still(made.loser_id, made.winner_id)
        loser, winner = (
            {one.pk: one for one in _locked(made.loser, made.winner)}[pk] for pk in (made.loser_id, made.winner_id)
        )
        current = Merge.objects.select_for_update().get(pk=made.pk)
        if current.undone_at or loser.merged_into_id != winner.pk or winner.state == PatronState.MERGED:
            raise CannotPart(made.pk)
        _part(w, current.moved, loser, winner)
        Merge.objects.filter(pk=made.pk).update(undone_at=clock.now(), undone_by=actor.name)
        for one in (made.loser, made.winner):
            w.audit(
                "patrons.merge_undone",
                target=("patron", ids.encode(one.pk)),
                at=one.home_library.code,
                details={"merge": made.pk},
            )


def _part(w: Writing, moved: dict[str, Any], loser: Patron, winner: Patron) -> None:
    for name, one in owners():
        one.move_back(w, moved=moved["owners"].get(name, {}), loser=loser.pk, winner=winner.pk)
    # what the winner got from the loser goes, unless it was changed since
    values: dict[str, Any] = {
        name: "" if isinstance(getattr(winner, name), str) else None
        for name in moved["filled"]
        if getattr(winner, name) == getattr(loser, name)
    }
    if moved["account"] and winner.account_id == moved["account"]:
        values["account_id"] = None
    Patron.objects.filter(pk=winner.pk).update(**values, revision=winner.revision + 1)
    Patron.objects.filter(pk=loser.pk).update(
        state=moved["state"],
        merged_into=None,
        account_id=moved["account"] if "account_id" in values else loser.account_id,
    )
    for name, model, column in _POINTING:
        model.objects.filter(pk__in=moved[name], **{column: winner}).update(**{column: loser})
    if moved["ended"]:
        Card.objects.filter(pk=moved["ended"], status=CardStatus.REPLACED, replaced_by=None).update(
            status=CardStatus.ACTIVE, ended_at=None
        )


def found_different(*, actor: Actor, first: Patron, second: Patron) -> None:
    """Note that two readers who look the same are two people, so that nobody asks again. Raises Refused."""
    for one in (first, second):
        require(actor, EDIT, at=one.home_library.scope)
    low, high = sorted((first, second), key=lambda one: one.pk)
    with writing(actor) as w:
        _row, made = Different.objects.get_or_create(first=low, second=high, defaults={"by": actor.name})
        if not made:
            w.nothing_changed()
            return
        w.audit("patrons.found_different", target=("patron", ids.encode(low.pk)), at=low.home_library.code)


def merges_of(patron: Patron) -> list[Merge]:
    """Merges of a reader that hold, newest first."""
    rows = Merge.objects.filter(Q(winner=patron) | Q(loser=patron), undone_at=None)
    return list(rows.select_related("loser__home_library__scope", "winner__home_library__scope").order_by("-id"))
