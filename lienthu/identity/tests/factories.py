"""The fixed cast of all tests: one account per role, named by role, in a small network of two libraries."""

from dataclasses import dataclass
from datetime import date

from lienthu.identity.access import Actor, actor_by_id
from lienthu.identity.models import Account, Grant, Scope

PASSWORD = "mot-mat-khau-du-dai"


@dataclass(frozen=True)
class Network:
    """A province with its agency, two libraries and a branch of the first."""

    province: Scope
    agency: Scope
    library: Scope
    branch: Scope
    other_library: Scope


@dataclass(frozen=True)
class Cast:
    """Who appears in the tests. The stranger has no account."""

    network: Network
    reader: Account
    child_reader: Account
    guardian: Account
    librarian: Account
    cataloguer: Account
    manager: Account
    other_librarian: Account
    other_manager: Account
    inspector: Account
    officer: Account
    administrator: Account

    def people(self) -> dict[str, Account]:
        """Everybody with an account, by name of the part they play."""
        return {name: value for name, value in vars(self).items() if isinstance(value, Account)}


def make_network() -> Network:
    """The places. Codes are those of a trial and name no real library."""
    province = Scope.objects.create(kind="PROVINCE", code="VN-T", name="Tỉnh thử nghiệm")
    agency = Scope.objects.create(kind="AGENCY", code="VN-T-SO", name="Cơ quan chủ quản", parent=province)
    library = Scope.objects.create(kind="LIBRARY", code="VN-T-TINH", name="Thư viện tỉnh", parent=agency)
    branch = Scope.objects.create(kind="BRANCH", code="VN-T-TINH-1", name="Điểm phục vụ số 1", parent=library)
    other = Scope.objects.create(kind="LIBRARY", code="VN-T-KHAC", name="Thư viện khác", parent=agency)
    return Network(province=province, agency=agency, library=library, branch=branch, other_library=other)


def make_account(username: str, full_name: str, *, password: str | None = None) -> Account:
    """An account without roles; without a password unless one is named, since hashing is slow."""
    account = Account(username=username, full_name=full_name)
    if password is None:
        account.set_unusable_password()
    else:
        account.set_password(password)
    account.save()
    return account


def hold(
    account: Account, role: str, scope: Scope, *, since: date = date(2020, 1, 1), until: date | None = None
) -> Grant:
    """Give a role without asking anybody, as the beginning of a test."""
    return Grant.objects.create(account=account, role=role, scope=scope, valid_from=since, valid_to=until)


def make_cast() -> Cast:
    """Everybody, each with one role."""
    network = make_network()

    def person(username: str, full_name: str, role: str, scope: Scope) -> Account:
        account = make_account(username, full_name)
        hold(account, role, scope)
        return account

    return Cast(
        network=network,
        reader=person("bandoc", "Bạn đọc", "READER", network.library),
        child_reader=person("bandocnho", "Bạn đọc nhỏ tuổi", "READER", network.library),
        guardian=person("giamho", "Người giám hộ", "READER", network.library),
        librarian=person("thuthu", "Thủ thư tỉnh", "LIBRARIAN", network.library),
        cataloguer=person("bienmuc", "Cán bộ biên mục tỉnh", "CATALOGUER", network.library),
        manager=person("phutrach", "Phụ trách Thư viện tỉnh", "LIBRARY_MANAGER", network.library),
        other_librarian=person("thuthukhac", "Thủ thư thư viện khác", "LIBRARIAN", network.other_library),
        other_manager=person("phutrachkhac", "Phụ trách thư viện khác", "LIBRARY_MANAGER", network.other_library),
        inspector=person("kiemtra", "Cán bộ kiểm tra", "INSPECTOR", network.province),
        officer=person("coquan", "Cán bộ cơ quan", "AGENCY_OFFICER", network.agency),
        administrator=person("quantri", "Quản trị hệ thống", "ADMINISTRATOR", network.province),
    )


def actor(account: Account) -> Actor:
    """The actor of this account, with the roles of today."""
    return actor_by_id(account.pk)
