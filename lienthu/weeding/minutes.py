"""The list and the minutes of a weeding as PDF (typst) and DOCX: nothing of a record is ever read as typst source.

They are official papers, so they are in Vietnamese whatever the language of the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _

from lienthu.kernel import clock, papers
from lienthu.weeding.models import State, Weeding
from lienthu.weeding.policy import CIRCULAR, DOSSIER_YEARS
from lienthu.weeding.queries import counts_of, held_by, pieces_of
from lienthu.weeding.wording import reason_sentence

SHEET = Path(__file__).parent / "sheets" / "minutes.typ"
# A longer table is not edited by hand: the DOCX then points to the list in PDF.
MOST_DOCX_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on a paper; `rows` are number, accession number, title, reason."""

    state: tuple[str, str]
    title: str
    lines: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[str, ...]
    signatures: tuple[tuple[str, str, str], ...]


def list_of(one: Weeding) -> Paper:
    """The list of what is proposed, for signatures of the council."""
    with translation.override("vi"):
        day = one.published_at.astimezone(clock.VIETNAM).date() if one.published_at else clock.today()
        lines = [
            _("Căn cứ Thông tư %(circular)s;") % {"circular": CIRCULAR},
            _("Thư viện: %(name)s") % {"name": one.library.name_vi},
            _("Đợt thanh lọc: %(name)s") % {"name": one.name},
            _("Danh mục lập ngày %(day)s.") % {"day": f"{day:%d/%m/%Y}"},
        ]
        return _paper(one, _("DANH MỤC TÀI LIỆU ĐỀ NGHỊ THANH LỌC"), lines, [])


def minutes_of(one: Weeding) -> Paper:
    """The minutes of a weeding that is decided."""
    with translation.override("vi"):
        counts = counts_of(one)
        done = one.done_at.astimezone(clock.VIETNAM).date() if one.done_at else clock.today()
        lines = [
            _("Căn cứ Thông tư %(circular)s;") % {"circular": CIRCULAR},
            _("Căn cứ Quyết định số %(number)s ngày %(day)s;") % {"number": one.decision, "day": _day(one.decided_on)},
            _("Hôm nay, %(day)s, Hội đồng thanh lọc của %(name)s gồm:")
            % {"day": f"ngày {done:%d} tháng {done:%m} năm {done:%Y}", "name": one.library.name_vi},
            *_council_lines(one),
            _("thanh lọc các tài liệu của đợt “%(name)s”, danh mục đã công khai từ ngày %(day)s:")
            % {"name": one.name, "day": _day(one.published_at.astimezone(clock.VIETNAM) if one.published_at else None)},
        ]
        totals = [
            _("Số bản giữ lại sau khi công khai: %(count)d") % {"count": counts.kept},
            _("Số ý kiến góp ý đã ghi: %(count)d") % {"count": one.objections.count()},
        ]
        if one.state not in (State.DECIDED, State.WITHDRAWING):
            totals.append(_("Số bản đã đưa ra khỏi kho: %(count)d") % {"count": counts.withdrawn})
            totals.append(_("Số bản ở lại vì đang có người dùng: %(count)d") % {"count": counts.left_out})
        if one.state == State.RETURNED:
            totals.append(_("Số bản sau đó lấy lại vào kho: %(count)d") % {"count": counts.returned})
        totals.append(_("Hồ sơ thanh lọc lưu ít nhất %(years)d năm.") % {"years": DOSSIER_YEARS})
        return _paper(one, _("BIÊN BẢN THANH LỌC TÀI LIỆU"), lines, totals)


def _paper(one: Weeding, title: str, lines: Sequence[str], more: Sequence[str]) -> Paper:
    pieces = pieces_of(one).filter(kept_out="")
    rows = tuple(
        (str(place), piece.item.accession_number, piece.item.record.cluster.title, reason_sentence(piece))
        for place, piece in enumerate(pieces.iterator(), start=1)
    )
    held = one.held if one.held is not None else held_by(one.library_id)
    totals = [
        _("Số bản thư viện có: %(count)d") % {"count": held},
        _("Số bản thanh lọc: %(count)d") % {"count": len(rows)},
        *more,
    ]
    sign = _("(Ký, ghi rõ họ tên)")
    roles = [_("CHỦ TỊCH HỘI ĐỒNG"), *[_("THÀNH VIÊN")] * max(0, len(one.council) - 1)]
    return Paper(
        state=(_("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), _("Độc lập - Tự do - Hạnh phúc")),
        title=title,
        lines=tuple(lines),
        heads=(_("STT"), _("Số ĐKCB"), _("Nhan đề"), _("Lý do")),
        rows=rows,
        totals=tuple(totals),
        signatures=tuple((role, sign, person[0]) for role, person in zip(roles, one.council, strict=False)),
    )


def _council_lines(one: Weeding) -> list[str]:
    roles = [_("Chủ tịch"), *[_("Thành viên")] * len(one.council)]
    return [
        ", ".join(part for part in (*person, role) if part) + ";"
        for role, person in zip(roles, one.council, strict=False)
    ]


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "–"


def as_pdf(paper: Paper) -> bytes:
    """The paper on A4."""
    return papers.as_pdf(SHEET, paper)


def as_docx(paper: Paper) -> bytes:
    """The same for an office that adds its own words."""
    office = papers.Office()
    for text, bold in ((paper.state[0], True), (paper.state[1], True), ("", False), (paper.title, True)):
        office.centred(text, bold=bold)
    office.lines(*paper.lines)
    if len(paper.rows) <= MOST_DOCX_ROWS:
        office.table([paper.heads, *paper.rows], columns=len(paper.heads))
    else:
        with translation.override("vi"):
            office.lines(_("Danh mục %(count)d bản kèm theo (bản PDF).") % {"count": len(paper.rows)})
    office.lines("", *paper.totals, "")
    for who, how, name in paper.signatures:
        office.centred(who, bold=True)
        for line in (how, "", "", name):
            office.centred(line)
    return office.as_bytes()
