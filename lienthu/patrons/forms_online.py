"""The form by which people ask for a card on the net."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from lienthu.kernel import clock
from lienthu.libraries.queries import public_libraries
from lienthu.patrons.actions import Agreed, PatronData
from lienthu.patrons.forms import DayField, LibraryField, PatronForm
from lienthu.patrons.models import Purpose
from lienthu.patrons.policy import age_on, consenting


class RequestForm(PatronForm):
    """What is asked on the net: less than at the desk, and each purpose on its own."""

    library = LibraryField(label=_lazy("Nhận thẻ tại"), queryset=None, empty_label=None)
    birth_date = DayField(label=_lazy("Ngày sinh"))
    by_self = forms.BooleanField(
        label=_lazy("Tôi đồng ý cho thư viện giữ những thông tin này để cấp thẻ và cho mượn tài liệu"), required=False
    )
    history = forms.BooleanField(label=_lazy("Giữ lịch sử mượn của tôi, để tôi xem lại"), required=False)
    news = forms.BooleanField(label=_lazy("Gửi tin về sách mới và hoạt động cho tôi"), required=False)
    guardian = forms.CharField(label=_lazy("Họ tên người giám hộ"), max_length=200, required=False)
    relation = forms.CharField(label=_lazy("Quan hệ"), max_length=60, required=False)
    guardian_phone = forms.CharField(label=_lazy("Điện thoại người giám hộ"), max_length=30, required=False)
    by_guardian = forms.BooleanField(
        label=_lazy("Tôi là người giám hộ và đồng ý cho trẻ dùng thư viện"), required=False
    )
    field_order = ("library", "full_name", "birth_date", "category", "group", "phone", "email", "address")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("identity_number", "note", "language"):
            del self.fields[name]
        self.fields["library"].queryset = public_libraries().order_by("name_vi")

    def clean_identity_number(self) -> str:
        """Not asked on the net."""
        return ""

    def clean(self) -> dict[str, Any]:
        """Who has to agree, by age: from 16 the reader, from 7 to 15 both, below the guardian (Law 91/2025/QH15)."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        born = given.get("birth_date")
        if not isinstance(born, date):
            return given
        needed = consenting(age_on(born, clock.today()))
        if "SELF" in needed and not given.get("by_self"):
            self.add_error("by_self", _("Cần sự đồng ý của người được cấp thẻ."))
        if "GUARDIAN" in needed:
            if not given.get("by_guardian"):
                self.add_error("by_guardian", _("Dưới 16 tuổi: người giám hộ phải đồng ý."))
            if not given.get("guardian"):
                self.add_error("guardian", _("Dưới 16 tuổi: ghi họ tên người giám hộ."))
        return given

    @property
    def data_of_patron(self) -> PatronData:
        """What was entered, once it is valid."""
        names = ("full_name", "category", "birth_date", "group", "phone", "email", "address")
        return PatronData(**{name: self.cleaned_data[name] for name in names})

    @property
    def agreed(self) -> Agreed:
        """Who agreed to what."""
        given = self.cleaned_data
        chosen = {Purpose.HISTORY: given["history"], Purpose.NEWS: given["news"]}
        return Agreed(
            by_self=given["by_self"],
            by_guardian=given["by_guardian"],
            guardian=given["guardian"],
            guardian_phone=given["guardian_phone"],
            relation=given["relation"],
            purposes=frozenset(str(purpose) for purpose, yes in chosen.items() if yes),
        )
