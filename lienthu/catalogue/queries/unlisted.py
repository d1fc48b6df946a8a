"""Union records that the search index does not hold because the public does not see them, for those who do.

The index answers everybody, so it knows only what everybody may see. What libraries share with the network alone is
looked up here, by words and numbers, under the one rule of `sight`.
"""

from collections.abc import Sequence

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from lienthu.catalogue.models import Cluster
from lienthu.catalogue.queries.sight import Sight, visible_clusters
from lienthu.kernel.text import folded_key

MOST_WORDS = 12
# A word that every record of a library has is not worth counting to its end.
MOST_FOUND = 2_000
# catalogue_words is a function of the database with an index of its own, of just these records.
_WORDS = """
SELECT id FROM catalogue_cluster
WHERE visibility <> 'PUBLIC' AND catalogue_words(summary) @@ plainto_tsquery('simple'::regconfig, %s)
LIMIT %s
"""
_BY_NUMBER = """
SELECT r.cluster_id
FROM libraries_library l
JOIN catalogue_item i ON i.library_id = l.id AND i.accession_number = %s AND i.accession_number <> ''
JOIN catalogue_sourcerecord r ON r.id = i.record_id
WHERE i.status <> 'WITHDRAWN' AND i.visibility <> 'PUBLIC' AND r.status = 'ACTIVE'
  AND {items} AND {records}
"""


def unlisted_ids(typed: str, *, sight: Sight, most: int) -> tuple[list[int], int]:
    """Ids of union records that only such an onlooker finds by these words, the newest first; how many of MOST_FOUND.

    Every word must be in the title, a name, a subject, the imprint or a number. The accession number of a copy that the
    public does not see finds its record, whoever may see the record itself.
    """
    words = [word.replace("y", "i") for word in folded_key(typed).split()[:MOST_WORDS]]
    if not words or sight == Sight():
        return [], 0
    hidden = visible_clusters(sight).filter(pk__in=RawSQL(_WORDS, [" ".join(words), MOST_FOUND]))
    found = Cluster.objects.filter(Q(pk__in=hidden.values("pk")) | Q(pk__in=_by_number(typed.strip(), sight)))
    return list(found.order_by("-pk").values_list("pk", flat=True)[:most]), found.count()


def _by_number(number: str, sight: Sight) -> Sequence[int]:
    with connection.cursor() as cursor:
        cursor.execute(_BY_NUMBER.format(items=sight.items("i"), records=sight.records("r")), [number])
        return [cluster_id for (cluster_id,) in cursor.fetchall()]
