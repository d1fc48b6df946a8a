"""The review desk as a cataloguer uses it; what the public sees of a union record and of libraries that share less."""

import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from lienthu.catalogue.actions import sharing
from lienthu.catalogue.actions.curating import lock_field
from lienthu.catalogue.actions.merging import NotPossible
from lienthu.catalogue.actions.reviewing import decide_pair
from lienthu.catalogue.actions.sharing import (
    apply_sharing,
    restore_library_records,
    set_sharing,
    withdraw_library_records,
    work_on_withdrawal,
)
from lienthu.catalogue.jobs import apply_sharing_of, resume_imports
from lienthu.catalogue.models import Cluster, Item, Merge, ReviewPair, SourceRecord
from lienthu.catalogue.queries import availability_of, exchange_records, union_records
from lienthu.catalogue.tests.conftest import Desk, Importer, marc
from lienthu.catalogue.tests.factories import field, fixed
from lienthu.catalogue.tests.test_union import at_other, book, clusters, copy, sound
from lienthu.discovery.documents import documents_of
from lienthu.libraries.tests.factories import person


@pytest.fixture
def signed_in(desk: Desk, client: Client) -> Client:
    client.force_login(desk.account)
    return client


@pytest.fixture
def pair(desk: Desk, take: Importer) -> ReviewPair:
    take(marc("a1", "Bến quê"))
    at_other(desk, take, marc("b1", "Bến quê"))
    return ReviewPair.objects.get()


def test_a_pair_is_looked_at_side_by_side_and_merged(signed_in: Client, pair: ReviewPair) -> None:
    queue = signed_in.get(reverse("catalogue:pairs")).content.decode()
    assert "Bến quê ↔ Bến quê" in queue
    page = signed_in.get(reverse("catalogue:pair", args=[pair.public_id])).content.decode()
    assert "Thư viện tỉnh" in page and "Thư viện khác" in page and "như nhau" in page
    answer = signed_in.post(reverse("catalogue:decide", args=[pair.public_id]), {"answer": "same"})
    assert answer.status_code == 302 and [len(records) for _, records in clusters()] == [2]
    history = signed_in.get(reverse("catalogue:merges")).content.decode()
    assert "bienmuc" in history
    merge = Merge.objects.get()
    asked = signed_in.get(reverse("catalogue:undo_merge", args=[merge.public_id]))
    assert asked.status_code == 200
    signed_in.post(reverse("catalogue:undo_merge", args=[merge.public_id]))
    assert [len(records) for _, records in clusters()] == [1, 1]
    sound()


def test_codes_are_shown_in_words(signed_in: Client, desk: Desk, take: Importer) -> None:
    take(marc("a1", "Bến quê", fixed(1985, "vie")))
    at_other(desk, take, marc("b1", "Bến quê", fixed(1985, "vie")))
    address = reverse("catalogue:pair", args=[ReviewPair.objects.get().public_id])
    page = signed_in.get(address).content.decode()
    assert "<td>Sách</td>" in page and "<td>Tiếng Việt</td>" in page
    assert "BOOK" not in page and "vie<" not in page
    english = signed_in.get(address, headers={"Accept-Language": "en"}).content.decode()
    assert "<td>Book</td>" in english and "<td>Vietnamese</td>" in english


def test_a_pair_may_be_put_off_or_called_different(signed_in: Client, pair: ReviewPair) -> None:
    decide = reverse("catalogue:decide", args=[pair.public_id])
    signed_in.post(decide, {"answer": "later"})
    pair.refresh_from_db()
    assert pair.state == "OPEN" and pair.later_at is not None
    signed_in.post(decide, {"answer": "different"})
    pair.refresh_from_db()
    assert pair.state == "DECIDED" and len(clusters()) == 2
    assert "Không có cặp nào chờ xem" in signed_in.get(reverse("catalogue:pairs")).content.decode()


