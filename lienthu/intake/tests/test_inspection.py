"""One look at a file: its type by content, its name, traps inside."""

import gzip
import hashlib
import io
import struct
import zipfile
import zlib

import pytest
import xlsxwriter

from lienthu.intake.inspection import inspect
from lienthu.intake.limits import Limits
from lienthu.intake.names import display_name
from lienthu.intake.problems import SENTENCES
from lienthu.testing import shared_data

MIB = 1 << 20
MARC = b"00049nam a2200037 a 4500001001100000\x1e0123456789\x1e\x1d"


def look(content, name="tep", limits=None):
    return inspect(io.BytesIO(content), name, limits or Limits())


def zipped(members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def codes(inspected):
    return [one.code for one in inspected.problems]


@pytest.mark.parametrize(
    ("content", "kind", "mime"),
    [
        (MARC, "marc", "application/marc"),
        (b'<?xml version="1.0"?><collection/>', "xml", "application/xml"),
        (b"<collection/>", "xml", "application/xml"),
        ("<?xml version='1.0'?><a/>".encode("utf-8-sig"), "xml", "application/xml"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "svg", "image/svg+xml"),
        (b"<html><p>x</p></html>", "html", "text/html"),
        (b'[{"leader": "x"}]', "json", "application/json"),
        ("Nhan đề,Tác giả\nMột,Hai\n".encode(), "text", "text/plain"),
        ("Nhan đề\nMột\n".encode("utf-16"), "text", "text/plain"),
        (b"%PDF-1.7\n", "pdf", "application/pdf"),
        (b"\xff\xd8\xff\xe0", "jpeg", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "png", "image/png"),
        (gzip.compress(MARC, mtime=0), "gzip", "application/gzip"),
        (zipped({"a.mrc": MARC}), "zip", "application/zip"),
        (zipped({"mimetype": b"application/epub+zip", "OEBPS/a.xhtml": b"<a/>"}), "epub", "application/epub+zip"),
    ],
)
def test_the_type_is_found_by_content(content, kind, mime):
    inspected = look(content)
    assert (inspected.kind, inspected.mime, inspected.problems) == (kind, mime, ())
    assert (inspected.size, inspected.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert not inspected.refused


def test_a_workbook_is_told_from_other_zip_files():
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    book.add_worksheet()
    book.close()
    assert look(content.getvalue(), "sach.xlsx").kind == "xlsx"


def test_the_stream_stands_at_its_start_afterwards():
    stream = io.BytesIO(zipped({"a.mrc": MARC}))
    stream.read(3)
    inspect(stream, "a.zip")
    assert stream.tell() == 0


def test_a_picture_with_the_wrong_ending_is_noted_but_not_refused():
    inspected = look(b"\xff\xd8\xff\xe0", "trang-1.png")
    assert codes(inspected) == ["name_disagrees"]
    assert inspected.problems[0].message == "Tên tệp có đuôi “png” nhưng nội dung là “jpeg”."
    assert not inspected.refused


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("sách mới.mrc", "sách mới.mrc"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\Windows\\system32\\x.mrc", "x.mrc"),
        ("C:\\Users\\a\\b.xlsx", "b.xlsx"),
        ("/", "tep"),
        ("..", "tep"),
        ("", "tep"),
        ("a\x00b\n.mrc", "ab.mrc"),
        ("\u202egpj.exe", "gpj.exe"),
        (".htaccess", "htaccess"),
        ('a<b>:"c".mrc', "a_b___c_.mrc"),
        ("e\u0302\u0301.mrc", "ế.mrc"),
        ("x" * 300 + ".mrc", "x" * 116 + ".mrc"),
        ("dir/", "dir"),
    ],
)
def test_names_are_made_safe_to_show(name, shown):
    assert display_name(name) == shown
    assert ("name_cleaned" in codes(look(MARC, name))) == (name != shown)


def test_an_empty_file_is_refused():
    assert codes(look(b"")) == ["empty_file"]
    assert look(b"").refused


def test_unknown_binary_data_is_refused():
    assert codes(look(bytes(range(256)) * 4)) == ["unknown_type"]


def test_a_file_over_the_limit_is_refused_without_being_read_further():
    class Counting(io.BytesIO):
        taken = 0

        def read(self, size=-1):
            block = super().read(size)
            self.taken += len(block)
            return block

    stream = Counting(MARC + b" " * 20 * MIB)
    inspected = inspect(stream, "a.mrc", Limits(max_bytes=4 * MIB))
    assert codes(inspected) == ["file_too_large"]
    assert stream.taken <= 6 * MIB


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE a [<!ENTITY x "y">]>',
        b'<!DOCTYPE a SYSTEM "http://example.org/a.dtd">',
        b"<!doctype a>",
        b"<!--" + b" " * (3 * MIB) + b"--><!DOCTYPE a>",
        b"<!--" + b" " * (MIB - 36) + b"--><!DOCTYPE a>",
    ],
)
def test_xml_with_a_document_type_is_refused_wherever_it_stands(declaration):
    assert codes(look(b'<?xml version="1.0"?>' + declaration + b"<a/>")) == ["xml_dtd"]


