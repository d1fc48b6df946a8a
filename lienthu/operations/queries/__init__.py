"""Reads of operations: runs of backups and tests, background jobs, health of the parts."""

from lienthu.operations.queries.runs import (
    backups,
    installed_at,
    last_attempt,
    last_success,
    newest_backup_file,
    restore_tests,
)

__all__ = [
    "backups",
    "installed_at",
    "last_attempt",
    "last_success",
    "newest_backup_file",
    "restore_tests",
]
