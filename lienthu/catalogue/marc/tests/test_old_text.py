"""Records in old encodings: whole files, mixed ones, and right ones that must stay as they are."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthu.catalogue.marc import iso2709, marcjson, marcxml
from lienthu.catalogue.marc.oldtext import Mender, expectation
from lienthu.catalogue.marc.profiles import FieldRule, SourceProfile
from lienthu.catalogue.marc.reader import Bad, RawRecord, ResumePoint, open_records, reread
from lienthu.catalogue.marc.record import Field, Record, control, data
from lienthu.kernel.text.encodings import falsified
from lienthu.testing import shared_data

from .old_files import changed, eight_bit, false_unicode, lc_records

ENCODINGS = ("tcvn3", "vni", "viscii", "cp1258", "bkhcm2")


def read(content, **options):
    return list(open_records(io.BytesIO(content), **options))


def values(record):
    return [value for field in record.fields for _, value in field.subfields]


def share_of_same(items, records):
    pairs = [
        (found.lower(), meant.lower())
        for item, record in zip(items, records, strict=True)
        for found, meant in zip(values(item.record), values(record), strict=True)
        if not meant.isascii()
    ]
    return sum(found == meant for found, meant in pairs) / len(pairs)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("page", ["latin-1", "cp1252", "cp1258"])
def test_a_file_of_false_unicode_is_read_as_it_was_meant(encoding, page):
    if encoding == page:
        pytest.skip("1258 read as 1258 is right, only decomposed")
    reading = open_records(io.BytesIO(b"".join(false_unicode(one, encoding, page) for one in lc_records())))
    items = list(reading)
    assert {item.encoding for item in items} == {encoding}
    assert reading.mender.encodings == {encoding: len(lc_records())}
    assert share_of_same(items, lc_records()) >= (0.98 if encoding == "bkhcm2" else 0.995)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_file_of_bytes_is_read_as_it_was_meant_and_its_bytes_are_kept(encoding):
    raws = [eight_bit(one, encoding) for one in lc_records()]
    items = read(b"".join(raws))
    assert [item.raw for item in items] == raws
    assert {item.encoding for item in items} == {encoding}
    assert share_of_same(items, lc_records()) >= (0.98 if encoding == "bkhcm2" else 0.995)
    for item in items[:20]:
        assert reread(item.raw, format=item.format, encoding=item.encoding) == item.record


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
def test_marcxml_and_json_are_brought_over_too(encoding):
    old = [changed(one, lambda text: falsified(text, encoding)) for one in lc_records()[:10]]
    xml = marcxml.OPENING + b"".join(marcxml.build(one) for one in old) + marcxml.CLOSING
    json = b"".join(marcjson.build(one) for one in old)
    for content in (xml, json):
        items = read(content)
        assert {item.encoding for item in items} == {encoding}
        assert share_of_same(items, lc_records()[:10]) >= 0.99


def test_records_of_several_encodings_in_one_file_are_told_apart():
    one, two, three, four = lc_records()[:4]
    content = false_unicode(one, "tcvn3") + iso2709.build(two) + false_unicode(three, "vni") + eight_bit(four, "viscii")
    items = read(content)
    assert [item.encoding for item in items] == ["tcvn3", "utf-8", "vni", "viscii"]
    assert share_of_same(items, lc_records()[:4]) >= 0.97


def test_fields_of_one_record_may_have_come_from_several_sources():
    record = Record(
        "00000nam a2200000 a 4500",
        [
            data("245", "00", ("a", falsified("Lịch sử tỉnh Tuyên Quang", "tcvn3"))),
            data("500", "  ", ("a", falsified("Thư viện tỉnh sưu tầm và biên soạn", "vni"))),
            data("520", "  ", ("a", "Truyện kể của người Tày ở Chiêm Hóa")),
            data("650", " 4", ("a", "Les Misérables, été à Paris")),
            data("653", "  ", ("a", "Dân tộc thiểu số".encode().decode("latin-1"))),
        ],
    )
    (item,) = read(iso2709.build(record))
    assert values(item.record) == [
        "Lịch sử tỉnh Tuyên Quang",
        "Thư viện tỉnh sưu tầm và biên soạn",
        "Truyện kể của người Tày ở Chiêm Hóa",
        "Les Misérables, été à Paris",
        "Dân tộc thiểu số",
    ]


def test_right_records_stay_byte_for_byte_what_they_were():
    content = b"".join(iso2709.build(one) for one in lc_records())
    reading = open_records(io.BytesIO(content))
    items = [item for item in reading if isinstance(item, RawRecord)]
    assert {item.encoding for item in items} == {"utf-8"} and not reading.mender.encodings
    assert [item.record for item in items] == [iso2709.parse(item.raw).record for item in items]


@pytest.mark.parametrize("name", ["dev/marc/lc_general", "dev/marc/evergreen", "dev/marc/lc_institutions"])
def test_nothing_in_the_collected_files_is_taken_for_old_vietnamese(name):
    looked_at = 0
    for path in sorted(shared_data(name).rglob("*")):
        if path.suffix in (".mrc", ".xml", ".gz") and path.stat().st_size < 8_000_000:
            with path.open("rb") as stream:
                try:
                    reading = open_records(stream)
                    looked_at += sum(isinstance(item, RawRecord) for item in reading)
                except Exception as error:
                    assert type(error).__name__ == "UnreadableFile", path
                    continue
            assert not reading.mender.encodings, (path, reading.mender.conversions[:3])
    assert looked_at > 90


def test_none_leaves_everything_as_it_is():
    content = b"".join(false_unicode(one, "tcvn3") for one in lc_records()[:5])
    items = read(content, profile=SourceProfile(encoding="none"))
    assert {item.encoding for item in items} == {"utf-8"}
    assert share_of_same(items, lc_records()[:5]) < 0.2


def test_a_choice_is_followed_where_the_text_alone_says_too_little():
    record = Record("00000nam a2200000 a 4500", [data("245", "00", ("a", falsified("Sổ cũ", "tcvn3")))])
    alone = read(iso2709.build(record))[0]
    chosen = read(iso2709.build(record), profile=SourceProfile(encoding="tcvn3"))[0]
    assert values(chosen.record) == ["Sổ cũ"] and chosen.encoding == "tcvn3"
    assert values(alone.record) != ["Sổ cũ"]


def test_a_chosen_encoding_does_no_harm_to_unicode_records():
    content = b"".join(iso2709.build(one) for one in lc_records())
    assert share_of_same(read(content, profile=SourceProfile(encoding="tcvn3")), lc_records()) == 1


def test_conversions_are_shown_with_their_score_and_doubts_are_named():
    reading = open_records(io.BytesIO(false_unicode(lc_records()[0], "tcvn3")))
    list(reading)
    first = reading.mender.conversions[0]
    assert first.tag == "245" and first.stored != first.read and first.encoding == "tcvn3" and first.score > 0.9
    # One word alone reads well in an old encoding, and could be a foreign one.
    doubtful = open_records(io.BytesIO(iso2709.build(Record("", [data("245", "00", ("a", "Sö häc"))]))))
    (item,) = doubtful
    assert (
        isinstance(item, RawRecord)
        and values(item.record) == ["Sö häc"]
        and doubtful.mender.doubtful[0].read == "Sử học"
    )


def test_an_old_french_record_in_a_file_of_old_vietnamese_is_read_as_western():
    french = eight_bit(Record("", [control("001", "f1"), data("245", "00", ("a", "x"))]), "tcvn3")
    french = french.replace(b"x\x1e", "Été à la forêt\x1e".encode("cp1252"))
    items = read(b"".join(eight_bit(one, "tcvn3") for one in lc_records()[:10]) + french)
    assert items[-1].encoding == "cp1252" and values(items[-1].record) == ["Été à la forêt"]


def test_reading_goes_on_in_the_middle_as_from_the_beginning():
    content = b"".join(false_unicode(one, "vni") for one in lc_records())
    whole = read(content)
    place = whole[30].next
    assert read(content, start=ResumePoint(*place)) == whole[31:]


def test_the_expectation_comes_from_the_head_alone():
    assert expectation(b"".join(false_unicode(one, "vni") for one in lc_records()[:20])) == "vni"
    assert expectation(b"".join(iso2709.build(one) for one in lc_records()[:20])) == ""
    assert expectation(b"Who's o+u? [e.g. (a) b^2]\n" * 100) == ""
    assert Mender("vni").expected == "vni" and Mender("none", head=b"x").expected == ""


def test_a_profile_moves_fields_and_splits_marked_terms():
    profile = SourceProfile.from_json(
        {
            "encoding": "tcvn3",
            "fields": {
                "24": "245 00",
                "69": {"target": "653", "split": "<>"},
                "70": {"target": "100", "indicators": "1 ", "codes": {"x": "a"}},
                "999": "",
                "1": "001",
            },
        }
    )
    assert SourceProfile.from_json(profile.as_json()) == profile
    record = profile.applied(
        Record("", [Field("024", "", "  ", [("a", "Nhan đề")]), data("069", "  ", ("a", "<lúa>, <nương rẫy>")),
                    data("070", "  ", ("x", "Tô Hoài")), data("999", "  ", ("a", "nội bộ")), control("001", "7")])
    )  # fmt: skip
    assert repr(record).splitlines()[1:] == [
        "=001  7", "=100  1 $aTô Hoài", "=245  00$aNhan đề", "=653    $alúa", "=653    $anương rẫy",
    ]  # fmt: skip
    assert FieldRule("").fields(Field("1", "", "  ", [])) == []


@pytest.mark.parametrize(
    "stored",
    [
        {"encoding": "klingon"},
        {"fields": [1]},
        {"fields": {"1": 5}},
        {"fields": {"1": "24"}},
        {"fields": {"1": {"target": "245", "indicators": "é"}}},
        {"fields": {"1": {"target": "245", "codes": {"ab": "c"}}}},
    ],
)
def test_a_profile_that_cannot_be_meant_is_refused(stored):
    with pytest.raises(ValueError):
        SourceProfile.from_json(stored)


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=2000))
def test_random_bytes_never_stop_reading(noise):
    good = eight_bit(lc_records()[0], "tcvn3")
    for content in (noise, good + noise + b"\x1d" + good, noise + good):
        try:
            for item in open_records(io.BytesIO(content)):
                assert isinstance(item, RawRecord | Bad)
        except Exception as error:
            assert type(error).__name__ == "UnreadableFile"
