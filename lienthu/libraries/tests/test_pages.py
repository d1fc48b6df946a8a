"""The pages and the JSON of the registry, as a visitor and as staff."""

import json
import re
from datetime import date, datetime

import pytest
from django.test import Client, TestCase

from lienthu.kernel import clock
from lienthu.libraries.actions import EventData, edit_library, load_demo_libraries, record_event
from lienthu.libraries.models import Branch, HoursException, Library, LifecycleEvent, OpeningSpan, Season
from lienthu.libraries.queries import LOCAL
from lienthu.libraries.tests.factories import SYSTEM, Person, library, person, root_scope, tuyen_quang
from lienthu.libraries.tests.test_registry import data_of
from lienthu.web.states import STATES

pytestmark = pytest.mark.django_db

MONDAY_9H = datetime(2026, 11, 23, 9, 0, tzinfo=LOCAL)


class DemoCase(TestCase):
    """The demonstration network, loaded once for a class of tests that all begin with it."""

    client: Client

    @classmethod
    def setUpTestData(cls) -> None:
        tuyen_quang()
        load_demo_libraries(actor=SYSTEM)


def text_of(response: object) -> str:
    html = response.content.decode()  # type: ignore[attr-defined]
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def signed_in(someone: Person) -> Client:
    client = Client()
    client.force_login(someone.account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


class TestList(DemoCase):
    def test_it_shows_active_libraries_with_their_state_and_says_that_they_are_examples(self) -> None:
        with clock.frozen(MONDAY_9H):
            page = text_of(self.client.get("/thu-vien/"))
        assert "29 thư viện khớp" in page
        assert "Thư viện tỉnh Tuyên Quang" not in page or "Đang mở cửa đến 11:30" in page
        assert "Dữ liệu minh họa" in page

    def test_names_are_found_in_any_spelling(self) -> None:
        for typed in ("dong van", "Đồng Văn", "ĐỒNG VĂN"):
            page = text_of(self.client.get("/thu-vien/", {"ten": typed}))
            assert "1 thư viện khớp" in page
            assert "Thư viện xã Đồng Văn" in page

    def test_it_is_in_vietnamese_order(self) -> None:
        items = self.client.get("/thu-vien/danh-sach.json", {"loai": "COMMUNE"}).json()["items"]
        assert [item["code"] for item in items][:5] == [
            "VN-TQ-X-HAGIANG1",
            "VN-TQ-X-MINHXUAN",
            "VN-TQ-X-NONGTIEN",
            "VN-TQ-X-BACQUANG",
            "VN-TQ-X-CHIEMHOA",
        ]

    def test_filters_narrow_by_kind_service_unit_and_open_now(self) -> None:
        def codes(**query: str) -> set[str]:
            return {item["code"] for item in self.client.get("/thu-vien/danh-sach.json", query).json()["items"]}

        assert codes(loai="UNIVERSITY") == {"VN-TQ-DHTT"}
        assert codes(dich_vu="khiem-thi") == {"VN-TQ-TINH"}
        assert codes(don_vi="xã Lũng Cú") == {"VN-TQ-CDLUNGCU", "VN-TQ-BPLUNGCU"}
        assert codes(don_vi="huyện Sơn Dương", ca_cu="on") == {
            "VN-TQ-H-SONDUONG",
            "VN-TQ-X-SONDUONG",
            "VN-TQ-X-TANTRAO",
        }
        with clock.frozen(datetime(2026, 11, 22, 10, 0, tzinfo=LOCAL)):
            assert codes(dang_mo="on") == {
                "VN-TQ-TINH", "VN-TQ-CDHONGTHAI", "VN-TQ-CDLUNGCU", "VN-TQ-TSSONGGAM", "VN-TQ-TSTLAM",
            }  # fmt: skip

    def test_unusable_parameters_still_give_a_good_page(self) -> None:
        queries = ("page=-1", "page=99999999999", "loai=XYZ", "don_vi=%F0%9F%92%A9", "sort=drop", "ten=" + "a" * 9000)
        for query in queries:
            with self.subTest(query=query[:20]):
                assert self.client.get(f"/thu-vien/?{query}").status_code == 200

    def test_nothing_found_says_so_and_offers_a_way_out(self) -> None:
        page = text_of(self.client.get("/thu-vien/", {"ten": "không có đâu"}))
        assert "0 thư viện khớp" in page
        assert "Bỏ lọc" in page

    def test_csv_is_for_spreadsheets(self) -> None:
        answer = self.client.get("/thu-vien/danh-sach.csv", {"loai": "UNIVERSITY"})
        lines = answer.getvalue().decode("utf-8-sig").splitlines()
        assert lines[0].startswith("code,name,name_en,kind")
        assert lines[1].startswith("VN-TQ-DHTT,Thư viện Trường Đại học Tân Trào,")
        assert len(lines) == 2

    def test_in_english(self) -> None:
        page = text_of(self.client.get("/thu-vien/", HTTP_ACCEPT_LANGUAGE="en"))
        assert "Tuyên Quang Provincial Library" in page or "An Tường" in page


def test_an_empty_registry_says_what_will_be_there(client: Client) -> None:
    assert "Chưa có thư viện nào trong danh bạ." in text_of(client.get("/thu-vien/"))


class TestLibraryPage(DemoCase):
    def test_it_says_whether_it_is_open_and_when_next(self) -> None:
        with clock.frozen(MONDAY_9H):
            assert "Đang mở cửa đến 11:30" in text_of(self.client.get("/thu-vien/VN-TQ-TINH"))
        with clock.frozen(datetime(2026, 9, 2, 9, 0, tzinfo=LOCAL)):
            page = text_of(self.client.get("/thu-vien/VN-TQ-TINH"))
        assert "Đang đóng cửa (Nghỉ lễ Quốc khánh), mở lại lúc 07:30 ngày mai" in page

    def test_json_ld_describes_a_library_of_schema_org(self) -> None:
        html = self.client.get("/thu-vien/VN-TQ-TINH").content.decode()
        data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html)[1])  # type: ignore[index]
        assert (data["@type"], data["identifier"]["value"], data["name"]) == (
            "Library",
            "VN-TQ-TINH",
            "Thư viện tỉnh Tuyên Quang",
        )
        assert data["openingHoursSpecification"][0] == {
            "@type": "OpeningHoursSpecification",
            "opens": "07:30",
            "closes": "11:30",
            "dayOfWeek": "https://schema.org/Monday",
        }
        assert "telephone" not in data

    def test_a_hostile_name_cannot_leave_the_json_ld(self) -> None:
        row = Library.objects.get(code="VN-TQ-TINH")
        Library.objects.filter(pk=row.pk).update(about="</script><script>alert(1)</script>")
        html = self.client.get("/thu-vien/VN-TQ-TINH").content.decode()
        assert "<script>alert(1)" not in html

    def test_an_old_code_leads_to_the_successor_with_a_line_about_it(self) -> None:
        answer = self.client.get("/thu-vien/VN-TQ-H-SONDUONG")
        assert answer.status_code == 301
        assert answer["Location"] == "/thu-vien/VN-TQ-X-SONDUONG?ma-cu=VN-TQ-H-SONDUONG"
        page = text_of(self.client.get(answer["Location"]))
        assert "Mã cũ VN-TQ-H-SONDUONG (Thư viện huyện Sơn Dương) nay thuộc thư viện này." in page

    def test_the_record_of_the_old_library_stays_readable(self) -> None:
        page = text_of(self.client.get("/thu-vien/VN-TQ-H-SONDUONG?ho-so=1"))
        assert "Đã sáp nhập" in page
        assert "Thư viện kế thừa: Thư viện xã Sơn Dương" in page

    def test_a_code_in_another_case_leads_to_the_code_as_written(self) -> None:
        answer = self.client.get("/thu-vien/vn-tq-tinh")
        assert (answer.status_code, answer["Location"]) == (301, "/thu-vien/VN-TQ-TINH")

    def test_an_unknown_code_is_not_found(self) -> None:
        assert self.client.get("/thu-vien/VN-KHONG").status_code == 404

    def test_an_unlisted_library_looks_missing_to_strangers_only(self) -> None:
        row = Library.objects.get(code="VN-TQ-QSTINH")
        edit_library(actor=SYSTEM, library=row, data=data_of(row, listed=False))
        assert self.client.get("/thu-vien/VN-TQ-QSTINH").status_code == 404
        assert self.client.get("/api/v1/libraries/VN-TQ-QSTINH").status_code == 404
        assert self.client.get("/api/v1/libraries?kind=ARMED_FORCES").json()["total"] == 1
        own = signed_in(person("phu-trach", "LIBRARY_MANAGER", row.scope))
        assert own.get("/thu-vien/VN-TQ-QSTINH").status_code == 200


