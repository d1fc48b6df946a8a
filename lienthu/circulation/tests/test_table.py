"""One test per line of the table, through the actions: the copy, its request and its reader stand as the line says,
the thing is done, and what the line promises is found in the rows; a refusal leaves every row as it was."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lienthu.catalogue.models import Item
from lienthu.circulation import actions
from lienthu.circulation.actions import Refused, Wish
from lienthu.circulation.models import Custody, Fact, Hold, HoldState, Loan, Transit
from lienthu.circulation.policy import LENT, Action, Transition, transitions
from lienthu.circulation.tests.conftest import Network
from lienthu.kernel import clock

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
BEFORE = NOW - timedelta(hours=2)
EVENTS = {
    "START_LOAN": "LOAN",
    "EXTEND_LOAN": "RENEWAL",
    "FILL_HOLD": "HOLD_FILLED",
    "HOLD_READY": "HOLD_READY",
    "SEND": "TRANSIT",
    "SEND_HOME": "TRANSIT",
    "SEND_TO_PICKUP": "TRANSIT",
    "COUNT_USE": "IN_LIBRARY_USE",
    "MARK_LOST": "LOST",
    "MARK_DAMAGED": "DAMAGED",
    "ADD_HOLD": "HOLD_PLACED",
}


class Set:
    """The stage of one line. The desk is at A; the copy is A's (HOME) or B's (AWAY)."""

    def __init__(self, network: Network, line: Transition) -> None:
        self.network, self.line = network, line
        home = line.where != "AWAY"
        # A line for both places is tried at home; only for it may the others mark what is not theirs.
        self.item = network.copy(at=network.a if home else network.b)
        self.borrower, self.waiting, self.other = network.first, network.second, network.third
        self.loan = self._loan() if line.copy in LENT else None
        self.transit: Transit | None = None
        self.hold = self._hold()
        if line.copy == "IN_TRANSIT":
            self.transit = self._transit()
        self._custody()
        Item.objects.filter(pk=self.item.pk).update(status=line.copy)

    def _loan(self) -> Loan:
        return Loan.objects.create(
            item=self.item,
            patron_id=self.borrower.id,
            library=self.network.a,
            category="ADULT",
            age_band="26-59",
            item_type="BOOK",
            started_at=BEFORE,
            due_at=NOW + timedelta(days=12 if self.line.action == Action.RECALL else 1),
            due_on=(NOW + timedelta(days=12 if self.line.action == Action.RECALL else 1)).date(),
            terms={},
            channel="DESK",
        )

    def _hold(self) -> Hold | None:
        request, who = self.line.request, self.line.who
        if request == "*":
            request = "PENDING_HERE" if who == "OWNER" else "NONE"
        request = request.replace("_*", "_HERE")
        if request == "NONE":
            return None
        bound = request.startswith("BOUND")
        state: Any = HoldState.PENDING
        if bound:
            state = HoldState.SENT if self.line.copy == "IN_TRANSIT" else HoldState.READY
        return Hold.objects.create(
            patron_id=self.waiting.id,
            level="EDITION",
            cluster_id=self.network.kieu,
            pickup_library=self.network.a if request.endswith("_HERE") else self.network.c,
            state=state,
            assigned=self.item if bound else None,
            category="ADULT",
            age_band="26-59",
            shelf_days=7,
            placed_at=BEFORE,
            channel="DESK",
        )

    def _transit(self) -> Transit:
        to = self.hold.pickup_library if self.hold and self.hold.assigned_id else self.item.library
        return Transit.objects.create(
            item=self.item,
            from_library=self.network.c if to != self.network.c else self.network.b,
            to_library=to,
            purpose="PICKUP" if self.hold else "HOME",
            hold=self.hold if self.hold and self.hold.assigned_id else None,
            sent_at=BEFORE,
        )

    def _custody(self) -> None:
        place: dict[str, Any] = {"library": self.network.a}
        if self.loan:
            place = {"loan": self.loan}
        elif self.transit:
            place = {"transit": self.transit}
        Custody.objects.create(item=self.item, since=BEFORE, **place)

    def patron(self) -> int:
        """The reader who stands at the desk."""
        return {"BORROWER": self.borrower, "OWNER": self.waiting}.get(self.line.who, self.other).id

    def do(self) -> None:
        """Do what the line is about."""
        n, item, action = self.network, self.item.pk, self.line.action
        desk = {"actor": n.actor, "item_id": item, "library_id": n.a.pk}
        if action == Action.CHECKOUT:
            actions.checkout(**desk, patron_id=self.patron())
        elif action == Action.CHECKIN:
            actions.checkin(**desk)
        elif action == Action.RECEIVE:
            actions.receive(**desk)
        elif action == Action.SEND:
            actions.send(**desk, to_library_id=n.c.pk)
        elif action == Action.PLACE_HOLD:
            wish = Wish(n.kieu, item_id=item)
            actions.place_hold(actor=n.actor, patron_id=self.patron(), wish=wish, pickup_library_id=n.a.pk)
        else:
            actions.mark(**desk, action=action)

    def state(self) -> tuple[Any, ...]:
        """Every row that could have changed."""
        models = (Loan, Hold, Transit, Custody, Fact)
        rows = [list(model.objects.order_by("pk").values()) for model in models]
        return Item.objects.get(pk=self.item.pk).status, rows


# Renewals and cancellations begin from a loan and a request, not from a copy: their lines are tried below.
BY_COPY = [line for line in transitions() if line.action not in (Action.RENEW, Action.RECALL, Action.CANCEL_HOLD)]
BY_LOAN = [line for line in transitions() if line.action == Action.RENEW]
BY_RECALL = [line for line in transitions() if line.action == Action.RECALL]
BY_HOLD = [line for line in transitions() if line.action == Action.CANCEL_HOLD]


def name(line: Transition) -> str:
    return f"{line.line}-{line.action}-{line.copy}-{line.request}-{line.who}-{line.where}".replace("*", "any")


@pytest.fixture(autouse=True)
def _monday():
    with clock.frozen(NOW):
        yield


@pytest.mark.parametrize("line", BY_COPY, ids=name)
def test_a_line(line: Transition, network: Network) -> None:
    scene = Set(network, line)
    try_line(scene, scene.do)


@pytest.mark.parametrize("line", BY_LOAN, ids=name)
def test_a_line_of_renewal(line: Transition, network: Network) -> None:
    scene = Set(network, line)
    if scene.loan is None or line.who == "OTHER" or line.who == "OWNER":
        # there is no loan by which one could ask: the door says that there is none
        missing = scene.loan.pk + 1 if scene.loan else 1
        before = scene.state()
        with pytest.raises(Loan.DoesNotExist):
            actions.renew(actor=network.actor, loan_id=missing)
        assert scene.state() == before
        assert line.refusal in ("NOT_ON_LOAN", "NOT_YOUR_LOAN")
        return
    try_line(scene, lambda: actions.renew(actor=network.actor, loan_id=scene.loan.pk))


@pytest.mark.parametrize("line", BY_RECALL, ids=name)
def test_a_line_of_recalling(line: Transition, network: Network) -> None:
    scene = Set(network, line)
    if scene.loan is None:
        with pytest.raises(Loan.DoesNotExist):
            actions.recall(actor=network.actor, loan_id=1)
        assert line.refusal == "NOT_ON_LOAN"
        return
    try_line(scene, lambda: actions.recall(actor=network.actor, loan_id=scene.loan.pk))


@pytest.mark.parametrize("line", BY_HOLD, ids=name)
def test_a_line_of_cancelling(line: Transition, network: Network) -> None:
    scene = Set(network, line)
    if scene.hold is None:
        with pytest.raises(Hold.DoesNotExist):
            actions.cancel_hold(actor=network.actor, hold_id=1)
        assert line.refusal == "NO_HOLD"
        return
    try_line(scene, lambda: actions.cancel_hold(actor=network.actor, hold_id=scene.hold.pk))


def try_line(scene: Set, do: Any) -> None:
    line, before = scene.line, scene.state()
    if line.refusal:
        with pytest.raises(Refused) as refusal:
            do()
        assert line.refusal in refusal.value.codes
        assert scene.state() == before
        return
    do()
    scene.item.refresh_from_db()
    assert scene.item.status == line.copy_becomes
    _check_hold(scene)
    _check_effects(scene)
    _check_holder(scene)


def _check_hold(scene: Set) -> None:
    becomes = scene.line.request_becomes
    if scene.hold is not None:
        before = scene.hold.state
        scene.hold.refresh_from_db()
        if becomes not in ("=", "+PENDING", "NONE"):
            assert scene.hold.state == becomes
        elif becomes == "=":
            assert scene.hold.state == before
        assert (scene.hold.patron_id is None) == (scene.hold.ended_at is not None)
    if becomes == "+PENDING":
        assert Hold.objects.filter(patron_id=scene.other.id, state="PENDING", copy=scene.item).count() == 1
    if becomes in ("READY", "SENT"):
        assert Hold.objects.get(state=becomes).assigned_id == scene.item.pk


def _check_effects(scene: Set) -> None:
    effects = scene.line.effects
    figures = sorted(Fact.objects.values_list("event", flat=True))
    expected = [EVENTS[one] for one in effects if one in EVENTS]
    if "END_LOAN" in effects and scene.line.action not in (Action.MARK_LOST, Action.MARK_DAMAGED):
        expected.append("RETURN")
    assert figures == sorted(expected)
    if scene.loan is not None:
        scene.loan.refresh_from_db()
        assert (scene.loan.ended_at is not None) == ("END_LOAN" in effects)
        assert (scene.loan.claimed_at is not None) == ("NOTE_CLAIM" in effects)
    if scene.transit is not None:
        scene.transit.refresh_from_db()
        assert (scene.transit.ended_at is not None) == ("RECEIVE" in effects)


def _check_holder(scene: Set) -> None:
    """One holder: the open loan, the open transit, or a library."""
    holder = Custody.objects.get(item=scene.item, until=None)
    loan = Loan.objects.filter(item=scene.item, ended_at=None).first()
    transit = Transit.objects.filter(item=scene.item, ended_at=None).first()
    if scene.item.status in LENT:
        assert (holder.loan_id, transit) == (loan.pk if loan else 0, None)
    elif scene.item.status == "IN_TRANSIT":
        assert (holder.transit_id, loan) == (transit.pk if transit else 0, None)
    elif scene.item.status != "LOST":
        assert holder.library_id is not None
        assert (loan, transit) == (None, None)
