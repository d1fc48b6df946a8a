"""The second step of signing in: its secrets are kept encrypted, so that a copy of the database gives none away."""

import base64
import secrets

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from lienthu.identity.access import actor_for
from lienthu.identity.models import Account

# Base32 and hexadecimal at once, for TOTP keys and seeds of recovery codes alike.
_COMMON_ALPHABET = "ABCDEF234567"


class MFAAdapter(DefaultMFAAdapter):
    """settings.MFA_ADAPTER."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """A secret that no present key opens (another LIENTHU_SECRET_KEY) becomes one that matches no code."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return "".join(secrets.choice(_COMMON_ALPHABET) for _place in range(32))

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Staff who must sign in with two steps keep at least one."""
        account = Account.objects.get(pk=authenticator.user_id)
        if not settings.STAFF_MFA_REQUIRED or not actor_for(account).is_staff:
            return True
        others = Authenticator.objects.filter(user_id=account.pk).exclude(pk=authenticator.pk)
        return others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


def _cipher() -> MultiFernet:
    """Encrypts with the present key; opens with it or one of the former ones."""
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"lienthu.identity.mfa").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
