"""A cataloguer asks, sees what came grouped, and takes a record: new or over one of ours."""

import socket
import time
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lienthu.audit.models import Entry
from lienthu.catalogue.actions.curating import lock_field
from lienthu.catalogue.marc import Field, Record
from lienthu.catalogue.marc.iso2709 import build
from lienthu.catalogue.models import Revision, SourceRecord
from lienthu.catalogue.queries import record_of
from lienthu.catalogue.tests.factories import SYSTEM
from lienthu.catalogue.tests.factories import take as import_records
from lienthu.discovery.actions import drain_if_alone
from lienthu.kernel import ids
from lienthu.targets.jobs import forget
from lienthu.targets.jobs import search as search_job
from lienthu.targets.models import Answer, Found, Search, Take
from lienthu.targets.tests.conftest import Desk, sru_target, z3950_target
from lienthu.targets.tests.servers import Zebra, hostile, http

Allow = Callable[[int], None]
TITLE = "Thập nhị môn luận"


def _ask(client: Client, desk: Desk, *targets: Any, **values: str) -> Search:
    data = {"library": desk.main.pk, "targets": [target.pk for target in targets], **values}
    response = client.post(reverse("targets:search"), data)
    assert response.status_code == 302, response.content.decode()[:3000]
    search = Search.objects.latest("pk")
    assert response.headers["Location"] == reverse("targets:results", args=[search.public_id])
    return search


def _run(client: Client, search: Search) -> str:
    search_job(search.pk)
    return client.get(reverse("targets:results", args=[search.public_id])).content.decode()


def _current(record: SourceRecord) -> Record:
    return record_of(Revision.objects.get(record=record, number=record.revision))


def _ours(desk: Desk, *more: Field) -> SourceRecord:
    """A poor record of ours for the book that Zebra has, with what is the library's own."""
    fields = [
        Field("001", "TQ1"),
        Field("008", "000418s2000    cau           000 0 eng d"),
        Field("020", "", "  ", [("a", "096742951X")]),
        Field("100", "", "0 ", [("a", "Nāgārjuna,"), ("d", "active 2nd century.")]),
        Field("245", "", "10", [("a", f"{TITLE} :"), ("b", "luận về mười hai cửa")]),
        Field("590", "", "  ", [("a", "Bản tặng")]),
        *more,
        Field("952", "", "  ", [("a", "VN-T-TINH"), ("p", "D.0001")]),
    ]
    import_records(desk.main, build(Record("00000nam a2200000 a 4500", fields)))
    assert drain_if_alone()
    return SourceRecord.objects.get(control_number="TQ1")


def test_a_record_goes_from_a_far_library_into_ours(
    desk: Desk, cataloguer: Client, peer: Zebra, allowed: Allow
) -> None:
    allowed(peer.port)
    search = _ask(cataloguer, desk, z3950_target(peer.port), sru_target(peer.sru), number="0-9674295-1-X")
    before = cataloguer.get(reverse("targets:results", args=[search.public_id])).content.decode()
    assert "Đang hỏi" in before and reverse("targets:progress", args=[search.public_id]) in before
    page = _run(cataloguer, search)
    assert page.count(f"<h2>{TITLE}") == 1
    assert "Xem biểu ghi của Máy chủ Z39.50" in page and "Xem biểu ghi của Máy chủ SRU" in page
    assert "Đã có" not in page and "hx-get" not in page
    found = Found.objects.get(answer__target__kind="Z3950")
    preview = cataloguer.get(reverse("targets:preview", args=[search.public_id, found.public_id])).content.decode()
    assert "=245  10$aThập nhị môn luận :" in preview and "Lấy vào Thư viện tỉnh" in preview
    taken = cataloguer.post(reverse("targets:take", args=[search.public_id, found.public_id]))
    record = SourceRecord.objects.get()
    assert taken.headers["Location"] == reverse("catalogue:history", args=[record.pk])
    marc = _current(record)
    assert record.library == desk.main and record.control_number.startswith("LT")
    assert [field.get("a") for field in marc.all("035")] == ["(DLC)00103636"]
    assert marc.all("040")[0].values("d")[-1] == "VN-T-TINH"
    take = Take.objects.get()
    assert zlib.decompress(bytes(take.raw)) == bytes(found.raw) and take.format == "iso2709"
    assert (take.record_id, take.revision, take.mode) == (record.pk, 1, "NEW")
    assert TITLE in cataloguer.get(reverse("targets:takes")).content.decode()
    kept = cataloguer.get(reverse("targets:take_raw", args=[take.pk]))
    assert kept.content == bytes(found.raw) and kept["Content-Disposition"].startswith("attachment")
    cataloguer.force_login(desk.other_manager_account)
    assert TITLE not in cataloguer.get(reverse("targets:takes")).content.decode()
    assert cataloguer.get(reverse("targets:take_raw", args=[take.pk])).status_code == 404
    entry = Entry.objects.get(action="targets.record_taken")
    assert entry.details["from"] == "Máy chủ Z39.50" and entry.scope == "VN-T-TINH"


