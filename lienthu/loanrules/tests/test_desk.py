"""The desk of loan rules, as those who may and those who may not; and the JSON."""

import re
from datetime import date, datetime

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from lienthu.audit.models import Entry
from lienthu.kernel import clock, ids
from lienthu.libraries.models import Library
from lienthu.libraries.tests.factories import Person
from lienthu.loanrules.actions import load_default_rules
from lienthu.loanrules.models import Edition, Rule
from lienthu.loanrules.queries import terms_for
from lienthu.loanrules.queries.editions import findings_in
from lienthu.loanrules.tests.factories import SYSTEM, library, person, root_scope, rules

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=clock.VIETNAM)


def text_of(response: object) -> str:
    html = re.sub(r"</?(?:time|strong|del|ins)\b[^>]*>", "", response.content.decode())  # type: ignore[attr-defined]
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def signed_in(someone: Person) -> Client:
    client = Client()
    client.force_login(someone.account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture(autouse=True)
def monday():
    with clock.frozen(MONDAY):
        yield


@pytest.fixture
def mine() -> Library:
    library("VN-B", "Thư viện xã B")
    return library("VN-A", "Thư viện xã A")


@pytest.fixture
def base(mine: Library) -> str:
    return f"/ban-lam-viec/noi-quy-muon/{ids.encode(mine.scope.pk)}/"


@pytest.fixture
def manager(mine: Library) -> Client:
    return signed_in(person("phu-trach-a", "LIBRARY_MANAGER", mine.scope))


@pytest.fixture
def librarian(mine: Library) -> Client:
    return signed_in(person("thu-thu-a", "LIBRARIAN", mine.scope))


def put(client: Client, base: str, **values: object):
    draft = Edition.objects.get(state="DRAFT")
    data = {"category": "ANY", "item_type": "ANY", "revision": draft.revision, **values}
    return client.post(f"{base}ban-thao/dong", data)


def test_the_only_place_opens_at_once_and_shows_what_the_province_says(librarian, base):
    rules(root_scope(), ("ANY", "ANY", {"loan_days": 21}), ("ANY", "BOOK", {"renewals": 2}))
    answer = librarian.get("/ban-lam-viec/noi-quy-muon/")
    assert (answer.status_code, answer["Location"]) == (302, base)
    page = text_of(librarian.get(base))
    assert "Ngày 23/11/2026: nơi này không có nội quy riêng." in page
    assert "21 ngày" in page
    assert "Mọi bạn đọc × Sách" in page


def test_a_draft_is_written_looked_through_and_published_from_a_day(manager, base, mine):
    assert manager.post(f"{base}ban-thao").status_code == 302
    assert put(manager, base, loan_days=10, max_loans=3, note="Họp ngày 20/11/2026").status_code == 302
    assert (
        terms_for(library_id=mine.pk, branch_id=None, category="ANY", item_type="", on=MONDAY.date()).loan_days.value
        == 14
    )
    page = text_of(manager.get(f"{base}ban-thao/cong-bo"))
    assert "Số ngày mượn: không nêu → 10 ngày" in page
    assert "Không thấy dòng nào mâu thuẫn hoặc vô tác dụng." in page
    draft = Edition.objects.get()
    sent = {"valid_from": "2026-12-01", "reason": "Quyết định của phụ trách", "revision": draft.revision}
    assert manager.post(f"{base}ban-thao/cong-bo", sent).status_code == 302
    assert "nơi này không có nội quy riêng" in text_of(manager.get(base))
    later = text_of(manager.get(f"{base}?ngay=2026-12-01"))
    assert "Ngày 01/12/2026: nội quy riêng số 1, áp dụng từ 01/12/2026." in later
    assert "Họp ngày 20/11/2026" in later
    history = text_of(manager.get(f"{base}lich-su"))
    assert "phu-trach-a công bố lúc" in history
    actions = list(
        Entry.objects.filter(action__startswith="loanrules").order_by("seq").values_list("action", flat=True)
    )
    assert actions == ["loanrules.start_draft", "loanrules.put_rule", "loanrules.publish"]


def test_what_was_published_is_never_edited_in_place(mine):
    edition = rules(mine.scope, ("ANY", "ANY", {"loan_days": 7}))
    for change in (
        lambda: Rule.objects.filter(edition=edition).update(note="x"),
        lambda: Rule.objects.filter(edition=edition).delete(),
        lambda: Rule.objects.create(edition=edition, category="ANY", item_type="MAP", values={"renewals": 1}),
        lambda: Edition.objects.filter(pk=edition.pk).update(valid_from=date(2020, 1, 1)),
        lambda: Edition.objects.filter(pk=edition.pk).delete(),
    ):
        with pytest.raises(DatabaseError, match="never change"), transaction.atomic():
            change()
    assert list(edition.rules.values_list("values", "note")) == [({"loan_days": 7}, "")]


def test_an_edition_is_withdrawn_only_before_its_day(manager, base, mine):
    rules(mine.scope, ("ANY", "ANY", {"loan_days": 7}))
    rules(mine.scope, ("ANY", "ANY", {"loan_days": 8}), valid_from=date(2026, 12, 1))
    assert "Rút nội quy số 2?" in text_of(manager.get(f"{base}lich-su/2/rut"))
    assert manager.post(f"{base}lich-su/2/rut").status_code == 302
    assert manager.post(f"{base}lich-su/1/rut").status_code == 302
    assert list(Edition.objects.order_by("number").values_list("state", flat=True)) == ["PUBLISHED", "WITHDRAWN"]
    december = date(2026, 12, 2)
    assert terms_for(library_id=mine.pk, branch_id=None, category="ANY", item_type="", on=december).loan_days.value == 7


def test_the_past_stays_as_it_was(manager, base):
    manager.post(f"{base}ban-thao")
    put(manager, base, loan_days=10)
    answer = manager.post(f"{base}ban-thao/cong-bo", {"valid_from": "2026-11-22"})
    assert "Chỉ công bố được từ hôm nay trở đi" in text_of(answer)
    assert Edition.objects.get().state == "DRAFT"


def test_two_people_do_not_overwrite_each_other(manager, base):
    manager.post(f"{base}ban-thao")
    put(manager, base, loan_days=10)
    rule = Rule.objects.get()
    stale = {"category": "ANY", "item_type": "ANY", "loan_days": 99, "revision": 0}
    answer = manager.post(f"{base}ban-thao/dong/{rule.pk}", stale)
    assert "Người khác vừa sửa bản thảo này." in text_of(answer)
    twice = put(manager, base, loan_days=12)
    assert "Bản thảo đã có dòng cho nhóm bạn đọc và loại tài liệu này." in text_of(twice)
    rule.refresh_from_db()
    assert (Rule.objects.count(), rule.values) == (1, {"loan_days": 10})


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({}, "Hãy điền ít nhất một giá trị."),
        ({"loan_days": "-1"}, "Viết một số nguyên từ 0 đến 3.650."),
        ({"loan_days": "nhiều"}, "Viết một số nguyên từ 0 đến 3.650."),
        ({"fixed_due": "cuối năm"}, "Viết ngày như 31/05/2027"),
        ({"renewals": "2", "lock_loan_days": "on"}, "Chỉ khóa được giá trị mà dòng này nêu ra."),
        ({"loan_days": "5", "category": "ROBOT"}, "không phải là một trong"),
    ],
)
def test_what_cannot_be_is_explained_and_not_stored(manager, base, sent, told):
    manager.post(f"{base}ban-thao")
    answer = put(manager, base, **sent)
    assert (answer.status_code, Rule.objects.count()) == (422, 0)
    assert told.lower() in text_of(answer).lower()


