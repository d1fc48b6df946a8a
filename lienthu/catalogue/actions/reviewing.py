"""Deciding the doubtful pairs of the review desk."""

from collections.abc import Iterable

from django.utils import timezone

from lienthu.audit.actions import writing
from lienthu.catalogue.access import require_review
from lienthu.catalogue.actions.clustering import lock_matching
from lienthu.catalogue.actions.merging import (
    DIFFERENT,
    SAME,
    NotPossible,
    merge_standing,
    remember,
    split_standing,
)
from lienthu.catalogue.models import Merge, PairState, ReviewPair, SourceRecord
from lienthu.identity.access import Actor
from lienthu.kernel import ids


def decide_pair(*, actor: Actor, pair: ReviewPair, same: bool) -> Merge | None:
    """Say whether the two records are one document; returns the merge or split that followed, if there was one.

    The union record with the older address survives. Raises Refused, NotPossible("decided") when somebody else was
    faster.
    """
    with writing(actor) as w:
        lock_matching()
        locked = ReviewPair.objects.select_for_update().get(pk=pair.pk)
        records = _records(locked)
        require_review(actor, records)
        if locked.state != PairState.OPEN:
            raise NotPossible("decided")
        left, right = (record.cluster_id for record in records)
        w.audit(
            "catalogue.pair_decided",
            target=("record", ids.encode(left)),
            at=records[0].library.code,
            details={"records": [r.pk for r in records], "verdict": SAME if same else DIFFERENT},
        )
        remember(w, [(locked.left_id, locked.right_id)], SAME if same else DIFFERENT, locked.reasons)
        if same and left != right:
            return merge_standing(w, actor, keep=min(left, right), absorb=max(left, right), reasons=locked.reasons)
        if not same and left == right:
            return split_standing(w, actor, record_id=locked.right_id)
    return None


def postpone_pair(*, actor: Actor, pair: ReviewPair) -> None:
    """Leave a pair for later: it goes to the end of the queue."""
    with writing(actor) as w:
        locked = ReviewPair.objects.select_for_update().get(pk=pair.pk)
        records = _records(locked)
        require_review(actor, records)
        ReviewPair.objects.filter(pk=pair.pk).update(later_at=timezone.now())
        w.audit(
            "catalogue.pair_postponed",
            target=("record", ids.encode(records[0].cluster_id)),
            at=records[0].library.code,
            details={"records": [r.pk for r in records]},
        )


def _records(pair: ReviewPair) -> list[SourceRecord]:
    wanted: Iterable[int] = (pair.left_id, pair.right_id)
    found = SourceRecord.objects.select_related("library__scope").in_bulk(wanted)
    return [found[pk] for pk in wanted]
