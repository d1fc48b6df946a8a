"""The desk of machines: who may keep them, what is shown once, what is never shown."""

import re

import pytest
from django.test import Client

from lienthu.protocols.sip2.models import Terminal
from lienthu.protocols.sip2.tests.machine import Machine

pytestmark = pytest.mark.django_db
BASE = "/ban-lam-viec/may-tu-muon/"
VALUES = {
    "name": "Máy mượn sảnh", "login": "may-sanh", "permits": ["CHECKOUT", "CHECKIN"], "charset": "utf-8",
    "detection": "AUTO", "line_end": "CR", "delimiter": "|", "addresses": "10.0.0.5/24, 192.168.1.9", "enabled": "on",
}  # fmt: skip


@pytest.fixture
def manager(network, client: Client) -> Client:
    client.force_login(network.manager_a.account)
    return client


def password_on(response) -> str:
    found = re.search(r"Mật khẩu \(CO\) (\S{20}) ", text(response))
    assert found is not None
    return found[1]


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_a_machine_is_added_with_a_password_that_is_shown_once(manager, network, trail):
    shown = manager.post(BASE + "them/", {**VALUES, "library": network.a.pk})

    terminal = Terminal.objects.get()
    password = password_on(shown)
    assert (terminal.library_id, terminal.login) == (network.a.pk, "may-sanh")
    assert terminal.permits == ["CHECKOUT", "CHECKIN"]
    assert terminal.addresses == ["10.0.0.0/24", "192.168.1.9/32"]
    assert shown["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert password not in terminal.password_hash
    assert password not in text(manager.get(f"{BASE}{terminal.pk}/"))
    assert password not in str(trail("sip2.terminal_added").get().details)


def test_a_new_password_ends_the_former_one(manager, network):
    machine = Machine(network.a)

    shown = manager.post(f"{BASE}{machine.terminal.pk}/mat-khau")
    password = password_on(shown)

    assert machine.say("93", CN="may-1", CO=machine.password).fixed["ok"] == "0"
    assert machine.say("93", CN="may-1", CO=password).fixed["ok"] == "1"


def test_a_machine_is_changed_and_switched_off(manager, network):
    machine = Machine(network.a)
    values = {**VALUES, "charset": "cp850"}
    del values["enabled"]

    manager.post(f"{BASE}{machine.terminal.pk}/", values)

    terminal = Terminal.objects.get()
    assert (terminal.login, terminal.enabled, terminal.charset) == ("may-sanh", False, "cp850")
    assert "hiện thành “Truyen Kieu - Nguyen Du”" in text(manager.get(f"{BASE}{terminal.pk}/"))


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("login", "có dấu", "Từ 2 ký tự, chỉ chữ không dấu"),
        ("delimiter", "x", "Một dấu, thường là |"),
        ("addresses", "10.0.0.300", "10.0.0.300 không phải một địa chỉ mạng."),
    ],
)
def test_wrong_values_are_refused_and_nothing_is_added(manager, network, field, value, says):
    answer = manager.post(BASE + "them/", {**VALUES, "library": network.a.pk, field: value})

    assert answer.status_code == 400
    assert says in text(answer)
    assert not Terminal.objects.exists()


def test_a_login_is_given_once_in_the_whole_network(manager, network):
    Machine(network.b, login="may-sanh")

    answer = manager.post(BASE + "them/", {**VALUES, "library": network.a.pk})

    assert "Tên đăng nhập này đã có máy dùng." in text(answer)
    assert Terminal.objects.count() == 1


def test_machines_of_other_libraries_are_as_good_as_missing(manager, network):
    other = Machine(network.b)

    assert manager.get(f"{BASE}{other.terminal.pk}/").status_code == 404
    assert manager.post(f"{BASE}{other.terminal.pk}/mat-khau").status_code == 404
    assert "Máy mượn 1" not in text(manager.get(BASE))
    assert manager.post(BASE + "them/", {**VALUES, "library": network.b.pk}).status_code == 400


def test_librarians_keep_no_machines(network, client):
    client.force_login(network.desk_a.account)

    assert client.get(BASE).status_code == 403


def test_the_list_tells_when_a_machine_was_last_there(manager, network):
    machine = Machine(network.a)
    assert "Chưa lần nào" in text(manager.get(BASE))

    machine.signed_in()

    assert "Chưa lần nào" not in text(manager.get(BASE))
    assert "từ 10.0.0.7, bản tin 93" in text(manager.get(f"{BASE}{machine.terminal.pk}/"))


def test_trying_says_that_the_server_is_off(manager, network, settings):
    machine = Machine(network.a)

    answer = manager.post(f"{BASE}{machine.terminal.pk}/thu", follow=True)

    assert "Máy chủ SIP2 đang tắt" in text(answer)
