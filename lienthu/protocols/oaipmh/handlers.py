"""The address /oai: one request of a harvester in, one answer out."""

import gzip
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lienthu.catalogue.marc.crosswalks import to_dc, to_marcxml, to_mods
from lienthu.catalogue.queries import ExchangeRecord, exchange_records
from lienthu.kernel import clock
from lienthu.protocols.oaipmh import messages, queries
from lienthu.protocols.oaipmh.actions import stamp_waiting
from lienthu.protocols.oaipmh.messages import Item, ProtocolError, Request, Resumption
from lienthu.protocols.oaipmh.policy import cluster_of, identifier_of
from lienthu.protocols.oaipmh.queries import Header, Place, Selection
from lienthu.web.tags.frame import network_name

RECORDS_IN_PAGE = 500
HEADERS_IN_PAGE = 2_000
_SALT = "lienthu.oaipmh"
_FAST = 1
_PATIENCE = 2.0
_UNCOMPRESSED = 1_000


@dataclass(frozen=True, slots=True)
class Format:
    """A metadata format and how a record is written in it; `site` is our address for links into the records."""

    schema: str
    namespace: str
    write: Callable[[ExchangeRecord, str], str]


def _page_of(record: ExchangeRecord, site: str) -> str:
    return site + reverse("discovery:record", args=[record.public_id])


FORMATS: dict[str, Format] = {
    "oai_dc": Format(
        to_dc.OAI_DC_SCHEMA,
        to_dc.OAI_DC,
        lambda one, site: to_dc.dc_element(one.record(), identifiers=[_page_of(one, site)]),
    ),
    "marc21": Format(
        to_marcxml.SCHEMA, to_marcxml.NAMESPACE, lambda one, site: to_marcxml.marcxml_element(one.record())
    ),
    "mods": Format(
        to_mods.SCHEMA,
        to_mods.NAMESPACE,
        lambda one, site: to_mods.mods_element(
            one.record(), identifier=one.public_id, source=settings.OAI_NAMESPACE, url=_page_of(one, site)
        ),
    ),
}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def endpoint(request: HttpRequest) -> HttpResponse:
    """OAI-PMH 2.0. Errors of the protocol are answers with status 200, as it wants."""
    site = (settings.SITE_URL or request.build_absolute_uri("/")).rstrip("/")
    sent = request.body if request.method == "POST" else request.META.get("QUERY_STRING", "").encode("latin-1")
    # What is common to all readers is in Vietnamese, whoever asks.
    with translation.override("vi"):
        body = _Answering(base=site + reverse("oaipmh:endpoint"), site=site).answer(sent)
    response = HttpResponse(content_type="text/xml; charset=utf-8")
    response["X-Robots-Tag"] = "noindex"
    patch_vary_headers(response, ["Accept-Encoding"])
    if len(body) > _UNCOMPRESSED and "gzip" in request.headers.get("Accept-Encoding", ""):
        # The page is a megabyte of much repetition: the lowest level takes half the time and leaves a sixth.
        body = gzip.compress(body, _FAST)
        response["Content-Encoding"] = "gzip"
    response.content = body
    return response


class _Answering:
    """One request being answered. The moment of the answer is taken first: what commits later bears a later stamp."""

    def __init__(self, *, base: str, site: str) -> None:
        self._base = base
        self._site = site
        self._at = clock.now()

    def answer(self, sent: bytes) -> bytes:
        request = None
        try:
            request = messages.read_request(sent)
            return _HANDLERS[request.verb](self, request)
        except ProtocolError as error:
            shown = None if error.code in ("badVerb", "badArgument") else request
            return messages.error_answer(error, base=self._base, at=self._at, request=shown)

    def _frame(self, request: Request) -> dict[str, Any]:
        return {"base": self._base, "at": self._at, "request": request}

    def identify(self, request: Request) -> bytes:
        stamp_waiting(seconds=_PATIENCE)
        return messages.identify(
            **self._frame(request),
            name=network_name(),
            email=admin_email(self._site),
            earliest=queries.earliest() or self._at,
            namespace=settings.OAI_NAMESPACE,
            sample=identifier_of(1, namespace=settings.OAI_NAMESPACE),
        )

    def list_formats(self, request: Request) -> bytes:
        if request.get("identifier"):
            self._known(request)
        formats = ((prefix, one.schema, one.namespace) for prefix, one in FORMATS.items())
        return messages.list_formats(**self._frame(request), formats=formats)

    def list_sets(self, request: Request) -> bytes:
        if "resumptionToken" in request.arguments:
            raise ProtocolError("badResumptionToken", "The list of sets comes whole.")
        return messages.list_sets(**self._frame(request), sets=queries.sets())

    def get_record(self, request: Request) -> bytes:
        known = self._known(request)
        form = _format(request.get("metadataPrefix"))
        (item,) = self._items([known], form)
        return messages.get_record(**self._frame(request), item=item)

    def _known(self, request: Request) -> Header:
        cluster_id = cluster_of(request.get("identifier"), namespace=settings.OAI_NAMESPACE)
        if cluster_id is not None:
            stamp_waiting(seconds=_PATIENCE)
            header = queries.header_of(cluster_id)
            if header is not None:
                return header
        raise ProtocolError("idDoesNotExist", "There is no item with this identifier.")

    def list_items(self, request: Request) -> bytes:
        stamp_waiting(seconds=_PATIENCE)
        listing = _Listing.resumed(request) if "resumptionToken" in request.arguments else _Listing.begun(request)
        form = _format(listing.prefix)
        limit = HEADERS_IN_PAGE if request.verb == "ListIdentifiers" else RECORDS_IN_PAGE
        page = queries.page(listing.selection, after=listing.after, limit=limit, counted=listing.after is None)
        if not page.headers:
            raise ProtocolError("noRecordsMatch", "No record matches.")
        items = self._items(page.headers, form if request.verb == "ListRecords" else None)
        resumption = listing.resumption(page, verb=request.verb)
        return messages.list_items(**self._frame(request), items=items, resumption=resumption)

    def _items(self, headers: Sequence[Header], form: Format | None) -> Iterable[Item]:
        records: dict[int, ExchangeRecord] = {}
        if form is not None:
            records = exchange_records([header.cluster_id for header in headers if not header.is_deleted])
        for header in headers:
            record = records.get(header.cluster_id)
            yield Item(
                identifier=identifier_of(header.cluster_id, namespace=settings.OAI_NAMESPACE),
                stamp=header.changed_at,
                specs=header.specs,
                # One that went away since the list was read; its new stamp will say so again.
                is_deleted=header.is_deleted or (form is not None and record is None),
                metadata=form.write(record, self._site) if form is not None and record is not None else "",
            )


