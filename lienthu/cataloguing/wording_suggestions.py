"""Why something is suggested, in sentences."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lienthu.cataloguing.suggestions import Suggestion

Params = Mapping[str, str | int]


def suggestion_sentence(suggestion: Suggestion) -> str:
    """One sentence for a person; it also says why there is no suggestion (`suggestion.value` is then empty)."""
    code, params = suggestion.reason.code, suggestion.reason.params
    if code == "our_records":
        count = int(params["records"])
        return ngettext(
            "%(count)d biểu ghi của mạng lưới có chủ đề “%(heading)s” mang ký hiệu này.",
            "%(count)d biểu ghi của mạng lưới có chủ đề “%(heading)s” mang ký hiệu này.",
            count,
        ) % {"count": count, "heading": params["heading"]}
    return _SENTENCES[code](params)


def _rhyme(params: Params) -> str:
    sentence = _(
        "“%(word)s”: phụ âm đầu %(initial)s, vần “%(rhyme)s” có mã %(code)s; chữ tiếp theo bắt đầu bằng “%(next)s”."
        " Bảng mã suy ra từ ký hiệu đã dùng, không phải bảng chính thức."
    )
    alone = _(
        "“%(word)s”: phụ âm đầu %(initial)s, vần “%(rhyme)s” có mã %(code)s."
        " Bảng mã suy ra từ ký hiệu đã dùng, không phải bảng chính thức."
    )
    return (sentence if params["next"] else alone) % params


def _missing_rhyme(params: Params) -> str:
    return _("Không có gợi ý: bảng chưa có mã của vần “%(rhyme)s” trong “%(word)s”.") % params


def _lc_cutter(params: Params) -> str:
    return _("“%(word)s”: bảng Cutter hai chữ số của Thư viện Quốc hội Hoa Kỳ.") % params


def _no_table(params: Params) -> str:
    return _("Không có gợi ý: “%(word)s” không viết bằng chữ Latinh.") % params


def _lc_records(params: Params) -> str:
    return (
        _("“%(words)s” (%(heading)s): %(within)d trong %(total)d biểu ghi của Thư viện Quốc hội Hoa Kỳ nằm ở lớp này.")
        % params
    )


_SENTENCES = {
    "rhyme": _rhyme,
    "rhyme_not_in_table": _missing_rhyme,
    "lc_cutter": _lc_cutter,
    "no_table": _no_table,
    "lc_records": _lc_records,
}
