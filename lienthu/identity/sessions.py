"""Sessions in the table of django.contrib.sessions; what every scan of a desk does is one planned statement each.

Django reads a session through the ORM and saves it in a transaction of three statements.
"""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.utils import timezone

from lienthu.kernel.postgresql.planned import ask, tell

_LOAD = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"
_SAVE = "UPDATE django_session SET session_data = %s, expire_date = %s WHERE session_key = %s"


class SessionStore(db.SessionStore):
    """settings.SESSION_ENGINE names this module; Django looks for a class of this name."""

    def load(self) -> dict[str, Any]:
        """What is kept; nothing, and no key, for a session that has ended or never was."""
        rows = ask(_LOAD, [self.session_key, timezone.now()])
        if not rows:
            self._session_key = None
            return {}
        kept: dict[str, Any] = self.decode(rows[0][0])
        return kept

    def save(self, must_create: bool = False) -> None:
        """Raises CreateError for a new key that exists, UpdateError for a session that was ended meanwhile."""
        if must_create or self.session_key is None:
            super().save(must_create)
            return
        data = self.encode(self._get_session(no_load=False))
        if not tell(_SAVE, [data, self.get_expiry_date(), self.session_key]):
            raise UpdateError
