"""What an authority reaches, and what a change of it would do: counts, libraries, samples before and after."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from lienthu.authorities.policy.forms import HeadingForm, key_of
from lienthu.authorities.policy.rewriting import rewritten
from lienthu.authorities.queries.families import family_of, heading_rows, records_under
from lienthu.catalogue.queries import sources_of

SAMPLES = 5


@dataclass(frozen=True, slots=True)
class UsingRecord:
    """A source record that uses a heading of an authority."""

    record_id: int
    cluster_id: int
    title: str
    library: str
    control_number: str
    heading: str


def using_records(heading_ids: Sequence[int], *, limit: int) -> list[UsingRecord]:
    """Records in use under these headings, also with divisions, in the order of their titles."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT r.id, c.id, c.title, l.name_vi, r.control_number, min(h.text)
            FROM catalogue_headinglink k
            JOIN catalogue_heading h ON h.id = k.heading_id
            JOIN catalogue_sourcerecord r ON r.id = k.record_id AND r.status = 'ACTIVE'
            JOIN catalogue_cluster c ON c.id = r.cluster_id AND c.is_active
            JOIN libraries_library l ON l.id = r.library_id
            WHERE k.heading_id = ANY(%s)
            GROUP BY r.id, c.id, l.name_vi ORDER BY c.title_sort, r.id LIMIT %s
            """,
            [list(family_of(heading_ids)), limit],
        )
        return [UsingRecord(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Sample:
    """One record before and after: its title and the fields that change."""

    title: str
    library: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do: how many records, how many of which library, a few of them before and after."""

    total: int
    libraries: tuple[tuple[str, int], ...]
    samples: tuple[Sample, ...]


def preview(*, old_headings: Sequence[int], form: HeadingForm, record_ids: Sequence[int] | None = None) -> Preview:
    """What putting `form` in place of these headings would do; nothing is written."""
    reached = records_under(old_headings)
    if record_ids is not None:
        chosen = set(record_ids)
        reached = [one for one in reached if one in chosen]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT l.name_vi, count(*) FROM catalogue_sourcerecord r JOIN libraries_library l ON l.id = r.library_id
            WHERE r.id = ANY(%s) GROUP BY 1 ORDER BY 2 DESC, 1
            """,
            [reached],
        )
        libraries = tuple(cursor.fetchall())
        cursor.execute(
            """
            SELECT r.id, r.cluster_id, c.title, l.name_vi FROM catalogue_sourcerecord r
            JOIN catalogue_cluster c ON c.id = r.cluster_id JOIN libraries_library l ON l.id = r.library_id
            WHERE r.id = ANY(%s) ORDER BY r.id LIMIT %s
            """,
            [reached, SAMPLES],
        )
        rows = cursor.fetchall()
    old = {key_of(one.text) for one in heading_rows(old_headings).values()}
    samples = []
    for record_id, cluster_id, title, library in rows:
        source = next((one for one in sources_of(cluster_id) if one.id == record_id), None)
        if source is not None:
            samples.append(Sample(title, library, rewritten(source.record, old=old, form=form).lines))
    return Preview(len(reached), libraries, tuple(samples))
