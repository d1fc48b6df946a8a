"""Identity numbers at rest: sealed with a key of the installation, found again by a keyed digest.

The key follows from the secret key, as for second sign-in steps; former secret keys still open what they sealed.
"""

import base64
import hmac
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def _derived(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"lienthu.patrons." + purpose).derive(secret.encode())


def _secrets() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


def seal(number: str) -> bytes:
    """The number for the database."""
    return Fernet(base64.urlsafe_b64encode(_derived(settings.SECRET_KEY, b"seal"))).encrypt(number.encode())


def unseal(sealed: bytes) -> str | None:
    """The number again; None where another installation's key sealed it."""
    keys = [Fernet(base64.urlsafe_b64encode(_derived(secret, b"seal"))) for secret in _secrets()]
    try:
        return MultiFernet(keys).decrypt(bytes(sealed)).decode()
    except InvalidToken:
        return None


def marks(number: str) -> list[bytes]:
    """Digests under which a number may stand in the database, the present key's first."""
    return [hmac.digest(_derived(secret, b"mark"), number.encode(), sha256) for secret in _secrets()]
