"""Enrolling a device, narrowing the lists."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lienthu.libraries.queries import Library, branches
from lienthu.offlinedesk.actions.enrolling import MOST_COPY_DAYS, MOST_DAYS
from lienthu.offlinedesk.models import EventKind, EventState


class LibraryChoice(forms.ModelChoiceField):
    """Libraries by name."""

    def label_from_instance(self, obj: Library) -> str:
        return obj.name_vi


class BranchChoice(forms.ModelChoiceField):
    """Service points by library and name."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.library.name_vi}: {obj.name_vi}"


class EnrolForm(forms.Form):
    """What the server learns of a new device; the PIN is typed beside it and never sent."""

    name = forms.CharField(label=_("Tên máy"), max_length=100, help_text=_("Để nhận ra máy: “Máy tính quầy tầng 1”."))
    library = LibraryChoice(label=_("Thư viện"), queryset=None)
    branch = BranchChoice(label=_("Điểm phục vụ"), queryset=None, required=False, empty_label=_("Chính thư viện"))
    days = forms.IntegerField(label=_("Được dùng trong (ngày)"), initial=180, min_value=1, max_value=MOST_DAYS)
    copy_days = forms.IntegerField(
        label=_("Bản sao tự xóa sau (ngày không có mạng)"), initial=7, min_value=1, max_value=MOST_COPY_DAYS
    )

    def __init__(self, *args: Any, own: QuerySet[Library], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["library"].queryset = own
        self.fields["library"].initial = own.first()
        self.fields["branch"].queryset = branches().filter(library__in=own).select_related("library")


class DeviceFilter(forms.Form):
    """Narrowing the list of devices."""

    q = forms.CharField(label=_("Tên máy"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("Tình trạng"),
        required=False,
        choices=[("", _("Mọi tình trạng")), ("LIVE", _("Đang dùng")), ("ENDED", _("Đã thu hồi hoặc hết hạn"))],
    )


class EventFilter(forms.Form):
    """Narrowing the list of events."""

    q = forms.CharField(label=_("Số ĐKCB, số thẻ hoặc nhan đề"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("Kết quả"),
        required=False,
        choices=[
            ("", _("Cần xem, chưa xong")),
            ("ALL", _("Tất cả")),
            *EventState.choices,
        ],
    )
    kind = forms.ChoiceField(label=_("Việc"), required=False, choices=[("", _("Mọi việc")), *EventKind.choices])
    device = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


class UploadForm(forms.Form):
    """A log that was taken out of the browser."""

    file = forms.FileField(label=_("Tệp nhật ký"), allow_empty_file=False)


class SettleForm(forms.Form):
    """What was done about it."""

    note = forms.CharField(label=_("Đã làm gì"), required=False, max_length=300)
