"""The product itself: its settings, its mail, its backups, and whether it still reads a catalogue record."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.mail import get_connection
from django.utils.translation import gettext as _

from lienthu.catalogue.actions.reading import open_records
from lienthu.catalogue.queries import first_records, newest
from lienthu.kernel import clock
from lienthu.operations.doctor.findings import Finding
from lienthu.operations.models import BackupRun, RestoreTest, RunStatus
from lienthu.operations.policy import State, state_of_backup, state_of_restore_test
from lienthu.operations.problems import sentence
from lienthu.operations.queries import backups, installed_at, last_success, restore_tests

SAMPLE = Path(__file__).parent.parent / "demo" / "data" / "lc_vietnam" / "lc_041vie.mrc"
_MAIL_SECONDS = 5
_NOT_SENDING = ("console", "dummy", "locmem", "filebased")


def configuration() -> list[Finding]:
    """The checks of config.checks, one finding each; a single good one when they have nothing to say."""
    found = []
    for message in checks.run_checks(tags=["lienthu"]):
        state = State.WRONG if message.level >= checks.ERROR else State.WARNING
        found.append(
            Finding(
                name=f"settings.{str(message.id).rpartition('.')[2]}",
                label=_("Cài đặt"),
                state=state,
                sentence=str(message.msg),
                cure=str(message.hint or ""),
            )
        )
    if found:
        return found
    words = _("Chế độ vận hành chính thức.") if settings.PRODUCTION else _("Chế độ chạy thử.")
    return [Finding(name="settings", label=_("Cài đặt"), state=State.OK, sentence=words)]


def mail() -> Finding:
    """Can mail be handed over? Only a server of mail is asked."""
    label = _("Thư điện tử")
    backend = settings.EMAIL_BACKEND
    if any(f".{kind}." in backend for kind in _NOT_SENDING):
        return Finding(
            name="mail",
            label=label,
            state=State.WARNING if settings.PRODUCTION else State.OK,
            sentence=_("Thư không được gửi đi (chế độ %(mode)s).") % {"mode": backend.split(".")[-2]},
            cure=_("Đặt LIENTHU_EMAIL_URL, ví dụ smtp+tls://ten:mat-khau@may-chu:587.") if settings.PRODUCTION else "",
        )
    try:
        sender = get_connection(timeout=_MAIL_SECONDS)
        sender.open()
        sender.close()
    except Exception as error:
        return Finding(
            name="mail",
            label=label,
            state=State.WRONG,
            sentence=_("Máy chủ thư không nhận kết nối: %(reason)s.") % {"reason": str(error)[:300]},
            cure=_("Kiểm tra LIENTHU_EMAIL_URL và tường lửa."),
        )
    return Finding(name="mail", label=label, state=State.OK, sentence=_("Máy chủ thư nhận kết nối."))


def last_backup() -> Finding:
    """How old is the last good backup, and did the last try succeed?"""
    at = last_success(BackupRun)
    state = state_of_backup(_age(at), installed=_installed())
    latest = backups().exclude(status__in=[RunStatus.WAITING, RunStatus.RUNNING]).first()
    return _aged(
        name="backup",
        label=_("Bản sao lưu gần nhất"),
        at=at,
        state=state,
        latest=latest,
        never=_("Chưa có bản sao lưu nào."),
        cure=_("Bấm “Sao lưu ngay” ở trang Tình trạng hệ thống, hoặc chạy: lienthu backup create THƯ-MỤC."),
    )


def last_restore_test() -> Finding:
    """How old is the last proof that a backup can be restored?"""
    at = last_success(RestoreTest)
    state = state_of_restore_test(_age(at), installed=_installed())
    latest = restore_tests().exclude(status__in=[RunStatus.WAITING, RunStatus.RUNNING]).first()
    return _aged(
        name="restore_test",
        label=_("Lần kiểm tra phục hồi gần nhất"),
        at=at,
        state=state,
        latest=latest,
        never=_("Chưa lần nào thử phục hồi từ bản sao lưu."),
        cure=_("Bấm “Kiểm tra phục hồi” ở trang Tình trạng hệ thống, hoặc chạy: lienthu backup verify TỆP."),
    )


def _aged(*, name: str, label: str, at: datetime | None, state: State, latest: Any, never: str, cure: str) -> Finding:
    words = never if at is None else f"{_moment(at)}."
    if latest is not None and latest.status == RunStatus.FAILED and (at is None or latest.created_at > at):
        state = State.WRONG
        why = sentence(latest.problem["code"], latest.problem["params"]) if latest.problem else ""
        words += " " + _("Lần thử lúc %(at)s không thành: %(why)s") % {"at": _moment(latest.created_at), "why": why}
    facts = {"at": at.isoformat() if at else "", "age_seconds": int((_age(at) or timedelta(0)).total_seconds())}
    return Finding(
        name=name, label=label, state=state, sentence=words, cure="" if state == State.OK else cure, facts=facts
    )


def _moment(at: datetime) -> str:
    return at.astimezone(clock.VIETNAM).strftime("%H:%M %d/%m/%Y")


def _age(at: datetime | None) -> timedelta | None:
    return clock.now() - at if at else None


def _installed() -> timedelta:
    since = installed_at()
    return clock.now() - since if since else timedelta(0)


def sample_record() -> Finding:
    """Read a MARC file that comes with the product, byte by byte as an import would."""
    with SAMPLE.open("rb") as file:
        records = sum(1 for item in open_records(file) if getattr(item, "record", None) is not None)
    good = records > 0
    return Finding(
        name="marc",
        label=_("Đọc MARC"),
        state=State.OK if good else State.WRONG,
        sentence=_("Đọc được %(count)d biểu ghi mẫu.") % {"count": records},
        cure="" if good else _("Bản cài bị hỏng: chạy lại make run."),
        facts={"records": records},
    )


def stored_record() -> Finding:
    """Unpack the newest record of the catalogue: its bytes were kept compressed with a dictionary of ours."""
    ids = [card.id for card in newest(1)]
    records = first_records(ids)
    if not ids:
        return Finding(name="records", label=_("Biểu ghi"), state=State.OK, sentence=_("Mục lục chưa có biểu ghi nào."))
    good = len(records) == len(ids)
    return Finding(
        name="records",
        label=_("Biểu ghi"),
        state=State.OK if good else State.WRONG,
        sentence=_("Đọc lại được biểu ghi mới nhất.") if good else _("Không đọc lại được biểu ghi mới nhất."),
        cure="" if good else _("Khôi phục từ bản sao lưu vào một thư mục mới rồi so sánh."),
    )
