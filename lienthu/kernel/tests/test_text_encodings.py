"""The old encodings: tables over all letters, against other programs, and detection on real text."""

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthu.catalogue.marc import RawRecord, open_records
from lienthu.kernel.text import is_vietnamese_syllable, normalise
from lienthu.kernel.text.encodings import (
    ALL_LETTERS,
    AS_IS,
    CHOICES,
    ENCODINGS,
    UnknownEncoding,
    best_of,
    converted,
    decode,
    detect,
    detect_in,
    encode,
    falsified,
    mended,
    undoubled,
    with_capitals,
)
from lienthu.testing import shared_data

PAGES = ("latin-1", "cp1252", "cp1258")
WHOLE = ("tcvn", "vni", "viscii", "cp1258", "bkhcm2", "viqr")
"""Encodings with all 134 letters; the two fonts of TCVN3 share them."""
IN_FILES = ("tcvn3", "vni", "viscii", "cp1258", "bkhcm2")
LC_VIETNAM = Path(__file__).resolve().parents[2] / "operations" / "demo" / "data" / "lc_vietnam"


def test_there_are_134_letters() -> None:
    assert len(ALL_LETTERS) == len(set(ALL_LETTERS)) == 134
    assert all(len(letter) == 1 and normalize("NFC", letter) == letter for letter in ALL_LETTERS)


@pytest.mark.parametrize("encoding", WHOLE)
def test_every_letter_survives_its_bytes_and_its_false_unicode(encoding: str) -> None:
    for letter in ALL_LETTERS:
        assert decode(encode(letter, encoding), encoding) == letter
        for page in PAGES:
            assert mended(falsified(letter, encoding, page=page), encoding) == letter


def test_tcvn3_keeps_small_letters_and_the_font_of_capitals_the_large_ones() -> None:
    for letter in ALL_LETTERS:
        small, large = letter.lower(), letter.upper()
        assert decode(encode(small, "tcvn3"), "tcvn3") == small
        assert decode(encode(large, "tcvn3h"), "tcvn3h") == large
        for page in PAGES:
            assert mended(falsified(small, "tcvn3", page=page), "tcvn3") == small
            assert mended(falsified(large, "tcvn3h", page=page), "tcvn3h") == large
    for letter in "ĂÂÊÔƠƯĐ":
        assert decode(encode(letter, "tcvn3"), "tcvn3") == letter


@pytest.mark.parametrize("encoding", WHOLE)
def test_no_two_letters_share_bytes(encoding: str) -> None:
    assert len({encode(letter, encoding) for letter in ALL_LETTERS}) == 134


@pytest.mark.parametrize(("encoding", "theirs"), [("tcvn", "TCVN"), ("viscii", "VISCII"), ("cp1258", "CP1258")])
def test_iconv_reads_the_same_letters(encoding: str, theirs: str) -> None:
    if not shutil.which("iconv"):
        pytest.skip("iconv not here")
    text = "\n".join(ALL_LETTERS) + "\n"
    # Two bytes of VISCII and TCVN are control characters that iconv reads as letters as well.
    answer = subprocess.run(
        ["iconv", "-f", theirs, "-t", "UTF-8"], input=encode(text, encoding), capture_output=True, check=True
    )
    assert normalize("NFC", answer.stdout.decode()) == text


def test_uconv_and_python_read_our_1258() -> None:
    data = encode("".join(ALL_LETTERS), "cp1258")
    assert normalize("NFC", data.decode("cp1258")) == "".join(ALL_LETTERS)
    if shutil.which("uconv"):
        answer = subprocess.run(
            ["uconv", "-f", "windows-1258", "-t", "utf-8"], input=data, capture_output=True, check=True
        )
        assert normalize("NFC", answer.stdout.decode()) == "".join(ALL_LETTERS)


def test_letters_that_1258_has_whole_are_read_too() -> None:
    assert decode(b"\xe0\xe9\xea\xf4", "cp1258") == "àéêô"


