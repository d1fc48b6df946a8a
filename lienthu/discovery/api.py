"""`/api/v1/search` and `/api/v1/records/<id>`: the public catalogue for programs; no key is needed."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from ninja.errors import HttpError
from pydantic import Field

from lienthu.catalogue.access import sight_of
from lienthu.catalogue.queries import Merged, Withdrawn, find_union_record
from lienthu.discovery.notes import note_sentence
from lienthu.discovery.queries import find
from lienthu.discovery.representation import FacetOut, RecordFull, ResultOut, brief_json, record_json
from lienthu.discovery.wanted import MAX_CHOICES, Wanted
from lienthu.discovery.wording import choice_name
from lienthu.identity.access import actor_of
from lienthu.kernel import ids
from lienthu.kernel.text import normalise
from lienthu.search import Sort

router = Router(tags=["catalogue"])

MAX_SIZE = 100
MAX_QUERY = 10_000
_Year = Field(None, ge=0, le=9999)


class Question(Schema):
    """The parameters of a search. Lists may be repeated or parted by commas."""

    q: str = Field("", max_length=MAX_QUERY, description="the query language of the search page")
    library: list[str] = Field([], max_length=MAX_CHOICES, description="library codes")
    language: list[str] = Field([], max_length=MAX_CHOICES, description="MARC language codes")
    type: list[str] = Field([], max_length=MAX_CHOICES, description="BOOK, SERIAL, THESIS, …")
    subject: list[str] = Field([], max_length=MAX_CHOICES, description="whole subject headings; not parted by commas")
    year_from: int | None = _Year
    year_to: int | None = _Year
    digital: bool = False
    available: bool = False
    sort: Sort = Sort.RELEVANCE
    page: int = Field(1, ge=1)
    size: int = Field(20, ge=1, le=MAX_SIZE)


@router.get("/search", response=ResultOut, summary="Search the union catalogue")
def search(request: HttpRequest, question: Query[Question]) -> ResultOut:
    """One page of results with facets. A page behind the last one is empty; `total` stays true."""
    wanted = Wanted(
        q=normalise(question.q.replace("\x00", " ")).strip(),
        available=question.available,
        digital=question.digital,
        type=_parted(question.type, upper=True),
        library=_parted(question.library, upper=True),
        language=_parted(question.language, upper=False),
        subject=tuple(question.subject),
        year_from=question.year_from,
        year_to=question.year_to,
        sort=question.sort,
        page=question.page,
        size=question.size,
    )
    found = find(wanted)
    beyond = found.wanted.page != question.page
    base = _base(request)
    return ResultOut(
        total=found.result.total,
        items=[] if beyond else [brief_json(hit, base=base) for hit in found.hits],
        facets={
            facet.value: [
                FacetOut(value=c.value, label=choice_name(facet.value, c.value), count=c.count) for c in counts
            ]
            for facet, counts in found.result.facets.items()
        },
        took_ms=round(found.result.took_ms, 3),
        page=question.page,
        size=question.size,
        notes=[note_sentence(note) for note in found.result.notes],
    )


@router.get("/records/{public_id}", response=RecordFull, summary="One record")
def record(request: HttpRequest, public_id: str) -> RecordFull | HttpResponse:
    """One record with its public copies. A merged one answers 301, a withdrawn one 410."""
    cluster_id = ids.decode(public_id)
    sight = sight_of(actor_of(request))
    found = find_union_record(cluster_id, sight=sight) if cluster_id is not None else None
    if isinstance(found, Merged):
        address = reverse("api:record", args=[ids.encode(found.survivor_id)])
        return HttpResponsePermanentRedirect(address)
    if isinstance(found, Withdrawn):
        raise HttpError(HTTPStatus.GONE, _("Biểu ghi này đã được rút khỏi mục lục."))
    if found is None:
        raise HttpError(HTTPStatus.NOT_FOUND, _("Không có biểu ghi nào mang mã này."))
    return record_json(found, base=_base(request), sight=sight)


def _base(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def _parted(values: list[str], *, upper: bool) -> tuple[str, ...]:
    parts = dict.fromkeys(part.strip() for value in values for part in value.split(",") if part.strip())
    return tuple(part.upper() if upper else part.lower() for part in parts)[:MAX_CHOICES]
