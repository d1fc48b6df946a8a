"""The pages of accounts and of the trail show what one may see, and nothing else."""

import csv
import io
import json

import pytest
from django.core.management import CommandError, call_command

from lienthu.audit.actions import writing
from lienthu.audit.models import Entry
from lienthu.identity.access import system_actor
from lienthu.identity.actions import grant_role
from lienthu.identity.models import Account, Grant
from lienthu.identity.tests.factories import PASSWORD, make_account

ACCOUNTS = "/ban-lam-viec/tai-khoan/"
TRAIL = "/ban-lam-viec/nhat-ky/"


def page_of(client, account, address):
    client.force_login(account)
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def names_in(client, account, query=""):
    text = "".join(part.decode() for part in csv_of(client, account, f"{ACCOUNTS}tai-ve.csv{query}"))
    return [row[0] for row in csv.reader(io.StringIO(text.removeprefix("\ufeff")))][1:]


def csv_of(client, account, address):
    client.force_login(account)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.streaming_content


def test_no_cache_keeps_what_was_made_for_somebody_signed_in(client, cast):
    assert "Cache-Control" not in client.get("/tro-giup")
    client.force_login(cast.manager)
    for address in (ACCOUNTS, f"{ACCOUNTS}tai-ve.csv", "/ban-lam-viec/", "/tro-giup", "/khong-co-trang-nay"):
        kept = client.get(address).get("Cache-Control", "")
        assert {"no-store", "private"} <= set(kept.split(", ")), (address, kept)


def test_the_administrator_sees_everybody_by_given_name(client, cast):
    names = names_in(client, cast.administrator)
    assert len(names) == len(cast.people())
    assert names.index("Bạn đọc") < names.index("Người giám hộ") < names.index("Thủ thư tỉnh")


def test_a_manager_sees_only_accounts_of_the_own_library(client, cast):
    page = page_of(client, cast.manager, ACCOUNTS)
    assert "Thủ thư tỉnh" in page
    assert "Thủ thư thư viện khác" not in page
    assert "Thủ thư tại Thư viện tỉnh" in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?q=khac+THU+vien", ["Phụ trách thư viện khác", "Thủ thư thư viện khác"]),
        ("?vai_tro=CATALOGUER", ["Cán bộ biên mục tỉnh"]),
        ("?noi=VN-T-KHAC", ["Phụ trách thư viện khác", "Thủ thư thư viện khác"]),
        ("?tinh_trang=inactive", []),
        ("?q=khong+ai+ten+nay", []),
        ("?noi=KHONG-CO&vai_tro=LA", None),
    ],
)
def test_accounts_are_searched_and_filtered(client, cast, query, names):
    expected = names if names is not None else names_in(client, cast.administrator)
    assert sorted(names_in(client, cast.administrator, query)) == sorted(expected)
    assert client.get(f"{ACCOUNTS}{query}&page=-1").status_code == 200


def test_an_account_of_another_library_looks_like_a_missing_one(client, cast):
    client.force_login(cast.manager)
    other = client.get(f"{ACCOUNTS}{cast.other_librarian.public_id}/")
    missing = client.get(f"{ACCOUNTS}zzzzz/")
    assert (other.status_code, missing.status_code) == (404, 404)


def test_a_manager_grants_and_revokes_on_the_page(client, cast):
    client.force_login(cast.manager)
    given = {"role": "CATALOGUER", "scope": "VN-T-TINH", "reason": "QĐ 15", "valid_to": "2099-12-31"}
    answer = client.post(f"{ACCOUNTS}{cast.librarian.public_id}/cap-vai-tro/", given)
    assert answer.status_code == 302
    page = client.get(f"{ACCOUNTS}{cast.librarian.public_id}/").content.decode()
    assert "Cán bộ biên mục tại Thư viện tỉnh, đến 31/12/2099" in page
    grant = Grant.objects.get(account=cast.librarian, role="CATALOGUER")
    client.post(f"{ACCOUNTS}{cast.librarian.public_id}/thu-hoi/{grant.pk}/", {"reason": "Hết việc"})
    grant.refresh_from_db()
    assert grant.revoke_reason == "Hết việc"


