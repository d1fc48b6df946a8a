"""MARC 21 authority records: in, out, in again; a damaged file; what an import never does."""

import io
import json

import pymarc
import pytest
from django.core.management import call_command

from lienthu.authorities.actions import AuthorityData, edit_authority, import_file
from lienthu.authorities.models import Authority, Form, Relation
from lienthu.authorities.policy.forms import person_form
from lienthu.authorities.queries.exchanging import authority_records
from lienthu.authorities.tests.conftest import File, book, by, revision_of
from lienthu.catalogue.marc import Field, Record
from lienthu.catalogue.marc.iso2709 import build
from lienthu.identity.access import Refused
from lienthu.testing import shared_data

LEADER = "00000cz  a2200000n  4500"


def authority(number: str, *fields: Field, leader: str = LEADER) -> bytes:
    return build(Record(leader, [Field("001", number), Field("003", "DLC"), *fields]))


def data(tag: str, *subfields: tuple[str, str], indicators: str = "1 ") -> Field:
    return Field(tag, "", indicators, list(subfields))


DU = authority(
    "n 79000001",
    data("046", ("f", "1765"), ("g", "1820"), indicators="  "),
    data("100", ("a", "Nguyễn, Du,"), ("d", "1765-1820")),
    data("400", ("a", "Tố Như,"), ("d", "1765-1820")),
    data("400", ("a", "Nguyen, Du,"), ("d", "1765-1820")),
    data("510", ("w", "r"), ("a", "Hội Tao Đàn"), indicators="2 "),
    data("670", ("a", "Truyện Kiều, 1979."), indicators="  "),
)
SONGS = authority("sh 1", data("150", ("a", "Folk songs"), indicators="  "))
THEN = authority(
    "sh 2",
    data("150", ("a", "Folk songs, Tày"), indicators="  "),
    data("550", ("w", "g"), ("a", "Folk songs"), indicators="  "),
)


def take(file: File, *records: bytes):
    return import_file(actor=file.actor, source=io.BytesIO(b"".join(records)))


def test_a_file_makes_authorities_with_variants_and_relations_and_again_changes_nothing(file: File) -> None:
    report = take(file, DU, THEN, SONGS)
    assert report.counts == {"read": 3, "created": 3, "updated": 0, "unchanged": 0, "kept": 0, "rejected": 0}
    one = Authority.objects.get(number="n 79000001")
    assert (one.text, one.kind, one.dates, one.sources) == (
        "Nguyễn, Du, 1765-1820", "PERSON", "1765 - 1820", "Truyện Kiều, 1979.",
    )  # fmt: skip
    assert [form.heading.text for form in one.forms.order_by("pk")] == [
        "Nguyễn, Du, 1765-1820", "Tố Như, 1765-1820", "Nguyen, Du, 1765-1820",
    ]  # fmt: skip
    assert Relation.objects.get().other.text == "Folk songs"
    again = take(file, DU, THEN, SONGS)
    assert again.counts["unchanged"] == 3 and Authority.objects.count() == 3
    assert one.revisions.count() == 1


def test_records_with_a_variant_are_linked_and_their_text_stays(file: File, books) -> None:
    take(file, DU)
    books(book("a1", by(("a", "Tố Như,"), ("d", "1765-1820"))))
    one = Authority.objects.get()
    headings = Form.objects.filter(heading__text="Tố Như, 1765-1820").values_list("authority", flat=True)
    assert list(headings) == [one.pk]
    assert revision_of("a1") == 1


def test_what_goes_out_is_read_by_pymarc_and_comes_in_as_it_was(file: File) -> None:
    take(file, DU, THEN, SONGS)
    raw = b"".join(build(record) for record in authority_records())
    read = list(pymarc.MARCReader(raw))
    assert [record["001"].data for record in read if record] == ["n 79000001", "sh 2", "sh 1"]
    first = read[0]
    assert first is not None and first.leader[6] == "z"
    assert first["100"].value() == "Nguyễn, Du, 1765-1820"
    assert [field.value() for field in first.get_fields("400")] == ["Tố Như, 1765-1820", "Nguyen, Du, 1765-1820"]
    assert len(first["008"].data) == 40
    # A reference to a heading without authority is only in the imported record: it is not stated by us.
    assert first.get_fields("046")[0].value() == "1765 1820"
    assert [field.value() for field in read[1].get_fields("550")] == ["g Folk songs"]
    Authority.objects.all().delete()
    report = import_file(actor=file.actor, source=io.BytesIO(raw))
    assert report.counts["created"] == 3
    assert Relation.objects.get().other.text == "Folk songs"


