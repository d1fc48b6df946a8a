"""An export holds everything, and comes back as what it was."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from lienthu.catalogue.marc import Field
from lienthu.catalogue.models import Item, SourceRecord
from lienthu.catalogue.tests.conftest import LC, Desk, Importer, marc


def _copy(number: str) -> Field:
    return Field(
        "852", "", "  ", [("a", "VN-T-TINH"), ("c", "Kho mở"), ("h", "895.922"), ("p", number), ("9", "45.000đ")]
    )


@pytest.mark.parametrize("form", ["marc", "marcxml", "jsonl"])
def test_an_export_of_one_library_imports_into_another_as_the_same_records_and_copies(
    desk: Desk, take: Importer, tmp_path: Path, form: str
) -> None:
    take((LC / "lc_vie_ship.mrc").read_bytes() + marc("a1", "Bến quê", _copy("TQ.1"), _copy("TQ.2")))
    target = tmp_path / "out"
    call_command("export", "--format", form, "--library", "VN-T-TINH", "-o", str(target))
    Item.objects.all().delete()
    batch = take(target.read_bytes(), actor=desk.other_cataloguer, at=desk.other)
    assert (batch.counts["created"], batch.counts["rejected"], batch.counts["items_created"]) == (73, 0, 2)
    mine, theirs = (
        SourceRecord.objects.filter(library=library).order_by("control_number") for library in (desk.main, desk.other)
    )
    assert [r.cluster.summary for r in mine] == [r.cluster.summary for r in theirs]
    assert set(Item.objects.values_list("accession_number", "library__code", "price")) == {
        ("TQ.1", "VN-T-TINH", 45_000),
        ("TQ.2", "VN-T-TINH", 45_000),
    }


def test_records_of_all_libraries_are_told_apart(desk: Desk, take: Importer, tmp_path: Path) -> None:
    take(marc("a1", "Bến quê"))
    take(marc("a1", "Bến quê"), actor=desk.other_cataloguer, at=desk.other)
    target = tmp_path / "out.mrc"
    call_command("export", "--format", "marc", "-o", str(target))
    assert b"VN-T-TINH" in target.read_bytes() and b"VN-T-KHAC" in target.read_bytes()


def test_a_record_with_too_many_copies_for_the_format_is_exported_without_them(
    desk: Desk, take: Importer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    take(marc("a1", "Bến quê"))
    record = SourceRecord.objects.get()
    Item.objects.bulk_create(
        Item(record=record, library=desk.main, source_key=str(n), accession_number=f"TQ.{n}", shelf="Kho " * 40)
        for n in range(700)
    )
    target = tmp_path / "out.mrc"
    call_command("export", "--format", "marc", "-o", str(target))
    assert "Bến quê".encode() in target.read_bytes() and b"TQ.1" not in target.read_bytes()
    assert "không kèm bản tài liệu" in capsys.readouterr().out


def test_an_unknown_library_or_folder_is_a_sentence_and_no_file(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Không có thư viện"):
        call_command("export", "--format", "marc", "--library", "VN-X", "-o", str(tmp_path / "x"))
    with pytest.raises(CommandError, match="Không ghi được"):
        call_command("export", "--format", "marc", "-o", str(tmp_path / "khong-co" / "x"))
    assert not list(tmp_path.glob("x*"))
