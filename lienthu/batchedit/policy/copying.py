"""What the steps make of the copies of a record."""

from collections.abc import Sequence
from dataclasses import dataclass

from lienthu.batchedit.policy import steps as s
from lienthu.batchedit.policy.applying import holds
from lienthu.batchedit.policy.patterns import composed
from lienthu.batchedit.policy.steps import Step
from lienthu.catalogue.marc import Record

ATTRIBUTES = (*s.COPY_ATTRIBUTES, "call_number")


@dataclass(frozen=True, slots=True)
class CopyState:
    """A copy as it stands: `values` of ATTRIBUTES as texts, a branch by its id ("" for none)."""

    item_id: int
    accession_number: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class CopyChange:
    """What becomes of a copy: attribute -> (before, after)."""

    item_id: int
    accession_number: str
    changes: dict[str, tuple[str, str]]


def copies_after(record: Record, copies: Sequence[CopyState], steps: Sequence[Step]) -> list[CopyChange]:
    """The copies that the steps change. Conditions ask the record as it was before all steps."""
    found = []
    wanted = [step for step in steps if step.kind in s.ON_COPIES and holds(record, step.condition)]
    for copy in copies:
        values = dict(copy.values)
        for step in wanted:
            _apply(values, step)
        changes = {name: (copy.values[name], values[name]) for name in ATTRIBUTES if values[name] != copy.values[name]}
        if changes:
            found.append(CopyChange(copy.item_id, copy.accession_number, changes))
    return found


def _apply(values: dict[str, str], step: Step) -> None:
    if step.only and composed(values[step.only]).strip() != composed(step.only_value).strip():
        return
    if step.kind == s.SET_COPIES:
        values[step.number] = "" if (step.number, step.value) == ("branch", "0") else composed(step.value)
    elif composed(values["call_number"]).startswith(composed(step.find)):
        values["call_number"] = composed(step.value) + composed(values["call_number"])[len(composed(step.find)) :]
