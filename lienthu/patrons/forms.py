"""Forms of the readers' desk: they read and check input, and never save."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from lienthu.kernel import clock
from lienthu.libraries.queries import libraries
from lienthu.patrons.actions import PatronData
from lienthu.patrons.models import BlockCode, PatronState, RollKind
from lienthu.patrons.policy import CARD_FORM, card_number
from lienthu.patrons.policy_rolls import next_class
from lienthu.patrons.queries import category_names

_PHONE = re.compile(r"\+?[0-9][0-9 .-]{5,18}")
# Citizen identity numbers have 12 digits (Law on Identity 26/2023), the older ones 9; passports letters and digits.
_IDENTITY = re.compile(r"[0-9A-Z]{6,20}")
_OLDEST = 120


class DayField(forms.DateField):
    """A day, typed as people write it or chosen."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y"])
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "22/11/2026"}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Days as they are written here."""
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else value


class LibraryField(forms.ModelChoiceField):
    """A library, by the name that readers know."""

    def label_from_instance(self, obj: Any) -> str:
        """Its name."""
        return str(obj.name_en if get_language() == "en" and obj.name_en else obj.name_vi)


class PatronForm(forms.Form):
    """What is asked of a reader. Telephone and e-mail are no duty: many readers have neither."""

    full_name = forms.CharField(label=_lazy("Họ và tên"), max_length=200)
    birth_date = DayField(label=_lazy("Ngày sinh"), required=False)
    category = forms.ChoiceField(label=_lazy("Nhóm bạn đọc"))
    group = forms.CharField(label=_lazy("Lớp, khoa, đơn vị"), max_length=120, required=False)
    phone = forms.CharField(label=_lazy("Điện thoại"), max_length=30, required=False)
    email = forms.EmailField(label=_lazy("Thư điện tử"), required=False)
    address = forms.CharField(label=_lazy("Nơi ở"), max_length=300, required=False)
    identity_number = forms.CharField(
        label=_lazy("Số định danh"),
        max_length=20,
        required=False,
        help_text=_lazy("Chỉ khi nội quy đòi. Số được mã hóa, dùng để không làm hai thẻ cho một người."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    language = forms.ChoiceField(label=_lazy("Ngôn ngữ"), choices=[("vi", "Tiếng Việt"), ("en", "English")])
    note = forms.CharField(label=_lazy("Ghi chú"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("Chọn nhóm")), *category_names().items()]

    def clean_birth_date(self) -> date | None:
        """A day that a living person can be born on."""
        day: date | None = self.cleaned_data["birth_date"]
        today = clock.today()
        if (day and not today.year - _OLDEST <= day.year <= today.year) or (day and day > today):
            raise forms.ValidationError(_("Ngày sinh không hợp lý; hãy xem lại năm."))
        return day

    def clean_phone(self) -> str:
        """Digits, with the signs that people put between them."""
        phone = str(self.cleaned_data["phone"]).strip()
        if phone and not _PHONE.fullmatch(phone):
            raise forms.ValidationError(_("Số điện thoại chỉ gồm chữ số, ví dụ 0912 345 678."))
        return phone

    def clean_identity_number(self) -> str:
        """Without blanks."""
        number = card_number(str(self.cleaned_data["identity_number"]))
        if number and not _IDENTITY.fullmatch(number):
            raise forms.ValidationError(_("Số định danh gồm 12 chữ số; số cũ 9 chữ số; hộ chiếu gồm chữ và số."))
        return number

    @property
    def data_of_patron(self) -> PatronData:
        """What was entered, once it is valid."""
        return PatronData(**{name: self.cleaned_data[name] for name in PatronForm.base_fields})


class RegisterForm(PatronForm):
    """A new reader, with the first card."""

    library = LibraryField(label=_lazy("Thư viện"), queryset=libraries().none(), empty_label=None)
    number = forms.CharField(
        label=_lazy("Số thẻ"),
        max_length=40,
        required=False,
        help_text=_lazy("Để trống thì lấy số kế tiếp của mạng lưới; thẻ đã in sẵn thì quét vào đây."),
    )
    consented = forms.BooleanField(
        label=_lazy("Bạn đọc (hoặc người giám hộ) đồng ý cho thư viện giữ những thông tin này để cho mượn tài liệu")
    )

    def __init__(self, *args: Any, own: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["library"].queryset = own

    def clean_number(self) -> str:
        """The form of a card number."""
        return _checked_number(str(self.cleaned_data["number"]))


class CardForm(forms.Form):
    """Another card."""

    number = forms.CharField(label=_lazy("Số thẻ mới"), max_length=40, required=False)
    reason = forms.CharField(label=_lazy("Lý do"), max_length=300, required=False)

    def clean_number(self) -> str:
        """The form of a card number."""
        return _checked_number(str(self.cleaned_data["number"]))

    def __init__(self, *args: Any, elsewhere: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if elsewhere:
            self.fields["reason"].required = True
            self.fields["reason"].help_text = _("Thẻ của thư viện khác: xem giấy tờ của người đến, rồi ghi lý do.")


def _checked_number(text: str) -> str:
    number = card_number(text)
    if number and not CARD_FORM.fullmatch(number):
        raise forms.ValidationError(_("Số thẻ gồm 3 đến 40 chữ cái không dấu, chữ số và các dấu . / -"))
    return number


class BlockForm(forms.Form):
    """Why a reader may not borrow, and until when."""

    code = forms.ChoiceField(label=_lazy("Loại"), choices=BlockCode.choices)
    reason = forms.CharField(label=_lazy("Lý do, bạn đọc sẽ thấy"), max_length=300)
    until = DayField(label=_lazy("Đến hết ngày"), required=False, help_text=_lazy("Để trống: đến khi bỏ chặn."))
    everywhere = forms.BooleanField(label=_lazy("Ở mọi thư viện trong mạng lưới"), required=False)

    def clean_until(self) -> date | None:
        """Not in the past."""
        day: date | None = self.cleaned_data["until"]
        if day and day < clock.today():
            raise forms.ValidationError(_("Ngày này đã qua."))
        return day


class GuardianForm(forms.Form):
    """Who answers for a child: by card, or by name."""

    number = forms.CharField(
        label=_lazy("Số thẻ của người giám hộ"),
        max_length=40,
        required=False,
        help_text=_lazy("Nếu người ấy có thẻ: họ xem và gia hạn được sách của trẻ trên trang của mình."),
    )
    name = forms.CharField(label=_lazy("Họ tên người giám hộ"), max_length=200, required=False)
    relation = forms.CharField(label=_lazy("Quan hệ"), max_length=60, required=False)
    phone = forms.CharField(label=_lazy("Điện thoại"), max_length=30, required=False)
    guardian_agreed = forms.BooleanField(label=_lazy("Người giám hộ đồng ý"))
    child_agreed = forms.BooleanField(label=_lazy("Bạn đọc nhỏ tuổi đồng ý (bắt buộc từ 7 tuổi)"), required=False)

    def clean(self) -> dict[str, Any]:
        """One of both."""
        given: dict[str, Any] = super().clean() or {}
        if not given.get("number") and not given.get("name"):
            raise forms.ValidationError(_("Ghi số thẻ hoặc họ tên của người giám hộ."))
        return given


class ListForm(forms.Form):
    """Filters of the list of readers."""

    q = forms.CharField(label=_lazy("Tên, số thẻ, điện thoại"), max_length=200, required=False)
    category = forms.ChoiceField(label=_lazy("Nhóm bạn đọc"), required=False)
    state = forms.ChoiceField(label=_lazy("Tình trạng"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("Mọi nhóm")), *category_names().items()]
        shown = (PatronState.ACTIVE, PatronState.PENDING, PatronState.CLOSED)
        self.fields["state"].choices = [("", _("Mọi tình trạng")), *((one, PatronState(one).label) for one in shown)]


class PastBlocksForm(forms.Form):
    """Which blocks that hold no longer are shown."""

    code = forms.ChoiceField(label=_lazy("Loại"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [("", _("Mọi loại")), *BlockCode.choices]


class PhotoForm(forms.Form):
    """A photograph; what is in the file is looked at by photos.redrawn."""

    file = forms.FileField(
        label=_lazy("Ảnh"),
        help_text=_lazy("JPEG, PNG hoặc WebP, đến 8 MB. Ảnh được cắt theo khổ 3 × 4."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp", "capture": "user"}),
    )


class AccountForm(forms.Form):
    """The account with which a reader signs in."""

    username = forms.CharField(
        label=_lazy("Tên đăng nhập"), max_length=150, required=False, help_text=_lazy("Để trống: bỏ gắn tài khoản.")
    )


class ProxyForm(forms.Form):
    """Who may collect for a reader: by card, or by name."""

    number = forms.CharField(
        label=_lazy("Số thẻ của người nhận thay"),
        max_length=40,
        required=False,
        help_text=_lazy("Nếu người ấy có thẻ."),
    )
    name = forms.CharField(label=_lazy("Họ tên người nhận thay"), max_length=200, required=False)
    phone = forms.CharField(label=_lazy("Điện thoại"), max_length=30, required=False)
    until = DayField(label=_lazy("Đến hết ngày"), required=False, help_text=_lazy("Để trống: đến khi ngừng."))

    def clean(self) -> dict[str, Any]:
        """One of both."""
        given: dict[str, Any] = super().clean() or {}
        if not given.get("number") and not given.get("name"):
            raise forms.ValidationError(_("Ghi số thẻ hoặc họ tên của người nhận thay."))
        return given


class MergeForm(forms.Form):
    """Another record of the same person."""

    number = forms.CharField(label=_lazy("Số thẻ của hồ sơ kia"), max_length=40)
    reason = forms.CharField(label=_lazy("Vì sao là cùng một người"), max_length=300)


class ConfirmForm(forms.Form):
    """The first card of somebody who registered on the net."""

    number = forms.CharField(label=_lazy("Số thẻ"), max_length=40, required=False)
    confirmed_new = forms.BooleanField(label=_lazy("Đây là người khác, vẫn đăng ký"), required=False)

    def clean_number(self) -> str:
        """The form of a card number."""
        return _checked_number(str(self.cleaned_data["number"]))


class RollForm(forms.Form):
    """A list of a class or of staff."""

    library = LibraryField(label=_lazy("Thư viện"), queryset=libraries().none(), empty_label=None)
    kind = forms.ChoiceField(
        label=_lazy("Loại danh sách"), choices=[(one, RollKind(one).label) for one in ("CLASSES", "STAFF")]
    )
    category = forms.ChoiceField(label=_lazy("Nhóm bạn đọc của người mới"))
    file = forms.FileField(
        label=_lazy("Tệp danh sách"),
        help_text=_lazy("Excel, OpenDocument hoặc CSV, có dòng tiêu đề: Họ và tên, Ngày sinh, Lớp…"),
    )
    agreed = forms.BooleanField(
        label=_lazy(
            "Nhà trường, cơ quan đã có sự đồng ý của từng người trong danh sách "
            "(từ 7 đến 15 tuổi: của cả trẻ và người giám hộ; dưới 7 tuổi: của người giám hộ)"
        )
    )

    def __init__(self, *args: Any, own: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["library"].queryset = own
        self.fields["category"].choices = category_names().items()


class YearEndForm(forms.Form):
    """Which class becomes which; nothing written for those who leave school."""

    def __init__(self, *args: Any, classes: list[tuple[str, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.classes = [name for name, _count in classes]
        for number, (name, count) in enumerate(classes):
            self.fields[f"c{number}"] = forms.CharField(
                label=_("%(name)s, %(count)d bạn đọc") % {"name": name, "count": count},
                initial=next_class(name),
                max_length=120,
                required=False,
            )

    @property
    def becoming(self) -> dict[str, str]:
        """Each class with the next one."""
        return {name: self.cleaned_data[f"c{number}"] for number, name in enumerate(self.classes)}
