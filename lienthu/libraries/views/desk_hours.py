"""Staff pages of opening hours: plain forms, one text field a day."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lienthu.identity.access import actor_of, requires
from lienthu.libraries.access import EDIT_HOURS
from lienthu.libraries.actions import (
    add_exception,
    add_season,
    remove_exception,
    remove_season,
    set_holiday_rule,
    set_week,
)
from lienthu.libraries.forms import ExceptionForm, SeasonForm, WeekForm
from lienthu.libraries.models import Branch, HoursException, Library, Season
from lienthu.libraries.queries import branch_of_code, branches_of, coming_days, defined_hours, local_now, timetable_of
from lienthu.libraries.views.desk import page, the_library, tried
from lienthu.libraries.views.library_page import day_row, week_rows


def _branch(request: HttpRequest, library: Library) -> Branch | None:
    """The service point whose hours are meant (`?diem=`); None for the library itself."""
    code = request.GET.get("diem", "")
    if not code:
        return None
    branch = branch_of_code(library.code, code)
    if branch is None:
        raise Http404
    return branch


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT_HOURS)
def hours(request: HttpRequest, code: str) -> HttpResponse:
    """The ordinary week, whether holidays are free, and how the next two weeks come out."""
    library, actor = the_library(request, code, EDIT_HOURS), actor_of(request)
    branch = _branch(request, library)
    defined = defined_hours(library, branch)
    form = WeekForm(request.POST or None, week=defined.week)

    def act() -> None:
        set_week(actor=actor, library=library, branch=branch, week=form.week())
        if branch is None:
            set_holiday_rule(actor=actor, library=library, closed="nghi_le" in request.POST)

    if request.method == "POST" and form.is_valid() and tried(form, act):
        messages.success(request, _("Đã lưu giờ mở cửa."))
        return redirect(request.get_full_path())
    return render(request, "libraries/desk_hours.html", _context(request, library, branch, form=form))


def _context(
    request: HttpRequest,
    library: Library,
    branch: Branch | None,
    *,
    form: WeekForm | None = None,
    season_form: SeasonForm | None = None,
    exception_form: ExceptionForm | None = None,
) -> dict[str, object]:
    defined = defined_hours(library, branch)
    today = local_now().date()
    plans = coming_days(timetable_of(library, branch), first=today, days=14)
    seasons = Season.objects.filter(library=library).order_by("from_month", "from_day")
    weeks = {season.name: season.week for season in defined.seasons}
    return page(
        request,
        library,
        _("Giờ mở cửa"),
        form=form or WeekForm(week=defined.week),
        season_form=season_form or SeasonForm(),
        exception_form=exception_form or ExceptionForm(),
        branch=branch,
        branches=branches_of(library),
        seasons=[(season, week_rows(weeks.get(season.name, ((),) * 7))) for season in seasons],
        exceptions=[row for row in defined.exceptions if row.to_date >= today - timedelta(days=30)],
        days=[day_row(plan, today=plan.day == today) for plan in plans],
        query=f"?diem={branch.code}" if branch else "",
    )


@require_POST
@requires(EDIT_HOURS)
def seasons(request: HttpRequest, code: str) -> HttpResponse:
    """Add a season."""
    library, actor = the_library(request, code, EDIT_HOURS), actor_of(request)
    form = SeasonForm(request.POST)

    def act() -> None:
        start, end = form.bounds()
        name = form.cleaned_data["ten_mua"]
        add_season(actor=actor, library=library, name=name, start=start, end=end, week=form.week())

    if form.is_valid() and tried(form, act):
        messages.success(request, _("Đã thêm mùa."))
        return redirect("libraries:desk_hours", code=library.code)
    return render(request, "libraries/desk_hours.html", _context(request, library, None, season_form=form))


@require_POST
@requires(EDIT_HOURS)
def drop_season(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take a season away."""
    library = the_library(request, code, EDIT_HOURS)
    season = Season.objects.filter(library=library, pk=pk).first()
    if season is None:
        raise Http404
    remove_season(actor=actor_of(request), season=season)
    messages.success(request, _("Đã bỏ mùa “%(name)s”.") % {"name": season.name})
    return redirect("libraries:desk_hours", code=library.code)


@require_POST
@requires(EDIT_HOURS)
def exceptions(request: HttpRequest, code: str) -> HttpResponse:
    """Add days that differ."""
    library, actor = the_library(request, code, EDIT_HOURS), actor_of(request)
    branch = _branch(request, library)
    form = ExceptionForm(request.POST)

    def act() -> None:
        add_exception(actor=actor, library=library, branch=branch, **form.cleaned_data)

    if form.is_valid() and tried(form, act):
        messages.success(request, _("Đã ghi ngày nghỉ hoặc giờ riêng."))
        return redirect("libraries:desk_hours", code=library.code)
    return render(request, "libraries/desk_hours.html", _context(request, library, branch, exception_form=form))


@require_POST
@requires(EDIT_HOURS)
def drop_exception(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take such days away."""
    library = the_library(request, code, EDIT_HOURS)
    exception = HoursException.objects.filter(library=library, pk=pk).select_related("branch__scope").first()
    if exception is None:
        raise Http404
    remove_exception(actor=actor_of(request), exception=exception)
    messages.success(request, _("Đã bỏ."))
    return redirect("libraries:desk_hours", code=library.code)
