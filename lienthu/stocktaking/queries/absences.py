"""What rounds that were closed say of copies nobody found, round after round; asked by rooms that weed."""

from django.db import connection

from lienthu.stocktaking.models import Round, State

# A round that was taken back says nothing, nor one that did not count the shelf of the copy. A copy that somebody
# accounted for was not missing.
_MISSING = """
SELECT counted.item_id FROM (
    SELECT e.item_id, e.outcome IN ('MISSING', 'STILL_MISSING') AND e.spared = '' AS missing,
           row_number() OVER (PARTITION BY e.item_id ORDER BY r.closed_at DESC, r.id DESC) AS place
    FROM stocktaking_expected e JOIN stocktaking_round r ON r.id = e.round_id
    WHERE r.library_id = %(library)s AND r.state = 'CLOSED') counted
WHERE counted.place <= %(rounds)s
GROUP BY counted.item_id HAVING count(*) = %(rounds)s AND bool_and(counted.missing)
"""


def missing_in_last(library_id: int, rounds: int) -> tuple[int, list[int]]:
    """How many closed rounds a library has, and its copies that were missing in each of the last `rounds` rounds that
    counted them."""
    known = Round.objects.filter(library=library_id, state=State.CLOSED).count()
    if known < rounds:
        return known, []
    with connection.cursor() as cursor:
        cursor.execute(_MISSING, {"library": library_id, "rounds": rounds})
        return known, [item_id for (item_id,) in cursor.fetchall()]
