"""Roles × addresses: each address is public by name below, or states its permission, and each role gets just that.

A new address needs nothing here: mark its view with `@requires("app.verb")` or `@signed_in` of identity.access.
Only one that is open to everybody is named in PUBLIC.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import DjangoDbBlocker

from lienthu.audit.models import Head
from lienthu.config.roles import PERMISSIONS, ROLES
from lienthu.identity.access import may, may_anywhere, signed_in
from lienthu.identity.tests.factories import Cast, actor, make_cast
from lienthu.identity.urls import OWN_SECURITY, SIGN_IN
from lienthu.testing import kept_rows

pytestmark = pytest.mark.django_db

# Nothing below these is ever public.
DESKS = ("/ban-lam-viec/", "/giam-sat/")
# Open to everybody. A name ending in ":" opens a whole namespace.
PUBLIC = {
    "set_language",
    "operations:health",
    "operations:metrics",
    "api:",  # public data, to read
    "offlinedesk:",  # a page without persons; what devices call is signed by them
    "web:",
    "libraries:",
    "discovery:",
    "fees:prices",
    "fees:prices_of",
    "loanrules:public",
    "loanrules:public_of",
    "portal:",
    "weeding:public",
    "weeding:public_of",
    "oaipmh:",
    "sru:",
    "notices:worker",
    "patrons:request_card",
    "patrons:requested",
    *(str(pattern.name) for pattern in SIGN_IN),
}
# Pages of django-allauth that it keeps for the signed-in person alone.
OWN = {str(pattern.name) for pattern in OWN_SECURITY}
SIGNED_IN = signed_in(lambda request: None).permission  # type: ignore[attr-defined]
SAMPLES = {"int": "1", "str": "zzzzz", "slug": "zzzzz", "path": "zzzzz", "uuid": "00000000-0000-0000-0000-000000000000"}


@dataclass(frozen=True)
class Address:
    """One address of the resolver: its full name (else its route), its permission (None: not stated), an example."""

    name: str
    permission: str | None
    path: str

    @property
    def is_public(self) -> bool:
        if self.permission is not None or self.path.startswith(DESKS):
            return False
        return self.name in PUBLIC or any(self.name.startswith(one) for one in PUBLIC if one.endswith(":"))


def addresses(resolver: URLResolver | None = None, spaces: tuple[str, ...] = (), before: str = "/") -> list[Address]:
    """Every address, at any depth."""
    found: list[Address] = []
    for entry in (resolver or get_resolver()).url_patterns:
        path = before + example(entry)
        if isinstance(entry, URLResolver):
            found += addresses(entry, (*spaces, entry.namespace) if entry.namespace else spaces, path)
        else:
            permission = getattr(entry.callback, "permission", None)
            found.append(Address(":".join([*spaces, entry.name or path]), permission, path))
    return found


def example(entry: URLPattern | URLResolver) -> str:
    """The route with a value for each part that varies: `<str:code>` or, in a regular expression, `(?P<key>…)`."""
    route = re.sub(r"\(\?P<\w+>[^)]*\)", SAMPLES["str"], str(entry.pattern).removeprefix("^").removesuffix("$"))
    return re.sub(r"<(?:(\w+):)?\w+>", lambda part: SAMPLES.get(part[1] or "str", SAMPLES["str"]), route)


ALL = addresses()
GUARDED = [one for one in ALL if one.permission not in (None, SIGNED_IN)]


def test_every_address_is_public_by_name_or_states_its_permission():
    silent = [one.name for one in ALL if one.permission is None and not one.is_public and one.name not in OWN]
    assert silent == []


def test_every_stated_permission_exists_and_is_held_by_some_role():
    stated = {one.permission for one in GUARDED}
    held = {permission for role in ROLES.values() for permission in role.permissions}
    assert stated - set(PERMISSIONS) == set()
    assert stated - held == set()


@dataclass(frozen=True)
class Everybody:
    """The cast, and the key of the session in which each of them is signed in."""

    cast: Cast
    keys: dict[str, str]

    def client(self, part: str) -> Client:
        """A browser of one of them, with nothing in it but the session."""
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = self.keys[part]
        return client


@pytest.fixture(scope="module")
def standing(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Everybody]:
    """Signing eleven people in takes longer than asking an address: done once for all addresses."""
    with kept_rows(django_db_blocker, tmp_path_factory.mktemp("cast")):
        cast, keys = make_cast(), {}
        for part, account in cast.people().items():
            client = Client()
            client.force_login(account)
            keys[part] = client.cookies[settings.SESSION_COOKIE_NAME].value
        yield Everybody(cast, keys)


@pytest.fixture
def people(standing: Everybody, db: None) -> Everybody:
    cache.clear()
    return standing


@pytest.mark.parametrize("address", GUARDED, ids=lambda one: one.name)
def test_a_staff_page_opens_for_the_roles_that_hold_its_permission_and_for_nobody_else(address, people):
    for part, account in people.cast.people().items():
        client = people.client(part)
        answer = client.get(address.path)
        if may_anywhere(actor(account), address.permission):
            assert answer.status_code in {200, 302, 400, 404, 405}, part
            assert not answer.get("Location", "").startswith(reverse("account_login")), part
        else:
            # a page that takes only one of both methods says so
            assert {403} <= {answer.status_code, client.post(address.path).status_code} <= {403, 405}, part


@pytest.mark.parametrize("address", GUARDED, ids=lambda one: one.name)
def test_a_stranger_on_a_staff_page_is_asked_to_sign_in_and_changes_nothing(address, people):
    before = Head.objects.get().seq
    answers = [Client().get(address.path), Client().post(address.path)]
    assert {302} <= {answer.status_code for answer in answers} <= {302, 405}
    for answer in answers:
        assert answer.get("Location", "/tai-khoan/dang-nhap/?next=/").startswith("/tai-khoan/dang-nhap/?next=/")
    assert Head.objects.get().seq == before


@pytest.mark.parametrize(
    "address", [one for one in ALL if one.permission == SIGNED_IN or one.name in OWN], ids=lambda one: one.name
)
def test_ones_own_pages_open_for_everybody_signed_in_and_never_for_a_stranger(address, people):
    assert Client().get(address.path).status_code in {302, 404, 405}
    for part in ("reader", "librarian", "administrator"):
        assert people.client(part).get(address.path).status_code in {200, 302, 403, 404, 405}, part


@pytest.mark.parametrize("address", [one for one in ALL if one.is_public], ids=lambda one: one.name)
def test_a_public_page_opens_for_a_stranger_and_for_staff(address, people):
    for client in (Client(), people.client("cataloguer")):
        answer = client.get(address.path)
        # 422: an address of the JSON API that needs parameters
        assert answer.status_code in {200, 301, 302, 304, 400, 404, 405, 422, 503}
        if address.name not in {str(pattern.name) for pattern in SIGN_IN}:
            assert not answer.get("Location", "").startswith(reverse("account_login"))


@pytest.mark.parametrize("part", ["librarian", "cataloguer", "manager"])
def test_a_role_at_one_library_allows_nothing_at_another(part, people):
    who = actor(people.cast.people()[part])
    for permission in PERMISSIONS:
        assert not may(who, permission, people.cast.network.other_library), permission
        assert not may(who, permission, None), permission