def test_the_queue_is_narrowed_and_exported(signed_in: Client, pair: ReviewPair) -> None:
    none = signed_in.get(reverse("catalogue:pairs") + "?least=99").content.decode()
    assert "Bến quê ↔" not in none
    response = signed_in.get(reverse("catalogue:pairs") + "?format=csv&sort=score")
    text = b"".join(response.streaming_content).decode()
    assert text.count("Bến quê") >= 2 and "Thư viện khác" in text


def test_of_two_cataloguers_deciding_at_once_the_second_is_told(desk: Desk, pair: ReviewPair) -> None:
    decide_pair(actor=desk.cataloguer, pair=pair, same=True)
    with pytest.raises(NotPossible) as told:
        decide_pair(actor=desk.other_cataloguer, pair=pair, same=False)
    assert told.value.code == "decided" and Merge.objects.count() == 1
    assert [len(records) for _, records in clusters()] == [2]


def test_strangers_do_not_see_pairs_of_other_libraries(desk: Desk, client: Client, pair: ReviewPair) -> None:
    client.force_login(person("thuthu2", "LIBRARIAN", desk.main.scope).account)
    assert client.get(reverse("catalogue:pairs")).status_code == 403
    assert client.get(reverse("catalogue:pair", args=[pair.public_id])).status_code == 403


def test_locked_fields_and_notes_survive_every_import(desk: Desk, take: Importer, signed_in: Client) -> None:
    take(book("a1"))
    at_other(desk, take, book("b1"))
    found = Cluster.objects.get()
    lock_field(actor=desk.cataloguer, cluster=found, field="abstract", value="Tóm tắt do thư viện viết.")
    change = reverse("catalogue:cluster_change", args=[found.public_id, "ghi-chu"])
    signed_in.post(change, {"library": desk.main.pk, "text": "Có chữ ký tác giả."})
    at_other(desk, take, book("b1", "Bến quê", field("520", "  ", ("a", "Tóm tắt từ tệp."))))
    found.refresh_from_db()
    assert found.summary["abstract"] == "Tóm tắt do thư viện viết." and found.provenance["abstract"] == "lock"
    page = signed_in.get(reverse("discovery:record", args=[found.public_id])).content.decode()
    assert "Có chữ ký tác giả." in page and "Nguồn của từng trường" in page and "do cán bộ biên mục chọn" in page
    desk_page = signed_in.get(reverse("catalogue:cluster", args=[found.public_id])).content.decode()
    assert "bienmuc đã khóa" in desk_page and "245$a$n$p" in desk_page
    signed_in.post(reverse("catalogue:cluster_change", args=[found.public_id, "mo-khoa"]), {"field": "abstract"})
    found.refresh_from_db()
    assert found.summary["abstract"] == "Tóm tắt từ tệp."


def test_a_record_is_split_and_merged_from_the_page_of_its_union_record(
    desk: Desk, take: Importer, signed_in: Client
) -> None:
    take(book("a1"))
    at_other(desk, take, book("b1"))
    found = Cluster.objects.get()
    record = SourceRecord.objects.get(control_number="b1")
    here = [found.public_id, "tach"]
    signed_in.post(reverse("catalogue:cluster_change", args=here), {"record": record.pk})
    assert len(clusters()) == 2
    record.refresh_from_db()
    address = f"http://testserver/bieu-ghi/{record.cluster.public_id}"
    signed_in.post(reverse("catalogue:cluster_change", args=[found.public_id, "gop"]), {"address": address})
    assert [len(records) for _, records in clusters()] == [2]
    sound()


