"""What staff fetch from the shelves, what they call back, and requests for groups."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lienthu.circulation import actions
from lienthu.circulation.access import LEND, desk_libraries
from lienthu.circulation.actions import Refused, Wish
from lienthu.circulation.forms import GroupForm
from lienthu.circulation.models import Hold, HoldGroup, Loan
from lienthu.circulation.policy import Reason
from lienthu.circulation.queries.readers import card_holder, summaries
from lienthu.circulation.queries.targets import pull_list, recallable, scores_of, target_library
from lienthu.circulation.views.holds import record_of, shown
from lienthu.circulation.views.session import load
from lienthu.circulation.wording import reason_sentence, target_sentence
from lienthu.identity.access import Refused as NotAllowed
from lienthu.identity.access import actor_of, requires
from lienthu.kernel import clock
from lienthu.kernel.sheets import csv_response
from lienthu.libraries.queries import libraries

MOST = 500


@requires(LEND)
@require_GET
@never_cache
def to_fetch(request: HttpRequest) -> HttpResponseBase:
    """Copies to fetch from our shelves in the order of the shelves, and loans that somebody waits for."""
    own = list(desk_libraries(actor_of(request)).values_list("pk", flat=True))
    order = ("keeper_id", "target__shelf", "target__call_number", "pk")
    holds = list(pull_list(own).order_by(*order)[:MOST])
    if request.GET.get("dang") == "csv":
        return _csv(holds)
    scores = scores_of(holds, now=clock.now())
    names = dict(libraries().filter(pk__in=own).values_list("pk", "name_vi")) if len(own) > 1 else {}
    context = {
        "here": "fetch",
        "lines": [(hold, target_sentence(scores[hold.pk]), _whose(hold, names)) for hold in holds],
        "recalls": list(recallable(own)[:MOST]),
    }
    return render(request, "circulation/fetch.html", context)


def _whose(hold: Hold, names: Mapping[int, str]) -> str:
    """At which of our libraries it stands, when we have several; and whose it is, when it is here with a set."""
    keeper_id = getattr(hold, "keeper_id", None)
    parts = [names.get(keeper_id or 0, "")]
    if hold.target is not None and hold.target.library_id != keeper_id:
        parts.append(_("của %(library)s, trong bộ luân chuyển") % {"library": hold.target.library.name_vi})
    return " · ".join(filter(None, parts))


def _csv(holds: Sequence[Hold]) -> HttpResponseBase:
    heads = [_("Nơi để"), _("Ký hiệu xếp giá"), _("Số ĐKCB"), _("Tài liệu"), _("Nơi nhận")]
    rows = (
        [
            hold.target.shelf,
            hold.target.call_number,
            hold.target.accession_number,
            hold.target.record.cluster.title,
            hold.pickup_library.name_vi,
        ]
        for hold in holds
        if hold.target is not None
    )
    return csv_response("can-tim", heads, rows)


@requires(LEND)
@require_POST
@never_cache
def not_found(request: HttpRequest, hold_id: int) -> HttpResponse:
    """The copy is not on the shelf: another one is asked for."""
    try:
        hold = actions.not_found(actor=actor_of(request), hold_id=hold_id)
    except (Hold.DoesNotExist, NotAllowed):
        raise Http404 from None
    except Refused as refusal:
        messages.warning(request, " ".join(reason_sentence(reason) for reason in refusal.reasons))
        return redirect("circulation:fetch")
    asked = target_library(hold.pk)
    if asked is not None:
        text = _("Đã ghi là không thấy. Nay nhờ %(library)s lấy một bản khác.")
        messages.success(request, text % {"library": asked.name_vi})
    else:
        messages.success(request, _("Đã ghi là không thấy. Chưa còn bản nào khác trên giá; bạn đọc tiếp tục chờ."))
    return redirect("circulation:fetch")


@requires(LEND)
@require_POST
@never_cache
def recall(request: HttpRequest, loan_id: int) -> HttpResponse:
    """Ask a lent copy back earlier."""
    try:
        loan = actions.recall(actor=actor_of(request), loan_id=loan_id)
    except (Loan.DoesNotExist, NotAllowed):
        raise Http404 from None
    except Refused as refusal:
        messages.warning(request, " ".join(reason_sentence(reason) for reason in refusal.reasons))
    else:
        text = _("Đã đòi lại: hạn trả mới là %(due)s.") % {"due": loan.due_on.strftime("%d/%m/%Y")}
        messages.success(request, text)
    return redirect("circulation:fetch")


@requires(LEND)
@require_GET
@never_cache
def groups(request: HttpRequest) -> HttpResponse:
    """Requests for groups of our libraries, newest first."""
    own = desk_libraries(actor_of(request))
    found = HoldGroup.objects.filter(library__in=own).select_related("library", "cluster")
    counted = found.annotate(
        ready=Count("holds", filter=Q(holds__state="READY")),
        coming=Count("holds", filter=Q(holds__state="SENT")),
        waiting=Count("holds", filter=Q(holds__state="PENDING")),
        filled=Count("holds", filter=Q(holds__state="FILLED")),
    )
    context = {"groups": list(counted.order_by("-placed_at")[:MOST]), "here": "groups"}
    return render(request, "circulation/groups.html", context)


@requires(LEND)
@require_http_methods(["GET", "POST"])
@never_cache
def place_group(request: HttpRequest, public: str) -> HttpResponse:
    """Ask for several copies at once."""
    record, actor = record_of(request, public), actor_of(request)
    form = GroupForm(request.POST or None, places=desk_libraries(actor), initial={"library": load(request).library_id})
    reasons: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        holders = {number: card_holder(number) for number in form.numbers()}
        unknown = [number for number, holder in holders.items() if holder is None]
        if unknown:
            reasons = shown([Reason("NO_CARD_WITH_NUMBER", {"number": number}) for number in unknown])
        else:
            readers = [holder.patron_id for holder in holders.values() if holder is not None]
            reasons = _place(request, form, record.id, readers)
        if not reasons:
            return redirect("circulation:groups")
    context = {"record": record, "form": form, "reasons": reasons}
    return render(request, "circulation/place_group.html", context, status=422 if reasons or form.errors else 200)


def _place(request: HttpRequest, form: GroupForm, cluster_id: int, readers: list[int]) -> list[dict[str, str]]:
    given: dict[str, Any] = form.cleaned_data
    try:
        placed = actions.place_group(
            actor=actor_of(request),
            name=given["name"],
            wish=Wish(cluster_id),
            pickup_library_id=given["library"].pk,
            patron_ids=readers,
            copies=given["copies"] or 1,
            needed_by=given["needed_by"],
        )
    except Refused as refusal:
        return shown(refusal.reasons)
    number = len(placed.holds)
    text = ngettext("Đã đặt %(count)d bản cho nhóm.", "Đã đặt %(count)d bản cho nhóm.", number)
    messages.success(request, text % {"count": number})
    names = summaries(placed.refused)
    for patron_id, why in placed.refused.items():
        problem = " ".join(reason_sentence(reason) for reason in why)
        messages.warning(request, f"{names[patron_id].name if patron_id in names else '–'}: {problem}")
    return []
