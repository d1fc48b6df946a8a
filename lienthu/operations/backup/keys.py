"""The key that encrypts backups: LIENTHU_BACKUP_KEY, or the first line of the file LIENTHU_BACKUP_KEY_FILE."""

from pathlib import Path

from django.conf import settings

from lienthu.operations.problems import BackupProblem

LEAST_CHARACTERS = 12


def backup_key() -> str | None:
    """The key for new backups; None when none is set. Raises BackupProblem for one too short, or no readable file."""
    key = opening_key()
    if key is not None and len(key) < LEAST_CHARACTERS:
        raise BackupProblem("key_too_short", least=LEAST_CHARACTERS)
    return key


def opening_key() -> str | None:
    """The key for reading a backup that was made at any time. Raises BackupProblem when its file cannot be read."""
    key = settings.BACKUP_KEY
    if not key and settings.BACKUP_KEY_FILE:
        key = _from_file(Path(settings.BACKUP_KEY_FILE))
    elif not key:
        return None
    return str(key)


def _from_file(path: Path) -> str:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BackupProblem("key_unreadable", path=str(path), reason=str(error)) from None
    return lines[0].strip() if lines else ""
