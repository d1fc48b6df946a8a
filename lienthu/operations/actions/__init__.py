"""Everything that operations writes: backups, restore tests, restores, and the regular care for them."""

from lienthu.operations.actions.background import retry_job
from lienthu.operations.actions.backups import make_backup, order_backup, request_backup
from lienthu.operations.actions.care import look_after, remove_old_jobs
from lienthu.operations.actions.restore_tests import order_restore_test, request_restore_test, run_restore_test
from lienthu.operations.actions.restoring import Restored, restore_backup

__all__ = [
    "Restored",
    "look_after",
    "make_backup",
    "order_backup",
    "order_restore_test",
    "remove_old_jobs",
    "request_backup",
    "request_restore_test",
    "restore_backup",
    "retry_job",
    "run_restore_test",
]