def test_a_form_does_not_offer_or_take_a_place_of_others(client, cast):
    client.force_login(cast.manager)
    address = f"{ACCOUNTS}{cast.librarian.public_id}/cap-vai-tro/"
    assert "VN-T-KHAC" not in client.get(address).content.decode()
    answer = client.post(address, {"role": "LIBRARIAN", "scope": "VN-T-KHAC", "reason": "x"})
    assert answer.status_code == 200
    assert Grant.objects.filter(account=cast.librarian).count() == 1


def test_granting_more_than_one_holds_gets_the_page_of_refusal(client, cast):
    client.force_login(cast.manager)
    answer = client.post(
        f"{ACCOUNTS}{cast.librarian.public_id}/cap-vai-tro/",
        {"role": "ADMINISTRATOR", "scope": "VN-T-TINH", "reason": "x"},
    )
    assert answer.status_code == 403
    assert "Chỉ cấp được quyền mình có" in answer.content.decode()
    assert Entry.objects.latest("seq").action == "identity.refused"
    assert Grant.objects.filter(account=cast.librarian).count() == 1


def test_a_role_for_somebody_known_by_name(client, cast):
    client.force_login(cast.manager)
    newcomer = make_account("nguoimoi", "Người mới")
    given = {"username": "NguoiMoi", "role": "LIBRARIAN", "scope": "VN-T-TINH", "reason": "QĐ 16"}
    assert client.post(f"{ACCOUNTS}cap-vai-tro/", given).status_code == 302
    assert Grant.objects.get(account=newcomer).role == "LIBRARIAN"
    answer = client.post(f"{ACCOUNTS}cap-vai-tro/", given | {"username": "khong-co"})
    assert "Không có tài khoản nào mang tên đăng nhập này." in answer.content.decode()


def test_the_administrator_makes_an_account_on_the_page(client, cast):
    client.force_login(cast.administrator)
    given = {"username": "moi", "full_name": "Người mới", "password": PASSWORD, "role": "LIBRARIAN"}
    given["scope"] = "VN-T-TINH"
    assert client.post(f"{ACCOUNTS}tao/", given).status_code == 302
    assert Account.objects.get(username="moi").check_password(PASSWORD)
    again = client.post(f"{ACCOUNTS}tao/", given)
    assert "Tên đăng nhập này đã có người dùng." in again.content.decode()


def test_taking_an_account_out_of_use_signs_it_out_at_once(client, cast, django_user_model):
    inside = type(client)()
    cast.librarian.set_password(PASSWORD)
    cast.librarian.save()
    inside.post("/tai-khoan/dang-nhap/", {"login": "thuthu", "password": PASSWORD})
    assert inside.get("/tai-khoan/").status_code == 200
    client.force_login(cast.administrator)
    client.post(f"{ACCOUNTS}{cast.librarian.public_id}/ngung/", {"reason": "Nghỉ việc"})
    assert inside.get("/tai-khoan/").status_code == 302


def test_ones_own_page_tells_the_roles_in_words(client, cast):
    page = page_of(client, cast.manager, "/tai-khoan/")
    assert "Phụ trách thư viện tại Thư viện tỉnh" in page


def test_people_change_their_own_details(client, cast):
    client.force_login(cast.reader)
    given = {"full_name": "Bạn đọc mới", "email": "Doc@Example.org", "language": "en"}
    assert client.post("/tai-khoan/sua/", given).status_code == 302
    cast.reader.refresh_from_db()
    assert (cast.reader.full_name, cast.reader.email, cast.reader.language) == ("Bạn đọc mới", "doc@example.org", "en")
    assert Entry.objects.latest("seq").details == {"fields": ["email", "full_name", "language"]}


def test_a_cell_of_a_file_is_never_a_formula(client, cast):
    cast.reader.full_name = "=HYPERLINK(1)"
    cast.reader.save()
    assert "'=HYPERLINK(1)" in names_in(client, cast.administrator)


