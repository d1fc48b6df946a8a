"""The ISO 2709 codec by itself."""

import pymarc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthu.catalogue.marc import iso2709
from lienthu.catalogue.marc.problems import MarcError
from lienthu.catalogue.marc.record import Record, control, data

from .records import book, iso

_text = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)
_tags = st.from_regex("[0-9A-Z]{3}", fullmatch=True).filter(lambda tag: not (tag < "010" and tag.isdigit()))
_controls = st.builds(control, st.from_regex("00[1-9]", fullmatch=True), _text)
_data = st.builds(
    lambda tag, indicators, subfields: data(tag, indicators, *subfields),
    _tags,
    st.from_regex("[0-9a-z ]{2}", fullmatch=True),
    st.lists(st.tuples(st.from_regex("[0-9a-z]", fullmatch=True), _text), min_size=1, max_size=5),
)
records = st.builds(
    lambda fields: Record("00000nam a2200000 i 4500", fields), st.lists(_controls | _data, min_size=1, max_size=12)
)


@settings(max_examples=150, deadline=None)
@given(records)
def test_what_is_written_is_read_back_the_same(record):
    parsed = iso2709.parse(iso2709.build(record), repair=False)
    assert parsed.record.fields == record.fields
    assert parsed.encoding == "utf-8"
    assert parsed.notes == ()


@settings(max_examples=100, deadline=None)
@given(records)
def test_the_forms_for_storage_lose_nothing(record):
    assert Record.unpack(record.pack()) == record
    assert Record.from_marcjson(record.as_marcjson()) == record


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 400))
def test_no_damage_to_a_record_breaks_the_reader(noise, position):
    raw = iso(1)
    try:
        iso2709.parse(raw[:position] + noise + raw[position + len(noise) :])
    except MarcError as error:
        assert error.problem.message


def test_pymarc_reads_what_is_written():
    record = pymarc.Record(iso(7))
    assert record.title == "Truyện Kiều 7 /"
    assert record["001"].data == "TQ000007"


def test_the_compact_form_has_no_size_limit():
    record = Record("x" * 24, [data("852", "  ", ("p", f"VV{number}")) for number in range(20_000)])
    assert Record.unpack(record.pack()) == record


def test_a_wrong_length_in_the_leader_changes_nothing():
    raw = b"00024" + iso(1)[5:]
    assert iso2709.parse(raw).record.fields == book(1).fields


def test_fields_whose_directory_is_out_of_order_are_found_by_their_offsets():
    one, two = b"A1\x1e", b"10\x1faB\x1e"
    directory = b"245000600003" + b"001000300000"
    raw = b"00059nam a2200049 i 4500" + directory + b"\x1e" + one + two + b"\x1d"
    fields = iso2709.parse(raw).record.fields
    assert fields == [data("245", "10", ("a", "B")), control("001", "A1")]


def test_a_directory_with_wrong_offsets_falls_back_to_the_field_terminators():
    raw = iso(1)
    broken = raw.replace(b"245003", b"245x03")
    parsed = iso2709.parse(broken)
    assert parsed.record.fields == book(1).fields
    wrong_offset = raw[:31] + b"99999" + raw[36:]
    parsed = iso2709.parse(wrong_offset)
    assert [note.code for note in parsed.notes] == ["directory_salvaged"]
    assert parsed.record.fields == book(1).fields


def test_tags_are_never_given_to_texts_of_other_fields():
    raw = iso(1)
    without_one_terminator = raw.replace(b"9786041000018\x1e", b"9786041000018", 1)
    broken = without_one_terminator.replace(b"245003", b"245x03")
    with pytest.raises(MarcError) as refused:
        iso2709.parse(broken)
    assert refused.value.problem.code == "directory_broken"


def test_a_lost_field_terminator_is_found_by_a_directory_that_fits():
    raw = iso(1).replace(b"vie d\x1e", b"vie d\x1f")
    assert iso2709.parse(raw).record.fields == book(1).fields


