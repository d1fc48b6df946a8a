"""Reading whole files: formats by content, places, resuming, and good records around a broken one."""

import gzip
import io
import zipfile

import pytest

from lienthu.catalogue.marc.problems import UnreadableFile
from lienthu.catalogue.marc.reader import Bad, RawRecord, ResumePoint, open_records, reread
from lienthu.testing import shared_data

from .records import book, iso, json, titles, xml

OPEN = b'<?xml version="1.0"?>\n<collection xmlns="http://www.loc.gov/MARC21/slim">\n'
CLOSE = b"\n</collection>"
CSV = "Nhan đề,Tác giả,Năm xuất bản\n{}\n"

FILES = {
    "iso2709": b"".join(iso(number) for number in range(1, 6)),
    "iso2709 with line ends": b"\r\n".join(iso(number) for number in range(1, 6)) + b"\r\n\x1a",
    "marcxml": OPEN + b"\n".join(xml(number) for number in range(1, 6)) + CLOSE,
    "json array": b"[" + b",\n".join(json(number) for number in range(1, 6)) + b"]\n",
    "json lines": b"\n".join(json(number) for number in range(1, 6)),
    "csv": CSV.format("\n".join(f"Truyện Kiều {number},Nguyễn Du,2005" for number in range(1, 6))).encode(),
}
GOOD = [f"Truyện Kiều {number}" for number in range(1, 6)]


def read(content, **options):
    return list(open_records(io.BytesIO(content), **options))


@pytest.mark.parametrize("name", FILES)
def test_every_format_is_found_by_content(name):
    assert titles(read(FILES[name])) == GOOD


@pytest.mark.parametrize("name", ["iso2709", "marcxml", "json array", "json lines"])
def test_raw_is_exactly_the_bytes_at_the_offset(name):
    for item in read(FILES[name]):
        assert FILES[name][item.offset : item.offset + item.length] == item.raw
    assert [item.number for item in read(FILES[name])] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("name", FILES)
def test_stored_raw_bytes_give_the_same_record_again(name):
    for item in read(FILES[name]):
        assert reread(item.raw, format=item.format, encoding=item.encoding) == item.record


@pytest.mark.parametrize("name", FILES)
def test_resuming_behind_any_record_gives_the_same_rest(name):
    items = read(FILES[name])
    for done, item in enumerate(items, start=1):
        assert read(FILES[name], start=item.next) == items[done:]


def test_resuming_works_in_compressed_files_and_behind_bad_records():
    content = gzip.compress(iso(1) + b"rubbish\x1d" + iso(2) + iso(3))
    items = read(content)
    assert titles(items) == ["Truyện Kiều 1", "record_too_short", "Truyện Kiều 2", "Truyện Kiều 3"]
    for done, item in enumerate(items, start=1):
        assert read(content, start=item.next) == items[done:]


def test_resuming_at_the_end_gives_nothing():
    assert read(FILES["iso2709"], start=ResumePoint(len(FILES["iso2709"]), 5)) == []


