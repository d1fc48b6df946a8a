"""The key that encrypts backups: LIENTHU_BACKUP_KEY, or the first line of the file LIENTHU_BACKUP_KEY_FILE."""

from pathlib import Path

from django.conf import settings

from lienthu.operations.problems import BackupProblem

LEAST_CHARACTERS = 12


def backup_key() -> str | None:
    """The key; None when none is set. Raises BackupProblem when its file cannot be read, or it is too short."""
    key = settings.BACKUP_KEY
    if not key and settings.BACKUP_KEY_FILE:
        key = _from_file(Path(settings.BACKUP_KEY_FILE))
    elif not key:
        return None
    if len(key) < LEAST_CHARACTERS:
        raise BackupProblem("key_too_short", least=LEAST_CHARACTERS)
    return str(key)


def _from_file(path: Path) -> str:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BackupProblem("key_unreadable", path=str(path), reason=str(error)) from None
    return lines[0].strip() if lines else ""
