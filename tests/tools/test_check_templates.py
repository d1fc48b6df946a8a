"""What the check of templates finds, and what it lets pass."""

import pytest

from tools.check_templates import problems_of


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("<p style='color: red'>1</p>", "the attribute style="),
        ("<button onclick='go()'>1</button>", "the attribute onclick="),
        ("<script>go()</script>", "<script> inside the page"),
        ("<style>p {}</style>", "<style> inside the page"),
        ("<p>Mượn sách</p>", "text outside of a translation: “Mượn sách”"),
        ('<img alt="Bìa sách">', "alt outside of a translation: “Bìa sách”"),
        ('<input type="submit" value="Send">', "value outside of a translation: “Send”"),
        ('<input value="{{ one.pk }}">', "a number of a row without stringformat:'d': one.pk"),
        ("{{ work.record.pk|default_if_none:'' }}", "a number of a row without stringformat:'d': work.record.pk"),
        ("{{ sample.year }}", "a number of a row without stringformat:'d': sample.year"),
        ('{% button "Lưu" %}', "an argument outside of a translation: “Lưu”"),
    ],
)
def test_it_finds_what_must_not_stand_in_a_template(source: str, problem: str) -> None:
    assert list(problems_of("\n" + source)) == [(2, problem)]


@pytest.mark.parametrize(
    "source",
    [
        '<p>{% translate "Mượn sách" %}</p>',
        "{{ one.pk|stringformat:'d' }}{{ one.public_id }}{{ one.pk|public_id }}{{ form.q.id_for_label }}",
        "{{ one.year|stringformat:'d' }}{{ form.year.as_field_group }}",
        '{% button _("Lưu") %}',
        "<p>{% blocktranslate with n=x %}Còn {{ n }} bản{% endblocktranslate %}</p>",
        '<script src="{% asset "app.js" %}"></script>',
        '<script type="application/ld+json">{"name": "x"}</script>',
        "{# Ghi chú #}{% comment %}Ghi chú{% endcomment %}",
        "<p>MARC 21, ISBN: {{ isbn }}</p><code>/api/v1/libraries</code><p>/sitemap.xml</p>",
        '{% if x == "available" %}<a href="{% url "home" %}">{{ name }}</a>{% endif %}',
        '<{% if href %}a href="{{ href }}"{% else %}button{% endif %} class="btn">{{ label }}'
        "</{% if href %}a{% else %}button{% endif %}>",
    ],
)
def test_it_lets_pass_what_is_translated_or_needs_no_translation(source: str) -> None:
    assert list(problems_of(source)) == []


def test_plain_text_mail_is_checked_too() -> None:
    assert list(problems_of("Kính gửi {{ name }}", html=False)) == [(1, "text outside of a translation: “Kính gửi”")]
    assert list(problems_of('{% translate "Kính gửi" %} {{ name }}', html=False)) == []