def test_utf16_xml_is_refused_because_nothing_here_can_look_into_it():
    assert codes(look("<a/>".encode("utf-16"))) == ["xml_encoding"]


def test_gzip_bombs_are_refused():
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join([packer.compress(b"\x00" * MIB) for _ in range(100)] + [packer.flush()])
    assert codes(look(bomb)) == ["archive_ratio"]
    assert codes(look(gzip.compress(b"abc" * MIB), limits=Limits(max_unpacked=MIB))) == ["archive_too_large"]
    assert codes(look(gzip.compress(gzip.compress(b"abc")))) == ["archive_nested"]
    assert codes(look(gzip.compress(MARC * 1000)[:-20])) == ["archive_broken"]


@pytest.mark.parametrize(
    ("members", "limits", "code"),
    [
        ({"a.mrc": b"\x00" * (32 * MIB)}, Limits(), "archive_ratio"),
        ({"a.mrc": b"abc" * MIB}, Limits(max_unpacked=MIB), "archive_too_large"),
        ({f"{number}.txt": b"x" for number in range(20)}, Limits(max_members=10), "archive_too_many"),
        ({"a.zip": zipped({"b.mrc": MARC})}, Limits(), "archive_nested"),
        ({"a.dat": zipped({"b.mrc": MARC})}, Limits(), "archive_nested"),
        ({"../../a.mrc": MARC}, Limits(), "archive_unsafe_name"),
        ({"/etc/cron.d/a": MARC}, Limits(), "archive_unsafe_name"),
        ({"a\\..\\..\\b.mrc": MARC}, Limits(), "archive_unsafe_name"),
    ],
)
def test_dangerous_zip_files_are_refused(members, limits, code):
    inspected = look(zipped(members), "a.zip", limits)
    assert codes(inspected) == [code]
    assert inspected.refused


def test_a_zip_that_lies_about_its_sizes_is_refused():
    content = bytearray(zipped({"a.mrc": b"\x00" * (32 * MIB)}))
    directory = content.rindex(b"PK\x01\x02")
    struct.pack_into("<I", content, directory + 24, 1000)
    assert look(bytes(content)).refused


def test_a_zip_whose_members_share_their_bytes_is_refused():
    content = zipped({"a.txt": bytes(range(256)) * 40})
    entry_at = content.index(b"PK\x01\x02")
    end_at = content.index(b"PK\x05\x06")
    entry = content[entry_at:end_at]
    end = bytearray(content[end_at:])
    struct.pack_into("<HHI", end, 8, 50, 50, len(entry) * 50)
    assert codes(look(content[:entry_at] + entry * 50 + bytes(end))) == ["archive_ratio"]


def test_an_encrypted_zip_is_named():
    content = bytearray(zipped({"a.mrc": MARC}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    assert codes(look(bytes(content))) == ["archive_encrypted"]


@pytest.mark.parametrize("cut", [10, 40, 100])
def test_a_truncated_zip_is_refused(cut):
    assert codes(look(zipped({"a.mrc": MARC * 50})[:cut])) == ["archive_broken"]


def test_collected_files_are_told_apart():
    for name, kind in (
        ("ship/marc/lc_vietnam/lc_vie_ship.mrc", "marc"),
        ("ship/marc/lc_vietnam/derived_lc_vie_ship.marcxml", "xml"),
        ("dev/marc/evergreen/jazz_1k.mrc.gz", "gzip"),
        ("dev/marc/traject/test_data.utf8.json", "json"),
        ("ship/biblio/Tan_Viet_metadata.csv", "text"),
    ):
        with open(shared_data(name), "rb") as stream:
            inspected = inspect(stream, name.rpartition("/")[2])
        assert (inspected.kind, inspected.refused) == (kind, False), name


def test_every_problem_has_a_whole_sentence():
    assert all(sentence.endswith(".") and sentence[0].isupper() for sentence in SENTENCES.values())
