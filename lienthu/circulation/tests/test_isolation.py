"""Every address of circulation, tried by people it is not for: a librarian of another library, a reader who edits
addresses, a stranger. Nothing is shown, nothing changes."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lienthu.audit.models import Entry
from lienthu.circulation.actions import Wish, checkout, place_hold
from lienthu.circulation.models import Custody, Fact, Hold, HoldGroup, Loan, Step, Transit
from lienthu.circulation.tests.conftest import Network
from lienthu.circulation.tests.test_desk import ACT, signed_in
from lienthu.circulation.tests.test_own import reader
from lienthu.circulation.urls import urlpatterns
from lienthu.kernel import ids

SECRETS = ("Bạn đọc thứ nhất", "T-0001", "Lớp 8A")


@pytest.fixture
def scene(network: Network) -> dict[str, Any]:
    """At library A: a loan of the first reader with one who waits, a request that asks for a copy on the shelf."""
    lent, on_shelf = network.copy(), network.copy(record="demen")
    loan = checkout(actor=network.actor, item_id=lent.pk, patron_id=network.first.id, library_id=network.a.pk).loan
    waiting = place_hold(
        actor=network.actor,
        patron_id=network.first.id,
        wish=Wish(on_shelf.record.cluster_id),
        pickup_library_id=network.a.pk,
    )
    place_hold(actor=network.actor, patron_id=network.third.id, wish=Wish(network.kieu), pickup_library_id=network.a.pk)
    HoldGroup.objects.create(
        name="Lớp 8A", cluster_id=network.kieu, library=network.a, wanted=2, placed_at=loan.started_at
    )
    return {"loan": loan, "hold": waiting, "lent": lent, "on_shelf": on_shelf}


def rows() -> list[list[dict[str, Any]]]:
    """Everything that could have changed."""
    return [list(model.objects.order_by("pk").values()) for model in (Loan, Hold, Transit, Custody, Fact, Step)]


def addresses(network: Network, scene: dict[str, Any]) -> dict[str, str]:
    """Every address of circulation, with what belongs to library A and the first reader."""
    values = {
        "hold_id": scene["hold"].pk,
        "loan_id": scene["loan"].pk,
        "public": ids.encode(network.kieu),
        "place": ids.encode(network.a.scope.pk),
        "public_id": ids.encode(network.first.id),
    }
    found = {}
    for pattern in urlpatterns:
        wanted = {name: values[name] for name in pattern.pattern.converters}
        found[str(pattern.name)] = reverse(f"circulation:{pattern.name}", kwargs=wanted)
    return found


def test_every_address_of_the_room_is_tried(network, scene):
    assert len(addresses(network, scene)) == len(urlpatterns)


def test_a_librarian_of_another_library_sees_and_changes_nothing_of_ours(network, scene):
    client, before = signed_in(network.desk_b.account), rows()
    for name, address in addresses(network, scene).items():
        shown = client.get(address, {"library": network.a.pk})
        assert shown.status_code in (200, 404, 405), name
        assert not any(secret in shown.content.decode() for secret in SECRETS if shown.status_code == 200), name
        form = {"library": network.a.pk, "hold": scene["hold"].pk, "loan": scene["loan"].pk, "until": "2030-01-01"}
        if name == "place_group":
            form |= {"name": "Lạ", "cards": "T-0001", "copies": 2}
        # a librarian without a card is told so on the page of a request
        assert client.post(address, form).status_code in (200, 302, 404, 405, 422), name
    assert rows() == before


def test_the_buttons_of_another_desk_do_nothing_with_our_loans(network, scene):
    client, before = signed_in(network.desk_b.account), rows()
    for form in (
        {"do": "renew", "loan": scene["loan"].pk},
        {"do": "claim", "loan": scene["loan"].pk},
        {"do": "undo"},
        {"do": "library", "library": network.a.pk},
    ):
        assert client.post(ACT, form).status_code == 302
    for mode in ("MARK_LOST", "MARK_MISSING", "USE_HERE"):
        client.post(ACT, {"do": "mode", "to": mode})
        client.post(ACT, {"do": "take", "box": scene["on_shelf"].accession_number})
    assert rows() == before


def test_a_reader_of_another_library_is_called_up_by_their_card_alone(network, scene):
    client = signed_in(network.desk_b.account)
    page = client.post(ACT, {"do": "reader", "patron": ids.encode(network.first.id)}, follow=True)
    assert "Bạn đọc thứ nhất" not in page.content.decode()
    assert not Entry.objects.filter(action="circulation.looked_at").exists()
    page = client.post(ACT, {"do": "take", "box": "T-0001"}, follow=True)
    assert "Bạn đọc thứ nhất" in page.content.decode()


def test_whoever_calls_up_a_reader_at_the_desk_leaves_a_trace(network, scene):
    client = signed_in(network.desk_a.account)
    client.post(ACT, {"do": "take", "box": "T-0002"})
    client.post(ACT, {"do": "take", "box": "T-0002"})
    client.post(ACT, {"do": "reader", "patron": ids.encode(network.first.id)})
    looks = Entry.objects.filter(action="circulation.looked_at").order_by("seq")
    assert [(one.target_id, one.scope, one.details) for one in looks] == [
        (ids.encode(network.second.id), "VN-T-A", {"by": "card"}),
        (ids.encode(network.first.id), "VN-T-A", {"by": "name"}),
    ]


def test_numbers_of_ten_thousand_digits_find_nothing(network, scene):
    long = "9" * 10_000
    assert signed_in(network.desk_a.account).post(ACT, {"do": "library", "library": long}).status_code == 302
    own = reader(network, network.second, "docgia2")
    assert own.post(reverse("circulation:own_renew"), {"loan": long}).status_code == 404


def test_a_reader_who_edits_addresses_finds_nothing_of_others(network, scene):
    client, before = reader(network, network.second, "docgia2"), rows()
    for name, address in addresses(network, scene).items():
        form = {"loan": scene["loan"].pk, "until": "2030-01-01", "do": "take", "box": "T-0001"}
        answers = [client.get(address)]
        if name != "place_hold":  # one's own request may be placed by anybody
            answers.append(client.post(address, form))
        for answer in answers:
            assert answer.status_code in (200, 302, 403, 404, 405), name
            if answer.status_code == 302:
                assert name in ("own_renew",), name
            assert not any(secret in answer.content.decode() for secret in SECRETS), name
    assert rows() == before


def test_a_reader_cannot_place_a_request_for_another(network, scene):
    client = reader(network, network.second, "docgia2")
    address = reverse("circulation:place_hold", args=[ids.encode(network.kieu)])
    form = {"library": network.a.pk, "level": "EDITION", "patron": network.third.id, "patron_id": network.third.id}
    client.post(address, form)
    assert set(Hold.objects.values_list("patron_id", flat=True)) == {
        network.first.id,
        network.second.id,
        network.third.id,
    }
    assert Hold.objects.filter(patron_id=network.third.id).count() == 1


def test_a_stranger_is_asked_to_sign_in_everywhere(network, scene):
    client, before = Client(), rows()
    for name, address in addresses(network, scene).items():
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code in (302, 405), name
            assert answer.status_code == 405 or "/tai-khoan/dang-nhap/" in answer["Location"], name
    assert rows() == before
