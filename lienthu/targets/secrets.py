"""Passwords of targets: encrypted where they rest, opened only to be sent.

A secret may instead stand in an environment variable, whose name must begin with LIENTHU_TARGET_: whoever edits a
target chooses where its secret is sent, and must not be able to send any other variable there.
"""

import base64
import os
import re

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from lienthu.targets.problems import TargetProblem

NAME = re.compile(r"LIENTHU_TARGET_[A-Z0-9_]{1,80}")


def seal(secret: str) -> str:
    """Encrypt a secret for storage; "" stays ""."""
    return _cipher().encrypt(secret.encode()).decode("ascii") if secret else ""


def opened(*, sealed: str, name: str) -> str:
    """The secret of a target. Raises TargetProblem: no_secret (variable not set), lost_secret (key was changed)."""
    if name:
        value = os.environ.get(name, "") if NAME.fullmatch(name) else ""
        if not value:
            raise TargetProblem("no_secret", name=name)
        return value
    if not sealed:
        return ""
    try:
        return _cipher().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise TargetProblem("lost_secret") from error


def _cipher() -> MultiFernet:
    """Encrypts with the present key; opens with it or one of the former ones."""
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"lienthu.targets.secret").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
