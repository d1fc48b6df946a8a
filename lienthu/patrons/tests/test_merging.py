"""Two records of one person: found with reasons, made one, parted exactly."""

from types import SimpleNamespace

import pytest

from lienthu.kernel import clock, ids
from lienthu.libraries.tests.factories import person
from lienthu.patrons.models import Block, Card, Consent, Different, Guardianship, Merge, Patron, Proxy
from lienthu.patrons.queries import find_patrons, held_patron_of_account, patron_of_account, patron_of_card, standing
from lienthu.patrons.tests.test_desk import DESK, page, registered, web

pytestmark = pytest.mark.django_db
TABLES = (Patron, Card, Block, Consent, Guardianship, Proxy)
_CHANGES = {"revision"}


def snapshot() -> dict[str, list[dict[str, object]]]:
    return {
        model.__name__: [
            {key: bytes(value) if isinstance(value, memoryview) else value for key, value in row.items()}
            for row in model.objects.order_by("pk").values(
                *(one.attname for one in model._meta.concrete_fields if one.attname not in _CHANGES)
            )
        ]
        for model in TABLES
    }


@pytest.fixture
def two(cast):
    client = web(cast.librarian)
    first = registered(cast, address="Phường Minh Xuân", identity_number="001090012345")
    second = registered(cast, address="", phone="", email="", confirmed_new="1")
    form = {"block-code": "RULES", "block-reason": "Làm ồn", "block-until": ""}
    assert client.post(page(first, "chan"), form).status_code == 302
    assert client.post(page(first, "nhan-thay"), {"proxy-name": "Người nhận thay"}).status_code == 302
    assert client.post(page(first, "doi-the"), {"card-number": "TQ-900"}).status_code == 302
    assert client.post(page(first, "tai-khoan"), {"account-username": "bandoc"}).status_code == 302
    return first, second


def merge(cast, loser: Patron, winner: Patron, *, number: str = "TQ-900"):
    form = {"merge-number": number, "merge-reason": "Cùng một người, hai thẻ"}
    return web(cast.librarian).post(page(winner, "gop"), form)


def test_pairs_are_listed_with_reasons_until_somebody_decides(cast, two):
    first, second = two
    client = web(cast.librarian)
    text = client.get(DESK + "nghi-trung/").content.decode()
    assert "cùng tên và ngày sinh" in text and "số định danh" not in text
    assert web(cast.other_librarian).get(DESK + "nghi-trung/").context["pairs"] == []
    form = {"keep": ids.encode(first.pk), "other": ids.encode(second.pk), "different": "1"}
    assert web(cast.other_librarian).post(DESK + "nghi-trung/quyet-dinh", form).status_code == 403
    for _ in range(2):
        assert client.post(DESK + "nghi-trung/quyet-dinh", form).status_code == 302
    assert Different.objects.count() == 1 and client.get(DESK + "nghi-trung/").context["pairs"] == []


def test_a_merged_reader_is_found_by_every_card_and_has_all_of_both(cast, two):
    first, second = two
    assert merge(cast, first, second).status_code == 302
    held = {number: patron_of_card(number) for number in ("TQ-000001", "TQ-900", "TQ-000002")}
    assert {one.patron_id for one in held.values() if one} == {second.pk}
    assert held["TQ-900"] and held["TQ-900"].replaced_by == "TQ-000002"
    second.refresh_from_db()
    assert (second.phone, second.address, second.account) == ("0912345678", "Phường Minh Xuân", cast.reader.account)
    found = standing(patron_id=second.pk, library_id=cast.main.pk, on=clock.today())
    assert [one.code for one in found.blocks] == ["RULES"]
    assert [one.id for one in find_patrons("trình diễn", among=Patron.objects.exclude(state="MERGED"))] == [second.pk]
    assert "đã gộp vào" in web(cast.librarian).get(page(first)).content.decode()
    assert web(cast.librarian).post(page(first, "mat-the")).status_code == 404


