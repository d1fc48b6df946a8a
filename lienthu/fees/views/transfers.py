"""Transfers: the bank's statement read in, doubtful lines decided by a person."""

import csv
import io
from collections.abc import Sequence
from itertools import islice

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lienthu.catalogue.marc.limits import ReadLimits
from lienthu.catalogue.marc.problems import UnreadableFile
from lienthu.catalogue.marc.workbook import Workbook
from lienthu.fees import actions
from lienthu.fees.access import COLLECT
from lienthu.fees.forms import StatementForm
from lienthu.fees.models import Transfer, TransferState
from lienthu.fees.policy.sheets import NotAStatement, read_statement
from lienthu.fees.queries.entries import transfers_at
from lienthu.fees.views.frame import desk_library, frame, refusals_said
from lienthu.fees.wording import DOUBTS
from lienthu.identity.access import actor_of, requires
from lienthu.intake import inspection, types
from lienthu.kernel.http import page_number
from lienthu.libraries.queries import Library
from lienthu.patrons.queries import patron_of_card, patrons_by_id

PAGE = 30
MOST_BYTES = 10 << 20
MOST_ROWS = 20_000
_BOOKS = {kind.name: kind for kind in (types.XLSX, types.ODS, types.OLE)}


def rows_of(file: UploadedFile) -> Sequence[Sequence[object]]:
    """The rows of a sheet or of a CSV file in UTF-8 or CP1258. Raises UnreadableFile, NotAStatement."""
    seen = inspection.inspect(file, file.name or "")
    if seen.refused or seen.size > MOST_BYTES:
        raise NotAStatement
    if seen.kind in _BOOKS:
        book = Workbook(file, _BOOKS[seen.kind], ReadLimits(workbook=MOST_BYTES, workbook_unpacked=100 << 20))
        return list(islice(book.rows(book.best_sheet()), MOST_ROWS))
    file.seek(0)
    raw = file.read()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1258", errors="replace")
    separator = max(",;\t", key=text[:4_000].count)
    try:
        return list(islice(csv.reader(io.StringIO(text), delimiter=separator), MOST_ROWS))
    except csv.Error as error:
        raise NotAStatement from error


@requires(COLLECT)
@require_http_methods(["GET", "POST"])
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """Doubtful transfers first; a statement is read in here."""
    library = desk_library(request)
    form = StatementForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and _read_in(request, library, form):
            return redirect("fees:transfers")
    chosen = request.GET.get("trang-thai", "DOUBTFUL")
    if chosen not in TransferState.values:
        chosen = "DOUBTFUL"
    found = transfers_at(library.pk).filter(state=chosen).order_by("-on", "-id")
    pages = Paginator(found, PAGE)
    page = pages.get_page(page_number(request.GET.get("page"), last=pages.num_pages))
    people = patrons_by_id([one.demand.patron_id for one in page.object_list if one.demand])
    context = frame(request, library, here="transfers") | {
        "form": form,
        "states": TransferState.choices,
        "chosen": chosen,
        "page": page,
        "pages": pages,
        "transfers": [
            (one, str(DOUBTS.get(one.doubt, "")), people.get(one.demand.patron_id) if one.demand else None)
            for one in page.object_list
        ],
    }
    return render(request, "fees/transfers.html", context, status=status)


def _read_in(request: HttpRequest, library: Library, form: StatementForm) -> bool:
    try:
        statement = read_statement(rows_of(form.cleaned_data["file"]))
    except (NotAStatement, UnreadableFile):
        form.add_error("file", _("Không đọc được: tệp cần các cột ngày giao dịch, số tiền ghi có và nội dung."))
        return False
    done = actions.import_statement(actor=actor_of(request), library=library, lines=statement.lines)
    told = _("Đã ghi thu %(paid)s, cần xem %(doubtful)s, đã có từ trước %(known)s.")
    messages.success(request, told % {"paid": done.paid, "doubtful": done.doubtful, "known": done.known})
    if statement.unread:
        rows = ", ".join(str(number) for number in statement.unread[:20])
        text = ngettext(
            "Không hiểu %(count)d dòng: %(rows)s.", "Không hiểu %(count)d dòng: %(rows)s.", len(statement.unread)
        )
        messages.warning(request, text % {"count": len(statement.unread), "rows": rows})
    return True


@requires(COLLECT)
@require_POST
@never_cache
def decide(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """Whose money it is, by card; or nobody's."""
    library, actor = desk_library(request), actor_of(request)
    asked = transfers_at(library.pk).filter(pk=transfer_id).first()
    if asked is None:
        raise Http404
    reason = request.POST.get("reason", "")
    with refusals_said(request):
        if request.POST.get("do") == "aside":
            actions.set_aside(actor=actor, library=library, transfer_id=asked.pk, reason=reason)
            messages.success(request, _("Đã để riêng."))
            return redirect("fees:transfers")
        patron_id = _whose(request, asked)
        if patron_id is None:
            messages.warning(request, _("Không có thẻ số này."))
            return redirect("fees:transfers")
        done = actions.confirm_transfer(
            actor=actor, library=library, transfer_id=asked.pk, patron_id=patron_id, reason=reason
        )
        messages.success(request, _("Đã ghi thu."))
        if done.entry_id:
            return redirect("fees:receipt", done.entry_id)
    return redirect("fees:transfers")


def _whose(request: HttpRequest, asked: Transfer) -> int | None:
    card = request.POST.get("card", "").strip()
    if card:
        held = patron_of_card(card[:60])
        return held.patron_id if held else None
    return asked.demand.patron_id if asked.demand else None
