"""Signing in: in any spelling of the name, throttled, with two steps, recorded."""

import re
import unicodedata

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.urls import reverse

from lienthu.audit.models import Entry
from lienthu.identity.mfa import MFAAdapter
from lienthu.identity.network import truncated
from lienthu.identity.tests.factories import PASSWORD, hold, make_account

LOGIN = "/tai-khoan/dang-nhap/"


@pytest.fixture
def member(cast):
    """A librarian with a password."""
    cast.librarian.set_password(PASSWORD)
    cast.librarian.save()
    cache.clear()
    return cast.librarian


def sign_in(client, login, password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": login, "password": password, **extra})


def test_people_sign_in_and_come_to_their_place(client, member):
    answer = sign_in(client, "thuthu")
    assert answer.status_code == 302
    assert answer.url in {"/tai-khoan/", "/ban-lam-viec/"}
    entry = Entry.objects.latest("seq")
    assert (entry.action, entry.actor_name, entry.details) == ("identity.sign_in", "Thủ thư tỉnh", {})


def test_the_name_may_be_typed_in_any_case_and_with_decomposed_marks(client, db):
    cache.clear()
    make_account("thủthư", "Thủ thư", password=PASSWORD)
    assert sign_in(client, unicodedata.normalize("NFD", "ThủThư")).status_code == 302


def test_the_address_works_in_place_of_the_name(client, member):
    member.email = "thu.thu@example.org"
    member.save()
    assert sign_in(client, "thu.thu@EXAMPLE.org").status_code == 302


def test_the_sign_in_of_a_reader_is_not_recorded(client, cast):
    cast.reader.set_password(PASSWORD)
    cast.reader.save()
    before = Entry.objects.count()
    assert sign_in(client, "bandoc").status_code == 302
    assert Entry.objects.count() == before


def test_a_wrong_password_says_nothing_about_the_name_and_is_recorded(client, member):
    known = sign_in(client, "thuthu", "sai-mat-khau").content.decode()
    unknown = sign_in(client, "khong-co-ai", "sai-mat-khau").content.decode()
    found = [re.findall(r'class="errorlist[^"]*".*?</ul>', page, re.S) for page in (known, unknown)]
    assert found[0] == found[1] != []
    first, second = Entry.objects.filter(action="identity.sign_in_failed").order_by("seq")
    assert (first.actor_kind, first.target_id) == ("VISITOR", member.public_id)
    assert first.details == {"step": "password", "network": "127.0.0.0/24"}
    assert second.target_id == ""


def test_after_five_wrong_passwords_signing_in_is_closed_and_says_how_long(client, member):
    for _attempt in range(5):
        sign_in(client, "thuthu", "sai-mat-khau")
    answer = sign_in(client, "ThuThu")
    assert answer.status_code == 200
    assert "hãy thử lại sau 5 phút" in answer.content.decode()
    sign_in(client, "thuthu")
    assert Entry.objects.filter(action="identity.locked_out").count() == 1
    assert "_auth_user_id" not in client.session


def test_another_host_name_does_not_get_round_the_lock(client, member, settings):
    settings.ALLOWED_HOSTS = ["*"]
    for number in range(5):
        client.post(LOGIN, {"login": "thuthu", "password": "sai"}, headers={"host": f"h{number}.example.org"})
    assert "hãy thử lại sau" in sign_in(client, "thuthu").content.decode()


def test_right_passwords_in_between_do_not_wipe_the_wrong_ones(client, member):
    for _attempt in range(4):
        sign_in(client, "thuthu", "sai-mat-khau")
    assert sign_in(client, "thuthu").status_code == 302
    client.post("/tai-khoan/dang-xuat/")
    sign_in(client, "thuthu", "sai-mat-khau")
    assert "hãy thử lại sau" in sign_in(client, "thuthu").content.decode()


def test_an_account_out_of_use_does_not_get_in(client, member):
    member.is_active = False
    member.save()
    answer = sign_in(client, "thuthu")
    assert answer.url == reverse("account_inactive")
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up_by_themselves(client, db):
    page = client.get("/tai-khoan/dang-ky/").content.decode()
    assert "Tài khoản do thư viện cấp" in page
    client.post("/tai-khoan/dang-ky/", {"username": "moi", "password1": PASSWORD, "password2": PASSWORD})
    assert "_auth_user_id" not in client.session


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_with_an_authenticator_signing_in_asks_for_its_code(client, member):
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    TOTP.activate(member, secret)
    assert sign_in(client, "thuthu").url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "_auth_user_id" not in client.session
    assert Entry.objects.latest("seq").details["step"] == "second"
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert client.session["_auth_user_id"] == str(member.pk)


def test_secrets_of_the_second_step_are_encrypted_in_the_database(member):
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    TOTP.activate(member, secret)
    assert secret not in str(Authenticator.objects.get().data)


def test_a_secret_of_another_key_opens_nothing_and_breaks_nothing(settings):
    adapter = MFAAdapter()
    settings.SECRET_KEY = "mot-khoa-cu"
    locked = adapter.encrypt("JBSWY3DPEHPK3PXP")
    settings.SECRET_KEY = "mot-khoa-moi"
    assert adapter.decrypt(locked) != adapter.decrypt(locked)
    settings.SECRET_KEY_FALLBACKS = ["mot-khoa-cu"]
    assert adapter.decrypt(locked) == "JBSWY3DPEHPK3PXP"


def test_staff_without_a_second_step_are_led_to_set_one_up(client, cast, settings):
    settings.STAFF_MFA_REQUIRED = True
    client.force_login(cast.administrator)
    answer = client.get("/ban-lam-viec/tai-khoan/")
    assert (answer.status_code, answer.url) == (302, "/tai-khoan/bao-mat/")
    TOTP.activate(cast.administrator, "JBSWY3DPEHPK3PXP")
    assert client.get("/ban-lam-viec/tai-khoan/").status_code == 200


def test_staff_keep_their_last_second_step(cast, settings):
    settings.STAFF_MFA_REQUIRED = True
    kept = TOTP.activate(cast.administrator, "JBSWY3DPEHPK3PXP").instance
    assert not MFAAdapter().can_delete_authenticator(kept)
    settings.STAFF_MFA_REQUIRED = False
    assert MFAAdapter().can_delete_authenticator(kept)


def test_readers_are_not_asked_for_a_second_step(client, cast, settings):
    settings.STAFF_MFA_REQUIRED = True
    client.force_login(cast.reader)
    assert client.get("/tai-khoan/").status_code == 200


@pytest.mark.parametrize(
    ("address", "network"),
    [("203.0.113.77", "203.0.113.0/24"), ("2001:db8:1:2:3::4", "2001:db8:1::/48"), ("không phải", ""), ("", "")],
)
def test_addresses_are_cut_down_to_their_network(address, network):
    assert truncated(address) == network


def test_a_new_role_works_in_the_next_request(client, cast):
    client.force_login(cast.reader)
    assert client.get("/ban-lam-viec/tai-khoan/").status_code == 403
    hold(cast.reader, "LIBRARY_MANAGER", cast.network.library)
    assert client.get("/ban-lam-viec/tai-khoan/").status_code == 200
