"""Codes of a description in words: kinds of material, languages."""

from functools import lru_cache

import icu
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from lienthu.kernel.languages import per_language

TYPES: dict[str, Promise] = {
    "BOOK": _("Sách"),
    "SERIAL": _("Báo, tạp chí"),
    "THESIS": _("Luận văn, luận án"),
    "MAP": _("Bản đồ"),
    "SCORE": _("Bản nhạc"),
    "AUDIO": _("Ghi âm"),
    "VIDEO": _("Phim, video"),
    "IMAGE": _("Tranh, ảnh"),
    "MANUSCRIPT": _("Bản viết tay"),
    "DIGITAL": _("Tài liệu số"),
    "KIT": _("Bộ tài liệu"),
    "OTHER": _("Tài liệu khác"),
}

# MARC uses the bibliographic codes of ISO 639-2, ICU the terminological ones.
_TERMINOLOGICAL = {
    "alb": "sqi", "arm": "hye", "baq": "eus", "bur": "mya", "chi": "zho", "cze": "ces", "dut": "nld", "fre": "fra",
    "geo": "kat", "ger": "deu", "gre": "ell", "ice": "isl", "mac": "mkd", "mao": "mri", "may": "msa", "per": "fas",
    "rum": "ron", "slo": "slk", "tib": "bod", "wel": "cym", "scc": "srp", "scr": "hrv",
}  # fmt: skip


@per_language
def type_name(code: str) -> str:
    """The kind of material."""
    return str(TYPES.get(code, TYPES["OTHER"]))


def language_name(code: str) -> str:
    """The name of a language by its MARC code, in the language of the page; the code itself where nobody knows it."""
    return _language_name(code, "en" if (get_language() or "vi").startswith("en") else "vi")


@lru_cache(maxsize=2048)
def _language_name(code: str, shown_in: str) -> str:
    special = {"und": gettext("Chưa rõ ngôn ngữ"), "mul": gettext("Nhiều ngôn ngữ"), "zxx": gettext("Không có lời")}
    if code in special:
        return special[code]
    locale = icu.Locale(_TERMINOLOGICAL.get(code, code))
    name = locale.getDisplayLanguage(icu.Locale(shown_in))
    return code if not name or name == code else name[0].upper() + name[1:]


def value_in_words(field: str, value: str) -> str:
    """One value of a field of a description, as people read it."""
    if field == "type":
        return type_name(value)
    return language_name(value) if field == "language" else value
