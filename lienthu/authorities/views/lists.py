"""The lists: authorities, headings in records, possible duplicates, changes, proposals."""

from collections.abc import Iterable, Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from lienthu.authorities.access import EDIT, may_edit
from lienthu.authorities.forms import ListFilter
from lienthu.authorities.models import Authority, Change, Form, Kind, Proposal
from lienthu.authorities.queries.exchanging import authority_records
from lienthu.authorities.queries.families import cluster_counts
from lienthu.authorities.queries.listing import AuthorityFilter, authorities_of, find_authorities
from lienthu.authorities.views.frame import PAGE, kind_tabs, tabs
from lienthu.authorities.wording import STATE_BADGES, change_title
from lienthu.catalogue.marc.export import write_iso2709
from lienthu.catalogue.queries import AUTHOR_TAGS, SUBJECT_TAGS, HeadingEntry, Place, headings
from lienthu.identity.access import actor_of, requires
from lienthu.kernel import ids
from lienthu.kernel.http import page_number
from lienthu.kernel.sheets import csv_response
from lienthu.kernel.text import normalise, sort_key
from lienthu.web.components import Column, Empty, Link, Row, Table

ALL_TAGS = (*AUTHOR_TAGS, *SUBJECT_TAGS, 130, 240, 730, 830)
SIZE = 50


@requires(EDIT)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Authorities, found by any of their forms."""
    form = ListFilter(request.GET)
    wanted = AuthorityFilter()
    if form.is_valid():
        given = form.cleaned_data
        wanted = AuthorityFilter(words=given["q"], kind=given["kind"], variants=given["variants"])
    sort = request.GET.get("sort", "")
    found = find_authorities(wanted, sort=sort)
    if request.GET.get("format") == "csv":
        heads = [_("Dạng chuẩn"), _("Loại"), _("Dạng khác"), _("Thời gian"), _("Nguồn")]
        return csv_response("de-muc", heads, _csv_lines(found.iterator(chunk_size=1_000)))
    total = found.count()
    page = page_number(request.GET.get("page"), last=max(1, -(-total // PAGE)))
    rows = list(found[(page - 1) * PAGE : page * PAGE])
    export = request.GET.copy()
    export["format"] = "csv"
    table = Table(
        caption=_("Biểu ghi đề mục"),
        caption_hidden=True,
        columns=[
            Column("text", _("Dạng chuẩn"), sortable=True),
            Column("kind", _("Loại")),
            Column("variants", _("Dạng khác"), kind="number", sortable=True),
            Column("records", _("Biểu ghi dùng"), kind="number"),
            Column("updated_at", _("Sửa lúc"), kind="datetime", sortable=True, hidden_on_phone=True),
        ],
        rows=list(_rows(rows)),
        total=total,
        number=page,
        size=PAGE,
        sort=sort or ("" if wanted.words else "text"),
        filters=form,
        exports=[
            Link(_("Tải danh sách (CSV)"), "?" + export.urlencode()),
            Link(_("Tải mọi biểu ghi đề mục (MARC 21)"), reverse("authorities:export")),
        ],
        empty=Empty(
            _("Không có biểu ghi đề mục nào"),
            _("Chưa có biểu ghi nào khớp. Có thể tạo từ một đề mục mà biểu ghi đang dùng, hoặc nhập từ tệp."),
            Link(_("Xem đề mục trong biểu ghi"), reverse("authorities:headings")),
        ),
    )
    context = {"table": table, "tabs": tabs("list"), "may_edit": may_edit(actor_of(request))}
    return render(request, "authorities/list.html", context)


def _rows(authorities: list[Authority]) -> Iterator[Row]:
    forms = list(Form.objects.filter(authority__in=authorities).values_list("authority_id", "heading_id"))
    counts = cluster_counts(forms)
    for one in authorities:
        yield Row(
            cells={
                "text": one.text,
                "kind": one.get_kind_display(),
                "variants": one.variants,
                "records": counts.get(one.pk, 0),
                "updated_at": one.updated_at,
            },
            url=reverse("authorities:authority", args=[one.public_id]),
        )


def _csv_lines(authorities: Iterable[Authority]) -> Iterator[list[str]]:
    for one in authorities:
        rows = Form.objects.filter(authority=one, is_preferred=False).order_by("pk")
        variants = " | ".join(rows.values_list("heading__text", flat=True))
        yield [one.text, str(one.get_kind_display()), variants, one.dates, one.sources.replace("\n", " | ")]


@requires(EDIT)
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """Every authority as one file of MARC 21 authority records."""
    pieces = write_iso2709(authority_records(), unwritten=lambda record, problem: None)
    response = StreamingHttpResponse(pieces, content_type="application/marc")
    response["Content-Disposition"] = 'attachment; filename="de-muc.mrc"'
    return response


@requires(EDIT)
@require_GET
def in_records(request: HttpRequest) -> HttpResponse:
    """Headings that records use, in Vietnamese order, with the authority of each or a way to make one."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in Kind.values else "PERSON"
    prefix = normalise(request.GET.get("tu", "")[:100]).strip()
    place = _place(request.GET.get("sau", "")) or Place(sort_key(prefix) if prefix else b"")
    stretch = headings(kinds=[kind], tags=ALL_TAGS, place=place, size=SIZE)
    known = authorities_of([entry.id for entry in stretch.entries])
    base = reverse("authorities:headings")
    following = ""
    if stretch.more_after:
        last = stretch.entries[-1].place
        following = f"{base}?{urlencode({'kind': kind, 'sau': f'{last.key.hex()}.{last.id + 1}'})}"
    table = Table(
        caption=_("Đề mục trong biểu ghi"),
        caption_hidden=True,
        columns=[
            Column("text", _("Đề mục")),
            Column("records", _("Biểu ghi dùng"), kind="number"),
            Column("state", _("Biểu ghi đề mục"), kind="badge"),
        ],
        rows=[_heading_row(entry, known.get(entry.id)) for entry in stretch.entries],
        empty=Empty(
            _("Không còn đề mục nào từ chỗ này trở đi"), "", Link(_("Về đầu danh sách"), f"{base}?kind={kind}")
        ),
    )
    context = {
        "table": table,
        "tabs": tabs("headings"),
        "kinds": kind_tabs("headings", kind),
        "kind": kind,
        "prefix": prefix,
        "next": following,
    }
    return render(request, "authorities/headings.html", context)


