"""Which records a selection means."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from lienthu.batchedit.policy import selecting
from lienthu.batchedit.policy.selecting import Line, lines_of
from lienthu.discovery.queries.asking import ask_for_all
from lienthu.kernel import ids
from lienthu.libraries.queries import Library

# More than any network holds; the index gives ids only.
MOST_RESULTS = 5_000_000

_OF_CLUSTERS = """
SELECT id FROM catalogue_sourcerecord WHERE library_id = %s AND status = 'ACTIVE' AND cluster_id = ANY(%s) LIMIT %s
"""
_OF_IMPORT = """
SELECT DISTINCT v.record_id FROM catalogue_revision v JOIN catalogue_sourcerecord r ON r.id = v.record_id
WHERE v.batch_id = %s AND r.library_id = %s AND r.status = 'ACTIVE' LIMIT %s
"""
_EVERYTHING = "SELECT id FROM catalogue_sourcerecord WHERE library_id = %s AND status = 'ACTIVE' LIMIT %s"

# Each: line -> record, library of the record, whether it stands, id of a copy. Every line may name several records.
_BY_ACCESSION = """
SELECT w.line, r.id, r.library_id, r.status = 'ACTIVE', i.id FROM unnest(%s::text[]) AS w (line)
JOIN catalogue_item i ON i.accession_number = w.line JOIN catalogue_sourcerecord r ON r.id = i.record_id
"""
_BY_CONTROL = """
SELECT w.line, r.id, r.library_id, r.status = 'ACTIVE', NULL FROM unnest(%s::text[]) AS w (line)
JOIN catalogue_sourcerecord r ON r.control_number = w.line
"""
_BY_STANDARD = """
SELECT w.line, r.id, r.library_id, r.status = 'ACTIVE', NULL FROM unnest(%s::text[]) AS w (line)
JOIN catalogue_identifier n ON n.value = w.line AND n.kind IN ('ISBN', 'ISSN')
JOIN catalogue_sourcerecord r ON r.id = n.record_id
"""
_BY_CLUSTER = """
SELECT w.cluster::text, r.id, r.library_id, r.status = 'ACTIVE', NULL FROM unnest(%s::bigint[]) AS w (cluster)
JOIN catalogue_sourcerecord r ON r.cluster_id = w.cluster
"""

NOT_FOUND, ELSEWHERE, WITHDRAWN = "not_found", "elsewhere", "withdrawn"


@dataclass(slots=True)
class Chosen:
    """Records of a selection: id -> ids of the copies that were named, None for all; and lines that named none."""

    records: dict[int, list[int] | None] = field(default_factory=dict)
    left: list[tuple[str, str]] = field(default_factory=list)


def chosen(library: Library, selection: dict[str, Any], *, most: int) -> Chosen:
    """The records of this library that a selection means, at most `most` + 1 of them, so that too many can be told."""
    kind, limit = selection["kind"], most + 1
    if kind == selecting.LIST:
        return _listed(library, lines_of(selection["text"]), selection.get("numbers", selecting.ANY))
    if kind == selecting.IMPORT:
        return _records(_OF_IMPORT, [selection["batch"], library.pk, limit])
    if kind == selecting.EVERYTHING:
        return _records(_EVERYTHING, [library.pk, limit])
    found, _total = ask_for_all(selection["text"], limit=MOST_RESULTS)
    return _records(_OF_CLUSTERS, [library.pk, list(found), limit])


def _records(sql: str, parameters: list[Any]) -> Chosen:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return Chosen(records=dict.fromkeys(row[0] for row in cursor.fetchall()))


def _listed(library: Library, lines: Sequence[Line], numbers: str) -> Chosen:
    result = Chosen()
    waiting = list(lines)
    why: dict[str, str] = {}
    for kind in _KINDS if numbers == selecting.ANY else (numbers,):
        if waiting:
            waiting = _look(result, why, library, waiting, kind)
    result.left = [(line.text, why.get(line.text, NOT_FOUND)) for line in waiting]
    return result


def _look(result: Chosen, why: dict[str, str], library: Library, lines: list[Line], kind: str) -> list[Line]:
    """Take the lines that name records of this library; return the others."""
    keys = {line.text: _key(line, kind) for line in lines}
    wanted = sorted({key for key in keys.values() if key})
    found: dict[str, list[tuple[int, int, bool, int | None]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_LOOKS[kind], [[int(key) for key in wanted] if kind == selecting.PUBLIC else wanted])
        for key, *row in cursor.fetchall():
            found.setdefault(key, []).append((row[0], row[1], row[2], row[3]))
    left = []
    for line in lines:
        rows = found.get(keys[line.text], [])
        own = [row for row in rows if row[1] == library.pk and row[2]]
        for record_id, _library, _stands, item_id in own:
            _add(result.records, record_id, item_id)
        if not own:
            left.append(line)
            if rows:
                why[line.text] = WITHDRAWN if any(row[1] == library.pk for row in rows) else ELSEWHERE
    return left


def _add(records: dict[int, list[int] | None], record_id: int, item_id: int | None) -> None:
    """A record that was named by one of its copies stands for that copy; named otherwise, for all of them."""
    if item_id is None:
        records[record_id] = None
        return
    named = records.setdefault(record_id, [])
    if named is not None and item_id not in named:
        named.append(item_id)


def _key(line: Line, kind: str) -> str:
    if kind == selecting.STANDARD:
        return line.standard
    if kind == selecting.PUBLIC:
        return str(ids.decode(line.public) or "")
    return line.text


_KINDS = (selecting.ACCESSION, selecting.CONTROL, selecting.STANDARD, selecting.PUBLIC)
_LOOKS = {
    selecting.ACCESSION: _BY_ACCESSION,
    selecting.CONTROL: _BY_CONTROL,
    selecting.STANDARD: _BY_STANDARD,
    selecting.PUBLIC: _BY_CLUSTER,
}