def test_an_import_never_changes_a_preferred_form_that_is_there(file: File, books) -> None:
    take(file, DU)
    one = Authority.objects.get()
    edit_authority(
        actor=file.actor, authority_id=one.pk, expected=1, form=person_form(name="Nguyễn Du", dates="1765-1820"),
        data=AuthorityData(note="Của ta"),
    )  # fmt: skip
    books(book("a1", by(("a", "Nguyễn Du,"), ("d", "1765-1820"))))
    changed = authority(
        "n 79000001",
        data("100", ("a", "Nguyễn, Du,"), ("d", "1766-1820")),
        data("400", ("a", "Thanh Hiên")),
        data("680", ("i", "Của nguồn"), indicators="  "),
    )
    report = take(file, changed)
    assert report.counts["updated"] == 1
    assert [left.code for left in report.left] == ["other_form"]
    one.refresh_from_db()
    assert (one.text, one.note) == ("Nguyễn Du, 1765-1820", "Của ta")
    assert {"Thanh Hiên", "Nguyễn, Du, 1766-1820"} <= {form.heading.text for form in one.forms.all()}
    assert revision_of("a1") == 1


def test_what_cannot_be_taken_is_reported_and_the_rest_is_taken(file: File) -> None:
    wrong = [
        build(Record("00000nam a2200000 a 4500", [Field("001", "b"), data("245", ("a", "Sách"))])),
        authority("x1", data("670", ("a", "Không có 1XX"), indicators="  ")),
        authority("x2", data("180", ("x", "History"), indicators="  ")),
        authority("x3", data("100", ("a", "—"))),
        b"00050cz  broken\x1e\x1d",
        authority("x4", data("100", ("a", "Đã rút")), leader="00000dz  a2200000n  4500"),
    ]
    report = take(file, wrong[0], wrong[1], DU, wrong[2], wrong[3], wrong[4], wrong[5], SONGS)
    assert report.counts == {"read": 8, "created": 2, "updated": 0, "unchanged": 0, "kept": 1, "rejected": 5}
    codes = [left.code for left in report.left]
    assert codes[:4] == ["not_authority", "no_heading", "subdivision", "no_words"]
    assert codes[-1] == "withdrawn_by_source"
    assert Authority.objects.count() == 2


def test_a_file_that_is_no_marc_at_all_changes_nothing(file: File) -> None:
    report = import_file(actor=file.actor, source=io.BytesIO(b"\x89PNG\r\n\x1a\n" + bytes(100)))
    assert report.problem and Authority.objects.count() == 0


def test_only_keepers_of_the_file_import(file: File) -> None:
    with pytest.raises(Refused):
        import_file(actor=file.cataloguer.actor, source=io.BytesIO(DU))
    assert Authority.objects.count() == 0


def test_the_command_takes_a_file_and_says_what_became_of_it(file: File, tmp_path, settings) -> None:
    settings.INDEX_ROOT = tmp_path / "index"
    path = tmp_path / "authorities.mrc"
    path.write_bytes(DU + authority("x1", data("670", ("a", "Không có 1XX"), indicators="  ")))
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("authorities", "import", str(path), "--json", stdout=out)
    assert ended.value.code == 1
    lines = out.getvalue().splitlines()
    assert lines[0] == "authorities.mrc: đọc 2, mới 1, cập nhật 0, không đổi 0, giữ nguyên 0, từ chối 1."
    assert json.loads(lines[-1])["left"][0]["code"] == "no_heading"
    target = tmp_path / "out.xml"
    call_command("authorities", "export", "-o", str(target), "--format", "marcxml", stdout=out)
    assert "Nguyễn, Du," in target.read_text(encoding="utf-8")


def test_authorities_of_another_system_come_in_and_local_ones_are_refused_with_their_reason(file: File) -> None:
    folder = shared_data("dev/marc/evergreen")
    with (folder / "auth-subset100.mrc").open("rb") as source:
        report = import_file(actor=file.actor, source=source)
    assert (report.counts["read"], report.counts["created"]) == (17, 17)
    # These have their words in 103, which is no heading of MARC 21.
    with (folder / "auth-1066.mrc.gz").open("rb") as source:
        report = import_file(actor=file.actor, source=source)
    assert (report.counts["read"], report.counts["rejected"], report.left[0].code) == (1066, 1066, "no_heading")
    assert Authority.objects.count() == 17
