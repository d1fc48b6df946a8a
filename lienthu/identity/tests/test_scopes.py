"""The tree of places keeps its paths, also when places move, close and are followed by others."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from lienthu.audit.models import Entry
from lienthu.identity.access import Refused, may, system_actor
from lienthu.identity.actions import NotPossible, close_scope, create_scope, move_scope, reopen_scope
from lienthu.identity.models import Grant, Scope
from lienthu.identity.queries import scope_by_code
from lienthu.identity.tests.factories import actor, hold

SYSTEM = system_actor("thử nghiệm")


def test_a_new_place_hangs_below_its_parent(cast):
    scope = create_scope(
        actor=actor(cast.administrator), kind="LIBRARY", code="VN-T-XA", name="Thư viện xã", parent=cast.network.agency
    )
    assert scope.path == f"{cast.network.agency.path}{scope.pk}/"
    assert Entry.objects.latest("seq").action == "identity.create_scope"


def test_a_place_is_only_added_by_those_who_may(cast):
    with pytest.raises(Refused):
        create_scope(
            actor=actor(cast.manager), kind="BRANCH", code="VN-T-X", name="Điểm mới", parent=cast.network.library
        )
    assert not Scope.objects.filter(code="VN-T-X").exists()


def test_a_code_is_given_once(cast):
    with pytest.raises(NotPossible) as problem:
        create_scope(actor=SYSTEM, kind="LIBRARY", code="VN-T-TINH", name="Trùng mã", parent=cast.network.agency)
    assert (problem.value.field, problem.value.message) == ("code", "Mã này đã thuộc một đơn vị khác.")


def test_moving_a_place_moves_everything_below_it_and_the_roles_with_it(cast):
    places = cast.network
    assert may(actor(cast.librarian), "web.enter_desk", places.branch)
    assert move_scope(actor=SYSTEM, scope=places.branch, parent=places.other_library)
    places.branch.refresh_from_db()
    assert places.branch.path == f"{places.other_library.path}{places.branch.pk}/"
    assert not may(actor(cast.librarian), "web.enter_desk", places.branch)
    assert may(actor(cast.other_librarian), "web.enter_desk", places.branch)


def test_a_whole_part_of_the_tree_moves(cast):
    places = cast.network
    assert move_scope(actor=SYSTEM, scope=places.library, parent=places.province)
    places.branch.refresh_from_db()
    assert places.branch.path == f"/{places.province.pk}/{places.library.pk}/{places.branch.pk}/"


def test_moving_where_it_is_changes_nothing(cast):
    before = Entry.objects.count()
    assert not move_scope(actor=SYSTEM, scope=cast.network.library, parent=cast.network.agency)
    assert Entry.objects.count() == before


def test_a_place_cannot_move_below_itself(cast):
    places = cast.network
    with pytest.raises(NotPossible):
        move_scope(actor=SYSTEM, scope=places.agency, parent=places.branch)
    places.agency.refresh_from_db()
    assert places.agency.parent_id == places.province.pk


def test_the_database_itself_refuses_a_ring_and_a_path_by_hand(cast):
    places = cast.network
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE identity_scope SET parent_id = %s WHERE id = %s", [places.branch.pk, places.agency.pk])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE identity_scope SET path = '/sai/' WHERE id = %s", [places.library.pk])
    right = places.library.path
    places.library.refresh_from_db()
    assert places.library.path == right


def test_the_roles_of_a_merged_library_follow_to_its_successor(cast):
    places = cast.network
    places.branch.delete()
    hold(cast.librarian, "LIBRARIAN", places.other_library)
    followed = close_scope(
        actor=actor(cast.administrator), scope=places.library, successor=places.other_library, on=date(2026, 7, 1)
    )
    # reader, child reader, guardian, cataloguer, manager; the librarian holds the role there already
    assert followed == 5
    assert may(actor(cast.cataloguer), "catalogue.edit_record", places.other_library)
    assert not Grant.objects.filter(scope=places.library, revoked_at=None).exists()
    assert scope_by_code("VN-T-TINH") == places.other_library


def test_a_dissolved_library_leaves_no_roles(cast):
    cast.network.branch.delete()
    close_scope(actor=SYSTEM, scope=cast.network.library, successor=None)
    assert not actor(cast.cataloguer).grants


def test_a_library_with_open_branches_is_not_closed(cast):
    with pytest.raises(NotPossible):
        close_scope(actor=SYSTEM, scope=cast.network.library, successor=cast.network.other_library)
    cast.network.library.refresh_from_db()
    assert cast.network.library.closed_date is None
    assert may(actor(cast.cataloguer), "catalogue.edit_record", cast.network.library)


def test_a_closed_library_opens_again_once_and_without_its_old_roles(cast):
    places = cast.network
    places.branch.delete()
    close_scope(actor=SYSTEM, scope=places.library, successor=places.other_library)
    reopen_scope(actor=SYSTEM, scope=places.library)
    assert (places.library.closed_date, places.library.successor) == (None, None)
    assert not Grant.objects.filter(scope=places.library, revoked_at=None).exists()
    with pytest.raises(NotPossible):
        reopen_scope(actor=SYSTEM, scope=places.library)


def test_a_librarian_may_not_reopen_a_library(cast):
    cast.network.branch.delete()
    close_scope(actor=SYSTEM, scope=cast.network.library, successor=None)
    with pytest.raises(Refused):
        reopen_scope(actor=actor(cast.librarian), scope=cast.network.library)
    assert cast.network.library.closed_date is not None