def test_every_kind_of_value_survives_the_form(manager, base):
    manager.post(f"{base}ban-thao")
    sent = {
        "lendable": "1", "in_library_only": "0", "fixed_due": "31/05/2027", "fixed_due_how": "EXACT",
        "fine_per_day": "0", "closed_day": "KEEP", "lock_fine_per_day": "on",
    }  # fmt: skip
    assert put(manager, base, **sent).status_code == 302
    rule = Rule.objects.get()
    assert rule.values == {
        "lendable": True, "in_library_only": False, "fixed_due": "2027-05-31", "fixed_due_how": "EXACT",
        "closed_day": "KEEP", "fine_per_day": 0,
    }  # fmt: skip
    assert rule.locks == ["fine_per_day"]
    page = manager.get(f"{base}ban-thao/dong/{rule.pk}").content.decode()
    assert 'value="31/05/2027"' in page
    again = {"category": "ANY", "item_type": "ANY", "fixed_due": "0", "revision": 1}
    assert manager.post(f"{base}ban-thao/dong/{rule.pk}", again).status_code == 302
    rule.refresh_from_db()
    assert (rule.values, rule.locks) == ({"fixed_due": None}, [])


def test_a_lock_of_the_province_says_whom_it_silences(mine):
    rules(mine.scope, ("ANY", "ANY", {"fine_per_day": 500}))
    keeper = signed_in(person("quan-tri", "ADMINISTRATOR", root_scope()))
    top = f"/ban-lam-viec/noi-quy-muon/{ids.encode(root_scope().pk)}/"
    keeper.post(f"{top}ban-thao")
    put(keeper, top, fine_per_day=0, lock_fine_per_day="on")
    assert "Thư viện xã A: 1 giá trị" in text_of(keeper.get(f"{top}ban-thao/cong-bo"))


