"""What an import may do next, and what becomes of one incoming record."""

from dataclasses import dataclass, field
from difflib import ndiff
from enum import StrEnum
from typing import Any

# Which state of an import may follow which; anything else is refused.
TRANSITIONS: dict[str, frozenset[str]] = {
    "UPLOADED": frozenset({"CHECKING", "RUNNING"}),
    "CHECKING": frozenset({"CHECKED", "UNREADABLE", "CHECKING"}),
    "CHECKED": frozenset({"CHECKING", "RUNNING"}),
    "RUNNING": frozenset({"DONE", "UNREADABLE"}),
    "DONE": frozenset({"REVERTING"}),
    "REVERTING": frozenset({"REVERTED"}),
    "UNREADABLE": frozenset({"CHECKING"}),
}

MAX_CONTROL_NUMBER = 200


class Outcome(StrEnum):
    """What an import does with one record that it could read."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Existing:
    """What the catalogue already holds under (library, control number)."""

    record_id: int
    cluster_id: int
    digest: bytes
    is_active: bool
    met_in_this_file: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome for one record; `code` and `params` name the reason of a rejection."""

    outcome: Outcome
    code: str = ""
    params: dict[str, Any] = field(default_factory=dict)


def may_follow(*, current: str, wanted: str) -> bool:
    """Tell whether an import in state `current` may go to `wanted`."""
    return wanted in TRANSITIONS.get(current, frozenset())


def decide_record(*, existing: Existing | None, digest: bytes, title: str, control_number: str) -> Decision:
    """Decide what becomes of one incoming record.

    The same file imported twice must change nothing, so of two records under one control number in one file only the
    first counts; the second is kept among the rejected ones for a person to look at.
    """
    if len(control_number) > MAX_CONTROL_NUMBER:
        return Decision(Outcome.REJECTED, "control_number_too_long", {"limit": MAX_CONTROL_NUMBER})
    if not title:
        return Decision(Outcome.REJECTED, "no_title")
    if existing is None:
        return Decision(Outcome.CREATED)
    if existing.met_in_this_file:
        if existing.digest == digest:
            return Decision(Outcome.UNCHANGED)
        return Decision(Outcome.REJECTED, "control_number_twice", {"control_number": control_number})
    if existing.digest == digest and existing.is_active:
        return Decision(Outcome.UNCHANGED)
    return Decision(Outcome.UPDATED)


def differences(older: list[str], newer: list[str]) -> list[tuple[str, str]]:
    """What must be taken from and added to one record's fields to get the other's: ("-" | "+", field), in order."""
    lines = []
    for line in ndiff(older, newer):
        if line[:2] in {"- ", "+ "}:
            lines.append((line[0], line[2:]))
    return lines
