"""Why two records are taken for the same edition, or not: the reasons of `matching.decide` in sentences."""

from django.utils.translation import gettext, gettext_noop

from lienthu.catalogue.matching import Reason, Verdict
from lienthu.catalogue.matching.pairs import PairsError
from lienthu.catalogue.queries.naming import language_name

SENTENCES: dict[str, str] = {
    "title_same": gettext_noop("Nhan đề giống nhau: “%(left)s”."),
    "title_generic": gettext_noop("Nhan đề giống nhau nhưng là nhan đề chung, nhiều sách mang: “%(left)s”."),
    "title_without_marks": gettext_noop("Một bên gõ nhan đề không dấu: “%(left)s” và “%(right)s”."),
    "title_without_tones": gettext_noop("Một bên gõ nhan đề không có thanh điệu: “%(left)s” và “%(right)s”."),
    "title_near": gettext_noop("Nhan đề chỉ khác như lỗi gõ: “%(left)s” và “%(right)s”."),
    "title_whole_same": gettext_noop("Nhan đề và phụ đề ghép lại giống nhau: “%(left)s” và “%(right)s”."),
    "title_in_other_title": gettext_noop(
        "Nhan đề của một bên là nhan đề khác (246, 240) của bên kia: “%(left)s” và “%(right)s”."
    ),
    "title_other_marks": gettext_noop("Nhan đề khác dấu nên là từ khác: “%(left)s” và “%(right)s”."),
    "title_other_word": gettext_noop("Nhan đề khác một chữ, cả hai đều là từ có thật: “%(left)s” và “%(right)s”."),
    "title_contained": gettext_noop("Nhan đề này dài hơn nhan đề kia: “%(left)s” và “%(right)s”."),
    "title_other_number": gettext_noop("Số trong nhan đề khác nhau: “%(left)s” và “%(right)s”."),
    "title_different": gettext_noop("Nhan đề khác nhau: “%(left)s” và “%(right)s”."),
    "part_missing": gettext_noop("Chỉ một bên có tên phần: “%(left)s” và “%(right)s”."),
    "part_different": gettext_noop("Tên phần khác nhau: “%(left)s” và “%(right)s”."),
    "remainder_same": gettext_noop("Phụ đề giống nhau: “%(left)s”."),
    "remainder_near": gettext_noop("Phụ đề gần giống nhau: “%(left)s” và “%(right)s”."),
    "remainder_missing": gettext_noop("Chỉ một bên có phụ đề: “%(left)s%(right)s”."),
    "remainder_other_kind": gettext_noop(
        "Phụ đề cho thấy loại sách khác, như sách bài tập hay sách giáo viên: “%(left)s” và “%(right)s”."
    ),
    "remainder_other_number": gettext_noop("Số trong phụ đề khác nhau: “%(left)s” và “%(right)s”."),
    "remainder_different": gettext_noop("Phụ đề khác nhau: “%(left)s” và “%(right)s”."),
    "name_same": gettext_noop("Cùng tác giả: %(left)s."),
    "name_compatible": gettext_noop("Tên tác giả ghi khác nhưng có thể là một người: %(left)s và %(right)s."),
    "name_in_statement": gettext_noop(
        "Tác giả của một bên có trong thông tin trách nhiệm của bên kia: %(left)s, %(right)s."
    ),
    "name_other_marks": gettext_noop("Tên tác giả khác dấu: %(left)s và %(right)s."),
    "name_different": gettext_noop("Khác tác giả: %(left)s và %(right)s."),
    "name_against_body": gettext_noop(
        "Một bên ghi tác giả cá nhân, bên kia ghi tác giả tập thể: %(left)s và %(right)s."
    ),
    "body_same": gettext_noop("Cùng cơ quan chịu trách nhiệm: %(left)s."),
    "body_different": gettext_noop("Khác cơ quan chịu trách nhiệm: %(left)s và %(right)s."),
    "statement_same": gettext_noop("Thông tin trách nhiệm giống nhau: %(left)s."),
    "statement_near": gettext_noop("Thông tin trách nhiệm gần giống nhau: %(left)s và %(right)s."),
    "statement_different": gettext_noop("Thông tin trách nhiệm khác nhau: %(left)s và %(right)s."),
    "volume_same": gettext_noop("Cùng tập %(left)s."),
    "volume_different": gettext_noop("Khác tập: %(left)s và %(right)s."),
    "volume_missing": gettext_noop("Chỉ một bên ghi tập: %(left)s%(right)s."),
    "extent_volumes": gettext_noop("Số tập khác nhau: %(left)s và %(right)s."),
    "set_against_volume": gettext_noop("Một bên mô tả cả bộ, bên kia một cuốn: %(left)s và %(right)s tập."),
    "edition_same": gettext_noop("Cùng lần xuất bản: %(left)s."),
    "edition_counted_otherwise": gettext_noop(
        "Lần xuất bản trùng số nhưng đếm theo cách khác (lần in, lần tái bản): %(left)s và %(right)s."
    ),
    "edition_different": gettext_noop("Khác lần xuất bản: %(left)s và %(right)s."),
    "edition_missing": gettext_noop("Chỉ một bên ghi lần xuất bản: %(left)s%(right)s."),
    "edition_words": gettext_noop("Lời ghi lần xuất bản khác nhau: “%(left)s” và “%(right)s”."),
    "year_same": gettext_noop("Cùng năm xuất bản: %(left)s."),
    "year_near": gettext_noop("Năm xuất bản lệch một năm: %(left)s và %(right)s."),
    "year_within_run": gettext_noop("Năm xuất bản nằm trong khoảng của cả bộ: %(left)s và %(right)s."),
    "year_different": gettext_noop("Khác năm xuất bản: %(left)s và %(right)s."),
    "publisher_same": gettext_noop("Cùng nhà xuất bản: %(left)s và %(right)s."),
    "publisher_different": gettext_noop("Khác nhà xuất bản: %(left)s và %(right)s."),
    "place_different": gettext_noop("Khác nơi xuất bản: %(left)s và %(right)s."),
    "pages_same": gettext_noop("Số trang khớp: %(left)s và %(right)s."),
    "pages_near": gettext_noop("Số trang gần nhau: %(left)s và %(right)s."),
    "pages_different": gettext_noop("Số trang khác nhau: %(left)s và %(right)s."),
    "isbn_same": gettext_noop("Cùng ISBN: %(left)s."),
    "isbn_different": gettext_noop("Khác ISBN: %(left)s và %(right)s."),
    "isbn_weak_same": gettext_noop("Cùng số ISBN nhưng số ấy sai, đã hủy hoặc là của cả bộ: %(left)s."),
    "issn_same": gettext_noop("Cùng ISSN: %(left)s."),
    "issn_different": gettext_noop("Khác ISSN: %(left)s và %(right)s."),
    "lccn_same": gettext_noop("Cùng số kiểm soát của Thư viện Quốc hội Hoa Kỳ: %(left)s."),
    "lccn_different": gettext_noop("Khác số kiểm soát của Thư viện Quốc hội Hoa Kỳ: %(left)s và %(right)s."),
    "oclc_same": gettext_noop("Cùng số OCLC: %(left)s."),
    "national_same": gettext_noop("Cùng số thư mục quốc gia: %(left)s."),
    "kind_different": gettext_noop("Khác loại tài liệu."),
    "level_different": gettext_noop("Một bên là bài trích hoặc một phần, bên kia là cả tài liệu."),
    "form_different": gettext_noop("Khác hình thức (sách in, trực tuyến, vi phim, chữ nổi, chữ to)."),
    "reproduction": gettext_noop("Chỉ một bên là bản sao chụp của bản gốc."),
    "language_different": gettext_noop("Khác ngôn ngữ: %(left)s và %(right)s."),
    "language_order": gettext_noop("Ngôn ngữ chính ghi khác nhau: %(left)s và %(right)s."),
    "series_number": gettext_noop("Khác số trong tùng thư: %(left)s và %(right)s."),
}

