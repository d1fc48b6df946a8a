"""What a device keeps so that the page of a round opens without network: a page that names nobody, and its files."""

import re

from django.test import Client
from django.urls import reverse

from lienthu.stocktaking.models import Round
from lienthu.stocktaking.tests.test_round import closed, copies, desk, monday, opened
from lienthu.web.tags.frame import asset

__all__ = ["copies", "desk", "monday"]


def test_the_page_without_network_is_the_same_for_all_and_names_nobody(desk, network, copies):
    one = opened(desk, network)
    page = desk.get(reverse("stocktaking:offline")).content
    other = Client()
    other.force_login(network.desk_b.account)
    assert other.get(reverse("stocktaking:offline")).content == page
    for secret in (network.desk_a.account.username, one.name, one.public_id, "csrfmiddlewaretoken"):
        assert secret.encode() not in page


def test_the_worker_keeps_that_page_with_every_file_it_names_and_is_new_when_the_page_is(desk, network):
    worker = desk.get("/ban-lam-viec/kiem-ke/sw.js")
    assert worker["Content-Type"] == "text/javascript; charset=utf-8"
    kept = worker.content.decode().replace("\\u002D", "-")
    page = desk.get(reverse("stocktaking:offline")).content.decode()
    named = set(re.findall(r'(?:href|src|data-reader)="(/[^"#]+)', page))
    assert asset("stock.js") in named and all(f'"{address}"' in kept for address in named)
    assert desk.get("/ban-lam-viec/kiem-ke/sw.js").content == worker.content
    desk.post("/ngon-ngu/", {"language": "en"})
    assert desk.get("/ban-lam-viec/kiem-ke/sw.js").content != worker.content


def test_only_who_counts_gets_the_page_and_the_worker(network, db):
    for client, status in ((Client(), 302), (client_without_role(network), 403)):
        for name in ("stocktaking:offline", "stocktaking:worker"):
            assert client.get(reverse(name)).status_code == status


def client_without_role(network) -> Client:
    client = Client()
    account = network.desk_b.account
    account.grants.update(role="READER")
    client.force_login(account)
    return client


def test_the_page_of_a_round_tells_the_device_whether_it_is_counted(desk, network, copies):
    one = opened(desk, network)
    address = reverse("stocktaking:round", args=[one.public_id])
    page = desk.get(address).content.decode()
    assert 'data-worker="/ban-lam-viec/kiem-ke/sw.js"' in page and "data-stock-over" not in page
    closed(desk, one)
    page = desk.get(address).content.decode()
    assert "data-stock-over" in page and "data-stock-form" not in page
    assert Round.objects.get().state == "CLOSED"
