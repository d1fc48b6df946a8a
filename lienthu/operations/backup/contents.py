"""What goes into a backup beside the database: documents, settings, anchors of the trail."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from lienthu.audit.queries import anchors
from lienthu.kernel.storage import key_of
from lienthu.server.postgres import EmbeddedPostgres

_KEY = re.compile(r"([0-9a-f]{2})/([0-9a-f]{2})/([0-9a-f]{64})")
_INCOMING = ".incoming-"

SECRET_KEY_FILE = "secret-key"
# Left in a home by a restore: which backup it was, when it was made and restored.
RESTORED_NOTE = "restored.json"
# Files of the home that a person made or needs, and that hold secrets.
_SECRET_FILES = ("demo-accounts.txt",)

# Settings that tell nothing to a stranger. One that is not named here counts as secret.
OPEN_SETTINGS = frozenset(
    f"LIENTHU_{name}"
    for name in (
        *("PRODUCTION", "DEBUG", "ALLOWED_HOSTS", "TRUSTED_ORIGINS", "SITE_URL", "PROVINCE", "LANGUAGE"),
        *("UPLOAD_MAX_BYTES", "STAFF_MFA_REQUIRED", "BEHIND_PROXY", "SSL_REDIRECT", "LOG_LEVEL"),
        *("EMAIL_BACKEND", "FROM_EMAIL", "WEB_WORKERS", "WEB_THREADS", "PG_PROGRAMS"),
        *("BACKUP_DIR", "BACKUP_KEEP", "BACKUP_TIME", "BACKUP_SCHEDULED", "BACKUP_KEY_FILE"),
    )
)
# They belong to the machine or to one run, or would lock the door and leave the key inside.
_NEVER = {"LIENTHU_HOME", "LIENTHU_BACKUP_KEY", "LIENTHU_SECRET_KEY", "LIENTHU_TEST_DB", "LIENTHU_COLLECTING_STATIC"}


@dataclass(frozen=True, order=True)
class Document:
    """One stored document; its key is the SHA-256 of its content in folders."""

    key: str
    size: int

    @property
    def sha256(self) -> str:
        return self.key.rpartition("/")[2]


def is_document_key(key: str) -> bool:
    """Is this a content address? Anything else must never become a path."""
    found = _KEY.fullmatch(key)
    return found is not None and key == key_of(found[3])


def stored_documents(root: Path) -> tuple[list[Document], list[str]]:
    """All documents under the folder, in order, and the names of files that are none.

    List them after the snapshot is open: a document is on disk before the row that names it is committed.
    """
    documents, strange = list[Document](), list[str]()
    for name, size in _files(root, ""):
        if is_document_key(name):
            documents.append(Document(name, size))
        else:
            strange.append(name)
    return sorted(documents), sorted(strange)


def _files(root: Path, below: str) -> Iterator[tuple[str, int]]:
    try:
        entries = list(os.scandir(root / below))
    except FileNotFoundError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _files(root, f"{below}{entry.name}/")
        elif not entry.name.startswith(_INCOMING):
            try:
                yield f"{below}{entry.name}", entry.stat().st_size
            except FileNotFoundError:
                continue


def settings_part(*, with_secrets: bool) -> tuple[bytes, list[str]]:
    """The settings as JSON, and the names of what was left out because it is secret."""
    environment, files, left_out = dict[str, str](), dict[str, str](), list[str]()
    # the address that the product gives its own processes means nothing elsewhere
    embedded = EmbeddedPostgres(Path(settings.HOME)).dsn()
    for name, value in sorted(os.environ.items()):
        if name in _NEVER or not (name.startswith("LIENTHU_") or name == "DATABASE_URL") or value == embedded:
            continue
        if with_secrets or name in OPEN_SETTINGS:
            environment[name] = value
        else:
            left_out.append(name)
    if with_secrets and not settings.SECRET_KEY.startswith("insecure-"):
        files[SECRET_KEY_FILE] = f"{settings.SECRET_KEY}\n"
    elif not with_secrets:
        left_out.append(SECRET_KEY_FILE)
    for name in _SECRET_FILES:
        path = Path(settings.HOME) / name
        if not path.exists():
            continue
        if with_secrets:
            files[name] = path.read_text(encoding="utf-8", errors="replace")
        else:
            left_out.append(name)
    return _json({"environment": environment, "files": files}), left_out


def restored_note() -> dict[str, Any]:
    """What the restore that made this home has left; empty for a home that was not restored."""
    try:
        found = json.loads((Path(settings.HOME) / RESTORED_NOTE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def anchors_part(head: int) -> bytes:
    """The anchors of the trail up to its head in the snapshot: a later one would name entries that are not inside."""
    lines = [f"{one.at.isoformat()} {one.seq} {one.hash.hex()}\n" for one in anchors.read() if one.seq <= head]
    return "".join(lines).encode("ascii")


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()