def test_both_accounts_of_a_merged_reader_open_the_same_card_until_they_are_parted(cast, two):
    first, second = two
    other = person("bandoc2", "READER", cast.main.scope).account
    Patron.objects.filter(pk=second.pk).update(account=other)
    assert merge(cast, first, second).status_code == 302

    def card_of(account: object) -> str:
        text = web(SimpleNamespace(account=account)).get("/tai-khoan/the/").content.decode()
        return next((number for number in ("TQ-900", "TQ-000002") if number in text), "")

    assert (card_of(other), card_of(cast.reader.account)) == ("TQ-000002", "TQ-000002")
    assert patron_of_account(cast.reader.account.pk) == held_patron_of_account(cast.reader.account.pk) == second.pk
    assert web(cast.librarian).post(f"{DESK}bo-gop/{Merge.objects.get().pk}").status_code == 302
    assert (card_of(other), card_of(cast.reader.account)) == ("TQ-000002", "TQ-900")


def test_undoing_restores_every_row_exactly(cast, two):
    first, second = two
    before = snapshot()
    merge(cast, first, second)
    assert snapshot() != before
    made = Merge.objects.get()
    assert "0912345678" not in str(made.moved) and "Minh Xuân" not in str(made.moved)
    for _ in range(2):
        assert web(cast.librarian).post(DESK + f"bo-gop/{made.pk}").status_code == 302
    assert snapshot() == before
    assert web(cast.other_librarian).post(DESK + f"bo-gop/{made.pk}").status_code == 403


def test_merges_one_after_the_other_are_undone_in_reverse(cast, two):
    first, second = two
    third = registered(cast, phone="", number="TQ-700", confirmed_new="1")
    before = snapshot()
    merge(cast, first, second)
    between = snapshot()
    merge(cast, second, third, number="TQ-000002")
    assert {one.patron_id for one in map(patron_of_card, ("TQ-900", "TQ-000002", "TQ-700")) if one} == {third.pk}
    early, late = Merge.objects.order_by("pk")
    client = web(cast.librarian)
    client.post(DESK + f"bo-gop/{early.pk}")
    assert Merge.objects.get(pk=early.pk).undone_at is None
    client.post(DESK + f"bo-gop/{late.pk}")
    assert snapshot() == between
    client.post(DESK + f"bo-gop/{early.pk}")
    assert snapshot() == before


def test_what_came_after_the_merge_stays_with_the_winner(cast, two):
    first, second = two
    merge(cast, first, second)
    client = web(cast.librarian)
    client.post(page(second, "doi-the"), {"card-number": "TQ-901"})
    form = {"block-code": "MANUAL", "block-reason": "Sau khi gộp", "block-until": ""}
    client.post(page(second, "chan"), form)
    client.post(DESK + f"bo-gop/{Merge.objects.get().pk}")
    assert Block.objects.get(reason="Sau khi gộp").patron_id == second.pk
    assert Card.objects.get(number="TQ-901").patron_id == second.pk
    assert Card.objects.get(number="TQ-900").patron_id == first.pk
    assert Card.objects.get(number="TQ-900").status == "ACTIVE"


def test_readers_of_another_library_are_not_merged_by_somebody_without_duty_there(cast, two):
    first, _second = two
    foreign = web(cast.other_librarian)
    answer = foreign.post(DESK + "them", {
        "full_name": "Bạn đọc trình diễn Khác", "category": "ADULT", "language": "vi",
        "library": cast.other.pk, "consented": "on", "number": "K-100",
    })  # fmt: skip
    assert answer.status_code == 302
    before = snapshot()
    assert merge(cast, first, first, number="K-100").status_code == 403
    assert merge(cast, first, first, number="TQ-900").status_code == 422
    assert merge(cast, first, first, number="TQ-404").status_code == 422
    assert snapshot() == before and not Merge.objects.exists()
