"""Records as files: one record in five formats, and the results of a search as a list of references."""

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from lienthu.catalogue.access import sight_of
from lienthu.catalogue.marc import Record
from lienthu.catalogue.marc.export import write_iso2709, write_marcxml
from lienthu.catalogue.queries import Merged, Sight, UnionRecord, Withdrawn, sources_of
from lienthu.catalogue.queries.stating import with_stated_copies
from lienthu.discovery.formats.entry import Entry, entry_of
from lienthu.discovery.formats.references import bibtex, ris
from lienthu.discovery.forms import read_wanted
from lienthu.discovery.queries import export
from lienthu.discovery.queries.references import reference_file
from lienthu.discovery.representation import record_json
from lienthu.discovery.views.missing import gone, missing
from lienthu.discovery.views.record import find
from lienthu.identity.access import actor_of
from lienthu.kernel import ids

_TYPES = {
    "json": "application/json",
    "marcxml": "application/marcxml+xml; charset=utf-8",
    "mrc": "application/marc",
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
}
_ENDINGS = {"bibtex": "bib", "ris": "ris", "csv": "csv"}


@require_safe
def record_file(request: HttpRequest, public: str, format: str) -> HttpResponse:
    """One record. MARC formats hold every source record; one that ISO 2709 cannot carry is left out of that file."""
    sight = sight_of(actor_of(request))
    found = find(public, sight=sight)
    if isinstance(found, Merged):
        return HttpResponsePermanentRedirect(
            reverse("discovery:record_file", args=[ids.encode(found.survivor_id), format])
        )
    if isinstance(found, Withdrawn):
        return gone(request, found)
    if found is None:
        return missing(request, public)
    body = _written(request, found, format, sight)
    if not body:
        return missing(request, public)
    response = HttpResponse(body, content_type=_TYPES[format])
    if format != "json":
        response["Content-Disposition"] = f'attachment; filename="lienthu-{found.public_id}.{_ending(format)}"'
    return response


def _ending(format: str) -> str:
    return "xml" if format == "marcxml" else format


def _written(request: HttpRequest, found: UnionRecord, format: str, sight: Sight) -> bytes:
    if format == "json":
        return orjson.dumps(
            record_json(found, base=request.build_absolute_uri("/").rstrip("/"), sight=sight).model_dump(mode="json")
        )
    if format in ("bib", "ris"):
        entry = _entry(request, found)
        return (bibtex(entry) if format == "bib" else ris(entry)).encode()
    records: list[Record] = [
        source.record for source in with_stated_copies(sources_of(found.id, sight=sight), sight=sight)
    ]
    if format == "mrc":
        return b"".join(write_iso2709(records, unwritten=lambda record, problem: None))
    return b"".join(write_marcxml(records))


def _entry(request: HttpRequest, record: UnionRecord) -> Entry:
    return entry_of(record, url=request.build_absolute_uri(reverse("discovery:record", args=[record.public_id])))


@require_safe
def result_file(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The results of a search as BibTeX, RIS or CSV: this page, or with `tat-ca=1` the first thousand; streamed."""
    ending = _ENDINGS.get(request.GET.get("dang", ""), "bib")
    whole = request.GET.get("tat-ca") == "1"
    records = export(read_wanted(request.GET), whole=whole)
    base = request.build_absolute_uri("/").rstrip("/")
    return reference_file(records, ending=ending, base=base, name="ket-qua")
