"""Statements that PostgreSQL plans once for each connection, for what desks ask hundreds of times a minute.

Django writes values into the text of a statement, so the server reads and plans it anew each time, which for a short
statement is most of its cost. A statement sent through `planned` is prepared at its first use and kept under its text
and the types of its values; it stays as long as the connection. Name every column: a statement that was planned for
other columns than it finds is refused.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

M = TypeVar("M", bound=Model)
# Statements kept on a connection; the one that was not asked for longest goes first.
_MOST_KEPT = 300


class _Planning(psycopg.Cursor[Any]):
    """A cursor whose values travel beside the statement."""

    def execute(self, query: Any, params: Any = None, **how: Any) -> Any:
        found = super().execute(query, params, **{**how, "prepare": True})
        if connection.queries_logged:
            self._query = self._convert_query(query, params)  # where Django's log of statements looks for the text
        return found


@contextmanager
def planned() -> Iterator[CursorWrapper]:
    """A cursor like `connection.cursor()`, seen by the same wrappers, whose statements stay planned."""
    database = connections[DEFAULT_DB_ALIAS]  # looked up once: each look through `connection` costs as much as a call
    database.close_if_health_check_failed()
    database.ensure_connection()
    with database.wrap_database_errors:
        raw = database.connection
        if raw.prepare_threshold is None:
            # Django's own cursors bind in the client and are never prepared, whatever stands here
            raw.prepare_threshold, raw.prepared_max = 0, _MOST_KEPT
        cursor = database._prepare_cursor(_Planning(raw))
    with cursor:
        yield cursor


def ask(sql: str, values: Any = None) -> list[tuple[Any, ...]]:
    """The rows of one planned statement."""
    with planned() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def tell(sql: str, values: Any = None) -> int:
    """Do one planned statement; how many rows it changed."""
    with planned() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def columns(model: type[Model], alias: str) -> str:
    """All columns of a model for a SELECT, in the order in which `as_models` expects them."""
    return ", ".join([f'{alias}."{field.column}"' for field in model._meta.concrete_fields])


def as_models(model: type[M], rows: Iterable[Sequence[Any]]) -> list[M]:
    """Rows of `columns` as instances of the model, as if the ORM had read them."""
    fields = model._meta.concrete_fields
    names = [field.attname for field in fields]
    converted = [(place, field.from_db_value) for place, field in enumerate(fields) if hasattr(field, "from_db_value")]
    found = []
    for row in rows:
        values = list(row)
        for place, convert in converted:
            values[place] = convert(values[place], None, connection)
        found.append(model.from_db(connection.alias, names, values))
    return found
