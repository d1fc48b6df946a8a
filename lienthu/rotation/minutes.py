"""Minutes of a handover as PDF (typst) and DOCX: nothing of a record is ever read as typst source.

The minutes are official papers, so they are in Vietnamese whatever the language of the page.
"""

from dataclasses import dataclass
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _

from lienthu.kernel import clock, papers
from lienthu.rotation.models import RotationSet
from lienthu.rotation.queries import counts_of, pieces_of
from lienthu.rotation.wording import differences

SHEET = Path(__file__).parent / "sheets" / "minutes.typ"


@dataclass(frozen=True, slots=True)
class Minutes:
    """What stands in the minutes; `rows` are number, accession number, title, handed over, received, note."""

    state: tuple[str, str]
    title: str
    subject: str
    lines: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[str, ...]
    closing: str
    signatures: tuple[tuple[str, str], ...]


def minutes_of(one: RotationSet, *, back: bool) -> Minutes:
    """The minutes of the way there, or of the way back."""
    with translation.override("vi"):
        return _minutes(one, back=back)


def _minutes(one: RotationSet, *, back: bool) -> Minutes:
    pieces = [piece for piece in pieces_of(one) if (piece.arrived_at if back else not piece.left_out)]
    rows, given, taken = [], 0, 0
    for place, piece in enumerate(pieces, start=1):
        gave = piece.back_at is not None if back else piece.sent
        took = piece.home_at is not None if back else piece.arrived_at is not None
        given, taken = given + gave, taken + took
        title = piece.item.record.cluster.title
        marks = ("x" if gave else "", "x" if took else "")
        rows.append((str(place), piece.item.accession_number, title, *marks, differences(piece)))
    when = one.returned_at if back else one.sent_at
    day = (when or clock.now()).astimezone(clock.VIETNAM)
    giver, taker = (one.place, one.owner.name_vi) if back else (one.owner.name_vi, one.place)
    counts = counts_of(one)
    lines = [
        _("Căn cứ Thông tư 05/2022/TT-BVHTTDL;"),
        _("Hôm nay, %(day)s, chúng tôi gồm:") % {"day": f"ngày {day:%d} tháng {day:%m} năm {day:%Y}"},
        _("Bên giao: %(name)s") % {"name": giver},
        _("Bên nhận: %(name)s") % {"name": taker},
        _("cùng bàn giao bộ sách “%(name)s”, hạn trả ngày %(due)s, gồm những bản sau:")
        % {"name": one.name, "due": f"{one.due_on:%d/%m/%Y}"},
    ]
    totals = [_("Số bản giao: %(count)d") % {"count": given}, _("Số bản nhận: %(count)d") % {"count": taken}]
    totals.append(_("Chênh lệch: %(count)d (lý do ghi ở cột Ghi chú)") % {"count": given - taken})
    if back and counts.arrived > given:
        totals.append(_("Chưa giao trả: %(count)d") % {"count": counts.arrived - given})
    return Minutes(
        state=(_("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), _("Độc lập - Tự do - Hạnh phúc")),
        title=_("BIÊN BẢN GIAO TRẢ SÁCH LUÂN CHUYỂN") if back else _("BIÊN BẢN BÀN GIAO SÁCH LUÂN CHUYỂN"),
        subject=one.name,
        lines=tuple(lines),
        heads=(_("STT"), _("Số ĐKCB"), _("Nhan đề"), _("Giao"), _("Nhận"), _("Ghi chú")),
        rows=tuple(rows),
        totals=tuple(totals),
        closing=_("Biên bản lập thành hai bản, mỗi bên giữ một bản."),
        signatures=(
            (_("BÊN GIAO"), _("(Ký, ghi rõ họ tên)")),
            (_("BÊN NHẬN"), _("(Ký, ghi rõ họ tên)")),
        ),
    )


def as_pdf(minutes: Minutes) -> bytes:
    """The minutes on A4."""
    return papers.as_pdf(SHEET, minutes)


def as_docx(minutes: Minutes) -> bytes:
    """The same for an office that adds its own words."""
    paper = papers.Office()
    for text, bold in ((minutes.state[0], True), (minutes.state[1], True), ("", False), (minutes.title, True)):
        paper.centred(text, bold=bold)
    paper.lines(*minutes.lines)
    paper.table([minutes.heads, *minutes.rows], columns=len(minutes.heads))
    paper.lines("", *minutes.totals, minutes.closing, "")
    paper.table(zip(*minutes.signatures, strict=True), columns=len(minutes.signatures), ruled=False)
    return paper.as_bytes()