class TestUnitPages(DemoCase):
    def test_the_tree_of_any_day(self) -> None:
        before = text_of(self.client.get("/don-vi-hanh-chinh/?ngay=2025-06-30"))
        assert "Huyện Sơn Dương" in before
        after = text_of(self.client.get("/don-vi-hanh-chinh/?ngay=2025-07-01"))
        assert "Huyện Sơn Dương" not in after
        assert "7 phường, 117 xã" in after

    def test_a_unit_says_what_became_of_it_and_which_libraries_are_there(self) -> None:
        page = text_of(self.client.get("/don-vi-hanh-chinh/076?ngay=2025-06-30"))
        assert "Nay thuộc Xã Sơn Dương" in page
        assert "Thư viện xã Tân Trào" in page
        divided = text_of(self.client.get("/don-vi-hanh-chinh/00688"))
        assert "một phần , phần chính" in divided or "một phần, phần chính" in divided

    def test_a_code_with_two_bearers_shows_the_one_of_the_day(self) -> None:
        assert "Phường Hà Giang 1" in text_of(self.client.get("/don-vi-hanh-chinh/00694"))
        old = self.client.get("/don-vi-hanh-chinh/00694?ngay=2025-01-01").content.decode()
        assert "<h1>Phường Nguyễn Trãi</h1>" in old

    def test_search_by_name_and_unusable_days(self) -> None:
        assert "Xã Thuận Hòa" in text_of(self.client.get("/don-vi-hanh-chinh/?ten=thuan+hoa"))
        assert self.client.get("/don-vi-hanh-chinh/?ngay=hom-qua&tinh=zz&ten=%3Cb%3E").status_code == 200
        assert self.client.get("/don-vi-hanh-chinh/99999").status_code == 404


