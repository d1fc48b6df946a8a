"""The page on which labels are chosen, and the file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lienthu.identity.access import actor_of, requires
from lienthu.kernel.bars import bars, is_too_narrow
from lienthu.labels.access import EDIT, own_libraries
from lienthu.labels.forms import LabelForm
from lienthu.labels.pdf import labels_pdf
from lienthu.labels.policy import BARCODE, SPINE, Sheet
from lienthu.labels.queries import Wanted, find_copies
from lienthu.web.components import Column, Row, Table

SHOWN = 20


@requires(EDIT)
@require_http_methods(["GET", "POST"])
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """Choose, look, take the file. Nothing is written, so the same page may be sent again and again."""
    own = own_libraries(actor_of(request))
    if request.method == "GET":
        return render(request, "labels/index.html", {"form": LabelForm(own=own, initial=_asked(request))})
    form = LabelForm(request.POST, own=own)
    if not form.is_valid():
        return render(request, "labels/index.html", {"form": form}, status=422)
    given, sheet = form.cleaned_data, form.chosen_sheet
    wanted = find_copies(given["library"].pk, numbers=given["wanted"], record_id=given["record"])
    if "pdf" in request.POST and wanted.copies:
        made = labels_pdf(wanted.copies, sheet=sheet, owner=given["library"].name_vi, start=given["start"])
        name = f"nhan-{given['library'].code}-{sheet.kind}.pdf".lower()
        return HttpResponse(
            made, content_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )
    context = {"form": form, "wanted": wanted, "table": _table(wanted), "problems": _problems(wanted, sheet)}
    return render(request, "labels/index.html", context)


def _asked(request: HttpRequest) -> dict[str, str]:
    """What a link from another page asks for: a library, and a record or numbers."""
    names = ("library", "record", "numbers")
    return {"start": "1"} | {name: request.GET[name][:2_000] for name in names if name in request.GET}


def _table(wanted: Wanted) -> Table:
    return Table(
        caption=_("Những bản sẽ in"),
        columns=[
            Column("number", _("Số đăng ký cá biệt")),
            Column("call_number", _("Ký hiệu xếp giá")),
            Column("title", _("Nhan đề")),
        ],
        rows=[
            Row(cells={"number": one.accession_number, "call_number": one.call_number, "title": one.title})
            for one in wanted.copies[:SHOWN]
        ],
    )


def _problems(wanted: Wanted, sheet: Sheet) -> list[str]:
    found = []
    if wanted.unknown:
        shown = ", ".join(wanted.unknown[:SHOWN]) + ("…" if len(wanted.unknown) > SHOWN else "")
        found.append(
            ngettext(
                "Thư viện không có bản mang số này: %(numbers)s.",
                "Thư viện không có bản mang %(count)d số này: %(numbers)s.",
                len(wanted.unknown),
            )
            % {"count": len(wanted.unknown), "numbers": shown}
        )
    if sheet.kind == BARCODE:
        found += _bar_problems(wanted, sheet)
    if sheet.kind == SPINE and (bare := [one.accession_number for one in wanted.copies if not one.call_number]):
        found.append(
            _("Chưa có ký hiệu xếp giá, nhãn gáy sẽ in số đăng ký cá biệt: %(numbers)s.")
            % {"numbers": ", ".join(bare[:SHOWN])}
        )
    return found


def _bar_problems(wanted: Wanted, sheet: Sheet) -> list[str]:
    found = []
    drawn = {one.accession_number: bars(one.accession_number) for one in wanted.copies}
    if without := [number or "—" for number, one in drawn.items() if one is None]:
        found.append(
            _("Số có chữ mà mã vạch Code 128 không ghi được, nhãn sẽ chỉ có chữ: %(numbers)s.")
            % {"numbers": ", ".join(without[:SHOWN])}
        )
    if any(one is not None and is_too_narrow(one, sheet.width) for one in drawn.values()):
        found.append(
            _("Nhãn này hẹp so với độ dài của số: vạch sẽ rất mảnh, máy quét khó đọc. Hãy chọn nhãn rộng hơn.")
        )
    return found
