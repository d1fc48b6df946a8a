"""Kinds and sheets in words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from lienthu.labels.policy import BARCODE, CARD, SPINE, Sheet

KINDS: Mapping[str, Promise] = {
    BARCODE: _lazy("Mã vạch số đăng ký cá biệt"),
    SPINE: _lazy("Nhãn gáy"),
    CARD: _lazy("Phiếu mục lục"),
}


def sheet_label(sheet: Sheet) -> str:
    """ "A4, 65 nhãn 38,1 × 21,2 mm"."""
    size = f"{_mm(sheet.width)} × {_mm(sheet.height)}"
    if sheet.places == 1:
        return _("Cuộn hoặc tờ rời %(size)s mm") % {"size": size}
    if sheet.kind == CARD:
        return _("A4, %(places)d phiếu %(size)s mm") % {"places": sheet.places, "size": size}
    return _("A4, %(places)d nhãn %(size)s mm") % {"places": sheet.places, "size": size}


def _mm(length: float) -> str:
    return f"{length:g}".replace(".", ",")
