"""Copies by profile, and the notes a cataloguer gets."""

import re

from lienthu.catalogue.marc.items import KOHA952, LIBOL852, LIENTHU852, NONE, PROFILES, Copy
from lienthu.catalogue.marc.problems import SENTENCES
from lienthu.catalogue.marc.record import Record, control, data
from lienthu.catalogue.marc.validation import validate


def record(*fields):
    return Record("00000nam a2200000 i 4500", list(fields))


GOOD = (
    control("001", "1"),
    control("008", "250101s2005    vm            000 0 vie d"),
    data("245", "10", ("a", "Truyện Kiều")),
)


def test_koha_copies_are_read_from_952():
    copies = KOHA952.copies(
        record(
            data("952", "  ", ("0", "0"), ("1", "0"), ("a", "TQ"), ("b", "TQ1"), ("c", "KM"), ("o", "895.922 TR527K"),
                 ("p", "VV.00123"), ("g", "45000"), ("t", "1")),
            data("952", "  ", ("1", "1"), ("a", "TQ"), ("p", "VV.00124")),
            data("952", "  ", ("y", "BK")),
        )
    )  # fmt: skip
    assert copies == [
        Copy(
            accession_number="VV.00123", call_number="895.922 TR527K", library="TQ", branch="TQ1", shelf="KM",
            copy_number="1", price="45000",
        ),
        Copy(accession_number="VV.00124", library="TQ", status="LOST"),
    ]  # fmt: skip


def test_the_own_profile_reads_852():
    field = data(
        "852", "  ", ("a", "TQ"), ("b", "Kho mượn"), ("h", "895.922"), ("i", "TR527K"), ("p", "VV1"), ("t", "2")
    )
    assert LIENTHU852.copies(record(field)) == [
        Copy(accession_number="VV1", call_number="895.922 TR527K", library="TQ", branch="Kho mượn", copy_number="2")
    ]


def test_libol_keeps_the_accession_number_in_j():
    field = data("852", "  ", ("a", "HKVN"), ("b", "Kho_Muon"), ("j", "HK000001"))
    assert LIBOL852.copies(record(field)) == [Copy(accession_number="HK000001", library="HKVN", shelf="Kho_Muon")]


def test_without_a_profile_no_copies_are_read():
    assert NONE.copies(record(data("852", "  ", ("p", "VV1")))) == []
    assert set(PROFILES) == {"koha952", "lienthu852", "libol852", "libol928", "evergreen852", "none"}


def test_a_good_record_gives_no_notes():
    assert validate(record(*GOOD), this_year=2026) == []


def test_every_fault_is_noted_once():
    found = validate(
        record(
            control("008", "250101s2095    vm"),
            data("020", "  ", ("a", "9786041000019")),
            data("022", "  ", ("a", "0378-5954")),
            data("041", "  ", ("a", "Vie")),
            data("24x", "  ", ("a", "x")),
            data("245", "\x0110"[:2], ("b", " ")),
            data("245", "10", ("á", "x")),
            data("852", "  ", ("p", "VV1")),
            data("852", "  ", ("p", "VV1")),
        ),
        items=LIENTHU852,
        this_year=2026,
    )
    assert [one.code for one in found] == [
        "title_missing",
        "control_number_missing",
        "fixed_field_length",
        "tag_invalid",
        "indicator_invalid",
        "subfield_code_invalid",
        "field_not_repeatable",
        "isbn_invalid",
        "issn_invalid",
        "language_unknown",
        "year_implausible",
        "accession_number_repeated",
    ]
    assert found[7].message == "ISBN “9786041000019” không hợp lệ."


def test_every_sentence_can_be_filled():
    for sentence in SENTENCES.values():
        params = dict.fromkeys(re.findall(r"%\(([a-z]+)\)s", sentence), "x")
        assert "%" not in sentence % params
