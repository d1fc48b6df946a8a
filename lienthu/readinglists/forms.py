"""Forms of the reading lists."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from lienthu.readinglists.models import ReadingList


class NameForm(forms.Form):
    """What a list is called."""

    name = forms.CharField(label=_lazy("Tên danh sách"), max_length=100)


class NoteForm(forms.Form):
    """A word about a title."""

    note = forms.CharField(label=_lazy("Ghi chú"), max_length=500, required=False)


class FilterForm(forms.Form):
    """Which titles of a list are shown."""

    q = forms.CharField(label=_lazy("Tìm trong danh sách"), max_length=200, required=False)


class SaveForm(forms.Form):
    """Into which list: one there is, or a new one."""

    list = forms.ModelChoiceField(
        label=_lazy("Danh sách"),
        queryset=ReadingList.objects.none(),
        required=False,
        empty_label=_lazy("Danh sách mới"),
    )
    name = forms.CharField(label=_lazy("Tên danh sách mới"), max_length=100, required=False)

    def __init__(self, *args: Any, own: QuerySet[ReadingList], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["list"].queryset = own

    def clean(self) -> dict[str, Any]:
        """One of both."""
        given: dict[str, Any] = super().clean() or {}
        if not given.get("list") and not (given.get("name") or "").strip() and not self.errors:
            self.add_error("name", _("Chọn một danh sách, hoặc ghi tên danh sách mới."))
        return given
