"""Registering readers and their cards, through the desk's pages."""

from datetime import date, timedelta

import pytest
from django.test import Client

from lienthu.audit.models import Entry
from lienthu.identity.access import system_actor
from lienthu.kernel import clock, ids
from lienthu.patrons.actions import load_readers
from lienthu.patrons.models import Block, Card, Consent, Guardianship, Patron, SharedCard
from lienthu.patrons.queries import (
    CardHolder,
    category_path,
    collectors_of,
    find_patrons,
    patron_of_account,
    patron_of_card,
    standing,
    wards_of,
)
from lienthu.patrons.sealing import unseal

pytestmark = pytest.mark.django_db
DESK = "/ban-lam-viec/ban-doc/"
NAME = "Bạn đọc trình diễn Một"


def web(person) -> Client:
    client = Client()
    client.force_login(person.account)
    return client


def given(cast, **more):
    return {
        "full_name": NAME,
        "birth_date": "22/11/1990",
        "category": "STUDENT",
        "phone": "0912 345 678",
        "language": "vi",
        "library": cast.main.pk,
        "consented": "on",
        **more,
    }


def holder(number: str) -> CardHolder:
    found = patron_of_card(number)
    assert found is not None
    return found


def registered(cast, **more) -> Patron:
    answer = web(cast.librarian).post(DESK + "them", given(cast, **more))
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return Patron.objects.latest("pk")


def page(patron: Patron, *more: str) -> str:
    return DESK + "/".join([ids.encode(patron.pk), *(more or [""])])


def test_a_registered_reader_has_a_card_that_every_library_finds(cast):
    patron = registered(cast)
    card = Card.objects.get()
    assert (patron.full_name, patron.phone, patron.home_library, card.number) == (
        NAME, "0912345678", cast.main, "TQ-000001",
    )  # fmt: skip
    assert card.valid_until == date(clock.today().year + 5, 12, 31)
    held = holder(" tq-000001 ")
    assert held is not None and held.card_status == "ACTIVE" and held.patron.category == "STUDENT"
    assert Consent.objects.filter(patron=patron, purpose="CARD", given=True).count() == 1
    found = standing(patron_id=patron.pk, library_id=cast.other.pk, on=clock.today())
    assert (found.blocks, found.guardian_missing, found.card_expires) == ((), False, card.valid_until)
    assert category_path("STUDENT") == ("STUDENT", "ADULT", "ANY")


def test_without_consent_nothing_is_kept(cast):
    answer = web(cast.librarian).post(DESK + "them", given(cast, consented=""))
    assert answer.status_code == 200 and not Patron.objects.exists() and not Card.objects.exists()


def test_a_reader_without_telephone_and_email_is_registered(cast):
    assert registered(cast, phone="", email="").phone == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("birth_date", "31/02/1990"),
        ("birth_date", "01/01/1850"),
        ("birth_date", "01/01/2999"),
        ("phone", "gọi sau"),
        ("number", "ĐÂY LÀ SỐ"),
        ("number", "A"),
        ("identity_number", "<b>"),
        ("category", "KING"),
        ("full_name", ""),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason_and_nothing_is_kept(cast, field, value):
    answer = web(cast.librarian).post(DESK + "them", given(cast, **{field: value}))
    assert (answer.status_code == 200 and "invalid-feedback" in answer.content.decode()) or field in str(answer.context)
    assert answer.context["form"].errors.keys() == {field}
    assert not Patron.objects.exists()


def test_somebody_who_looks_the_same_is_shown_before_a_second_card_is_made(cast):
    first = registered(cast)
    answer = web(cast.librarian).post(DESK + "them", given(cast, full_name="ban doc trinh dien mot", phone=""))
    assert [one.patron for one in answer.context["same"]] == [first] and Patron.objects.count() == 1
    answer = web(cast.librarian).post(DESK + "them", given(cast, confirmed_new="1"))
    assert answer.status_code == 302 and Patron.objects.count() == 2


def test_an_identity_number_is_sealed_and_finds_its_reader_again(cast):
    first = registered(cast, identity_number="001090012345")
    assert b"001090012345" not in bytes(first.identity_sealed) and unseal(first.identity_sealed) == "001090012345"
    other = given(cast, full_name="Tên khác hẳn", birth_date="", phone="", identity_number="001090012345")
    answer = web(cast.librarian).post(DESK + "them", other)
    assert [one.patron for one in answer.context["same"]] == [first]
    assert "001090012345" not in web(cast.librarian).get(page(first)).content.decode()
    assert not Entry.objects.filter(details__icontains="001090012345").exists()


