"""Files made to hurt: bombs, endless lines, entities, formulas. Memory stays bounded, good records are kept."""

import gzip
import io
import time
import tracemalloc
import zipfile
import zlib
from collections import deque
from typing import BinaryIO, cast

import pytest
import xlsxwriter

from lienthu.catalogue.marc.limits import ReadLimits
from lienthu.catalogue.marc.problems import UnreadableFile
from lienthu.catalogue.marc.reader import Bad, Item, open_records
from lienthu.intake.limits import Limits

from .old_files import printable, tagged
from .records import book, good_records, iso, json, titles, xml

OPEN = b'<collection xmlns="http://www.loc.gov/MARC21/slim">'
MIB = 1 << 20
TWO_GIB = 2 << 30


class Endless(io.RawIOBase):
    """A file of ``start``, then ``filler`` up to ``size`` bytes, then ``end``; it is never in memory."""

    def __init__(self, *, start: bytes, filler: bytes, end: bytes, size: int):
        self._start, self._end = start, end
        self._block = filler * (MIB // len(filler) + 1)
        self._filler = len(filler)
        self._size = size
        self._position = 0

    def readable(self):
        return True

    def seekable(self):
        return True

    def tell(self):
        return self._position

    def seek(self, offset, whence=io.SEEK_SET):
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size + len(self._end)}[whence]
        self._position = base + offset
        return self._position

    def read(self, size=-1):
        if self._position < len(self._start):
            block = self._start[self._position :][:size]
        elif self._position < self._size:
            shift = (self._position - len(self._start)) % self._filler
            block = self._block[shift : shift + min(size, MIB, self._size - self._position)]
        else:
            block = self._end[self._position - self._size :][:size]
        self._position += len(block)
        return block


def peak_while_reading(stream, **options):
    tracemalloc.start()
    try:
        items = list(open_records(stream, **options))
        return items, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


CSV_HEAD = "Nhan đề,Tác giả\nTruyện Kiều 1,Nguyễn Du\n".encode()


@pytest.mark.parametrize(
    ("start", "filler", "end", "code", "limit"),
    [
        (iso(1), b"x", b"\x1d" + iso(2), "record_too_large", 4 * MIB),
        (
            OPEN + xml(1) + b'<record><controlfield tag="001">',
            b"y",
            b"</record>" + xml(2),
            "record_too_large",
            16 * MIB,
        ),
        (b"[" + json(1) + b',{"leader":"', b"z", b'"}, ' + json(2) + b"]", "record_too_large", 16 * MIB),
        (CSV_HEAD, b"abc,", "\nTruyện Kiều 2,Nguyễn Du\n".encode(), "row_too_large", MIB),
    ],
    ids=["iso2709", "marcxml", "json", "csv"],
)
def test_a_line_of_two_gib_is_cut_and_reading_goes_on(start, filler, end, code, limit):
    stream = Endless(start=start, filler=filler, end=end, size=TWO_GIB)
    items, peak = peak_while_reading(stream)
    assert titles(items) == ["Truyện Kiều 1", code, "Truyện Kiều 2"]
    assert items[1].length > TWO_GIB - 1000
    assert len(items[1].raw) <= 65536
    assert peak < 3 * limit + 8 * MIB


DC = '<l xmlns:dc="http://purl.org/dc/elements/1.1/"><b><dc:title>Truyện Kiều 1</dc:title></b>'.encode()
LARGE = 96 * MIB


@pytest.mark.parametrize(
    ("start", "filler", "end", "code", "limit"),
    [
        (
            tagged(book(1)).encode() + b"#001 x\n#500 __ $a",
            b"a ",
            b"\n\n" + tagged(book(2)).encode(),
            "row_too_large",
            MIB,
        ),
        (
            printable(book(1)) + printable(book(3))[:200],
            b"1a",
            b"\r\n" + printable(book(2)),
            "record_too_large",
            4 * MIB,
        ),
        (
            DC + b"<b><dc:title>",
            b"z",
            "</dc:title></b><b><dc:title>Truyện Kiều 2</dc:title></b></l>".encode(),
            "record_too_large",
            16 * MIB,
        ),
    ],
    ids=["tagged", "printable", "dublin core"],
)
def test_an_endless_line_of_the_old_formats_is_cut_and_reading_goes_on(start, filler, end, code, limit):
    items, peak = peak_while_reading(Endless(start=start, filler=filler, end=end, size=LARGE))
    assert titles(items) == ["Truyện Kiều 1", code, "Truyện Kiều 2"]
    assert peak < 3 * limit + 8 * MIB


