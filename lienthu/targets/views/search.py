"""Looking elsewhere for a record: the form, the answers as they come, the records grouped."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lienthu.catalogue.access import SourceRecord, get_record
from lienthu.identity.access import Actor, Refused, actor_of, requires
from lienthu.kernel import ids
from lienthu.libraries.queries import Library
from lienthu.targets.access import SEARCH, get_search, own_libraries, usable_targets
from lienthu.targets.actions.searching import NothingAsked, TooManySearches, start_search
from lienthu.targets.forms import SearchForm
from lienthu.targets.models import Search, Target
from lienthu.targets.policy.asking import Question
from lienthu.targets.views.presenting import answers_of, groups_of, is_running, question_words


def the_search(request: HttpRequest, public_id: str) -> Search:
    """A search of one's own, by its public identifier."""
    search_id = ids.decode(public_id)
    if search_id is None:
        raise Refused(SEARCH, hidden=True)
    return get_search(actor_of(request), search_id)


@requires(SEARCH)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form; `?library=&number=` and the other fields come filled in, `?record=` is the one to be made better."""
    actor = actor_of(request)
    library = _library(request, actor)
    record = _record(actor, request.GET.get("record") or request.POST.get("record"))
    targets = usable_targets(actor, library) if library else Target.objects.none()
    form = SearchForm(
        request.POST or None, own=own_libraries(actor), targets=targets, initial=_initial(request, library, targets)
    )
    if request.method == "POST" and form.is_valid():
        try:
            search = start_search(
                actor=actor,
                library=form.cleaned_data["library"],
                question=form.question(),
                target_ids=[target.pk for target in form.cleaned_data["targets"]],
                overlay_record=record,
            )
        except TooManySearches:
            form.add_error(None, _("Bạn đang có nhiều lượt tìm chưa xong. Chờ một lát rồi tìm tiếp."))
        except NothingAsked:
            form.add_error(None, _("Hãy điền ít nhất một mục để tìm."))
        else:
            return redirect("targets:results", search.public_id)
    context = {"form": form, "record": record, "targets": targets, "library": library}
    return render(request, "targets/search.html", context, status=400 if form.errors else 200)


def _library(request: HttpRequest, actor: Actor) -> Library | None:
    """The library chosen, else the first of one's own."""
    own, wanted = own_libraries(actor), request.POST.get("library") or request.GET.get("library") or ""
    chosen = own.filter(pk=int(wanted)).first() if wanted.isdecimal() and len(wanted) < 12 else None
    return chosen or own.first()


def _record(actor: Actor, typed: str | None) -> SourceRecord | None:
    if not typed or not typed.isdecimal() or len(typed) > 15:
        return None
    try:
        return get_record(actor, int(typed))
    except (SourceRecord.DoesNotExist, Refused):
        return None


def _initial(request: HttpRequest, library: Library | None, targets: Any) -> dict[str, Any]:
    question = Question.of({name: request.GET.get(name, "") for name in Question.__slots__})
    return {**question.as_dict(), "library": library, "targets": [target.pk for target in targets]}


@requires(SEARCH)
@require_GET
@never_cache
def results(request: HttpRequest, public_id: str) -> HttpResponse:
    """The answers so far."""
    return render(request, "targets/results.html", _context(the_search(request, public_id)))


@requires(SEARCH)
@require_GET
@never_cache
def progress(request: HttpRequest, public_id: str) -> HttpResponse:
    """The same without the page around it, for polling."""
    return render(request, "targets/_results.html", _context(the_search(request, public_id)))


def _context(search: Search) -> dict[str, Any]:
    running = is_running(search)
    return {
        "search": search,
        "running": running,
        "words": question_words(Question.of(search.question)),
        "answers": answers_of(search, running=running),
        "groups": groups_of(search),
        "again": _again(search),
    }


def _again(search: Search) -> str:
    """The form with the same question."""
    values = {**search.question, "library": str(search.library_id)}
    if search.overlay_record_id:
        values["record"] = str(search.overlay_record_id)
    return f"{reverse('targets:search')}?{urlencode(values)}"
