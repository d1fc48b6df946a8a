"""What is done with a weeding: copies found and kept, objections, the decision, the step from one state to the next."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lienthu.identity.access import actor_of, requires
from lienthu.web.components import Crumb
from lienthu.weeding import actions
from lienthu.weeding.access import MANAGE
from lienthu.weeding.actions import Refused
from lienthu.weeding.forms import DecisionForm, FindForm, KeepForm, NumbersForm, ObjectionForm
from lienthu.weeding.models import Piece, State, Weeding
from lienthu.weeding.policy import Reason
from lienthu.weeding.queries import pieces_of
from lienthu.weeding.views.frame import crumbs, the_weeding
from lienthu.weeding.views.one import page_of
from lienthu.weeding.wording import refusal_sentence

_MOST_PROBLEMS = 20


@requires(MANAGE)
@require_POST
@never_cache
def find(request: HttpRequest, public: str) -> HttpResponse:
    """Put every copy that fits a criterion into the list."""
    one, form = the_weeding(request, public), FindForm(request.POST)
    if not form.is_valid():
        return page_of(request, one, problems=(refusal_sentence(Refused("BAD_VALUE")),), find_form=form)
    try:
        found = actions.find_copies(
            actor=actor_of(request),
            weeding_id=one.pk,
            reason=Reason(form.cleaned_data["reason"]),
            value=form.value(),
        )
    except Refused as refusal:
        return page_of(request, one, problems=(refusal_sentence(refusal),), find_form=form)
    _tell_added(request, found.count)
    if found.claimed:
        text = ngettext(
            "%(count)d bản hợp tiêu chí không vào danh mục vì thuộc bộ sách luân chuyển chưa kết thúc.",
            "%(count)d bản hợp tiêu chí không vào danh mục vì thuộc bộ sách luân chuyển chưa kết thúc.",
            found.claimed,
        )
        messages.info(request, text % {"count": found.claimed})
    return redirect("weeding:weeding", one.public_id)


@requires(MANAGE)
@require_POST
@never_cache
def add(request: HttpRequest, public: str) -> HttpResponse:
    """Put copies into the list by their numbers; what is refused is said, the others count."""
    one, form = the_weeding(request, public), NumbersForm(request.POST)
    if not form.is_valid():
        said = _("Hãy quét hoặc gõ số đăng ký cá biệt, và ghi lý do thanh lọc.")
        return page_of(request, one, problems=(said,), numbers_form=form)
    given = form.cleaned_data
    try:
        added = actions.add_numbers(
            actor=actor_of(request), weeding_id=one.pk, numbers=given["numbers"], why=given["why"]
        )
    except Refused as refusal:
        return page_of(request, one, problems=(refusal_sentence(refusal),), numbers_form=form)
    if added.count or not added.refused:
        _tell_added(request, added.count)
    if added.refused:
        problems = tuple(refusal_sentence(refusal) for refusal in added.refused[:_MOST_PROBLEMS])
        return page_of(request, one, problems=problems, numbers_form=form)
    return redirect("weeding:weeding", one.public_id)


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
@never_cache
def remove(request: HttpRequest, public: str, piece_id: int) -> HttpResponse:
    """Take a copy out of a draft, after asking."""
    one = the_weeding(request, public)
    piece = _piece(one, piece_id)
    if request.method == "GET":
        context = {"one": one, "piece": piece, "crumbs": _below(one, _("Bớt khỏi danh mục"))}
        return render(request, "weeding/ask.html", context)
    return _do(
        request, one, lambda: actions.remove_piece(actor=actor_of(request), weeding_id=one.pk, piece_id=piece_id)
    )


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
@never_cache
def keep(request: HttpRequest, public: str, piece_id: int) -> HttpResponse:
    """Keep a copy of the public list in stock with the reason (`why`), or put it back (`lai`)."""
    one = the_weeding(request, public)
    piece = _piece(one, piece_id)
    back = "lai" in request.POST
    form = KeepForm(request.POST or None, initial={"why": piece.kept_out})
    if request.method == "GET" or not (back or form.is_valid()):
        context = {"one": one, "piece": piece, "form": form, "crumbs": _below(one, _("Giữ lại hoặc đưa trở lại"))}
        return render(request, "weeding/keep.html", context, status=422 if form.errors else 200)
    why = "" if back else form.cleaned_data["why"]
    return _do(
        request,
        one,
        lambda: actions.keep_piece(actor=actor_of(request), weeding_id=one.pk, piece_id=piece_id, why=why),
    )


@requires(MANAGE)
@require_POST
@never_cache
def objection(request: HttpRequest, public: str) -> HttpResponse:
    """Write down what somebody said, of the whole list or of one copy in it."""
    one, form = the_weeding(request, public), ObjectionForm(request.POST)
    if not form.is_valid():
        said = refusal_sentence(Refused("EMPTY_OBJECTION"))
        return page_of(request, one, problems=(said,), objection_form=form)
    given, piece = form.cleaned_data, None
    if given["number"]:
        piece = pieces_of(one).filter(item__accession_number__iexact=" ".join(given["number"].split())).first()
        if piece is None:
            said = refusal_sentence(Refused("NOT_LISTED"))
            return page_of(request, one, problems=(said,), objection_form=form)
    try:
        actions.note_objection(
            actor=actor_of(request),
            weeding_id=one.pk,
            who=given["who"],
            what=given["what"],
            piece_id=piece.pk if piece else None,
        )
    except Refused as refusal:
        return page_of(request, one, problems=(refusal_sentence(refusal),), objection_form=form)
    messages.success(request, _("Đã ghi ý kiến."))
    return redirect("weeding:weeding", one.public_id)


@requires(MANAGE)
@require_POST
@never_cache
def decision(request: HttpRequest, public: str) -> HttpResponse:
    """Write down the decision."""
    one, form = the_weeding(request, public), DecisionForm(request.POST)
    if not form.is_valid():
        return page_of(request, one, problems=(_("Hãy ghi số và ngày quyết định."),), decision_form=form)
    try:
        actions.decide(actor=actor_of(request), weeding_id=one.pk, **form.cleaned_data)
    except Refused as refusal:
        return page_of(request, one, problems=(refusal_sentence(refusal),), decision_form=form)
    messages.success(request, _("Đã ghi quyết định. Tải biên bản để hội đồng ký, rồi đưa các bản ra khỏi kho."))
    return redirect("weeding:weeding", one.public_id)


@requires(MANAGE)
@require_POST
@never_cache
def advance(request: HttpRequest, public: str) -> HttpResponse:
    """The next step: `tu` names the state that the page showed, so that sending it twice does it once."""
    one, actor = the_weeding(request, public), actor_of(request)
    if request.POST.get("tu") != one.state:
        messages.info(request, _("Đợt thanh lọc đã ở bước khác; trang này nay đúng."))
        return redirect("weeding:weeding", one.public_id)
    steps: dict[object, Callable[[], object]] = {
        State.DRAFT: lambda: actions.publish_list(actor=actor, weeding_id=one.pk),
        State.DECIDED: lambda: actions.request_withdrawal(actor=actor, weeding_id=one.pk),
        State.WITHDRAWING: lambda: actions.request_withdrawal(actor=actor, weeding_id=one.pk),
        State.DONE: lambda: actions.request_return(actor=actor, weeding_id=one.pk),
        State.RETURNING: lambda: actions.request_return(actor=actor, weeding_id=one.pk),
    }
    step = steps.get(one.state)
    if step is None:
        raise Http404
    return _do(request, one, step)


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
@never_cache
def discard(request: HttpRequest, public: str) -> HttpResponse:
    """Give a weeding up, after asking."""
    one = the_weeding(request, public)
    if request.method == "GET":
        return render(request, "weeding/ask.html", {"one": one, "piece": None, "crumbs": _below(one, _("Bỏ đợt này"))})
    return _do(request, one, lambda: actions.discard_weeding(actor=actor_of(request), weeding_id=one.pk))


def _piece(one: Weeding, piece_id: int) -> Piece:
    # A number that no database column holds is no copy either.
    piece = pieces_of(one).filter(pk=piece_id).first() if piece_id < 2**63 else None
    if piece is None:
        raise Http404
    return piece


def _do(request: HttpRequest, one: Weeding, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except Refused as refusal:
        one.refresh_from_db()
        return page_of(request, one, problems=(refusal_sentence(refusal),))
    return redirect("weeding:weeding", one.public_id)


def _tell_added(request: HttpRequest, count: int) -> None:
    if count:
        text = ngettext("Đã thêm %(count)d bản vào danh mục.", "Đã thêm %(count)d bản vào danh mục.", count)
        messages.success(request, text % {"count": count})
    else:
        messages.info(request, _("Không có thêm bản nào hợp với tiêu chí này."))


def _below(one: Weeding, label: str) -> list[Crumb]:
    return crumbs(Crumb(one.name, reverse("weeding:weeding", args=[one.public_id])), Crumb(label, ""))
