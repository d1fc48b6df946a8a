"""One book is shown once, whoever brings it, and every joining can be taken back exactly."""

import pytest

from lienthu.catalogue.actions.merging import merge_clusters, split_record, unmerge
from lienthu.catalogue.actions.records import restore_revision
from lienthu.catalogue.marc import Field
from lienthu.catalogue.models import Batch, Cluster, Decision, Item, Merge, ReviewPair, SourceRecord
from lienthu.catalogue.queries import Merged, find_union_record
from lienthu.catalogue.tests.conftest import Desk, Importer, marc
from lienthu.catalogue.tests.factories import field, fixed
from lienthu.identity.access import Refused

MINH_CHAU = field("100", "0 ", ("a", "Nguyễn Minh Châu"))


def book(
    number: str, title: str = "Bến quê", *fields: Field, author: Field | None = MINH_CHAU, year: int = 1985
) -> bytes:
    parts = [fixed(year, "vie"), *([author] if author else [])]
    return marc(number, title, *parts, field("260", "  ", ("a", "Hà Nội"), ("b", "Tác phẩm mới")), *fields)


def copy(library: str, number: str, shelf: str = "Kho mở") -> Field:
    return Field("852", "", "  ", [("a", library), ("c", shelf), ("p", number)])


def at_other(desk: Desk, take: Importer, data: bytes) -> Batch:
    return take(data, actor=desk.other_cataloguer, at=desk.other)


def clusters() -> list[tuple[str, list[str]]]:
    """(title, libraries and numbers) of every shown union record."""
    rows = Cluster.objects.filter(is_active=True, merged_into=None).order_by("pk")
    return [(c.title, [str(r) for r in c.records.filter(status="ACTIVE").order_by("pk")]) for c in rows]


def sound() -> None:
    """What must be true of union records at any moment."""
    for record in SourceRecord.objects.select_related("cluster"):
        assert record.cluster.merged_into_id is None
    for cluster in Cluster.objects.all():
        shown = cluster.records.filter(status="ACTIVE").exists()
        assert cluster.is_active == shown, cluster
        assert cluster.merged_into_id is None or not cluster.records.exists()


def _whole() -> list[dict[str, object]]:
    return list(
        Cluster.objects.order_by("pk").values("pk", "title", "title_sort", "summary", "provenance", "is_active")
    )


def test_the_same_book_from_two_libraries_is_one_union_record_with_both_holdings(desk: Desk, take: Importer) -> None:
    take(book("a1", "Bến quê", copy("VN-T-TINH", "TQ.1")))
    batch = at_other(desk, take, book("b7", "Bến quê", copy("VN-T-KHAC", "HY.1")))
    assert (batch.counts["created"], batch.counts["merged"]) == (1, 1)
    cluster = Cluster.objects.get()
    assert cluster.records.count() == 2 and Item.objects.filter(record__cluster=cluster).count() == 2
    merge = Merge.objects.get()
    assert (merge.kind, merge.reasons[0]["code"]) == ("JOINED", "title_same")
    sound()


def test_two_books_of_one_file_are_one_union_record_too(desk: Desk, take: Importer) -> None:
    batch = take(book("a1") + book("a2") + book("a3", "Bền quê"))
    assert (batch.counts["created"], batch.counts["merged"]) == (3, 1)
    assert [len(records) for _, records in clusters()] == [2, 1]
    sound()


def test_marks_left_out_by_one_library_are_shown_with_marks(desk: Desk, take: Importer) -> None:
    take(book("a1", "Ben que", author=field("100", "0 ", ("a", "Nguyen Minh Chau"))))
    at_other(desk, take, book("b1"))
    (cluster,) = Cluster.objects.all()
    assert (cluster.title, cluster.summary["authors"]) == ("Bến quê", ["Nguyễn Minh Châu"])
    assert cluster.summary["other_titles"] == []


def test_each_value_knows_the_records_that_gave_it(desk: Desk, take: Importer) -> None:
    take(book("a1", "Bến quê", field("650", " 4", ("a", "Truyện ngắn"))))
    at_other(
        desk,
        take,
        book(
            "b1",
            "Bến quê",
            field("650", " 4", ("a", "Truyện ngắn"), ("x", "Việt Nam")),
            field("650", " 4", ("a", "truyện ngắn")),
            field("520", "  ", ("a", "Mười truyện.")),
        ),
    )
    cluster = Cluster.objects.get()
    first, second = (SourceRecord.objects.get(control_number=n).pk for n in ("a1", "b1"))
    assert cluster.summary["abstract"] == "Mười truyện." and cluster.provenance is not None
    assert cluster.provenance["abstract"] == second
    given = dict(zip(cluster.summary["subjects"], cluster.provenance["subjects"], strict=True))
    assert {name: set(givers) for name, givers in given.items()} == {
        "Truyện ngắn -- Việt Nam": {second},
        given and next(n for n in given if "--" not in n): {first, second},
    }


def test_a_record_that_becomes_another_book_leaves_and_comes_back(desk: Desk, take: Importer) -> None:
    take(book("a1"))
    at_other(desk, take, book("b1"))
    home = Cluster.objects.get().pk
    at_other(desk, take, book("b1", "Cỏ lau"))
    assert [title for title, _ in clusters()] == ["Bến quê", "Cỏ lau"]
    left = SourceRecord.objects.get(control_number="b1").cluster_id
    at_other(desk, take, book("b1"))
    assert SourceRecord.objects.get(control_number="b1").cluster_id == home
    assert find_union_record(left) == Merged(home)
    sound()