def test_editions_and_translations_of_one_work_are_shown_together_and_not_merged(
    desk: Desk, take: Importer, client: Client
) -> None:
    du = field("100", "0 ", ("a", "Nguyễn Du,"), ("d", "1765-1820"))
    french = (field("240", "10", ("a", "Truyện Kiều.")), field("260", "  ", ("b", "Gallimard")))
    take(
        book("k1", "Truyện Kiều", author=du, year=1979)
        + book("k2", "Kim Vân Kiều", author=du, year=1951)
        + book("k3", "Kim-Vân-Kiêu", *french, author=du, year=1961)
        + book("k4", "Văn chiêu hồn", author=du, year=1991)
    )
    works = dict(Cluster.objects.values_list("records__control_number", "work__title"))
    assert works == {"k1": "Truyện Kiều", "k2": "Truyện Kiều", "k3": "Truyện Kiều", "k4": None}
    first = Cluster.objects.get(records__control_number="k1")
    page = client.get(reverse("discovery:record", args=[first.public_id])).content.decode()
    assert "Các bản khác của tác phẩm này" in page and "Kim Vân Kiều" in page and "Văn chiêu hồn" not in page
    ids = {client.get(f"/api/v1/records/{c.public_id}").json()["work"] for c in Cluster.objects.exclude(work=None)}
    assert len(ids) == 1 and None not in ids


def test_what_a_library_does_not_share_is_not_shown_to_the_public(desk: Desk, take: Importer, client: Client) -> None:
    take(book("a1", "Bến quê", copy("VN-T-TINH", "TQ.1")))
    at_other(desk, take, book("b1", "Bến quê", copy("VN-T-KHAC", "KIN.1"), field("520", "  ", ("a", "Tóm tắt kín."))))
    at_other(desk, take, book("b2", "Số phận", copy("VN-T-KHAC", "KIN.2")))
    both, alone = (Cluster.objects.get(records__control_number=n) for n in ("a1", "b2"))
    manager = person("phutrach", "LIBRARY_MANAGER", desk.other.scope)
    set_sharing(actor=manager.actor, library=desk.other, visibility="NETWORK", trust=50)
    assert apply_sharing(actor=desk.system, library=desk.other) == 2

    def page(cluster: Cluster) -> tuple[int, str]:
        response = client.get(reverse("discovery:record", args=[cluster.public_id]))
        return response.status_code, response.content.decode()

    status, text = page(both)
    assert status == 200 and "TQ.1" in text and "KIN.1" not in text and "Tóm tắt kín" not in text
    assert page(alone)[0] == 404 and client.get(f"/api/v1/records/{alone.public_id}").status_code == 404
    assert [d.id for d in documents_of([both.pk, alone.pk])] == [both.pk]
    assert [d.accession_numbers for d in documents_of([both.pk])] == [["TQ.1"]]
    assert list(union_records([both.pk, alone.pk])) == [both.pk] and list(exchange_records([alone.pk])) == []
    client.force_login(desk.account)
    assert "KIN.1" in page(both)[1] and page(alone)[0] == 200
    set_sharing(actor=manager.actor, library=desk.other, visibility="HIDDEN", trust=50)
    apply_sharing(actor=desk.system, library=desk.other)
    assert "KIN.1" not in page(both)[1] and page(alone)[0] == 404
    client.force_login(manager.account)
    assert "KIN.1" in page(both)[1] and page(alone)[0] == 200
    set_sharing(actor=manager.actor, library=desk.other, visibility="PUBLIC", trust=50)
    apply_sharing(actor=desk.system, library=desk.other)
    client.logout()
    assert page(alone)[0] == 200 and "Tóm tắt kín" in page(both)[1]


def test_copies_under_the_record_of_another_library_are_hidden_from_programs_too(desk: Desk, take: Importer) -> None:
    take(book("a1", "Bến quê", copy("VN-T-TINH", "TQ.1"), copy("VN-T-KHAC", "KIN.1")))
    assert not SourceRecord.objects.filter(library=desk.other).exists()
    manager = person("phutrach", "LIBRARY_MANAGER", desk.other.scope)
    set_sharing(actor=manager.actor, library=desk.other, visibility="HIDDEN", trust=50)
    # The index and the sets of OAI-PMH follow the event that this publishes.
    assert apply_sharing(actor=desk.system, library=desk.other) == 1


