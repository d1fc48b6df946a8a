"""Statements that stay planned on their connection."""

from datetime import UTC, date, datetime

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lienthu.kernel.models import Event
from lienthu.kernel.postgresql.planned import as_models, ask, columns, tell

pytestmark = pytest.mark.django_db


def kept() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return {statement for (statement,) in cursor.fetchall()}


def test_a_statement_is_planned_once_and_found_again():
    assert ask("SELECT %s::int + 1", [1]) == [(2,)]
    assert ask("SELECT %s::int + 1", [2]) == [(3,)]
    assert len([one for one in kept() if one == "SELECT $1::int + 1"]) == 1


def test_wrappers_and_counters_of_statements_see_it():
    with CaptureQueriesContext(connection) as seen:
        ask("SELECT %(name)s::text", {"name": "Đỗ"})
    assert [one["sql"] for one in seen.captured_queries] == ["SELECT $1::text"]


def test_values_of_every_kind_come_back_as_the_orm_gives_them():
    moment = datetime(2026, 11, 23, 2, 0, 0, 5, tzinfo=UTC)
    values = [None, True, 2**40, "100% “Đúng”", moment, date(2026, 11, 23), [1, 2**33], b"\x00\xff"]
    rows = ask(
        "SELECT %s::text, %s::bool, %s::bigint, %s::text, %s::timestamptz, %s::date, %s::bigint[], %s::bytea", values
    )
    assert list(rows[0]) == values


def test_rows_become_the_same_instances_that_the_orm_reads():
    made = Event.objects.create(name="tests.happened", payload={"số": 3, "là": [None, "đúng"]})
    (found,) = as_models(Event, ask(f"SELECT {columns(Event, 'e')} FROM kernel_event e WHERE e.id = %s", [made.pk]))
    read = Event.objects.get(pk=made.pk)
    for one in Event._meta.concrete_fields:
        assert getattr(found, one.attname) == getattr(read, one.attname)
    assert not found._state.adding


def test_a_refused_statement_is_an_error_of_django_and_leaves_the_next_one_alone():
    with pytest.raises(DataError), transaction.atomic():
        ask("SELECT 1 / %s::int", [0])
    with pytest.raises(IntegrityError), transaction.atomic():
        tell("INSERT INTO kernel_event (name, payload) VALUES (NULL, %s)", ["{}"])
    assert ask("SELECT 1 / %s::int", [1]) == [(1,)]
    assert not Event.objects.exists()


def test_it_says_how_many_rows_it_changed():
    for name in ("a", "b"):
        Event.objects.create(name=name, payload={})
    assert tell("UPDATE kernel_event SET name = %s WHERE name = ANY(%s)", ["c", ["a", "b", "d"]]) == 2
