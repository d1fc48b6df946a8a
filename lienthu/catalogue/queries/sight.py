"""Who sees which holdings and records: the one rule that pages, programs, the index and exchange ask.

A copy is seen when the copy itself and its library are open to the onlooker. A record is seen when its library is. A
union record is as open as its most open source record (`Cluster.visibility`, kept when it is composed).
"""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from lienthu.catalogue.models import Cluster, Sharing
from lienthu.kernel.postgresql.planned import ask

_CLOSED = "SELECT s.library_id FROM catalogue_sharing s WHERE s.visibility {closed}"


@dataclass(frozen=True, slots=True)
class Sight:
    """What an onlooker sees: the public part; of the `network`, what its libraries share; of `own` libraries, all.

    The conditions are SQL on an alias of a table that has `library_id` (and `visibility`, for copies); they hold
    nothing but numbers of this object, so they may be put into a statement as they are.
    """

    network: bool = False
    own: tuple[int, ...] = ()

    def items(self, alias: str) -> str:
        """Condition on copies."""
        level = f"{alias}.visibility {self._open}"
        return self._or_own(alias, f"{level} AND {alias}.library_id NOT IN ({self.closed})")

    def records(self, alias: str) -> str:
        """Condition on source records, and on holdings statements."""
        return self._or_own(alias, f"{alias}.library_id NOT IN ({self.closed})")

    def clusters(self) -> Q:
        """The same of union records, for the ORM."""
        seen = Q(visibility__in=["PUBLIC", "NETWORK"] if self.network else ["PUBLIC"])
        return seen | Q(records__library_id__in=self.own, records__status="ACTIVE") if self.own else seen

    def cluster_rows(self, alias: str) -> str:
        """The same of union records."""
        level = f"{alias}.visibility {self._open}"
        if not self.own:
            return f"({level})"
        return (
            f"({level} OR EXISTS (SELECT 1 FROM catalogue_sourcerecord own WHERE own.cluster_id = {alias}.id"
            f" AND own.status = 'ACTIVE' AND own.library_id IN ({self._own})))"
        )

    @property
    def _own(self) -> str:
        return ", ".join(str(int(pk)) for pk in self.own)

    @property
    def _open(self) -> str:
        return "<> 'HIDDEN'" if self.network else "= 'PUBLIC'"

    @property
    def closed(self) -> str:
        """The query of the libraries that it does not see, its own among them."""
        return _CLOSED.format(closed="= 'HIDDEN'" if self.network else "<> 'PUBLIC'")

    def _or_own(self, alias: str, condition: str) -> str:
        if not self.own:
            return f"({condition})"
        return f"(({condition}) OR {alias}.library_id IN ({self._own}))"


PUBLIC = Sight()


def closed_libraries(sight: Sight = PUBLIC) -> list[int]:
    """Libraries whose records this onlooker does not see."""
    return [library_id for (library_id,) in ask(sight.closed) if library_id not in sight.own]


def closed_rows(sight: Sight = PUBLIC) -> QuerySet[Sharing, int]:
    """The same as a part of another query."""
    rows = Sharing.objects.exclude(library_id__in=sight.own)
    rows = rows.filter(visibility="HIDDEN") if sight.network else rows.exclude(visibility="PUBLIC")
    return rows.values_list("library_id", flat=True)


def visible_clusters(sight: Sight = PUBLIC) -> QuerySet[Cluster]:
    """Union records that this onlooker sees."""
    found = Cluster.objects.filter(is_active=True, merged_into=None).filter(sight.clusters())
    return found.distinct() if sight.own else found