def test_a_replaced_card_leads_to_the_new_one_and_its_number_is_never_given_again(cast):
    patron = registered(cast, number="cu/77")
    answer = web(cast.librarian).post(page(patron, "doi-the"), {"card-number": "", "card-reason": "Rách"})
    assert answer.status_code == 302
    old = holder("CU/77")
    assert old is not None and (old.card_status, old.replaced_by) == ("REPLACED", "TQ-000001")
    assert holder("TQ-000001").patron_id == patron.pk
    answer = web(cast.librarian).post(DESK + "them", given(cast, full_name="Bạn đọc Hai", phone="", number="CU/77"))
    assert answer.status_code == 302
    second = Patron.objects.latest("pk")
    assert not second.cards.exists()
    assert holder("CU/77").patron_id == patron.pk


def test_a_page_that_replaces_a_card_sent_twice_issues_one_card(cast):
    patron = registered(cast)
    old = Card.objects.get(patron=patron).number
    assert f'name="replaces" value="{old}"' in web(cast.librarian).get(page(patron)).content.decode()
    sent = {"card-reason": "hỏng", "replaces": old}
    assert web(cast.librarian).post(page(patron, "doi-the"), sent).status_code == 302
    newest = Card.objects.get(patron=patron, status="ACTIVE").number
    again = web(cast.librarian).post(page(patron, "doi-the"), sent)
    assert again.status_code == 422 and f"vừa được cấp thẻ {newest}" in again.content.decode()
    assert Card.objects.filter(patron=patron).count() == 2
    assert web(cast.librarian).post(page(patron, "doi-the"), sent | {"replaces": newest}).status_code == 302


def test_a_card_replaced_twice_leads_to_the_one_that_holds_now(cast):
    patron = registered(cast)
    for number in ("TQ-800", "TQ-801"):
        assert web(cast.librarian).post(page(patron, "doi-the"), {"card-number": number}).status_code == 302
    assert [holder(number).replaced_by for number in ("TQ-000001", "TQ-800", "TQ-801")] == ["TQ-801", "TQ-801", None]


def test_for_a_child_under_seven_the_guardian_agrees_to_the_card(cast):
    registered(cast, birth_date=f"{clock.today().year - 4}-01-01", category="PRIMARY_PUPIL")
    assert list(Consent.objects.filter(purpose="CARD").values_list("by", flat=True)) == ["GUARDIAN"]


def test_a_lost_card_stops_at_once_and_the_next_one_follows_it(cast):
    patron = registered(cast)
    web(cast.librarian).post(page(patron, "mat-the"))
    assert holder("TQ-000001").card_status == "LOST"
    assert [one.code for one in standing(patron_id=patron.pk, library_id=cast.main.pk, on=clock.today()).blocks] == [
        "NO_CARD"
    ]
    web(cast.librarian).post(page(patron, "doi-the"), {"card-number": "TQ-900"})
    assert holder("TQ-000001").replaced_by == "TQ-900"


def test_a_block_has_a_reason_and_an_end_and_is_lifted_not_deleted(cast):
    patron = registered(cast)
    today = clock.today()
    until = today + timedelta(days=7)
    form = {"block-code": "RULES", "block-reason": "", "block-until": f"{until:%d/%m/%Y}"}
    assert web(cast.librarian).post(page(patron, "chan"), form).status_code == 422 and not Block.objects.exists()
    form["block-reason"] = "Làm ồn nhiều lần"
    assert web(cast.librarian).post(page(patron, "chan"), form).status_code == 302
    here, there = (standing(patron_id=patron.pk, library_id=one.pk, on=today) for one in (cast.main, cast.other))
    assert [(one.code, one.reason, one.until) for one in here.blocks] == [("RULES", "Làm ồn nhiều lần", until)]
    assert there.blocks == ()
    later = standing(patron_id=patron.pk, library_id=cast.main.pk, on=until + timedelta(days=1))
    assert later.blocks == ()
    block = Block.objects.get()
    for _ in range(2):
        assert web(cast.librarian).post(page(patron, "bo-chan", str(block.pk))).status_code == 302
    block.refresh_from_db()
    assert block.lifted_at and Entry.objects.filter(action="patrons.block_lifted").count() == 1