def test_two_gib_without_any_record_need_no_memory():
    stream = Endless(start=OPEN + xml(1), filler=b" ", end=xml(2) + b"</collection>", size=TWO_GIB)
    items, peak = peak_while_reading(stream)
    assert titles(items) == ["Truyện Kiều 1", "Truyện Kiều 2"]
    assert peak < 8 * MIB


def test_memory_does_not_grow_with_the_number_of_records():
    def peak(count):
        stream = Endless(start=b"", filler=iso(1), end=b"", size=len(iso(1)) * count)
        tracemalloc.start()
        numbers = (item.number for item in open_records(cast(BinaryIO, stream)))
        assert deque(numbers, maxlen=1) == deque([count])
        try:
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(40_000) < peak(15_000) * 1.2 + 100_000


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE c [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)


def test_entity_bombs_and_external_entities_are_refused():
    for prolog in (BOMB, b'<!DOCTYPE c [<!ENTITY x SYSTEM "file:///etc/passwd">]>', b'<!DOCTYPE c SYSTEM "http://x/">'):
        with pytest.raises(UnreadableFile) as refused:
            open_records(io.BytesIO(prolog + OPEN + xml(1) + b"</collection>"))
        assert refused.value.problem.code == "xml_dtd"


def test_a_document_type_hidden_behind_the_head_gives_no_entity():
    late = b"<!--" + b" " * 100_000 + b"-->" + BOMB
    secret = xml(9).replace("Nguyễn Du".encode(), b"&c;")
    items = list(open_records(io.BytesIO(OPEN + xml(1) + late + secret + xml(2) + b"</collection>")))
    assert titles(items) == ["Truyện Kiều 1", "xml_dtd", "xml_malformed", "Truyện Kiều 2"]


def test_deeply_nested_xml_and_json_are_refused_record_by_record():
    deep_xml = b"<record><leader>x</leader>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</record>"
    items = list(open_records(io.BytesIO(OPEN + xml(1) + deep_xml + xml(2) + b"</collection>")))
    assert titles(items) == ["Truyện Kiều 1", "xml_malformed", "Truyện Kiều 2"]
    deep_json = b'{"leader":"x","fields":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    items = list(open_records(io.BytesIO(b"[" + json(1) + b"," + deep_json + b"," + json(2) + b"]")))
    assert titles(items) == ["Truyện Kiều 1", "json_malformed", "Truyện Kiều 2"]


def test_a_huge_number_in_json_takes_no_time():
    huge = b'{"leader":' + b"9" * 1_000_000 + b',"fields":[]}'
    started = time.process_time()
    items = list(open_records(io.BytesIO(b"[" + huge + b"," + json(2) + b"]")))
    assert time.process_time() - started < 2
    assert titles(items[1:]) == ["Truyện Kiều 2"]
    assert isinstance(items[0], Bad)


