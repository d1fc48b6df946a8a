"""Search keys of three tiers: the same tokens, ever fewer marks."""

import csv
import json

import pytest

from lienthu.kernel.text import exact_key, folded_key, keys, tokens, toneless_key
from lienthu.testing import shared_data


def test_the_three_tiers_of_one_title():
    title = "Truyện Kiều: Đoạn trường tân thanh"
    assert exact_key(title) == "truyện kiều đoạn trường tân thanh"
    assert toneless_key(title) == "truyên kiêu đoan trương tân thanh"
    assert folded_key(title) == "truyen kieu doan truong tan thanh"
    assert keys(title) == (exact_key(title), toneless_key(title), folded_key(title))


@pytest.mark.parametrize(
    "spellings",
    [
        ("hoà", "hòa", "HOÀ", "Hòa"),
        ("thuỷ", "thủy"),
        ("khoẻ", "khỏe"),
        ("hoạ", "họa"),
        ("quý", "quí", "qúy", "qúi"),
        ("quỳnh", "quình"),
        ("quýt", "quít"),
        ("lý", "lí"),
        ("kỹ", "kĩ"),
        ("mỹ", "mĩ"),
        ("sỹ", "sĩ"),
        ("tỷ", "tỉ"),
        ("hy", "hi"),
        ("của", "cuả"),
        ("hoàng", "hòang"),
        ("thoải", "thỏai"),
        ("vừa", "vưà"),
        ("già", "gìa"),
        ("quả", "qủa"),
        ("đinh", "Ðinh", "Ɖinh"),
    ],
)
def test_spellings_of_one_syllable_share_all_keys(spellings):
    assert len({exact_key(one) for one in spellings}) == 1
    assert len({toneless_key(one) for one in spellings}) == 1
    assert len({folded_key(one) for one in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà", "hoá"),
        ("ma", "mà"),
        ("tuy", "tui"),
        ("vy", "vi"),
        ("thy", "thi"),
        ("ý", "í"),
        ("tay", "tai"),
        ("du", "đu"),
    ],
)
def test_different_syllables_keep_different_exact_keys(one, other):
    assert exact_key(one) != exact_key(other)


def test_only_the_folded_tier_turns_d_with_stroke_into_d():
    assert (exact_key("Đỗ"), toneless_key("Đỗ"), folded_key("Đỗ")) == ("đỗ", "đô", "do")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Łódź Straße Øre Ærø œuvre Þór Ðe", "lodz strasse ore aero oeuvre thor de"),
        ("Ελλάδα ΟΔΟΣ", "ελλαδα οδοσ"),
        ("Ёлка Йод", "елка йод"),
        ("הָעוֹלָם", "העולם"),
        ("العَرَبِيَّة", "العربية"),
        ("हिन्दी", "हिन्दी"),
        ("ＡＢＣ ﬁn m²", "abc fin m2"),
        ("Farruk̲h̲, ʻUẓmʹa", "farrukh uzma"),
        ("İstanbul Iğdır", "istanbul igdir"),
    ],
)
def test_the_folded_tier_of_other_languages(text, key):
    assert folded_key(text) == key


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("C++ và C#, F#", ["C++", "và", "C#", "F#"]),
        ("ABC++ #1", ["ABC", "1"]),
        ("TCVN 11645:2016", ["TCVN", "11645", "2016"]),
        ("Q.1", ["Q", "1"]),
        ("978-604-56-1234-5", ["978", "604", "56", "1234", "5"]),
        ("l’Annam d'Indochine", ["l", "Annam", "d", "Indochine"]),
        ("truyện_kiều", ["truyện", "kiều"]),
        ("斷腸新聲", ["斷", "腸", "新", "聲"]),
        ("𡨸喃 \U000f0123\ue123", ["𡨸", "喃", "\U000f0123", "\ue123"]),
        ("こんカー", ["こ", "ん", "カ", "ー"]),
        ("한국어 책", ["한국어", "책"]),
        ("thế kỷ XX – 1945", ["thế", "kỷ", "XX", "1945"]),
        ("", []),
        (" -- / : ", []),
    ],
)
def test_where_a_text_is_cut(text, cut):
    assert [token.text for token in tokens(text)] == cut
    assert len(exact_key(text).split()) == len(cut)


def test_places_refer_to_the_normalised_text():
    found = tokens("Nha ̀xuất bản")
    assert [(token.start, token.end, token.text) for token in found] == [(0, 3, "Nhà"), (4, 8, "xuất"), (9, 12, "bản")]


def test_damaged_records_are_found_by_their_right_name():
    assert exact_key("Ché̂ Lan Viên") == exact_key("Chế Lan Viên")
    assert exact_key("Hò̂, Chí Minh,") == exact_key("HỒ CHÍ MINH")


def test_the_communes_that_two_sources_spell_differently_have_one_key():
    file = shared_data("ship/admin_units/derived_tuyenquang_new_units_latlon_area.csv")
    with file.open(encoding="utf-8", newline="") as source:
        ours = {int(row["wardCode"]): row["ward"] for row in csv.DictReader(source)}
    provinces = json.loads(shared_data("dev/admin_units/vietnam_provinces_nested-divisions.json").read_text("utf-8"))
    theirs = next({ward["code"]: ward["name"] for ward in one["wards"]} for one in provinces if one["code"] == 8)

    differing = [code for code in ours if ours[code] != theirs[code]]

    assert len(ours) == 124
    assert len(differing) == 6
    assert all(exact_key(ours[code]) == exact_key(theirs[code]) for code in differing)
    assert len({exact_key(name) for name in ours.values()}) == 124
