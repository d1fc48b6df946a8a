"""Forms of the authority desk: they read and check input, and never save."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthu.authorities.actions import AuthorityData
from lienthu.authorities.models import Kind
from lienthu.authorities.policy.forms import FormProblem, HeadingForm, clean_form, key_of, person_form
from lienthu.authorities.queries.listing import preferred_ids
from lienthu.web.fields import UploadField

LONGEST = 2_000
_DATES = re.compile(r"^(.*?),\s*((?:sinh|mất|b\.|d\.|ca\.?)?\s*[0-9]{3,4}\??\s*-?\s*(?:[0-9]{3,4}\??)?)$")
_SUBFIELD = re.compile(r"^\$([a-z0-9])\s*(.+)$")
YES_NO = [("", _("Tất cả")), ("yes", _("Có dạng khác")), ("no", _("Không có dạng khác"))]


class ListFilter(forms.Form):
    """Narrowing the list of authorities."""

    q = forms.CharField(label=_("Tìm trong mọi dạng tên"), required=False, max_length=200)
    kind = forms.ChoiceField(label=_("Loại"), required=False, choices=[("", _("Mọi loại")), *Kind.choices])
    variants = forms.ChoiceField(label=_("Dạng khác"), required=False, choices=YES_NO)


class UploadForm(forms.Form):
    """A file of authority records."""

    file = UploadField(
        label=_("Tệp đề mục"),
        help_text=_("Biểu ghi MARC 21 của đề mục: tệp .mrc, MARCXML hoặc MARC-in-JSON; có thể nén .gz hoặc .zip."),
    )


class KindForm(forms.Form):
    """Which kind of heading."""

    kind = forms.ChoiceField(label=_("Loại"), choices=Kind.choices)


class _Base(forms.Form):
    """What every authority has beside its preferred form."""

    variants = forms.CharField(
        label=_("Dạng khác (xem từ)"),
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Mỗi dòng một dạng. Tìm hay duyệt theo dạng này sẽ dẫn đến dạng chuẩn."),
    )
    broader = forms.CharField(
        label=_("Khái niệm rộng hơn"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Mỗi dòng một đề mục đã có biểu ghi, viết đúng dạng chuẩn."),
    )
    narrower = forms.CharField(label=_("Khái niệm hẹp hơn"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    related = forms.CharField(label=_("Xem thêm"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    note = forms.CharField(
        label=_("Phụ chú cho mọi người"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    sources = forms.CharField(
        label=_("Nguồn"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Mỗi dòng một nguồn: tài liệu hay trang đã tra."),
    )
    keep_old = forms.BooleanField(
        label=_("Giữ dạng chuẩn cũ làm một dạng khác"),
        required=False,
        initial=True,
        help_text=_("Người quen dạng cũ vẫn tìm thấy."),
    )
    why = forms.CharField(label=_("Lý do thay đổi"), required=False, max_length=500)

    def __init__(self, *args: Any, kind: str, known: Iterable[HeadingForm] = (), **kwargs: Any) -> None:
        self.kind = kind
        # A variant that stays keeps the subfields that it has.
        self._known = {form.text: form for form in known}
        super().__init__(*args, **kwargs)

    def _form(self) -> HeadingForm:
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        """The heading form, its variants and relations; each error stands at its field."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            cleaned["form"] = self._form()
        except FormProblem:
            self.add_error("name", _("Tên phải có ít nhất một chữ hoặc một số."))
        cleaned["forms"] = tuple(self._variants(cleaned.get("variants", "")))
        for name in ("broader", "narrower", "related"):
            cleaned[f"{name}_ids"] = self._relations(name, cleaned.get(name, ""))
        return cleaned

    def _variants(self, text: str) -> Iterable[HeadingForm]:
        for line in _lines(text):
            known = self._known.get(line)
            try:
                yield known or variant_of(self.kind, line)
            except FormProblem:
                self.add_error("variants", _now("Dòng “%(line)s” không có chữ nào.") % {"line": line})

    def _relations(self, name: str, text: str) -> tuple[int, ...]:
        lines = _lines(text)
        # Subjects may stand beside places, names beside names: any kind that has this form.
        wanted = [(kind, key_of(line)) for line in lines for kind in Kind.values]
        found = preferred_ids(wanted)
        ids = []
        for line in lines:
            same = found.get((self.kind, key_of(line)))
            other = next((found[kind, key_of(line)] for kind in Kind.values if (kind, key_of(line)) in found), None)
            if same or other:
                ids.append(same or other or 0)
            else:
                self.add_error(
                    name,
                    _now("“%(line)s” chưa có biểu ghi đề mục. Hãy tạo nó trước, hoặc xem lại cách viết.")
                    % {"line": line},
                )
        return tuple(ids)

    def data_of(self) -> AuthorityData:
        """What the person gave beside the preferred form."""
        given = self.cleaned_data
        return AuthorityData(
            variants=given["forms"],
            dates=given.get("dates", ""),
            note=given["note"],
            sources=given["sources"],
            broader=given["broader_ids"],
            narrower=given["narrower_ids"],
            related=given["related_ids"],
        )


