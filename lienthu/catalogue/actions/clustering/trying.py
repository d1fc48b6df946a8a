"""Seats for the records of a trial: what came before in the file lies in temporary tables; nothing else is written."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from lienthu.catalogue.actions.clustering.seats import Arrival, arrival_of, matching_is_on, seat
from lienthu.catalogue.actions.incoming import Incoming, Seat
from lienthu.catalogue.actions.tables import copy_rows
from lienthu.catalogue.matching import VERSION
from lienthu.catalogue.policy import Existing

TABLES = """
CREATE TEMP TABLE IF NOT EXISTS trial_record
    (id bigint PRIMARY KEY, cluster_id bigint NOT NULL, version smallint NOT NULL, evidence bytea NOT NULL);
CREATE INDEX IF NOT EXISTS trial_record_cluster ON trial_record (cluster_id);
CREATE TEMP TABLE IF NOT EXISTS trial_matchkey (key bigint, record_id bigint, PRIMARY KEY (key, record_id));
TRUNCATE trial_record, trial_matchkey
"""


@dataclass(frozen=True, slots=True)
class Joining:
    """A record of the file that would join a union record; `cluster_id` None when that comes with the file too."""

    incoming: Incoming
    cluster_id: int | None


def open_trial() -> None:
    """Make or empty the temporary tables of this connection."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)


def close_trial() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS trial_record, trial_matchkey")


def try_seats(created: Sequence[Incoming], updated: Sequence[tuple[Incoming, Existing]]) -> list[Joining]:
    """Which records of this chunk would join another union record than their own."""
    if not matching_is_on():
        return []
    # Records of the file go by the number of their place in it, below zero.
    arrivals = [arrival_of(-i.number, i) for i in created]
    arrivals += [arrival_of(e.record_id, i, home=e.cluster_id) for i, e in updated]
    seats = seat(arrivals, trial=True)
    homes = _homes(arrivals, seats)
    fresh = list(zip(arrivals, homes, strict=True))[: len(created)]
    copy_rows(
        "trial_record",
        ["id", "cluster_id", "version", "evidence"],
        ((one.record_id, home, VERSION, one.evidence.packed()) for one, home in fresh),
    )
    copy_rows("trial_matchkey", ["key", "record_id"], ((key, one.record_id) for one, _ in fresh for key in one.keys))
    incoming = [*created, *(i for i, _ in updated)]
    return [
        Joining(i, home if home > 0 else None)
        for i, found, home in zip(incoming, seats, homes, strict=True)
        if found.joined
    ]


def _homes(arrivals: Sequence[Arrival], seats: Sequence[Seat]) -> list[int]:
    homes: list[int] = []
    for one, found in zip(arrivals, seats, strict=True):
        if found.with_place is not None:
            homes.append(homes[found.with_place])
        else:
            homes.append(found.cluster_id if found.cluster_id is not None else -abs(one.record_id))
    return homes
