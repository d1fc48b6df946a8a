"""Readers who look the same, with the reasons, among the readers of some libraries."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from lienthu.patrons.models import Patron

SHOWN = 200

_PAIRS = """
WITH known AS (
    SELECT id, name_folded, birth_date, phone, lower(email) AS email, identity_mark FROM patrons_patron
    WHERE home_library_id = ANY(%(libraries)s) AND state IN ('ACTIVE', 'CLOSED', 'PENDING') AND name_folded <> ''
), pairs AS (
    SELECT a.id AS first, b.id AS second, 'IDENTITY' AS reason FROM known a JOIN known b USING (identity_mark)
    WHERE a.id < b.id AND identity_mark IS NOT NULL
    UNION SELECT a.id, b.id, 'BIRTH' FROM known a JOIN known b USING (name_folded, birth_date) WHERE a.id < b.id
    UNION SELECT a.id, b.id, 'PHONE' FROM known a JOIN known b USING (name_folded, phone)
    WHERE a.id < b.id AND phone <> ''
    UNION SELECT a.id, b.id, 'EMAIL' FROM known a JOIN known b USING (name_folded, email)
    WHERE a.id < b.id AND email <> ''
)
SELECT first, second, array_agg(reason ORDER BY reason) FROM pairs p
WHERE NOT EXISTS (SELECT FROM patrons_different d WHERE d.first_id = p.first AND d.second_id = p.second)
GROUP BY first, second ORDER BY bool_or(reason = 'IDENTITY') DESC, count(*) DESC, first, second LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two readers who may be one, and what speaks for it."""

    first: Patron
    second: Patron
    reasons: tuple[str, ...]

    @property
    def both(self) -> tuple[Patron, Patron]:
        """In the order in which they came."""
        return self.first, self.second

    @property
    def choices(self) -> tuple[tuple[Patron, Patron], tuple[Patron, Patron]]:
        """(the one that stays, the other) both ways."""
        return (self.first, self.second), (self.second, self.first)


def likely_pairs(library_ids: Iterable[int], *, limit: int = SHOWN) -> list[Pair]:
    """Pairs among the readers of these libraries, the surest first, without those found to be two people."""
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, {"libraries": list(library_ids), "limit": limit})
        rows = cursor.fetchall()
    wanted = {number for first, second, _reasons in rows for number in (first, second)}
    known = Patron.objects.select_related("category", "home_library__scope").in_bulk(wanted)
    words = {
        "IDENTITY": _("cùng số định danh"),
        "BIRTH": _("cùng tên và ngày sinh"),
        "PHONE": _("cùng tên và số điện thoại"),
        "EMAIL": _("cùng tên và thư điện tử"),
    }
    return [
        Pair(known[first], known[second], tuple(words[reason] for reason in reasons)) for first, second, reasons in rows
    ]
