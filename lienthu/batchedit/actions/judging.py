"""What an edit would make of a record, and why it would be refused: the rules of the editor, locks, the minimum."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lienthu.batchedit.models import BatchEdit
from lienthu.batchedit.policy.applying import apply
from lienthu.batchedit.policy.copying import CopyChange, copies_after
from lienthu.batchedit.policy.steps import Step
from lienthu.batchedit.queries.contents import Content
from lienthu.catalogue.actions.keeping import DESK_STATUSES, TEXT_LENGTH
from lienthu.catalogue.actions.saving import RecordRefused
from lienthu.catalogue.actions.saving.content import Current, next_state
from lienthu.catalogue.marc import Record, describe
from lienthu.catalogue.queries.desk import Visibility
from lienthu.cataloguing.rules.checking import Finding, check, demands, errors
from lienthu.cataloguing.rules.sheets import Sheet, sheet_of
from lienthu.libraries.queries import branches_of

Why = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Judged:
    """What becomes of one record (a value of models.Outcome); `marc` is None when its words stay, `why` says what kept
    it from changing.
    """

    outcome: str
    marc: Record | None = None
    copies: list[CopyChange] = field(default_factory=list)
    why: list[Why] = field(default_factory=list)


def judge_for(edit: BatchEdit, *, again: bool = False) -> Callable[[Content], Judged]:
    """The judgement of an edit, ready for many records.

    `again`: the same revisions with the same steps have been judged before; only what may be otherwise now is asked
    (locks, what copies say), which takes a quarter of the time.
    """
    steps = [Step.unpacked(one) for one in edit.steps]
    branches = frozenset(str(branch.pk) for branch in branches_of(edit.library))

    def judge(content: Content) -> Judged:
        return _judge(content, steps, branches, allow_loss=edit.allow_loss, again=again)

    return judge


def _judge(
    content: Content, steps: Sequence[Step], branches: frozenset[str], *, allow_loss: bool, again: bool
) -> Judged:
    if not content.is_active:
        return Judged("REFUSED", why=[_why("withdrawn")])
    applied = apply(content.marc, steps)
    copies = copies_after(content.marc, content.copies, steps)
    if not applied.changed and not copies:
        return Judged("UNCHANGED", why=[_why(applied.why_not)])
    marc = applied.record if applied.changed else None
    refusals = copy_refusals(copies, content.away, branches)
    if marc is not None:
        refusals += _refusals(content, marc, allow_loss=allow_loss, again=again)
    if refusals:
        return Judged("REFUSED", marc=marc, copies=copies, why=refusals[:5])
    return Judged("PLANNED", marc=marc, copies=copies)


def copy_refusals(copies: Sequence[CopyChange], away: frozenset[int], branches: frozenset[str]) -> list[Why]:
    """Why copies cannot be changed so: the same rules as for one copy at the desk."""
    found: list[Why] = []
    for copy in copies:
        after = {name: new for name, (_old, new) in copy.changes.items()}
        if "status" in after and (copy.item_id in away or after["status"] not in DESK_STATUSES):
            code = "copy_away" if copy.item_id in away else "copy_status"
            found.append(_why(code, number=copy.accession_number))
        if after.get("branch") and after["branch"] not in branches:
            found.append(_why("copy_branch", number=copy.accession_number))
        if "visibility" in after and after["visibility"] not in Visibility.values:
            found.append(_why("copy_status", number=copy.accession_number))
        if any(len(after.get(name, "")) > TEXT_LENGTH for name in ("shelf", "call_number")):
            found.append(_why("copy_too_long", number=copy.accession_number))
    return found


def _refusals(content: Content, after: Record, *, allow_loss: bool, again: bool) -> list[Why]:
    sheet = sheet_of(after)
    found: list[Why] = [_why("locked", field=name) for name in _locked(content, after)]
    if not again:
        faults = _new_faults(content, sheet)
        found += [_why("fault", finding=fault.code, values=_plain(fault.params)) for fault in faults]
    if not allow_loss:
        found += [_why("minimum", demand=code) for code in _lost(content, sheet)]
    if not found and not again:
        try:
            next_state(after, Current(content.revision, True, content.marc), content.control_number)
        except RecordRefused as refusal:
            found += [problem_told(one.code, one.params) for one in refusal.problems]
    return found


def problem_told(code: str, params: dict[str, Any]) -> Why:
    """A problem of the catalogue as it is kept with a record."""
    return _why("catalogue", problem=code, values=_plain(params))


def _locked(content: Content, after: Record) -> list[str]:
    """Keys of the union record that somebody locked and that this would say otherwise."""
    if not content.locked:
        return []
    old, new = describe(content.marc), describe(after)
    return sorted(name for name in content.locked if getattr(old, name, None) != getattr(new, name, None))


def _new_faults(content: Content, after: Sheet) -> list[Finding]:
    """Faults of structure that the record did not have before: old ones do not keep other things from being mended."""
    faults = errors(check(after))
    if not faults:
        return []
    known = Counter(_fault_key(one) for one in errors(check(sheet_of(content.marc))))
    fresh = []
    for fault in faults:
        key = _fault_key(fault)
        if known[key]:
            known[key] -= 1
        else:
            fresh.append(fault)
    return fresh


def _fault_key(fault: Finding) -> tuple[str, str]:
    return fault.code, str(fault.params.get("tag", ""))


def _lost(content: Content, after: Sheet) -> list[str]:
    """What the required minimum asks for, what was there and would be no more."""
    missing = [one.code for one in demands(after, content.held) if not one.met]
    if not missing:
        return []
    met = {one.code for one in demands(sheet_of(content.marc), content.held) if one.met}
    return [code for code in missing if code in met]


def _why(code: str, **params: Any) -> Why:
    return {"code": code, **params}


def _plain(params: dict[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, int | float) else str(value)[:200] for name, value in params.items()}
