"""Fields that the forms of several modules share."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


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
