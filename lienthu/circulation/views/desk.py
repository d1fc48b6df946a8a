"""The desk: one box, scanner and keyboard alone; every answer is a page of its own (post, redirect, get)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lienthu.circulation import actions
from lienthu.circulation.access import LEND, audit_look, desk_places
from lienthu.circulation.actions import Refused
from lienthu.circulation.models import Loan
from lienthu.circulation.queries import holds_of, open_loans
from lienthu.circulation.queries.counting import local_day
from lienthu.circulation.queries.readers import collectors, reader_now, reader_to_choose, summaries
from lienthu.circulation.queries.rules import limit_of
from lienthu.circulation.views.answers import sign_of
from lienthu.circulation.views.entry import claim, take
from lienthu.circulation.views.session import Desk, load, new_key, save
from lienthu.circulation.wording import MARK_NAMES, reason_sentence
from lienthu.identity.access import actor_of, requires
from lienthu.kernel import clock
from lienthu.libraries.queries import Library

KEY_LENGTH = 60


def _places(request: HttpRequest) -> list[Library]:
    """The libraries at whose desks one may lend, asked once in a request."""
    kept: list[Library] | None = getattr(request, "_desk_places", None)
    if kept is None:
        kept = desk_places(actor_of(request))
        request._desk_places = kept
    return kept


def _library(request: HttpRequest, desk: Desk) -> Library:
    """The library that this desk stands in: the one chosen, else the first where one may lend."""
    own = _places(request)
    library = next((one for one in own if one.pk == desk.library_id), own[0] if own else None)
    if library is None:
        raise Http404
    desk.library_id = library.pk
    return library


@requires(LEND)
@require_GET
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """The desk as it stands."""
    desk = load(request)
    return _page(request, desk, _library(request, desk))


def _page(request: HttpRequest, desk: Desk, library: Library) -> HttpResponse:
    actor = actor_of(request)
    context = {
        # the page's own script takes only what it puts into the page
        "frame": "circulation/_answer.html" if request.headers.get("X-Counter") else "web/desk.html",
        "desk": desk,
        "library": library,
        "libraries": _places(request)[:300],
        "key": new_key(),
        "today": clock.today(),
        "reader": _reader(desk, library) if desk.patron_id and desk.mode == "LEND" else None,
        "undo": actions.last_step(actor=actor, library_id=library.pk),
        "lending": desk.mode == "LEND",
        "returning": desk.mode == "RETURN",
        "mark": MARK_NAMES.get(desk.mode, ""),
        "marks": [(code, name) for code, name in MARK_NAMES.items() if code != desk.mode],
    }
    return render(request, "circulation/desk.html", context)


def _reader(desk: Desk, library: Library) -> dict[str, Any] | None:
    summary = summaries([desk.patron_id]).get(desk.patron_id)
    if summary is None:
        return None
    now = clock.now()
    known = reader_now(patron_id=desk.patron_id, library_id=library.pk, on=local_day(now))
    loans = open_loans(desk.patron_id)
    return {
        "summary": summary,
        "card": desk.card,
        "facts": known.facts,
        "collectors": collectors(desk.patron_id, on=local_day(now)),
        "loans": [(line, line.overdue(now)) for line in loans],
        "overdue": sum(line.overdue(now) for line in loans),
        "limit": limit_of(library_id=library.pk, category=known.category, on=local_day(now)),
        "holds": holds_of(desk.patron_id),
    }


@requires(LEND)
@require_POST
@never_cache
def act(request: HttpRequest) -> HttpResponse:
    """One entry, or one button. The page's own script (X-Counter) gets the desk at once, a form is sent back to it."""
    desk = load(request)
    library = _library(request, desk)
    actor, post = actor_of(request), request.POST
    key = f"desk-{actor.account_id}-{post.get('key', '')[:KEY_LENGTH]}" if post.get("key") else ""
    what, before = post.get("do", "take"), desk.patron_id
    if what == "take":
        take(desk, actor=actor, library=library, text=post.get("box", ""), key=key)
    elif what == "mode":
        _change_mode(desk, post.get("to", ""))
    elif what == "reader":
        _choose_reader(desk, reader_to_choose(actor, post.get("patron", "")))
    elif what == "close":
        desk = Desk(library_id=desk.library_id, mode=desk.mode)
    elif what == "library":
        wanted = post.get("library", "")
        desk = Desk(library_id=next((one.pk for one in _places(request) if str(one.pk) == wanted), 0))
        _library(request, desk)
    elif what == "renew":
        _renew_all(request, desk, only=post.get("loan", ""))
    elif what == "claim":
        claim(desk, actor=actor, library=library, loan=post.get("loan", ""), key=key)
    elif what == "undo":
        _undo(request, desk, library)
    _note_look(request, desk, library, before=before)
    desk.sign, desk.said = sign_of(desk, entry=what == "take")
    save(request, desk)
    if request.headers.get("X-Counter"):
        return _page(request, desk, library)
    return redirect("circulation:desk")


