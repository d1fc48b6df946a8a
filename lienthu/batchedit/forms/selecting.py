"""Which records: one small form for each way of choosing."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthu.batchedit.forms.lists import LibraryChoice
from lienthu.batchedit.policy import selecting
from lienthu.batchedit.policy.selecting import lines_of
from lienthu.batchedit.wording import NUMBERS
from lienthu.catalogue.access import visible_batches
from lienthu.identity.access import Actor
from lienthu.libraries.queries import Library
from lienthu.search import parse
from lienthu.search.query import MAX_CHARACTERS

# Notes of the parser after which the query still means what was typed; after any other it means something else.
_HARMLESS = frozenset(("unclosed_quote", "unclosed_parenthesis", "extra_parenthesis", "unknown_field"))
LONGEST_LIST = 2_000_000
RECENT_IMPORTS = 100


class SelectionForm(forms.Form):
    """What every way of choosing asks."""

    kind = selecting.EVERYTHING
    library = LibraryChoice(
        label=_("Thư viện"),
        queryset=None,
        empty_label=None,
        help_text=_("Chỉ biểu ghi và bản tài liệu của thư viện này được sửa."),
    )
    title = forms.CharField(
        label=_("Tên lần sửa"),
        max_length=200,
        help_text=_("Để người khác hiểu lần sửa này làm gì, ví dụ: Đổi “tr.” thành “trang” ở 300."),
    )

    def __init__(self, *args: Any, own: QuerySet[Library], actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["library"].queryset = own
        self.order_fields([*(name for name in self.fields if name != "title"), "title"])

    def selection(self) -> dict[str, Any]:
        """The selection as an edit keeps it."""
        return {"kind": self.kind, "text": ""}


class QueryForm(SelectionForm):
    """By the query language of the catalogue."""

    kind = selecting.QUERY
    text = forms.CharField(
        label=_("Câu tìm"),
        max_length=MAX_CHARACTERS,
        help_text=_(
            "Như ở ô tìm của mục lục: nhan đề, tác giả:, nxb:, năm:1990-1999, ddc:895. "
            "Biểu ghi không mở cho mọi người không có trong kết quả tìm; hãy chọn chúng bằng danh sách."
        ),
    )

    def clean_text(self) -> str:
        """A query that could be read only in part would choose other records than were meant."""
        text: str = self.cleaned_data["text"]
        if any(note.code not in _HARMLESS for note in parse(text).notes):
            raise forms.ValidationError(
                _now("Câu tìm này chỉ hiểu được một phần. Hãy thử ở trang tra cứu rồi viết lại cho gọn.")
            )
        return text

    def selection(self) -> dict[str, Any]:
        return {"kind": self.kind, "text": self.cleaned_data["text"]}


class ListForm(SelectionForm):
    """By numbers, one a line."""

    kind = selecting.LIST
    numbers = forms.ChoiceField(
        label=_("Các số là"),
        choices=list(NUMBERS.items()),
        help_text=_("Khi chọn biểu ghi bằng số đăng ký cá biệt, các bước về bản tài liệu chỉ đụng đến những bản ấy."),
    )
    text = forms.CharField(
        label=_("Danh sách"),
        max_length=LONGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "autocapitalize": "off"}),
        help_text=_("Mỗi dòng một số. Dòng không thấy biểu ghi được liệt kê ở trang xem trước."),
        error_messages={"max_length": _("Danh sách quá dài; hãy chia thành nhiều lần sửa.")},
    )

    def clean_text(self) -> str:
        """At most as many lines as an edit may have records."""
        text: str = self.cleaned_data["text"]
        most = settings.BATCH_EDIT_MOST
        # Counting is quicker than reading, and a hostile list ends here.
        if text.count("\n") > 4 * most or len(lines_of(text)) > most:
            raise forms.ValidationError(
                _now("Danh sách có hơn %(most)d dòng; hãy chia thành nhiều lần sửa.") % {"most": most}
            )
        return text

    def selection(self) -> dict[str, Any]:
        text = self.cleaned_data["text"]
        return {
            "kind": self.kind,
            "text": text,
            "numbers": self.cleaned_data["numbers"],
            "count": len(lines_of(text)),
        }


class ImportForm(SelectionForm):
    """What an import brought."""

    kind = selecting.IMPORT
    batch = forms.ChoiceField(label=_("Lần nhập"))

    def __init__(self, *args: Any, own: QuerySet[Library], actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, own=own, actor=actor, **kwargs)
        found = visible_batches(actor).filter(status="DONE", library__in=own).order_by("-pk")[:RECENT_IMPORTS]
        self._batches = {str(one.pk): one for one in found}
        self.fields["batch"].choices = [
            (key, f"{one.file_name} · {one.library.name_vi} · {one.created_at:%d/%m/%Y}")
            for key, one in self._batches.items()
        ]
        # The import says whose records they are.
        del self.fields["library"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        batch = self._batches.get(cleaned.get("batch", ""))
        if batch:
            cleaned["library"] = batch.library
        return cleaned

    def selection(self) -> dict[str, Any]:
        batch = self._batches[self.cleaned_data["batch"]]
        return {"kind": self.kind, "text": "", "batch": batch.pk, "name": batch.file_name}


_FORMS: dict[str, type[SelectionForm]] = {
    selecting.QUERY: QueryForm,
    selecting.LIST: ListForm,
    selecting.IMPORT: ImportForm,
    selecting.EVERYTHING: SelectionForm,
}


def selection_form(kind: str) -> type[SelectionForm]:
    """The form for one way of choosing; that of the query for an unknown one."""
    return _FORMS.get(kind, QueryForm)
