"""A kept connection whose server has gone is replaced before the next statement, and nothing is asked of the others."""

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper


@pytest.fixture
def kept() -> Iterator[BaseDatabaseWrapper]:
    """A second connection as a worker keeps it between two pages."""
    own = connection.copy()
    own.ensure_connection()
    yield own
    own.close()


def number(database: BaseDatabaseWrapper) -> Any:
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def between_pages(database: BaseDatabaseWrapper) -> None:
    database.close_if_unusable_or_obsolete()


@pytest.mark.django_db
def test_a_sound_connection_is_kept_without_asking_it(kept, monkeypatch):
    before = number(kept)
    between_pages(kept)
    monkeypatch.setattr("django.db.backends.postgresql.base.DatabaseWrapper.is_usable", lambda self: False)
    assert kept.settings_dict["CONN_HEALTH_CHECKS"] is True
    assert number(kept) == before


@pytest.mark.django_db
def test_a_connection_that_the_server_ended_is_replaced(kept):
    before = number(kept)
    between_pages(kept)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [before])
    assert number(kept) != before


@pytest.mark.django_db
def test_a_notice_does_not_end_a_connection(kept):
    before = number(kept)
    with kept.cursor() as cursor:
        cursor.execute("LISTEN lienthu_test")
    between_pages(kept)
    # one's own transaction is the test's, which never commits
    other = connection.copy()
    with contextlib.closing(other), other.cursor() as cursor:
        cursor.execute("SELECT pg_notify('lienthu_test', '')")
    assert number(kept) == before
