"""Encryption and sender's proof of web push: RFC 8291 over RFC 8188 (aes128gcm), and VAPID, RFC 8292."""

import base64
import json
import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_RECORD = 4096
# What push services take at least (RFC 8030 §7.2), less head, mark and tag.
LONGEST = _RECORD - 86 - 17
_HOURS = 12 * 3600


class BadSubscription(ValueError):
    """The keys of a browser are no keys."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a browser gives: where to send, its public key (P-256, uncompressed point), its secret of 16 bytes."""

    endpoint: str
    key: bytes
    secret: bytes


def encoded(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """The bytes again. Raises BadSubscription."""
    try:
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise BadSubscription from None


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half as an uncompressed point."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def subscription(endpoint: str, key: str, secret: str) -> Subscription:
    """Check what a browser gave. Raises BadSubscription."""
    made = Subscription(endpoint, decoded(key), decoded(secret))
    if len(made.secret) != 16:
        raise BadSubscription
    _public(made.key)
    return made


def _public(data: bytes) -> ec.EllipticCurvePublicKey:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), data)
    except (ValueError, InvalidKey):
        raise BadSubscription from None


def encrypt(
    payload: bytes,
    to: Subscription,
    *,
    own: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """The body of the request; only the browser can read it. `own` and `salt` are made new unless a test gives them."""
    if len(payload) > LONGEST:
        raise ValueError(f"a push message has at most {LONGEST} bytes")
    own = own or ec.generate_private_key(ec.SECP256R1())
    salt = salt or os.urandom(16)
    shared = own.exchange(ec.ECDH(), _public(to.key))
    ikm = _hkdf(shared, salt=to.secret, info=b"WebPush: info\0" + to.key + point(own), length=32)
    content_key = _hkdf(ikm, salt=salt, info=b"Content-Encoding: aes128gcm\0", length=16)
    nonce = _hkdf(ikm, salt=salt, info=b"Content-Encoding: nonce\0", length=12)
    head = salt + _RECORD.to_bytes(4, "big") + bytes([65]) + point(own)
    return head + AESGCM(content_key).encrypt(nonce, payload + b"\x02", None)


def _hkdf(material: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(material)


def proof(endpoint: str, *, key: ec.EllipticCurvePrivateKey, subject: str, now: int) -> str:
    """The Authorization header that says who sends; `now` in seconds of the epoch, good for twelve hours."""
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": now + _HOURS, "sub": subject}
    signed = ".".join(
        encoded(json.dumps(part, separators=(",", ":")).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims)
    )
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(SHA256())))
    signature = encoded(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={signed}.{signature}, k={encoded(point(key))}"
