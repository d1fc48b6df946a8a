"""The draft of a place's table: begun as a copy of what holds, changed row by row, thrown away again."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lienthu.audit.actions import Writing, writing
from lienthu.identity.access import Actor, require
from lienthu.identity.queries import Scope
from lienthu.kernel import clock
from lienthu.loanrules.access import EDIT
from lienthu.loanrules.actions.refusals import NotPossible
from lienthu.loanrules.models import Edition, Rule
from lienthu.loanrules.policy.values import Plain, Unusable, read_value, write_value
from lienthu.loanrules.queries.tables import valid_editions

_CATEGORY = re.compile(r"[A-Z0-9_]{1,32}")
_ITEM_TYPE = re.compile(r"[A-Z0-9_]{1,16}")


@dataclass(frozen=True)
class RuleData:
    """A row as somebody wants it: values by name, the names of those that are locked for the places below."""

    category: str
    item_type: str
    values: Mapping[str, Plain]
    locks: frozenset[str] = field(default_factory=frozenset)
    note: str = ""


def start_draft(*, actor: Actor, scope: Scope) -> Edition:
    """Return the open draft of a place; begin one as a copy of the table that holds today if there is none.

    Raises Refused.
    """
    require(actor, EDIT, at=scope)
    with writing(actor) as w:
        Scope.objects.select_for_update(no_key=True).get(pk=scope.pk)
        draft = Edition.objects.filter(scope=scope, state=Edition.State.DRAFT).first()
        if draft is not None:
            w.nothing_changed()
            return draft
        based_on = valid_editions([scope.pk], on=clock.today()).first()
        draft = Edition.objects.create(scope=scope, based_on=based_on, started_by=actor.name)
        if based_on is not None:
            Rule.objects.bulk_create(
                Rule(
                    edition=draft,
                    category=rule.category,
                    item_type=rule.item_type,
                    values=rule.values,
                    locks=rule.locks,
                    note=rule.note,
                )
                for rule in based_on.rules.order_by("pk")
            )
        _audit(w, "loanrules.start_draft", draft, based_on=based_on.number if based_on else None)
    return draft


def put_rule(
    *, actor: Actor, draft: Edition, data: RuleData, revision: int | None = None, replaces: int | None = None
) -> Rule:
    """Write a row into a draft: a new one, or in place of the row with the number `replaces`.

    `revision` is that of the draft as the person saw it. Raises Refused, NotPossible.
    """
    require(actor, EDIT, at=draft.scope)
    values = _checked(data)
    with writing(actor) as w:
        locked = _locked(draft, revision)
        before = None
        if replaces is not None:
            before = Rule.objects.filter(edition=locked, pk=replaces).first()
            if before is None:
                raise NotPossible("NO_ROW")
        twin = Rule.objects.filter(edition=locked, category=data.category, item_type=data.item_type)
        if twin.exclude(pk=replaces).exists():
            raise NotPossible("TWICE")
        rule = before or Rule(edition=locked)
        details = {"was": _in_words(before)} if before else {}
        rule.category, rule.item_type, rule.note = data.category, data.item_type, data.note.strip()[:500]
        rule.values, rule.locks = values, sorted(data.locks)
        rule.save()
        _touched(locked, draft)
        _audit(w, "loanrules.put_rule", locked, **details, becomes=_in_words(rule))
    return rule


def drop_rule(*, actor: Actor, draft: Edition, rule_id: int, revision: int | None = None) -> None:
    """Take a row out of a draft. Raises Refused, NotPossible."""
    require(actor, EDIT, at=draft.scope)
    with writing(actor) as w:
        locked = _locked(draft, revision)
        rule = Rule.objects.filter(edition=locked, pk=rule_id).first()
        if rule is None:
            raise NotPossible("NO_ROW")
        _audit(w, "loanrules.drop_rule", locked, was=_in_words(rule))
        rule.delete()
        _touched(locked, draft)


def discard_draft(*, actor: Actor, draft: Edition) -> None:
    """Throw a draft away; what is in force stays. Raises Refused, NotPossible."""
    require(actor, EDIT, at=draft.scope)
    with writing(actor) as w:
        locked = _locked(draft, None)
        _audit(w, "loanrules.discard_draft", locked, rows=[_in_words(rule) for rule in locked.rules.order_by("pk")])
        locked.delete()


def _locked(draft: Edition, revision: int | None) -> Edition:
    """The draft, held against others until the end of the block. Raises NotPossible."""
    found = Edition.objects.select_for_update(of=("self",)).filter(pk=draft.pk).select_related("scope").first()
    if found is None or found.state != Edition.State.DRAFT:
        raise NotPossible("NO_DRAFT")
    if revision is not None and revision != found.revision:
        raise NotPossible("CHANGED")
    return found


def _touched(locked: Edition, draft: Edition) -> None:
    locked.revision += 1
    locked.save(update_fields=["revision"])
    draft.revision = locked.revision


def _checked(data: RuleData) -> dict[str, bool | int | str | None]:
    """The values as they are stored. Raises NotPossible."""
    if not _CATEGORY.fullmatch(data.category) or not _ITEM_TYPE.fullmatch(data.item_type):
        raise NotPossible("CODE")
    if not data.values:
        raise NotPossible("EMPTY")
    if not data.locks <= set(data.values):
        raise NotPossible("LOCK")
    try:
        return {name: write_value(read_value(name, value)) for name, value in data.values.items()}
    except Unusable as error:
        raise NotPossible("VALUE", name=error.name, why=error.code) from error


def _in_words(rule: Rule) -> dict[str, object]:
    """A row for the trail."""
    return {
        "category": rule.category,
        "item_type": rule.item_type,
        "values": rule.values,
        "locks": list(rule.locks),
        "note": rule.note,
    }


def _audit(w: Writing, action: str, edition: Edition, **details: object) -> None:
    w.audit(action, target=("loan_rules", edition.pk), at=edition.scope.code, details=details)
