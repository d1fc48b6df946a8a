"""All events in random orders: one copy, one place, one holder; nobody is served before their turn; no copy twice."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from lienthu.catalogue.models import Item
from lienthu.circulation import actions
from lienthu.circulation.actions import MARKS, Refused, Wish
from lienthu.circulation.models import BOUND_HOLDS, Custody, Fact, Hold, Loan, Step, Transit
from lienthu.circulation.policy import LENT
from lienthu.circulation.queries.counting import local_day
from lienthu.circulation.queries.custody import keeper_of
from lienthu.circulation.tests.conftest import Network
from lienthu.kernel import clock

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
COPIES, READERS, PLACES = st.integers(0, 2), st.integers(0, 2), st.integers(0, 1)


class World(RuleBasedStateMachine):
    """Two desks, three copies of one title (one of them of the second library), three readers."""

    network: Network
    items: list[Item]

    def __init__(self) -> None:
        super().__init__()
        network = self.network
        self.readers = [network.first, network.second, network.third]
        self.desks = [(network.desk_a.actor, network.a), (network.desk_b.actor, network.b)]
        self.before = transaction.savepoint()
        self.at = START

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.before)

    def at_its_desk(self, which: int) -> list[tuple[Any, int]]:
        """The request of this place in the list of open ones, with somebody who may change it."""
        holds = Hold.objects.filter(ended_at=None).order_by("pk")[which : which + 1]
        return [(self.actor_at(hold.pickup_library_id), hold.pk) for hold in holds]

    def actor_at(self, library_id: int) -> Any:
        return next(actor for actor, library in self.desks if library.pk == library_id)

    def do(self, act: Callable[..., Any], **how: Any) -> Any:
        """Refusals are an answer; anything else that is raised is a fault."""
        try:
            with clock.frozen(self.at):
                return act(**how)
        except (Refused, Loan.DoesNotExist, Hold.DoesNotExist):
            return None

    @rule(hours=st.integers(1, 200))
    def time_passes(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @rule(copy=COPIES, reader=READERS, place=PLACES)
    def checkout(self, copy: int, reader: int, place: int) -> None:
        actor, library = self.desks[place]
        self.do(
            actions.checkout,
            actor=actor,
            item_id=self.items[copy].pk,
            patron_id=self.readers[reader].id,
            library_id=library.pk,
        )

    @rule(copy=COPIES, place=PLACES)
    def checkin(self, copy: int, place: int) -> None:
        actor, library = self.desks[place]
        item = self.items[copy].pk
        first = next(iter(fitting(item, local_day(self.at))), None)
        bound = Hold.objects.filter(assigned_id=item, state__in=BOUND_HOLDS).first()
        done = self.do(actions.checkin, actor=actor, item_id=item, library_id=library.pk)
        if done is not None and done.hold is not None:
            turn = bound or first
            assert turn is not None
            assert done.hold.pk == turn.pk, "somebody was served before their turn"
        elif done is not None and done.status == "AVAILABLE":
            assert first is None, "a copy went to the shelf although somebody waits"

    @rule(copy=COPIES, place=PLACES)
    def send_or_receive(self, copy: int, place: int) -> None:
        actor, library = self.desks[place]
        to = self.desks[1 - place][1]
        item = self.items[copy].pk
        self.do(actions.receive, actor=actor, item_id=item, library_id=library.pk)
        self.do(actions.send, actor=actor, item_id=item, library_id=library.pk, to_library_id=to.pk)

    @rule(reader=READERS, place=PLACES, copy=st.none() | COPIES)
    def place_hold(self, reader: int, place: int, copy: int | None) -> None:
        actor, library = self.desks[place]
        self.do(
            actions.place_hold,
            actor=actor,
            patron_id=self.readers[reader].id,
            wish=Wish(self.network.kieu, item_id=None if copy is None else self.items[copy].pk),
            pickup_library_id=library.pk,
        )

    @rule(place=PLACES, copies=st.integers(1, 3))
    def place_group(self, place: int, copies: int) -> None:
        actor, library = self.desks[place]
        self.do(
            actions.place_group,
            actor=actor,
            name="Lớp 8A",
            wish=Wish(self.network.kieu),
            pickup_library_id=library.pk,
            patron_ids=[self.network.third.id],
            copies=copies,
        )

    @rule(which=st.integers(0, 5), days=st.none() | st.integers(1, 20))
    def freeze(self, which: int, days: int | None) -> None:
        until = None if days is None else local_day(self.at) + timedelta(days=days)
        for actor, hold_id in self.at_its_desk(which):
            self.do(actions.freeze_hold, actor=actor, hold_id=hold_id, until=until)

    @rule(which=st.integers(0, 5))
    def cancel(self, which: int) -> None:
        for actor, hold_id in self.at_its_desk(which):
            self.do(actions.cancel_hold, actor=actor, hold_id=hold_id)

    @rule(which=st.integers(0, 2), wish=st.sampled_from([actions.renew, actions.recall]))
    def renew_or_recall(self, which: int, wish: Callable[..., Any]) -> None:
        loan = Loan.objects.filter(ended_at=None).order_by("pk")[which : which + 1].first()
        if loan is not None:
            actor = self.actor_at(loan.library_id)
            self.do(wish, actor=actor, loan_id=loan.pk)

    @rule(copy=COPIES, place=PLACES, what=st.sampled_from(MARKS))
    def mark(self, copy: int, place: int, what: Any) -> None:
        actor, library = self.desks[place]
        self.do(actions.mark, actor=actor, action=what, item_id=self.items[copy].pk, library_id=library.pk)

    @rule(place=PLACES)
    def undo(self, place: int) -> None:
        actor, library = self.desks[place]
        self.do(actions.undo_last, actor=actor, library_id=library.pk)

    @rule()
    def at_night(self) -> None:
        self.do(actions.expire_holds)
        self.do(actions.retarget)

    @rule(which=st.integers(0, 2))
    def not_found(self, which: int) -> None:
        hold = Hold.objects.filter(target__isnull=False).order_by("pk")[which : which + 1].first()
        if hold is not None and hold.target is not None:
            actor = self.actor_at(keeper_of(hold.target_id, owner_id=hold.target.library_id))
            self.do(actions.not_found, actor=actor, hold_id=hold.pk)

    @invariant()
    def one_copy_one_place_one_holder(self) -> None:
        for item in Item.objects.filter(pk__in=[one.pk for one in self.items]):
            check_place(item)

    @invariant()
    def no_copy_is_promised_twice(self) -> None:
        targets = list(Hold.objects.filter(target__isnull=False).select_related("target"))
        assert len({hold.target_id for hold in targets}) == len(targets)
        assert all(hold.state == "PENDING" and hold.target.status == "AVAILABLE" for hold in targets if hold.target)

    @invariant()
    def figures_agree_with_the_rows(self) -> None:
        made = dict(Fact.objects.values_list("event").annotate(Sum("count")))
        assert made.get("LOAN", 0) == Loan.objects.exclude(ended_how="UNDONE").count()
        assert made.get("RETURN", 0) == Loan.objects.filter(ended_how="RETURNED").count()
        taken_back = Step.objects.filter(action="PLACE_HOLD", undone_at__isnull=False).values("hold_id")
        assert made.get("HOLD_PLACED", 0) == Hold.objects.exclude(pk__in=taken_back).count()
        assert made.get("HOLD_FILLED", 0) == Hold.objects.filter(state="FILLED").count()
        assert made.get("RENEWAL", 0) == sum(Loan.objects.values_list("renewals", flat=True))


def fitting(item_id: int, today: Any) -> list[Hold]:
    """Who waits for this copy, by the order of asking, worked out anew."""
    waiting = Hold.objects.filter(state="PENDING").order_by("position", "pk")
    return [
        hold
        for hold in waiting
        if hold.copy_id in (None, item_id)
        and (hold.frozen_until is None or hold.frozen_until <= today)
        and (hold.expires_on is None or hold.expires_on >= today)
    ]


def check_place(item: Item) -> None:
    loans = list(Loan.objects.filter(item=item, ended_at=None))
    ways = list(Transit.objects.filter(item=item, ended_at=None))
    bound = list(Hold.objects.filter(assigned=item, state__in=BOUND_HOLDS))
    holders = list(Custody.objects.filter(item=item, until=None))
    assert len(loans) == (item.status in LENT)
    assert len(ways) == (item.status == "IN_TRANSIT")
    assert len(bound) <= 1
    if bound:
        assert item.status == {"READY": "ON_HOLD_SHELF", "SENT": "IN_TRANSIT"}[bound[0].state]
    if Custody.objects.filter(item=item).exists():
        (holder,) = holders
        if loans:
            assert holder.loan_id == loans[0].pk
        elif ways:
            assert holder.transit_id == ways[0].pk
        elif item.status != "LOST":
            assert holder.library_id is not None


def test_whatever_happens_in_whatever_order(network: Network) -> None:
    World.network = network
    World.items = [network.copy(), network.copy(), network.copy(at=network.b)]
    run_state_machine_as_test(
        World,
        settings=settings(
            max_examples=6,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
