"""Signing in at a source: the secret stands in an environment variable, the database only knows its name."""

import base64
import os
import re

# Only variables made for this: a person who may edit sources must not be able to send out other secrets.
ALLOWED = re.compile(r"LIENTHU_HARVEST_[A-Z0-9_]{1,60}\Z")


class NoSecret(RuntimeError):
    """The variable that a source names is not set on this machine."""


def headers_for(variable: str) -> dict[str, str]:
    """The Authorization header: `user:password`, or `Bearer …` as it stands. Raises NoSecret."""
    if not variable:
        return {}
    secret = os.environ.get(variable, "") if ALLOWED.match(variable) else ""
    if not secret:
        raise NoSecret(variable)
    if secret.startswith("Bearer "):
        return {"Authorization": secret}
    return {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode("ascii")}
