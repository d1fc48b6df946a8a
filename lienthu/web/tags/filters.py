"""Filters that write dates, numbers and found words."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import get_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from lienthu.kernel import ids
from lienthu.web.markup import concatenated, fill
from lienthu.web.tags.registry import register


@register.filter
def vn_date(value: date | datetime | None) -> str:
    """`22/11/2026` in the time of Vietnam, inside <time>; nothing for None."""
    if not isinstance(value, date):
        return ""
    local = timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
    return format_html('<time datetime="{}">{}</time>', local.strftime("%Y-%m-%d"), local.strftime("%d/%m/%Y"))


@register.filter
def vn_datetime(value: datetime | None) -> str:
    """`14:05 22/11/2026` in the time of Vietnam, inside <time>; nothing for None."""
    if not isinstance(value, datetime):
        return vn_date(value)
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return format_html(
        '<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), local.strftime("%H:%M %d/%m/%Y")
    )


@register.filter
def vn_number(value: float | int | str | None, places: int | None = None) -> str:
    """`1.234,5`: point for thousands, comma for decimals (the reverse on English pages). Texts stay as they are."""
    if value is None or value == "":
        return ""
    if not isinstance(value, int | float):
        return str(value)
    if isinstance(value, float) and places is None:
        value = round(value, 1)
        places = 0 if value == int(value) else 1
    if places is not None:
        value = round(value, places)
    if isinstance(value, int) and places is None:
        if -1000 < value < 1000:
            return f"{value:d}"
        return f"{value:,}".replace(",", get_format("THOUSAND_SEPARATOR", use_l10n=True))
    return number_format(value, decimal_pos=places, use_l10n=True, force_grouping=True)


@register.filter
def vn_duration(seconds: float | None) -> str:
    """A length of time in words: `dưới một phút`, `5 phút`, `2 giờ 10 phút`."""
    if seconds is None:
        return ""
    minutes = round(seconds / 60)
    if minutes < 1:
        return gettext("dưới một phút")
    if minutes < 60:
        return ngettext("%(count)d phút", "%(count)d phút", minutes) % {"count": minutes}
    return gettext("%(hours)d giờ %(minutes)d phút") % {"hours": minutes // 60, "minutes": minutes % 60}


@register.filter
def highlighted(segments: Iterable[tuple[str, bool]] | str) -> SafeString | str:
    """Segments of `kernel.text.highlight` as text with <mark> around the found words."""
    if isinstance(segments, str):
        return segments
    return concatenated([fill("<mark>%s</mark>" if found else "%s", text) for text, found in segments])


@register.filter
def public_id(primary_key: int) -> str:
    """The identifier that addresses show instead of the key: `{% url 'discovery:record' cluster.pk|public_id %}`."""
    return ids.encode(primary_key)
