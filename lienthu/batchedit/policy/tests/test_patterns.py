"""Finding and replacing text: marks, wildcards, words, and patterns made to take for ever."""

import time
import unicodedata

import pytest

from lienthu.batchedit.policy.patterns import Text, found, occurs, replaced


@pytest.mark.parametrize(
    ("pattern", "value", "new", "expected"),
    [
        (Text("tr."), "226 tr. ; 21 cm", "trang", "226 trang ; 21 cm"),
        (Text("TR."), "226 tr.", "trang", None),
        (Text("TR.", mode="case"), "226 tr.", "trang", "226 trang"),
        (Text("nguyen du", mode="marks"), "Thơ Nguyễn Du", "N.D.", "Thơ N.D."),
        (Text("hoà bình", mode="exact"), "Hoà bình, hoà bình", "x", "Hoà bình, x"),
        (Text("đất", mode="marks"), "dat ĐẤT Đạt", "*", "* * *"),
        (Text("an", part="word"), "an ninh, man", "A", "A ninh, man"),
        (Text("Thơ", part="whole"), "Thơ Việt", "x", None),
        (Text("Thơ", part="whole"), "Thơ", "x", "x"),
        (Text("# tr.", wild=True), "226 tr., 5 tr.", "{1} trang", "226 trang, 5 trang"),
        (Text("* ; * cm", wild=True, part="whole"), "226 tr. ; 21 cm", "{2} cm, {1}", "21 cm, 226 tr."),
        (Text("Nxb?*", wild=True), "H. : Nxb. Văn học", "{2}", "H. :  Văn học"),
        (Text("#", wild=True, part="whole"), "12a", "x", None),
        (Text("tr#", wild=True), "tr", "x", None),
        (Text("*#", wild=True, part="whole"), "tập 12", "{2}", "12"),
        (Text("{1}"), "a {1} b", "{2}", "a {2} b"),
        (Text("a?", wild=True), "a{2}", "{1}", "{2}"),
        (Text("."), "a.b.", "", "ab"),
    ],
)
def test_what_a_pattern_finds_and_what_stands_there_afterwards(pattern, value, new, expected):
    assert replaced(pattern, value, new) == expected


def test_decomposed_text_is_found_by_composed_and_untouched_values_stay_as_they_are():
    decomposed = unicodedata.normalize("NFD", "Nguyễn Du")
    assert occurs(Text("Nguyễn"), decomposed)
    assert replaced(Text("Nguyễn"), decomposed, "N.") == "N. Du"
    assert replaced(Text("Tố"), decomposed, "x") is None


def test_places_are_those_of_the_text_as_it_is_written():
    (match,) = found(Text("duong", mode="marks"), "Đường làng")
    assert (match.start, match.end) == (0, 5)


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        (Text("*a*a*a*a*a*a*a*b", wild=True, part="whole"), "a" * 9_999),
        (Text("#1#1#1#x", wild=True), "1" * 9_999),
        (Text("*#", wild=True, part="whole"), "1" * 9_998 + "x"),
        (Text("a" * 100 + "*" + "a" * 99 + "b", wild=True), "a" * 9_999),
        (Text("?#?#x", wild=True, part="word"), "12" * 4_999),
        (Text("a", part="word"), "a" * 9_999),
    ],
)
def test_a_hostile_pattern_ends_within_a_second(pattern, value):
    started = time.process_time()
    found(pattern, value)
    occurs(pattern, value)
    assert time.process_time() - started < 1
