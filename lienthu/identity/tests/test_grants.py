"""Nobody hands out what they do not hold, and somebody always remains who can."""

from datetime import date

import pytest

from lienthu.audit.models import Entry, Head
from lienthu.identity.access import Refused, may, system_actor
from lienthu.identity.actions import (
    NotPossible,
    create_account,
    deactivate_account,
    grant_role,
    reset_second_step,
    revoke_role,
    set_password,
)
from lienthu.identity.models import Account, Grant
from lienthu.identity.tests.factories import actor, hold, make_account


def test_a_manager_gives_roles_at_the_own_library(cast):
    grant = grant_role(
        actor=actor(cast.manager), account=cast.reader, role="CATALOGUER", at=cast.network.branch, reason="QĐ 12"
    )
    assert (grant.role, grant.granted_by, grant.reason) == ("CATALOGUER", cast.manager, "QĐ 12")
    assert may(actor(cast.reader), "catalogue.edit_record", cast.network.branch)
    entry = Entry.objects.latest("seq")
    assert (entry.action, entry.target_id, entry.scope) == (
        "identity.grant_role",
        cast.reader.public_id,
        cast.network.branch.code,
    )
    assert entry.details["role"] == "CATALOGUER"


@pytest.mark.parametrize(
    ("who", "role", "place"),
    [
        ("manager", "LIBRARIAN", "other_library"),
        ("manager", "LIBRARIAN", "agency"),
        ("manager", "ADMINISTRATOR", "library"),
        ("manager", "INSPECTOR", "library"),
        ("librarian", "READER", "library"),
        ("cataloguer", "LIBRARIAN", "library"),
        ("inspector", "READER", "province"),
        ("reader", "READER", "library"),
        ("other_manager", "LIBRARIAN", "library"),
    ],
)
def test_a_role_is_refused_where_the_giver_lacks_the_right(cast, who, role, place):
    before = (Grant.objects.count(), Head.objects.get().seq)
    with pytest.raises(Refused):
        grant_role(actor=actor(getattr(cast, who)), account=cast.guardian, role=role, at=getattr(cast.network, place))
    assert (Grant.objects.count(), Head.objects.get().seq) == before


def test_a_role_is_not_held_twice_on_one_day(cast):
    with pytest.raises(NotPossible) as problem:
        grant_role(actor=actor(cast.manager), account=cast.librarian, role="LIBRARIAN", at=cast.network.library)
    assert problem.value.message == "Thủ thư tỉnh đã có vai trò “Thủ thư” tại Thư viện tỉnh trong thời gian này."


def test_a_role_can_be_given_again_after_it_ran_out(cast):
    hold(cast.guardian, "LIBRARIAN", cast.network.library, since=date(2020, 1, 1), until=date(2020, 12, 31))
    grant = grant_role(actor=actor(cast.manager), account=cast.guardian, role="LIBRARIAN", at=cast.network.library)
    assert grant.pk


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [(date(2100, 2, 1), date(2100, 1, 1), "valid_to"), (date(2001, 1, 1), date(2001, 2, 1), "valid_to")],
)
def test_days_that_make_no_sense_are_refused(cast, since, until, field):
    with pytest.raises(NotPossible) as problem:
        grant_role(
            actor=actor(cast.manager),
            account=cast.guardian,
            role="LIBRARIAN",
            at=cast.network.library,
            valid_from=since,
            valid_to=until,
        )
    assert problem.value.field == field


def test_a_revoked_role_ends_at_once_and_stays_in_the_history(cast):
    grant = Grant.objects.get(account=cast.librarian)
    assert revoke_role(actor=actor(cast.manager), grant=grant, reason="Chuyển công tác")
    assert not actor(cast.librarian).grants
    grant.refresh_from_db()
    assert (grant.revoked_by, grant.revoke_reason) == (cast.manager, "Chuyển công tác")
    assert not revoke_role(actor=actor(cast.manager), grant=grant)