def test_a_merge_by_hand_is_undone_exactly_and_addresses_return(desk: Desk, take: Importer) -> None:
    take(book("a1", "Bến quê", copy("VN-T-TINH", "TQ.1")))
    at_other(desk, take, book("b1", "Chiếc thuyền ngoài xa", copy("VN-T-KHAC", "HY.1")))
    before = list(
        Cluster.objects.order_by("pk").values("pk", "title", "title_sort", "summary", "provenance", "is_active")
    )
    keep, absorb = (row["pk"] for row in before)
    merge = merge_clusters(actor=desk.cataloguer, keep=keep, absorb=absorb)
    assert find_union_record(absorb) == Merged(keep)
    assert Item.objects.filter(record__cluster=keep).count() == 2
    sound()
    unmerge(actor=desk.other_cataloguer, merge=merge)
    after = list(
        Cluster.objects.order_by("pk").values("pk", "title", "title_sort", "summary", "provenance", "is_active")
    )
    assert after == before and not Cluster.objects.exclude(merged_into=None).exists()
    assert [item.record.cluster_id for item in Item.objects.order_by("accession_number")] == [absorb, keep]
    sound()


def test_a_merge_is_undone_after_both_records_changed_and_they_keep_what_they_say_now(
    desk: Desk, take: Importer
) -> None:
    take(book("a1"))
    at_other(desk, take, book("b1", "Chiếc thuyền ngoài xa"))
    keep, absorb = Cluster.objects.order_by("pk").values_list("pk", flat=True)
    merge = merge_clusters(actor=desk.cataloguer, keep=keep, absorb=absorb)
    take(book("a1", "Bến quê : truyện"))
    at_other(desk, take, book("b1", "Chiếc thuyền ngoài xa : truyện"))
    assert len(clusters()) == 1
    _, undone = unmerge(actor=desk.cataloguer, merge=merge)
    assert undone.elsewhere == []
    assert dict(Cluster.objects.values_list("pk", "title")) == {
        keep: "Bến quê : truyện", absorb: "Chiếc thuyền ngoài xa : truyện"
    }  # fmt: skip
    sound()


def test_what_people_decided_is_remembered_when_records_come_again(desk: Desk, take: Importer) -> None:
    take(book("a1"))
    at_other(desk, take, book("b1"))
    record = SourceRecord.objects.get(control_number="b1")
    split_record(actor=desk.cataloguer, record=record)
    assert len(clusters()) == 2
    at_other(desk, take, book("b1", "Bến quê", field("300", "  ", ("a", "155 tr."))))
    take(book("a1", "Bến quê", field("300", "  ", ("a", "155 tr."))))
    assert len(clusters()) == 2 and Decision.objects.get().verdict == "DIFFERENT"
    restore_revision(actor=desk.other_cataloguer, record=record, number=1, expected=2)
    assert len(clusters()) == 2
    sound()


def test_records_that_people_brought_together_stay_together_whatever_comes(desk: Desk, take: Importer) -> None:
    take(book("a1"))
    at_other(desk, take, book("b1", "Chiếc thuyền ngoài xa", year=1987))
    keep, absorb = Cluster.objects.order_by("pk").values_list("pk", flat=True)
    merge_clusters(actor=desk.cataloguer, keep=keep, absorb=absorb)
    at_other(desk, take, book("b1", "Dấu chân người lính", year=1972))
    assert len(clusters()) == 1
    sound()


def test_a_later_merge_does_not_stand_in_the_way_of_undoing_an_earlier_one(desk: Desk, take: Importer) -> None:
    take(book("a1") + book("a2", "Cỏ lau") + book("a3", "Mảnh đất tình yêu"))
    a, b, c = Cluster.objects.order_by("pk").values_list("pk", flat=True)
    first = merge_clusters(actor=desk.cataloguer, keep=b, absorb=a)
    second = merge_clusters(actor=desk.cataloguer, keep=c, absorb=b)
    assert find_union_record(a) == Merged(c)
    unmerge(actor=desk.cataloguer, merge=first)
    assert [title for title, _ in clusters()] == ["Bến quê", "Cỏ lau"]
    _, undone = unmerge(actor=desk.cataloguer, merge=second)
    assert undone.elsewhere == [SourceRecord.objects.get(control_number="a1").pk]
    assert [title for title, _ in clusters()] == ["Bến quê", "Cỏ lau", "Mảnh đất tình yêu"]
    sound()


def test_only_people_of_one_of_the_libraries_may_merge(desk: Desk, take: Importer) -> None:
    take(book("a1") + book("a2", "Cỏ lau"))
    keep, absorb = Cluster.objects.order_by("pk").values_list("pk", flat=True)
    for stranger in (desk.other_cataloguer, desk.librarian):
        with pytest.raises(Refused):
            merge_clusters(actor=stranger, keep=keep, absorb=absorb)
    assert len(clusters()) == 2 and not Merge.objects.exists() and not Decision.objects.exists()


def test_a_doubtful_pair_waits_for_a_person(desk: Desk, take: Importer) -> None:
    take(marc("a1", "Bến quê"))
    batch = at_other(desk, take, marc("b1", "Bến quê"))
    assert batch.counts["merged"] == 0
    assert len(clusters()) == 2
    pair = ReviewPair.objects.get()
    assert (pair.state, pair.reasons[0]["code"]) == ("OPEN", "title_same")
