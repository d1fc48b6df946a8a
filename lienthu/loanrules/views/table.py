"""The rules of a place on any day: to read, to print, as a file."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from lienthu.identity.access import actor_of, requires
from lienthu.identity.queries import Scope
from lienthu.kernel import clock, ids
from lienthu.kernel.sheets import csv_response
from lienthu.loanrules.access import READ, readable_places
from lienthu.loanrules.forms import DayForm
from lienthu.loanrules.models import Edition
from lienthu.loanrules.policy.resolving import resolve
from lienthu.loanrules.policy.values import ATTRIBUTES
from lienthu.loanrules.queries.categories import category_path
from lienthu.loanrules.queries.editions import coming_editions, draft_of, edition_on, findings_in
from lienthu.loanrules.queries.places import chain_of_scope
from lienthu.loanrules.queries.tables import valid_editions
from lienthu.loanrules.queries.terms import rule_book
from lienthu.loanrules.views.frame import context, desk_of
from lienthu.loanrules.views.matrix import pairs_in, parts_of, sources_in
from lienthu.loanrules.wording import LABELS, category_name, item_type_name, pair_name, value_text
from lienthu.loanrules.wording_findings import SEVERITIES, finding_text
from lienthu.web.components import Column, Row, Table


@requires(READ)
@require_GET
@never_cache
def places(request: HttpRequest) -> HttpResponse:
    """The places whose rules one works with; a single one opens at once."""
    scopes = list(readable_places(actor_of(request)))
    if len(scopes) == 1:
        return redirect("loanrules:table", ids.encode(scopes[0].pk))
    numbers = [scope.pk for scope in scopes]
    valid = {edition.scope_id: edition for edition in valid_editions(numbers, on=clock.today())}
    drafts = set(Edition.objects.filter(scope__in=numbers, state=Edition.State.DRAFT).values_list("scope", flat=True))
    table = Table(
        caption=_("Nơi có nội quy mượn"),
        caption_hidden=True,
        columns=[
            Column("name", _("Nơi áp dụng")),
            Column("kind", _("Cấp"), hidden_on_phone=True),
            Column("rules", _("Nội quy riêng")),
            Column("draft", _("Bản thảo"), hidden_on_phone=True),
        ],
        rows=[_place_row(scope, valid.get(scope.pk), scope.pk in drafts) for scope in scopes],
    )
    return render(request, "loanrules/places.html", {"table": table})


def _place_row(scope: Scope, edition: Edition | None, has_draft: bool) -> Row:
    own = _("theo nơi bên trên")
    if edition is not None and edition.valid_from is not None:
        own = _("từ %(day)s") % {"day": edition.valid_from.strftime("%d/%m/%Y")}
    cells = {
        "name": scope.name,
        "kind": str(scope.get_kind_display()),
        "rules": own,
        "draft": _("đang soạn") if has_draft else "–",
    }
    return Row(cells=cells, url=f"{ids.encode(scope.pk)}/")


@requires(READ)
@require_GET
@never_cache
def table(request: HttpRequest, place: str) -> HttpResponse:
    """What holds at a place on a day: own rows and those of the places above, value by value."""
    desk = desk_of(request, place)
    form = DayForm(request.GET or None, initial={"ngay": clock.today()})
    day = form.day()
    chain = chain_of_scope(desk.scope)
    levels = rule_book().tables(chain, on=day)
    edition = edition_on(desk.scope, on=day)
    findings = findings_in(edition, on=day) if edition else ()
    return render(
        request,
        "loanrules/table.html",
        context(
            desk,
            "table",
            form=form,
            day=day,
            is_today=day == clock.today(),
            edition=edition,
            coming=coming_editions(desk.scope),
            draft=draft_of(desk.scope),
            parts=parts_of(levels, here=desk.scope.code),
            sources=sources_in(levels),
            findings=[
                (SEVERITIES[one.severity], pair_name(one.row.category, one.row.item_type), finding_text(one))
                for one in findings
            ],
        ),
    )


@requires(READ)
@require_GET
def table_csv(request: HttpRequest, place: str) -> HttpResponseBase:
    """The same as a sheet: a line for each pair and value, with where it comes from."""
    desk = desk_of(request, place)
    day = DayForm(request.GET).day()
    levels = rule_book().tables(chain_of_scope(desk.scope), on=day)
    heads = [
        _("Bạn đọc"),
        _("Loại tài liệu"),
        _("Nội dung"),
        _("Giá trị"),
        _("Nơi quy định"),
        _("Nơi khóa"),
        _("Căn cứ"),
    ]

    def lines() -> list[list[str]]:
        found = []
        for category, item_type in pairs_in(levels):
            values = resolve(levels, category_path=category_path(category), item_type=item_type)
            for name in ATTRIBUTES:
                value = values[name]
                rule = value.rule
                found.append(
                    [
                        category_name(category),
                        item_type_name(item_type),
                        str(LABELS[name]),
                        value_text(name, value.value),
                        rule.place_name if rule else _("mặc định của phần mềm"),
                        value.locked_by.place_name if value.locked_by else "",
                        rule.note if rule else "",
                    ]
                )
        return found

    return csv_response(f"noi-quy-muon-{desk.scope.code.replace('/', '-')}-{day.isoformat()}", heads, lines())
