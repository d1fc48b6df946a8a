"""Cards asked for on the net: the public page, the desk, what is forgotten."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from lienthu.audit.models import Entry
from lienthu.identity.access import system_actor
from lienthu.kernel import clock, ids
from lienthu.patrons.actions import expire_requests
from lienthu.patrons.models import Card, Consent, Guardianship, Patron
from lienthu.patrons.policy import consenting
from lienthu.patrons.queries import standing
from lienthu.patrons.tests.test_desk import DESK, NAME, page, registered, web

pytestmark = pytest.mark.django_db
PAGE = "/dang-ky-the/"


@pytest.fixture(autouse=True)
def no_limits_from_before():
    cache.clear()


def years_ago(years: int) -> str:
    return f"01/01/{clock.today().year - years}"


def asked(cast, **more):
    return {
        "library": cast.main.pk,
        "full_name": NAME,
        "birth_date": years_ago(30),
        "category": "ADULT",
        "by_self": "on",
        **more,
    }


def requested(cast, **more) -> Patron:
    answer = Client().post(PAGE, asked(cast, **more))
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return Patron.objects.latest("pk")


def test_a_request_waits_for_the_desk_and_cannot_borrow_before(cast):
    client = Client()
    assert client.get(PAGE).status_code == 200
    assert client.post(PAGE, asked(cast, news="on")).headers["Location"] == PAGE + "da-nhan"
    patron = Patron.objects.get()
    assert (patron.state, patron.keep_history) == ("PENDING", False) and not Card.objects.exists()
    assert set(Consent.objects.values_list("purpose", "by", "how")) == {
        ("CARD", "SELF", "WEB"),
        ("NEWS", "SELF", "WEB"),
    }
    assert ids.encode(patron.pk) in client.get(PAGE + "da-nhan").content.decode()
    assert Client().get(PAGE + "da-nhan").status_code == 302
    found = standing(patron_id=patron.pk, library_id=cast.main.pk, on=clock.today())
    assert {one.code for one in found.blocks} == {"PATRON_PENDING", "NO_CARD"}


def test_nobody_gets_a_card_before_the_request_is_confirmed(cast):
    patron = requested(cast)
    answer = web(cast.librarian).post(page(patron, "doi-the"), {"card-number": "TQ-9"})
    assert answer.status_code == 422 and not Card.objects.exists()


def test_the_desk_confirms_with_a_card_and_only_once(cast):
    patron = requested(cast)
    client = web(cast.librarian)
    assert "1 người đăng ký" in client.get(DESK).content.decode()
    assert client.get(DESK, {"q": ids.encode(patron.pk).upper()}).headers["Location"] == page(patron)
    assert "chờ xác nhận" in client.get(page(patron)).content.decode()
    assert client.post(page(patron, "xac-nhan"), {"confirm-number": ""}).status_code == 302
    patron.refresh_from_db()
    assert patron.state == "ACTIVE" and Card.objects.get().number == "TQ-000001"
    client.post(page(patron, "xac-nhan"), {"confirm-number": "TQ-9"})
    client.post(page(patron, "tu-choi"))
    patron.refresh_from_db()
    assert patron.state == "ACTIVE" and patron.full_name == NAME and Card.objects.count() == 1


def test_somebody_known_is_shown_to_the_desk_and_never_to_the_net(cast):
    known = registered(cast, birth_date=years_ago(30))
    answer = Client().post(PAGE, asked(cast), follow=True)
    assert "Đã nhận" in answer.content.decode() and ids.encode(known.pk) not in answer.content.decode()
    patron = Patron.objects.latest("pk")
    answer = web(cast.librarian).post(page(patron, "xac-nhan"), {"confirm-number": ""})
    assert answer.status_code == 422 and [one.patron for one in answer.context["same"]] == [known]
    patron.refresh_from_db()
    assert patron.state == "PENDING" and Card.objects.count() == 1
    form = {"confirm-number": "", "confirm-confirmed_new": "on"}
    assert web(cast.librarian).post(page(patron, "xac-nhan"), form).status_code == 302


@pytest.mark.parametrize(
    ("age", "given", "faults", "by"),
    [
        (5, {"by_self": ""}, {"by_guardian", "guardian"}, None),
        (5, {"by_self": "", "by_guardian": "on", "guardian": "Người giám hộ"}, set(), {"GUARDIAN"}),
        (9, {"by_self": "", "by_guardian": "on", "guardian": "Người giám hộ"}, {"by_self"}, None),
        (9, {}, {"by_guardian", "guardian"}, None),
        (9, {"by_guardian": "on", "guardian": "Người giám hộ"}, set(), {"SELF", "GUARDIAN"}),
        (20, {"by_self": ""}, {"by_self"}, None),
        (20, {}, set(), {"SELF"}),
    ],
)
def test_who_has_to_agree_follows_from_the_age(cast, age, given, faults, by):
    answer = Client().post(PAGE, asked(cast, birth_date=years_ago(age), category="CHILD", **given))
    if faults:
        assert answer.status_code == 422 and answer.context["form"].errors.keys() == faults
        assert not Patron.objects.exists() and not Consent.objects.exists()
    else:
        assert answer.status_code == 302
        assert set(Consent.objects.filter(purpose="CARD").values_list("by", flat=True)) == by
        assert Guardianship.objects.exists() == (age < 16)


def test_ages_and_who_agrees():
    assert [consenting(age) for age in (0, 6, 7, 15, 16, None)] == [
        ("GUARDIAN",), ("GUARDIAN",), ("SELF", "GUARDIAN"), ("SELF", "GUARDIAN"), ("SELF",), ("SELF",),
    ]  # fmt: skip


def test_what_nobody_confirms_is_forgotten_after_thirty_days(cast):
    patron = requested(cast, phone="0912 345 678")
    old = requested(cast, full_name="Bạn đọc trình diễn Cũ")
    Patron.objects.filter(pk=old.pk).update(registered_at=clock.now() - timedelta(days=31))
    assert (expire_requests(actor=system_actor("t")), expire_requests(actor=system_actor("t"))) == (1, 0)
    old.refresh_from_db()
    patron.refresh_from_db()
    assert (old.state, old.full_name, old.birth_date, patron.state) == ("ERASED", "", None, "PENDING")
    assert web(cast.librarian).get(page(old)).status_code == 404


def test_a_declined_request_leaves_nothing_personal(cast):
    patron = requested(cast, birth_date=years_ago(9), by_guardian="on", guardian="Người giám hộ", address="Thôn Trung")
    assert web(cast.other_librarian).post(page(patron, "tu-choi")).status_code == 403
    assert web(cast.librarian).post(page(patron, "tu-choi")).status_code == 302
    patron.refresh_from_db()
    assert (patron.state, patron.full_name, patron.address) == ("ERASED", "", "")
    assert not Guardianship.objects.exists() and NAME not in str(list(Entry.objects.values_list("details")))


def test_too_many_requests_from_one_place_are_turned_away(cast):
    codes = [Client().post(PAGE, asked(cast, full_name=f"Bạn đọc trình diễn {n}")).status_code for n in range(22)]
    assert codes == [302] * 20 + [429] * 2 and Patron.objects.count() == 20
