"""Codes of the catalogue in words for readers."""

from collections.abc import Mapping, Sequence

from django.core.cache import caches
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from lienthu.catalogue.queries import Availability
from lienthu.catalogue.queries.naming import TYPES, language_name, type_name
from lienthu.circulation.queries.staying import Place
from lienthu.kernel.languages import per_language
from lienthu.libraries.queries import library_names

__all__ = [
    "CLASSES",
    "TYPES",
    "availability_sentence",
    "availability_state",
    "choice_name",
    "decade_name",
    "joined",
    "language_name",
    "names_of_libraries",
    "staying_words",
    "type_name",
]

_NAMES_SECONDS = 20

# The ten main classes of the Dewey Decimal Classification in our own short words; OCLC's captions are OCLC's.
CLASSES: dict[str, Promise] = {
    "0": _("Tin học, tri thức chung"),
    "1": _("Triết học, tâm lý"),
    "2": _("Tôn giáo, tín ngưỡng"),
    "3": _("Xã hội, pháp luật, giáo dục, phong tục"),
    "4": _("Ngôn ngữ"),
    "5": _("Khoa học tự nhiên, toán"),
    "6": _("Kỹ thuật, y học, nông nghiệp"),
    "7": _("Nghệ thuật, âm nhạc, thể thao"),
    "8": _("Văn học"),
    "9": _("Lịch sử, địa lý"),
}


def names_of_libraries() -> dict[str, str]:
    """Names of all libraries by code, kept in this process for some seconds: a page asks for many."""
    key = f"discovery.library_names.{get_language()}"
    names: dict[str, str] | None = caches["local"].get(key)
    if names is None:
        names = library_names()
        caches["local"].set(key, names, _NAMES_SECONDS)
    return names


# With a reader, on the way to one, or kept for one.
LENT = ("ON_LOAN", "IN_TRANSIT", "ON_HOLD_SHELF", "CLAIMED")


def availability_state(availability: Availability, *, online: bool) -> str:
    """The name of the badge that goes with the sentence."""
    if availability.available:
        return "available"
    if availability.count("REFERENCE_ONLY"):
        return "reference_only"
    if availability.count(*LENT):
        return "on_loan"
    if availability.count("IN_PROCESS"):
        return "in_process"
    return "online" if online and not availability.copies else "unavailable"


def availability_sentence(availability: Availability) -> str:
    """ "Có sẵn: 6 bản ở 4 thư viện", or what there is instead."""
    if availability.available:
        return _available(availability.available, len(availability.available_at))
    reference = availability.count("REFERENCE_ONLY")
    if reference:
        return _readable(reference, len(availability.readable_at))
    lent = availability.count(*LENT)
    if lent:
        return _lent(lent)
    if availability.count("IN_PROCESS"):
        return gettext("Đang xử lý, sắp phục vụ")
    if availability.copies:
        return gettext("Hiện không có bản nào dùng được")
    return gettext("Chưa ghi bản nào; hãy hỏi thư viện")


@per_language
def _available(copies: int, libraries: int) -> str:
    start = ngettext("Có sẵn: %(copies)d bản", "Có sẵn: %(copies)d bản", copies)
    return f"{start % {'copies': copies}} {_at_libraries(libraries)}"


@per_language
def _readable(copies: int, libraries: int) -> str:
    start = ngettext("Đọc tại chỗ: %(copies)d bản", "Đọc tại chỗ: %(copies)d bản", copies)
    return f"{start % {'copies': copies}} {_at_libraries(libraries)}"


@per_language
def _lent(copies: int) -> str:
    return ngettext("Đang mượn cả %(copies)d bản", "Đang mượn cả %(copies)d bản", copies) % {"copies": copies}


def _at_libraries(count: int) -> str:
    return ngettext("ở %(libraries)d thư viện", "ở %(libraries)d thư viện", count) % {"libraries": count}


def choice_name(name: str, value: str | int) -> str:
    """A choice in words."""
    if name == "library":
        return names_of_libraries().get(str(value), str(value))
    words = {
        "available": lambda v: _("Có sẵn lúc này"),
        "digital": lambda v: _("Đọc trực tuyến"),
        "type": type_name,
        "language": language_name,
        "decade": decade_name,
        "year_from": lambda v: _("Từ năm %(year)s") % {"year": v},
        "year_to": lambda v: _("Đến năm %(year)s") % {"year": v},
    }
    return str(words[name](str(value))) if name in words else str(value)


def staying_words(place: Place, names: Mapping[str, str]) -> str:
    """Where a copy of a set that travels is, instead of its shelf."""
    where = ", ".join(filter(None, (place.point, names.get(place.library, place.library))))
    return gettext("Đang luân chuyển tại %(place)s đến %(until)s") % {
        "place": where,
        "until": f"{place.until:%d/%m/%Y}",
    }


def decade_name(first: str) -> str:
    """ "1990–1999"."""
    return f"{first}–{int(first) + 9}" if first.isdigit() else first


def joined(names: Sequence[str], *, most: int = 3) -> str:
    """Names as one line; the rest of a long list in one word."""
    shown = "; ".join(names[:most])
    return gettext("%(names)s và người khác") % {"names": shown} if len(names) > most else shown
