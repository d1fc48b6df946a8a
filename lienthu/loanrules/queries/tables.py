"""The tables of rules as stored, and which one is valid on a day."""

from collections.abc import Iterable
from datetime import date

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from lienthu.loanrules.models import Edition, Rule
from lienthu.loanrules.policy.resolving import Row, RuleRef
from lienthu.loanrules.policy.values import Unusable, read_value
from lienthu.loanrules.queries.places import Place

Rows = tuple[Row, ...]


def valid_editions(scope_ids: Iterable[int], *, on: date) -> QuerySet[Edition]:
    """Return the edition of each place that is valid on a day: the last to begin; on one day, the last published."""
    latest = Window(
        RowNumber(), partition_by=[F("scope")], order_by=[F("valid_from").desc(), F("number").desc()]
    )  # fmt: skip
    published = Edition.objects.filter(scope__in=list(scope_ids), state=Edition.State.PUBLISHED, valid_from__lte=on)
    return published.annotate(place_in_line=latest).filter(place_in_line=1)


def tables_on(places: Iterable[Place], *, on: date) -> dict[int, Rows]:
    """Return the rows that are valid at each of these places on a day, by scope id. Two statements."""
    by_id = {place.scope_id: place for place in places}
    editions = {edition.pk: edition for edition in valid_editions(by_id, on=on)}
    rows: dict[int, list[Row]] = {scope_id: [] for scope_id in by_id}
    for rule in Rule.objects.filter(edition__in=list(editions)).order_by("pk"):
        edition = editions[rule.edition_id]
        rows[edition.scope_id].append(row_of(rule, edition=edition, place=by_id[edition.scope_id]))
    return {scope_id: tuple(found) for scope_id, found in rows.items()}


def rows_of(edition: Edition, *, place: Place) -> Rows:
    """Return the rows of one edition, draft or published."""
    return tuple(row_of(rule, edition=edition, place=place) for rule in edition.rules.order_by("pk"))


def row_of(rule: Rule, *, edition: Edition, place: Place) -> Row:
    """One stored row as the policy reads it. A value of an older form that no longer fits is passed over."""
    values = {}
    for name, raw in rule.values.items():
        try:
            values[name] = read_value(name, raw)
        except Unusable:
            continue
    ref = RuleRef(
        row_id=rule.pk,
        edition_id=edition.pk,
        place=place.code,
        place_name=place.name,
        category=rule.category,
        item_type=rule.item_type,
        valid_from=edition.valid_from or date.max,
        note=rule.note,
    )
    return Row(ref=ref, values=values, locks=frozenset(rule.locks) & frozenset(values))
