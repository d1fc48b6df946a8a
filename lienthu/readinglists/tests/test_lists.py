"""Reading lists, through the pages of their readers."""

import pytest
from django.test import Client

from lienthu.audit.actions import writing
from lienthu.audit.models import Entry
from lienthu.catalogue.models import Cluster
from lienthu.catalogue.tests.factories import cluster
from lienthu.circulation.tests.conftest import Network
from lienthu.identity.access import actor_for
from lienthu.identity.actions import create_account
from lienthu.identity.models import Account
from lienthu.kernel import ids
from lienthu.libraries.tests.factories import SYSTEM
from lienthu.patrons.actions import merge, undo_merge
from lienthu.patrons.models import Patron
from lienthu.readinglists import policy
from lienthu.readinglists.actions import add_title, make_list, owning
from lienthu.readinglists.models import ListedTitle, ReadingList

OWN = "/tai-khoan/danh-sach/"


def account_of(patron, name: str) -> Account:
    account = create_account(actor=SYSTEM, username=name, full_name=name, password="mot-mat-khau-dai")
    patron.link(account)
    return account


def browser(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def kieu(network: Network) -> str:
    network.copy()
    return ids.encode(network.kieu)


@pytest.fixture
def first(network: Network) -> Account:
    return account_of(network.first, "docgia1")


def kept(patron) -> list[str]:
    return list(ListedTitle.objects.filter(list__patron_id=patron.id).values_list("title", flat=True))


def test_a_title_is_saved_from_its_page_in_a_new_list_and_once_only(network, kieu, first):
    client = browser(first)
    assert f"{OWN}luu/{kieu}/" in client.get(f"/bieu-ghi/{kieu}").content.decode()
    answer = client.post(f"{OWN}luu/{kieu}/", {"name": "  Đọc   hè "}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/bieu-ghi/{kieu}"
    assert "Đã lưu vào danh sách “Đọc hè”." in answer.content.decode()
    made = ReadingList.objects.get()
    answer = client.post(f"{OWN}luu/{kieu}/", {"list": made.pk}, follow=True)
    assert "Tài liệu đã có trong danh sách “Đọc hè”." in answer.content.decode()
    assert kept(network.first) == ["Truyện Kiều"]
    page = client.get(f"{OWN}{made.public_id}/").content.decode()
    assert "Truyện Kiều" in page and f"/dat-muon/{kieu}/" in page
    trail = Entry.objects.filter(action__startswith="readinglists.")
    assert [one.action for one in trail.order_by("seq")] == ["readinglists.changed"]
    assert "Kiều" not in str([one.details for one in trail])


def test_a_visitor_signs_in_first_and_comes_back(kieu):
    answer = Client().get(f"{OWN}luu/{kieu}/")
    assert answer.status_code == 302 and answer["Location"].endswith(f"?next=/tai-khoan/danh-sach/luu/{kieu}/")


def test_an_account_without_a_card_is_told_what_to_do(network, kieu):
    account = create_account(actor=SYSTEM, username="chua-the", full_name="Chưa thẻ", password="mot-mat-khau-dai")
    client = browser(account)
    for address in (OWN, f"{OWN}luu/{kieu}/"):
        assert "chưa gắn với thẻ bạn đọc" in client.get(address).content.decode()
    assert client.post(OWN, {"name": "x"}).status_code == 404
    assert not ReadingList.objects.exists()


def test_another_readers_list_is_not_there_whatever_is_asked(network, kieu, first):
    mine = make_list(actor=actor_for(first), name="Riêng")
    add_title(actor=actor_for(first), cluster_id=network.kieu, list_id=mine.pk)
    entry = ListedTitle.objects.get()
    other = browser(account_of(network.second, "docgia2"))
    base = f"{OWN}{mine.public_id}/"
    for address in (base, base + "tai-ve.csv", base + "xoa"):
        assert other.get(address).status_code == 404, address
    for address in ("doi-ten", "xoa", f"{entry.pk}/bo", f"{entry.pk}/ghi-chu", f"{entry.pk}/chuyen"):
        assert other.post(base + address, {"name": "x", "note": "x", "to": mine.public_id}).status_code == 404, address
    assert other.post(f"{OWN}luu/{kieu}/", {"list": mine.pk}).status_code == 422
    desk = browser(network.desk_a.account)
    assert desk.get(base).status_code == 404
    mine.refresh_from_db()
    assert (mine.name, kept(network.first)) == ("Riêng", ["Truyện Kiều"])


def test_an_entry_is_only_reached_through_its_own_list(network, kieu, first):
    actor = actor_for(first)
    one, two = (make_list(actor=actor, name=name) for name in ("Một", "Hai"))
    add_title(actor=actor, cluster_id=network.kieu, list_id=one.pk)
    entry = ListedTitle.objects.get()
    assert browser(first).post(f"{OWN}{two.public_id}/{entry.pk}/ghi-chu", {"note": "x"}).status_code == 404
    assert browser(first).post(f"{OWN}{two.public_id}/{entry.pk}/bo").status_code == 302
    assert ListedTitle.objects.get().note == ""


def test_titles_are_noted_moved_and_taken_out(network, kieu, first):
    client, actor = browser(first), actor_for(first)
    one, two = (make_list(actor=actor, name=name) for name in ("Một", "Hai"))
    add_title(actor=actor, cluster_id=network.kieu, list_id=one.pk)
    entry = ListedTitle.objects.get()
    base = f"{OWN}{one.public_id}/{entry.pk}/"
    client.post(base + "ghi-chu", {"note": "<b>đọc chương 1</b>"})
    page = client.get(f"{OWN}{one.public_id}/").content.decode()
    assert "&lt;b&gt;đọc chương 1&lt;/b&gt;" in page and "<b>đọc" not in page
    assert "Ghi chú dài nhất" in client.post(base + "ghi-chu", {"note": "x" * 501}, follow=True).content.decode()
    client.post(base + "chuyen", {"to": two.public_id})
    entry.refresh_from_db()
    assert (entry.list_id, entry.note) == (two.pk, "<b>đọc chương 1</b>")
    for _ in range(2):
        assert client.post(f"{OWN}{two.public_id}/{entry.pk}/bo").status_code == 302
    assert kept(network.first) == []


def test_a_list_is_renamed_and_deleted_after_a_question(network, first):
    client = browser(first)
    for name in ("Một", "Hai"):
        client.post(OWN, {"name": name})
    one = ReadingList.objects.get(name="Một")
    assert client.post(f"{OWN}{one.public_id}/doi-ten", {"name": "Hai"}).status_code == 422
    assert client.post(f"{OWN}{one.public_id}/doi-ten", {"name": " "}).status_code == 422
    assert client.post(f"{OWN}{one.public_id}/doi-ten", {"name": "Ba"}).status_code == 302
    assert "Xóa danh sách “Ba”?" in client.get(f"{OWN}{one.public_id}/xoa").content.decode()
    assert ReadingList.objects.count() == 2
    client.post(f"{OWN}{one.public_id}/xoa")
    assert [found.name for found in ReadingList.objects.all()] == ["Hai"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "Trùng"])
def test_a_name_that_cannot_be_is_refused_with_a_reason(network, first, name):
    make_list(actor=actor_for(first), name="Trùng")
    answer = browser(first).post(OWN, {"name": name})
    assert answer.status_code == 422
    assert ReadingList.objects.count() == 1


def test_too_many_lists_or_titles_are_refused(network, kieu, first, monkeypatch):
    monkeypatch.setattr("lienthu.readinglists.actions.keeping.MOST_LISTS", 1)
    monkeypatch.setattr("lienthu.readinglists.actions.keeping.MOST_TITLES", 0)
    client = browser(first)
    assert client.post(OWN, {"name": "Một"}).status_code == 302
    answer = client.post(OWN, {"name": "Hai"})
    assert answer.status_code == 422 and f"nhiều nhất {policy.MOST_LISTS} danh sách" in answer.content.decode()
    answer = client.post(f"{OWN}luu/{kieu}/", {"list": ReadingList.objects.get().pk})
    assert answer.status_code == 422 and f"nhiều nhất {policy.MOST_TITLES} tài liệu" in answer.content.decode()
    assert (ReadingList.objects.count(), ListedTitle.objects.count()) == (1, 0)


def test_a_merged_title_stands_once_under_what_took_it_up_and_a_withdrawn_one_says_so(network, kieu, first):
    actor = actor_for(first)
    network.copy(record="demen")
    one = make_list(actor=actor, name="Một")
    for number in ("kieu", "demen"):
        add_title(actor=actor, cluster_id=cluster(number).pk, list_id=one.pk)
    taken, survivor = cluster("demen"), cluster("kieu")
    Cluster.objects.filter(pk=taken.pk).update(merged_into=survivor, is_active=False)
    page = browser(first).get(f"{OWN}{one.public_id}/").content.decode()
    assert page.count(f'href="/bieu-ghi/{kieu}"') == 1 and "Dế Mèn" not in page
    assert add_title(actor=actor, cluster_id=taken.pk, list_id=one.pk)[1] is False
    Cluster.objects.filter(pk=taken.pk).update(merged_into=None, is_active=True)
    assert "Dế Mèn phiêu lưu ký" in browser(first).get(f"{OWN}{one.public_id}/").content.decode()
    Cluster.objects.filter(pk=taken.pk).update(is_active=False)
    page = browser(first).get(f"{OWN}{one.public_id}/").content.decode()
    assert "Dế Mèn phiêu lưu ký" in page and "Mục lục không còn tài liệu này." in page


def test_titles_are_found_sorted_and_downloaded(network, kieu, first):
    actor, client = actor_for(first), browser(first)
    network.copy(record="demen")
    one = make_list(actor=actor, name="Một")
    for number in ("kieu", "demen"):
        add_title(actor=actor, cluster_id=cluster(number).pk, list_id=one.pk)
    page = client.get(f"{OWN}{one.public_id}/?sort=title").content.decode()
    assert page.index("Dế Mèn") < page.index("Truyện Kiều")
    page = client.get(f"{OWN}{one.public_id}/?q=truyen+kieu").content.decode()
    assert "Truyện Kiều" in page and "Dế Mèn" not in page
    assert "Không có tài liệu nào hợp" in client.get(f"{OWN}{one.public_id}/?q=khong-co").content.decode()
    for ending, sign in (("csv", "Truyện Kiều"), ("ris", "TI  - Truyện Kiều"), ("bib", "Truyện Kiều")):
        text = b"".join(client.get(f"{OWN}{one.public_id}/tai-ve.{ending}").streaming_content).decode()
        assert sign in text, ending
    assert client.get(f"{OWN}{one.public_id}/tai-ve.exe").status_code == 404
    assert "Một" in b"".join(client.get(OWN + "?dang=csv").streaming_content).decode()


@pytest.mark.parametrize("address", ["zzzzzz/", "1/", "luu/zzzzz/", "luu/1/"])
def test_an_address_that_names_nothing_is_not_there(network, first, address):
    assert browser(first).get(OWN + address).status_code == 404


def test_lists_go_with_merged_readers_and_come_back(network, kieu, first):
    second = account_of(network.second, "docgia2")
    for account in (first, second):
        add_title(actor=actor_for(account), cluster_id=network.kieu, name="Đọc hè")
    loser, winner = (Patron.objects.get(pk=one.id) for one in (network.first, network.second))
    done = merge(actor=SYSTEM, loser=loser, winner=winner, reason="một người")
    found = ReadingList.objects.filter(patron=winner).order_by("pk")
    assert sorted(one.name for one in found) == ["Đọc hè", "Đọc hè (2)"]
    undo_merge(actor=SYSTEM, made=done)
    assert [one.name for one in ReadingList.objects.filter(patron=loser)] == ["Đọc hè"]
    assert [one.name for one in ReadingList.objects.filter(patron=winner)] == ["Đọc hè"]


def test_lists_are_told_to_their_reader_and_forgotten_with_them(network, kieu, first):
    add_title(actor=actor_for(first), cluster_id=network.kieu, name="Đọc hè")
    (section,) = owning.about(patron_id=network.first.id)
    assert [row[:2] for row in section.rows] == [("Đọc hè", "Truyện Kiều")]
    text = browser(first).get("/tai-khoan/du-lieu/du-lieu.json").content.decode()
    assert "Đọc hè" in text
    with writing(SYSTEM) as w:
        owning.forget(w, patron_id=network.first.id)
        w.nothing_changed()
    assert not ReadingList.objects.exists() and not ListedTitle.objects.exists()