def test_a_child_borrows_when_guardian_and_child_agreed(cast):
    child = registered(cast, birth_date=f"{clock.today().year - 9}-01-01", category="PRIMARY_PUPIL")
    assert standing(patron_id=child.pk, library_id=cast.main.pk, on=clock.today()).guardian_missing
    form = {"guardian-name": "Người giám hộ", "guardian-relation": "mẹ", "guardian-guardian_agreed": "on"}
    assert web(cast.librarian).post(page(child, "giam-ho"), form).status_code == 422
    assert not child.guardians.exists()
    form["guardian-child_agreed"] = "on"
    assert web(cast.librarian).post(page(child, "giam-ho"), form).status_code == 302
    assert not standing(patron_id=child.pk, library_id=cast.main.pk, on=clock.today()).guardian_missing
    assert set(Consent.objects.filter(purpose="CHILD").values_list("by", flat=True)) == {"SELF", "GUARDIAN"}


def test_a_guardian_with_a_card_is_noted_by_it_and_can_be_ended(cast):
    child = registered(cast, birth_date=f"{clock.today().year - 9}-01-01", category="PRIMARY_PUPIL")
    guardian = registered(cast, full_name="Bạn đọc có thẻ", birth_date="1985-01-01")
    number = Card.objects.get(patron=guardian).number
    form = {
        "guardian-number": number,
        "guardian-relation": "mẹ",
        "guardian-guardian_agreed": "on",
        "guardian-child_agreed": "on",
    }
    for _ in range(2):
        assert web(cast.librarian).post(page(child, "giam-ho"), form).status_code == 302
    noted = Guardianship.objects.get()
    assert (noted.guardian_id, noted.name) == (guardian.pk, "")
    assert [ward.patron_id for ward in wards_of(guardian.pk, on=clock.today())] == [child.pk]
    assert "Bạn đọc có thẻ" in web(cast.librarian).get(page(child)).content.decode()
    for _ in range(2):
        assert web(cast.librarian).post(page(child, "ngung-giam-ho", str(noted.pk))).status_code == 302
    assert Entry.objects.filter(action="patrons.guardian_ended").count() == 1
    assert wards_of(guardian.pk, on=clock.today()) == []
    assert web(cast.librarian).post(page(guardian, "ngung-giam-ho", str(noted.pk))).status_code == 404


@pytest.mark.parametrize("born", ["2012-01-01", "the child itself", "unknown number"])
def test_a_minor_the_child_itself_or_an_unknown_card_is_no_guardian(cast, born):
    child = registered(cast, birth_date=f"{clock.today().year - 9}-01-01", category="PRIMARY_PUPIL")
    number = "KHONG-CO-001"
    if born != "unknown number":
        other = child if born.startswith("the") else registered(cast, full_name="Anh chị", birth_date=born)
        number = Card.objects.get(patron=other).number
    form = {"guardian-number": number, "guardian-guardian_agreed": "on", "guardian-child_agreed": "on"}
    assert web(cast.librarian).post(page(child, "giam-ho"), form).status_code == 422
    assert not Guardianship.objects.exists()


def test_two_desks_that_change_one_reader_do_not_overwrite_each_other(cast):
    patron = registered(cast)
    form = given(cast, group="Lớp 10A", revision="1")
    assert web(cast.librarian).post(page(patron, "sua"), form).headers["Location"] == page(patron)
    answer = web(cast.librarian).post(page(patron, "sua"), form | {"group": "Lớp 11B"})
    assert answer.headers["Location"] == page(patron, "sua")
    patron.refresh_from_db()
    assert (patron.group, patron.revision) == ("Lớp 10A", 2)
    entry = Entry.objects.get(action="patrons.changed")
    assert "group" in str(entry.details) and "Lớp 10A" not in str(entry.details)


@pytest.mark.parametrize("revision", ["²", "9" * 10_000, "-1", "1.0"])
def test_a_revision_that_is_no_number_changes_nothing(cast, revision):
    patron = registered(cast)
    answer = web(cast.librarian).post(page(patron, "sua"), given(cast, group="Lớp 10A", revision=revision))
    assert answer.status_code == 302 and answer["Location"].endswith("/sua")
    patron.refresh_from_db()
    assert (patron.group, patron.revision) == ("", 1)


def test_a_reason_with_a_nul_sign_is_kept_without_it(cast):
    patron = registered(cast)
    assert web(cast.librarian).post(page(patron, "mat-the"), {"reason": "Rơi\x00 mất"}).status_code == 302
    assert Card.objects.get(patron=patron).reason == "Rơi mất"


def test_the_end_of_a_school_year_of_no_library_asks_which(cast):
    answer = web(cast.librarian).get(DESK + "danh-sach/len-lop", {"library": "9" * 10_000})
    assert answer.status_code == 200 and answer.context["library"] is None


def test_names_are_found_with_and_without_marks_in_any_order(cast):
    patron = registered(cast)
    among = Patron.objects.all()
    for words in ("trình diễn", "dien mot", "Một BẠN", "0912345678", "tq-000001"):
        assert [one.id for one in find_patrons(words, among=among)] == [patron.pk], words
    assert find_patrons("hai", among=among) == []
    assert NAME in web(cast.librarian).get(DESK, {"q": "dien mot"}).content.decode()


