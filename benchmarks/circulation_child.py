"""Measures the actions of circulation in process, on the database of DATABASE_URL. Started by circulation.

Prints one line of JSON: milliseconds of an action (p50), of bare SQL writing the same rows, statements, and how long
the choice of copies for 100,000 requests takes.
"""

import json
import os
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import psycopg
from django.db import connection, transaction

from lienthu.circulation.actions import checkin, checkout, retarget
from lienthu.identity.access import system_actor

EACH, WARM = 150, 20
HOLDS = 100_000
WRITES = ("INSERT", "UPDATE", "DELETE", "WITH")
ACTOR = system_actor("benchmark")
_HOLDS = """
INSERT INTO circulation_hold (patron_id, level, cluster_id, pickup_library_id, state, position, category, age_band,
                              keep, shelf_days, placed_at, channel, passed, reason)
SELECT p.id, 'EDITION', c.cluster_id, l.ids[1 + c.n % array_length(l.ids, 1)], 'PENDING', 0, 'ADULT', '26-59',
       false, 7, now(), 'BENCH', '{}', ''
FROM (SELECT cluster_id, row_number() OVER (ORDER BY id) AS n FROM catalogue_sourcerecord
      WHERE control_number LIKE 'BM%') c
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM patrons_patron WHERE registered_by = 'benchmark') p
  ON p.n = 1 + c.n % (SELECT count(*) FROM patrons_patron WHERE registered_by = 'benchmark'),
  (SELECT array_agg(id ORDER BY id) AS ids FROM libraries_library WHERE status = 'ACTIVE') l
LIMIT 100000
"""
Recorded = list[tuple[str, Any]]


def rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def record(act: Callable[[], object]) -> tuple[Recorded, int]:
    """What an action writes, and how many statements it asks; then all of it is rolled back."""
    written: Recorded = []
    asked = 0

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal asked
        asked += "SAVEPOINT" not in sql
        if sql.lstrip().startswith(WRITES):
            written.append((sql, params))
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(note):
        act()
        transaction.set_rollback(True)
    return written, asked


def write_again(bare: psycopg.Connection[Any], recorded: Recorded) -> float:
    """The same rows by bare SQL in one transaction; milliseconds. A new loan has a new number in the rows that name
    it."""
    old = new = None
    started = time.perf_counter()
    with bare.transaction(), psycopg.ClientCursor(bare) as cursor:
        for sql, params in recorded:
            if old is not None:
                params = _renumbered(params, old, new)
            cursor.execute(sql, params)
            if "INSERT INTO circulation_loan " in sql:
                new = (cursor.fetchone() or (0,))[0]
                old = new - 1
    return (time.perf_counter() - started) * 1000


def _renumbered(params: Any, old: int, new: Any) -> Any:
    if isinstance(params, dict):
        return {name: new if value == old else value for name, value in params.items()}
    return tuple(new if value == old else value for value in params or ())


def timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def acts() -> dict[str, float]:
    """Both actions, and both written again."""
    # Numbers of loans that no other row has, so that they are known again in what is written a second time.
    rows("SELECT setval('circulation_loan_id_seq', greatest(1000000000, nextval('circulation_loan_id_seq')))")
    ((main,),) = rows("SELECT id FROM libraries_library WHERE code = 'VN-TQ-TINH'")
    items = [one for (one,) in rows("SELECT id FROM catalogue_item WHERE accession_number LIKE 'BM.09%.1' ORDER BY id")]
    readers = [one for (one,) in rows("SELECT patron_id FROM patrons_card WHERE number LIKE 'BM-04%' ORDER BY id")]
    times: dict[str, list[float]] = {name: [] for name in ("checkout", "checkin", "checkout_bare", "checkin_bare")}
    most = {"checkout": 0, "checkin": 0}

    def lend(item: int, reader: int, key: str) -> Callable[[], object]:
        return lambda: checkout(actor=ACTOR, item_id=item, patron_id=reader, library_id=main, request_key=key)

    def take(item: int, key: str) -> Callable[[], object]:
        return lambda: checkin(actor=ACTOR, item_id=item, library_id=main, request_key=key)

    moment = time.time_ns()
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as bare:
        for place in range(WARM + EACH):
            item, reader = items[place], readers[place]
            times["checkout"].append(timed(lend(item, reader, f"bm-{moment}-{place}-a")))
            times["checkin"].append(timed(take(item, f"bm-{moment}-{place}-b")))
            for what, act in (
                ("checkout", lend(item, reader, f"bm-{moment}-{place}-c")),
                ("checkin", take(item, f"bm-{moment}-{place}-d")),
            ):
                recorded, asked = record(act)
                most[what] = max(most[what], asked)
                times[f"{what}_bare"].append(write_again(bare, recorded))
    found = {f"{name}_ms": median(ms[WARM:]) for name, ms in times.items()}
    return found | {f"{name}_statements": float(asked) for name, asked in most.items()}


def targets() -> dict[str, float]:
    """Choose copies for 100,000 requests; they are removed again."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_HOLDS)
            holds = cursor.rowcount
            cursor.execute("ANALYZE circulation_hold")
        started = time.perf_counter()
        chosen = retarget()
        return {"holds": holds, "chosen": chosen, "retarget_seconds": time.perf_counter() - started}
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM circulation_hold WHERE channel = 'BENCH'")


def main() -> None:
    """One line of JSON."""
    print(json.dumps(acts() | targets()))