def test_a_contradiction_is_published_only_on_purpose(manager, base):
    manager.post(f"{base}ban-thao")
    put(manager, base, lendable="0", in_library_only="1")
    sent = {"valid_from": "2026-11-23", "reason": ""}
    assert "Bản thảo còn mâu thuẫn: hãy sửa, hoặc đánh dấu vào đây." in text_of(
        manager.post(f"{base}ban-thao/cong-bo", sent)
    )
    assert Edition.objects.get().state == "DRAFT"
    assert manager.post(f"{base}ban-thao/cong-bo", {**sent, "anyway": "on"}).status_code == 302
    assert Edition.objects.get().state == "PUBLISHED"


def test_readers_are_within_wider_categories_of_the_registry(mine):
    load_default_rules(actor=SYSTEM, scope=root_scope())
    pupil = terms_for(
        library_id=mine.pk, branch_id=None, category="SECONDARY_PUPIL", item_type="BOOK", on=MONDAY.date()
    )
    assert (pupil.max_loans.value, pupil.max_loans.rule and pupil.max_loans.rule.category) == (3, "CHILD")
    assert {(one.code, one.row.category) for one in findings_in(Edition.objects.get())} == {
        ("CROSSES", "SENIOR"),
        ("CROSSES", "DISABLED"),
        ("CROSSES", "ORGANISATION"),
    }


def test_why_names_the_rule_the_rules_beaten_the_source_and_the_days_skipped(librarian, base, mine):
    load_default_rules(actor=SYSTEM, scope=root_scope())
    rules(mine.scope, ("ANY", "BOOK", {"loan_days": 1, "fine_per_day": 1000}))
    page = text_of(librarian.get(f"{base}vi-sao?nhom=ANY&loai=BOOK&ngay=2026-11-23"))
    assert "Thư viện xã A, dòng “Mọi bạn đọc × Sách”, áp dụng từ 23/11/2026" in page
    assert "Không dùng: 14 ngày (Tỉnh Tuyên Quang, dòng “Mọi bạn đọc × Mọi loại tài liệu”" in page
    assert "Luật Thư viện 46/2019/QH14, Điều 42" in page
    assert "Tỉnh Tuyên Quang đã khóa giá trị này." in page
    assert "trả trước 23:59 24/11/2026" in page or "24/11/2026" in page
    assert librarian.get(f"{base}vi-sao?nhom=%3Cb%3E&loai=x&ngay=hom-qua").status_code == 200
    for end_of_time in ("0001-01-01", "9999-12-31"):
        assert librarian.get(f"{base}vi-sao?nhom=ANY&loai=BOOK&ngay={end_of_time}").status_code == 200


def test_the_table_leaves_as_a_sheet(librarian, base):
    load_default_rules(actor=SYSTEM, scope=root_scope())
    answer = librarian.get(f"{base}noi-quy.csv")
    body = b"".join(answer.streaming_content).decode()
    assert body.startswith("\ufeffBạn đọc,Loại tài liệu,Nội dung,Giá trị,Nơi quy định,Nơi khóa,Căn cứ")
    assert "Mọi bạn đọc,Tài liệu quý hiếm,Chỉ đọc tại chỗ,Có,Tỉnh Tuyên Quang,Tỉnh Tuyên Quang" in body


