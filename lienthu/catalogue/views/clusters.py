"""One union record at the desk: its records, where each field comes from, locks, notes, work, what was merged."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lienthu.catalogue.access import REVIEW, require_review, sight_of
from lienthu.catalogue.actions.curating import (
    add_note,
    lock_field,
    put_into_work,
    remove_note,
    take_out_of_work,
    unlock_field,
)
from lienthu.catalogue.actions.merging import NotPossible, merge_clusters, split_record
from lienthu.catalogue.models import Cluster, LocalNote, SourceRecord
from lienthu.catalogue.policy import FIELD_TAGS
from lienthu.catalogue.queries.contents import sources_of
from lienthu.catalogue.queries.naming import value_in_words
from lienthu.catalogue.queries.reviewing import locks_of_cluster, merges_of, notes_of
from lienthu.catalogue.queries.works import editions_beside
from lienthu.catalogue.views.reviewing import merge_table
from lienthu.catalogue.wording import field_label, not_possible
from lienthu.identity.access import actor_of, requires, scopes_with
from lienthu.kernel import ids
from lienthu.libraries.queries import libraries, library_names

Step = Callable[[HttpRequest, Cluster], str]


def _cluster(request: HttpRequest, public_id: str) -> Cluster:
    cluster = Cluster.objects.filter(pk=ids.decode(public_id) or 0).first()
    if cluster is None:
        raise Http404
    require_review(actor_of(request), SourceRecord.objects.select_related("library__scope").filter(cluster=cluster.pk))
    return cluster


@requires(REVIEW)
@require_GET
@never_cache
def cluster(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everything behind one union record, with what may be done about it."""
    number = ids.decode(public_id) or 0
    merged = Cluster.objects.filter(pk=number).exclude(merged_into=None).values_list("merged_into_id", flat=True)
    for survivor in merged:
        return redirect("catalogue:cluster", ids.encode(survivor))
    found = _cluster(request, public_id)
    actor = actor_of(request)
    rows = SourceRecord.objects.select_related("library").filter(cluster=found).order_by("status", "pk")
    names = library_names()
    sources = {
        source.id: names.get(source.library, source.library) for source in sources_of(found.pk, sight=sight_of(actor))
    }
    deeds = merges_of(found)
    return render(
        request,
        "catalogue/cluster.html",
        {
            "cluster": found,
            "records": rows,
            "fields": _fields(found, sources),
            "notes": notes_of(found.pk),
            "own": libraries().filter(scope__in=scopes_with(actor, REVIEW)),
            "editions": editions_beside(found.pk, found.work_id, sight=sight_of(actor)),
            "history": merge_table(deeds, total=len(deeds)) if deeds else None,
        },
    )


def _fields(found: Cluster, sources: dict[int, str]) -> list[dict[str, Any]]:
    """Each field with its value, its MARC fields, who gave it, and whether somebody chose it."""
    locks = locks_of_cluster(found)
    provenance = found.provenance or {}
    fields = []
    for field, tags in FIELD_TAGS.items():
        value = found.summary.get(field)
        if not value and field not in locks:
            continue
        givers = provenance.get(field, list(sources) if found.provenance is None else [])
        many = isinstance(value, list)
        lines = []
        for place, one in enumerate(value if many else [value]):
            given = givers[place] if many and isinstance(givers, list) and found.provenance is not None else givers
            lines.append((value_in_words(field, str(one)), _names(given, sources)))
        fields.append(
            {"name": field, "label": field_label(field), "tags": tags, "lines": lines, "lock": locks.get(field)}
        )
    return fields


def _names(given: Any, sources: dict[int, str]) -> str:
    if given == "lock":
        return ""
    return "; ".join(
        dict.fromkeys(sources[pk] for pk in (given if isinstance(given, list) else [given]) if pk in sources)
    )


def _do(request: HttpRequest, public_id: str, step: Step) -> HttpResponse:
    """Do one thing about a union record and come back to it."""
    found = _cluster(request, public_id)
    try:
        messages.success(request, step(request, found))
    except NotPossible as reason:
        messages.warning(request, not_possible(reason.code))
    return redirect("catalogue:cluster", public_id)


def _split(request: HttpRequest, found: Cluster) -> str:
    record = _record(request, found)
    split_record(actor=actor_of(request), record=record)
    return _("Đã tách biểu ghi ra đứng riêng.")


def _merge(request: HttpRequest, found: Cluster) -> str:
    other = _named(request)
    merge_clusters(actor=actor_of(request), keep=found.pk, absorb=other.pk)
    return _("Đã gộp hai biểu ghi.")


def _lock(request: HttpRequest, found: Cluster) -> str:
    field = request.POST.get("field", "")
    chosen = request.POST.get("record", "")
    record = _record(request, found) if chosen else None
    lock_field(actor=actor_of(request), cluster=found, field=field, value=request.POST.get("value"), record=record)
    return _("Đã khóa trường; các lần nhập sau không đổi giá trị này.")


def _unlock(request: HttpRequest, found: Cluster) -> str:
    unlock_field(actor=actor_of(request), cluster=found, field=request.POST.get("field", ""))
    return _("Đã mở khóa trường.")


def _note(request: HttpRequest, found: Cluster) -> str:
    number = request.POST.get("library", "")
    library = libraries().filter(pk=int(number) if number.isdecimal() and len(number) < 15 else 0).first()
    if library is None:
        raise Http404
    add_note(actor=actor_of(request), cluster=found, library=library, text=request.POST.get("text", ""))
    return _("Đã thêm ghi chú; các lần nhập sau giữ nguyên ghi chú này.")


def _unnote(request: HttpRequest, found: Cluster) -> str:
    number = request.POST.get("note", "")
    note = (
        LocalNote.objects.select_related("library__scope")
        .filter(pk=int(number) if number.isdecimal() and len(number) < 15 else 0)
        .first()
    )
    if note is None:
        raise NotPossible("gone")
    remove_note(actor=actor_of(request), note=note)
    return _("Đã bỏ ghi chú.")


def _work(request: HttpRequest, found: Cluster) -> str:
    put_into_work(actor=actor_of(request), cluster=found, beside=_named(request))
    return _("Đã xếp vào cùng một tác phẩm.")


def _unwork(request: HttpRequest, found: Cluster) -> str:
    take_out_of_work(actor=actor_of(request), cluster=found)
    return _("Đã đưa ra khỏi nhóm tác phẩm.")


def _record(request: HttpRequest, found: Cluster) -> SourceRecord:
    number = request.POST.get("record", "")
    rows = SourceRecord.objects.select_related("library__scope").filter(cluster=found)
    record = rows.filter(pk=int(number) if number.isdecimal() and len(number) < 15 else 0).first()
    if record is None:
        raise NotPossible("gone")
    return record


def _named(request: HttpRequest) -> Cluster:
    """The union record that the person named by its address or the code at its end."""
    text = request.POST.get("address", "").strip().rstrip("/").rsplit("/", 1)[-1].split("?")[0]
    other = Cluster.objects.filter(pk=ids.decode(text) or 0).first()
    if other is None:
        raise NotPossible("gone")
    return other


STEPS: dict[str, Step] = {
    "tach": _split,
    "gop": _merge,
    "khoa": _lock,
    "mo-khoa": _unlock,
    "ghi-chu": _note,
    "bo-ghi-chu": _unnote,
    "tac-pham": _work,
    "bo-tac-pham": _unwork,
}


@requires(REVIEW)
@require_POST
def change(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    """One of STEPS."""
    if step not in STEPS:
        raise Http404
    return _do(request, public_id, STEPS[step])
