"""Who acts for a reader: who collects, who answers for a child."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from lienthu.kernel import ids
from lienthu.kernel.postgresql.planned import ask
from lienthu.patrons.models import Guardianship, Patron, Proxy
from lienthu.patrons.policy import CHILD_AGE, age_on

# One who was erased, merged or closed since collects no more.
_COLLECTORS = """
SELECT coalesce(c.full_name, x.name), coalesce(c.phone, x.phone), coalesce(k.number, ''), x.until
FROM patrons_proxy x
LEFT JOIN patrons_patron c ON c.id = x.collector_id
LEFT JOIN patrons_card k ON k.patron_id = c.id AND k.status = 'ACTIVE'
WHERE x.patron_id = %s AND x.ended_at IS NULL AND (x.until IS NULL OR x.until >= %s)
    AND (c.id IS NULL OR c.state = 'ACTIVE')
ORDER BY x.id
"""


_WARDS = """
SELECT c.id, c.full_name, c.birth_date
FROM patrons_patron c
WHERE c.state = 'ACTIVE' AND EXISTS (
    SELECT FROM patrons_guardianship g WHERE g.child_id = c.id AND g.guardian_id = %s AND g.ended_at IS NULL)
ORDER BY c.name_sort, c.id
"""


@dataclass(frozen=True, slots=True)
class Collector:
    """Somebody who may collect for a reader, as a counter shows them. `card`: of one who is a reader too."""

    name: str
    phone: str
    card: str
    until: date | None


def collectors_of(patron_id: int, *, on: date) -> list[Collector]:
    """Who may collect for a reader on a day."""
    return [Collector(*row) for row in ask(_COLLECTORS, [patron_id, on])]


def current_proxies(patron: Patron, *, on: date) -> QuerySet[Proxy]:
    """Who may collect for a reader on a day."""
    return (
        Proxy.objects.filter(patron=patron, ended_at=None)
        .filter(Q(until=None) | Q(until__gte=on))
        .select_related("collector")
        .order_by("id")
    )


def current_guardians(patron: Patron) -> QuerySet[Guardianship]:
    """Who answers for a reader."""
    return Guardianship.objects.filter(child=patron, ended_at=None).select_related("guardian").order_by("id")


@dataclass(frozen=True, slots=True)
class Ward:
    """A child for whom a reader answers."""

    patron_id: int
    public_id: str
    name: str


def wards_of(patron_id: int, *, on: date) -> list[Ward]:
    """The children for whom a reader answers on a day; from their sixteenth birthday on they answer for themselves."""
    rows = ask(_WARDS, [patron_id])
    return [Ward(number, ids.encode(number), name) for number, name, born in rows if _is_child(born, on)]


def _is_child(born: date | None, on: date) -> bool:
    age = age_on(born, on)
    return age is not None and age < CHILD_AGE
