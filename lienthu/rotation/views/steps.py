"""What is done with a set: copies scanned, and the step from one handover to the next."""

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
from lienthu.rotation import actions
from lienthu.rotation.access import MANAGE
from lienthu.rotation.actions import Refused
from lienthu.rotation.forms import ScanForm
from lienthu.rotation.models import Piece, RotationSet, State
from lienthu.rotation.views.frame import crumbs, the_set
from lienthu.rotation.views.one import page_of
from lienthu.rotation.wording import refusal_sentence
from lienthu.web.components import Crumb

_SCANS = {State.SENT: actions.scan_arrival, State.THERE: actions.scan_back, State.RETURNING: actions.scan_home}
_MOST_PROBLEMS = 20


@requires(MANAGE)
@require_POST
@never_cache
def scan(request: HttpRequest, public: str) -> HttpResponse:
    """Numbers of copies, one or many; what is refused is said, the others count."""
    one = the_set(request, public)
    form = ScanForm(request.POST)
    if not form.is_valid():
        return page_of(request, one, problems=(_("Hãy quét hoặc gõ số đăng ký cá biệt."),))
    numbers = form.cleaned_data["numbers"]
    done, again, problems = _add(request, one, numbers) if one.state == State.DRAFT else _count(request, one, numbers)
    if done:
        messages.success(request, ngettext("Đã nhận %(count)d bản.", "Đã nhận %(count)d bản.", done) % {"count": done})
    if again:
        text = ngettext("%(count)d bản đã quét trước đó.", "%(count)d bản đã quét trước đó.", again)
        messages.info(request, text % {"count": again})
    if problems:
        return page_of(request, one, problems=tuple(problems[:_MOST_PROBLEMS]))
    return redirect("rotation:set", one.public_id)


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
@never_cache
def remove(request: HttpRequest, public: str, piece_id: int) -> HttpResponse:
    """Take a copy out of a draft, after asking."""
    one = the_set(request, public)
    piece = Piece.objects.filter(set=one, pk=piece_id).select_related("item__record__cluster").first()
    if piece is None:
        raise Http404
    if request.method == "GET":
        context = {"one": one, "piece": piece, "crumbs": _below(one, _("Bỏ khỏi bộ"))}
        return render(request, "rotation/ask.html", context)
    return _do(request, one, lambda: actions.remove_copy(actor=actor_of(request), set_id=one.pk, piece_id=piece_id))


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
@never_cache
def discard(request: HttpRequest, public: str) -> HttpResponse:
    """Give a draft up, after asking."""
    one = the_set(request, public)
    if request.method == "GET":
        return render(request, "rotation/ask.html", {"one": one, "piece": None, "crumbs": _below(one, _("Bỏ cả bộ"))})
    return _do(request, one, lambda: actions.discard_set(actor=actor_of(request), set_id=one.pk))


@requires(MANAGE)
@require_POST
@never_cache
def advance(request: HttpRequest, public: str) -> HttpResponse:
    """The next handover: `tu` names the state that the page showed, so that sending it twice does it once."""
    one, actor = the_set(request, public), actor_of(request)
    if request.POST.get("tu") != one.state:
        messages.info(request, _("Bộ sách đã ở bước khác; trang này nay đúng."))
        return redirect("rotation:set", one.public_id)
    why = {
        int(name.removeprefix("vi-sao-")): text
        for name, text in request.POST.items()
        if name.startswith("vi-sao-") and name.removeprefix("vi-sao-").isdecimal()
    }
    next_step: dict[object, Callable[[], object]] = {
        State.DRAFT: lambda: actions.hand_over(actor=actor, set_id=one.pk),
        State.SENT: lambda: actions.confirm_arrival(actor=actor, set_id=one.pk, why=why),
        State.THERE: lambda: actions.give_back(actor=actor, set_id=one.pk, why=why),
        State.RETURNING: lambda: actions.close_set(actor=actor, set_id=one.pk, why=why),
    }
    step = next_step.get(one.state)
    if step is None:
        raise Http404
    try:
        step()
    except Refused as refusal:
        return page_of(request, one, problems=(refusal_sentence(refusal),), why=why)
    messages.success(request, _("Đã ghi bước bàn giao. Tải biên bản ở mục Biên bản để hai bên ký."))
    return redirect("rotation:set", one.public_id)


def _do(request: HttpRequest, one: RotationSet, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except Refused as refusal:
        return page_of(request, one, problems=(refusal_sentence(refusal),))
    return redirect("rotation:set", one.public_id)


def _add(request: HttpRequest, one: RotationSet, numbers: list[str]) -> tuple[int, int, list[str]]:
    try:
        result = actions.add_copies(actor=actor_of(request), set_id=one.pk, numbers=numbers)
    except Refused as refusal:
        return 0, 0, [refusal_sentence(refusal)]
    return len(result.added), len(result.already), [refusal_sentence(refusal) for refusal in result.refused]


def _count(request: HttpRequest, one: RotationSet, numbers: list[str]) -> tuple[int, int, list[str]]:
    act = _SCANS.get(State(one.state))
    if act is None:
        return 0, 0, [refusal_sentence(Refused("OTHER_STATE", state=one.state))]
    done, again, problems = 0, 0, []
    for number in numbers:
        try:
            _piece, before = act(actor=actor_of(request), set_id=one.pk, number=number)
        except Refused as refusal:
            problems.append(refusal_sentence(refusal))
            continue
        done, again = done + (not before), again + before
    return done, again, problems


def _below(one: RotationSet, label: str) -> list[Crumb]:
    return crumbs(Crumb(one.name, reverse("rotation:set", args=[one.public_id])), Crumb(label, ""))