VERDICTS: dict[Verdict, str] = {
    Verdict.SAME: gettext_noop("Cùng một ấn bản"),
    Verdict.DIFFERENT: gettext_noop("Khác ấn bản"),
    Verdict.ASK: gettext_noop("Cần người quyết định"),
}


def reason_sentence(reason: Reason) -> str:
    """One reason in the reader's language; a code of an older version of the rules stands as it is."""
    template = SENTENCES.get(reason.code)
    if template is None:
        return reason.code
    return gettext(template) % {"left": _value(reason.code, reason.left), "right": _value(reason.code, reason.right)}


def _value(code: str, value: str) -> str:
    """A compared form as people write it."""
    if code.startswith("language_"):
        return language_name(value)
    if code.startswith(("title_", "remainder_", "part_")):
        return value[:1].upper() + value[1:]
    if code.startswith("name_"):
        return "; ".join(" ".join(word.capitalize() for word in name.split()) for name in value.split(";"))
    if code.startswith("edition_") and value[1:].isdigit():
        return gettext(_COUNTED[value[0]]) % {"number": value[1:]} if value[0] in _COUNTED else value
    return value.replace("~", "").replace(",", ", ") if code == "edition_words" else value


_COUNTED = {"r": gettext_noop("tái bản lần thứ %(number)s"), "p": gettext_noop("in lần thứ %(number)s")}


def verdict_words(verdict: Verdict) -> str:
    """A verdict in the reader's language."""
    return gettext(VERDICTS[verdict])


PAIRS_PROBLEMS: dict[str, str] = {
    "not_json": gettext_noop("Dòng %(line)s không phải JSON: %(detail)s."),
    "not_an_object": gettext_noop("Dòng %(line)s không phải một đối tượng JSON có left, right và label."),
    "no_sides": gettext_noop("Dòng %(line)s thiếu một trong hai biểu ghi (left, right)."),
    "no_label": gettext_noop("Dòng %(line)s thiếu nhãn (label: same hoặc different)."),
    "label_unknown": gettext_noop("Dòng %(line)s có nhãn lạ: %(detail)s. Dùng same hoặc different."),
    "no_record": gettext_noop("Dòng %(line)s: phía %(detail)s không phải một biểu ghi."),
    "not_marc": gettext_noop("Dòng %(line)s: phía %(detail)s không đọc được thành biểu ghi MARC."),
    "no_title": gettext_noop("Dòng %(line)s: phía %(detail)s không có nhan đề."),
}


def pairs_problem(error: PairsError) -> str:
    """What is wrong with a line of a file of labelled pairs."""
    return gettext(PAIRS_PROBLEMS[error.code]) % {"line": error.line, "detail": error.detail}
