"""Other editions and translations of a work."""

from dataclasses import dataclass

from lienthu.catalogue.queries.sight import PUBLIC, Sight, visible_clusters
from lienthu.kernel import ids

EDITIONS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Edition:
    """Another union record of the same work."""

    public_id: str
    title: str
    publisher: str
    year: int | None
    language: str


@dataclass(frozen=True, slots=True)
class Editions:
    """A work as one of its union records sees it: the others, newest first, and how many there are."""

    work: str
    total: int
    editions: tuple[Edition, ...]


def editions_beside(cluster_id: int, work_id: int | None, *, sight: Sight = PUBLIC) -> Editions | None:
    """The other union records of this work; None when there are none."""
    if work_id is None:
        return None
    others = visible_clusters(sight).filter(work_id=work_id).exclude(pk=cluster_id)
    found = [
        Edition(
            public_id=ids.encode(pk),
            title=title,
            publisher=summary.get("publisher") or "",
            year=summary.get("year"),
            language=next(iter(summary.get("language") or ()), ""),
        )
        for pk, title, summary in others.order_by("pk").values_list("pk", "title", "summary")[:200]
    ]
    if not found:
        return None
    found.sort(key=lambda one: (-(one.year or 0), one.title))
    total = others.count() if len(found) == 200 else len(found)
    return Editions(ids.encode(work_id), total, tuple(found[:EDITIONS_SHOWN]))
