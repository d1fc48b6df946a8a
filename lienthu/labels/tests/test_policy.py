"""Rules of printing as tables of cases."""

import pytest

from lienthu.kernel.bars import bars, is_too_narrow, length
from lienthu.labels.policy import LONGEST_RANGE, SHEETS, TooMany, numbers_meant, shortened, spine_lines


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("TQ.0001", ["TQ.0001"]),
        ("TQ.0001\nTQ.0003, TQ.0002; TQ.0001", ["TQ.0001", "TQ.0003", "TQ.0002"]),
        ("TQ.0098-TQ.0101", ["TQ.0098", "TQ.0099", "TQ.0100", "TQ.0101"]),
        ("TQ.0098 - 0100", ["TQ.0098", "TQ.0099", "TQ.0100"]),
        ("TQ.0098 đến TQ.0099", ["TQ.0098", "TQ.0099"]),
        # a hyphen inside one number
        ("VV-0012", ["VV-0012"]),
        ("TQ.0002-TQ.0001", ["TQ.0002-TQ.0001"]),
        ("TQ.0001-HG.0003", ["TQ.0001-HG.0003"]),
        ("12-13", ["12", "13"]),
        ("  \n,;", []),
    ],
)
def test_a_list_of_numbers_means_what_a_librarian_means(text, meant):
    assert numbers_meant(text) == meant


def test_an_endless_range_is_refused():
    with pytest.raises(TooMany):
        numbers_meant(f"TQ.1-TQ.{LONGEST_RANGE + 1}")
    with pytest.raises(TooMany):
        numbers_meant("\n".join(f"TQ.{start}0000-TQ.{start}1500" for start in (1, 2)))


@pytest.mark.parametrize(
    ("call_number", "lines"),
    [
        ("895.9221 NG527D", ["895.9221", "NG527D"]),
        ("959.70409252 H419CH T.2", ["959.704", "09252", "H419CH", "T.2"]),
        ("387.162 / Đ107GI", ["387.162", "Đ107GI"]),
        ("", []),
        ("1 2 3 4 5 6 7", ["1", "2", "3", "4", "5 6 7"]),
    ],
)
def test_a_call_number_stands_on_a_spine_in_lines(call_number, lines):
    assert spine_lines(call_number) == lines


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: f"{sheet.kind}-{sheet.code}")
def test_every_sheet_lies_on_its_page(sheet):
    assert sheet.fits


def test_bars_are_those_of_code_128():
    found = bars("TQ.0001")
    assert found is not None
    # start, six symbols (TQ. then 00 01 in pairs after a switch), check, stop: 11 modules each, 13 for the stop
    assert (length(found) - 20 - 13) % 11 == 0
    assert found[0] == [10, 2]
    assert not is_too_narrow(found, 50.0) and is_too_narrow(found, 20.0)


@pytest.mark.parametrize("text", ["ĐK.0001", "", "A" * 41, "A\n1"])
def test_what_code_128_cannot_carry_is_said(text):
    assert bars(text) is None


def test_a_long_title_is_cut_at_a_blank():
    assert shortened("Truyện Kiều : đoạn trường tân thanh", 16) == "Truyện Kiều…"
    assert shortened("Truyện Kiều", 20) == "Truyện Kiều"