@requires(LEND)
@require_GET
@never_cache
def slip(request: HttpRequest) -> HttpResponse:
    """What was done in this turn, for the printer of the desk. It names the card, not the reader."""
    desk = load(request)
    library = _library(request, desk)
    lines = [line for line in reversed(desk.lines) if line.state != "refused"]
    context = {"desk": desk, "library": library, "lines": lines, "now": clock.now(), "returning": desk.mode == "RETURN"}
    return render(request, "circulation/slip.html", context)


def _note_look(request: HttpRequest, desk: Desk, library: Library, *, before: int) -> None:
    """Calling up a reader is a look at them like any other."""
    if desk.patron_id and desk.patron_id != before:
        audit_look(actor_of(request), desk.patron_id, library, by_card=bool(desk.card))


def _change_mode(desk: Desk, wanted: str) -> None:
    """To a named mode; without a name, between lending and returning."""
    other = "RETURN" if desk.mode == "LEND" else "LEND"
    desk.mode = wanted if wanted in MARK_NAMES or wanted in ("LEND", "RETURN") else other
    desk.clear_answer()
    desk.lines = []


def _choose_reader(desk: Desk, number: int | None) -> None:
    """A reader found by name: the desk lends to them; a wrong number changes nothing."""
    if number is not None and number in summaries([number]):
        desk.clear_answer()
        desk.mode, desk.lines, desk.patron_id, desk.card = "LEND", [], number, ""


def _renew_all(request: HttpRequest, desk: Desk, only: str) -> None:
    done, problems = 0, []
    lines = open_loans(desk.patron_id) if desk.patron_id else []
    for line in lines:
        if only and str(line.loan.pk) != only:
            continue
        try:
            actions.renew(actor=actor_of(request), loan_id=line.loan.pk)
            done += 1
        except Refused as refusal:
            why = " ".join(reason_sentence(reason) for reason in refusal.reasons)
            problems.append(f"{line.copy.title}: {why}")
        except Loan.DoesNotExist:
            continue
    if done:
        text = ngettext("Đã gia hạn %(count)d tài liệu.", "Đã gia hạn %(count)d tài liệu.", done)
        messages.success(request, text % {"count": done})
    for problem in problems:
        messages.warning(request, _("Không gia hạn được. %(problem)s") % {"problem": problem})


def _undo(request: HttpRequest, desk: Desk, library: Library) -> None:
    desk.clear_answer()
    try:
        step = actions.undo_last(actor=actor_of(request), library_id=library.pk)
    except Refused as refusal:
        messages.warning(request, " ".join(reason_sentence(reason) for reason in refusal.reasons))
        return
    if step.action in ("PLACE_HOLD", "CANCEL_HOLD"):
        messages.success(request, _("Đã hoàn tác bước vừa làm với lượt đặt mượn."))
        return
    number = step.item.accession_number if step.item else ""
    desk.lines = [line for line in desk.lines if line.number != number]
    messages.success(request, _("Đã hoàn tác bước vừa làm với bản %(number)s.") % {"number": number})
