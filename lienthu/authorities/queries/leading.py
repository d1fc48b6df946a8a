"""Where forms lead: for the lists that readers walk through, and for the words by which the index finds a record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection

from lienthu.authorities.policy.forms import beginnings, key_of
from lienthu.authorities.queries.families import clusters_of
from lienthu.catalogue.queries import AUTHOR_TAGS, SUBJECT_TAGS

# See-references shown on one page of a list at most.
MOST_REFERENCES = 200


@dataclass(slots=True)
class OtherNames:
    """The other forms of what a union record is by, about or called; found by search, shown nowhere."""

    authors: list[str] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Reference:
    """What stands beside a heading of a list: the preferred forms that it leads to, and those to see also."""

    heading_id: int
    kind: str
    text: str
    sort: bytes
    see: list[tuple[str, str]] = field(default_factory=list)
    """(kind, text) of the preferred forms."""
    see_also: list[tuple[str, str]] = field(default_factory=list)


_USED = """
EXISTS (SELECT 1 FROM catalogue_headinglink k
        JOIN catalogue_sourcerecord r ON r.id = k.record_id AND r.status = 'ACTIVE'
        JOIN catalogue_cluster c ON c.id = r.cluster_id AND c.is_active
        WHERE k.heading_id = {heading} AND k.tag = ANY(%(tags)s))
"""
# Variants that no record uses themselves, whose preferred form is used: lines that only refer.
_BETWEEN = f"""
SELECT 'between' AS part, h.id, h.kind, h.text, h.sort, p.kind, p.text, p.sort
FROM authorities_form f
JOIN authorities_authority a ON a.id = f.authority_id AND a.status = 'ACTIVE'
JOIN catalogue_heading h ON h.id = f.heading_id
JOIN authorities_form g ON g.authority_id = a.id AND g.is_preferred
JOIN catalogue_heading p ON p.id = g.heading_id
WHERE NOT f.is_preferred AND h.kind = ANY(%(kinds)s)
  AND (h.sort, h.id) >= (%(low)s, %(low_id)s) AND (%(high)s::bytea IS NULL OR (h.sort, h.id) < (%(high)s, %(high_id)s))
  AND NOT {_USED.format(heading="h.id")} AND {_USED.format(heading="p.id")}
ORDER BY h.sort, h.id LIMIT %(most)s
"""
_SEE = """
SELECT 'see', f.heading_id, '', '', ''::bytea, p.kind, p.text, p.sort
FROM authorities_form f
JOIN authorities_authority a ON a.id = f.authority_id AND a.status = 'ACTIVE'
JOIN authorities_form g ON g.authority_id = a.id AND g.is_preferred
JOIN catalogue_heading p ON p.id = g.heading_id
WHERE NOT f.is_preferred AND f.heading_id = ANY(%(headings)s)
"""
_SEE_ALSO = f"""
SELECT 'see_also', f.heading_id, '', '', ''::bytea, p.kind, p.text, p.sort
FROM authorities_form f
JOIN authorities_relation r ON f.authority_id IN (r.authority_id, r.other_id)
JOIN authorities_authority a
    ON a.id = CASE WHEN r.authority_id = f.authority_id THEN r.other_id ELSE r.authority_id END AND a.status = 'ACTIVE'
