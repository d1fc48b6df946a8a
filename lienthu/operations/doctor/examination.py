"""The whole examination, in the order in which one would look. A part that cannot be asked spoils nothing else."""

from collections.abc import Callable

import structlog
from django.db import DatabaseError
from django.utils.translation import gettext as _

from lienthu.operations.doctor import machine, product, stores
from lienthu.operations.doctor.findings import Finding
from lienthu.operations.policy import State

log = structlog.get_logger(__name__)

Check = Callable[[], Finding | list[Finding]]

ALONE: tuple[Check, ...] = (
    machine.python_version,
    machine.home_folder,
    machine.disk_space,
    machine.embedded_server,
    machine.static_files,
    product.configuration,
)
# They need a database that answers and has its tables.
WITH_DATABASE: tuple[Check, ...] = (
    stores.clocks,
    stores.index,
    stores.workers,
    product.last_backup,
    product.last_restore_test,
)
# They take longer, or reach out of the machine.
THOROUGH: tuple[Check, ...] = (product.sample_record, product.mail)
THOROUGH_WITH_DATABASE: tuple[Check, ...] = (stores.trail, product.stored_record)


def examine() -> list[Finding]:
    """Everything."""
    return _examine((*ALONE, *THOROUGH), (*WITH_DATABASE, *THOROUGH_WITH_DATABASE))


def examine_quickly() -> list[Finding]:
    """What a page or a monitor may ask every minute."""
    return _examine(ALONE, WITH_DATABASE)


def _examine(alone: tuple[Check, ...], with_database: tuple[Check, ...]) -> list[Finding]:
    found: list[Finding] = []
    for check in alone:
        found += _asked(check)
    answer = _asked(stores.database)
    found += answer
    if answer[0].state == State.OK:
        for check in with_database:
            found += _asked(check)
    else:
        found.append(
            Finding(
                name="unasked",
                label=_("Các phần khác"),
                state=State.UNKNOWN,
                sentence=_("Chưa khám được chỉ mục, việc nền, sao lưu và nhật ký vì cơ sở dữ liệu chưa sẵn sàng."),
                cure=_("Chữa cơ sở dữ liệu trước rồi khám lại."),
            )
        )
    return found


def _asked(check: Check) -> list[Finding]:
    """The answer of one check; a check that breaks is a finding too."""
    try:
        answer = check()
    except (DatabaseError, OSError, ValueError, RuntimeError, LookupError) as error:
        log.exception("doctor.check_failed", check=check.__name__)
        name = check.__name__
        return [
            Finding(
                name=name,
                label=name,
                state=State.WRONG,
                sentence=_("Không khám được: %(reason)s.") % {"reason": str(error).strip()[:300]},
                cure=_("Xem nhật ký; báo cho người phát triển nếu lỗi lặp lại."),
            )
        ]
    return answer if isinstance(answer, list) else [answer]