def test_our_own_catalogue_is_asked_too_and_says_what_we_have(
    desk: Desk, cataloguer: Client, peer: Zebra, allowed: Allow
) -> None:
    allowed(peer.port)
    record = _ours(desk)
    search = _ask(cataloguer, desk, sru_target(peer.sru), title="thap nhi mon luan")
    page = _run(cataloguer, search)
    assert page.count(f"<h2>{TITLE}") == 1
    assert "Đã có trong mục lục liên hợp: 1 bản ở 1 thư viện." in page
    assert reverse("discovery:record", args=[ids.encode(record.cluster_id)]) in page
    theirs = Found.objects.get(answer__target__isnull=False)
    preview = cataloguer.get(reverse("targets:preview", args=[search.public_id, theirs.public_id])).content.decode()
    assert "Biểu ghi của ta (VN-T-TINH)" in preview and "Bổ sung biểu ghi VN-T-TINH TQ1" in preview
    assert "Lấy vào" not in preview and "hãy bổ sung thay vì lấy thêm" in preview


def test_a_known_isbn_is_recognised_even_when_our_search_does_not_find_it(
    desk: Desk, cataloguer: Client, peer: Zebra, allowed: Allow
) -> None:
    allowed(peer.port)
    record = _ours(desk)
    search = _ask(cataloguer, desk, sru_target(peer.sru), title="thap nhi mon luan", any="luan")
    Answer.objects.filter(search=search, target=None).delete()
    _run(cataloguer, search)
    assert Found.objects.get().cluster_id == record.cluster_id


def test_a_doubtful_one_is_shown_as_doubtful_and_beside_ours(
    desk: Desk, cataloguer: Client, peer: Zebra, allowed: Allow
) -> None:
    allowed(peer.port)
    # the dates of the author in the name itself: too little to be sure
    fields = [
        Field("001", "TQ1"),
        Field("008", "000418s2000    cau           000 0 vie d"),
        Field("020", "", "  ", [("a", "096742951X")]),
        Field("100", "", "0 ", [("a", "Nāgārjuna, active 2nd century.")]),
        Field("245", "", "10", [("a", f"{TITLE} :"), ("b", "luận về mười hai cửa")]),
    ]
    import_records(desk.main, build(Record("00000nam a2200000 a 4500", fields)))
    assert drain_if_alone()
    search = _ask(cataloguer, desk, sru_target(peer.sru), number="096742951X")
    page = _run(cataloguer, search)
    found = Found.objects.get(answer__target__isnull=False)
    if not found.unsure:
        pytest.skip("the rules of matching are sure about this pair now")
    assert "Có thể đã có trong mục lục liên hợp" in page
    preview = cataloguer.get(reverse("targets:preview", args=[search.public_id, found.public_id])).content.decode()
    assert "Biểu ghi của ta (VN-T-TINH)" in preview and "Lấy vào Thư viện tỉnh" in preview