def test_a_change_of_sharing_that_is_killed_goes_on_by_itself(
    desk: Desk, take: Importer, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles = ("Bến quê", "Số phận", "Tre Việt Nam")
    at_other(desk, take, b"".join(book(f"b{number}", title) for number, title in enumerate(titles)))
    client.force_login(person("phutrach", "LIBRARY_MANAGER", desk.other.scope).account)
    address = reverse("catalogue:sharing_library", args=[desk.other.code])
    client.post(address, {"visibility": "NETWORK", "trust": "50"})
    monkeypatch.setattr(sharing, "CHUNK", 1)
    compose = sharing.recompose
    composed: list[int] = []

    def killed(cluster_ids: list[int]) -> None:
        if composed:
            raise KeyboardInterrupt
        composed.extend(cluster_ids)
        compose(cluster_ids)

    monkeypatch.setattr(sharing, "recompose", killed)
    with pytest.raises(KeyboardInterrupt):
        apply_sharing_of(desk.other.pk)
    monkeypatch.setattr(sharing, "recompose", compose)
    assert list(Cluster.objects.order_by("pk").values_list("visibility", flat=True)) == ["NETWORK", "PUBLIC", "PUBLIC"]
    assert "đang được cập nhật" in client.get(address).content.decode()
    resume_imports()
    resume_imports()
    queued = ProcrastinateJob.objects.filter(task_name="catalogue.apply_sharing", queueing_lock__isnull=False)
    assert [job.args for job in queued] == [{"library_id": desk.other.pk}]
    assert apply_sharing(actor=desk.system, library=desk.other) == 2
    assert set(Cluster.objects.values_list("visibility", flat=True)) == {"NETWORK"}
    assert "đang được cập nhật" not in client.get(address).content.decode()
    assert apply_sharing(actor=desk.system, library=desk.other) == 0


def test_all_records_of_a_library_are_withdrawn_and_come_back_as_they_were(desk: Desk, take: Importer) -> None:
    take(book("a1"))
    at_other(desk, take, book("b1", "Bến quê", copy("VN-T-KHAC", "HY.1")) + book("b2", "Số phận"))
    before = clusters()
    withdrawal = withdraw_library_records(actor=desk.system, library=desk.other, in_background=False)
    work_on_withdrawal(actor=desk.system, withdrawal=withdrawal)
    assert clusters() == [("Bến quê", before[0][1][:1])] and withdrawal.records == 2
    with pytest.raises(NotPossible):
        withdraw_library_records(actor=desk.system, library=desk.other)
    restore_library_records(actor=desk.system, withdrawal=withdrawal, in_background=False)
    work_on_withdrawal(actor=desk.system, withdrawal=withdrawal)
    assert clusters() == before and withdrawal.state == "RESTORED"
    assert Item.objects.get(accession_number="HY.1").record.status == "ACTIVE"
    sound()


def test_availability_of_500_copies_is_one_quick_query(desk: Desk, take: Importer, client: Client) -> None:
    take(book("a1") + book("a2", "Cỏ lau", copy("VN-T-TINH", "M.1")))
    many, one = Cluster.objects.order_by("pk")
    record = many.records.get()
    Item.objects.bulk_create(
        Item(
            record=record,
            library=desk.main if n % 2 else desk.other,
            accession_number=f"TQ.{n:04d}",
            source_key=f"852-{n}",
            status="AVAILABLE" if n % 3 else "ON_LOAN",
        )
        for n in range(500)
    )
    times = []
    for _attempt in range(3):
        with CaptureQueriesContext(connection) as queries:
            began = time.perf_counter()
            found = availability_of([many.pk])[many.pk]
            times.append(time.perf_counter() - began)
        assert (found.copies, found.available, len(queries)) == (500, 333, 1)
    # the quickest, since other work of the machine slows the others
    assert min(times) < 0.1

    def statements(cluster: Cluster) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("discovery:record", args=[cluster.public_id])).status_code == 200
        return len(asked)

    statements(one)
    assert statements(many) == statements(one)