class PersonForm(_Base):
    """A person: the parts of the name as MARC 21 keeps them."""

    name = forms.CharField(label=_("Tên (100 $a)"), max_length=LONGEST)
    numeral = forms.CharField(label=_("Số thứ tự (100 $b)"), required=False, max_length=100)
    title = forms.CharField(label=_("Chức danh, từ đi kèm (100 $c)"), required=False, max_length=300)
    full = forms.CharField(label=_("Tên đầy đủ (100 $q)"), required=False, max_length=300)
    dates = forms.CharField(
        label=_("Năm sinh, năm mất (100 $d)"),
        required=False,
        max_length=100,
        help_text=_("Ví dụ: 1765-1820; 1950-."),
    )
    indicator = forms.CharField(required=False, widget=forms.HiddenInput())
    field_order = ("name", "dates", "title", "numeral", "full", "variants")

    def _form(self) -> HeadingForm:
        given = self.cleaned_data
        form = person_form(
            name=given["name"],
            numeral=given["numeral"],
            title=given["title"],
            full=given["full"],
            dates=given["dates"],
            indicator=given["indicator"] if given["indicator"] in ("0", "1", "3") else "0",
        )
        # What the person left as it was keeps its punctuation too.
        return self._known_form(form)

    def _known_form(self, form: HeadingForm) -> HeadingForm:
        known = self._known.get(form.text)
        return known if known is not None else form


class PartsForm(_Base):
    """Anything that is no person: a main part and, one a line, the subfields that follow it."""

    name = forms.CharField(label=_("Tên hoặc đề mục ($a)"), max_length=LONGEST)
    parts = forms.CharField(
        label=_("Các phần sau"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Mỗi dòng một trường con, ví dụ: $b Phòng Địa chí, hoặc $x Lịch sử, $z Việt Nam."),
    )
    dates = forms.CharField(label=_("Thời gian"), required=False, max_length=200)
    field_order = ("name", "parts", "dates", "variants")

    def clean_parts(self) -> str:
        """Each line is $, a code, and words."""
        for line in _lines(self.cleaned_data["parts"]):
            if not _SUBFIELD.match(line):
                raise forms.ValidationError(
                    _("Dòng “%(line)s” phải bắt đầu bằng $ và mã trường con."), params={"line": line}
                )
        return str(self.cleaned_data["parts"])

    def _form(self) -> HeadingForm:
        given = self.cleaned_data
        found = (_SUBFIELD.match(line) for line in _lines(given["parts"]))
        parts = [("a", given["name"]), *((one[1], one[2]) for one in found if one)]
        form = clean_form(self.kind, parts)
        known = self._known.get(form.text)
        return known if known is not None else form


def form_class(kind: str) -> type[_Base]:
    """The form for a kind of heading."""
    return PersonForm if kind == "PERSON" else PartsForm


def variant_of(kind: str, line: str) -> HeadingForm:
    """A variant from one line of text: a person's dates behind the last comma, divisions behind " -- ".

    Raises FormProblem.
    """
    if kind == "PERSON":
        dated = _DATES.match(line)
        return person_form(name=dated[1], dates=dated[2]) if dated else person_form(name=line)
    main, *divisions = (part.strip() for part in line.split(" -- "))
    return clean_form(kind, [("a", main), *(("x", one) for one in divisions)])


def initial_of(form: HeadingForm) -> dict[str, str]:
    """The fields of the form for a preferred form."""
    if form.kind != "PERSON":
        first, *rest = form.subfields
        return {"name": first[1], "parts": "\n".join(f"${code} {value}" for code, value in rest)}
    found: dict[str, str] = {}
    names = {"a": "name", "b": "numeral", "c": "title", "q": "full", "d": "dates"}
    for code, value in form.subfields:
        name = names.get(code, "name")
        found[name] = f"{found[name]} {value}" if name in found else value
    found = {name: value.rstrip(",").strip() for name, value in found.items()}
    return {**found, "indicator": form.indicators[:1].strip()}


def _lines(text: str) -> Sequence[str]:
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


class WhyForm(forms.Form):
    """A word why, beside a question that is answered by a button."""

    why = forms.CharField(label=_("Lý do"), required=False, max_length=500)


class ProposalForm(forms.Form):
    """What a library asks for."""

    text = forms.CharField(label=_("Cần sửa gì, vì sao"), max_length=4_000, widget=forms.Textarea(attrs={"rows": 3}))


class AnswerForm(forms.Form):
    """The answer to a proposal."""

    answer = forms.CharField(label=_("Trả lời"), required=False, max_length=4_000)
