"""Forms of the desk: the simple form of a record, its copies, series of accession numbers, searching."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lienthu.catalogue.actions.keeping import DESK_STATUSES, MOST_PRICE, ItemValues
from lienthu.catalogue.marc import numbers
from lienthu.catalogue.queries.desk import Item, ItemStatus, Visibility
from lienthu.cataloguing.queries.numbering import MOST_DIGITS, run_of
from lienthu.cataloguing.rules.plain import Plain
from lienthu.libraries.queries import Library, branches_of
from lienthu.web.fields import MoneyField

MOST_COPIES = 200


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


class PlainForm(forms.Form):
    """The simple form. Lists are texts with one entry a line; only the title is required."""

    hide_optional = True

    title = forms.CharField(label=_("Nhan đề"), max_length=1000, widget=forms.TextInput(attrs={"autofocus": True}))
    subtitle = forms.CharField(label=_("Phụ đề"), required=False, max_length=1000)
    volume = forms.CharField(label=_("Số tập"), required=False, max_length=100, help_text=_("Ví dụ: Tập 2"))
    volume_title = forms.CharField(label=_("Tên tập"), required=False, max_length=500)
    author = forms.CharField(
        label=_("Tác giả"), required=False, max_length=300, help_text=_("Viết như trên sách: Nguyễn Du")
    )
    body = forms.CharField(label=_("Cơ quan chủ trì"), required=False, max_length=300)
    responsibility = forms.CharField(
        label=_("Thông tin trách nhiệm"),
        required=False,
        max_length=1000,
        help_text=_("Chép từ trang tên sách: Nguyễn Du ; Đào Duy Anh hiệu khảo"),
    )
    others = forms.CharField(
        label=_("Tác giả khác, dịch giả"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Mỗi người một dòng"),
    )
    edition = forms.CharField(
        label=_("Lần xuất bản"), required=False, max_length=200, help_text=_("Ví dụ: Tái bản lần thứ 3")
    )
    place = forms.CharField(label=_("Nơi xuất bản"), required=False, max_length=200)
    publisher = forms.CharField(label=_("Nhà xuất bản"), required=False, max_length=300)
    year = forms.CharField(
        label=_("Năm xuất bản"), required=False, max_length=40, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    extent = forms.CharField(label=_("Số trang"), required=False, max_length=200, help_text=_("Ví dụ: 226tr."))
    illustrations = forms.CharField(label=_("Minh họa"), required=False, max_length=200)
    size = forms.CharField(label=_("Khổ sách"), required=False, max_length=100, help_text=_("Ví dụ: 21cm"))
    series = forms.CharField(label=_("Tùng thư"), required=False, max_length=500)
    isbn = forms.CharField(label=_("ISBN"), required=False, max_length=60)
    price = forms.CharField(label=_("Giá tiền"), required=False, max_length=60)
    language = forms.CharField(
        label=_("Ngôn ngữ"),
        required=False,
        max_length=3,
        help_text=_("Mã ba chữ: vie tiếng Việt, eng tiếng Anh, fre tiếng Pháp"),
    )
    class_number = forms.CharField(label=_("Ký hiệu phân loại DDC"), required=False, max_length=60)
    author_mark = forms.CharField(
        label=_("Ký hiệu tác giả"), required=False, max_length=40, help_text=_("Ví dụ: NG527")
    )
    keywords = forms.CharField(
        label=_("Từ khóa"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Mỗi từ khóa một dòng"),
    )
    subjects = forms.CharField(
        label=_("Đề mục chủ đề"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Mỗi đề mục một dòng"),
    )
    summary = forms.CharField(label=_("Tóm tắt"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    note = forms.CharField(label=_("Phụ chú"), required=False, max_length=2000)

    LISTS = ("others", "keywords", "subjects")

    @classmethod
    def initial_of(cls, plain: Plain) -> dict[str, str]:
        """The form's texts for these values."""
        return {
            name: "\n".join(getattr(plain, name)) if name in cls.LISTS else getattr(plain, name)
            for name in cls.base_fields
        }

    def clean_isbn(self) -> str:
        """A wrong check digit is told at once: it was typed or printed wrong."""
        text = " ".join(self.cleaned_data["isbn"].split())
        if text and not numbers.isbn13(text) and text != self.initial.get("isbn"):
            raise forms.ValidationError(_("ISBN này sai số kiểm tra; xem lại trên bìa sau."))
        return text

    def clean_language(self) -> str:
        text = self.cleaned_data["language"].strip().lower()
        if text and not (len(text) == 3 and text.isascii() and text.isalpha()):
            raise forms.ValidationError(_("Mã ngôn ngữ có ba chữ cái, ví dụ vie."))
        return text

    def plain(self) -> Plain:
        """What was filled in, valid or not: a draft keeps it as it is."""
        values: dict[str, Any] = {}
        for name in self.fields:
            text = str(self.data.get(self.add_prefix(name)) or "").replace("\x00", "")
            values[name] = _lines(text) if name in self.LISTS else " ".join(text.split())
        return Plain(**values)


