"""The rules of Vietnamese syllables, and undone keystrokes."""

import gzip
import re
from unicodedata import normalize

import pytest

from lienthu.kernel.text import (
    is_vietnamese_syllable,
    place_tone,
    telex_to_vietnamese,
    vietnamese_score,
    vni_to_vietnamese,
)
from lienthu.kernel.text.phonology import SYLLABLES, TONED
from lienthu.testing import shared_data


@pytest.mark.parametrize(
    "word",
    [
        "nghiêng",
        "khuỷu",
        "khuya",
        "quyển",
        "quốc",
        "giếng",
        "gì",
        "gìn",
        "già",
        "yêu",
        "uống",
        "ươm",
        "thuở",
        "hoà",
        "hòa",
        "Thuỷ",
        "THỦY",
        "Đắc",
        "xoong",
        "ngoằn",
        "quý",
        "quít",
        "ỉa",
        "y",
        "ý",
    ],
)
def test_syllables_are_recognised(word):
    assert is_vietnamese_syllable(word)


@pytest.mark.parametrize(
    "word",
    [
        "",
        "viet",
        "hat",
        "book",
        "the1",
        "ngê",
        "kà",
        "cê",
        "gê",
        "Krông",
        "hoàà",
        "tháng1",
        "jazz",
        "z",
        "mác-xít",
        "á" * 9,
        "tòan",
    ],
)
def test_other_words_are_not(word):
    assert not is_vietnamese_syllable(word)


def test_tone_places():
    pairs = [
        ("hòa", "hoà"),
        ("thủy", "thuỷ"),
        ("cuả", "của"),
        ("tiéng", "tiéng"),
        ("tíêng", "tiếng"),
        ("khuỳên", "khuyền"),
    ]
    assert [(word, place_tone(word)) for word, _ in pairs] == pairs


def test_the_words_of_a_dictionary_are_syllables():
    with gzip.open(shared_data("dev/lang/Viet74K.txt.gz"), "rt", encoding="utf-8") as source:
        words = [word for line in source if "-" not in line and len(line.split()) > 1 for word in line.split()]
    letters = [word for word in words if re.fullmatch(r"[^\W\d_]+", word)]
    assert len(letters) > 150_000
    assert sum(map(is_vietnamese_syllable, letters)) / len(letters) > 0.997


def test_the_score_tells_vietnamese_from_other_text():
    poem = shared_data("ship/texts/poem.txt").read_text("utf-8")
    assert vietnamese_score(poem) == 1.0
    assert vietnamese_score(normalize("NFD", "Thư viện tỉnh Tuyên Quang, 2025")) == 1.0
    assert vietnamese_score("th­ viÖn t×m hiÓu s¸ch b¸o") < 0.3
    assert vietnamese_score("The history of the library movement in south-east Asia") < 0.4
    assert vietnamese_score("1945 – 1975") == 0.0


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("truyeenj kieeuf", "truyện kiều"),
        ("truyenej kieuef", "truyện kiều"),
        ("Truyeenj Kieeuf, 1820", "Truyện Kiều, 1820"),
        ("DDAIJ HOCJ", "ĐẠI HỌC"),
        ("dduwowcj", "được"),
        ("dduowcj", "được"),
        ("huwowu", "hươu"),
        ("thuowr", "thuở"),
        ("cuwar", "cửa"),
        ("hoawcj", "hoặc"),
        ("tw", "tư"),
        ("Kim Van Kieeuf", "Kim Van Kiều"),
    ],
)
def test_telex_is_undone(typed, read):
    assert telex_to_vietnamese(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("truye6n5 kie6u2", "truyện kiều"),
        ("truyen65 kieu62", "truyện kiều"),
        ("d9u7o7c5", "được"),
        ("duoc795", "được"),
        ("Nguye6n4 Du", "Nguyễn Du"),
        ("ha8ng hai3", "hăng hải"),
    ],
)
def test_vni_is_undone(typed, read):
    assert vni_to_vietnamese(typed) == read


@pytest.mark.parametrize(
    "text", ["hello world", "jazz", "Q1", "TCVN 11645:2016", "truyện kiều", "", "12", "kim ngan", "truyeenj kieeuf zz"]
)
def test_what_is_no_keystroke_comes_back_as_it_was(text):
    assert telex_to_vietnamese(text) == text
    assert vni_to_vietnamese(text) == text


# A word typed in the order of an input method: letter, its mark, then the tone at the end of the syllable.
TELEX = {"ă": "aw", "â": "aa", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw", "đ": "dd"}
VNI = {"ă": "a8", "â": "a6", "ê": "e6", "ô": "o6", "ơ": "o7", "ư": "u7", "đ": "d9"}


def test_every_syllable_can_be_typed_and_read_back():
    for toneless, (place, _, stopped) in SYLLABLES.items():
        for tone in (4, 5) if stopped else (1, 2, 3, 4, 5):
            word = toneless[:place] + TONED[toneless[place], tone] + toneless[place + 1 :]
            # Telex writes "oo" for ô, so "xoong" cannot be told from "xông".
            if "oo" not in toneless:
                assert telex_to_vietnamese("".join(TELEX.get(one, one) for one in toneless) + "frxsj"[tone - 1]) == word
            assert vni_to_vietnamese("".join(VNI.get(one, one) for one in toneless) + "23415"[tone - 1]) == word
