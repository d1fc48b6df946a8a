"""What the query parser read differently, in sentences, and why a result was found."""

from django.utils.translation import gettext as _

from lienthu.discovery.wanted import Wanted
from lienthu.search import CANONICAL_FIELD, Correction, CorrectionKind, Note, Reason, Tier, Why


def note_sentence(note: Note) -> str:
    """One note in words; a note without words of its own says that something was left out."""
    piece = {"text": _field_name(note.text) if note.code == "empty_field" else note.text, "number": note.number}
    sentences = {
        "too_long": _("Câu tìm quá dài nên chỉ đọc %(number)d ký tự đầu."),
        "too_many_words": _("Câu tìm có quá nhiều từ nên chỉ dùng %(number)d từ đầu."),
        "too_many_wildcards": _("Chỉ dùng được %(number)d chỗ cắt từ; “%(text)s” được tìm như từ thường."),
        "too_deep": _("Dấu ngoặc lồng quá %(number)d lớp nên những lớp trong cùng được bỏ qua."),
        "no_words": _("Trong câu tìm không có chữ hay số nào để tìm."),
        "empty_field": _("Sau “%(text)s:” chưa có từ nào để tìm."),
        "unknown_value": _("Không hiểu “%(text)s” trong mục này nên tìm như từ thường."),
        "unknown_field": _("Không có mục “%(text)s” nên tìm như từ thường."),
        "wildcard_in_phrase": _("Dấu * và ? không dùng trong ngoặc kép; “%(text)s” được tìm đúng như đã gõ."),
        "wildcard_too_short": _("Trước dấu * hay ? cần ít nhất %(number)d chữ; “%(text)s” được tìm như từ thường."),
        "stray_operator": _("Một chữ VÀ, HOẶC, KHÔNG đứng lẻ nên được bỏ qua."),
        "extra_parenthesis": _("Thừa dấu ngoặc đóng; đã bỏ qua."),
        "unclosed_parenthesis": _("Thiếu dấu ngoặc đóng; đã coi như đóng ở cuối câu."),
        "unclosed_quote": _("Thiếu dấu ngoặc kép đóng; đã coi như đóng ở cuối câu."),
    }
    return sentences.get(note.code, _("Có chỗ trong câu tìm không đọc được nên được bỏ qua.")) % piece


def _field_name(code: str) -> str:
    """How a field is written in a query."""
    return next((name for field, name in CANONICAL_FIELD.items() if field == code), code)


def correction_sentence(correction: Correction) -> str:
    """What another query would be."""
    return {
        CorrectionKind.KEYSTROKES: _("Bộ gõ tiếng Việt có lẽ đang tắt. Có phải bạn tìm"),
        CorrectionKind.SOUND: _("Có phải bạn tìm"),
        CorrectionKind.SPELLING: _("Có phải bạn tìm"),
        CorrectionKind.SPACING: _("Có phải bạn tìm"),
        CorrectionKind.FEWER_WORDS: _("Thử với ít từ hơn"),
    }[correction.kind]


def why_sentences(why: Why, *, wanted: Wanted) -> list[str]:
    """Why one record is among the results."""
    tier = {
        Tier.EXACT: _("Khớp đúng cả dấu như bạn gõ, nên xếp trước."),
        Tier.TONELESS: _("Khớp chữ nhưng khác dấu thanh, nên xếp sau những kết quả đúng dấu."),
        Tier.FOLDED: _("Khớp khi bỏ hết dấu."),
    }[why.tier]
    places = {
        Reason.WHOLE_TITLE: _("%(words)s: là trọn nhan đề"),
        Reason.TOGETHER_IN_TITLE: _("%(words)s: đứng liền nhau trong nhan đề"),
        Reason.TITLE: _("%(words)s: có trong nhan đề"),
        Reason.AUTHOR: _("%(words)s: có trong tên tác giả"),
        Reason.SUBJECT: _("%(words)s: có trong chủ đề"),
        Reason.PUBLISHER: _("%(words)s: có trong tên nhà xuất bản"),
        Reason.SERIES: _("%(words)s: có trong tên tùng thư"),
        Reason.ELSEWHERE: _("%(words)s: có trong phụ chú hoặc mục khác"),
        Reason.NUMBER: _("%(words)s: là một số của tài liệu (ISBN, ISSN, ĐKCB hoặc số kiểm soát)"),
    }
    found = [places[reason] % {"words": " ".join(f"“{word}”" for word in words)} for reason, words in why.reasons]
    if not wanted.q:
        return [_("Bạn chưa gõ từ nào, nên mọi tài liệu hợp với bộ lọc đều có ở đây.")]
    return [tier, *found]
