"""The draft of a place: begun, changed row by row, thrown away."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lienthu.identity.access import actor_of, require, requires
from lienthu.identity.queries import Scope
from lienthu.kernel import clock
from lienthu.loanrules.access import EDIT, READ
from lienthu.loanrules.actions import discard_draft, drop_rule, put_rule, start_draft
from lienthu.loanrules.forms import RuleForm
from lienthu.loanrules.models import Edition, Rule
from lienthu.loanrules.policy.resolving import ANY
from lienthu.loanrules.policy.terms import Terms, terms_from
from lienthu.loanrules.queries.categories import category_path
from lienthu.loanrules.queries.editions import draft_of, findings_in, levels_with_draft
from lienthu.loanrules.views.frame import Desk, context, desk_of, revision_seen, the_draft, tried
from lienthu.loanrules.views.presenting import cards_of
from lienthu.loanrules.wording import pair_name


@requires(READ)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def draft(request: HttpRequest, place: str) -> HttpResponse:
    """The rows of the draft with what the lint says about each; POST begins a draft."""
    desk = desk_of(request, place)
    if request.method == "POST":
        start_draft(actor=actor_of(request), scope=desk.scope)
        return redirect(desk.url("draft"))
    opened = draft_of(desk.scope)
    cards = cards_of(opened, findings_in(opened)) if opened else []
    return render(request, "loanrules/draft.html", context(desk, "draft", draft=opened, cards=cards))


@requires(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def add(request: HttpRequest, place: str) -> HttpResponse:
    """One more row."""
    return _row_page(request, desk_of(request, place), None)


@requires(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def change(request: HttpRequest, place: str, rule_id: int) -> HttpResponse:
    """One of the rows."""
    desk = desk_of(request, place)
    rule = Rule.objects.filter(edition__scope=desk.scope, edition__state=Edition.State.DRAFT, pk=rule_id).first()
    if rule is None:
        raise Http404
    return _row_page(request, desk, rule)


def _row_page(request: HttpRequest, desk: Desk, rule: Rule | None) -> HttpResponse:
    actor = actor_of(request)
    require(actor, EDIT, at=desk.scope)
    opened = the_draft(desk)
    form = RuleForm(
        request.POST or None,
        rule=rule,
        inherited=_inherited(opened, rule),
        lockable=desk.scope.kind != Scope.Kind.BRANCH,
    )
    if request.method == "POST" and form.is_valid():
        data = form.data_of()

        def put() -> None:
            replaces = rule.pk if rule else None
            put_rule(actor=actor, draft=opened, data=data, revision=revision_seen(request), replaces=replaces)

        if tried(request, put):
            name = pair_name(data.category, data.item_type)
            messages.success(request, _("Đã ghi dòng “%(name)s” vào bản thảo.") % {"name": name})
            return redirect(desk.url("draft"))
    heading = pair_name(rule.category, rule.item_type) if rule else _("Dòng mới")
    page = context(desk, "draft", draft=opened, form=form, rule=rule, heading=heading)
    return render(request, "loanrules/row.html", page, status=422 if form.errors else 200)


def _inherited(opened: Edition, rule: Rule | None) -> Terms:
    """What would hold for the row's readers and items if the row said nothing."""
    today = clock.today()
    chain, levels = levels_with_draft(opened, on=today)
    category, item_type = (rule.category, rule.item_type) if rule else (ANY, ANY)
    own = tuple(row for row in levels[-1] if rule is not None and row.ref.row_id != rule.pk)
    path = category_path(category)
    return terms_from([*levels[:-1], own], place=chain[-1].code, category_path=path, item_type=item_type, on=today)


@requires(EDIT)
@require_POST
def drop(request: HttpRequest, place: str, rule_id: int) -> HttpResponse:
    """Take a row out."""
    desk = desk_of(request, place)
    opened = the_draft(desk)

    def deed() -> None:
        drop_rule(actor=actor_of(request), draft=opened, rule_id=rule_id, revision=revision_seen(request))

    if tried(request, deed):
        messages.success(request, _("Đã bỏ dòng khỏi bản thảo. Nội quy đang áp dụng không đổi."))
    return redirect(desk.url("draft"))


@requires(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, place: str) -> HttpResponse:
    """Ask, then throw the draft away."""
    desk = desk_of(request, place)
    require(actor_of(request), EDIT, at=desk.scope)
    opened = the_draft(desk)
    if request.method != "POST":
        page = context(
            desk,
            "draft",
            title=_("Bỏ bản thảo?"),
            text=_("Mọi thay đổi trong bản thảo sẽ mất. Nội quy đang áp dụng không đổi."),
            confirm=_("Bỏ bản thảo"),
            back=desk.url("draft"),
        )
        return render(request, "loanrules/ask.html", page)
    if tried(request, lambda: discard_draft(actor=actor_of(request), draft=opened)):
        messages.success(request, _("Đã bỏ bản thảo."))
    return redirect(desk.url("table"))