def test_units_not_loaded_yet_still_give_a_page(client: Client) -> None:
    assert "Chưa nạp đơn vị hành chính." in text_of(client.get("/don-vi-hanh-chinh/"))


class TestApi(DemoCase):
    def test_libraries(self) -> None:
        answer = self.client.get("/api/v1/libraries?kind=UNIVERSITY").json()
        assert answer["total"] == 1
        assert answer["items"][0]["code"] == "VN-TQ-DHTT"
        assert self.client.get("/api/v1/libraries?unit=02&closed=true").json()["total"] == 10

    def test_one_library_with_hours_and_history(self) -> None:
        with clock.frozen(MONDAY_9H):
            answer = self.client.get("/api/v1/libraries/VN-TQ-TINH").json()
        assert answer["open_now"] is True
        assert answer["next_opening"] == "2026-11-23T13:30:00+07:00"
        assert answer["hours"][1] == {"date": "2026-11-24", "spans": [], "reason": "Nghỉ lễ Ngày Văn hóa Việt Nam"}
        assert [branch["code"] for branch in answer["branches"]] == [
            "CHINH", "DIACHI", "HAGIANG", "THIEUNHI", "TRAM1", "XE1",
        ]  # fmt: skip

    def test_an_old_code_redirects_and_its_record_can_be_asked_for(self) -> None:
        answer = self.client.get("/api/v1/libraries/VN-HG-TINH")
        assert (answer.status_code, answer["Location"]) == (301, "/api/v1/libraries/VN-TQ-TINH")
        record = self.client.get("/api/v1/libraries/VN-HG-TINH?record=true").json()
        assert (record["status"], record["successors"]) == ("MERGED", ["VN-TQ-TINH"])

    def test_units(self) -> None:
        answer = self.client.get("/api/v1/units?on=2025-06-30&parent=08").json()
        assert len(answer["items"]) == 7
        one = self.client.get("/api/v1/units/00688?on=2025-06-30").json()
        assert [(c["code"], c["main"], c["share"]) for c in one["became"]] == [
            ("00691", True, None),
            ("00694", False, None),
        ]

    def test_errors_are_problem_documents(self) -> None:
        missing = self.client.get("/api/v1/libraries/VN-KHONG")
        assert missing.status_code == 404
        assert missing["Content-Type"] == "application/problem+json"
        assert missing.json()["status"] == 404
        wrong = self.client.get("/api/v1/libraries?size=9999")
        assert (wrong.status_code, wrong.json()["errors"][0]["parameter"]) == (422, "size")

    def test_the_description_lists_the_addresses(self) -> None:
        paths = self.client.get("/api/v1/openapi.json").json()["paths"]
        assert {"/api/v1/libraries", "/api/v1/libraries/{code}", "/api/v1/units"} <= set(paths)