def _place(token: str) -> Place | None:
    key, _dot, place = token.partition(".")
    if not place.isdecimal() or len(place) > 18 or len(key) > 1_100 or len(key) % 2:
        return None
    return Place(bytes.fromhex(key), int(place)) if all(sign in "0123456789abcdef" for sign in key) else None


def _heading_row(entry: HeadingEntry, authority_id: int | None) -> Row:
    if authority_id:
        url = reverse("authorities:authority", args=[ids.encode(authority_id)])
        state = ("done", _("Có biểu ghi"))
    else:
        url = reverse("authorities:from_heading", args=[entry.id])
        state = ("waiting", _("Chưa có"))
    return Row(cells={"text": entry.text, "records": entry.count, "state": state}, url=url)


@requires(EDIT)
@require_GET
def changes(request: HttpRequest) -> HttpResponse:
    """Changes that went to the records, newest first."""
    found = Change.objects.select_related("authority").order_by("-pk")
    total = found.count()
    page = page_number(request.GET.get("page"), last=max(1, -(-total // PAGE)))
    table = Table(
        caption=_("Thay đổi đã đưa vào biểu ghi"),
        caption_hidden=True,
        columns=[
            Column("what", _("Thay đổi")),
            Column("state", _("Tình trạng"), kind="badge"),
            Column("records", _("Biểu ghi"), kind="number"),
            Column("at", _("Lúc"), kind="datetime"),
            Column("actor", _("Người làm"), hidden_on_phone=True),
        ],
        rows=[
            Row(
                cells={
                    "what": change_title(one),
                    "state": (STATE_BADGES[one.state], str(one.get_state_display())),
                    "records": one.total,
                    "at": one.created_at,
                    "actor": one.actor_name,
                },
                url=reverse("authorities:change", args=[one.public_id]),
            )
            for one in found[(page - 1) * PAGE : page * PAGE]
        ],
        total=total,
        number=page,
        size=PAGE,
        empty=Empty(
            _("Chưa có thay đổi nào"), _("Khi dạng chuẩn đổi hay hai đề mục được gộp, việc sửa biểu ghi hiện ở đây.")
        ),
    )
    return render(request, "authorities/plain_list.html", {"table": table, "tabs": tabs("changes")})


@requires(EDIT)
@require_GET
def proposals(request: HttpRequest) -> HttpResponse:
    """What libraries asked for, what waits first."""
    found = Proposal.objects.select_related("authority").order_by("-state", "-pk")
    waiting = found.filter(state="OPEN").order_by("pk")
    closed = found.exclude(state="OPEN").order_by("-pk")[:PAGE]
    context = {
        "waiting": list(waiting[:200]),
        "closed": list(closed),
        "tabs": tabs("proposals"),
        "may_edit": may_edit(actor_of(request)),
    }
    return render(request, "authorities/proposals.html", context)
