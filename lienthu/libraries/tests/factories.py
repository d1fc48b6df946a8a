"""What the tests of this module share: units of the two provinces, a small network, the cast of actors."""

from dataclasses import dataclass
from datetime import date

from lienthu.identity.access import Actor, actor_for, system_actor
from lienthu.identity.actions import create_account, create_scope, grant_role
from lienthu.identity.models import Account, Scope
from lienthu.libraries.actions import LibraryData, create_library, load_units
from lienthu.libraries.models import Library, Unit

SYSTEM = system_actor("tests")
BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


def tuyen_quang() -> None:
    """Load the units of Tuyên Quang and the former Hà Giang."""
    load_units(actor=SYSTEM, provinces=["08", "02"])


def root_scope() -> Scope:
    found = Scope.objects.filter(parent=None).first()
    return found or create_scope(actor=SYSTEM, kind="PROVINCE", code="VN-TQ", name="Tỉnh Tuyên Quang", parent=None)


def library(code: str, name: str, kind: str = "COMMUNE", **values: object) -> Library:
    data = LibraryData(name_vi=name, kind=kind, **values)  # type: ignore[arg-type]
    return create_library(actor=SYSTEM, code=code, data=data, under=root_scope())


def unit(code: str, on: date) -> Unit:
    from_before = on <= BEFORE
    rows = Unit.objects.filter(code=code)
    return rows.get(valid_to=BEFORE) if from_before else rows.get(valid_to=None)


@dataclass(frozen=True)
class Person:
    """One of the fixed cast."""

    account: Account
    actor: Actor


def person(username: str, role: str, at: Scope) -> Person:
    account = create_account(actor=SYSTEM, username=username, full_name=username, password="mot-mat-khau-dai")
    grant_role(actor=SYSTEM, account=account, role=role, at=at)
    return Person(account=account, actor=actor_for(account))
