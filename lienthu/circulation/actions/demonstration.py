"""Loans of the demonstration province: open, overdue, on the hold shelf, on their way. Adds nothing twice."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lienthu.catalogue.queries.items import CopySummary, copies_on_shelf
from lienthu.circulation.actions.holds import Wish, place_hold
from lienthu.circulation.actions.loans import checkout
from lienthu.circulation.actions.refusals import Refused
from lienthu.circulation.actions.returns import checkin
from lienthu.circulation.models import Step
from lienthu.circulation.queries.readers import card_holder
from lienthu.identity.access import Actor
from lienthu.kernel import clock
from lienthu.libraries.queries import Library, library_by_code

MAIN, UNIVERSITY, SCHOOL = "VN-TQ-TINH", "VN-TQ-DHTT", "VN-TQ-THCSCH"


@dataclass(frozen=True, slots=True)
class DemoLoan:
    """The reader with this card borrowed one copy of a library so many days ago."""

    card: str
    library: str
    days_ago: int


@dataclass(frozen=True, slots=True)
class DemoHold:
    """The reader asks for a copy of `of`, to be picked up at `pickup`; it was scanned at `of`, or nowhere yet."""

    card: str
    of: str
    pickup: str
    scanned: bool


LOANS = (
    DemoLoan("TD-0001", MAIN, 5),
    DemoLoan("TD-0001", MAIN, 5),
    DemoLoan("TD-0002", MAIN, 40),
    DemoLoan("TD-0003", MAIN, 2),
    DemoLoan("TD-0004", UNIVERSITY, 3),
    DemoLoan("TD-0006", SCHOOL, 35),
    DemoLoan("TD-0007", SCHOOL, 1),
)
# One is ready on the shelf, one is on its way, one is still to be fetched from a shelf.
HOLDS = (
    DemoHold("TD-0001", MAIN, MAIN, scanned=True),
    DemoHold("TD-0004", MAIN, UNIVERSITY, scanned=True),
    DemoHold("TD-0003", MAIN, MAIN, scanned=False),
)


def load_loans(*, actor: Actor) -> int:
    """Lend and request what is not there yet; how many steps were done."""
    now, done = clock.now(), 0
    for place, loan in enumerate(LOANS):
        done += _lend(actor, loan, key=f"demo-loan-{place}", at=now - timedelta(days=loan.days_ago))
    for place, hold in enumerate(HOLDS):
        done += _ask(actor, hold, key=f"demo-hold-{place}")
    return done


def _lend(actor: Actor, loan: DemoLoan, *, key: str, at: datetime) -> int:
    library, patron_id = _found(loan.library, loan.card, key)
    copy = _free(library) if library is not None and patron_id else None
    if library is None or copy is None:
        return 0
    try:
        checkout(actor=actor, item_id=copy.item_id, patron_id=patron_id, library_id=library.pk, at=at, request_key=key)
    except Refused:  # the rules were changed meanwhile: then nothing is lent here either
        return 0
    return 1


def _ask(actor: Actor, hold: DemoHold, *, key: str) -> int:
    library, patron_id = _found(hold.of, hold.card, key)
    pickup = library_by_code(hold.pickup)
    copy = _free(library) if library is not None and patron_id else None
    if library is None or pickup is None or copy is None:
        return 0
    wish = Wish(copy.cluster_id, item_id=copy.item_id)
    try:
        place_hold(actor=actor, patron_id=patron_id, wish=wish, pickup_library_id=pickup.pk, request_key=key)
        if hold.scanned:
            checkin(actor=actor, item_id=copy.item_id, library_id=library.pk, request_key=f"{key}-scan")
    except Refused:
        return 0
    return 1


def _found(code: str, card: str, key: str) -> tuple[Library | None, int]:
    holder = None if Step.objects.filter(request_key=key).exists() else card_holder(card)
    return library_by_code(code), holder.patron_id if holder else 0


def _free(library: Library) -> CopySummary | None:
    """The first copy on the shelf that nobody has asked for."""
    asked = set(_asked_for())
    return next((copy for copy in copies_on_shelf(library.pk, limit=40) if copy.item_id not in asked), None)


def _asked_for() -> list[int]:
    from_holds = Step.objects.filter(action="PLACE_HOLD", request_key__startswith="demo-", hold__copy__isnull=False)
    return list(from_holds.values_list("hold__copy_id", flat=True))
