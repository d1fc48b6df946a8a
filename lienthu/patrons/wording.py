"""States of readers and cards as badges show them."""

from django.utils.translation import gettext as _

from lienthu.patrons.models import Card, CardStatus, Patron, PatronState

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
