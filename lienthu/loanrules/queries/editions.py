"""Editions of a place: the draft, the history, the one of a day."""

from datetime import date

from lienthu.identity.queries import Scope
from lienthu.kernel import clock
from lienthu.loanrules.models import Edition
from lienthu.loanrules.policy.comparing import RowChange, differing_rows
from lienthu.loanrules.policy.lint import Finding, Known, lint
from lienthu.loanrules.policy.resolving import Row
from lienthu.loanrules.queries.categories import category_path
from lienthu.loanrules.queries.codes import category_names, item_type_names
from lienthu.loanrules.queries.places import Chain, Place, chain_of_scope
from lienthu.loanrules.queries.tables import rows_of, tables_on, valid_editions


def draft_of(scope: Scope) -> Edition | None:
    """The open draft of a place."""
    return Edition.objects.filter(scope=scope, state=Edition.State.DRAFT).select_related("scope", "based_on").first()


def edition_on(scope: Scope, *, on: date) -> Edition | None:
    """The edition of a place that is valid on a day."""
    return valid_editions([scope.pk], on=on).first()


def coming_editions(scope: Scope) -> list[Edition]:
    """What is published and has not begun, the next one first."""
    found = Edition.objects.filter(scope=scope, state=Edition.State.PUBLISHED, valid_from__gt=clock.today())
    return list(found.order_by("valid_from", "number"))


def history_of(scope: Scope) -> list[Edition]:
    """Everything that was ever published at a place, the newest first."""
    return list(Edition.objects.filter(scope=scope).exclude(number=None).order_by("-number"))


def edition_of_number(scope: Scope, number: int) -> Edition | None:
    """One published (or withdrawn) edition of a place."""
    return Edition.objects.filter(scope=scope, number=number).select_related("scope").first()


def changes_in(edition: Edition, *, on: date | None = None) -> tuple[RowChange, ...]:
    """What an edition changes against the one before it: for a draft, against what holds on day `on`."""
    place = chain_of_scope(edition.scope)[-1]
    before: Edition | None
    if edition.number is None:
        before = edition_on(edition.scope, on=on or clock.today())
    else:
        earlier = Edition.objects.filter(scope=edition.scope, state=Edition.State.PUBLISHED, number__lt=edition.number)
        before = earlier.filter(valid_from__lte=edition.valid_from).order_by("-valid_from", "-number").first()
    return differing_rows(rows_of(before, place=place) if before else (), rows_of(edition, place=place))


def known_codes() -> Known:
    """The codes that exist, for the lint."""
    categories = frozenset(category_names())
    return Known(category_path, categories or None, frozenset(item_type_names()))


def findings_in(edition: Edition, *, on: date | None = None) -> tuple[Finding, ...]:
    """What the lint says about one edition, under the tables of the places above on a day (else today)."""
    chain, day = chain_of_scope(edition.scope), on or clock.today()
    above = tables_on(chain[:-1], on=day)
    levels = [above[place.scope_id] for place in chain[:-1]]
    return lint([*levels, rows_of(edition, place=chain[-1])], known=known_codes(), today=day)


def silenced_below(edition: Edition, *, on: date) -> list[tuple[str, int]]:
    """Names of the places below whose own values would be locked by this edition, with how many values."""
    chain = chain_of_scope(edition.scope)
    above = tables_on(chain[:-1], on=on)
    own = rows_of(edition, place=chain[-1])
    if not any(row.locks for row in own):
        return []
    below = Edition.objects.filter(state=Edition.State.PUBLISHED, valid_from__lte=on)
    paths = below.filter(scope__path__startswith=edition.scope.path).exclude(scope=edition.scope)
    scopes = Scope.objects.filter(pk__in=paths.values("scope"), closed_date=None).order_by("path")
    places = [Place(scope_id=one.pk, code=one.code, name=one.name, kind=one.kind) for one in scopes]
    tables = tables_on(places, on=on)
    levels = [*(above[place.scope_id] for place in chain[:-1]), own]
    counted = ((place.name, _locked(levels, tables[place.scope_id], edition)) for place in places)
    return [(name, count) for name, count in counted if count]


def _locked(levels: list[tuple[Row, ...]], rows: tuple[Row, ...], edition: Edition) -> int:
    found = lint([*levels, rows], known=Known(category_path), today=date.min)
    locked = [one.other for one in found if one.code == "LOCKED_ABOVE" and one.other is not None]
    return sum(other.edition_id == edition.pk for other in locked)


def levels_with_draft(draft: Edition, *, on: date) -> tuple[Chain, list[tuple[Row, ...]]]:
    """The tables of a place as they would be on a day if its draft held then."""
    chain = chain_of_scope(draft.scope)
    tables = tables_on(chain[:-1], on=on)
    return chain, [*(tables[place.scope_id] for place in chain[:-1]), rows_of(draft, place=chain[-1])]


__all__ = [
    "changes_in",
    "coming_editions",
    "draft_of",
    "edition_of_number",
    "edition_on",
    "findings_in",
    "history_of",
    "known_codes",
    "levels_with_draft",
    "silenced_below",
]
