"""Push messages to browsers of readers. The key that proves who sends is made at first use, in the home."""

import contextlib
import json
import os
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from django.conf import settings

from lienthu.kernel import clock
from lienthu.kernel.fetching import FetchError, FetchFailed, post
from lienthu.notices.ports.outcome import Outcome, Outgoing, Refused, Sent, of_failed_fetch
from lienthu.notices.ports.webpush import BadSubscription, encoded, encrypt, point, proof, subscription

SECONDS = 20.0
# A notice that did not reach the device in two days is of no use any more.
_KEPT_BY_SERVICE = 2 * 86_400
_MOST_TEXT = 1_000


def configured() -> bool:
    """Browsers take push messages only from pages under https (or of this machine)."""
    return settings.PUSH_ENABLED


@cache
def _key_in(path: Path) -> ec.EllipticCurvePrivateKey:
    """The key of this installation; whoever comes first makes it, all others read it."""
    if not path.exists():
        fresh = ec.generate_private_key(ec.SECP256R1())
        pem = fresh.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        made = path.with_suffix(f".{os.getpid()}")
        made.touch(mode=0o600)
        made.write_bytes(pem)
        with contextlib.suppress(FileExistsError):
            os.link(made, path)
        made.unlink()
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{path} holds no P-256 key")
    return key


def sender_key() -> ec.EllipticCurvePrivateKey:
    """The key of LIENTHU_VAPID_KEY_FILE."""
    return _key_in(Path(settings.VAPID_KEY_FILE))


def public_key() -> str:
    """Its public half, as browsers want it when they subscribe."""
    return encoded(point(sender_key()))


def deliver(endpoint: str, key: str, secret: str, message: Outgoing) -> Outcome:
    """Send to one device. Refused with reason NO_ADDRESS means that the device is gone for good."""
    text = {"title": message.subject[:200], "body": message.short[:_MOST_TEXT], "url": message.url}
    try:
        to = subscription(endpoint, key, secret)
        body = encrypt(json.dumps({**text, "tag": message.reference}, ensure_ascii=False).encode(), to)
    except BadSubscription:
        return Refused("NO_ADDRESS")
    headers = {
        "content-type": "application/octet-stream",
        "content-encoding": "aes128gcm",
        "ttl": str(_KEPT_BY_SERVICE),
        "urgency": "normal",
        "authorization": proof(
            endpoint, key=sender_key(), subject=settings.VAPID_SUBJECT, now=int(clock.now().timestamp())
        ),
    }
    try:
        post(endpoint, body=body, headers=headers, seconds=SECONDS)
    except FetchFailed as error:
        if error.status in {404, 410}:
            return Refused("NO_ADDRESS", f"HTTP {error.status}")
        return of_failed_fetch(error)
    except FetchError as error:
        return Refused("NO_ADDRESS", error.code)
    return Sent()
