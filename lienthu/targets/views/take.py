"""One record from outside: seen beside ours, taken as a new one, or laid over one of ours."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lienthu.catalogue.access import SourceRecord, get_record
from lienthu.catalogue.actions.saving import ChangedMeanwhile, RecordRefused, Saved
from lienthu.catalogue.marc import Record
from lienthu.catalogue.queries import availability_of, sources_of
from lienthu.identity.access import Refused, actor_of, may, requires
from lienthu.kernel import ids
from lienthu.libraries.queries import library_of_code
from lienthu.targets import wording
from lienthu.targets.access import SEARCH, get_found
from lienthu.targets.actions.taking import plan_overlay, take_new, take_over, theirs_of
from lienthu.targets.forms import RulesForm
from lienthu.targets.models import Found, Search
from lienthu.targets.policy.overlay import DEFAULT, Line, Rule, group_of
from lienthu.targets.policy.quality import quality_of
from lienthu.targets.queries import rules_of
from lienthu.targets.views.presenting import described, have_sentence
from lienthu.targets.views.search import the_search


def _found(request: HttpRequest, public_id: str, found_id: str) -> tuple[Search, Found]:
    search = the_search(request, public_id)
    found_pk = ids.decode(found_id)
    if found_pk is None:
        raise Refused(SEARCH, hidden=True)
    return search, get_found(actor_of(request), search, found_pk)


@requires(SEARCH)
@require_GET
@never_cache
def preview(request: HttpRequest, public_id: str, found_id: str) -> HttpResponse:
    """The record as it came, in words and in MARC, beside ours if we have it."""
    search, found = _found(request, public_id, found_id)
    theirs = theirs_of(found)
    quality = quality_of(theirs)
    sources = sources_of(found.cluster_id) if found.cluster_id else []
    actor = actor_of(request)
    own = found.answer.target is None
    editable = [source for source in sources if _may_edit(actor, source.library)] if not own else []
    context: dict[str, Any] = {
        "search": search,
        "found": found,
        "shown": described(found.summary),
        "theirs": marc_lines(theirs),
        "quality": wording.quality_word(quality.score),
        "score": quality.score,
        "missing": [wording.PARTS[code] for code in quality.missing],
        "source": found.answer.target,
        "ours": marc_lines(sources[0].record) if sources and not own else [],
        "ours_library": sources[0].library if sources else "",
        "have": _have(found),
        "record_url": reverse("discovery:record", args=[ids.encode(found.cluster_id)]) if found.cluster_id else "",
        "overlays": _overlays(search, found, editable),
        "in_own_library": not found.unsure and any(source.library == search.library.code for source in sources),
    }
    return render(request, "targets/preview.html", context)


def _have(found: Found) -> str:
    if not found.cluster_id:
        return ""
    return have_sentence(availability_of([found.cluster_id]).get(found.cluster_id), unsure=found.unsure)


def _may_edit(actor: Any, code: str) -> bool:
    library = library_of_code(code)
    return library is not None and may(actor, SEARCH, library.scope)


def _overlays(search: Search, found: Found, sources: list[Any]) -> list[dict[str, str]]:
    """The records of ours that this one may be laid over: the one that the search was made for, then equal ones."""
    rows = {source.id: f"{source.library} {source.control_number}" for source in sources}
    record = search.overlay_record
    if record is not None and record.pk not in rows:
        rows = {record.pk: f"{record.library.code} {record.control_number}", **rows}
    return [
        {"label": label, "url": reverse("targets:overlay", args=[search.public_id, found.public_id, record_id])}
        for record_id, label in rows.items()
    ]


def marc_lines(record: Record) -> list[str]:
    """The record as lines, as everywhere in the product."""
    return repr(record).split("\n")


@requires(SEARCH)
@require_POST
def new(request: HttpRequest, public_id: str, found_id: str) -> HttpResponse:
    """Take it as a new record of the library."""
    search, found = _found(request, public_id, found_id)
    try:
        saved = take_new(actor=actor_of(request), library=search.library, found=found)
    except RecordRefused as refusal:
        _tell(request, refusal)
        return redirect("targets:preview", public_id, found_id)
    return _taken(request, saved, _("Đã lấy biểu ghi vào %(library)s.") % {"library": search.library.name_vi})


@requires(SEARCH)
@require_http_methods(["GET", "POST"])
@never_cache
def over(request: HttpRequest, public_id: str, found_id: str, record_id: int) -> HttpResponse:
    """Show what an overlay would change; save it when asked to. `?xem=1` with rules shows it with those."""
    search, found = _found(request, public_id, found_id)
    record = _record(request, record_id)
    stored = rules_of(record.library)
    form = RulesForm(request.POST or (request.GET if "xem" in request.GET else None), rules=stored)
    rules: Mapping[str, Rule] = form.rules() if form.is_bound and form.is_valid() else stored
    if request.method == "POST" and form.is_valid():
        return _save(request, record, found, rules) or redirect("targets:overlay", public_id, found_id, record_id)
    planned = plan_overlay(record=record, found=found, rules=rules)
    touched = _touched(form, planned.lines)
    context = {
        "search": search,
        "found": found,
        "source_name": found.answer.target.name if found.answer.target else _("mục lục liên hợp"),
        "record": record,
        "form": form,
        "rules": [(group, Rule(rule).value) for group, rule in rules.items()],
        "touched": touched,
        "touched_names": {field.name for field in touched},
        "lines": [_line(line) for line in planned.lines],
        "changes": planned.changes,
        "expected": planned.expected,
        "here": reverse("targets:overlay", args=[public_id, found_id, record_id]),
    }
    return render(request, "targets/overlay.html", context)


def _record(request: HttpRequest, record_id: int) -> SourceRecord:
    try:
        return get_record(actor_of(request), record_id)
    except SourceRecord.DoesNotExist:
        raise Http404 from None


def _touched(form: RulesForm, lines: tuple[Line, ...]) -> list[Any]:
    """The rules that matter here: of the groups in which either record has a field."""
    groups = {"leader", *(group_of(line.tag) for line in lines)}
    return [form[group] for group in DEFAULT if group in groups]


def _line(line: Line) -> dict[str, str]:
    return {"origin": line.origin.value, "word": str(wording.ORIGINS[line.origin.value]), "text": line.text}


def _save(request: HttpRequest, record: SourceRecord, found: Found, rules: Mapping[str, Rule]) -> HttpResponse | None:
    expected = request.POST.get("expected", "")
    if not expected.isdecimal() or len(expected) > 9:
        raise Http404
    try:
        saved = take_over(actor=actor_of(request), record=record, found=found, rules=rules, expected=int(expected))
    except ChangedMeanwhile:
        messages.warning(request, _("Biểu ghi vừa có người khác lưu. Dưới đây là kết quả với bản mới nhất."))
        return None
    except RecordRefused as refusal:
        _tell(request, refusal)
        return None
    if saved.revision == int(expected):
        messages.info(request, _("Theo các quy tắc này không có gì thay đổi, nên chưa lưu gì."))
        return None
    return _taken(request, saved, _("Đã bổ sung biểu ghi từ nguồn ngoài."))


def _tell(request: HttpRequest, refusal: RecordRefused) -> None:
    for problem in refusal.problems:
        messages.error(request, _(problem.sentence) % problem.params)


def _taken(request: HttpRequest, saved: Saved, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("catalogue:history", saved.record_id)