BROKEN = {
    "iso2709, rubbish": b"".join([iso(1), b"this is no record at all, really not\x1d", iso(2)]),
    "iso2709, bad directory": b"".join([iso(1), iso(9)[:24] + b"\x1e" * 40 + iso(9)[64:], iso(2)]),
    "iso2709, bad UTF-8": b"".join([iso(1), iso(9).replace("ễ".encode(), b"\xe1\xbb"), iso(2)]),
    "marcxml, wrong tag": OPEN + xml(1) + xml(9).replace(b"</leader>", b"</reader>") + xml(2) + CLOSE,
    "marcxml, no end tag": OPEN + xml(1) + xml(9).replace(b"</record>", b"") + xml(2) + CLOSE,
    "marcxml, no start tag": OPEN + xml(1) + xml(9).replace(b"<record>", b"") + xml(2) + CLOSE,
    "marcxml, unknown entity": OPEN + xml(1) + xml(9).replace("Nguyễn Du".encode(), b"&boom;") + xml(2) + CLOSE,
    "marcxml, bad UTF-8": OPEN + xml(1) + xml(9).replace("ễ".encode(), b"\xe1\xbb") + xml(2) + CLOSE,
    "marcxml, control character": OPEN + xml(1) + xml(9).replace(b"Nguy", b"N\x01") + xml(2) + CLOSE,
    "marcxml, open comment": OPEN + xml(1) + xml(9).replace(b"<leader>", b"<!-- <leader>") + xml(2) + CLOSE,
    "json, cut": b"[" + json(1) + b"," + json(9)[:-20] + b",\n" + json(2) + b"]",
    "json, open quote": b"[" + json(1) + b"," + json(9).replace(b'"245"', b'"245') + b"," + json(2) + b"]",
    "json, bad UTF-8": b"[" + json(1) + b"," + json(9).replace("ễ".encode(), b"\xe1\xbb") + b"," + json(2) + b"]",
    "json, no leader key": b"[" + json(1) + b"," + json(9).replace(b'"leader"', b'"leadr"') + b"," + json(2) + b"]",
    "json lines, rubbish": json(1) + b"\n}}}}{{{{ not json\n" + json(2) + b"\n",
    "csv, open quote": CSV.format('Truyện Kiều 1,a,2005\n"Truyện Kiều 9,a,2005\nTruyện Kiều 2,a,2005').encode(),
    "csv, bad UTF-8": CSV.format("Truyện Kiều 1,a,2005\nXY,a,2005\nTruyện Kiều 2,a,2005")
    .encode()
    .replace(b"XY", b"\xff"),
    "csv, nothing used": (CSV.replace("\n{}", ",Thừa\n{}"))
    .format("Truyện Kiều 1,a,2005,\n,,,chỉ cột thừa\nTruyện Kiều 2,a,2005,")
    .encode(),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_record_between_good_ones_loses_only_itself(name):
    items = read(BROKEN[name])
    assert [type(item) for item in items] == [RawRecord, Bad, RawRecord]
    assert titles([items[0], items[2]]) == ["Truyện Kiều 1", "Truyện Kiều 2"]
    assert [item.number for item in items] == [1, 2, 3]
    assert items[1].problem.message
    assert items[0].offset + items[0].length <= items[1].offset < items[2].offset


def test_a_record_that_lost_its_terminator_does_not_swallow_the_next_one():
    items = read(iso(1) + iso(9)[:-30] + iso(2) + iso(3))
    assert titles(items) == ["Truyện Kiều 1", "record_truncated", "Truyện Kiều 2", "Truyện Kiều 3"]
    assert [(item.offset, item.length) for item in items[:3]] == [
        (0, len(iso(1))),
        (len(iso(1)), len(iso(9)) - 30),
        (len(iso(1)) + len(iso(9)) - 30, len(iso(2))),
    ]


def test_a_wrong_length_loses_nothing():
    assert titles(read(iso(1) + b"99999" + iso(2)[5:] + b"00012" + iso(3)[5:] + iso(4))) == GOOD[:4]


@pytest.mark.parametrize(
    "content",
    [
        iso(1) + iso(2)[:-20],
        OPEN + xml(1) + xml(2)[:-20],
        b"[" + json(1) + b"," + json(2)[:-20],
    ],
)
def test_a_truncated_file_keeps_what_is_whole_and_reports_the_rest(content):
    items = read(content)
    assert [type(item) for item in items] == [RawRecord, Bad]
    assert items[1].number == 2
    assert content[items[1].offset :] == items[1].raw


def test_a_last_record_that_only_lacks_its_terminator_is_kept():
    items = read(iso(1) + iso(2)[:-1])
    assert titles(items) == GOOD[:2]
    assert [[note.code for note in item.notes] for item in items] == [[], ["terminator_missing"]]


def test_oai_pmh_with_marc_inside_its_own_record_elements():
    oai = (
        b'<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>'
        b"<record><header><identifier>a</identifier></header><metadata>"
        b'<marc:record xmlns:marc="http://www.loc.gov/MARC21/slim" xmlns:xsi="x" xsi:schemaLocation="y">'
        b"<marc:leader>00000nam a2200000 i 4500</marc:leader>"
        b'<marc:datafield tag="245" ind1="1" ind2="0"><marc:subfield code="a">A</marc:subfield></marc:datafield>'
        b"</marc:record></metadata></record>"
        b'<record><header status="deleted"><identifier>b</identifier></header></record>'
        b'<record><header><identifier>c</identifier></header><metadata><record xmlns="http://www.loc.gov/MARC21/slim">'
        b'<leader/><datafield tag="245"><subfield code="a">C</subfield></datafield></record></metadata></record>'
        b"</ListRecords></OAI-PMH>"
    )
    items = read(oai)
    assert titles(items) == ["A", "xml_not_a_record", "C"]
    assert items[0].raw.startswith(b"<marc:record ")
    assert items[0].raw.endswith(b"</marc:record>")
    assert reread(items[0].raw, format="marcxml", encoding="utf-8") == items[0].record


def test_a_prefix_declared_on_the_collection_holds_for_its_records():
    content = (
        b'<m:collection xmlns:m="http://www.loc.gov/MARC21/slim" xmlns:q="urn:q">'
        b'<m:record q:id="1"><m:leader>x</m:leader>'
        b'<m:controlfield tag="1">7</m:controlfield></m:record></m:collection>'
    )
    (item,) = read(content)
    assert item.record.value("001") == "7"
    assert reread(item.raw, format=item.format, encoding=item.encoding) == item.record


def test_xml_in_another_single_byte_encoding_is_read_by_its_declaration():
    declaration = '<?xml version="1.0" encoding="ISO-8859-1"?>'
    content = declaration + '<record><leader>x</leader><controlfield tag="001">é</controlfield></record>'
    (item,) = read(content.encode("latin-1"))
    assert item.record.value("001") == "é"
    assert item.encoding == "iso8859-1"


def test_records_in_comments_and_cdata_between_records_are_no_records():
    content = OPEN + b"<!-- " + xml(7) + b" --><![CDATA[" + xml(8) + b"]]>" + xml(1) + CLOSE
    assert titles(read(content)) == ["Truyện Kiều 1"]


@pytest.mark.parametrize(
    ("name", "count", "container"),
    [
        ("dev/marc/lc_institutions/british_library.xml.gz", 99, "gzip"),
        ("dev/marc/evergreen/lul_fre_500.mrc.gz", 500, "gzip"),
        ("dev/marc/traject/test_data.utf8.json", 30, ""),
        ("dev/marc/pymarc/batch.json", 2, ""),
        ("dev/marc/ruby-marc/no-leading-zero.xml", 1, ""),
    ],
)
def test_collected_files_are_read_whole(name, count, container):
    with open(shared_data(name), "rb") as stream:
        reading = open_records(stream)
        items = list(reading)
    assert reading.container == container
    assert [type(item) for item in items] == [RawRecord] * count


def test_the_second_of_three_collected_xml_records_is_bad():
    with open(shared_data("dev/marc/ruby-marc/three-records-second-bad.xml"), "rb") as stream:
        assert [type(item) for item in open_records(stream)] == [RawRecord, Bad, RawRecord]


def test_a_zip_with_one_data_file_is_read():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data/", b"")
        archive.writestr("data/export.mrc", FILES["iso2709"])
        archive.writestr("__MACOSX/._export.mrc", b"litter")
    reading = open_records(io.BytesIO(packed.getvalue()))
    assert (reading.container, reading.format) == ("zip", "iso2709")
    assert titles(list(reading)) == GOOD


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\r\n \x00\x1a", "empty_file"),
        (b"%PDF-1.7 something", "unknown_format"),
        (bytes(range(256)) * 40, "unknown_format"),
        (b"<html><body>no</body></html>", "xml_not_marc"),
        (b"<rdf><title>x</title></rdf>", "xml_not_marc"),
        (b'{"a": 1}', "json_not_marc"),
        (b"Just a letter to the library.\nWith two lines.\n", "table_no_header"),
        (OPEN.decode().encode("utf-16"), "xml_encoding"),
        (b'<?xml version="1.0" encoding="UTF-7"?><record/>', "xml_encoding"),
        (b'<collection xmlns="http://www.indexdata.com/turbomarc"><r><l>x</l></r></collection>', "turbomarc"),
        (b'<collection><record format="UNIMARC"><leader>x</leader></record></collection>', "unimarc"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_it_is(content, code):
    with pytest.raises(UnreadableFile) as refused:
        open_records(io.BytesIO(content))
    assert refused.value.problem.code == code
    assert refused.value.problem.message


@pytest.mark.parametrize("name", ["example.lif", "example.line", "example.seq", "example.mrk", "code4lib.mrk"])
def test_collected_tagged_texts_are_read(name):
    with open(shared_data(f"dev/marc/processing-marc/{name}"), "rb") as stream:
        reading = open_records(stream)
        assert reading.format == "tagged"
        first = next(reading)
    assert isinstance(first, RawRecord)
    assert first.record.subfields("245", "a") == ["Code4Lib journal"]
    assert first.record.value("001") == "987874829"


def test_the_record_is_the_same_from_every_format():
    for name in ("iso2709", "marcxml", "json array"):
        assert read(FILES[name])[0].record.fields == book(1).fields
