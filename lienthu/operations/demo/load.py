"""The demonstration province: units, libraries, accounts, records and their copies. Loading it again adds nothing."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from lienthu.authorities.actions import import_file
from lienthu.authorities.queries.exchanging import DEMONSTRATION
from lienthu.catalogue.actions.batches import commit_import, start_import
from lienthu.catalogue.actions.imports import run_import
from lienthu.catalogue.actions.shelving import add_copies
from lienthu.catalogue.queries.batches import Batch, batch_of_file, records_of_batch
from lienthu.circulation.actions import load_loans
from lienthu.circulation.actions.notifying import tell_the_day
from lienthu.fees.actions import load_money
from lienthu.identity.access import Actor, system_actor
from lienthu.identity.actions import create_account
from lienthu.identity.queries import account_by_username, scope_by_code
from lienthu.libraries.actions import load_demo_libraries, load_units
from lienthu.libraries.queries import library_by_code, public_libraries
from lienthu.loanrules.actions import load_default_rules
from lienthu.operations.demo.shelves import Described, copies_for, shares
from lienthu.operations.terminal import LoadProgress
from lienthu.patrons.actions import load_readers
from lienthu.rotation.actions import load_sets
from lienthu.stocktaking.actions import load_round
from lienthu.weeding.actions import load_weedings

DATA = Path(__file__).parent / "data"
MAIN_LIBRARY = "VN-TQ-TINH"
NETWORK = "VN-TQ"
# Lists of other libraries, each typed in its own way: what the union catalogue has to bring together.
PARTNERS = (
    ("VN-TQ-DHTT", "dai-hoc-tan-trao.csv"),
    ("VN-TQ-THCSCH", "truong-thcs.csv"),
    ("VN-TQ-TSSONGGAM", "tu-sach-song-gam.csv"),
)
# Places with loan rules of their own, and the table that each begins with.
LOAN_RULES = ((NETWORK, "province"), ("VN-TQ-THCSCH", "school"))
ACCOUNTS_FILE = "demo-accounts.txt"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account for each role, named by the role: nobody is invented."""

    username: str
    name: str
    role: str
    at: str


ACCOUNTS = (
    DemoAccount("quantri", "Quản trị hệ thống", "ADMINISTRATOR", NETWORK),
    DemoAccount("phutrach", "Phụ trách Thư viện tỉnh", "LIBRARY_MANAGER", MAIN_LIBRARY),
    DemoAccount("demuc", "Người giữ hồ sơ đề mục của tỉnh", "CATALOGUER", NETWORK),
    DemoAccount("bienmuc", "Cán bộ biên mục Thư viện tỉnh", "CATALOGUER", MAIN_LIBRARY),
    DemoAccount("thuthu", "Thủ thư Thư viện tỉnh", "LIBRARIAN", MAIN_LIBRARY),
    DemoAccount("kiemtra", "Cán bộ kiểm tra", "INSPECTOR", NETWORK),
    DemoAccount("coquan", "Cán bộ cơ quan", "AGENCY_OFFICER", NETWORK),
    DemoAccount("bandoc", "Bạn đọc", "READER", MAIN_LIBRARY),
)


