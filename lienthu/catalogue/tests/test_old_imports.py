"""A cataloguer takes in the file of an old CDS/ISIS in TCVN3, through the desk and through the command."""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from lienthu.catalogue.compression import decompress
from lienthu.catalogue.jobs import work_on_import
from lienthu.catalogue.marc import Field, Record
from lienthu.catalogue.marc.iso2709 import build
from lienthu.catalogue.marc.record import data
from lienthu.catalogue.marc.tests.old_files import false_unicode, isis, lc_records
from lienthu.catalogue.models import Batch, Cluster, ImportSource, Item, Revision, SourceRecord
from lienthu.catalogue.queries import record_of
from lienthu.catalogue.tests.conftest import Desk, Importer, marc
from lienthu.kernel.text.encodings import falsified

BROKEN = (3, 10, 20)


@pytest.fixture
def signed_in(desk: Desk, client: Client) -> Client:
    client.force_login(desk.account)
    return client


def _isis_file(count: int = 30) -> tuple[bytes, list[bytes]]:
    """Records as the old system exported them; three are broken in three ways."""
    raws = [isis(record, "tcvn3") for record in lc_records()[:count]]
    raws[3] = raws[3][:24] + b"garbage garbage" + raws[3][39:]
    raws[10] = raws[10][: len(raws[10]) // 2] + b"\r\n"
    raws[20] = raws[20].replace(b"#", b" ")
    return b"".join(raws), raws


def _upload(client: Client, desk: Desk, content: bytes, **more: str) -> Batch:
    form = {
        "library": desk.main.pk,
        "file": SimpleUploadedFile("isis.iso", content),
        "item_profile": "auto",
        "source": "",
        "encoding": "auto",
    } | more
    response = client.post(reverse("catalogue:upload"), form)
    assert response.status_code == 302, response.content.decode()[:2000]
    batch = Batch.objects.latest("pk")
    work_on_import(batch.pk)
    batch.refresh_from_db()
    return batch


def _page(client: Client, batch: Batch) -> str:
    return client.get(reverse("catalogue:import", args=[batch.public_id])).content.decode()


def test_acceptance_day_of_the_cataloguer_at_the_desk(desk: Desk, take: Importer, signed_in: Client) -> None:
    take(marc("x1", "Bến quê"))
    before = (Cluster.objects.filter(is_active=True).count(), SourceRecord.objects.filter(status="ACTIVE").count())
    content, raws = _isis_file()
    batch = _upload(signed_in, desk, content)
    page = _page(signed_in, batch)
    # The preview: as it is stored, as it is read, and how sure that is.
    stored = falsified(lc_records()[0].subfields("245", "a")[0], "tcvn3")
    assert stored[:12] in page and lc_records()[0].subfields("245", "a")[0][:12].lower() in page.lower()
    assert "TCVN3 (ABC, .VnTime)" in page and "Biểu ghi sẽ bị từ chối" in page
    assert batch.dry_run is not None and batch.dry_run["counts"]["rejected"] == 3
    assert not SourceRecord.objects.exclude(control_number="x1").exists()

    signed_in.post(reverse("catalogue:import_commit", args=[batch.public_id]))
    work_on_import(batch.pk)
    batch.refresh_from_db()
    assert batch.status == "DONE" and batch.encoding == "tcvn3" and batch.format == "printed2709"
    assert batch.counts["created"] == 27 and batch.counts["rejected"] == 3
    kept = [bytes(raw) for raw in batch.rejections.order_by("number").values_list("raw", flat=True)]
    assert kept == [raws[place] for place in BROKEN]
    number = lc_records()[0].value("001").strip()
    record = SourceRecord.objects.get(control_number=number)
    assert record.cluster.title.lower() == lc_records()[0].subfields("245", "a")[0].rstrip(" /:").lower()
    revision = Revision.objects.get(record=record)
    assert decompress(bytes(revision.original), dictionary=revision.dictionary) == raws[0]
    assert revision.encoding == "tcvn3"

    signed_in.post(reverse("catalogue:import_revert", args=[batch.public_id]))
    work_on_import(batch.pk)
    after = (Cluster.objects.filter(is_active=True).count(), SourceRecord.objects.filter(status="ACTIVE").count())
    assert after == before


def test_the_same_through_the_command(desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content, _ = _isis_file()
    path = tmp_path / "isis.iso"
    path.write_bytes(content)
    with pytest.raises(SystemExit) as ended:
        call_command("import_records", str(path), library=desk.main.code, json=True)
    assert ended.value.code == 1
    *sentences, last = capsys.readouterr().out.strip().splitlines()
    report = json.loads(last)
    assert (report["created"], report["rejected"]) == (27, 3)
    assert report["encodings"] == {"isis.iso": "tcvn3"}
    assert any("tcvn3" in line for line in sentences)
    call_command("imports", "revert", report["imports"][0])
    assert not SourceRecord.objects.filter(status="ACTIVE").exists()


def test_another_encoding_can_be_chosen_and_is_remembered_for_the_source(desk: Desk, signed_in: Client) -> None:
    title = data("245", "00", ("a", falsified("Sổ cũ", "tcvn3")))
    short = build(Record("00000nam a2200000 a 4500", [Field("001", "s1"), title]))
    batch = _upload(signed_in, desk, short, source="  ISIS   cũ ")
    assert batch.mapping == {"source": "ISIS cũ"}
    signed_in.post(reverse("catalogue:import_check", args=[batch.public_id]), {"encoding": "tcvn3"})
    work_on_import(batch.pk)
    batch.refresh_from_db()
    assert batch.mapping == {"source": "ISIS cũ", "encoding": "tcvn3"}
    assert "Sổ cũ" in _page(signed_in, batch)
    assert not ImportSource.objects.exists()
    signed_in.post(reverse("catalogue:import_commit", args=[batch.public_id]))
    work_on_import(batch.pk)
    assert ImportSource.objects.get(library=desk.main, name="ISIS cũ").profile == {"encoding": "tcvn3"}

    # The next file of this source is read so without asking; that of another one is not.
    assert "ISIS cũ" in signed_in.get(reverse("catalogue:upload")).content.decode()
    again = _upload(signed_in, desk, short.replace(b"s1", b"s2"), source="ISIS cũ")
    assert again.mapping == {"source": "ISIS cũ", "encoding": "tcvn3"} and again.encoding == "tcvn3"
    other = _upload(signed_in, desk, short.replace(b"s1", b"s3"), source="Khác")
    assert other.mapping == {"source": "Khác"} and other.encoding == "utf-8"
    # A choice made now goes before what is remembered.
    now = _upload(signed_in, desk, short.replace(b"s1", b"s4"), source="ISIS cũ", encoding="none")
    assert now.encoding == "utf-8"


def test_a_file_read_again_in_its_true_encoding_changes_the_records(desk: Desk, take: Importer) -> None:
    content = false_unicode(lc_records()[0], "tcvn3")
    number = lc_records()[0].value("001").strip()
    take(content, mapping={"encoding": "none"})
    assert "µ" in SourceRecord.objects.get(control_number=number).cluster.title
    second = take(content)
    assert second.counts["updated"] == 1
    assert SourceRecord.objects.get(control_number=number).cluster.title.startswith("Hướng dẫn")
    assert take(content).counts["unchanged"] == 1


def test_the_meaning_of_columns_is_remembered_by_their_headers(desk: Desk, signed_in: Client) -> None:
    first = "Nhan đề,Tác giả,Cột lạ\nSố đỏ,Vũ Trọng Phụng,hài\n"
    batch = _upload(signed_in, desk, first.encode(), source="Trường A")
    signed_in.post(
        reverse("catalogue:import_check", args=[batch.public_id]),
        {"column_0": "245$a", "column_1": "100$a", "column_2": "653$a"},
    )
    work_on_import(batch.pk)
    signed_in.post(reverse("catalogue:import_commit", args=[batch.public_id]))
    work_on_import(batch.pk)
    moved = "STT,Cột lạ,Nhan đề,Tác giả\n1,trào phúng,Giông tố,Vũ Trọng Phụng\n"
    again = _upload(signed_in, desk, moved.encode(), source="Trường A")
    signed_in.post(reverse("catalogue:import_commit", args=[again.public_id]))
    work_on_import(again.pk)
    cluster = Cluster.objects.get(title="Giông tố")
    assert cluster.summary["subjects"] == ["trào phúng"]


def test_sources_of_another_library_are_not_proposed(desk: Desk, signed_in: Client) -> None:
    ImportSource.objects.create(library=desk.other, name="Của thư viện khác", updated_by="x")
    assert "Của thư viện khác" not in signed_in.get(reverse("catalogue:upload")).content.decode()


def test_a_profile_moves_the_fields_of_a_source_and_the_original_stays(desk: Desk, tmp_path: Path) -> None:
    raw = build(Record("00000nam a2200000 a 4500", [Field("001", "p1"), data("945", "  ", ("a", "Nhan đề lạ"))]))
    (tmp_path / "a.mrc").write_bytes(raw)
    profile = tmp_path / "nguon.json"
    profile.write_text(json.dumps({"fields": {"945": "245 00"}}))
    with pytest.raises(SystemExit) as ended:
        call_command(
            "import_records", str(tmp_path / "a.mrc"), library=desk.main.code, profile=str(profile), source="Lạ"
        )
    assert ended.value.code == 0
    record = SourceRecord.objects.get(control_number="p1")
    assert record.cluster.title == "Nhan đề lạ"
    revision = Revision.objects.get(record=record)
    assert decompress(bytes(revision.original), dictionary=revision.dictionary) == raw
    assert ImportSource.objects.get(name="Lạ").profile["fields"]["945"]["target"] == "245"

    profile.write_text('{"fields": {"945": "24"}}')
    with pytest.raises(CommandError):
        call_command("import_records", str(tmp_path / "a.mrc"), library=desk.main.code, profile=str(profile))


def test_an_unreadable_choice_of_encoding_is_refused_and_changes_nothing(desk: Desk, signed_in: Client) -> None:
    response = signed_in.post(
        reverse("catalogue:upload"),
        {"library": desk.main.pk, "file": SimpleUploadedFile("a.mrc", marc("a", "B")), "encoding": "klingon"},
    )
    assert response.status_code == 400 and not Batch.objects.exists()


def test_libols_ranges_become_copies(desk: Desk, take: Importer) -> None:
    shelf, copies = data("090", "  ", ("a", "895.9"), ("b", "Đ105B")), data("928", "  ", ("a", "VV-D4/00051-53"))
    take(marc("l1", "Đàn bò", shelf, copies))
    found = Item.objects.order_by("accession_number").values_list("accession_number", "call_number", "shelf")
    assert list(found) == [(f"VV-D4/000{number}", "895.9 Đ105B", "VV-D4") for number in (51, 52, 53)]


def _libol_record(number: str) -> bytes:
    own = {
        "900": "1",
        "907": "https://thuvien.example/bia/1.jpg",
        "925": "G",
        "926": "2",
        "999": "Tin học đại cương",
    }
    return marc(number, "Cơ sở dữ liệu", *[data(tag, "  ", ("a", value)) for tag, value in own.items()])


def test_libols_own_fields_become_marc_fields_for_the_source_that_was_told_so(desk: Desk, signed_in: Client) -> None:
    def taken(number: str, **more: str) -> tuple[Record, dict[str, object], bytes]:
        batch = _upload(signed_in, desk, _libol_record(number), **more)
        signed_in.post(reverse("catalogue:import_commit", args=[batch.public_id]))
        work_on_import(batch.pk)
        kept = SourceRecord.objects.get(control_number=number)
        revision = Revision.objects.get(record=kept)
        original = decompress(bytes(revision.original), dictionary=revision.dictionary)
        return record_of(revision), kept.cluster.summary, original

    record, summary, original = taken("l1", source="Libol", local_fields="libol")
    assert original == _libol_record("l1")
    assert [str(value) for value in record.subfields("856", "u")] == ["https://thuvien.example/bia/1.jpg"]
    assert record.subfields("856", "3") == ["Ảnh bìa"] and record.subfields("340", "a") == ["G"]
    assert not [one.tag for one in record.fields if one.tag in ("900", "907", "925", "926", "999")]
    assert summary["notes"] == ["Mức truy cập (Libol): 2", "Tin học đại cương"]
    assert not summary.get("digital_url")

    # The next file of the source is read as the first one was; another source is left as it is.
    again, _, _ = taken("l2", source="Libol")
    assert again.subfields("526", "a") == ["Tin học đại cương"]
    other, summary, _ = taken("l3", source="Koha")
    assert other.subfields("999", "a") == ["Tin học đại cương"] and not other.subfields("526", "a")
    assert not summary.get("notes")