def test_a_role_is_not_taken_back_by_a_manager_elsewhere(cast):
    grant = Grant.objects.get(account=cast.librarian)
    with pytest.raises(Refused):
        revoke_role(actor=actor(cast.other_manager), grant=grant)
    grant.refresh_from_db()
    assert grant.revoked_at is None


def test_the_last_administrator_of_the_network_stays(cast):
    grant = Grant.objects.get(account=cast.administrator)
    with pytest.raises(NotPossible):
        revoke_role(actor=actor(cast.administrator), grant=grant)
    second = make_account("quantri2", "Quản trị thứ hai")
    hold(second, "ADMINISTRATOR", cast.network.province)
    assert revoke_role(actor=actor(second), grant=grant)


def test_an_account_is_made_with_its_first_role(cast):
    account = create_account(
        actor=actor(cast.administrator),
        username="  ThủThư.MỚI ",
        full_name=" Thủ thư   mới ",
        password="mot-mat-khau-du-dai",
        at=cast.network.library,
        role="LIBRARIAN",
    )
    assert (account.username, account.full_name) == ("thủthư.mới", "Thủ thư mới")
    assert may(actor(account), "web.enter_desk", cast.network.library)
    entries = Entry.objects.order_by("-seq")[:2]
    assert [entry.action for entry in entries] == ["identity.grant_role", "identity.create_account"]
    assert bytes(entries[0].prev_hash) == bytes(entries[1].hash)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"username": "THUTHU"}, "username"),
        ({"username": "a"}, "username"),
        ({"username": "có dấu cách"}, "username"),
        ({"username": "<script>"}, "username"),
        ({"password": "ngan"}, "password"),
        ({"password": "1234567890"}, "password"),
        ({"full_name": "  "}, "full_name"),
        ({"email": "khong-phai"}, "email"),
        ({"email": "CO@example.org"}, "email"),
        ({"role": "LIBRARIAN", "at": None}, "scope"),
    ],
)
def test_an_account_with_a_bad_or_taken_field_is_refused_and_nothing_changes(cast, given, field):
    cast.reader.email = "co@example.org"
    cast.reader.save()
    before = (Account.objects.count(), Head.objects.get().seq)
    asked = {"username": "moi", "full_name": "Người mới", "password": "mot-mat-khau-du-dai"} | given
    with pytest.raises(NotPossible) as problem:
        create_account(actor=actor(cast.administrator), **asked)
    assert problem.value.field == field
    assert (Account.objects.count(), Head.objects.get().seq) == before


def test_the_administrator_of_one_library_cannot_take_over_the_one_of_the_network(cast):
    local = make_account("quantrinho", "Quản trị thư viện")
    hold(local, "ADMINISTRATOR", cast.network.library)
    before = cast.administrator.password
    for attempt in (
        lambda: set_password(actor=actor(local), account=cast.administrator, password="mot-mat-khau-du-dai"),
        lambda: deactivate_account(actor=actor(local), account=cast.administrator),
        lambda: reset_second_step(actor=actor(local), account=cast.administrator),
    ):
        with pytest.raises(Refused):
            attempt()
    cast.administrator.refresh_from_db()
    assert (cast.administrator.password, cast.administrator.is_active) == (before, True)
    assert deactivate_account(actor=actor(local), account=cast.librarian)


def test_an_emergency_account_is_made_and_mended_only_by_the_system(cast):
    with pytest.raises(Refused):
        create_account(actor=actor(cast.administrator), username="cuu", full_name="Cứu hộ", is_superuser=True)
    account = create_account(actor=system_actor("thử"), username="cuu", full_name="Cứu hộ", is_superuser=True)
    assert Entry.objects.latest("seq").details == {"username": "cuu", "emergency": True}
    assert may(actor(account), "operations.run_backup", None)
    with pytest.raises(Refused):
        set_password(actor=actor(cast.administrator), account=account, password="mot-mat-khau-du-dai")


def test_nobody_takes_the_own_account_out_of_use(cast):
    with pytest.raises(NotPossible):
        deactivate_account(actor=actor(cast.administrator), account=cast.administrator)
    cast.administrator.refresh_from_db()
    assert cast.administrator.is_active
