"""Labels through the page of the desk; the PDF is read back as a printer and a scanner would."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.test import Client, override_settings

from lienthu.catalogue.tests.factories import copies, field, fixed, marc, take
from lienthu.libraries.tests.factories import library, person

pytestmark = pytest.mark.django_db
PAGE = "/ban-lam-viec/nhan/"
POPPLER, ZBAR = shutil.which("pdftotext"), shutil.which("zbarimg")
needs_poppler = pytest.mark.skipif(POPPLER is None, reason="Debian's poppler-utils is not installed")


@pytest.fixture
def place(tmp_path: Path):
    with override_settings(DOCUMENTS_ROOT=tmp_path / "documents", INDEX_ROOT=tmp_path / "index", HOME=tmp_path):
        home, other = library("VN-T-TINH", "Thư viện tỉnh", "PROVINCIAL"), library("VN-T-XA", "Thư viện xã")
        take(
            home,
            marc(
                "kieu",
                fixed(1979, "vie"),
                field("100", "0 ", ("a", "Nguyễn Du"), ("d", "1765-1820")),
                field("245", "10", ("a", "Truyện Kiều /"), ("c", "Nguyễn Du ; Đào Duy Anh hiệu khảo")),
                field("260", "  ", ("a", "Hà Nội :"), ("b", "Văn học,"), ("c", "1979")),
                field("650", " 4", ("a", "Truyện thơ Nôm")),
            ),
        )
        copies("kieu", home, ["AVAILABLE", "AVAILABLE", "WITHDRAWN"])
        copies("kieu", other, ["AVAILABLE"])
        yield home


@pytest.fixture
def desk(place, client: Client) -> Client:
    client.force_login(person("bienmuc", "CATALOGUER", place.scope).account)
    return client


def form(place, **more: str) -> dict[str, str]:
    return {"library": str(place.pk), "sheet": "barcode:24", "start": "1"} | more


def text_of(pdf: bytes, tmp_path: Path) -> str:
    path = tmp_path / "labels.pdf"
    path.write_bytes(pdf)
    assert POPPLER is not None
    return subprocess.run([POPPLER, "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout


def test_the_page_shows_what_will_be_printed_and_what_is_unknown(desk, place):
    page = desk.post(PAGE, form(place, numbers="VN-T-TINH.kieu.1\nVN-T-TINH.kieu.3\nVN-T-XA.kieu.1", look="1"))
    assert [one.accession_number for one in page.context["wanted"].copies] == ["VN-T-TINH.kieu.1"]
    assert "Thư viện không có bản mang 2 số này: VN-T-TINH.kieu.3, VN-T-XA.kieu.1." in page.content.decode()


@needs_poppler
def test_barcodes_can_be_scanned(desk, place, tmp_path):
    made = desk.post(PAGE, form(place, numbers="VN-T-TINH.kieu.1, VN-T-TINH.kieu.2", pdf="1"))
    assert made["Content-Type"] == "application/pdf"
    words = text_of(made.content, tmp_path)
    assert "VN-T-TINH.kieu.1" in words and "Truyện Kiều" in words and "Thư viện tỉnh" in words
    if ZBAR is None:
        pytest.skip("Debian's zbar-tools are not installed")
    subprocess.run(["pdftoppm", "-r", "300", "-png", str(tmp_path / "labels.pdf"), str(tmp_path / "page")], check=True)
    (image,) = tmp_path.glob("page*.png")
    read = subprocess.run([ZBAR, "-q", str(image)], capture_output=True, text=True, check=False).stdout.splitlines()
    assert sorted(read) == ["CODE-128:VN-T-TINH.kieu.1", "CODE-128:VN-T-TINH.kieu.2"]


@needs_poppler
def test_spine_labels_begin_where_the_sheet_is_free(desk, place, tmp_path):
    asked = form(place, numbers="VN-T-TINH.kieu.1", sheet="spine:65", start="65", pdf="1")
    assert text_of(desk.post(PAGE, asked).content, tmp_path).split() == ["895.9221", "NG527"]
    command = ["pdftotext", "-bbox", str(tmp_path / "labels.pdf"), "-"]
    boxes = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    (x, y), _ = re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)"', boxes)
    # the last place of the sheet: the fifth column, the thirteenth row; points to mm
    assert 167 < float(x) * 25.4 / 72 < 205 and 265 < float(y) * 25.4 / 72 < 287


@needs_poppler
def test_a_card_carries_description_subjects_and_numbers(desk, place, tmp_path):
    asked = form(place, numbers="VN-T-TINH.kieu.1-VN-T-TINH.kieu.2", sheet="card:a4", pdf="1")
    words = " ".join(text_of(desk.post(PAGE, asked).content, tmp_path).split())
    for part in ("Nguyễn Du 1765-1820", "Truyện Kiều / Nguyễn Du ; Đào Duy Anh", "1. Truyện thơ Nôm", "NG527"):
        assert part in words
    assert "VN-T-TINH.kieu.1, VN-T-TINH.kieu.2" in words


def test_a_link_from_a_record_prints_all_its_copies_in_this_library(desk, place):
    from_record = place.items.first().record_id
    opened = desk.get(PAGE, {"library": place.pk, "record": from_record})
    assert opened.context["form"]["record"].value() == str(from_record)
    shown = desk.post(PAGE, form(place, record=str(from_record), look="1"))
    assert [one.accession_number for one in shown.context["wanted"].copies] == ["VN-T-TINH.kieu.1", "VN-T-TINH.kieu.2"]


@pytest.mark.parametrize(
    ("given", "field_name"),
    [
        ({}, "numbers"),
        ({"numbers": "TQ.1-TQ.99999"}, "numbers"),
        ({"numbers": "TQ.1", "start": "0"}, "start"),
        ({"numbers": "TQ.1", "sheet": "barcode:none"}, "sheet"),
        ({"numbers": "x" * 70_000}, "numbers"),
        ({"numbers": "TQ.1", "record": "abc"}, "record"),
    ],
)
def test_what_cannot_be_printed_is_refused_beside_its_field(desk, place, given, field_name):
    answer = desk.post(PAGE, form(place, **given))
    assert answer.status_code == 422
    assert field_name in answer.context["form"].errors


def test_copies_of_another_library_are_not_to_be_chosen(desk, place):
    other = library("VN-T-KHAC", "Thư viện khác")
    answer = desk.post(PAGE, form(place, numbers="TQ.1") | {"library": str(other.pk)})
    assert answer.status_code == 422 and "library" in answer.context["form"].errors


def test_a_librarian_without_the_permission_is_refused(place, client):
    client.force_login(person("thuthu", "LIBRARIAN", place.scope).account)
    assert client.get(PAGE).status_code == 403
