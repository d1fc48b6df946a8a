"""What an import writes, what it leaves alone, and what it refuses."""

import pytest
from django.db import connection

from lienthu.audit.models import Entry
from lienthu.audit.queries import verify
from lienthu.catalogue.actions.batches import LOCK_CLASS
from lienthu.catalogue.actions.imports import run_import
from lienthu.catalogue.compression import decompress
from lienthu.catalogue.marc import Field
from lienthu.catalogue.models import (
    Batch,
    Cluster,
    Heading,
    Holding,
    Identifier,
    Item,
    Rejection,
    Revision,
    SourceRecord,
)
from lienthu.catalogue.tests.conftest import LC, Desk, Importer, marc
from lienthu.discovery.models import PendingIndex
from lienthu.identity.access import Refused
from lienthu.kernel.locks import AlreadyRunning


def test_real_records_are_kept_byte_for_byte_and_described(desk: Desk, take: Importer) -> None:
    data = (LC / "lc_vie_ship.mrc").read_bytes()
    batch = take(data)
    assert (batch.status, batch.counts["read"], batch.counts["created"], batch.counts["rejected"]) == (
        "DONE",
        72,
        72,
        0,
    )
    rows = Revision.objects.order_by("record_id").values_list("original", "dictionary")
    assert b"".join(decompress(bytes(original), dictionary=number) for original, number in rows) == data
    assert all(c.summary["language"][0] == "vie" for c in Cluster.objects.all())
    assert Heading.objects.filter(links__isnull=False).exists() and Identifier.objects.filter(kind="LCCN").exists()


def test_marks_in_wrong_order_are_mended_for_display_and_kept_in_the_bytes(desk: Desk, take: Importer) -> None:
    take((LC / "lc_vie_ship.mrc").read_bytes())
    assert Cluster.objects.filter(summary__place__icontains="Hồ Chí Minh").exists()


def test_importing_a_file_twice_changes_nothing(desk: Desk, take: Importer) -> None:
    data = (LC / "lc_vie_ship.mrc").read_bytes() + (LC / "lc_041vie.mrc").read_bytes()
    take(data)
    before = (
        list(Revision.objects.order_by("record_id", "number").values_list("record_id", "number")),
        PendingIndex.objects.count(),
    )
    batch = take(data)
    assert (batch.counts["created"], batch.counts["updated"], batch.counts["unchanged"]) == (0, 0, 82)
    assert list(Revision.objects.order_by("record_id", "number").values_list("record_id", "number")) == before[0]


def test_a_changed_record_gets_a_second_revision(desk: Desk, take: Importer) -> None:
    take(marc("a1", "Bến quê") + marc("a2", "Số đỏ"))
    batch = take(marc("a1", "Bến quê : truyện ngắn") + marc("a2", "Số đỏ"))
    assert (batch.counts["updated"], batch.counts["unchanged"]) == (1, 1)
    record = SourceRecord.objects.get(control_number="a1")
    assert record.revision == 2 and record.cluster.title == "Bến quê : truyện ngắn"
    assert list(record.revisions.order_by("number").values_list("change", flat=True)) == ["CREATED", "UPDATED"]


def test_the_same_number_in_two_libraries_is_two_records(desk: Desk, take: Importer) -> None:
    take(marc("a1", "Bến quê"))
    take(marc("a1", "Bến quê"), actor=desk.other_cataloguer, at=desk.other)
    assert SourceRecord.objects.filter(control_number="a1").count() == 2


def test_of_two_different_records_under_one_number_the_second_is_kept_aside(desk: Desk, take: Importer) -> None:
    data = marc("a1", "Bến quê") + marc("a1", "Bền quê") + marc("a1", "Bến quê")
    for created, unchanged in ((1, 1), (0, 2)):
        batch = take(data)
        assert (batch.counts["created"], batch.counts["unchanged"], batch.counts["rejected"]) == (created, unchanged, 1)
        rejection = batch.rejections.get()
        assert (rejection.number, rejection.code) == (2, "control_number_twice")
        assert rejection.offset == len(marc("a1", "Bến quê")) and bytes(rejection.raw) == marc("a1", "Bền quê")
    assert Cluster.objects.get().title == "Bến quê"


def test_a_record_without_number_is_known_again_by_its_content(desk: Desk, take: Importer) -> None:
    take(marc("", "Không số"))
    assert take(marc("", "Không số")).counts["unchanged"] == 1
    assert SourceRecord.objects.get().control_number.startswith("~")