def test_a_librarian_of_another_library_needs_the_card_or_a_reason_and_the_look_is_in_the_trail(cast):
    patron = registered(cast)
    client = web(cast.other_librarian)
    assert NAME not in client.get(DESK).content.decode()
    assert NAME not in client.get(DESK, {"q": "trình diễn"}).content.decode()
    assert client.get(DESK, {"q": "TQ-000001"}).headers["Location"] == page(patron)
    asked = client.get(page(patron))
    assert NAME not in asked.content.decode() and 'name="reason"' in asked.content.decode()
    assert NAME in client.post(page(patron), {"reason": "Bạn đọc đang ở quầy"}).content.decode()
    look = Entry.objects.filter(action="patrons.looked_at").latest("seq")
    assert "Bạn đọc đang ở quầy" in str(look.details)
    for step in ("doi-the", "mat-the", "chan", "giam-ho", "sua"):
        form = {"block-code": "RULES", "block-reason": "x", "guardian-name": "x", "guardian-guardian_agreed": "on"}
        assert client.post(page(patron, step), form | {"guardian-child_agreed": "on"}).status_code == 403, step
    assert Card.objects.filter(status="ACTIVE").count() == 1 and not Block.objects.exists()
    assert client.post(DESK + "them", given(cast)).context["form"].errors.keys() == {"library"}


def test_nobody_without_the_duty_reaches_readers(cast):
    patron = registered(cast)
    for person in (cast.cataloguer, cast.reader):
        for address in (DESK, DESK + "them", page(patron), page(patron, "sua")):
            assert web(person).get(address).status_code == 403, address
    assert web(cast.librarian).get(DESK + "zzzzz/").status_code == 404


