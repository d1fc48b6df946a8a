"""Publishing a draft from a day; what was published before; taking back what has not begun."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lienthu.identity.access import actor_of, require, requires
from lienthu.kernel import clock
from lienthu.loanrules.access import PUBLISH, READ
from lienthu.loanrules.actions import publish as publish_draft
from lienthu.loanrules.actions import withdraw as withdraw_edition
from lienthu.loanrules.forms import PublishForm
from lienthu.loanrules.models import Edition
from lienthu.loanrules.policy.lint import Severity
from lienthu.loanrules.queries.editions import (
    changes_in,
    coming_editions,
    edition_of_number,
    edition_on,
    findings_in,
    history_of,
    silenced_below,
)
from lienthu.loanrules.views.frame import Desk, context, desk_of, revision_seen, the_draft, tried
from lienthu.loanrules.views.presenting import cards_of, differences
from lienthu.loanrules.wording import pair_name
from lienthu.loanrules.wording_findings import SEVERITIES, finding_text


@requires(PUBLISH)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def publish(request: HttpRequest, place: str) -> HttpResponse:
    """What the draft would change and what is wrong with it; then the day from which it holds."""
    desk = desk_of(request, place)
    actor = actor_of(request)
    require(actor, PUBLISH, at=desk.scope)
    draft = the_draft(desk)
    contradictory = any(one.severity == Severity.ERROR for one in findings_in(draft))
    form = PublishForm(request.POST or None, contradictory=contradictory, initial={"valid_from": clock.today()})
    if request.method == "POST" and form.is_valid():
        since, reason = form.cleaned_data["valid_from"], form.cleaned_data["reason"]

        def deed() -> None:
            seen = revision_seen(request)
            publish_draft(actor=actor, draft=draft, valid_from=since, reason=reason, revision=seen)

        if tried(request, deed):
            day = since.strftime("%d/%m/%Y")
            messages.success(request, _("Đã công bố. Nội quy này áp dụng từ %(day)s.") % {"day": day})
            return redirect(f"{desk.url('table')}?ngay={since.isoformat()}")
    shown = form.cleaned_data.get("valid_from") if form.is_bound and form.is_valid() else None
    return render(request, "loanrules/publish.html", _publish_context(desk, draft, form, shown or clock.today()))


def _publish_context(desk: Desk, draft: Edition, form: PublishForm, day: date) -> dict[str, object]:
    findings = findings_in(draft, on=day)
    return context(
        desk,
        "draft",
        draft=draft,
        form=form,
        differences=differences(changes_in(draft, on=day)),
        findings=[
            (SEVERITIES[one.severity], pair_name(one.row.category, one.row.item_type), finding_text(one))
            for one in findings
        ],
        silenced=silenced_below(draft, on=day),
        coming=coming_editions(desk.scope),
    )


@requires(READ)
@require_GET
@never_cache
def history(request: HttpRequest, place: str) -> HttpResponse:
    """Everything that was published at a place: when, by whom, why, from which day."""
    desk = desk_of(request, place)
    current = edition_on(desk.scope, on=clock.today())
    entries = [(edition, _state(edition, current)) for edition in history_of(desk.scope)]
    return render(request, "loanrules/history.html", context(desk, "history", entries=entries))


def _state(edition: Edition, current: Edition | None) -> tuple[str, str]:
    if edition.state == Edition.State.WITHDRAWN:
        return "reverted", str(edition.get_state_display())
    if current is not None and edition.pk == current.pk:
        return "active", _("Đang áp dụng")
    if edition.valid_from is not None and edition.valid_from > clock.today():
        return "pending", _("Chưa đến ngày áp dụng")
    return "neutral", _("Đã thay thế")


@requires(READ)
@require_GET
@never_cache
def edition(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """One edition: its rows, and what it changed."""
    desk, found = _edition(request, place, number)
    page = context(
        desk,
        "history",
        edition=found,
        state=_state(found, edition_on(desk.scope, on=clock.today())),
        cards=cards_of(found),
        differences=differences(changes_in(found)),
        may_withdraw=desk.may_publish and _not_begun(found),
    )
    return render(request, "loanrules/edition.html", page)


@requires(PUBLISH)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Ask, then take back an edition whose day has not come."""
    desk, found = _edition(request, place, number)
    require(actor_of(request), PUBLISH, at=desk.scope)
    if request.method != "POST":
        page = context(
            desk,
            "history",
            title=_("Rút nội quy số %(number)d?") % {"number": number},
            text=_("Nội quy này chưa áp dụng. Rút rồi thì nội quy trước nó tiếp tục áp dụng; lịch sử vẫn giữ cả hai."),
            confirm=_("Rút nội quy"),
            back=desk.url("edition", number),
        )
        return render(request, "loanrules/ask.html", page)
    if tried(request, lambda: withdraw_edition(actor=actor_of(request), edition=found)):
        messages.success(request, _("Đã rút nội quy số %(number)d.") % {"number": number})
    return redirect(desk.url("history"))


def _not_begun(found: Edition) -> bool:
    published = found.state == Edition.State.PUBLISHED
    return published and found.valid_from is not None and found.valid_from > clock.today()


def _edition(request: HttpRequest, place: str, number: int) -> tuple[Desk, Edition]:
    desk = desk_of(request, place)
    found = edition_of_number(desk.scope, number)
    if found is None:
        raise Http404
    return desk, found
