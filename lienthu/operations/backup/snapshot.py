"""One consistent moment of the database: what every table holds, and the name under which pg_dump sees the same."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from lienthu.operations.backup.programs import Address, connect
from lienthu.operations.problems import BackupProblem

# One backup and one restore test at a time on one database; any numbers that nobody else uses.
BACKUP_LOCK, TEST_LOCK = 7_405_310_627_001, 7_405_310_627_002

# Rows are compared as text, so the settings that change how text is written must be the same on both sides.
_SESSION = (
    "SET TIME ZONE 'UTC'; SET datestyle TO 'ISO, YMD'; SET intervalstyle TO 'postgres'; "
    "SET bytea_output TO 'hex'; SET extra_float_digits TO 1; SET statement_timeout TO 0; "
    "SET idle_in_transaction_session_timeout TO 0"
)

_TABLES = """
    SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
    ORDER BY n.nspname, c.relname
"""

_DOCUMENT_COLUMNS = """
    SELECT table_schema, table_name, column_name FROM information_schema.columns
    WHERE (column_name = 'file_key' OR column_name LIKE '%\\_file\\_key')
      AND table_schema NOT IN ('pg_catalog', 'information_schema')
"""

Report = Callable[[int, int], None]
"""Called with how much is done and how much there is in all."""


@dataclass(frozen=True)
class TableState:
    """What a table holds: number of rows, and a sum over the hashes of their texts, whatever their order."""

    rows: int
    digest: str


@dataclass(frozen=True)
class Facts:
    """Everything that is said about one moment of a database."""

    server_version: str
    server_major: int
    tables: dict[str, TableState]
    migrations: dict[str, list[str]]
    audit_seq: int
    audit_hash: str

    @property
    def rows(self) -> int:
        return sum(state.rows for state in self.tables.values())


@contextmanager
def only_one(address: Address, lock: int, *, problem: str) -> Iterator[None]:
    """Hold one of the locks above; the server gives it back when this process dies.

    Raises BackupProblem(problem) when somebody else holds it.
    """
    with connect(address) as connection:
        row = connection.execute("SELECT pg_try_advisory_lock(%s)", [lock]).fetchone()
        if not row or not row[0]:
            raise BackupProblem(problem)
        yield


def is_held(address: Address, lock: int) -> bool:
    """Does any process hold this lock now?"""
    with connect(address) as connection:
        row = connection.execute("SELECT pg_try_advisory_lock_shared(%s)", [lock]).fetchone()
        return not row or not row[0]


class Snapshot:
    """An open snapshot; `name` is what pg_dump takes. Everything it is asked is of the same moment."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row
        self.name: str = row[0]

    def facts(self, report: Report = lambda done, total: None) -> Facts:
        return read_facts(self._connection, report)

    def document_keys(self) -> set[str]:
        """Keys of all documents that any table names, in a column called file_key or …_file_key."""
        found: set[str] = set()
        for schema, table, column in self._connection.execute(_DOCUMENT_COLUMNS).fetchall():
            query = sql.SQL("SELECT DISTINCT {} FROM {} WHERE {} <> ''").format(
                sql.Identifier(column), sql.Identifier(schema, table), sql.Identifier(column)
            )
            found |= {row[0] for row in self._connection.execute(query)}
        return found

    def table_bytes(self) -> int:
        """What the tables take on disk, without their indexes, which no dump holds."""
        row = self._connection.execute(
            "SELECT coalesce(sum(pg_table_size(c.oid)), 0)::bigint FROM pg_class c "
            "JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"
        ).fetchone()
        return int(row[0]) if row else 0


@contextmanager
def snapshot(address: Address) -> Iterator[Snapshot]:
    """Open a snapshot; writers go on undisturbed. Raises BackupProblem when the server cannot be reached."""
    with connect(address) as connection:
        connection.execute(_SESSION)
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield Snapshot(connection)
        connection.execute("COMMIT")


def facts_of(address: Address, report: Report = lambda done, total: None) -> Facts:
    """The facts of a database as it is now."""
    with snapshot(address) as now:
        return now.facts(report)


def table_count(address: Address) -> int:
    """Number of tables that are not PostgreSQL's own."""
    with connect(address) as connection:
        return len(connection.execute(_TABLES).fetchall())


def server_major(address: Address) -> int:
    with connect(address) as connection:
        return connection.info.server_version // 10000


def read_facts(connection: psycopg.Connection[Any], report: Report) -> Facts:
    names = connection.execute(_TABLES).fetchall()
    tables: dict[str, TableState] = {}
    for done, (schema, table) in enumerate(names):
        report(done, len(names))
        tables[table if schema == "public" else f"{schema}.{table}"] = _state(connection, schema, table)
    migrations: dict[str, list[str]] = {}
    seq, head = 0, b""
    if "django_migrations" in tables:
        for app, name in connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name"):
            migrations.setdefault(app, []).append(name)
    if "audit_head" in tables:
        row = connection.execute("SELECT seq, hash FROM audit_head WHERE id = 1").fetchone()
        seq, head = (row[0], bytes(row[1])) if row else (0, b"")
    version = connection.info.server_version
    return Facts(
        server_version=f"{version // 10000}.{version % 10000}",
        server_major=version // 10000,
        tables=tables,
        migrations=migrations,
        audit_seq=seq,
        audit_hash=head.hex(),
    )


def _state(connection: psycopg.Connection[Any], schema: str, table: str) -> TableState:
    query = sql.SQL(
        "SELECT count(*), coalesce(sum(hashtextextended(lienthu_row::text, 0)::numeric), 0)::text FROM {} lienthu_row"
    ).format(sql.Identifier(schema, table))
    row = connection.execute(query).fetchone()
    assert row
    return TableState(rows=row[0], digest=row[1])
