"""What can be told, which values each kind has, and the texts of the province until somebody writes better ones."""

from collections.abc import Mapping
from dataclasses import dataclass

# Placeholder of the texts -> name of the value that the sender gives. Placeholders are typed by librarians.
FIELDS: Mapping[str, str] = {
    "ban_doc": "reader",
    "thu_vien": "library",
    "tai_lieu": "title",
    "han_tra": "due_on",
    "den_ngay": "until",
    "so_ngay": "days",
    "so_the": "card",
}
_ALWAYS = ("ban_doc", "thu_vien")


@dataclass(frozen=True, slots=True)
class Texts:
    """The text of one notice in one language: subject and body of a letter, `short` for SMS and push."""

    subject: str
    body: str
    short: str


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice.

    `topic` is what a reader switches on and off; `placeholders` may stand in its texts, the one of `must` has to.
    `prompt`: goes out as soon as it may, others wait for the hour of the day at which letters are collected.
    """

    code: str
    topic: str
    values: tuple[str, ...]
    must: str
    vi: Texts
    en: Texts
    prompt: bool = False

    @property
    def placeholders(self) -> tuple[str, ...]:
        return (*_ALWAYS, *self.values)

    @property
    def params(self) -> frozenset[str]:
        """Names of the values that a sender has to give."""
        return frozenset(FIELDS[name] for name in self.values)


TOPICS = ("DUE_SOON", "OVERDUE", "HOLD", "CARD")
_BOOK_DUE, _BOOK_LATE, _BOOK_READY = (
    ("tai_lieu", "han_tra"),
    ("tai_lieu", "han_tra", "so_ngay"),
    ("tai_lieu", "den_ngay"),
)

_ALL = (
    Kind(
        "DUE_SOON",
        "DUE_SOON",
        _BOOK_DUE,
        "tai_lieu",
        Texts(
            "Sắp đến hạn trả: {tai_lieu}",
            "Chào {ban_doc}, bạn đang mượn «{tai_lieu}» của {thu_vien}. Hạn trả là ngày {han_tra}.\n"
            "Nếu cần giữ thêm, bạn có thể gia hạn ở trang Sách của tôi hoặc ở quầy.",
            "{thu_vien}: «{tai_lieu}» đến hạn trả ngày {han_tra}.",
        ),
        Texts(
            "Due soon: {tai_lieu}",
            "Dear {ban_doc}, you have «{tai_lieu}» on loan from {thu_vien}. It is due on {han_tra}.\n"
            "If you need it longer, renew it on the page My books or at the desk.",
            "{thu_vien}: «{tai_lieu}» is due on {han_tra}.",
        ),
    ),
    Kind(
        "OVERDUE_1",
        "OVERDUE",
        _BOOK_LATE,
        "tai_lieu",
        Texts(
            "Đã quá hạn trả: {tai_lieu}",
            "Chào {ban_doc}, bạn mượn «{tai_lieu}» của {thu_vien}, hạn trả ngày {han_tra}, nay đã quá {so_ngay} ngày.\n"
            "Mời bạn mang trả ở bất kỳ thư viện nào trong mạng lưới.",
            "{thu_vien}: «{tai_lieu}» quá hạn từ ngày {han_tra}. Mời bạn mang trả.",
        ),
        Texts(
            "Overdue: {tai_lieu}",
            "Dear {ban_doc}, «{tai_lieu}» of {thu_vien} was due on {han_tra}, {so_ngay} days ago.\n"
            "Please return it to any library of the network.",
            "{thu_vien}: «{tai_lieu}» was due on {han_tra}. Please return it.",
        ),
    ),
    Kind(
        "OVERDUE_2",
        "OVERDUE",
        _BOOK_LATE,
        "tai_lieu",
        Texts(
            "Nhắc lần hai: {tai_lieu} quá hạn",
            "Chào {ban_doc}, bạn còn giữ «{tai_lieu}» của {thu_vien}, hạn trả ngày {han_tra}, đã quá {so_ngay} ngày.\n"
            "Bạn đọc khác có thể đang chờ. Nếu gặp khó khăn, hãy báo với thư viện.",
            "{thu_vien} nhắc lần 2: «{tai_lieu}» quá hạn {so_ngay} ngày. Mời bạn mang trả.",
        ),
        Texts(
            "Second reminder: {tai_lieu} is overdue",
            "Dear {ban_doc}, you still have «{tai_lieu}» of {thu_vien}, due on {han_tra}, {so_ngay} days ago.\n"
            "Other readers may be waiting. If there is a difficulty, please tell the library.",
            "{thu_vien}, second reminder: «{tai_lieu}» is {so_ngay} days overdue.",
        ),
    ),
    Kind(
        "OVERDUE_3",
        "OVERDUE",
        _BOOK_LATE,
        "tai_lieu",
        Texts(
            "Nhắc lần cuối: {tai_lieu} quá hạn",
            "Chào {ban_doc}, bạn còn giữ «{tai_lieu}» của {thu_vien}, đã quá hạn {so_ngay} ngày (hạn trả {han_tra}).\n"
            "Đây là lần nhắc cuối. Nếu tài liệu đã mất, hãy đến quầy để thư viện hướng dẫn.",
            "{thu_vien} nhắc lần cuối: «{tai_lieu}» quá hạn {so_ngay} ngày.",
        ),
        Texts(
            "Last reminder: {tai_lieu} is overdue",
            "Dear {ban_doc}, you still have «{tai_lieu}» of {thu_vien}, {so_ngay} days overdue (due {han_tra}).\n"
            "This is the last reminder. If the item is lost, please come to the desk.",
            "{thu_vien}, last reminder: «{tai_lieu}» is {so_ngay} days overdue.",
        ),
    ),
    Kind(
        "RECALLED",
        "OVERDUE",
        _BOOK_DUE,
        "tai_lieu",
        Texts(
            "Cần trả sớm hơn: {tai_lieu}",
            "Chào {ban_doc}, có bạn đọc khác đang chờ «{tai_lieu}» của {thu_vien}. Hạn trả mới là ngày {han_tra}.\n"
            "Cảm ơn bạn đã trả sớm giúp người đang chờ.",
            "{thu_vien}: có người chờ «{tai_lieu}», mời bạn trả trước hết ngày {han_tra}.",
        ),
        Texts(
            "Wanted back earlier: {tai_lieu}",
            "Dear {ban_doc}, another reader waits for «{tai_lieu}» of {thu_vien}. It is now due on {han_tra}.\n"
            "Thank you for returning it early.",
            "{thu_vien}: «{tai_lieu}» is wanted by another reader, please return it by {han_tra}.",
        ),
        prompt=True,
    ),
    Kind(
        "HOLD_READY",
        "HOLD",
        _BOOK_READY,
        "tai_lieu",
        Texts(
            "Tài liệu bạn đặt đã về: {tai_lieu}",
            "Chào {ban_doc}, «{tai_lieu}» bạn đặt đang chờ ở quầy của {thu_vien}, giữ đến hết ngày {den_ngay}.\n"
            "Mời bạn mang thẻ đến lấy.",
            "{thu_vien}: «{tai_lieu}» bạn đặt đã về, giữ đến hết {den_ngay}.",
        ),
        Texts(
            "Ready for you: {tai_lieu}",
            "Dear {ban_doc}, «{tai_lieu}» that you requested waits at the desk of {thu_vien} until {den_ngay}.\n"
            "Please bring your card.",
            "{thu_vien}: «{tai_lieu}» is ready for you until {den_ngay}.",
        ),
        prompt=True,
    ),
    Kind(
        "HOLD_EXPIRING",
        "HOLD",
        _BOOK_READY,
        "tai_lieu",
        Texts(
            "Sắp hết hạn giữ: {tai_lieu}",
            "Chào {ban_doc}, «{tai_lieu}» còn được giữ cho bạn ở {thu_vien} đến hết ngày {den_ngay}.\n"
            "Sau ngày đó tài liệu được chuyển cho bạn đọc đang chờ tiếp theo.",
            "{thu_vien}: «{tai_lieu}» chỉ còn giữ cho bạn đến hết {den_ngay}.",
        ),
        Texts(
            "Kept for a short time only: {tai_lieu}",
            "Dear {ban_doc}, «{tai_lieu}» is kept for you at {thu_vien} until {den_ngay}.\n"
            "After that day it goes to the next reader who waits.",
            "{thu_vien}: «{tai_lieu}» is kept for you until {den_ngay} only.",
        ),
    ),
    Kind(
        "HOLD_EXPIRED",
        "HOLD",
        ("tai_lieu",),
        "tai_lieu",
        Texts(
            "Hết hạn giữ: {tai_lieu}",
            "Chào {ban_doc}, «{tai_lieu}» bạn đặt ở {thu_vien} không còn được giữ vì đã quá ngày.\n"
            "Bạn có thể đặt lại bất cứ lúc nào.",
            "{thu_vien}: «{tai_lieu}» bạn đặt đã hết hạn giữ.",
        ),
        Texts(
            "No longer kept: {tai_lieu}",
            "Dear {ban_doc}, «{tai_lieu}» that you requested at {thu_vien} is no longer kept: its last day is over.\n"
            "You can request it again at any time.",
            "{thu_vien}: your request for «{tai_lieu}» has expired.",
        ),
    ),
    Kind(
        "HOLD_CANCELLED",
        "HOLD",
        ("tai_lieu",),
        "tai_lieu",
        Texts(
            "Lượt đặt mượn bị hủy: {tai_lieu}",
            "Chào {ban_doc}, {thu_vien} đã hủy lượt đặt mượn «{tai_lieu}» của bạn.\n"
            "Hãy hỏi thư viện nếu bạn vẫn cần tài liệu này.",
            "{thu_vien} đã hủy lượt đặt mượn «{tai_lieu}» của bạn.",
        ),
        Texts(
            "Request cancelled: {tai_lieu}",
            "Dear {ban_doc}, {thu_vien} has cancelled your request for «{tai_lieu}».\n"
            "Please ask the library if you still need it.",
            "{thu_vien} has cancelled your request for «{tai_lieu}».",
        ),
        prompt=True,
    ),
    Kind(
        "CARD_EXPIRING",
        "CARD",
        ("so_the", "den_ngay"),
        "den_ngay",
        Texts(
            "Thẻ bạn đọc sắp hết hạn",
            "Chào {ban_doc}, thẻ {so_the} của bạn dùng được đến hết ngày {den_ngay}.\n"
            "Mời bạn đến quầy của {thu_vien} để gia hạn thẻ.",
            "{thu_vien}: thẻ {so_the} của bạn hết hạn ngày {den_ngay}.",
        ),
        Texts(
            "Your library card expires soon",
            "Dear {ban_doc}, your card {so_the} is valid until {den_ngay}.\n"
            "Please come to the desk of {thu_vien} to renew it.",
            "{thu_vien}: your card {so_the} expires on {den_ngay}.",
        ),
    ),
)
KINDS: Mapping[str, Kind] = {kind.code: kind for kind in _ALL}