def test_a_librarian_reads_and_may_not_change(librarian, base, mine):
    rules(mine.scope, ("ANY", "ANY", {"loan_days": 7}))
    for page in ("", "vi-sao", "lich-su", "lich-su/1", "ban-thao", "noi-quy.csv"):
        assert librarian.get(base + page).status_code == 200, page
    assert librarian.post(f"{base}ban-thao").status_code == 403
    for page in ("ban-thao/dong", "ban-thao/bo", "ban-thao/cong-bo", "lich-su/1/rut"):
        assert librarian.post(base + page).status_code == 403, page
    assert Edition.objects.count() == 1


def test_another_library_looks_missing(manager, mine):
    other = Library.objects.get(code="VN-B")
    rules(other.scope, ("ANY", "ANY", {"loan_days": 7}))
    there = f"/ban-lam-viec/noi-quy-muon/{ids.encode(other.scope.pk)}/"
    for page in ("", "ban-thao", "lich-su", "lich-su/1", "vi-sao", "noi-quy.csv", "ban-thao/dong", "ban-thao/cong-bo"):
        assert manager.get(there + page).status_code == 404, page
        assert manager.post(there + page).status_code in (404, 405), page
    assert Edition.objects.count() == 1


def test_a_row_of_another_places_draft_cannot_be_touched(manager, base):
    manager.post(f"{base}ban-thao")
    keeper = signed_in(person("quan-tri", "ADMINISTRATOR", root_scope()))
    other = Library.objects.get(code="VN-B")
    there = f"/ban-lam-viec/noi-quy-muon/{ids.encode(other.scope.pk)}/"
    keeper.post(f"{there}ban-thao")
    draft = Edition.objects.get(scope=other.scope)
    row = Rule.objects.create(edition=draft, category="ANY", item_type="ANY", values={"renewals": 1})
    assert manager.get(f"{base}ban-thao/dong/{row.pk}").status_code == 404
    assert manager.post(f"{base}ban-thao/dong/{row.pk}/bo").status_code == 302
    assert Rule.objects.filter(pk=row.pk).exists()


def test_a_draft_is_thrown_away_after_a_question(manager, base):
    manager.post(f"{base}ban-thao")
    put(manager, base, loan_days=10)
    assert "Bỏ bản thảo?" in text_of(manager.get(f"{base}ban-thao/bo"))
    assert manager.post(f"{base}ban-thao/bo").status_code == 302
    assert Edition.objects.count() == 0
    assert Entry.objects.get(action="loanrules.discard_draft").details["rows"][0]["values"] == {"loan_days": 10}


def test_the_beginning_table_is_loaded_once(mine):
    assert load_default_rules(actor=SYSTEM, scope=root_scope())
    assert not load_default_rules(actor=SYSTEM, scope=root_scope())
    terms = terms_for(library_id=mine.pk, branch_id=None, category="ANY", item_type="RARE", on=MONDAY.date())
    here, fine = terms.in_library_only, terms.fine_per_day
    assert (here.value, here.locked_by and here.locked_by.item_type) == (True, "RARE")
    assert (fine.value, fine.locked_by and fine.locked_by.place) == (0, "VN-TQ")


def test_the_rules_as_json(client, mine):
    load_default_rules(actor=SYSTEM, scope=root_scope())
    rules(mine.scope, ("ANY", "BOOK", {"loan_days": 21}))
    answer = client.get("/api/v1/loan-rules/terms?library=VN-A&item_type=BOOK&on=2026-11-23").json()
    assert (answer["place"], answer["on"]) == ("VN-A", "2026-11-23")
    days = next(one for one in answer["values"] if one["name"] == "loan_days")
    assert (days["value"], days["rule"]["place"], days["locked_by"]) == (21, "VN-A", None)
    assert [(one["value"], one["rule"]["place"]) for one in days["beaten"]] == [(14, "VN-TQ")]
    assert days["why"].startswith("Số ngày mượn: 21 ngày (Thư viện xã A, dòng “Mọi bạn đọc × Sách”")
    rows = client.get("/api/v1/loan-rules/tables?library=VN-A").json()["rows"]
    assert [(row["place"], row["item_type"]) for row in rows][-1] == ("VN-A", "BOOK")
    assert client.get("/api/v1/loan-rules/terms?library=VN-KHONG").status_code == 404
    assert client.get("/api/v1/loan-rules/terms?library=VN-A&branch=X").status_code == 404
    assert client.get("/api/v1/loan-rules/terms?library=VN-A&category=a%20b").status_code == 422
    assert client.get("/api/v1/loan-rules/terms").status_code == 422
