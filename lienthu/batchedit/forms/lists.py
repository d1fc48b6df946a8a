"""Narrowing lists, naming templates."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lienthu.batchedit.models import EditState, Outcome
from lienthu.libraries.queries import Library


class LibraryChoice(forms.ModelChoiceField):
    """Libraries by name."""

    def label_from_instance(self, obj: Library) -> str:
        return obj.name_vi


class EditFilter(forms.Form):
    """Narrowing the list of edits."""

    q = forms.CharField(label=_("Tên lần sửa"), required=False, max_length=200)
    state = forms.ChoiceField(
        label=_("Tình trạng"), required=False, choices=[("", _("Mọi tình trạng")), *EditState.choices]
    )
    library = LibraryChoice(label=_("Thư viện"), queryset=None, required=False, empty_label=_("Mọi thư viện"))

    def __init__(self, *args: Any, own: QuerySet[Library], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["library"].queryset = own


class RecordFilter(forms.Form):
    """Narrowing the records of an edit."""

    words = forms.CharField(label=_("Nhan đề hoặc số kiểm soát"), required=False, max_length=200)
    outcome = forms.ChoiceField(label=_("Kết quả"), required=False, choices=[("", _("Tất cả")), *Outcome.choices])
    sort = forms.ChoiceField(
        label=_("Sắp xếp"),
        required=False,
        choices=[
            ("", _("Nhan đề A–Y")),
            ("-title", _("Nhan đề Y–A")),
            ("number", _("Số kiểm soát tăng")),
            ("-number", _("Số kiểm soát giảm")),
        ],
    )


class TemplateForm(forms.Form):
    """The name of a template."""

    name = forms.CharField(
        label=_("Tên mẫu"), max_length=100, help_text=_("Mẫu cùng tên của thư viện này được thay bằng các bước ở đây.")
    )
