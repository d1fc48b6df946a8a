"""The end of a round: closing, taking back, giving up, the minutes."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lienthu.identity.access import actor_of, requires
from lienthu.kernel.papers import DOCX, PDF
from lienthu.stocktaking import actions
from lienthu.stocktaking import minutes as papers
from lienthu.stocktaking.access import MANAGE
from lienthu.stocktaking.actions import Refused
from lienthu.stocktaking.models import Expected, Round, State
from lienthu.stocktaking.policy import Outcome
from lienthu.stocktaking.queries import counts_of
from lienthu.stocktaking.views.frame import crumbs, the_round
from lienthu.stocktaking.wording import refusal_sentence
from lienthu.web.components import Crumb, Link, Progress


def progress_of(one: Round) -> Progress:
    """How far the closing or the taking back is."""
    running = one.state in (State.CLOSING, State.RETURNING)
    total = one.counts.get(Outcome.MISSING, 0) + one.counts.get(Outcome.FOUND_AGAIN, 0)
    if one.state == State.RETURNING:
        total = Expected.objects.filter(round=one, marked__in=["MISSING", "TAKEN_BACK"]).count()
    address = reverse("stocktaking:round", args=[one.public_id])
    return Progress(
        label=str(State(one.state).label),
        done=min(one.done, total),
        total=total,
        unit=_("bản"),
        state="running" if running else "done",
        url=reverse("stocktaking:progress", args=[one.public_id]),
        next=None if running else Link(_("Xem kết quả"), address),
    )


@requires(MANAGE)
@require_GET
@never_cache
def progress(request: HttpRequest, public: str) -> HttpResponse:
    """The progress component again, for polling."""
    return render(request, "web/components/progress.html", {"work": progress_of(the_round(request, public))})


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
@never_cache
def close(request: HttpRequest, public: str) -> HttpResponse:
    """Ask, then close."""
    one = the_round(request, public)
    return _asked(
        request,
        one,
        title=_("Kết thúc đợt kiểm kê?"),
        text=_(
            "%(count)d bản không thấy trên giá sẽ được ghi là thất lạc; bản từng ghi mất nay thấy lại được đưa về giá. "
            "Sau đó không quét thêm được, nhưng hoàn tác được."
        )
        % {"count": counts_of(one).get(Outcome.MISSING, 0)},
        confirm=_("Kết thúc kiểm kê"),
        deed=lambda: actions.request_close(actor=actor_of(request), round_id=one.pk),
    )


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
@never_cache
def give_back(request: HttpRequest, public: str) -> HttpResponse:
    """Ask, then take back what the closing noted."""
    one = the_round(request, public)
    return _asked(
        request,
        one,
        title=_("Hoàn tác việc kết thúc?"),
        text=_("Những bản đợt này ghi là thất lạc và nay vẫn vậy được đưa về giá. Bản đã có việc khác thì giữ nguyên."),
        confirm=_("Hoàn tác"),
        deed=lambda: actions.request_return(actor=actor_of(request), round_id=one.pk),
    )


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
@never_cache
def discard(request: HttpRequest, public: str) -> HttpResponse:
    """Ask, then give the round up."""
    one = the_round(request, public)
    return _asked(
        request,
        one,
        title=_("Bỏ đợt kiểm kê này?"),
        text=_("Không bản nào đổi tình trạng; những số đã quét vẫn xem lại được."),
        confirm=_("Bỏ đợt kiểm kê"),
        deed=lambda: actions.discard_round(actor=actor_of(request), round_id=one.pk),
    )


def _asked(
    request: HttpRequest, one: Round, *, title: str, text: str, confirm: str, deed: Callable[[], object]
) -> HttpResponse:
    address = reverse("stocktaking:round", args=[one.public_id])
    if request.method == "GET":
        context = {"one": one, "title": title, "text": text, "confirm": confirm, "back": address}
        context["crumbs"] = crumbs(Crumb(one.name, address), Crumb(confirm, ""))
        return render(request, "stocktaking/ask.html", context)
    try:
        deed()
    except Refused as refusal:
        messages.warning(request, refusal_sentence(refusal))
    return redirect(address)


@requires(MANAGE)
@require_GET
@never_cache
def minutes(request: HttpRequest, public: str) -> HttpResponse:
    """The minutes as a file (`dang`: pdf, docx)."""
    one = the_round(request, public)
    made = papers.minutes_of(one)
    kind = "docx" if request.GET.get("dang") == "docx" else "pdf"
    return HttpResponse(
        papers.as_docx(made) if kind == "docx" else papers.as_pdf(made),
        content_type=DOCX if kind == "docx" else PDF,
        headers={"Content-Disposition": f'attachment; filename="bien-ban-kiem-ke-{one.public_id}.{kind}"'},
    )
