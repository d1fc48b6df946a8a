"""Lists for the desk: authorities, headings in records, possible duplicates, what an authority reaches."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from lienthu.authorities.models import Authority, Form, Status
from lienthu.authorities.policy.likeness import may_be_one
from lienthu.kernel.text import keys

SORTS = {
    "text": "sort", "-text": "-sort", "updated_at": "updated_at", "-updated_at": "-updated_at", "variants": "variants",
    "-variants": "-variants",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AuthorityFilter:
    """What the list is asked for: words in three tiers, kind, whether there are other forms."""

    words: str = ""
    kind: str = ""
    variants: str = ""
    """"yes", "no" or whichever."""


def find_authorities(wanted: AuthorityFilter, *, sort: str = "") -> QuerySet[Authority]:
    """Authorities in use with `variants`, the number of other forms. With words: as typed first, then without marks."""
    found = Authority.objects.filter(status=Status.ACTIVE).annotate(variants=Count("forms") - 1)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.variants in ("yes", "no"):
        others = Exists(Form.objects.filter(authority=OuterRef("pk"), is_preferred=False))
        found = found.filter(others if wanted.variants == "yes" else ~others)
    order: list[str | Combinable] = [SORTS.get(sort, "sort"), "pk"]
    asked = keys(wanted.words)
    if asked.folded:
        found = found.filter(_begins("folded", asked.folded)).annotate(
            tier=Case(
                When(_begins("exact", asked.exact), then=Value(0)),
                When(_begins("toneless", asked.toneless), then=Value(1)),
                default=Value(2),
                output_field=IntegerField(),
            )
        )
        if sort not in SORTS:
            order.insert(0, "tier")
    return found.order_by(*order)


def _begins(column: str, words: str) -> Q:
    """The words stand in a form, the last of them perhaps only begun."""
    condition = Q(**{f"{column}__startswith": words})
    for before in (" ", "\n"):
        condition |= Q(**{f"{column}__contains": before + words})
    return condition


@dataclass(frozen=True, slots=True)
class Alike:
    """One heading of a group of possible duplicates."""

    heading_id: int
    kind: str
    text: str
    authority_id: int | None
    records: int


@dataclass(frozen=True, slots=True)
class Group:
    """Headings of one kind with one plain name. `name` is where the next page begins."""

    name: str
    members: tuple[Alike, ...]


# Groups in the order of their names, so that a page ends early; a group that is one authority already is none.
_GROUPS = """
SELECT n.name, array_agg(n.dates), array_agg(n.heading_id)
FROM authorities_headingname n
WHERE n.kind = %(kind)s AND n.name > %(after)s AND n.name <> ''
GROUP BY n.name HAVING count(*) > 1
ORDER BY n.name LIMIT %(limit)s
"""
_MEMBERS = """
SELECT h.id, h.kind, h.text, f.authority_id, count(DISTINCT r.cluster_id)
FROM catalogue_heading h
LEFT JOIN LATERAL (
    SELECT f.authority_id FROM authorities_form f WHERE f.heading_id = h.id ORDER BY f.is_preferred DESC LIMIT 1
) AS f ON true
LEFT JOIN catalogue_headinglink k ON k.heading_id = h.id
LEFT JOIN catalogue_sourcerecord r ON r.id = k.record_id AND r.status = 'ACTIVE'
WHERE h.id = ANY(%s) GROUP BY h.id, h.kind, h.text, h.sort, f.authority_id ORDER BY h.sort, h.id
"""
_READ_AT_ONCE = 200


def duplicates(*, kind: str, after: str = "", size: int = 20) -> tuple[list[Group], str]:
    """Groups of headings that may be one, from a name on, and the name at which the next page begins ("": the last)."""
    groups: list[Group] = []
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_GROUPS, {"kind": kind, "after": after, "limit": _READ_AT_ONCE})
            rows = cursor.fetchall()
        for name, dates, ids in rows:
            after = name
            members = _members(ids) if may_be_one(dates) else ()
            if len({one.authority_id or -one.heading_id for one in members}) > 1:
                groups.append(Group(name, members))
            if len(groups) == size:
                return groups, name
        if len(rows) < _READ_AT_ONCE:
            return groups, ""


def _members(heading_ids: Sequence[int]) -> tuple[Alike, ...]:
    """Those of the headings that a record or an authority uses."""
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERS, [list(heading_ids)])
        members = [Alike(*row) for row in cursor.fetchall()]
    return tuple(one for one in members if one.records or one.authority_id)


def waiting_headings() -> int:
    """Headings whose plain name is not noted yet, counted up to ten thousand."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM (
                SELECT 1 FROM catalogue_heading h
                WHERE NOT EXISTS (SELECT 1 FROM authorities_headingname n WHERE n.heading_id = h.id) LIMIT 10000
            ) AS w
            """
        )
        return int(cursor.fetchone()[0])


def authorities_of(heading_ids: Sequence[int]) -> dict[int, int]:
    """The authority that each of these headings leads to, where there is one."""
    rows = Form.objects.filter(heading_id__in=heading_ids).order_by("is_preferred", "-pk")
    return dict(rows.values_list("heading_id", "authority_id"))


def preferred_ids(texts: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Authorities in use by (kind, key) of their preferred form."""
    if not texts:
        return {}
    kinds, wanted = zip(*texts, strict=True)
    rows = Form.objects.filter(
        is_preferred=True, heading__kind__in=set(kinds), heading__key__in=set(wanted), authority__status=Status.ACTIVE
    )
    return {(kind, key): pk for kind, key, pk in rows.values_list("heading__kind", "heading__key", "authority_id")}
