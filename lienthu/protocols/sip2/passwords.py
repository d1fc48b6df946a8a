"""Passwords of machines: made here, long, shown once. So a light hash protects them, and 200 can sign in at once."""

import hashlib
import hmac
import secrets

# Without letters and digits that look like one another: somebody types this into a machine.
_LETTERS = "abcdefghjkmnpqrstvwxyz23456789"
LENGTH = 20
_COST = 2**11


def new_password() -> str:
    """A password of about 98 bits."""
    return "".join(secrets.choice(_LETTERS) for _one in range(LENGTH))


def hashed(password: str) -> str:
    """What the database keeps."""
    salt = secrets.token_bytes(16)
    return f"scrypt${salt.hex()}${_derived(password, salt).hex()}"


def is_right(password: str, kept: str) -> bool:
    """Does the password belong to this hash? It takes as long for a hash of no machine."""
    salt, wanted = (kept or _NOBODY).split("$")[1:]
    return hmac.compare_digest(_derived(password, bytes.fromhex(salt)).hex(), wanted)


def _derived(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode("utf-8", "replace"), salt=salt, n=_COST, r=8, p=1, dklen=32)


_NOBODY = f"scrypt${'00' * 16}${'00' * 32}"