_HANDLERS: dict[str, Callable[[_Answering, Request], bytes]] = {
    "Identify": _Answering.identify,
    "ListMetadataFormats": _Answering.list_formats,
    "ListSets": _Answering.list_sets,
    "GetRecord": _Answering.get_record,
    "ListIdentifiers": _Answering.list_items,
    "ListRecords": _Answering.list_items,
}


def _format(prefix: str) -> Format:
    if prefix not in FORMATS:
        raise ProtocolError("cannotDisseminateFormat", "Formats are: " + ", ".join(FORMATS) + ".")
    return FORMATS[prefix]


def admin_email(site: str) -> str:
    """The address for harvesters: the setting, else that of our letters, else the postmaster of this host."""
    host = site.partition("://")[2].partition("/")[0].partition(":")[0]
    for address in (settings.OAI_EMAIL, settings.DEFAULT_FROM_EMAIL, f"postmaster@{host}"):
        if "." in address.partition("@")[2].strip("."):
            return address
    return f"postmaster@{host}.localdomain"


@dataclass(frozen=True, slots=True)
class _Listing:
    """A list under way. All that it needs stands in its token, so it outlives restarts and needs no memory of ours."""

    prefix: str
    selection: Selection
    after: Place | None = None
    cursor: int = 0
    size: int = 0

    @classmethod
    def begun(cls, request: Request) -> "_Listing":
        selection = Selection(spec=request.get("set"), since=request.since, before=request.before)
        return cls(prefix=request.get("metadataPrefix"), selection=selection)

    @classmethod
    def resumed(cls, request: Request) -> "_Listing":
        try:
            found = signing.Signer(salt=_SALT).unsign_object(request.get("resumptionToken"))
            verb, prefix, spec, since, before, stamp, item, cursor, size = found
        except (signing.BadSignature, ValueError, TypeError) as error:
            raise ProtocolError("badResumptionToken", "This token is not one of ours.") from error
        if verb != request.verb:
            raise ProtocolError("badResumptionToken", f"This token belongs to {verb}.")
        return cls(
            prefix=prefix,
            selection=Selection(spec=spec, since=_moment(since), before=_moment(before)),
            after=Place(_moment(stamp) or datetime.min.replace(tzinfo=UTC), item),
            cursor=cursor,
            size=size,
        )

    def resumption(self, page: queries.Page, *, verb: str) -> Resumption | None:
        """The token for what follows this page; None when the whole list was one page."""
        if self.after is None and not page.has_more:
            return None
        sent = self.cursor + len(page.headers)
        # Records that change during a harvest come again at its end, so the list may grow.
        size = max(self.size or page.size, sent + page.has_more)
        token = ""
        if page.has_more:
            wanted = self.selection
            values = [
                *(verb, self.prefix, wanted.spec, _micros(wanted.since), _micros(wanted.before)),
                *(_micros(page.end.changed_at), page.end.cluster_id, sent, size),
            ]
            token = signing.Signer(salt=_SALT).sign_object(values)
        return Resumption(token=token, size=size, cursor=self.cursor)


def _micros(moment: datetime | None) -> int | None:
    if moment is None:
        return None
    gone = moment - _EPOCH
    return (gone.days * 86_400 + gone.seconds) * 1_000_000 + gone.microseconds


def _moment(micros: int | None) -> datetime | None:
    if micros is None:
        return None
    seconds, rest = divmod(micros, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