def test_a_record_of_another_library_of_the_network_is_taken_for_ones_own(desk: Desk, client: Client) -> None:
    record = _ours(desk)
    client.force_login(desk.other_manager_account)
    client.post(reverse("targets:search"), {"library": desk.other.pk, "number": "096742951X"})
    search = Search.objects.latest("pk")
    _run(client, search)
    found = Found.objects.get()
    assert found.cluster_id == record.cluster_id
    assert client.post(reverse("targets:take", args=[search.public_id, found.public_id])).status_code == 302
    made = SourceRecord.objects.get(library=desk.other)
    marc = _current(made)
    assert made.cluster_id == record.cluster_id
    assert [field.get("a") for field in marc.all("035")] == ["(VN-T-TINH)TQ1"]
    assert not marc.all("590", "952") and not made.items.exists()
    assert Take.objects.get().target_name == "VN-T-TINH"
    preview = client.get(reverse("targets:preview", args=[search.public_id, found.public_id])).content.decode()
    assert "Lấy vào" not in preview


class TestOverlay:
    def _found(self, client: Client, desk: Desk, peer: Zebra, allowed: Allow) -> tuple[Search, Found]:
        allowed(peer.port)
        search = _ask(client, desk, z3950_target(peer.port), number="096742951X")
        search_job(search.pk)
        return search, Found.objects.get(answer__target__isnull=False)

    def test_ours_grows_and_what_is_our_own_survives(
        self, desk: Desk, cataloguer: Client, peer: Zebra, allowed: Allow
    ) -> None:
        record = _ours(desk)
        search, found = self._found(cataloguer, desk, peer, allowed)
        url = reverse("targets:overlay", args=[search.public_id, found.public_id, record.pk])
        page = cataloguer.get(url).content.decode()
        assert "<ins>=035    $a(DLC)00103636</ins>" in page and "Ghi nguồn gốc" in page
        assert "Giữ nguyên" in page and "<ins>=650" in page and "=590    $aBản tặng" in page
        record.refresh_from_db()
        assert record.revision == 1
        taken = cataloguer.post(url, {**_rules(page), "expected": 1})
        assert taken.status_code == 302 and taken.headers["Location"] == reverse("catalogue:history", args=[record.pk])
        record.refresh_from_db()
        marc = _current(record)
        assert record.revision == 2 and record.control_number == "TQ1" and marc.value("001") == "TQ1"
        assert [f.get("a") for f in marc.all("590")] == ["Bản tặng"] and marc.all("952")[0].get("p") == "D.0001"
        assert marc.all("650") and marc.get("245").get("b") == "luận về mười hai cửa"  # type: ignore[union-attr]
        assert Take.objects.get().mode == "OVERLAY" and Take.objects.get().revision == 2

    def test_a_value_that_a_person_locked_survives(
        self, desk: Desk, cataloguer: Client, peer: Zebra, allowed: Allow
    ) -> None:
        record = _ours(desk)
        lock_field(actor=SYSTEM, cluster=record.cluster, field="title", record=record)
        search, found = self._found(cataloguer, desk, peer, allowed)
        url = reverse("targets:overlay", args=[search.public_id, found.public_id, record.pk])
        rules = dict.fromkeys(_rules(cataloguer.get(url).content.decode()), "TAKE")
        cataloguer.post(url, {**rules, "expected": 1})
        record.refresh_from_db()
        marc = _current(record)
        assert record.revision == 2 and marc.all("260")
        assert marc.get("245").get("c") == ""  # type: ignore[union-attr]

    def test_rules_may_be_changed_for_one_time(
        self, desk: Desk, cataloguer: Client, peer: Zebra, allowed: Allow
    ) -> None:
        record = _ours(desk)
        search, found = self._found(cataloguer, desk, peer, allowed)
        url = reverse("targets:overlay", args=[search.public_id, found.public_id, record.pk])
        rules = {**_rules(cataloguer.get(url).content.decode()), "title": "TAKE", "subject": "KEEP"}
        page = cataloguer.get(url, {**rules, "xem": 1}).content.decode()
        assert "<del>=245" in page and "<ins>=245" in page and "<ins>=650" not in page
        cataloguer.post(url, {**rules, "expected": 1})
        record.refresh_from_db()
        assert not _current(record).all("650") and Take.objects.get().rules["title"] == "TAKE"

    def test_somebody_elses_save_is_noticed_and_nothing_is_lost(
        self, desk: Desk, cataloguer: Client, peer: Zebra, allowed: Allow
    ) -> None:
        record = _ours(desk)
        search, found = self._found(cataloguer, desk, peer, allowed)
        url = reverse("targets:overlay", args=[search.public_id, found.public_id, record.pk])
        rules = _rules(cataloguer.get(url).content.decode())
        _ours(desk, Field("500", "", "  ", [("a", "Người khác vừa thêm")]))
        answer = cataloguer.post(url, {**rules, "expected": 1}, follow=True)
        assert "vừa có người khác lưu" in answer.content.decode()
        record.refresh_from_db()
        assert record.revision == 2 and not Take.objects.exists()
        assert cataloguer.post(url, {**rules, "expected": "x"}).status_code == 404

    def test_an_overlay_that_changes_nothing_saves_nothing(
        self, desk: Desk, cataloguer: Client, peer: Zebra, allowed: Allow
    ) -> None:
        record = _ours(desk)
        search, found = self._found(cataloguer, desk, peer, allowed)
        url = reverse("targets:overlay", args=[search.public_id, found.public_id, record.pk])
        rules = dict.fromkeys(_rules(cataloguer.get(url).content.decode()), "KEEP")
        assert "Không có gì thay đổi" in cataloguer.get(url, {**rules, "xem": 1}).content.decode()
        cataloguer.post(url, {**rules, "expected": 1})
        record.refresh_from_db()
        assert record.revision == 1 and not Take.objects.exists()

    def test_a_record_of_another_library_is_not_touched(
        self, desk: Desk, client: Client, peer: Zebra, allowed: Allow
    ) -> None:
        record = _ours(desk)
        client.force_login(desk.other_manager_account)
        allowed(peer.port)
        search = _ask_at(client, desk.other.pk, z3950_target(peer.port).pk)
        search_job(search.pk)
        found = Found.objects.get(answer__target__isnull=False)
        url = reverse("targets:overlay", args=[search.public_id, found.public_id, record.pk])
        assert client.get(url).status_code in {403, 404}
        assert client.post(url, {"expected": 1}).status_code in {403, 404}
        record.refresh_from_db()
        assert record.revision == 1


