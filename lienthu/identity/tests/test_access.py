"""Roles hold at a place and below it, for their days, and nowhere else."""

from datetime import UTC, date, datetime

import pytest

from lienthu.config.roles import PERMISSIONS, ROLES
from lienthu.identity.access import (
    VISITOR,
    Refused,
    may,
    may_anywhere,
    require,
    role_in_words,
    scopes_with,
    system_actor,
)
from lienthu.identity.tests.factories import actor, hold, make_account
from lienthu.kernel import clock

EDIT = "catalogue.edit_record"


def test_a_role_holds_at_its_library_and_below_but_not_above_or_beside(cast):
    cataloguer, places = actor(cast.cataloguer), cast.network
    assert may(cataloguer, EDIT, places.library)
    assert may(cataloguer, EDIT, places.branch)
    assert not may(cataloguer, EDIT, places.agency)
    assert not may(cataloguer, EDIT, places.other_library)
    assert not may(cataloguer, EDIT, None)
    assert may_anywhere(cataloguer, EDIT)


def test_a_role_at_the_root_holds_for_the_whole_network(cast):
    administrator = actor(cast.administrator)
    assert may(administrator, "operations.run_backup", None)
    assert may(administrator, EDIT, cast.network.branch)


def test_a_visitor_may_nothing_and_the_system_everything(cast):
    assert not may_anywhere(VISITOR, "web.enter_desk")
    assert may(system_actor("thử"), EDIT, cast.network.library)
    assert may(system_actor("thử"), EDIT, None)


@pytest.mark.parametrize(
    ("day", "held"),
    [(date(2026, 11, 21), False), (date(2026, 11, 22), True), (date(2026, 12, 31), True), (date(2027, 1, 1), False)],
)
def test_a_role_holds_from_its_first_to_its_last_day_in_vietnam(cast, day, held):
    account = make_account("tamthoi", "Cán bộ tạm thời")
    hold(account, "CATALOGUER", cast.network.library, since=date(2026, 11, 22), until=date(2026, 12, 31))
    with clock.frozen(datetime(day.year, day.month, day.day, 0, 30, tzinfo=clock.VIETNAM).astimezone(UTC)):
        assert may(actor(account), EDIT, cast.network.library) is held


def test_an_account_out_of_use_holds_no_roles(cast):
    cast.cataloguer.is_active = False
    cast.cataloguer.save()
    assert not may_anywhere(actor(cast.cataloguer), EDIT)


def test_a_refusal_says_what_is_missing_where_and_who_can_give_it(cast):
    with pytest.raises(Refused) as refusal:
        require(actor(cast.librarian), EDIT, at=cast.network.other_library)
    assert refusal.value.permission == EDIT
    assert refusal.value.reason == (
        "Bạn chưa có quyền “sửa biểu ghi và bản tài liệu” tại Thư viện khác. "
        "Người phụ trách Thư viện khác hoặc người quản trị hệ thống có thể cấp quyền này."
    )


def test_places_with_a_permission_are_listed_in_tree_order(cast):
    codes = list(scopes_with(actor(cast.cataloguer), EDIT).values_list("code", flat=True))
    assert codes == ["VN-T-TINH", "VN-T-TINH-1"]
    assert not scopes_with(actor(cast.reader), EDIT).exists()
    assert scopes_with(actor(cast.administrator), EDIT).count() == 5


def test_a_role_is_written_in_words():
    words = role_in_words(role="CATALOGUER", place="Thư viện tỉnh", valid_to=date(2026, 12, 31))
    assert words == "Cán bộ biên mục tại Thư viện tỉnh, đến 31/12/2026"


def test_every_permission_of_every_role_is_named_for_people():
    assert {permission for role in ROLES.values() for permission in role.permissions} <= set(PERMISSIONS)
