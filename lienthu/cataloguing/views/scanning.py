"""Listing by scanning: one ISBN after the other, found in the union catalogue or typed in once, a copy each.

What is sent twice because the line broke is kept once: every copy has a key that the page made for it.
"""

import re

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lienthu.catalogue.actions.keeping import CopyRefused, ItemValues
from lienthu.catalogue.actions.saving import RecordRefused
from lienthu.catalogue.marc import numbers
from lienthu.catalogue.queries import UnionRecord, union_records
from lienthu.catalogue.queries.desk import SourceRecord, clusters_with_number, records_behind
from lienthu.cataloguing.access import EDIT, get_library, own_libraries
from lienthu.cataloguing.actions.listing import NotThere, list_copy
from lienthu.cataloguing.actions.saving import NotReady
from lienthu.cataloguing.forms import branch_choices
from lienthu.cataloguing.queries.numbering import numberings
from lienthu.cataloguing.views.work import number
from lienthu.cataloguing.wording import copy_refused
from lienthu.identity.access import actor_of, requires
from lienthu.libraries.queries import Library

_KEY = re.compile(r"[A-Za-z0-9-]{8,60}")
MOST_FOUND = 5


def _library(request: HttpRequest, value: str | None) -> Library:
    try:
        return get_library(actor_of(request), number(value))
    except Library.DoesNotExist:
        raise Http404 from None


@requires(EDIT)
@require_GET
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """The page of scanning; without scripts a form asks for one ISBN after the other."""
    library = _library(request, request.GET.get("thu-vien"))
    isbn = request.GET.get("isbn", "").strip()[:60]
    context = {
        "library": library,
        "libraries": list(own_libraries(actor_of(request))[:500]),
        "numbers": numberings(library.pk, library.code),
        "branches": branch_choices(library),
        "isbn": isbn,
        "answer": _look_up(library, isbn) if isbn else None,
        "shelf": request.GET.get("shelf", "")[:200],
        "branch": request.GET.get("branch", ""),
    }
    return render(request, "cataloguing/scan.html", context)


@requires(EDIT)
@require_GET
@never_cache
def look_up(request: HttpRequest) -> JsonResponse:
    """What the union catalogue has under an ISBN, and the number that would come next."""
    library = _library(request, request.GET.get("library"))
    return JsonResponse(_look_up(library, request.GET.get("isbn", "").strip()[:60]))


def _look_up(library: Library, text: str) -> dict[str, object]:
    isbn = numbers.isbn13(text)
    found = union_records(clusters_with_number(isbn or text)[:MOST_FOUND]) if text else {}
    behind = records_behind(found)
    return {
        "isbn": isbn or text,
        "valid": bool(isbn),
        "found": [_shown(record, behind.get(cluster_id, []), library) for cluster_id, record in found.items()],
        "numbers": {one.series: one.next for one in numberings(library.pk, library.code)},
        "new_url": reverse("cataloguing:new_plain", args=["sach"]) + f"?thu-vien={library.pk}&isbn={isbn or text}",
    }


def _shown(record: UnionRecord, behind: list[SourceRecord], library: Library) -> dict[str, object]:
    summary = record.summary
    own = next((one for one in behind if one.library_id == library.pk), None)
    imprint = ", ".join(str(part) for part in (summary.get("publisher"), summary.get("year")) if part)
    return {
        "cluster": record.id,
        "title": record.full_title,
        "author": "; ".join(summary.get("authors") or [])[:200],
        "imprint": imprint,
        "own_copies": getattr(own, "copies", 0),
        "url": reverse("cataloguing:record", args=[own.pk]) if own else "",
        "libraries": len(behind),
    }


@requires(EDIT)
@require_POST
@never_cache
def add(request: HttpRequest) -> HttpResponse:
    """Add one copy to a union record; JSON for the page's script, a redirect for its form."""
    post = request.POST
    library = _library(request, post.get("library"))
    wants_json = "application/json" in request.headers.get("Accept", "")
    key = post.get("key", "")
    values = ItemValues(
        accession_number=post.get("accession_number", "").strip() or None,
        shelf=post.get("shelf", "")[:200],
        branch=number(post.get("branch")) or 0,
    )
    problem, item = "", None
    try:
        item = list_copy(
            actor=actor_of(request),
            library=library,
            cluster_id=number(post.get("cluster")) or 0,
            values=values,
            series=number(post.get("series")) or 0,
            key=f"scan-{key}" if _KEY.fullmatch(key) else "",
        )
    except CopyRefused as refusal:
        problem = copy_refused(refusal)
    except RecordRefused as refusal:
        problem = " ".join(refusal.sentences)
    except (NotThere, NotReady):
        problem = _("Biểu ghi này không còn trong mục lục hoặc chưa đủ để tạo bản; hãy nhập tay.")
    next_numbers = {one.series: one.next for one in numberings(library.pk, library.code)}
    if wants_json:
        answer: dict[str, object] = {"ok": item is not None, "problem": problem, "numbers": next_numbers}
        if item is not None:
            answer |= {
                "number": item.accession_number,
                "record": item.record_id,
                "url": reverse("cataloguing:record", args=[item.record_id]),
            }
        return JsonResponse(answer, status=200 if item is not None else 409)
    if item is not None:
        messages.success(request, _("Đã thêm bản %(number)s.") % {"number": item.accession_number})
    else:
        messages.error(request, problem)
    return redirect(reverse("cataloguing:scan") + f"?thu-vien={library.pk}")
