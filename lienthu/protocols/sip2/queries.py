"""Reads about machines."""

from lienthu.protocols.sip2.models import Terminal


def terminal_by_login(login: str) -> Terminal | None:
    """The machine of this login, with its library and place."""
    return Terminal.objects.select_related("library__scope", "branch").filter(login=login).first()


def terminal_by_id(terminal_id: int) -> Terminal | None:
    """One machine as it is set up now."""
    return Terminal.objects.select_related("library__scope", "branch").filter(pk=terminal_id).first()