def load_demo(*, say: Say) -> None:
    """Load everything that is not there yet; `say` gets a sentence for each part."""
    actor = system_actor("lienthu demo")
    load_units(actor=actor)
    load_demo_libraries(actor=actor)
    say(f"Thư viện: {public_libraries().count()}.")
    _load_accounts(actor, say)
    say(f"Bạn đọc trình diễn: {load_readers(actor=actor)} mới.")
    for code, table in LOAN_RULES:
        scope = scope_by_code(code)
        if scope is not None and load_default_rules(actor=actor, scope=scope, table=table):
            say(f"Nội quy mượn: {scope.name}.")
    say(f"Khoản thu trình diễn: {load_money(actor=actor)} mới.")
    for path in sorted((DATA / "lc_vietnam").glob("*.mrc")):
        load_file(actor, path, most=4, say=say)
    load_file(actor, DATA / "kinh-dien.csv", most=9, say=say)
    for code, name in PARTNERS:
        batch, created = _imported(actor, code, DATA / name)
        merged = batch.counts.get("merged", 0)
        if created:
            say(f"{name}: {created} biểu ghi mới, {merged} về cùng một cuốn với biểu ghi đã có.")
        else:
            say(f"{name}: đã có đủ, không thêm gì.")
    say(f"Lượt mượn và đặt mượn trình diễn: {load_loans(actor=actor)} mới.")
    say(f"Bộ sách luân chuyển trình diễn: {load_sets(actor=actor)} mới.")
    say(f"Đợt kiểm kê trình diễn: {load_round(actor=actor, code=MAIN_LIBRARY)} mới.")
    say(f"Danh mục thanh lọc trình diễn: {load_weedings(actor=actor, code=MAIN_LIBRARY)} mới.")
    tell_the_day()
    with DEMONSTRATION.open("rb") as source:
        report = import_file(actor=actor, source=source)
    say(f"Đề mục có kiểm soát: {report.counts['created']} mới.")


def load_file(actor: Actor, path: Path, *, most: int, say: Say, progress: LoadProgress | None = None) -> None:
    """Import one file for the main library and spread copies of its records; skipped when that was done before."""
    batch, created = _imported(actor, MAIN_LIBRARY, path, progress=progress)
    codes = [MAIN_LIBRARY, *(code for code in _holding_codes() if code != MAIN_LIBRARY)]
    held = shares(_described(batch), codes, most=most)
    added = 0
    for place, code in enumerate(codes):
        if progress:
            progress.shelved(added, place, len(codes))
        holder = library_by_code(code)
        assert holder is not None
        added += add_copies(actor=actor, library=holder, copies=copies_for(code, _described(batch, held[code])))
    if progress:
        progress.end()
    if created or added:
        say(f"{path.name}: {created} biểu ghi mới, {added} bản tài liệu mới.")
    else:
        say(f"{path.name}: đã có đủ, không thêm gì.")


def _imported(actor: Actor, code: str, path: Path, *, progress: LoadProgress | None = None) -> tuple[Batch, int]:
    """The import of this file for a library, carried through, and how many records it has made this time."""
    library = library_by_code(code)
    assert library is not None
    batch = batch_of_file(library, path)
    before = batch.counts.get("created", 0) if batch else 0
    if batch is None:
        with path.open("rb") as source:
            batch = start_import(actor=actor, library=library, source=source, file_name=path.name)
        commit_import(actor=actor, batch=batch, in_background=False)
    run_import(actor=actor, batch=batch, progress=progress.imported if progress else None)
    return batch, batch.counts.get("created", 0) - before


def _holding_codes() -> list[str]:
    return sorted(public_libraries().values_list("code", flat=True))


def _described(batch: Batch, record_ids: list[int] | None = None) -> Iterator[Described]:
    for record_id, number, summary in records_of_batch(batch, record_ids):
        yield Described(record_id=record_id, control_number=number, summary=summary)


def _load_accounts(actor: Actor, say: Say) -> None:
    lines = []
    for wanted in ACCOUNTS:
        if account_by_username(wanted.username) is not None:
            continue
        password = "-".join(secrets.token_hex(2) for _ in range(3))
        create_account(
            actor=actor,
            username=wanted.username,
            full_name=wanted.name,
            password=password,
            at=scope_by_code(wanted.at),
            role=wanted.role,
        )
        lines.append(f"{wanted.username}  {password}  {wanted.name}\n")
    if lines:
        path = Path(settings.HOME) / ACCOUNTS_FILE
        path.touch(mode=0o600, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.writelines(lines)
        say(f"Tài khoản trình diễn: {len(lines)}, ghi ở {path}.")
