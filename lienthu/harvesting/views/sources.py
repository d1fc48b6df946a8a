"""Sources: the list with how fresh each is, adding and changing with a trial, and the page of one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lienthu.harvesting.access import MANAGE, get_source, visible_sources
from lienthu.harvesting.actions.sources import CannotMove, Trial, save_source, try_source
from lienthu.harvesting.forms import RunFilter, SourceForm
from lienthu.harvesting.models import Source
from lienthu.harvesting.queries import active_run, last_withdrawal, runs_of, standings, was_reverted
from lienthu.harvesting.views.presenting import (
    crumb_of,
    crumbs,
    lag_badge,
    progress_of,
    run_table,
    source_rows,
    source_table,
)
from lienthu.harvesting.wording import problem_sentence
from lienthu.identity.access import actor_of, requires, scopes_with
from lienthu.kernel import ids
from lienthu.kernel.http import page_number
from lienthu.libraries.queries import libraries

PAGE = 20


def source_of(request: HttpRequest, public_id: str) -> Source:
    """The source in the address, for who may manage it; 404 else."""
    try:
        return get_source(actor_of(request), ids.decode(public_id) or 0)
    except Source.DoesNotExist:
        raise Http404 from None


@requires(MANAGE)
@require_GET
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """All sources of the libraries one works for."""
    found = standings(visible_sources(actor_of(request)))
    return render(request, "harvesting/sources.html", {"table": source_table(found), "any": bool(found)})


@requires(MANAGE)
@require_GET
@never_cache
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One source: how fresh, what it says of itself, what can be done, all its runs."""
    source = source_of(request, public_id)
    (standing,) = standings(Source.objects.filter(pk=source.pk).select_related("library"))
    form = RunFilter(request.GET)
    runs = runs_of(source)
    if form.is_valid() and form.cleaned_data["state"]:
        runs = runs.filter(state=form.cleaned_data["state"])
    total = runs.count()
    number = page_number(request.GET.get("page"), last=max(1, -(-total // PAGE)))
    active = active_run(source)
    context = {
        "source": source,
        "crumbs": crumbs((source.name, "")),
        "standing": standing,
        "state": lag_badge(standing),
        "rows": source_rows(source),
        "active": active,
        "work": progress_of(active) if active else None,
        "problem": problem_sentence(standing.last.problem) if standing.last and not active else "",
        "paused": not source.enabled and was_reverted(source),
        "withdrawal": last_withdrawal(source),
        "runs": run_table(
            runs[(number - 1) * PAGE : number * PAGE],
            total=total,
            number=number,
            size=PAGE,
            filters=form if total > PAGE or request.GET.get("state") else None,
            query=request.GET,
        ),
    }
    return render(request, "harvesting/source.html", context)


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new source: try the address, choose, save."""
    return _work(request, None)


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a source."""
    return _work(request, source_of(request, public_id))


def _work(request: HttpRequest, source: Source | None) -> HttpResponse:
    actor = actor_of(request)
    own = libraries().filter(scope__in=scopes_with(actor, MANAGE))
    data = request.POST.copy() if request.method == "POST" else None
    form = SourceForm(data, own=own, source=source)
    trial = None
    problem = ""
    if data is not None:
        trying = data.get("step") == "try"
        problem = "" if _url_of(form) else " ".join(form.errors.get("base_url", []))
        if _url_of(form) and (trying or not data.get("prefix")):
            trial = try_source(actor=actor, base_url=_url_of(form), auth_variable=_variable_of(form))
            data["prefix"] = data.get("prefix") or trial.prefix
            data["name"] = data.get("name") or (trial.identity.name[:120] if trial.identity else "")
        if trying:
            form = SourceForm(initial=_initial(data), own=own, trial=trial)
        else:
            form = SourceForm(data, own=own, source=source, trial=trial)
            saved = _save(request, form, source) if form.is_valid() else None
            if saved is not None:
                messages.success(request, _("Đã lưu nguồn %(name)s.") % {"name": saved.name})
                return redirect("harvesting:source", saved.public_id)
    context = {
        "form": form,
        "source": source,
        "trial": trial,
        "crumbs": crumbs(*([crumb_of(source)] if source else []), (_("Sửa nguồn") if source else _("Thêm nguồn"), "")),
        "problem": _problem(trial) or problem,
    }
    return render(request, "harvesting/edit.html", context, status=400 if form.errors else 200)


def _url_of(form: SourceForm) -> str:
    form.is_valid()
    return str(form.cleaned_data.get("base_url", ""))


def _variable_of(form: SourceForm) -> str:
    return str(form.cleaned_data.get("auth_variable", ""))


def _initial(data: dict[str, str]) -> dict[str, object]:
    values: dict[str, object] = {name: data.get(name, "") for name in SourceForm.base_fields}
    return values | {"enabled": "enabled" in data}


def _problem(trial: Trial | None) -> str:
    return problem_sentence(trial.problem) if trial and trial.problem else ""


def _save(request: HttpRequest, form: SourceForm, source: Source | None) -> Source | None:
    if not form.cleaned_data["prefix"]:
        form.add_error("prefix", _("Chưa biết định dạng: hãy bấm “Thử nguồn”, hoặc tự ghi tên định dạng."))
        return None
    try:
        return save_source(
            actor=actor_of(request),
            library=form.cleaned_data["library"],
            data=form.data_of_source(),
            source=source,
        )
    except CannotMove:
        form.add_error(
            None, _("Nguồn đã có biểu ghi nên không đổi được thư viện và cách nhận ra biểu ghi. Hãy thêm nguồn mới.")
        )
        return None
