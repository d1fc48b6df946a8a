"""Why? A question to the rules with every value, the rule used, the rules beaten, and when it would be due."""

from datetime import datetime, time

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from lienthu.identity.access import requires
from lienthu.kernel import clock
from lienthu.loanrules.access import READ
from lienthu.loanrules.forms import WhyForm
from lienthu.loanrules.policy.resolving import Value
from lienthu.loanrules.policy.values import ATTRIBUTES, Group, Plain
from lienthu.loanrules.queries.categories import category_path
from lienthu.loanrules.queries.due import calendar_at, due_of
from lienthu.loanrules.queries.places import chain_of_scope
from lienthu.loanrules.queries.terms import rule_book
from lienthu.loanrules.views.frame import context, desk_of
from lienthu.loanrules.wording import GROUPS, LABELS, beaten_text, explain_due, pair_name, rule_text, value_text

# A question about another day is asked as of the morning.
_MORNING = time(9, 0)


@requires(READ)
@require_GET
@never_cache
def why(request: HttpRequest, place: str) -> HttpResponse:
    """Choose reader, item and day; see what holds and why."""
    desk = desk_of(request, place)
    chain = chain_of_scope(desk.scope)
    book = rule_book()
    today = clock.today()
    rows = [row.ref for rows in book.tables(chain, on=today) for row in rows]
    asked = request.GET if request.GET else {"nhom": "ANY", "loai": "ANY", "ngay": today.isoformat()}
    form = WhyForm(asked, categories=[ref.category for ref in rows], item_types=[ref.item_type for ref in rows])
    (category, item_type), day = form.question(), form.day()
    terms = book.terms(chain, path=category_path(category), item_type=item_type, on=day)
    at = clock.now() if day == today else datetime.combine(day, _MORNING, tzinfo=clock.VIETNAM)
    due = due_of(terms=terms, library_id=0, branch_id=None, at=at, calendar=calendar_at(desk.scope))
    values = terms.values()
    cited: set[int] = set()
    parts = [
        (GROUPS[group], [_told(name, values[name], cited) for name, one in ATTRIBUTES.items() if one.group == group])
        for group in Group
    ]
    page = context(
        desk,
        "why",
        form=form,
        parts=parts,
        lends=terms.lendable.value,
        due=due,
        due_steps=explain_due(due),
        asked=pair_name(category, item_type),
        day=day,
    )
    return render(request, "loanrules/why.html", page)


def _told(name: str, value: Value[Plain], cited: set[int]) -> dict[str, object]:
    """One value with its reasons, in words. What a row cites is said at its first value and not again."""
    rule = value.rule
    note = rule.note if rule is not None and rule.row_id not in cited else ""
    if rule is not None:
        cited.add(rule.row_id)
    return {
        "label": LABELS[name],
        "value": value_text(name, value.value),
        "rule": rule_text(rule),
        "note": note,
        "lock": value.locked_by,
        "beaten": [beaten_text(name, ref, lost) for ref, lost in value.beaten],
    }
