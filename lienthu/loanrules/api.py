"""JSON of the loan rules: what holds at a library for a reader category and an item type, and why."""

from datetime import date
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema

from lienthu.identity.access import actor_of
from lienthu.kernel import clock
from lienthu.libraries.access import may_see
from lienthu.libraries.queries import branch_of_code, library_by_code
from lienthu.loanrules.policy.resolving import ANY, RuleRef, Value
from lienthu.loanrules.policy.values import Plain, write_value
from lienthu.loanrules.queries.places import chain_of
from lienthu.loanrules.queries.tables import tables_on
from lienthu.loanrules.queries.terms import terms_for
from lienthu.loanrules.wording import explain_value

router = Router(tags=["loan rules"])


class RuleSource(Schema):
    """The row of a table that gives a value. `note` says why, with its legal source."""

    place: str
    place_name: str
    category: str
    item_type: str
    valid_from: date
    note: str


class Beaten(Schema):
    """A row that gives another value and was not used."""

    value: bool | int | str | None
    rule: RuleSource


class ValueRow(Schema):
    """One value. `rule` null: the default of the software; `why` says it all in words."""

    name: str
    value: bool | int | str | None
    rule: RuleSource | None
    locked_by: RuleSource | None
    beaten: list[Beaten]
    why: str


class TermsDetail(Schema):
    place: str
    category: str
    item_type: str
    on: date
    values: list[ValueRow]


class TermsQuery(Schema):
    """`library` is a code of the registry; `on` the day of the loan, today if it is not given."""

    library: Annotated[str, Query(max_length=40)]
    branch: Annotated[str, Query(max_length=16)] = ""
    category: Annotated[str, Query(pattern=r"^[A-Z0-9_]{1,32}$")] = ANY
    item_type: Annotated[str, Query(pattern=r"^[A-Z0-9_]{1,16}$")] = ANY
    on: date | None = None


class TableQuery(Schema):
    library: Annotated[str, Query(max_length=40)]
    branch: Annotated[str, Query(max_length=16)] = ""
    on: date | None = None


class TableRow(RuleSource):
    """One row as published: only the values that it gives; the others fall through to wider rows."""

    values: dict[str, bool | int | str | None]
    locks: list[str]


class Tables(Schema):
    """The rows of all places that bind a library, the province first."""

    place: str
    on: date
    rows: list[TableRow]


@router.get("/loan-rules/terms", response=TermsDetail, summary="What holds for a loan, value by value, and why")
def terms(request: HttpRequest, query: Query[TermsQuery]) -> dict[str, Any]:
    library_id, branch_id = _place(request, query.library, query.branch)
    found = terms_for(
        library_id=library_id,
        branch_id=branch_id,
        category=query.category,
        item_type=query.item_type,
        on=query.on or clock.today(),
    )
    values = [_value(name, value) for name, value in found.values().items()]
    return {
        "place": found.place,
        "category": found.category,
        "item_type": found.item_type,
        "on": found.on,
        "values": values,
    }


@router.get("/loan-rules/tables", response=Tables, summary="The published rows that bind a library on a day")
def tables(request: HttpRequest, query: Query[TableQuery]) -> dict[str, Any]:
    library_id, branch_id = _place(request, query.library, query.branch)
    chain, on = chain_of(library_id=library_id, branch_id=branch_id), query.on or clock.today()
    found = tables_on(chain, on=on)
    rows = [
        {
            **_source(row.ref),
            "values": {name: write_value(value) for name, value in row.values.items()},
            "locks": sorted(row.locks),
        }
        for place in chain
        for row in found[place.scope_id]
    ]
    return {"place": chain[-1].code, "on": on, "rows": rows}


def _place(request: HttpRequest, library_code: str, branch_code: str) -> tuple[int, int | None]:
    library = library_by_code(library_code)
    if library is None or not may_see(actor_of(request), library):
        raise Http404
    if not branch_code:
        return library.pk, None
    branch = branch_of_code(library.code, branch_code)
    if branch is None:
        raise Http404
    return library.pk, branch.pk


def _value(name: str, value: Value[Plain]) -> dict[str, Any]:
    return {
        "name": name,
        "value": write_value(value.value),
        "rule": _source(value.rule) if value.rule else None,
        "locked_by": _source(value.locked_by) if value.locked_by else None,
        "beaten": [{"value": write_value(lost), "rule": _source(ref)} for ref, lost in value.beaten],
        "why": explain_value(name, value),
    }


def _source(ref: RuleRef) -> dict[str, Any]:
    return {
        "place": ref.place,
        "place_name": ref.place_name,
        "category": ref.category,
        "item_type": ref.item_type,
        "valid_from": ref.valid_from,
        "note": ref.note,
    }