def test_a_broken_record_leaves_the_good_ones_around_it(desk: Desk, take: Importer) -> None:
    first, last = marc("a1", "Trước"), marc("a3", "Sau")
    batch = take(first + b"00099nam  2200037   4500 garbage\x1e\x1d" + last)
    assert (batch.counts["read"], batch.counts["created"], batch.counts["rejected"]) == (3, 2, 1)
    rejection = batch.rejections.get()
    assert (rejection.number, rejection.offset) == (2, len(first)) and rejection.code
    assert set(Cluster.objects.values_list("title", flat=True)) == {"Trước", "Sau"}


def run_together() -> bytes:
    """A title of a million subfields, such as a file with lost separators gives."""
    body = b"a1\x1e10" + b"\x1faX" * 1_000_000 + b"\x1e\x1d"
    return b"99999nam a2200049   4500" + b"001000300000" + b"245999900003" + b"\x1e" + body


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (marc("a1", ""), "no_title"),
        (marc("x" * 201, "Số dài"), "control_number_too_long"),
        (run_together(), "field_too_long"),
        (marc("a1", "Nguyễn Du", leader="00000nz  a2200000n  4500"), "authority_record"),
        (marc("h1", "", Field("004", "khong-co"), leader="00000nx  a2200000zn 4500"), "holding_without_record"),
    ],
)
def test_what_the_catalogue_cannot_hold_is_rejected_with_its_reason(
    desk: Desk, take: Importer, data: bytes, code: str
) -> None:
    batch = take(data)
    assert batch.counts["rejected"] == 1 and batch.rejections.get().code == code
    assert not SourceRecord.objects.exists() and not Holding.objects.exists()


@pytest.mark.parametrize("data", [b"", b"\x00" * 5000, b"%PDF-1.7 khong phai bieu ghi", b"chi la chu"])
def test_a_file_that_is_no_file_of_records_is_unreadable_and_says_why(desk: Desk, take: Importer, data: bytes) -> None:
    batch = take(data)
    assert batch.status == "UNREADABLE" and batch.problem and batch.problem["code"]
    assert not SourceRecord.objects.exists()


def test_null_characters_in_a_record_do_not_stop_the_import(desk: Desk, take: Importer) -> None:
    batch = take(marc("a1", "Có \x00 rỗng", Field("650", "", " 4", [("a", "Chủ\x00đề")])) + marc("a2", "Sau"))
    assert batch.counts["created"] == 2


def test_an_import_is_audited_and_told_to_the_index(desk: Desk, take: Importer) -> None:
    batch = take(marc("a1", "Bến quê"))
    actions = list(Entry.objects.filter(target_id=batch.public_id).order_by("seq").values_list("action", flat=True))
    assert actions == [
        "catalogue.import_started",
        "catalogue.import_committed",
        "catalogue.records_imported",
        "catalogue.import_finished",
    ]
    assert [ids for ids in PendingIndex.objects.values_list("cluster_ids", flat=True)] == [[Cluster.objects.get().pk]]
    assert verify().ok


@pytest.mark.parametrize("who", ["librarian", "other_cataloguer"])
def test_who_may_not_import_here_is_refused_and_nothing_changes(desk: Desk, take: Importer, who: str) -> None:
    with pytest.raises(Refused):
        take(marc("a1", "Bến quê"), actor=getattr(desk, who))
    assert not Batch.objects.exists() and not SourceRecord.objects.exists()


