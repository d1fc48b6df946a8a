"""Life cycle of a library: which event may follow in which state, and which state it leads to."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

NEW = "NEW"
ACTIVE = "ACTIVE"
MERGED = "MERGED"
TRANSFERRED = "TRANSFERRED"
DISSOLVED = "DISSOLVED"


@dataclass(frozen=True)
class Transition:
    """What one event does in one state: the next state, and whether another library must, may or cannot continue."""

    to: str
    successors: str  # "NONE", "OPTIONAL" or "REQUIRED"


# (state, event, are successors named?) is decided by this table alone. A transfer without a successor keeps the
# library and its code under a new parent; one with a successor ends the old code, which then leads to the new one.
TRANSITIONS: dict[tuple[str, str], Transition] = {
    (NEW, "FOUNDED"): Transition(to=ACTIVE, successors="NONE"),
    (ACTIVE, "RENAMED"): Transition(to=ACTIVE, successors="NONE"),
    (ACTIVE, "MERGED"): Transition(to=MERGED, successors="REQUIRED"),
    (ACTIVE, "TRANSFERRED"): Transition(to=TRANSFERRED, successors="OPTIONAL"),
    (ACTIVE, "DISSOLVED"): Transition(to=DISSOLVED, successors="OPTIONAL"),
    (DISSOLVED, "REOPENED"): Transition(to=ACTIVE, successors="NONE"),
    (TRANSFERRED, "REOPENED"): Transition(to=ACTIVE, successors="NONE"),
}


class Fault(StrEnum):
    """Why an event cannot be recorded."""

    NOT_POSSIBLE_NOW = "NOT_POSSIBLE_NOW"
    SUCCESSOR_REQUIRED = "SUCCESSOR_REQUIRED"
    SUCCESSOR_NOT_ALLOWED = "SUCCESSOR_NOT_ALLOWED"
    SUCCESSOR_IS_ITSELF = "SUCCESSOR_IS_ITSELF"
    SUCCESSOR_LEADS_BACK = "SUCCESSOR_LEADS_BACK"
    BEFORE_LAST_EVENT = "BEFORE_LAST_EVENT"
    IN_THE_FUTURE = "IN_THE_FUTURE"
    NAME_REQUIRED = "NAME_REQUIRED"


@dataclass(frozen=True)
class EventFacts:
    """What is known when somebody records an event. `leads_back`: following a successor ends at the library itself."""

    state: str
    event: str
    on: date
    today: date
    library_code: str
    successor_codes: tuple[str, ...] = ()
    leads_back: bool = False
    last_event_on: date | None = None
    new_name: str = ""


@dataclass(frozen=True)
class Allowed:
    """The event may be recorded; the library is then in state `to`."""

    to: str


@dataclass(frozen=True)
class Refused:
    """The event cannot be recorded, for all these reasons."""

    faults: tuple[Fault, ...]


def decide_event(facts: EventFacts) -> Allowed | Refused:
    """Decide one life-cycle event."""
    transition = TRANSITIONS.get((facts.state, facts.event))
    if transition is None:
        return Refused(faults=(Fault.NOT_POSSIBLE_NOW,))
    faults = [*_successor_faults(facts, transition), *_date_faults(facts)]
    if facts.event == "RENAMED" and not facts.new_name.strip():
        faults.append(Fault.NAME_REQUIRED)
    if faults:
        return Refused(faults=tuple(faults))
    keeps_its_code = facts.event == "TRANSFERRED" and not facts.successor_codes
    return Allowed(to=ACTIVE if keeps_its_code else transition.to)


def _successor_faults(facts: EventFacts, transition: Transition) -> list[Fault]:
    faults = []
    if transition.successors == "REQUIRED" and not facts.successor_codes:
        faults.append(Fault.SUCCESSOR_REQUIRED)
    if transition.successors == "NONE" and facts.successor_codes:
        faults.append(Fault.SUCCESSOR_NOT_ALLOWED)
    if facts.library_code in facts.successor_codes:
        faults.append(Fault.SUCCESSOR_IS_ITSELF)
    elif facts.leads_back:
        faults.append(Fault.SUCCESSOR_LEADS_BACK)
    return faults


def _date_faults(facts: EventFacts) -> list[Fault]:
    faults = []
    if facts.last_event_on is not None and facts.on < facts.last_event_on:
        faults.append(Fault.BEFORE_LAST_EVENT)
    if facts.on > facts.today:
        faults.append(Fault.IN_THE_FUTURE)
    return faults


def events_possible(state: str) -> tuple[str, ...]:
    """Return the events that may follow in this state."""
    return tuple(event for (before, event) in TRANSITIONS if before == state)
