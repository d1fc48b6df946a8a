"""Keys and logs at rest: sealed with a key that follows from the installation's secret key; former ones still open."""

import base64
import hmac
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

# A log taken from the browser as a file: these letters, twelve bytes, then AES-256-GCM of the text.
FILE_MARK = b"LTQ1"


def _box(secret: str) -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"lienthu.offlinedesk.seal").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))


def seal(plain: bytes) -> bytes:
    """Bytes for the database."""
    return _box(settings.SECRET_KEY).encrypt(plain)


def unseal(sealed: bytes) -> bytes | None:
    """The bytes again; None where another installation's key sealed them."""
    try:
        return MultiFernet([_box(one) for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]).decrypt(
            bytes(sealed)
        )
    except InvalidToken:
        return None


def open_file(content: bytes, key: bytes) -> bytes | None:
    """The text of a log file of the device with this key; None when it is no such file, or was changed."""
    if not content.startswith(FILE_MARK) or len(content) < 32:
        return None
    try:
        return AESGCM(hmac.digest(key, b"export", sha256)).decrypt(content[4:16], content[16:], FILE_MARK)
    except InvalidTag:
        return None
