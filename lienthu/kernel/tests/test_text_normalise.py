"""One form for every text: marks in any order, loose or doubled, odd blanks; other languages stay as they are."""

from itertools import permutations
from time import process_time
from unicodedata import normalize

import pymarc
import pytest

from lienthu.kernel.text import normalise
from lienthu.testing import shared_data

VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
LETTERS = [
    normalize("NFC", letter + tone) for vowel in VOWELS for letter in (vowel, vowel.upper()) for tone in TONES
] + ["đ", "Đ"]


def test_the_table_holds_every_vietnamese_letter():
    assert len(set(LETTERS)) == 146


@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_comes_out_precomposed_whatever_the_order_of_its_marks(letter):
    base, *marks = list(normalize("NFD", letter))
    for order in permutations(marks):
        for length in range(len(order) + 1):
            # The first marks may be part of a precomposed letter already.
            start = normalize("NFC", base + "".join(order[:length]))
            assert normalise(start + "".join(order[length:])) == letter


@pytest.mark.parametrize("letter", [one for one in LETTERS if len(normalize("NFD", one)) > 1])
def test_a_doubled_mark_counts_once(letter):
    base, *marks = list(normalize("NFD", letter))
    assert normalise(base + "".join(marks) + marks[0]) == letter
    assert normalise(letter + marks[-1]) == letter


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("Che\u0301\u0302 Lan Viên", "Chế Lan Viên"),
        ("Hò\u0302 Chí Minh", "Hồ Chí Minh"),
        ("Nha \u0300xuất bản", "Nhà xuất bản"),
        ("Nha \u0300 xuất bản", "Nhà xuất bản"),
        ("Xuâ \u0301t bản", "Xuất bản"),
        ("Trươ \u0300ng Sơn", "Trường Sơn"),
        ("H \u0300a Nội", "Hà Nội"),
        ("Nh\u0300a Nội", "Nhà Nội"),
        ("ti\u0302\u0301eng", "tiếng"),
        ("\u0301An Độ", "Án Độ"),
        ("Universite \u0301Lumière-Lyon 2", "Université Lumière-Lyon 2"),
        ("\u00d0ại học Quốc gia", "Đại học Quốc gia"),
        ("Th\u01b0\u031b\u0323c", "Thực"),
    ],
)
def test_damage_that_nfc_cannot_repair_is_repaired(broken, whole):
    assert normalise(broken) == whole


@pytest.mark.parametrize(
    ("odd", "plain"),
    [
        ("Hà\u00a0Nội", "Hà Nội"),
        ("Hà\u2009Nội", "Hà Nội"),
        ("漢\u3000字", "漢 字"),
        ("Hà\u200b Nội\ufeff", "Hà Nội"),
        ("thư\u00adviện", "thưviện"),
        ("Thư\tviện\r\nTỉnh", "Thư viện  Tỉnh"),
        ("a\x00b\x1fc\x7f", "ab c"),
        ("Hà\u0098The \u009cNội", "HàThe Nội"),
        ("he\u200dllo", "hello"),
        ("Hà\ud800", "Hà\ufffd"),
        ("e\u200b\u0301", "é"),
        ("\u202aabc\u202c é", "abc é"),
    ],
)
def test_odd_blanks_become_spaces_and_invisible_characters_go(odd, plain):
    assert normalise(odd) == plain


@pytest.mark.parametrize(
    "text",
    [
        "École supérieure, garçon, naïve",
        "Łódź, Dvořák, Çelebi, Åse",
        "o\u031c\u0304n khwa\u0304m",
        "l\u0303uego m\u0310",
        "Ísafjörður: Ðetta er ðað",
        "الْعَرَبِيَّة",
        "می\u200cخواهم",
        "שָׁלוֹם \u200fעולם",
        "क्षत्रिय क\u094d\u200dष",
        "Ёлка, йод, у\u0301тро",
        "漢字 かな 한국어 𠀀 \U000f0123 \ue123",
        "👩\u200d👩\u200d👧",
    ],
)
def test_text_of_other_languages_is_only_composed(text):
    assert normalise(text) == normalize("NFC", text)


def test_ascii_comes_back_as_the_same_object():
    text = "The history of the library"
    assert normalise(text) is text


@pytest.mark.parametrize(
    "hostile",
    [
        "a" + "\u0301\u0316" * 200_000,
        "\u0301\u0323" * 200_000,
        "x" * 200_000 + " \u0301" * 1_000,
        " " * 200_000 + "\u0301",
    ],
)
def test_long_runs_of_marks_take_no_quadratic_time(hostile):
    began = process_time()
    normalise(hostile)
    assert process_time() - began < 5


def test_real_records_hold_no_loose_vietnamese_mark_afterwards():
    mended = set()
    for file in sorted(shared_data("ship/marc/lc_vietnam").glob("*.mrc")):
        with file.open("rb") as source:
            for record in pymarc.MARCReader(source):
                fields = [field for field in record.get_fields() if not field.is_control_field()]
                for value in (part.value for field in fields for part in field.subfields):
                    whole = normalise(value)
                    if whole != normalize("NFC", value).replace("\u3000", " "):
                        mended.add(whole)
                    if record["008"].data[35:38] == "vie":
                        assert not any("\u0300" <= letter <= "\u036f" for letter in whole), whole
    assert mended == {
        "Lịch sử ngành cơ yếu Quân đội nhân dân Việt Nam, 1945-1975.",
        "Nguyễn, Ngọc Ngạn.",
        "Châu Đốc.",
    }