def test_utf8_is_found_whatever_the_leader_says():
    raw = iso(1)
    raw = raw[:9] + b" " + raw[10:]
    parsed = iso2709.parse(raw)
    assert (parsed.encoding, parsed.record.subfields("245", "a")) == ("utf-8", ["Truyện Kiều 1 /"])


def test_marc8_vietnamese_is_decoded_and_repaired():
    title = b"10\x1faTruy\xf2\xe3en Ki\xe3\xe1eu, \xe2\xe3Anh \xb3\xbd \xbc\x1e"
    raw = b"00000nam  2200037   4500" + b"245%04d00000" % len(title) + b"\x1e" + title + b"\x1d"
    parsed = iso2709.parse(raw)
    assert parsed.encoding == "marc-8"
    assert parsed.record.subfields("245", "a") == ["Truyện Kiều, Ấnh đư ơ"]


def test_damaged_utf8_is_refused_with_the_place_of_the_damage():
    raw = iso(1).replace("ễ".encode(), b"\xe1\xbb")
    with pytest.raises(MarcError) as refused:
        iso2709.parse(raw)
    assert refused.value.problem.code == "utf8_damaged"
    assert refused.value.problem.params == {"count": 1, "position": raw.index(b"\xe1\xbbn")}


def test_decomposed_and_misordered_marks_are_repaired_on_reading_only():
    record = book(1)
    record.fields[3] = data("245", "10", ("a", "Che\u0301\u0302 Lan Vie\u0302n"))
    raw = iso2709.build(record)
    assert iso2709.parse(raw).record.subfields("245", "a") == ["Chế Lan Viên"]
    assert iso2709.parse(raw, repair=False).record.subfields("245", "a") == ["Che\u0301\u0302 Lan Vie\u0302n"]


def test_a_mark_at_the_start_of_a_value_does_not_change_the_subfield_code():
    record = Record("00000nam a2200000 i 4500", [data("245", "10", ("a", "\u0301x đ"))])
    assert iso2709.parse(iso2709.build(record)).record.fields[0].subfields[0][0] == "a"


def test_indicators_that_are_missing_or_too_many_become_two():
    raw = iso(1).replace(b"\x1e10\x1fa", b"\x1e1\x1fa")
    assert iso2709.parse(raw).record.all("245")[0].indicators == "1 "
    raw = iso(1).replace(b"\x1e10\x1fa", b"\x1e10x\x1fa")
    assert iso2709.parse(raw).record.all("245")[0].indicators == "10"


def test_a_field_over_9999_bytes_is_refused_by_name():
    fits = Record("", [data("520", "  ", ("a", "x" * 9994))])
    assert iso2709.parse(iso2709.build(fits)).record.fields == fits.fields
    with pytest.raises(iso2709.FieldTooLong) as refused:
        iso2709.build(Record("", [data("520", "  ", ("a", "x" * 9995))]))
    assert refused.value.problem.params == {"tag": "520", "length": 10_000}


def test_a_record_over_99999_bytes_is_refused_by_name():
    with pytest.raises(iso2709.RecordTooLong):
        iso2709.build(Record("", [data("852", "  ", ("p", "x" * 9000)) for _ in range(12)]))
    largest = Record("", [data("852", "  ", ("p", "x" * 9000)) for _ in range(11)])
    assert iso2709.parse(iso2709.build(largest)).record.fields == largest.fields


@pytest.mark.parametrize("character", ["\x1d", "\x1e", "\x1f"])
def test_a_delimiter_in_a_value_is_never_written(character):
    with pytest.raises(iso2709.ForbiddenCharacter):
        iso2709.build(Record("", [data("245", "10", ("a", f"a{character}b"))]))
    with pytest.raises(iso2709.ForbiddenCharacter):
        iso2709.build(Record("", [data("24", "10", ("a", "b"))]))


def test_a_leader_of_any_length_is_written_as_24_characters():
    for leader in ("", "nam", "00000nam a2200000 i 4500 and more"):
        raw = iso2709.build(Record(leader, [control("001", "1")]))
        assert raw[24:36] == b"001000200000"
        assert int(raw[:5]) == len(raw)
