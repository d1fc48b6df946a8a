"""Parts of pages that are rendered once and kept: what they may know, and what they may not."""

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation


def test_a_kept_part_is_rendered_once_and_shows_the_values_of_each_page_escaped():
    page = Template(
        '{% once with name=name %}<b title="{{ name }}">{% translate "Tìm" %} 100%: {{ name }}</b>{% endonce %}'
    )
    for name, shown in [("Ngô", "Ngô"), ("<i>'%s", "&lt;i&gt;&#x27;%s"), (7, "7"), ("", "")]:
        assert page.render(Context({"name": name})) == f'<b title="{shown}">Tìm 100%: {shown}</b>'


def test_each_deciding_value_and_each_language_has_its_own_copy():
    page = Template('{% once by open=open %}{% if open %}{% translate "Tìm" %}{% else %}–{% endif %}{% endonce %}')
    assert [page.render(Context({"open": one})) for one in (True, False, True)] == ["Tìm", "–", "Tìm"]
    with translation.override("en"):
        assert page.render(Context({"open": True})) == "Search"


def test_a_kept_part_sees_nothing_else_of_the_page():
    page = Template("{% once by one=one %}{{ one }}{{ user }}{{ csrf_token }}{% endonce %}")
    assert page.render(Context({"one": 1, "user": "Ngô", "csrf_token": "bí mật"})) == "1"


def test_a_shown_value_cannot_be_worked_with():
    for part in ("{{ name|upper }}", "{% if name %}yes{% endif %}", ""):
        with pytest.raises(TemplateSyntaxError, match="as they are"):
            Template(f"{{% once with name=name %}}{part}{{% endonce %}}").render(Context({"name": "Ngô"}))


@pytest.mark.parametrize("words", ["name=name", "by", "with name", "by a=a then b=b"])
def test_the_tag_is_written_in_one_way(words):
    with pytest.raises(TemplateSyntaxError, match="once takes"):
        Template(f"{{% once {words} %}}{{% endonce %}}")


def test_kept_parts_are_forgotten_when_settings_change(settings):
    page = Template("{% once %}{% province_name %}{% endonce %}")
    assert page.render(Context()) == "Tuyên Quang"
    settings.PROVINCE = "Hà Giang"
    assert page.render(Context()) == "Hà Giang"
