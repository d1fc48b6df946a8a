"""CDS/ISIS exports, printable ISO 2709, MARC a field a line."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthu.catalogue.marc.limits import ReadLimits
from lienthu.catalogue.marc.problems import UnreadableFile
from lienthu.catalogue.marc.reader import Bad, RawRecord, open_records, reread
from lienthu.catalogue.marc.record import Record, control, data
from lienthu.kernel.text.encodings import encode

from .old_files import isis, lc_records, printable, tagged


def read(content, **options):
    return list(open_records(io.BytesIO(content), **options))


def titles_of(items):
    return [item.record.subfields("245", "a")[0].lower() for item in items]


def meant():
    return [record.subfields("245", "a")[0].strip().lower() for record in lc_records()]


@pytest.mark.parametrize("width", [80, 72, 0])
@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "cp1258"])
def test_an_export_of_cds_isis_is_read_whole(encoding, width):
    raws = [isis(record, encoding, width=width) for record in lc_records()]
    items = read(b"".join(raws))
    assert {item.format for item in items} == {"printed2709"} and len(items) == 72
    assert b"".join(item.raw for item in items) == b"".join(raws)
    assert titles_of(items) == meant()
    assert {item.encoding for item in items} == {encoding}
    assert items[0].record.value("001") == lc_records()[0].value("001").strip()
    assert items[0].record.leader == "00000nam a2200000 a 4500"
    assert reread(items[3].raw, format="printed2709", encoding=encoding) == items[3].record


def test_blanks_lost_at_the_ends_of_lines_come_back():
    numbers = " ".join(map(str, range(300)))
    record = Record("", [control("001", "1"), data("245", "  ", ("a", numbers)), data("260", "  ", ("b", "Hà Nội"))])
    raw = isis(record, "tcvn3")
    cut = b"\r\n".join(line.rstrip() for line in raw.split(b"\r\n"))
    assert len(cut) < len(raw)
    (item,) = read(cut)
    assert item.record.subfields("245", "a") == [numbers]
    assert item.record.get("260") is not None


def test_the_sample_base_of_unesco_gets_marc_fields():
    record = Record(
        "",
        [
            data("024", "  ", ("a", "Văn hóa các dân tộc Tuyên Quang")),
            data("026", "  ", ("a", "Hà Nội"), ("b", "Văn hóa dân tộc"), ("c", "1998")),
            data("069", "  ", ("a", "<văn hóa><dân tộc Tày>")),
            data("070", "  ", ("a", "Nông Quốc Chấn")),
        ],
    )
    (item,) = read(isis(record, "tcvn3"))
    assert item.record.subfields("245", "a") == ["Văn hóa các dân tộc Tuyên Quang"]
    assert item.record.subfields("260", "abc") == ["Hà Nội", "Văn hóa dân tộc", "1998"]
    assert item.record.subfields("653", "a") == ["văn hóa", "dân tộc Tày"]
    assert item.record.subfields("700", "a") == ["Nông Quốc Chấn"]


def test_broken_records_of_an_export_are_isolated():
    raws = [isis(record, "tcvn3") for record in lc_records()[:6]]
    raws[1] = raws[1][:24] + b"garbage garbage" + raws[1][39:]
    raws[3] = raws[3][: len(raws[3]) // 2] + b"\r\n"
    items = read(b"".join(raws))
    assert [isinstance(item, Bad) for item in items] == [False, True, False, True, False, False]
    assert [item.raw for item in items] == raws
    assert [item.number for item in items] == [1, 2, 3, 4, 5, 6]


def test_signs_of_the_format_inside_text_do_no_harm():
    record = Record(
        "", [data("245", "00", ("a", "Lập trình C# và C## từ #1 đến #2")), data("300", "  ", ("a", "12 tr."))]
    )
    assert read(isis(record, "tcvn3"))[0].record.subfields("245", "a") == ["Lập trình C# và C## từ #1 đến #2"]
    (item,) = read(printable(record))
    assert item.record.subfields("245", "a") == ["Lập trình C# và C## từ #1 đến #2"]


def test_printable_iso_2709_is_read_by_its_directory_and_without_it():
    raws = [printable(record) for record in lc_records()[:10]]
    items = read(b"\r\n".join(raws))
    assert titles_of(items) == meant()[:10]
    assert {(item.format, item.encoding) for item in items} == {("printed2709", "utf-8")}
    assert repr(items[0].record.get("245"))[:9] == repr(lc_records()[0].get("245"))[:9]
    shifted = raws[0].replace(b"0000", b"0009", 1)
    assert len(read(shifted)) == 1
    (example,) = read(
        b"00714nam a2200241 a 4500001001200000005001700012245003000029#HKVN0001#20050101000000.0"
        b"#10$aTruyen Kieu$cNguyen Du##"
    )
    assert example.record.value("001") == "HKVN0001"
    assert example.record.subfields("245", "ac") == ["Truyen Kieu", "Nguyen Du"]


@pytest.mark.parametrize("encoding", ["utf-8", "tcvn3", "vni"])
def test_marc_a_field_a_line_is_read(encoding):
    texts = [tagged(record) for record in lc_records()[:12]]
    content = "".join(texts)
    items = read(content.encode() if encoding == "utf-8" else encode(content, encoding))
    assert len(items) == 12 and {item.encoding for item in items} == {encoding}
    assert titles_of(items) == meant()[:12]
    assert repr(items[0].record.get("245"))[:9] == repr(lc_records()[0].get("245"))[:9]
    assert reread(items[1].raw, format="tagged", encoding=encoding) == items[1].record


def test_lines_may_go_on_and_records_may_follow_without_a_blank_line():
    content = (
        "#000 00000nam a2200000 a 4500\n#001 HK1\n#245 10 $aTruyện Kiều$cNguyễn\nDu khảo\n#653 __ $athơ\n"
        "#000 00000nam a2200000 a 4500\n#001 HK2\n#245 10 $aSố đỏ\n#999 __ $a1\n"
    )
    one, two = read(content.encode())
    assert one.record.subfields("245", "c") == ["Nguyễn Du khảo"] and one.record.value("001") == "HK1"
    assert two.record.subfields("245", "a") == ["Số đỏ"]


def test_mnemonic_dollars_and_blanks_are_read():
    (item,) = read(b"=LDR  00000nam a2200000 a 4500\n=001  9\n=245  1\\$aPrice {dollar}5$cX\n=300  \\\\$a9\n")
    assert repr(item.record.get("245")) == "=245  1 $aPrice $5$cX"
    assert item.record.subfields("245", "a") == ["Price $5"]


def test_an_endless_line_is_bounded():
    limits = ReadLimits(record=10_000, row=10_000)
    start = tagged(lc_records()[0]).encode()
    items = read(start + b"#500 __ $a" + b"x" * 3_000_000 + b"\n\n" + start, limits=limits)
    assert [isinstance(item, RawRecord) for item in items] == [True, False, True]
    assert len(items[1].raw) <= 1 << 16
    raw = isis(lc_records()[0], "tcvn3")
    items = read(raw + raw[:100] + b"y" * 3_000_000 + b"\r\n" + raw, limits=limits)
    assert isinstance(items[0], RawRecord) and isinstance(items[-1], RawRecord) and len(items) == 3


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=600), st.integers(0, 500))
def test_noise_in_old_formats_never_stops_reading(noise, place):
    for good in (isis(lc_records()[0], "tcvn3"), printable(lc_records()[1]), tagged(lc_records()[2]).encode()):
        content = good + good[:place] + noise + good[place:] + good
        try:
            for item in open_records(io.BytesIO(content)):
                assert isinstance(item, RawRecord | Bad)
        except UnreadableFile:
            pass
