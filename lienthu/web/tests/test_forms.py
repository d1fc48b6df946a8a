from django import forms
from django.utils import translation

from lienthu.web.renderer import FormRenderer


class Sample(forms.Form):
    name = forms.CharField(label="Tên", help_text="Tên đầy đủ.")
    note = forms.CharField(label="Ghi chú", required=False)
    kind = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect, label="Loại")


def rendered(data: dict[str, str] | None = None) -> str:
    with translation.override("vi"):
        return str(Sample(data, renderer=FormRenderer()))


def test_help_is_tied_to_its_field():
    html = rendered()
    assert '<label for="id_name">Tên</label>' in html
    assert 'aria-describedby="id_name_helptext"' in html
    assert 'id="id_name_helptext"' in html


def test_an_error_is_tied_to_its_field():
    html = rendered({"name": ""})
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert '<ul class="errorlist" id="id_name_error"><li>Trường này là bắt buộc.</li></ul>' in html


def test_fields_that_may_stay_empty_say_so():
    assert rendered().count("(không bắt buộc)") == 1


def test_choices_stand_in_a_fieldset_with_a_legend():
    assert "<fieldset><legend>Loại</legend>" in rendered()
