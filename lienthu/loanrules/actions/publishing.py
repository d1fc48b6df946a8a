"""Putting a table into force from a day; taking back one whose day has not come."""

from datetime import date

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor, require
from lienthu.identity.queries import Scope
from lienthu.kernel import clock
from lienthu.loanrules.access import PUBLISH
from lienthu.loanrules.actions.refusals import NotPossible
from lienthu.loanrules.models import Edition
from lienthu.loanrules.queries.tables import valid_editions


def publish(
    *, actor: Actor, draft: Edition, valid_from: date, reason: str = "", revision: int | None = None
) -> Edition:
    """Put a draft into force from a day on, today at the earliest: the past stays as it was.

    `revision` is that of the draft as the person saw it. Raises Refused, NotPossible.
    """
    require(actor, PUBLISH, at=draft.scope)
    if valid_from < clock.today():
        raise NotPossible("PAST")
    with writing(actor) as w:
        Scope.objects.select_for_update(no_key=True).get(pk=draft.scope_id)
        edition = Edition.objects.select_related("scope").filter(pk=draft.pk, state=Edition.State.DRAFT).first()
        if edition is None:
            raise NotPossible("NO_DRAFT")
        if revision is not None and revision != edition.revision:
            raise NotPossible("CHANGED")
        before = valid_editions([edition.scope_id], on=valid_from).first()
        if _content(edition) == (_content(before) if before else []):
            raise NotPossible("SAME")
        last = Edition.objects.filter(scope=edition.scope).exclude(number=None).order_by("-number").first()
        edition.number = (last.number or 0) + 1 if last else 1
        edition.state, edition.valid_from, edition.reason = Edition.State.PUBLISHED, valid_from, reason.strip()[:500]
        edition.published_at, edition.published_by = clock.now(), actor.name
        edition.save()
        details = {"number": edition.number, "from": valid_from, "reason": edition.reason}
        w.audit("loanrules.publish", target=("loan_rules", edition.pk), at=edition.scope.code, details=details)
    return edition


def withdraw(*, actor: Actor, edition: Edition) -> Edition:
    """Take back a published edition whose day has not come. Raises Refused, NotPossible."""
    require(actor, PUBLISH, at=edition.scope)
    with writing(actor) as w:
        found = Edition.objects.select_for_update(of=("self",)).select_related("scope").get(pk=edition.pk)
        if found.state != Edition.State.PUBLISHED or found.valid_from is None or found.valid_from <= clock.today():
            raise NotPossible("BEGUN")
        found.state, found.withdrawn_at, found.withdrawn_by = Edition.State.WITHDRAWN, clock.now(), actor.name
        found.save(update_fields=["state", "withdrawn_at", "withdrawn_by"])
        details = {"number": found.number, "from": found.valid_from}
        w.audit("loanrules.withdraw", target=("loan_rules", found.pk), at=found.scope.code, details=details)
    return found


def _content(edition: Edition) -> list[tuple[str, str, object, list[str], str]]:
    """What an edition says, for telling two apart."""
    rows = edition.rules.order_by("category", "item_type")
    return [(row.category, row.item_type, row.values, list(row.locks), row.note) for row in rows]
