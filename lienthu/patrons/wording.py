"""States of readers and cards as badges show them."""

from typing import Any

from django.utils.translation import gettext as _

from lienthu.catalogue.marc.problems import SENTENCES
from lienthu.patrons.models import Card, CardStatus, Patron, PatronState, Roll, RollStatus

_STATES = {"PENDING": "pending", "ACTIVE": "done", "CLOSED": "withdrawn", "MERGED": "withdrawn", "ERASED": "withdrawn"}
_CARDS = {"ACTIVE": "done", "LOST": "failed", "REPLACED": "withdrawn", "RETURNED": "withdrawn"}


def state_badge(patron: Patron) -> tuple[str, str]:
    """State of a reader."""
    return _STATES[patron.state], str(PatronState(patron.state).label)


def card_badge(card: Card) -> tuple[str, str]:
    """State of a card."""
    return _CARDS[card.status], str(CardStatus(card.status).label)


def photo_sentence(code: str) -> str:
    """Why a file cannot be a photograph."""
    return {
        "TYPE": _("Tệp này không phải ảnh JPEG, PNG hay WebP."),
        "BYTES": _("Ảnh lớn hơn 8 MB. Hãy chụp lại ở cỡ nhỏ hơn."),
        "PIXELS": _("Ảnh có quá nhiều điểm ảnh. Hãy chụp lại ở cỡ nhỏ hơn."),
        "SMALL": _("Ảnh quá nhỏ để nhận mặt: mỗi cạnh ít nhất 120 điểm ảnh."),
        "BROKEN": _("Tệp ảnh bị hỏng hoặc bị cắt cụt."),
    }[code]


_ROLLS = {
    "CHECKING": "running",
    "CHECKED": "waiting",
    "UNREADABLE": "failed",
    "RUNNING": "running",
    "DONE": "done",
    "REVERTING": "running",
    "REVERTED": "withdrawn",
}


def roll_badge(roll: Roll) -> tuple[str, str]:
    """State of a list of people."""
    status = RollStatus(roll.status)
    return _ROLLS[status], str(status.label)


def roll_problem(problem: dict[str, Any]) -> str:
    """Why nothing of a file could be used."""
    own = {
        "HEADS": _("Không tìm thấy dòng tiêu đề: cần cột “Họ và tên” và một cột nữa, ví dụ “Ngày sinh”, “Lớp”."),
        "EMPTY": _("Tệp không có dòng nào ghi người."),
        "ROWS": _("Danh sách dài hơn %(limit)s dòng; hãy chia nhỏ."),
    }
    code = problem["code"]
    sentence = own.get(code) or SENTENCES[code]
    return _(sentence) % problem["params"]


def row_reason(code: str) -> str:
    """Why a row of a list was not taken."""
    return {
        "": "",
        "NO_NAME": _("Không có họ tên."),
        "BAD_DATE": _("Ngày sinh không đọc được hoặc không hợp lý; viết như 03/09/2013."),
        "NO_DATE": _("Thiếu ngày sinh: cần để biết ai phải đồng ý."),
        "BAD_CARD": _("Số thẻ không đúng dạng."),
        "NO_CONSENT": _("Ghi là không đồng ý, nên không giữ thông tin."),
        "TWICE": _("Người này đã có ở dòng trên."),
        "AMBIGUOUS": _("Có hai bạn đọc khớp với dòng này; hãy gộp hoặc ghi số thẻ."),
        "ELSEWHERE": _("Đã là bạn đọc của một thư viện khác; thẻ ấy dùng được ở đây."),
        "NOT_ACTIVE": _("Hồ sơ bạn đọc này không ở trạng thái đang dùng."),
        "CARD_TAKEN": _("Số thẻ đã có người dùng, hoặc từng có."),
        "CHANGED_SINCE": _("Bạn đọc đã đổi lớp hoặc không còn dùng thẻ."),
        "UNWRITABLE": _("Dòng này có giá trị không ghi được; hãy sửa rồi tải lên lại riêng dòng này."),
        "KEPT": _("Giữ lại vì đã sửa hoặc đang mượn."),
    }[code]