JOIN authorities_form g ON g.authority_id = a.id AND g.is_preferred
JOIN catalogue_heading p ON p.id = g.heading_id
WHERE f.is_preferred AND f.heading_id = ANY(%(headings)s) AND {_USED.format(heading="p.id")}
"""
_REFERENCES = f"({_BETWEEN}) UNION ALL ({_SEE}) UNION ALL ({_SEE_ALSO}) ORDER BY part, 5, 2, 8"


@dataclass(slots=True)
class References:
    """The references of one page of a list: lines of their own, and what stands beside its headings (by id)."""

    between: list[Reference] = field(default_factory=list)
    beside: dict[int, Reference] = field(default_factory=dict)


def references(
    *,
    kinds: Sequence[str],
    tags: Sequence[int],
    low: tuple[bytes, int],
    high: tuple[bytes, int] | None,
    headings: Sequence[int],
) -> References:
    """References between two places (sort key, heading id) of a list and at its headings; `high` None: to the end."""
    parameters = {
        "kinds": list(kinds),
        "tags": list(tags),
        "low": low[0],
        "low_id": low[1],
        "high": high[0] if high else None,
        "high_id": high[1] if high else None,
        "most": MOST_REFERENCES,
        "headings": list(headings),
    }
    between: dict[int, Reference] = {}
    found = References()
    with connection.cursor() as cursor:
        cursor.execute(_REFERENCES, parameters)
        for part, heading_id, kind, text, sort, other_kind, other, _other_sort in cursor.fetchall():
            into = between if part == "between" else found.beside
            line = into.setdefault(heading_id, Reference(heading_id, kind, text, bytes(sort)))
            (line.see_also if part == "see_also" else line.see).append((other_kind, other))
    found.between = list(between.values())
    return found


# The headings of these union records that could have an authority: those that are a form of one, and divided ones.
_HEADINGS = """
SELECT DISTINCT r.cluster_id, k.tag, h.id, h.kind, h.key, h.text
FROM unnest(%s::bigint[]) AS w (id)
JOIN catalogue_sourcerecord r ON r.cluster_id = w.id AND r.status = 'ACTIVE'
JOIN catalogue_headinglink k ON k.record_id = r.id
JOIN catalogue_heading h ON h.id = k.heading_id
WHERE strpos(h.text, ' -- ') > 0 OR EXISTS (SELECT 1 FROM authorities_form f WHERE f.heading_id = h.id)
"""
_FORMS = """
SELECT h.kind, h.key, o.heading_id, p.text
FROM unnest(%s::text[], %s::text[]) AS w (kind, key)
JOIN catalogue_heading h ON h.key = w.key AND h.kind = w.kind
JOIN authorities_form f ON f.heading_id = h.id
JOIN authorities_authority a ON a.id = f.authority_id AND a.status = 'ACTIVE'
JOIN authorities_form o ON o.authority_id = a.id AND o.heading_id <> f.heading_id
JOIN catalogue_heading p ON p.id = o.heading_id
"""


def other_names(cluster_ids: Sequence[int]) -> dict[int, OtherNames]:
    """For union records whose headings have authorities: all other forms of those, also of a heading with divisions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM authorities_authority WHERE status = 'ACTIVE')")
        if not cursor.fetchone()[0]:
            return {}
        cursor.execute(_HEADINGS, [list(cluster_ids)])
        links = [
            (cluster_id, tag, (kind, known))
            for cluster_id, tag, _id, kind, key, text in cursor.fetchall()
            for known in (key, *map(key_of, beginnings(text)))
        ]
        wanted = {main for _cluster, _tag, main in links}
        cursor.execute(_FORMS, [[kind for kind, _ in wanted], [key for _, key in wanted]])
        forms: dict[tuple[str, str], list[str]] = {}
        for kind, key, _heading, text in cursor.fetchall():
            forms.setdefault((kind, key), []).append(text)
    found: dict[int, OtherNames] = {}
    for cluster_id, tag, main in links:
        if main in forms:
            names = found.setdefault(cluster_id, OtherNames())
            into = names.authors if tag in _AUTHORS else names.subjects if tag in _SUBJECTS else names.titles
            into.extend(text for text in forms[main] if text not in into)
    return found


_AUTHORS = frozenset(AUTHOR_TAGS) | {880}
_SUBJECTS = frozenset(SUBJECT_TAGS)


def clusters_under(heading_ids: Iterable[int]) -> list[int]:
    """Shown union records that use these headings, alone or with divisions."""
    return clusters_of(heading_ids)
