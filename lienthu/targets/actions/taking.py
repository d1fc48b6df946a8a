"""Taking a record from outside: as a new one, or over one of ours by the library's rules; the bytes stay beside it."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from lienthu.audit.actions import Writing, writing
from lienthu.catalogue.access import SourceRecord
from lienthu.catalogue.actions.saving import Saved, save_record
from lienthu.catalogue.marc import Record
from lienthu.catalogue.queries import record_of, sources_of
from lienthu.identity.access import Actor, require
from lienthu.kernel import ids
from lienthu.libraries.queries import Library
from lienthu.targets.access import SEARCH
from lienthu.targets.models import Found, Take, TakeMode
from lienthu.targets.policy.origin import adopted, lines_with_trace, traced
from lienthu.targets.policy.overlay import Line, Rule, overlay, tags_of


@dataclass(frozen=True, slots=True)
class Planned:
    """An overlay before it is saved: every line of it, whether any changes, and the record that it would become."""

    lines: tuple[Line, ...]
    changes: bool
    record: Record
    expected: int


def theirs_of(found: Found) -> Record:
    """The MARC record of a found one."""
    return Record.unpack(bytes(found.content))


def library_of(found: Found) -> str:
    """The library of the network whose record was found in our own catalogue; "" for one from outside."""
    if found.answer.target is not None or not found.cluster_id:
        return ""
    return next((source.library for source in sources_of(found.cluster_id)), "")


def take_new(*, actor: Actor, library: Library, found: Found) -> Saved:
    """Make a new record of `library` from a found one. Raises Refused, RecordRefused."""
    require(actor, SEARCH, at=library.scope)
    record = adopted(theirs_of(found), agency=library.code, former=library_of(found))
    with writing(actor) as w:
        saved = save_record(actor=actor, library=library, marc=record)
        _note(w, library=library, found=found, saved=saved, mode=TakeMode("NEW"), rules={})
    return saved


def plan_overlay(*, record: SourceRecord, found: Found, rules: Mapping[str, Rule]) -> Planned:
    """What an overlay of `record` would make of it; nothing is written. What changes nothing leaves no trace."""
    ours = record_of(record.revisions.get(number=record.revision))
    theirs = theirs_of(found)
    laid = overlay(ours, theirs, rules, locked=_locked(record))
    if not laid.changes:
        return Planned(laid.lines, False, ours, record.revision)
    made = traced(laid.record, theirs, agency=record.library.code, former=library_of(found))
    return Planned(lines_with_trace(laid, made), True, made, record.revision)


def _locked(record: SourceRecord) -> frozenset[str]:
    """The tags whose values a person chose for the union record from this very record: they stay as they are."""
    return tags_of(record.cluster.locks.filter(record=record).values_list("field", flat=True))


def take_over(*, actor: Actor, record: SourceRecord, found: Found, rules: Mapping[str, Rule], expected: int) -> Saved:
    """Save an overlay of the revision `expected` that the person saw. Refused, ChangedMeanwhile, RecordRefused."""
    require(actor, SEARCH, at=record.library.scope)
    with writing(actor) as w:
        current = SourceRecord.objects.select_related("library__scope").get(pk=record.pk)
        planned = plan_overlay(record=current, found=found, rules=rules)
        saved = save_record(
            actor=actor, library=current.library, marc=planned.record, record=current, expected=expected
        )
        if saved.revision == expected:
            w.nothing_changed()
            return saved
        stored = {group: Rule(rule).value for group, rule in rules.items()}
        _note(w, library=current.library, found=found, saved=saved, mode=TakeMode("OVERLAY"), rules=stored)
    return saved


def _note(w: Writing, *, library: Library, found: Found, saved: Saved, mode: TakeMode, rules: dict[str, str]) -> None:
    """Keep where the record came from, with its bytes as they were sent, and say so in the trail."""
    target = found.answer.target
    take = Take.objects.create(
        library=library,
        target=target,
        target_name=target.name if target else library_of(found),
        target_address=target.address if target else "",
        raw=zlib.compress(bytes(found.raw)),
        format=found.format,
        encoding=found.encoding,
        mode=mode,
        rules=rules,
        record_id=saved.record_id,
        revision=saved.revision,
        actor_id=w.actor.account_id,
        actor_name=w.actor.name,
    )
    w.audit(
        "targets.record_taken",
        target=("record", ids.encode(saved.cluster_id)),
        at=library.code,
        details={"take": take.pk, "from": take.target_name, "mode": mode.value, "revision": saved.revision},
    )
