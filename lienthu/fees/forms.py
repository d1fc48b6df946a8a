"""Reads and checks what desks enter about money; never saves."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from lienthu.fees.models import ChargeKind, EntryKind, Method
from lienthu.fees.policy.cash import DENOMINATIONS, MOST_PIECES
from lienthu.kernel import clock
from lienthu.web.fields import MoneyField
from lienthu.web.tags.filters import vn_number

PRICE_ROWS = 12
_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class FindForm(forms.Form):
    """Whose account."""

    q = forms.CharField(label=_lazy("Quét thẻ, hoặc gõ tên bạn đọc"), max_length=120, required=False)


class PayForm(forms.Form):
    """A payment."""

    amount = MoneyField(label=_lazy("Số tiền"))
    method = forms.ChoiceField(label=_lazy("Trả bằng"))

    def __init__(self, *args: Any, methods: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = [(one, Method(one).label) for one in methods]


class MoveForm(forms.Form):
    """A deposit in or out, or money given back."""

    amount = MoneyField(label=_lazy("Số tiền"))
    what = forms.ChoiceField(label=_lazy("Việc"))
    method = forms.ChoiceField(
        label=_lazy("Bằng"), choices=[("CASH", Method("CASH").label), ("TRANSFER", Method("TRANSFER").label)]
    )

    def __init__(self, *args: Any, deposit: int, credit: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("deposit_in", EntryKind("DEPOSIT_IN").label)]
        choices += [("deposit_out", EntryKind("DEPOSIT_OUT").label)] if deposit else []
        choices += [("refund", EntryKind("REFUND").label)] if credit else []
        self.fields["what"].choices = choices


class ChargeForm(forms.Form):
    """A service that is charged by hand; a chosen price fills in what is left empty."""

    price = forms.ChoiceField(label=_lazy("Theo bảng giá"), required=False)
    times = forms.IntegerField(label=_lazy("Số lượng"), min_value=1, max_value=1000, initial=1, required=False)
    kind = forms.ChoiceField(label=_lazy("Loại khoản"), choices=ChargeKind.choices, initial="OTHER")
    amount = MoneyField(label=_lazy("Số tiền"), required=False, help_text=_lazy("Để trống khi chọn theo bảng giá."))
    what = forms.CharField(label=_lazy("Về việc gì"), max_length=200, required=False)

    def __init__(self, *args: Any, prices: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prices = {str(one.position): one for one in prices}
        self.fields["price"].choices = [("", _("– không –"))] + [
            (key, f"{one.name_vi}: {vn_number(one.amount)} đ / {one.unit_vi}") for key, one in self._prices.items()
        ]
        if not prices:
            del self.fields["price"], self.fields["times"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        price = self._prices.get(given.get("price") or "")
        if price is not None:
            times = given.get("times") or 1
            given |= {"kind": price.kind, "amount": given.get("amount") or price.amount * times}
            given["what"] = given.get("what") or f"{price.name_vi}: {times} {price.unit_vi}"
        if not self.errors and not given.get("amount"):
            self.add_error("amount", _("Hãy ghi số tiền."))
        if not self.errors and not given.get("what"):
            self.add_error("what", _("Hãy ghi thu về việc gì."))
        return given


class ReasonForm(forms.Form):
    """Why something is waived or taken back; of a waiver also how much."""

    amount = MoneyField(label=_lazy("Số tiền"), required=False)
    reason = forms.CharField(label=_lazy("Lý do"), max_length=300)


class CountForm(forms.Form):
    """Counted cash, by denomination."""

    note = forms.CharField(label=_lazy("Ghi chú, lý do chênh lệch"), max_length=300, required=False)

    def __init__(self, *args: Any, closing: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for worth in DENOMINATIONS:
            self.fields[f"n{worth}"] = forms.IntegerField(
                label=_("Tờ %(worth)s đ") % {"worth": vn_number(worth)},
                min_value=0,
                max_value=MOST_PIECES,
                required=False,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )
        if closing:
            self.order_fields([*(f"n{worth}" for worth in DENOMINATIONS), "note"])
        else:
            del self.fields["note"]

    @property
    def pieces(self) -> dict[int, int]:
        return {worth: self.cleaned_data.get(f"n{worth}") or 0 for worth in DENOMINATIONS}


class DayForm(forms.Form):
    """Filters of the list of a day."""

    hide_optional = True
    ngay = forms.DateField(label=_lazy("Ngày"), required=False, widget=_DAY)
    kind = forms.ChoiceField(label=_lazy("Việc"), required=False)
    method = forms.ChoiceField(label=_lazy("Bằng"), required=False)

    def __init__(self, *args: Any, kinds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("Mọi việc"))] + [(kind, EntryKind(kind).label) for kind in kinds]
        self.fields["method"].choices = [("", _("Mọi cách trả"))] + [one for one in Method.choices if one[0]]

    def day(self) -> date:
        chosen = self.cleaned_data.get("ngay") if self.is_valid() else None
        return chosen or clock.today()


class StatementForm(forms.Form):
    """A bank's statement."""

    file = forms.FileField(
        label=_lazy("Sao kê của ngân hàng (CSV, Excel)"),
        help_text=_lazy("Cần các cột ngày giao dịch, số tiền ghi có, nội dung; có số tham chiếu thì càng chắc."),
    )


class BankForm(forms.Form):
    """Where transfers go."""

    bank = forms.RegexField(r"^[0-9]{6}$", label=_lazy("Mã ngân hàng (BIN của NAPAS, 6 chữ số)"), max_length=6)
    number = forms.RegexField(r"^[0-9A-Za-z]{1,19}$", label=_lazy("Số tài khoản"), max_length=19)
    holder = forms.CharField(label=_lazy("Tên chủ tài khoản"), max_length=120)


class PriceListForm(forms.Form):
    """The head of a price list; the rows are PriceRowForm."""

    valid_from = forms.DateField(label=_lazy("Áp dụng từ ngày"), widget=_DAY)
    basis = forms.CharField(
        label=_lazy("Văn bản cho phép thu"),
        max_length=300,
        help_text=_lazy("Số, cơ quan ban hành, điều khoản: nghị quyết của Hội đồng nhân dân tỉnh, quyết định giá."),
    )
    basis_on = forms.DateField(label=_lazy("Ngày của văn bản"), widget=_DAY)


class PriceRowForm(forms.Form):
    """One row of a price list; an empty one is left out."""

    kind = forms.ChoiceField(label=_lazy("Loại khoản"), choices=ChargeKind.choices, initial="COPY")
    name_vi = forms.CharField(label=_lazy("Dịch vụ"), max_length=200)
    name_en = forms.CharField(label=_lazy("Dịch vụ, tiếng Anh"), max_length=200)
    unit_vi = forms.CharField(label=_lazy("Đơn vị"), max_length=60)
    unit_en = forms.CharField(label=_lazy("Đơn vị, tiếng Anh"), max_length=60)
    amount = MoneyField(label=_lazy("Giá, đồng"))

    def has_changed(self) -> bool:
        """A row in which nothing is written but the kind is empty."""
        return any(self.data.get(self.add_prefix(name), "").strip() for name in self.fields if name != "kind")


PriceRows = forms.formset_factory(PriceRowForm, extra=3, max_num=PRICE_ROWS, absolute_max=40)
