"""Minutes of a stock-taking (khớp, thừa, sai kho, thiếu) as PDF (typst) and DOCX.

They are official papers, so they are in Vietnamese whatever the language of the page. What matches is only counted; all
that does not is listed, copy by copy.
"""

from dataclasses import dataclass
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _

from lienthu.kernel import clock, papers
from lienthu.stocktaking.models import Round
from lienthu.stocktaking.policy import Group
from lienthu.stocktaking.queries import Line, counts_of, expected_count, in_groups, lines_of, titles_of
from lienthu.stocktaking.wording import GROUPS, OUTCOMES, misplaced_sentence
from lienthu.web.tags.filters import vn_number

SHEET = Path(__file__).parent / "sheets" / "minutes.typ"
MOST_LISTED = 5_000


@dataclass(frozen=True, slots=True)
class Minutes:
    """What stands in the minutes; `rows` are number, accession number, title, column, remark."""

    state: tuple[str, str]
    title: str
    lines: tuple[str, ...]
    sums: tuple[tuple[str, str], ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    closing: tuple[str, ...]
    signatures: tuple[tuple[str, str], ...]


def minutes_of(one: Round) -> Minutes:
    """The minutes as the round stands now."""
    with translation.override("vi"):
        return _minutes(one)


def _minutes(one: Round) -> Minutes:
    groups = in_groups(counts_of(one))
    differing = [line for line in lines_of(one) if line.group != Group.MATCH]
    listed = differing[:MOST_LISTED]
    titles = titles_of(listed)
    opened = one.opened_at.astimezone(clock.VIETNAM)
    ended = (one.closed_at or clock.now()).astimezone(clock.VIETNAM)
    lines = [_("Căn cứ: %(basis)s;") % {"basis": one.basis}] if one.basis else []
    lines += [
        _("Từ %(start)s đến %(end)s, tổ kiểm kê đã kiểm kê tài liệu tại: %(place)s.")
        % {"start": f"{opened:%H:%M %d/%m/%Y}", "end": f"{ended:%H:%M %d/%m/%Y}", "place": one.place},
        *(_("Ông/bà: %(name)s, %(office)s") % {"name": name, "office": office or "…"} for name, office in one.council),
        _("Số bản theo sổ: %(count)s.") % {"count": vn_number(expected_count(one))},
    ]
    closing = [_("Biên bản lập thành hai bản có giá trị như nhau.")]
    if len(differing) > MOST_LISTED:
        more = vn_number(len(differing) - MOST_LISTED)
        closing.insert(0, _("Còn %(count)s bản nữa, xem danh sách kèm theo.") % {"count": more})
    return Minutes(
        state=(_("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), _("Độc lập - Tự do - Hạnh phúc")),
        title=_("BIÊN BẢN KIỂM KÊ TÀI LIỆU"),
        lines=tuple(lines),
        sums=tuple((str(GROUPS[group]), vn_number(count)) for group, count in groups.items()),
        heads=(_("STT"), _("Số ĐKCB"), _("Nhan đề"), _("Cột"), _("Ghi chú")),
        rows=tuple(_row(place, line, titles) for place, line in enumerate(listed, start=1)),
        closing=tuple(closing),
        signatures=((_("TỔ KIỂM KÊ"), _("(Ký, ghi rõ họ tên)")), (_("PHỤ TRÁCH THƯ VIỆN"), _("(Ký, ghi rõ họ tên)"))),
    )


def _row(place: int, line: Line, titles: dict[int, str]) -> tuple[str, ...]:
    note = "; ".join(filter(None, (str(OUTCOMES[line.outcome]), misplaced_sentence(line), line.spared)))
    return (str(place), line.number, titles.get(line.item_id or 0, ""), str(GROUPS[line.group]), note)


def as_pdf(minutes: Minutes) -> bytes:
    """The minutes on A4."""
    return papers.as_pdf(SHEET, minutes)


def as_docx(minutes: Minutes) -> bytes:
    """The same for an office that adds its own words."""
    paper = papers.Office()
    for text in (*minutes.state, "", minutes.title):
        paper.centred(text, bold=True)
    paper.lines(*minutes.lines)
    paper.table(zip(*minutes.sums, strict=True), columns=len(minutes.sums))
    paper.lines("")
    if minutes.rows:
        paper.table([minutes.heads, *minutes.rows], columns=len(minutes.heads))
    paper.lines("", *minutes.closing, "")
    paper.table(zip(*minutes.signatures, strict=True), columns=len(minutes.signatures), ruled=False)
    return paper.as_bytes()
