"""The ways out of the house: e-mail, SMS, push. Each takes one message to one reader and says how it went.

A port never raises for what the network does; what it answers decides what the outbox does next:
`Sent`, `TryLater` (surely not delivered), `Refused` (never will be), `Unsure` (may have been delivered).
"""

from lienthu.notices.ports import mail, push, sms
from lienthu.notices.ports.outcome import Outcome, Outgoing, Refused, Sent, TryLater, Unsure

__all__ = ["Outcome", "Outgoing", "Refused", "Sent", "TryLater", "Unsure", "configured", "mail", "push", "sms"]


def configured() -> dict[str, bool]:
    """Which ways this installation has."""
    return {"EMAIL": mail.configured(), "SMS": sms.configured(), "PUSH": push.configured()}
