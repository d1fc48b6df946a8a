"""Records that are not there: never were, were withdrawn, or were asked for under a mistyped identifier."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from lienthu.catalogue.queries import UnionRecord, Withdrawn, find_union_record
from lienthu.kernel import ids


def missing(request: HttpRequest, public: str) -> HttpResponse:
    """404 with a search box, and the record that was probably meant when only the check letter is wrong."""
    meant = _probably_meant(public)
    context = {
        "public": public[:40],
        "meant": meant,
        "meant_url": reverse("discovery:record", args=[meant.public_id]) if meant else "",
    }
    return render(request, "discovery/missing.html", context, status=404)


def gone(request: HttpRequest, withdrawn: Withdrawn) -> HttpResponse:
    """410: it was here, and is not any more."""
    return render(request, "discovery/gone.html", {"withdrawn": withdrawn}, status=410)


def _probably_meant(public: str) -> UnionRecord | None:
    body = public.strip().lower()[:-1]
    candidates = (ids.decode(body + letter) for letter in ids.ALPHABET) if len(body) >= ids.MINIMUM_LENGTH - 1 else ()
    meant = next((cluster_id for cluster_id in candidates if cluster_id is not None), None)
    found = find_union_record(meant) if meant is not None else None
    return found if isinstance(found, UnionRecord) else None
