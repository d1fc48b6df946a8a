"""Fields that the forms of several modules share."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lienthu.kernel.money import money
from lienthu.web.tags.filters import vn_number

MOST_ASKED = 100_000_000


class UploadField(forms.FileField):
    """A file within the limit of this installation (UPLOAD_MAX_BYTES)."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Refuse what is empty or larger than the limit."""
        file = super().clean(data, initial)
        if file and file.size > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError(
                _("Tệp lớn hơn giới hạn %(limit)s MB. Hãy chia nhỏ tệp rồi tải lại."),
                params={"limit": settings.UPLOAD_MAX_BYTES >> 20},
            )
        return file


class MoneyField(forms.CharField):
    """Whole đồng, written as people write them: 15000, 15.000, 15 000 đ."""

    def __init__(self, *, most: int = MOST_ASKED, **kwargs: Any) -> None:
        self._most = most
        kwargs.setdefault("max_length", 20)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        amount = money(text)
        if not 0 < amount <= self._most:
            raise forms.ValidationError(_("Số tiền là số nguyên đồng, ví dụ 15.000."))
        return amount

    def prepare_value(self, value: Any) -> Any:
        return vn_number(value) if isinstance(value, int) else value
