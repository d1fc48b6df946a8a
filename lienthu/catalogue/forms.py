"""Forms of the cataloguing desk: they read and check input, and never save."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lienthu.catalogue.marc.items import PROFILES
from lienthu.catalogue.models import BatchStatus, ReviewPair, Visibility
from lienthu.libraries.queries import libraries
from lienthu.web.fields import UploadField

PROFILE_LABELS = {
    "auto": _("Tự nhận biết"),
    "koha952": _("Trường 952 (Koha)"),
    "lienthu852": _("Trường 852 (MARC 21)"),
    "libol852": _("Trường 852 (Libol)"),
    "libol928": _("Trường 928 (Libol, có khoảng số)"),
    "evergreen852": _("Trường 852 (Evergreen)"),
    "none": _("Tệp không có bản tài liệu"),
}

ENCODING_LABELS = {
    "auto": _("Tự nhận biết"),
    "none": _("Giữ nguyên như trong tệp"),
    "tcvn3": _("TCVN3 (ABC, .VnTime)"),
    "tcvn3h": _("TCVN3, phông chữ hoa (.VnTimeH)"),
    "vni": _("VNI Windows"),
    "viscii": _("VISCII"),
    "viqr": _("VIQR"),
    "cp1258": _("Windows CP1258"),
    "bkhcm2": _("BK HCM2"),
    "tcvn": _("TCVN 5712 VN1"),
    "double-utf8": _("UTF-8 bị mã hóa hai lần"),
}

# What a column of a table may mean, in the order of a catalogue card.
TARGET_LABELS = {
    "001": _("Số kiểm soát (001)"),
    "245$a": _("Nhan đề"),
    "245$b": _("Phụ đề"),
    "245$c": _("Thông tin trách nhiệm"),
    "245$n": _("Số tập"),
    "245$p": _("Tên tập"),
    "100$a": _("Tác giả"),
    "110$a": _("Tác giả tập thể"),
    "700$a": _("Tác giả khác"),
    "700$e": _("Vai trò của tác giả khác"),
    "710$a": _("Cơ quan khác"),
    "250$a": _("Lần xuất bản"),
    "260$a": _("Nơi xuất bản"),
    "260$b": _("Nhà xuất bản"),
    "260$c": _("Năm xuất bản"),
    "300$a": _("Số trang"),
    "300$b": _("Minh họa"),
    "300$c": _("Khổ"),
    "490$a": _("Tùng thư"),
    "490$v": _("Số trong tùng thư"),
    "500$a": _("Phụ chú"),
    "502$a": _("Luận văn, luận án"),
    "520$a": _("Tóm tắt"),
    "650$a": _("Chủ đề"),
    "651$a": _("Địa danh"),
    "653$a": _("Từ khóa"),
    "082$a": _("Ký hiệu phân loại DDC"),
    "084$a": _("Ký hiệu phân loại khác (BBK)"),
    "020$a": _("ISBN"),
    "022$a": _("ISSN"),
    "041$a": _("Ngôn ngữ"),
    "546$a": _("Phụ chú ngôn ngữ"),
    "856$u": _("Địa chỉ điện tử"),
    "type": _("Loại tài liệu"),
    "item.accession": _("Số đăng ký cá biệt"),
    "item.call_number": _("Ký hiệu xếp giá"),
    "item.class": _("Ký hiệu phân loại trên gáy"),
    "item.author_mark": _("Ký hiệu tác giả"),
    "item.library": _("Thư viện giữ bản"),
    "item.branch": _("Điểm phục vụ"),
    "item.shelf": _("Kho, giá"),
    "item.quantity": _("Số bản"),
    "item.price": _("Giá tiền"),
}


FIELD_LABELS = {
    "": _("Như lần trước của nguồn; nguồn mới thì giữ nguyên"),
    "libol": _("Theo Libol: 907 ảnh bìa, 925 vật mang tin, 926 mức truy cập, 999 môn học"),
}


class UploadForm(forms.Form):
    """One file of records for one library."""

    library = forms.ModelChoiceField(
        label=_("Nhập cho thư viện"), queryset=libraries().none(), empty_label=_("Chọn thư viện")
    )
    file = UploadField(
        label=_("Tệp biểu ghi"),
        help_text=_(
            "ISO 2709 (.mrc, .iso), tệp xuất của CDS/ISIS, văn bản gắn nhãn MARC, MARCXML, MARC-in-JSON, Dublin Core, "
            "MODS, Excel hoặc CSV. Hệ thống tự nhận biết định dạng."
        ),
    )
    item_profile = forms.ChoiceField(
        label=_("Bản tài liệu nằm ở"),
        choices=[(name, PROFILE_LABELS[name]) for name in PROFILE_LABELS if name == "auto" or name in PROFILES],
        initial="auto",
        help_text=_("Trường của biểu ghi nêu số đăng ký cá biệt, ký hiệu xếp giá và kho."),
    )

    local_fields = forms.ChoiceField(
        label=_("Trường riêng 9xx của phần mềm cũ"),
        choices=list(FIELD_LABELS.items()),
        required=False,
        help_text=_("Được chuyển thành trường MARC 21 tương ứng; tệp gốc vẫn được giữ nguyên."),
    )
    source = forms.CharField(
        label=_("Nguồn của tệp"),
        required=False,
        max_length=100,
        help_text=_(
            "Tên phần mềm hoặc nơi gửi tệp, ví dụ “ISIS cũ”. Cách đọc bạn chọn được nhớ cho tệp sau của nguồn."
        ),
    )
    encoding = forms.ChoiceField(
        label=_("Bảng mã tiếng Việt"), choices=list(ENCODING_LABELS.items()), initial="auto", required=False
    )

    def __init__(self, *args: Any, own: Any, sources: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["library"].queryset = own
        if len(found := own[:2]) == 1:
            self.initial.setdefault("library", found[0])
        self.sources = list(sources)
        if self.sources:
            self.fields["source"].widget.attrs["list"] = "nguon-da-biet"


class BatchFilter(forms.Form):
    """Narrowing the list of imports."""

    q = forms.CharField(label=_("Tên tệp"), required=False)
    status = forms.ChoiceField(
        label=_("Trạng thái"), required=False, choices=[("", _("Mọi trạng thái")), *BatchStatus.choices]
    )


class EncodingForm(forms.Form):
    """Another reading of the text of a file that is being tried."""

    encoding = forms.ChoiceField(label=_("Đọc tệp theo bảng mã"), choices=list(ENCODING_LABELS.items()), required=False)

    def clean_encoding(self) -> str:
        """Nothing chosen leaves it to the system."""
        return self.cleaned_data["encoding"] or "auto"


class PairFilter(forms.Form):
    """Narrowing the queue of doubtful pairs."""

    library = forms.ModelChoiceField(
        label=_("Thư viện"), queryset=libraries(), required=False, empty_label=_("Mọi thư viện")
    )
    least = forms.FloatField(label=_("Điểm từ"), required=False)
    reason = forms.ChoiceField(
        label=_("Điều phân vân"),
        required=False,
        choices=[
            ("", _("Mọi lý do")),
            ("year", _("Năm xuất bản")),
            ("edition", _("Lần xuất bản")),
            ("volume", _("Số tập")),
            ("name", _("Tác giả")),
            ("title", _("Nhan đề")),
            ("publisher", _("Nhà xuất bản")),
            ("pages", _("Số trang")),
        ],
    )

    def narrowed(self, pairs: QuerySet[ReviewPair]) -> QuerySet[ReviewPair]:
        """The pairs that fit what was chosen."""
        chosen = self.cleaned_data
        if chosen["library"]:
            pairs = pairs.filter(Q(left__library=chosen["library"]) | Q(right__library=chosen["library"]))
        if chosen["least"] is not None:
            pairs = pairs.filter(score__gte=chosen["least"])
        if chosen["reason"]:
            pairs = pairs.filter(reasons__icontains=f'"code": "{chosen["reason"]}')
        return pairs


class SharingForm(forms.Form):
    """What a library shows, and how far its descriptions are trusted."""

    visibility = forms.ChoiceField(
        label=_("Ai thấy biểu ghi và bản tài liệu của thư viện"), choices=Visibility.choices, widget=forms.RadioSelect
    )
    trust = forms.IntegerField(
        label=_("Mức tin cậy của biểu ghi, từ 0 đến 100"),
        min_value=0,
        max_value=100,
        help_text=_("Khi nhiều thư viện cùng mô tả một tài liệu, mô tả đầy đủ và đáng tin hơn được hiện ra."),
    )


class MergeFilter(forms.Form):
    """What the history of merges shows."""

    rules = forms.BooleanField(label=_("Cả những lần hệ thống tự gộp"), required=False)


class MappingForm(forms.Form):
    """Which column of a table means what; one field per column, made from the heading row."""

    hide_optional = True

    def __init__(self, *args: Any, columns: list[str], guessed: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Không dùng cột này")), *TARGET_LABELS.items()]
        for place, name in enumerate(columns):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=name or _("(cột không tên)"), choices=choices, required=False, initial=guessed.get(str(place), "")
            )

    def mapping(self) -> dict[str, str]:
        """Place of the column (from 0) -> target, for the columns in use."""
        return {key.removeprefix("column_"): value for key, value in self.cleaned_data.items() if value}
