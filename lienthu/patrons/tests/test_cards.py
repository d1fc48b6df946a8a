"""The reader's card on the screen and on paper, and photographs."""

import re
import shutil
import struct
import subprocess
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from lienthu.audit.models import Entry
from lienthu.kernel import ids, storage
from lienthu.kernel.bars import bars
from lienthu.patrons.models import Patron
from lienthu.patrons.photos import HEIGHT, WIDTH
from lienthu.patrons.tests.test_desk import DESK, page, registered, web

pytestmark = pytest.mark.django_db
OWN = "/tai-khoan/the/"


def png(width: int, height: int, *, claim: tuple[int, int] | None = None) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    lines = b"".join(b"\0" + bytes([line % 256, 90, 120]) * width for line in range(height))
    head = struct.pack(">IIBBBBB", *(claim or (width, height)), 8, 2, 0, 0, 0)
    text = chunk(b"tEXt", b"Comment\0GPS 22.82 105.21")
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + text + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")
    )


@pytest.fixture
def reader(cast, tmp_path):
    with override_settings(DOCUMENTS_ROOT=tmp_path):
        patron = registered(cast, group="Khoa Văn hóa")
        answer = web(cast.librarian).post(page(patron, "tai-khoan"), {"account-username": "bandoc"})
        assert answer.status_code == 302
        yield Patron.objects.get(pk=patron.pk)


def send(cast, patron: Patron, content: bytes, name: str = "anh.png"):
    file = SimpleUploadedFile(name, content, content_type="image/png")
    return web(cast.librarian).post(page(patron, "doi-anh"), {"photo-file": file}, follow=True)


def test_my_card_shows_number_name_and_codes_and_only_mine(cast, reader):
    text = web(cast.reader).get(OWN).content.decode()
    assert "TQ-000001" in text and reader.full_name in text and "Khoa Văn hóa" in text
    drawn = re.findall(r'<rect x="(\d+)" y="0" width="(\d+)"', text)
    assert [[int(left), int(width)] for left, width in drawn] == bars("TQ-000001")
    other = web(cast.other_librarian).get(OWN).content.decode()
    assert "TQ-000001" not in other and "chưa gắn" in other
    assert Client().get(OWN).status_code == 302


def said(tool: str, made: bytes, *more: str) -> str:
    if shutil.which(tool) is None:
        pytest.skip("Debian's poppler-utils is not installed")
    return subprocess.run([tool, "-", *more], input=made, capture_output=True, check=True).stdout.decode()


def test_the_card_leaves_as_pdf_of_the_size_of_a_bank_card(cast, reader):
    send(cast, reader, png(200, 300))
    for client, address in ((web(cast.reader), OWN + "the.pdf"), (web(cast.librarian), page(reader, "the.pdf"))):
        answer = client.get(address)
        assert answer.headers["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF-")
        wide, high = re.findall(r"Page size: +([\d.]+) x ([\d.]+) pts", said("pdfinfo", answer.content))[0]
        assert [round(float(side) * 25.4 / 72, 1) for side in (wide, high)] == [85.6, 54.0]
        assert {line.split()[-5] for line in said("pdffonts", answer.content).splitlines()[2:]} == {"yes"}
        written = said("pdftotext", answer.content, "-")
        assert reader.full_name in " ".join(written.split()) and "TQ-000001" in written and "Hạn dùng 31/12/" in written
    assert Entry.objects.filter(action="patrons.card_printed").count() == 1
    assert web(cast.other_librarian).get(page(reader, "the.pdf")).status_code == 403


def test_a_photograph_is_drawn_anew_and_seen_only_by_those_who_may(cast, reader):
    send(cast, reader, png(200, 300))
    reader.refresh_from_db()
    with storage.open_stored(reader.photo_key) as stored:
        kept = stored.read()
    assert struct.unpack(">II", kept[16:24]) == (WIDTH, HEIGHT) and b"GPS" not in kept
    assert b"".join(web(cast.reader).get(OWN + "anh").streaming_content) == kept
    assert b"".join(web(cast.librarian).get(page(reader, "anh")).streaming_content) == kept
    assert Entry.objects.filter(action="patrons.photo_shown").count() == 1
    for person in (cast.other_librarian, cast.cataloguer, cast.reader):
        assert web(person).get(page(reader, "anh")).status_code == 403
    assert web(cast.other_librarian).get(OWN + "anh").status_code == 404


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        b"RIFF\x00\x00\x00\x00WEBPVP8X",
        png(200, 300)[:200],
        png(60, 300),
        png(200, 300, claim=(60000, 60000)),
        png(10, 10) + bytes(9 << 20),
    ],
)
def test_what_is_no_photograph_is_refused_and_the_old_one_stays(cast, reader, content):
    send(cast, reader, png(200, 300))
    before = Patron.objects.get(pk=reader.pk).photo_key
    send(cast, reader, content)
    assert Patron.objects.get(pk=reader.pk).photo_key == before != ""


def test_a_removed_photograph_leaves_the_storage_too(cast, reader, django_capture_on_commit_callbacks):
    send(cast, reader, png(200, 300))
    key = Patron.objects.get(pk=reader.pk).photo_key
    with django_capture_on_commit_callbacks(execute=True):
        web(cast.librarian).post(page(reader, "doi-anh"), {"remove": "1"})
    assert Patron.objects.get(pk=reader.pk).photo_key == ""
    with pytest.raises(FileNotFoundError):
        storage.open_stored(key)
    assert ids.encode(reader.pk) in DESK + page(reader)


def test_an_account_belongs_to_one_reader(cast, reader):
    second = registered(cast, full_name="Bạn đọc trình diễn Hai", phone="")
    client = web(cast.librarian)
    assert client.post(page(second, "tai-khoan"), {"account-username": "bandoc"}).status_code == 422
    assert client.post(page(second, "tai-khoan"), {"account-username": "khong-co"}).status_code == 422
    second.refresh_from_db()
    assert second.account is None
    assert client.post(page(reader, "tai-khoan"), {"account-username": ""}).status_code == 302
    assert "TQ-000001" not in web(cast.reader).get(OWN).content.decode()