class TestDesk:
    @pytest.fixture
    def mine(self) -> Library:
        tuyen_quang()
        library("VN-B", "Thư viện xã B")
        return library("VN-A", "Thư viện xã A")

    @pytest.fixture
    def manager(self, mine: Library) -> Client:
        return signed_in(person("phu-trach-a", "LIBRARY_MANAGER", mine.scope))

    @pytest.fixture
    def keeper(self, mine: Library) -> Client:
        return signed_in(person("quan-tri", "ADMINISTRATOR", root_scope()))

    def test_a_stranger_is_asked_to_sign_in(self, client: Client, mine: Library) -> None:
        for path in ("", "them", "VN-A/sua", "VN-A/gio", "VN-A/dich-vu", "VN-A/diem-phuc-vu", "VN-A/su-kien"):
            assert client.get(f"/ban-lam-viec/thu-vien/{path}").status_code == 302

    def test_the_keeper_finds_and_sorts_libraries_and_reads_what_became_of_them(self, keeper: Client) -> None:
        library("VN-C", "Thư viện huyện C", "DISTRICT")
        Library.objects.filter(code="VN-C").update(status="TRANSFERRED")
        desk = "/ban-lam-viec/thu-vien/"
        everything = text_of(keeper.get(desk))
        assert everything.count("Đã chuyển giao") == 2  # in the filter and in the row
        assert "TRANSFERRED" not in everything
        found = text_of(keeper.get(desk, {"ten": "xa b"}))
        assert "Thư viện xã B" in found
        assert "Thư viện xã A" not in found
        assert "Thư viện huyện C" in text_of(keeper.get(desk, {"tinh_trang": "TRANSFERRED"}))
        assert "Thư viện xã A" not in text_of(keeper.get(desk, {"tinh_trang": "TRANSFERRED"}))
        down = text_of(keeper.get(desk, {"sort": "-code"}))
        assert down.index("VN-C") < down.index("VN-B") < down.index("VN-A")
        assert keeper.get(desk, {"sort": "password", "loai": "x", "page": "-1"}).status_code == 200

    def test_every_status_of_a_library_has_a_badge_in_words(self) -> None:
        assert {status.lower() for status in Library.Status.values} <= set(STATES)

    def test_a_manager_sees_the_own_library_only(self, manager: Client) -> None:
        page = text_of(manager.get("/ban-lam-viec/thu-vien/"))
        assert "Thư viện xã A" in page
        assert "Thư viện xã B" not in page
        assert manager.get("/ban-lam-viec/thu-vien/VN-B/sua").status_code == 403
        assert manager.get("/ban-lam-viec/thu-vien/VN-A/su-kien").status_code == 403
        assert manager.get("/ban-lam-viec/thu-vien/them").status_code == 403

    def test_describing_a_library(self, manager: Client, mine: Library) -> None:
        path = "/ban-lam-viec/thu-vien/VN-A/sua"
        assert manager.get(path).status_code == 200
        answer = manager.post(path, {"unit": "xa tan trao", "address": "Thôn 1", "collection_languages": ["tyz"]})
        assert answer.status_code == 302
        mine.refresh_from_db()
        assert (mine.unit and mine.unit.code, mine.address, mine.collection_languages, mine.name_vi) == (
            "02545",
            "Thôn 1",
            ["tyz"],
            "Thư viện xã A",
        )

    def test_a_wrong_field_is_explained_and_nothing_is_saved(self, manager: Client, mine: Library) -> None:
        answer = manager.post("/ban-lam-viec/thu-vien/VN-A/sua", {"unit": "xã Không Đâu", "address": "X"})
        assert answer.status_code == 200
        assert "Không thấy đơn vị hành chính nào tên như vậy." in text_of(answer)
        mine.refresh_from_db()
        assert mine.address == ""

    def test_hours_are_typed_as_people_write_them(self, manager: Client, mine: Library) -> None:
        path = "/ban-lam-viec/thu-vien/VN-A/gio"
        assert manager.get(path).status_code == 200
        assert manager.post(path, {"ngay_0": "7h30–11h30; 13:30-17:00", "nghi_le": "1"}).status_code == 302
        assert OpeningSpan.objects.filter(library=mine, weekday=0).count() == 2
        bad = manager.post(path, {"ngay_0": "sáng"})
        assert "Không hiểu giờ “sáng”" in text_of(bad)
        assert OpeningSpan.objects.count() == 2

    def test_seasons_and_exceptions(self, manager: Client, mine: Library) -> None:
        base = "/ban-lam-viec/thu-vien/VN-A/gio"
        season = {"ten_mua": "Giờ hè", "tu_ngay": "1/6", "den_ngay": "31/8", "ngay_0": "7:00-11:00"}
        assert manager.post(f"{base}/mua", season).status_code == 302
        assert manager.post(f"{base}/mua", {**season, "tu_ngay": "31/2"}).status_code == 200
        one = Season.objects.get()
        assert manager.post(f"{base}/mua/{one.pk}/bo").status_code == 302
        days = {"first": "2026-12-01", "last": "2026-12-02", "reason": "Kiểm kê"}
        assert manager.post(f"{base}/ngay", days).status_code == 302
        assert "Kiểm kê" in text_of(manager.get(base))
        exception = HoursException.objects.get()
        assert manager.post(f"{base}/ngay/{exception.pk}/bo").status_code == 302
        assert (Season.objects.count(), HoursException.objects.count()) == (0, 0)

    def test_another_librarys_exception_cannot_be_taken_away(self, manager: Client) -> None:
        other = Library.objects.get(code="VN-B")
        row = HoursException.objects.create(
            library=other, from_date=date(2026, 1, 1), to_date=date(2026, 1, 1), reason="x"
        )
        assert manager.post(f"/ban-lam-viec/thu-vien/VN-A/gio/ngay/{row.pk}/bo").status_code == 404
        assert HoursException.objects.count() == 1

    def test_service_points_are_added_and_closed_after_a_question(self, manager: Client, mine: Library) -> None:
        base = "/ban-lam-viec/thu-vien/VN-A/diem-phuc-vu"
        added = manager.post(base, {"code": "TS1", "name_vi": "Tủ sách thôn 1", "kind": "BOOKCASE"})
        assert added.status_code == 302
        assert manager.post(base, {"code": "TS1", "name_vi": "Khác", "kind": "BOOKCASE"}).status_code == 200
        assert manager.get(f"{base}/TS1").status_code == 200
        assert "Đóng điểm phục vụ “Tủ sách thôn 1”?" in text_of(manager.get(f"{base}/TS1/dong"))
        assert Branch.objects.get().closed_date is None
        assert manager.post(f"{base}/TS1/dong").status_code == 302
        assert Branch.objects.get().closed_date == clock.today()

    def test_a_library_is_added_with_a_code_of_the_standard(self, keeper: Client) -> None:
        data = {"code": "VN-TQ C", "under": root_scope().pk, "name_vi": "C", "kind": "PRIVATE", "listed": "on"}
        refused = keeper.post("/ban-lam-viec/thu-vien/them", data)
        assert "Mã chỉ gồm chữ cái La-tinh không dấu" in text_of(refused)
        assert keeper.post("/ban-lam-viec/thu-vien/them", {**data, "code": "VN-TQ-C"}).status_code == 302
        assert Library.objects.get(code="VN-TQ-C").listed is True

    def test_an_event_is_confirmed_before_it_is_recorded(self, keeper: Client, mine: Library) -> None:
        path = "/ban-lam-viec/thu-vien/VN-A/su-kien"
        assert keeper.get(path).status_code == 200
        data = {"kind": "MERGED", "on": "2025-07-01", "successors": "VN-B"}
        preview = text_of(keeper.post(path, data))
        assert "Mã VN-A sẽ dẫn đến VN-B (Thư viện xã B)." in preview
        assert LifecycleEvent.objects.count() == 0
        assert keeper.post(path, {**data, "confirmed": "1"}).status_code == 302
        mine.refresh_from_db()
        assert mine.status == "MERGED"

    def test_an_event_that_cannot_be_is_explained(self, keeper: Client, mine: Library) -> None:
        data = {"kind": "MERGED", "on": "2025-07-01", "confirmed": "1"}
        answer = keeper.post("/ban-lam-viec/thu-vien/VN-A/su-kien", data)
        assert "Hãy chọn thư viện kế thừa" in text_of(answer)
        assert LifecycleEvent.objects.count() == 0

    def test_services(self, manager: Client, mine: Library) -> None:
        load_demo_libraries(actor=SYSTEM)
        path = "/ban-lam-viec/thu-vien/VN-A/dich-vu"
        assert manager.get(path).status_code == 200
        assert manager.post(path, {"co_muon-ve": "on", "ghi_muon-ve": "Tối đa 3 cuốn"}).status_code == 302
        assert list(mine.services.values_list("service__code", "note")) == [("muon-ve", "Tối đa 3 cuốn")]


def test_a_closed_library_without_successor_keeps_its_page(client: Client) -> None:
    row = library("VN-A", "Thư viện xã A")
    record_event(actor=SYSTEM, library=row, data=EventData(kind="DISSOLVED", on=date(2025, 7, 1)))
    answer = client.get("/thu-vien/VN-A")
    assert answer.status_code == 200
    assert "Đã giải thể" in text_of(answer)