@pytest.mark.parametrize(
    ("stored", "encoding", "meant"),
    [
        ("th\xad viÖn", "tcvn3", "thư viện"),
        ("t×m hiÓu", "tcvn3", "tìm hiểu"),
        ("Xin chaøo", "vni", "Xin chào"),
        ("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "vni", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        ("Céng hßa x· héi chñ nghÜa ViÖt Nam", "tcvn3", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        ("Vie^.t Nam dda^'t nu+o+'c", "viqr", "Việt Nam đất nước"),
        ("Nguyá»…n Du, Truyá»‡n Kiá»u", "double-utf8", "Nguyễn Du, Truyện Kiều"),
        ("TRUYÖN KIÒU CñA NGUYÔN DU", "tcvn3", "TRUYỆN KIỀU CỦA NGUYỄN DU"),
        ("n-íc ViÖt Nam", "tcvn3", "nước Việt Nam"),
    ],
)
def test_examples_from_the_field_are_found_and_read(stored: str, encoding: str, meant: str) -> None:
    best = detect(stored)[0]
    assert (best.encoding, normalise(best.sample)) == (encoding, meant)
    assert best.score > 0.5


def test_bytes_are_judged_as_text_is() -> None:
    assert detect(encode("Lịch sử tỉnh Tuyên Quang", "tcvn3"))[0][::2] == ("tcvn3", "Lịch sử tỉnh Tuyên Quang")
    assert detect("Lịch sử tỉnh Tuyên Quang".encode())[0].encoding == AS_IS
    assert detect("Les misérables et la fée".encode("cp1252"))[0].encoding == AS_IS


@pytest.mark.parametrize(
    "text",
    [
        "Truyện Kiều", "Hà Nội", "Hòa bình", "Và còn là cô bé", "HÒA BÌNH VÀ HÀ THÀNH", "Đà Lạt", "Le thé né à São",
        "Les misérables et l'été à la forêt, où naît l'âme", "Für Elise über Götter", "Niño, mañana, España, nº 1ª Mª",
        "Seán Ó Faoláin", "Lü shi chun qiu", "红楼梦 第三卷 ©2014", "Příliš žluťoučký kůň", "«Война и мир»",
        "© 2015 Müller® §12 ¶ · × ÷", "[A]⁴ B⁴ C²", "C++ and d.d. (e.g. o+u^2) who's?", "Nguyễn Văn A – Ph.D.",
        "Chế Lan Viên", "", " ", "\xad", "naïve café",
    ],
)  # fmt: skip
def test_right_text_is_never_converted(text: str) -> None:
    assert detect(text)[0].encoding == AS_IS
    assert detect(normalize("NFD", text))[0].encoding == AS_IS
    assert best_of([text, text.upper()]) == AS_IS


def test_foreign_words_inside_an_old_text_stay() -> None:
    value = falsified("Dịch từ tiếng Pháp: ", "tcvn3") + "Les Misérables, naïveté"
    assert best_of([value]) == "tcvn3"
    assert converted(value, "tcvn3") == "Dịch từ tiếng Pháp: Les Misérables, naïveté"


def test_unicode_fields_of_a_mixed_record_stay() -> None:
    values = ["Lịch sử Việt Nam", falsified("Nguyễn Khắc Thuần", "tcvn3"), falsified("Nhà xuất bản Giáo dục", "tcvn3")]
    assert best_of(values) == "tcvn3"
    assert [converted(value, "tcvn3") for value in values] == [
        "Lịch sử Việt Nam", "Nguyễn Khắc Thuần", "Nhà xuất bản Giáo dục",
    ]  # fmt: skip


def test_capitals_follow_their_neighbours() -> None:
    assert with_capitals("TRUYệN KIềU, Tô Hoài, ở VIệT NAM") == "TRUYỆN KIỀU, Tô Hoài, ở VIỆT NAM"
    assert with_capitals("HọC ở ĐạI HọC") == "HỌC Ở ĐẠI HỌC"


def test_text_doubled_twice_comes_back_and_lost_blanks_are_filled() -> None:
    assert undoubled("Nguyễn".encode().decode("latin-1").encode().decode("latin-1")) == "Nguyễn"
    assert undoubled("lÃ m quen vá»›i") == "làm quen với"
    assert undoubled("Đoàn Lê đọc Truyện Kiều".encode().decode("cp1252", "ignore")) == "Đoàn Lê đọc Truyện Kiều"
    assert undoubled("Misérables") is None


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(UnknownEncoding):
        encode("a", "klingon")
    with pytest.raises(UnknownEncoding):
        decode(b"a", "none")


@given(st.text(max_size=200))
def test_any_text_gives_guesses(text: str) -> None:
    guesses = detect(text)
    assert {guess.encoding for guess in guesses} <= set(CHOICES) and AS_IS in {guess.encoding for guess in guesses}
    assert sum(guess.score for guess in guesses) == pytest.approx(1)
    for choice in CHOICES:
        converted(text, choice)


@given(st.binary(max_size=300))
def test_any_bytes_have_a_reading_in_every_encoding(data: bytes) -> None:
    detect(data)
    for encoding in ENCODINGS:
        assert isinstance(decode(data, encoding), str)


@given(st.text(alphabet="abcdeghiklmnopqrstuvxy .,:ABCDEG" + "".join(ALL_LETTERS), max_size=80))
@pytest.mark.parametrize("encoding", WHOLE)
def test_any_vietnamese_text_survives(encoding: str, text: str) -> None:
    assert decode(encode(text, encoding), encoding) == text


# --- Detection, measured ------------------------------------------------------------

_WORD = re.compile(r"[^\W\d_]+")


def _is_vietnamese(text: str) -> bool:
    words = _WORD.findall(text)
    return (
        len(words) >= 3
        and not text.isascii()
        and sum(map(is_vietnamese_syllable, words)) >= 0.7 * len(words)
        and all(letter < "\x80" or letter in ALL_LETTERS for letter in text)
    )


@cache
def lc_records() -> list[list[str]]:
    """The Vietnamese values of each record of the Library of Congress that has some."""
    found = []
    for path in sorted(LC_VIETNAM.glob("*.mrc")):
        with path.open("rb") as file:
            for item in open_records(file):
                if isinstance(item, RawRecord):
                    values = [value for field in item.record.fields for _, value in field.subfields]
                    kept = [value for value in values if _is_vietnamese(value)]
                    if len(kept) > 1:
                        found.append(kept)
    return found


@cache
def verses() -> list[str]:
    text = normalise((shared_data("ship/texts") / "poem.txt").read_text().replace("\n", "|"))
    return [line.strip() for line in text.split("|") if _is_vietnamese(line)]


def _same(found: str, meant: str, encoding: str) -> bool:
    """ABC cannot tell a capital with a tone from a small letter."""
    found = normalise(found)
    return found.lower() == meant.lower() if encoding == "tcvn3" else found == meant


@pytest.mark.parametrize("encoding", IN_FILES)
def test_values_of_whole_records_come_back(encoding: str) -> None:
    right = all_of_them = 0
    for page in PAGES:
        for values in lc_records():
            stored = [falsified(value, encoding, page=page) for value in values]
            found = best_of(stored)
            for value, there in zip(values, stored, strict=True):
                all_of_them += 1
                right += _same(converted(there, found), value, encoding)
    assert all_of_them > 500
    assert right >= 0.98 * all_of_them, (right, all_of_them)


@pytest.mark.parametrize("encoding", IN_FILES)
def test_single_verses_come_back_alone_and_in_a_file_known_to_be_in_it(encoding: str) -> None:
    alone = known = 0
    lines = verses()[::3]
    for line in lines:
        stored = falsified(line, encoding)
        alone += _same(converted(stored, best_of([stored])), line, encoding)
        known += _same(converted(stored, best_of([stored], expected=encoding)), line, encoding)
    assert known >= 0.995 * len(lines), (known, len(lines))
    assert alone >= (0.995 if encoding in ("tcvn3", "vni", "cp1258") else 0.95) * len(lines), (alone, len(lines))


def test_clean_vietnamese_is_left_alone_in_both_cases() -> None:
    for line in verses():
        assert best_of([line]) == best_of([line.upper()]) == AS_IS
    for values in lc_records():
        assert best_of(values) == AS_IS


def test_scores_are_ranked() -> None:
    guesses = detect_in([falsified("Nguyễn Khắc Viện", "vni"), falsified("Lịch sử Việt Nam", "vni")])
    scores = [guess.score for guess in guesses]
    assert guesses[0].encoding == "vni" and scores == sorted(scores, reverse=True)
