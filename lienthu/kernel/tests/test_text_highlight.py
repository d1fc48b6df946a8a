"""Highlighting and snippets: which words of a text the search terms hit."""

from unicodedata import normalize

import pytest

from lienthu.kernel.text import highlight, normalise, snippet

TITLE = "Truyện Kiều và nghệ thuật kể chuyện"


def hits(text, terms):
    return [segment for segment, is_hit in highlight(text, terms) if is_hit]


@pytest.mark.parametrize(
    ("terms", "found"),
    [
        (["truyen kieu"], ["Truyện Kiều"]),
        (["truyen", "kieu"], ["Truyện Kiều"]),
        (["kiều"], ["Kiều"]),
        (["KIỀU"], ["Kiều"]),
        (["kiều truyện"], []),
        (["kie"], []),
        (["kie*"], ["Kiều"]),
        (["nghệ thu*"], ["nghệ thuật"]),
        (["truyen", "thuat", "nghe"], ["Truyện", "nghệ thuật"]),
        (["*", "", "--"], []),
        ([], []),
    ],
)
def test_whole_words_and_phrases_are_hit(terms, found):
    assert hits(TITLE, terms) == found


def test_a_marked_term_hits_its_own_spelling_before_others():
    assert hits("Kiều, Kiêu, Kieu", ["kiều"]) == ["Kiều"]
    assert hits("Kiêu, Kieu", ["kiều"]) == ["Kiêu"]
    assert hits("Kieu", ["kiều"]) == ["Kieu"]
    assert hits("Kiều, Kiêu, Kieu", ["kieu"]) == ["Kiều", "Kiêu", "Kieu"]


def test_spellings_of_one_syllable_hit_each_other():
    assert hits("Hòa bình, quí vị, lý luận", ["hoà", "quý", "lí"]) == ["Hòa", "quí", "lý"]


def test_the_beginning_of_a_word_is_taken_as_typed():
    assert hits("Lyon, lý thuyết, linh", ["ly*"]) == ["Lyon", "lý"]
    assert hits("quick, quý, quang", ["qui*"]) == ["quick", "quý"]


def test_decomposed_text_is_marked_at_the_right_places():
    assert highlight(normalize("NFD", "Kể chuyện Kiều."), ["chuyen"]) == [
        ("Kể ", False),
        ("chuyện", True),
        (" Kiều.", False),
    ]


def test_ideographs_are_hit_one_by_one():
    assert hits("金雲翹新傳", ["雲翹"]) == ["雲翹"]


def test_a_snippet_shows_the_densest_place_between_whole_words():
    text = "mở đầu " * 40 + "Truyện Kiều của Nguyễn Du " + "kết thúc " * 40
    found = snippet(text, ["kieu", "nguyen du"], 80)
    assert found[0] == ("…", False)
    assert found[-1] == ("…", False)
    assert [segment for segment, is_hit in found if is_hit] == ["Kiều", "Nguyễn Du"]
    shown = "".join(segment for segment, _ in found[1:-1])
    assert shown in normalise(text)
    assert len(shown) <= 80
    assert set(shown.split()) <= set(text.split())


def test_a_snippet_without_a_hit_is_the_beginning_and_a_short_text_is_whole():
    assert snippet("một hai ba bốn năm", ["x"], 10) == [("một hai ba", False), ("…", False)]
    assert snippet("một hai", ["hai"], 10) == [("một ", False), ("hai", True)]
    assert snippet("", ["hai"], 10) == []
    assert snippet("a" * 50, ["x"], 10) == [("a" * 10, False), ("…", False)]
