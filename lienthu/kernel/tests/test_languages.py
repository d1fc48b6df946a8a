from django.utils import translation
from django.utils.translation import gettext

from lienthu.kernel.languages import per_language


def test_what_is_said_is_made_once_for_each_language_and_argument():
    made = []

    @per_language
    def said(count: int) -> str:
        made.append(count)
        return f"{gettext('Tìm')} {count}"

    for _ in range(3):
        with translation.override("vi"):
            assert (said(1), said(2)) == ("Tìm 1", "Tìm 2")
        with translation.override("en"):
            assert said(1) == "Search 1"
    assert made == [1, 2, 1]
