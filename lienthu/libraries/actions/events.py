"""Life cycle of libraries. The rules: policy/lifecycle.py."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor, require, system_actor
from lienthu.identity.actions import NotPossible, close_scope, rename_scope, reopen_scope
from lienthu.kernel import clock, text
from lienthu.libraries import wording
from lienthu.libraries.access import LIFECYCLE
from lienthu.libraries.models import Branch, Library, LifecycleEvent, LifecycleSuccessor
from lienthu.libraries.policy.lifecycle import EventFacts, Refused, decide_event
from lienthu.libraries.queries import forget_library_names, successors_of


@dataclass(frozen=True)
class EventData:
    """One event as somebody records it. `successors`: the main one first."""

    kind: str
    on: date
    document_number: str = ""
    note: str = ""
    new_name: str = ""
    successors: tuple[Library, ...] = ()
    parent: Library | None = None


class EventRefused(NotPossible):
    """The event cannot follow; `faults` are all the reasons."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(" ".join(wording.event_fault(fault) for fault in refused.faults))
        self.faults = refused.faults


def record_event(*, actor: Actor, library: Library, data: EventData) -> LifecycleEvent:
    """Record what happened to a library, and what follows: state, name, closed service points, roles.

    Permission is needed at the library and at each successor. Raises Refused, EventRefused.
    """
    require(actor, LIFECYCLE, at=library.scope)
    for successor in data.successors:
        require(actor, LIFECYCLE, at=successor.scope)
    with writing(actor) as w:
        # Locked in one order, so that two crossing mergers cannot wait for each other.
        involved = sorted({library.pk, *(s.pk for s in data.successors)})
        locked = {row.pk: row for row in Library.objects.select_for_update().filter(pk__in=involved).order_by("pk")}
        library = locked[library.pk]
        data = replace(data, successors=tuple(locked[s.pk] for s in data.successors))
        decision = decide_event(_facts(library, data))
        if isinstance(decision, Refused):
            raise EventRefused(decision)
        event = _write_event(library, data)
        library.status = decision.to
        _follow_up(actor, library, data)
        details = {
            "kind": data.kind,
            "on": data.on,
            "document": data.document_number,
            "successors": [s.code for s in data.successors],
            "state": decision.to,
        }
        w.audit("libraries.change_lifecycle", target=("library", library.code), at=library.code, details=details)
        w.publish("libraries.lifecycle_changed", code=library.code, kind=data.kind, status=decision.to)
        transaction.on_commit(forget_library_names)
    return event


def _facts(library: Library, data: EventData) -> EventFacts:
    last = library.events.order_by("-date").values_list("date", flat=True).first()
    is_first = data.kind == "FOUNDED" and last is None
    return EventFacts(
        state="NEW" if is_first else library.status,
        event=data.kind,
        on=data.on,
        today=clock.today(),
        library_code=library.code,
        successor_codes=tuple(s.code for s in data.successors),
        leads_back=_leads_back(library, data.successors),
        last_event_on=last,
        new_name=data.new_name,
    )


def _leads_back(library: Library, successors: Sequence[Library]) -> bool:
    """Would following a successor end at the library itself?"""
    waiting, seen = list(successors), set()
    while waiting:
        one = waiting.pop()
        if one.pk == library.pk:
            return True
        if one.pk not in seen:
            seen.add(one.pk)
            waiting.extend(successors_of(one))
    return False


def _write_event(library: Library, data: EventData) -> LifecycleEvent:
    event = LifecycleEvent.objects.create(
        library=library,
        kind=data.kind,
        date=data.on,
        document_number=data.document_number.strip(),
        note=data.note.strip(),
        old_name=library.name_vi if data.kind == "RENAMED" else "",
        new_name=data.new_name.strip(),
    )
    LifecycleSuccessor.objects.bulk_create(
        LifecycleSuccessor(event=event, library=successor, order=order)
        for order, successor in enumerate(data.successors)
    )
    return event


def _follow_up(actor: Actor, library: Library, data: EventData) -> None:
    fields = ["status", "updated_at"]
    if data.kind == "RENAMED":
        library.name_vi = " ".join(text.normalise(data.new_name).split())
        library.name_sort = text.sort_key(library.name_vi)
        library.name_folded = text.folded_key(f"{library.name_vi} {library.name_en}")
        rename_scope(actor=system_actor("libraries"), scope=library.scope, name=library.name_vi)
        fields += ["name_vi", "name_sort", "name_folded"]
    if data.kind == "FOUNDED":
        library.founded_date = data.on
        library.founding_decision = data.document_number.strip() or library.founding_decision
        fields += ["founded_date", "founding_decision"]
    if data.kind == "TRANSFERRED" and data.parent is not None and not data.successors:
        library.parent = data.parent
        fields.append("parent")
    library.save(update_fields=fields)
    if library.status != Library.Status.ACTIVE:
        _close(library, data)
    elif data.kind == "REOPENED":
        _reopen(library)


def _close(library: Library, data: EventData) -> None:
    """End service points and roles; roles go on at the main successor. The registry does it, once allowed above."""
    registry = system_actor("libraries")
    for branch in library.branches.filter(closed_date=None).select_related("scope"):
        Branch.objects.filter(pk=branch.pk).update(closed_date=data.on)
        close_scope(actor=registry, scope=branch.scope, successor=None, on=data.on, grants_follow=False)
    main = data.successors[0].scope if data.successors else None
    close_scope(actor=registry, scope=library.scope, successor=main, on=data.on)


def _reopen(library: Library) -> None:
    """Open the place in the tree again."""
    if library.scope.closed_date is None:
        raise NotPossible(_("Thư viện đang hoạt động."))
    reopen_scope(actor=system_actor("libraries"), scope=library.scope)
