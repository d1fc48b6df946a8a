"""Syllables written as they are pronounced somewhere."""

import pytest

from lienthu.kernel.text import sound_alikes


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("chuyen", "truyen"), ("xau", "sau"), ("zu", "du"), ("ra", "gia"), ("vui", "dui"), ("lam", "nam"),
        ("nghe", "nge"), ("fo", "pho"), ("kan", "cang"), ("bac", "bat"), ("thich", "thit"), ("ly", "li"),
        ("wang", "quan"), ("huou", "huu"), ("riu", "dieu"),
    ],
)  # fmt: skip
def test_what_sounds_alike_is_found_both_ways(written: str, meant: str) -> None:
    assert meant in sound_alikes(written)
    assert written in sound_alikes(meant)


def test_a_syllable_is_not_its_own_neighbour_and_others_stay_away() -> None:
    assert "truyen" not in sound_alikes("truyen")
    assert "thuyen" not in sound_alikes("chuyen")
    assert sound_alikes("") == frozenset()
    assert all(len(sound_alikes(one)) < 40 for one in ("ngh", "gi", "qu", "x" * 15, "nghieng", "yy"))
