"""Rows by the thousand: COPY, and ids taken in advance."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import orjson
from django.db import connection


@cache
def _column_types(table: str, columns: tuple[str, ...]) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, atttypid::int FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0", [table]
        )
        types = dict(cursor.fetchall())
    return tuple(types[column] for column in columns)


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY rows into a table, in binary form; columns in the order of the row values, JSON values as Jsonb.

    Raises the errors of django.db, as other statements do.
    """
    types = _column_types(table, tuple(columns))
    with (
        connection.cursor() as cursor,
        # Django wraps the errors of execute(), not those of copy().
        connection.wrap_database_errors,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.set_types(types)
        write = copy.write_row
        for row in rows:
            write(row)


def allocate(table: str, count: int) -> list[int]:
    """Take `count` new ids of a table from its sequence."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def json_bytes(value: Any) -> bytes:
    """JSON for jsonb, which cannot hold NUL."""
    return orjson.dumps(value).replace(b"\\u0000", b"")


def int_array(values: Iterable[int]) -> str:
    """The text of an array of integers; psycopg would look at each of many thousands by itself."""
    return f"{{{','.join(map(str, values))}}}"