class TestCopies:
    def copy(self, number: str, *, shelf: str = "Kho mở", library: str = "VN-T-TINH") -> Field:
        subfields = [("a", library), ("c", shelf), ("h", "895.92233"), ("i", "NG527"), ("p", number)]
        return Field("852", "", "  ", [s for s in subfields if s[1]])

    def test_copies_are_made_with_number_place_and_status(self, desk: Desk, take: Importer) -> None:
        batch = take(marc("a1", "Bến quê", self.copy("TQ.01"), self.copy("TQ.02", library="VN-T-KHAC")))
        assert batch.counts["items_created"] == 2
        first, second = Item.objects.order_by("accession_number")
        assert (first.library, first.call_number, first.shelf) == (desk.main, "895.92233 NG527", "Kho mở")
        assert (first.status, second.library) == ("AVAILABLE", desk.other)

    def test_a_copy_on_loan_stays_on_loan_when_its_record_comes_again(self, desk: Desk, take: Importer) -> None:
        take(marc("a1", "Bến quê", self.copy("TQ.01")))
        Item.objects.update(status="ON_LOAN")
        batch = take(marc("a1", "Bến quê", self.copy("TQ.01", shelf="Kho đọc"), self.copy("TQ.02")))
        assert (batch.counts["items_updated"], batch.counts["items_created"]) == (1, 1)
        assert Item.objects.filter(accession_number="TQ.01").values_list("shelf", "status").get() == (
            "Kho đọc",
            "ON_LOAN",
        )

    @pytest.mark.parametrize(
        ("written", "kept"),
        [("45000", 45_000), ("45.000đ", 45_000), ("45,000.00", 45_000), ("45000.00", 45_000),
         ("1 250 000 VNĐ", 1_250_000), ("9.99", None),
         ("$12", None), ("0", None), ("-5000", None), ("cho tặng", None), ("9" * 40, None)],
    )  # fmt: skip
    def test_a_copy_keeps_its_price_in_whole_dong(
        self, desk: Desk, take: Importer, written: str, kept: int | None
    ) -> None:
        priced = Field("852", "", "  ", [("a", "VN-T-TINH"), ("p", "TQ.01"), ("9", written)])
        assert take(marc("a1", "Bến quê", priced)).counts["items_created"] == 1
        assert Item.objects.get().price == kept

    def test_a_price_is_kept_by_a_file_that_says_none_and_changed_by_one_that_does(
        self, desk: Desk, take: Importer
    ) -> None:
        for number, (price, kept) in enumerate([("45000", 45_000), ("", 45_000), ("52.000", 52_000)]):
            stated = [("a", "VN-T-TINH"), ("p", "TQ.01"), ("z", str(number)), *([("9", price)] if price else [])]
            take(marc("a1", "Bến quê", Field("852", "", "  ", stated)))
            assert Item.objects.values_list("price", "note").get() == (kept, str(number))

    def test_koha_evergreen_and_tables_bring_prices(self, desk: Desk, take: Importer) -> None:
        take(marc("k", "Bến quê", Field("952", "", "  ", [("p", "K1"), ("a", "X"), ("g", "45000.00")])))
        evergreen = [("b", "X"), ("j", "895"), ("p", "E1"), ("y", "36000")]
        take(marc("e", "Số đỏ", Field("852", "", "  ", evergreen)))
        take("Số ĐKCB;Nhan đề;Tác giả;Giá tiền\nT1;Tắt đèn;Ngô Tất Tố;27.500\n".encode(), name="so.csv")
        assert dict(Item.objects.values_list("accession_number", "price")) == {"K1": 45_000, "E1": 36_000, "T1": 27_500}

    def test_an_accession_number_of_another_book_is_refused_for_the_copy_alone(
        self, desk: Desk, take: Importer
    ) -> None:
        take(marc("a1", "Bến quê", self.copy("TQ.01")))
        batch = take(marc("a2", "Số đỏ", self.copy("TQ.01"), self.copy("TQ.02")))
        assert (batch.counts["created"], batch.counts["items_created"], batch.counts["items_rejected"]) == (1, 1, 1)
        rejection = Rejection.objects.get(batch=batch)
        assert (rejection.kind, rejection.code, rejection.number) == ("ITEM", "accession_number_taken", 1)
        assert Item.objects.get(accession_number="TQ.01").record.control_number == "a1"

    def test_a_holdings_record_is_tied_to_its_bibliographic_record(self, desk: Desk, take: Importer) -> None:
        mfhd = marc(
            "h1",
            "",
            Field("004", "a1"),
            Field("866", "", " 0", [("a", "Số 1 (2001)-số 40 (2010)")]),
            leader="00000ny  a2200000zn 4500",
        )
        batch = take(marc("a1", "Tạp chí") + mfhd)
        assert batch.counts["created"] == 2
        assert Holding.objects.values_list("record__control_number", "text").get() == ("a1", "Số 1 (2001)-số 40 (2010)")
        assert take(mfhd).counts["unchanged"] == 1


def test_the_same_import_is_not_worked_on_twice_at_once(desk: Desk, take: Importer) -> None:
    batch = take(marc("a1", "Bến quê"))
    with connection.copy().cursor() as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_CLASS, batch.pk])
        with pytest.raises(AlreadyRunning):
            run_import(actor=desk.cataloguer, batch=batch)


def test_a_hostile_file_name_is_made_harmless(desk: Desk, take: Importer) -> None:
    batch = take(marc("a1", "Bến quê"), name="../../etc/../passwd\x00.mrc")
    assert "/" not in batch.file_name and "\x00" not in batch.file_name and batch.file_name.endswith("passwd.mrc")