def test_the_list_leaves_as_a_table_and_the_trail_knows(cast):
    registered(cast)
    answer = web(cast.librarian).get(DESK, {"format": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "TQ-000001" in text and NAME in text
    assert Entry.objects.filter(action="patrons.listed").count() == 1
    assert NAME in web(cast.librarian).get(DESK).content.decode()
    assert Entry.objects.filter(action="patrons.listed").count() == 2


def test_the_readers_of_the_demonstration_come_once(cast):
    actor = system_actor("tests")
    assert (load_readers(actor=actor), load_readers(actor=actor)) == (4, 0)
    held = holder("TD-0001")
    assert held is not None and patron_of_account(cast.reader.account.pk) == held.patron_id
    child = holder("TD-0008").patron_id
    assert not standing(patron_id=child, library_id=cast.main.pk, on=clock.today()).guardian_missing


def test_nobody_learns_of_another_librarys_readers_by_registering_them(cast):
    registered(cast)
    form = given(cast, library=cast.other.pk)
    answer = web(cast.other_librarian).post(DESK + "them", form | {"full_name": "Ban doc trinh dien mot"})
    text = answer.content.decode()
    assert "Một bạn đọc của Thư viện tỉnh" in text and NAME not in text
    assert Entry.objects.filter(action="patrons.matched").count() == 1


def test_every_page_that_shows_a_record_is_a_look_in_the_trail(cast):
    patron = registered(cast)
    client = web(cast.librarian)
    client.get(page(patron))
    client.get(page(patron, "sua"))
    client.post(page(patron, "chan"), {"block-code": "RULES", "block-reason": ""})
    assert Entry.objects.filter(action="patrons.looked_at").count() == 3


def test_a_card_is_stopped_and_replaced_at_another_library_with_a_reason_and_the_trail_names_both(cast):
    patron = registered(cast)
    client = web(cast.other_librarian)
    shown = client.post(page(patron), {"reason": "Bạn đọc ở quầy báo mất thẻ"}).content.decode()
    assert 'id="ly-do-mat"' in shown and page(patron, "sua") not in shown
    for step, form in (("mat-the", {"reason": "  "}), ("doi-the", {"card-reason": ""})):
        assert client.post(page(patron, step), form).status_code == 403, step
    assert holder("TQ-000001").card_status == "ACTIVE"
    assert client.post(page(patron, "mat-the"), {"reason": "Rơi trên đường"}).status_code == 302
    assert (
        client.post(page(patron, "doi-the"), {"card-reason": "Rơi trên đường", "card-number": "!"}).status_code == 422
    )
    assert Card.objects.count() == 1
    assert client.post(page(patron, "doi-the"), {"card-reason": "Rơi trên đường"}).status_code == 302
    old, new = Card.objects.order_by("pk")
    assert (old.status, old.reason, old.replaced_by) == ("LOST", "Rơi trên đường", new)
    assert (new.status, new.library, new.patron.home_library) == ("ACTIVE", cast.other, cast.main)
    for action in ("patrons.card_ended", "patrons.card_issued"):
        entry = Entry.objects.filter(action=action).latest("seq")
        assert entry.details["home"] == "VN-TQ-TINH" and entry.scope == "VN-TQ-KHAC"
    assert Entry.objects.filter(action="patrons.looked_at").latest("seq").details["reason"] == "Rơi trên đường"


@pytest.mark.parametrize("apart", ["main", "other"])
def test_no_card_is_touched_at_a_library_that_does_not_share_cards(cast, apart):
    patron = registered(cast)
    SharedCard.objects.create(library=getattr(cast, apart), honours=False, since=clock.today())
    client = web(cast.other_librarian)
    assert 'id="ly-do-mat"' not in client.post(page(patron), {"reason": "ở quầy"}).content.decode()
    assert client.post(page(patron, "mat-the"), {"reason": "Rơi"}).status_code == 403
    assert client.post(page(patron, "doi-the"), {"card-reason": "Rơi"}).status_code == 403
    assert Card.objects.get().status == "ACTIVE"


def test_blocks_that_hold_no_longer_are_listed_with_reason_and_end(cast):
    patron = registered(cast)
    client, address = web(cast.librarian), page(patron, "chan-da-qua", "")
    assert "Không có lần chặn nào đã qua" in client.get(address).content.decode()
    client.post(page(patron, "chan"), {"block-code": "RULES", "block-reason": "Làm ồn nhiều lần"})
    assert (
        "Làm ồn" not in client.get(address).content.decode()
        and address not in client.get(page(patron)).content.decode()
    )
    client.post(page(patron, "bo-chan", str(Block.objects.get().pk)))
    today, before = clock.today(), clock.today() - timedelta(days=9)
    Block.objects.create(
        patron=patron, code="DAMAGE", reason="Rách bìa", starts=before, until=before, placed_by="Thủ thư tỉnh"
    )
    assert address in client.get(page(patron)).content.decode()
    lines = b"".join(client.get(address, {"format": "csv"}).streaming_content).decode("utf-8-sig").splitlines()
    by = cast.librarian.account.full_name
    assert lines[1:] == [
        f'{today:%d/%m/%Y},,Vi phạm nội quy,Làm ồn nhiều lần,Thư viện tỉnh,{by},"Bỏ chặn {today:%d/%m/%Y}, {by}"',
        f'{before:%d/%m/%Y},{before:%d/%m/%Y},"Làm hư hỏng, mất tài liệu",Rách bìa,mọi thư viện,Thủ thư tỉnh,Hết hạn',
    ]
    some = client.get(address, {"code": "DAMAGE", "sort": "code"}).content.decode()
    assert "Rách bìa" in some and "Làm ồn" not in some
    assert web(cast.other_librarian).get(address).status_code == 302


def test_who_may_collect_is_known_until_the_day_or_the_end(cast):
    patron = registered(cast)
    form = {"proxy-name": "Người nhận thay", "proxy-phone": "0911 222 333", "proxy-until": f"{clock.today():%d/%m/%Y}"}
    assert web(cast.librarian).post(page(patron, "nhan-thay"), form).status_code == 302
    assert [one.name for one in collectors_of(patron.pk, on=clock.today())] == ["Người nhận thay"]
    assert collectors_of(patron.pk, on=clock.today() + timedelta(days=1)) == []
    web(cast.librarian).post(page(patron, "ngung-nhan-thay", str(patron.proxies.get().pk)))
    assert collectors_of(patron.pk, on=clock.today()) == []


def test_the_page_of_a_reader_leads_to_the_counter_and_the_till_for_who_may_work_there(cast):
    patron = registered(cast)
    shown = web(cast.librarian).get(page(patron)).content.decode()
    counter = shown[shown.index('action="/ban-lam-viec/luu-thong/lam"') :]
    assert f'name="patron" value="{ids.encode(patron.pk)}"' in counter[:400]
    assert "Mở ở quầy" in counter
    assert f'href="/ban-lam-viec/thu-tien/ban-doc/{ids.encode(patron.pk)}/"' in shown
    elsewhere = web(cast.other_librarian).post(page(patron), {"reason": "Hỏi thẻ"}).content.decode()
    assert NAME in elsewhere
    assert "Mở ở quầy" not in elsewhere
    assert "/ban-lam-viec/thu-tien/ban-doc/" not in elsewhere