def gzip_bomb(size):
    packer = zlib.compressobj(9, wbits=31)
    pieces = [packer.compress(iso(1))]
    pieces += [packer.compress(b"\x00" * MIB) for _ in range(size // MIB)]
    return b"".join([*pieces, packer.flush()])


def test_a_gzip_bomb_is_stopped_behind_its_good_records():
    items: list[Item] = []
    with pytest.raises(UnreadableFile) as refused:
        collect(open_records(io.BytesIO(gzip_bomb(256 * MIB))), into=items)
    assert refused.value.problem.code == "archive_ratio"
    assert titles(items[:1]) == ["Truyện Kiều 1"]


def collect(reading, *, into):
    """Unlike ``list``, keeps what came before an error."""
    for item in reading:
        into.append(item)


def test_a_gzip_that_unpacks_too_far_is_stopped():
    limits = ReadLimits(file=Limits(max_unpacked=MIB))
    with pytest.raises(UnreadableFile) as refused:
        list(open_records(io.BytesIO(gzip.compress(iso(1) * 20_000)), limits=limits))
    assert refused.value.problem.code == "archive_too_large"


def test_a_truncated_gzip_keeps_the_records_before_the_cut():
    content = gzip.compress(b"".join(iso(number) for number in range(20_000)))
    items: list[Item] = []
    with pytest.raises(UnreadableFile) as refused:
        collect(open_records(io.BytesIO(content[: len(content) // 2])), into=items)
    assert refused.value.problem.code == "archive_broken"
    assert len(items) > 3000
    assert titles(items[:3000]) == [f"Truyện Kiều {number}" for number in range(3000)]


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"a.mrc": iso(1), "b.mrc": iso(2)}, "archive_not_single"),
        ({}, "archive_not_single"),
        ({"../a.mrc": iso(1)}, "archive_unsafe_name"),
        ({"C:\\a.mrc": iso(1)}, "archive_unsafe_name"),
        ({"a.zip": b"PK\x03\x04"}, "archive_nested"),
        ({"a.mrc": gzip.compress(iso(1))}, "archive_nested"),
        ({"a.mrc": b"\x00" * (64 * MIB)}, "archive_ratio"),
    ],
)
def test_zip_files_that_are_no_single_data_file_are_refused(members, code):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(UnreadableFile) as refused:
        open_records(io.BytesIO(packed.getvalue()))
    assert refused.value.problem.code == code


def workbook(fill):
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    fill(book.add_worksheet("Sách"))
    book.close()
    return content.getvalue()


def test_a_formula_is_read_as_its_stored_value_and_never_evaluated():
    def fill(sheet):
        sheet.write_row(0, 0, ["Nhan đề", "Tác giả", "Số ĐKCB"])
        sheet.write_formula(1, 0, '=HYPERLINK("http://evil.example/","x")', value="Truyện Kiều 1")
        sheet.write_string(1, 1, "=cmd|' /C calc'!A0")
        sheet.write_string(1, 2, "@SUM(1+1)")
        sheet.write_string(2, 0, "+84 và -1")

    first, second = good_records(io.BytesIO(workbook(fill)))
    assert first.subfields("245", "a") == ["Truyện Kiều 1"]
    assert first.subfields("100", "a") == ["=cmd|' /C calc'!A0"]
    assert first.subfields("852", "p") == ["@SUM(1+1)"]
    assert second.subfields("245", "a") == ["+84 và -1"]


def test_a_sheet_that_spans_billions_of_cells_is_refused_before_it_is_opened():
    def fill(sheet):
        sheet.write_row(0, 0, ["Nhan đề", "Tác giả"])
        sheet.write_string(1_048_575, 16_383, "x")

    with pytest.raises(UnreadableFile) as refused:
        open_records(io.BytesIO(workbook(fill)))
    assert refused.value.problem.code == "workbook_too_large"


@pytest.mark.parametrize("cut", [300, 2000, 4000])
def test_a_broken_workbook_is_refused(cut):
    content = workbook(lambda sheet: sheet.write_row(0, 0, ["Nhan đề", "Tác giả"]))
    with pytest.raises(UnreadableFile) as refused:
        list(open_records(io.BytesIO(content[:cut])))
    assert refused.value.problem.code in ("archive_broken", "workbook_broken")


def test_a_broken_old_workbook_is_refused():
    for content in (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 3000,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 3000,
    ):
        with pytest.raises(UnreadableFile) as refused:
            open_records(io.BytesIO(content))
        assert refused.value.problem.code == "workbook_broken"


def test_xml_inside_a_workbook_may_not_have_a_document_type():
    content = io.BytesIO(workbook(lambda sheet: sheet.write_row(0, 0, ["Nhan đề", "Tác giả"])))
    changed = io.BytesIO()
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(changed, "w") as new:
        for member in old.infolist():
            body = old.read(member)
            if member.filename.endswith("sheet1.xml"):
                body = body.replace(b"?>", b"?>" + BOMB[21:], 1)
            new.writestr(member.filename, body)
    with pytest.raises(UnreadableFile) as refused:
        open_records(io.BytesIO(changed.getvalue()))
    assert refused.value.problem.code == "xml_dtd"
