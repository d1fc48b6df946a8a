"""The first page of the desk: find a record, go on with what one left, begin a new one."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from lienthu.catalogue.queries import union_records
from lienthu.catalogue.queries.desk import clusters_with_number, recent_records, records_behind
from lienthu.cataloguing.access import EDIT, own_drafts, own_libraries, own_templates
from lienthu.cataloguing.rules.templates import templates
from lienthu.cataloguing.views.work import number
from lienthu.cataloguing.wording import words
from lienthu.discovery.queries.asking import ask
from lienthu.identity.access import actor_of, requires
from lienthu.libraries.queries import Library
from lienthu.search import SearchRequest

SHOWN = 20
DRAFTS = 12
LONGEST_QUESTION = 300


@requires(EDIT)
@require_GET
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """Search, drafts and recent records."""
    actor = actor_of(request)
    own = list(own_libraries(actor)[:500])
    question = request.GET.get("q", "").strip()[:LONGEST_QUESTION]
    context = {
        "q": question,
        "results": find(question, own) if question else None,
        "drafts": own_drafts(actor)[:DRAFTS],
        "recent": [] if question else recent_records([library.pk for library in own], count=10),
        "libraries": own,
    }
    return render(request, "cataloguing/desk.html", context)


def find(question: str, own: Sequence[Library]) -> list[dict[str, object]]:
    """Union records for a title, a number or anything else, with the source records behind each.

    A number that names records exactly is taken for that; everything else is asked of the index.
    """
    cluster_ids = clusters_with_number(question)[:SHOWN]
    if not cluster_ids:
        cluster_ids = list(ask(SearchRequest(query=question, limit=SHOWN)).ids)
    shown = union_records(cluster_ids)
    behind = records_behind(shown)
    mine = {library.pk for library in own}
    return [
        {
            "record": record,
            "own": [one for one in behind.get(cluster_id, []) if one.library_id in mine],
            "others": [one for one in behind.get(cluster_id, []) if one.library_id not in mine],
        }
        for cluster_id, record in shown.items()
    ]


@requires(EDIT)
@require_GET
@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    """Which kind of material, for which library."""
    own = list(own_libraries(actor_of(request))[:500])
    wanted = number(request.GET.get("thu-vien"))
    library = next((one for one in own if one.pk == wanted), own[0] if own else None)
    kinds = [(t.code, words(t.name), words(t.note), t.icon) for t in templates().values()]
    context = {
        "libraries": own,
        "library": library,
        "kinds": kinds,
        "own_templates": own_templates(library) if library else [],
        "nowhere": _("Tài khoản này chưa được giao biên mục cho thư viện nào."),
    }
    return render(request, "cataloguing/begin.html", context)