def test_the_inspector_reads_the_whole_trail_in_words(client, cast):
    grant_role(actor=system_actor("thử"), account=cast.reader, role="LIBRARIAN", at=cast.network.other_library)
    page = page_of(client, cast.inspector, TRAIL)
    assert "Cấp vai trò" in page
    assert "Hệ thống (thử)" in page
    entry = Entry.objects.latest("seq")
    detail = client.get(f"{TRAIL}{entry.seq}/").content.decode()
    assert bytes(entry.hash).hex() in detail
    file = client.get(f"{TRAIL}tai-ve.csv?viec=identity.grant_role")
    rows = "".join(part.decode() for part in file.streaming_content)
    assert rows.startswith("\ufeffSố,Lúc,")
    assert "VN-T-KHAC" in rows


def test_an_inspector_of_one_library_reads_only_what_happened_there(client, cast):
    Grant.objects.filter(account=cast.inspector).update(scope=cast.network.library)
    grant_role(actor=system_actor("thử"), account=cast.reader, role="LIBRARIAN", at=cast.network.other_library)
    elsewhere = Entry.objects.latest("seq").seq
    grant_role(actor=system_actor("thử"), account=cast.reader, role="LIBRARIAN", at=cast.network.library)
    here = Entry.objects.latest("seq").seq
    page = page_of(client, cast.inspector, TRAIL)
    assert f"{TRAIL}{here}/" in page
    assert f"{TRAIL}{elsewhere}/" not in page
    assert client.get(f"{TRAIL}{elsewhere}/").status_code == 404
    assert client.get(f"{TRAIL}kiem-tra/").status_code == 403


def test_the_trail_is_checked_on_the_page(client, cast, settings, tmp_path):
    settings.HOME = tmp_path
    assert "Nhật ký nguyên vẹn." in page_of(client, cast.inspector, f"{TRAIL}kiem-tra/")


@pytest.mark.parametrize("query", ["?tu=2026-13-45", "?viec=la", "?page=9999999999", "?nguoi=%00x", "?den=31/12/2099"])
def test_odd_filters_get_a_good_page(client, cast, query):
    page_of(client, cast.inspector, f"{TRAIL}{query}")


def run(*arguments):
    out = io.StringIO()
    call_command("user", *arguments, stdout=out)
    return out.getvalue()


def test_accounts_are_made_and_listed_from_the_command_line(cast, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    role = ["--role", "LIBRARIAN", "--at", "VN-T-TINH"]
    run("create", "DongLenh", "--name", "Người dòng lệnh", *role, "--password-stdin")
    account = Account.objects.get(username="donglenh")
    assert account.check_password(PASSWORD)
    rows = [json.loads(line) for line in run("list", "--json").splitlines()]
    assert [row["roles"] for row in rows if row["username"] == "donglenh"] == [["Thủ thư tại Thư viện tỉnh"]]
    run("grant", "donglenh", "--role", "CATALOGUER", "--at", "VN-T-KHAC", "--until", "2099-01-31")
    run("revoke", "donglenh", "--role", "LIBRARIAN", "--at", "VN-T-TINH")
    held = Grant.objects.filter(account=account, revoked_at=None)
    assert [(grant.role, grant.scope.code) for grant in held] == [("CATALOGUER", "VN-T-KHAC")]


def test_without_a_terminal_a_password_is_made_and_shown_once(cast, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    shown = run("create", "moi", "--name", "Người mới").splitlines()[-1].removeprefix("Mật khẩu: ")
    assert Account.objects.get(username="moi").check_password(shown)


def test_the_command_line_says_what_is_wrong(cast, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(CommandError, match="đã có người dùng"):
        run("create", "thuthu", "--name", "Trùng tên")
    with pytest.raises(CommandError, match="Không có nơi nào mang mã X"):
        run("grant", "thuthu", "--role", "LIBRARIAN", "--at", "X")


def test_the_trail_names_what_was_done_to_in_words(client, cast):
    with writing(system_actor("test")) as w:
        w.audit("patrons.listed", target=("patron", "*"))
        w.audit("patrons.looked_at", target=("patron", "0003d"))
    page = page_of(client, cast.administrator, TRAIL)
    assert ">bạn đọc</td>" in page
    assert ">bạn đọc 0003d</td>" in page
    assert ">patron" not in page
