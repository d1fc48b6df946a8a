import pytest
from django.utils.html import format_html, mark_safe
from django.utils.translation import gettext_lazy

from lienthu.web.markup import fill


@pytest.mark.parametrize(
    "value",
    ["Kiều", '<b title="\'">&amp;', mark_safe("<b>&amp;</b>"), gettext_lazy("Tìm"), 7, None, "%s {} 9%"],
)
def test_values_are_escaped_as_format_html_escapes_them(value):
    assert fill("<p>%s</p>", value) == format_html("<p>{}</p>", value)
    assert fill("%s", fill("<p>%s</p>", value)) == format_html("<p>{}</p>", value)


def test_the_number_of_values_must_fit():
    with pytest.raises(TypeError):
        fill("<p>%s %s</p>", "one")
