"""States of readers and cards as badges show them."""

from lienthu.patrons.models import Card, CardStatus, Patron, PatronState

_STATES = {"PENDING": "pending", "ACTIVE": "done", "CLOSED": "withdrawn", "MERGED": "withdrawn", "ERASED": "withdrawn"}
_CARDS = {"ACTIVE": "done", "LOST": "failed", "REPLACED": "withdrawn", "RETURNED": "withdrawn"}


def state_badge(patron: Patron) -> tuple[str, str]:
    """State of a reader."""
    return _STATES[patron.state], str(PatronState(patron.state).label)


def card_badge(card: Card) -> tuple[str, str]:
    """State of a card."""
    return _CARDS[card.status], str(CardStatus(card.status).label)