def _ask_at(client: Client, library: int, target: int) -> Search:
    client.post(reverse("targets:search"), {"library": library, "targets": [target], "number": "096742951X"})
    return Search.objects.latest("pk")


def _rules(page: str) -> dict[str, str]:
    """The rules as the form of the page sends them."""
    end = page.index('name="expected"')
    form = page[page.rindex("<form", 0, end) : end]
    pairs = [part.split('"') for part in form.split('<input type="hidden" name=')[1:]]
    return {part[1]: part[3] for part in pairs if part[1] not in ("csrfmiddlewaretoken", "expected")}


class TestSideBySide:
    def test_slow_and_broken_targets_do_not_hold_up_the_others(
        self, desk: Desk, cataloguer: Client, peer: Zebra, allowed: Allow
    ) -> None:
        def silent(connection: socket.socket) -> None:
            time.sleep(4)

        with hostile(silent) as slow, hostile(http(b"<html/>")) as broken:
            for port in (peer.port, slow, broken):
                allowed(port)
            targets = [
                sru_target(peer.sru, name="Tốt"),
                sru_target(f"http://127.0.0.1:{slow}/", name="Chậm", timeout=1),
                sru_target(f"http://127.0.0.1:{broken}/", name="Hỏng"),
                z3950_target(slow, name="Chậm Z", timeout=1),
                sru_target("http://10.0.0.7/sru", name="Nội bộ"),
            ]
            search = _ask(cataloguer, desk, *targets, title=TITLE)
            began = time.monotonic()
            page = _run(cataloguer, search)
        assert time.monotonic() - began < 5
        states = dict(Answer.objects.filter(target__isnull=False).values_list("target__name", "state"))
        assert states == {"Tốt": "DONE", "Chậm": "FAILED", "Hỏng": "FAILED", "Chậm Z": "FAILED", "Nội bộ": "FAILED"}
        assert page.count(f"<h2>{TITLE}") == 1
        for sentence in ("quá chậm", "không phải dịch vụ SRU", "mạng nội bộ"):
            assert sentence in page, sentence

    def test_a_search_runs_once_and_only_its_owner_sees_it(
        self, desk: Desk, cataloguer: Client, client: Client
    ) -> None:
        search = _ask(cataloguer, desk, title="x y z")
        search_job(search.pk)
        search_job(search.pk)
        assert Answer.objects.count() == 1
        client.force_login(desk.manager_account)
        for name in ("results", "progress"):
            assert client.get(reverse(f"targets:{name}", args=[search.public_id])).status_code in {403, 404}

    def test_an_interrupted_search_says_so(self, desk: Desk, cataloguer: Client) -> None:
        search = _ask(cataloguer, desk, title="x y z")
        Search.objects.update(state="RUNNING", created_at="2020-01-01T00:00:00Z")
        page = cataloguer.get(reverse("targets:results", args=[search.public_id])).content.decode()
        assert "Bị ngắt" in page and "hx-get" not in page
        forget()
        assert not Search.objects.exists()

    @pytest.mark.parametrize("values", [{}, {"year": "1979"}, {"title": '"" ?'}, {"year": "79"}, {"title": "x" * 300}])
    def test_an_unusable_form_is_explained_and_asks_nobody(
        self, desk: Desk, cataloguer: Client, values: dict[str, str]
    ) -> None:
        answer = cataloguer.post(reverse("targets:search"), {"library": desk.main.pk, **values})
        assert answer.status_code == 400 and not Search.objects.exists()
        assert "errorlist" in answer.content.decode() or "form-errors" in answer.content.decode()

    def test_only_targets_in_use_for_the_library_are_offered_and_asked(self, desk: Desk, cataloguer: Client) -> None:
        off = sru_target("http://x.example/1", name="Nguồn tắt", enabled=False)
        elsewhere = sru_target("http://x.example/2", name="Nguồn của nơi khác")
        elsewhere.scope = desk.other.scope
        elsewhere.save()
        named = sru_target("http://x.example/3", name="Nguồn chỉ cho nơi khác")
        named.libraries.add(desk.other)
        page = cataloguer.get(reverse("targets:search")).content.decode()
        assert not any(one.name in page for one in (off, elsewhere, named))
        data = {"library": desk.main.pk, "title": "x", "targets": [off.pk]}
        assert cataloguer.post(reverse("targets:search"), data).status_code == 400

    def test_too_many_searches_at_once_are_refused(self, desk: Desk, cataloguer: Client) -> None:
        for _ in range(3):
            _ask(cataloguer, desk, title="x")
        answer = cataloguer.post(reverse("targets:search"), {"library": desk.main.pk, "title": "x"})
        assert answer.status_code == 400 and Search.objects.count() == 3


@pytest.mark.parametrize("public_id", ["zzzzz", "0", "khong-co", "9" * 40])
def test_a_wrong_number_of_a_search_is_not_found(desk: Desk, cataloguer: Client, public_id: str) -> None:
    base = f"/ban-lam-viec/bien-muc-sao-chep/{public_id}/"
    for path in (base, base + "tien-do", base + "zzzzz/", base + "zzzzz/bo-sung/1"):
        assert cataloguer.get(path).status_code in {400, 403, 404}, path


def test_a_librarian_who_may_not_change_records_may_not_ask(desk: Desk, client: Client) -> None:
    client.force_login(desk.cataloguer_account.__class__.objects.get(username="thuthu"))
    assert client.get(reverse("targets:search")).status_code == 403
    assert client.post(reverse("targets:search"), {"library": desk.main.pk, "title": "x"}).status_code == 403
    assert not Search.objects.exists()