class NewCopiesForm(forms.Form):
    """Copies to come: how many, the first number, where they stand."""

    hide_optional = True

    count = forms.IntegerField(
        label=_("Số bản"), min_value=0, max_value=MOST_COPIES, required=False, initial=1, widget=forms.NumberInput()
    )
    first_number = forms.CharField(
        label=_("Số đăng ký cá biệt đầu tiên"),
        required=False,
        max_length=80,
        help_text=_("Các bản sau nhận số kế tiếp"),
    )
    call_number = forms.CharField(
        label=_("Ký hiệu xếp giá"), required=False, max_length=200, help_text=_("Ví dụ: 895.9221 NG527")
    )
    branch = forms.TypedChoiceField(label=_("Điểm phục vụ"), required=False, coerce=int, empty_value=0)
    shelf = forms.CharField(label=_("Kho, giá"), required=False, max_length=200)
    price = MoneyField(label=_("Giá tiền, đồng"), required=False, most=MOST_PRICE)
    status = forms.ChoiceField(
        label=_("Tình trạng"),
        required=False,
        choices=[(status, ItemStatus(status).label) for status in DESK_STATUSES],
        initial=ItemStatus.AVAILABLE,
    )

    def __init__(self, *args: Any, library: Library, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["branch"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = branch_choices(library)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        count, first = cleaned.get("count") or 0, " ".join((cleaned.get("first_number") or "").split())
        if count and not first:
            self.add_error("first_number", _("Cần số đăng ký cá biệt, hoặc đặt số bản là 0."))
        elif count and not run_of(first, count):
            self.add_error("first_number", _("Số phải kết thúc bằng chữ số thì mới đếm tiếp được."))
        return cleaned

    def values(self) -> list[ItemValues]:
        """The copies asked for; call it on a valid form."""
        given = self.cleaned_data
        first = " ".join((given.get("first_number") or "").split())
        return [
            ItemValues(
                accession_number=number,
                call_number=given.get("call_number") or "",
                shelf=given.get("shelf") or "",
                branch=given.get("branch") or 0,
                price=given.get("price") or 0,
                status=given.get("status") or "AVAILABLE",
            )
            for number in (run_of(first, given.get("count") or 0) if given.get("count") else [])
        ]


def branch_choices(library: Library) -> list[tuple[str | int, Any]]:
    """The open service points of a library."""
    return [("", _("Cả thư viện")), *((branch.pk, branch.name_vi) for branch in branches_of(library))]


class ItemForm(forms.Form):
    """One copy."""

    accession_number = forms.CharField(label=_("Số đăng ký cá biệt"), max_length=80)
    call_number = forms.CharField(label=_("Ký hiệu xếp giá"), required=False, max_length=200)
    branch = forms.TypedChoiceField(label=_("Điểm phục vụ"), required=False, coerce=int, empty_value=0)
    shelf = forms.CharField(label=_("Kho, giá"), required=False, max_length=200)
    price = MoneyField(label=_("Giá tiền, đồng"), required=False, most=MOST_PRICE)
    status = forms.ChoiceField(label=_("Tình trạng"))
    visibility = forms.ChoiceField(label=_("Ai thấy bản này"), choices=Visibility.choices)
    note = forms.CharField(label=_("Ghi chú"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, item: Item, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        branch, status = self.fields["branch"], self.fields["status"]
        assert isinstance(branch, forms.TypedChoiceField) and isinstance(status, forms.ChoiceField)
        branch.choices = branch_choices(item.library)
        status.choices = status_choices(item.status)

    def values(self) -> ItemValues:
        given = self.cleaned_data
        return ItemValues(**given | {"branch": given["branch"] or 0, "price": given["price"] or 0})


def status_choices(current: str) -> list[tuple[str, Any]]:
    """What the desk may choose; a state that lending gave stands alone."""
    allowed: list[tuple[str, Any]] = [(status, ItemStatus(status).label) for status in DESK_STATUSES]
    if current in dict(allowed):
        return allowed
    shown = ItemStatus(current)
    return [(shown.value, shown.label)] if current != ItemStatus.WITHDRAWN else [(shown.value, shown.label), *allowed]


class ManyForm(forms.Form):
    """The same values for several copies; what is left empty stays as it is."""

    hide_optional = True

    call_number = forms.CharField(label=_("Ký hiệu xếp giá"), required=False, max_length=200)
    shelf = forms.CharField(label=_("Kho, giá"), required=False, max_length=200)
    price = MoneyField(label=_("Giá tiền, đồng"), required=False, most=MOST_PRICE)
    branch = forms.TypedChoiceField(label=_("Điểm phục vụ"), required=False, coerce=int, empty_value=None)
    status = forms.ChoiceField(label=_("Tình trạng"), required=False)
    visibility = forms.ChoiceField(label=_("Ai thấy bản này"), required=False)

    def __init__(self, *args: Any, library: Library, **kwargs: Any) -> None:
        # stands on one page with the form that adds copies, whose fields have the same names
        super().__init__(*args, **{"auto_id": "many_%s"} | kwargs)
        same: list[tuple[str | int, Any]] = [("", _("Giữ nguyên"))]
        choices: dict[str, Sequence[tuple[str | int, Any]]] = {
            "branch": [(branch.pk, branch.name_vi) for branch in branches_of(library)],
            "status": [(status, ItemStatus(status).label) for status in DESK_STATUSES],
            "visibility": list(Visibility.choices),
        }
        for name, values in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [*same, *values]

    def values(self) -> ItemValues:
        """Only what was filled in."""
        return ItemValues(**{name: value or None for name, value in self.cleaned_data.items()})


class WithdrawForm(forms.Form):
    """Why a record or copies are withdrawn."""

    reason = forms.CharField(label=_("Lý do"), max_length=500)


class SeriesForm(forms.Form):
    """A way of numbering copies."""

    name = forms.CharField(label=_("Tên dãy số"), max_length=100, help_text=_("Ví dụ: Sách cho mượn"))
    prefix = forms.CharField(
        label=_("Phần đầu"), required=False, max_length=40, strip=True, help_text=_("Ví dụ: TQ. hoặc MVV ")
    )
    digits = forms.IntegerField(label=_("Số chữ số"), min_value=1, max_value=MOST_DIGITS, initial=6)
    first = forms.IntegerField(label=_("Bắt đầu từ"), min_value=1, max_value=999_999_999, initial=1)
