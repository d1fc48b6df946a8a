"""What other doors need to speak of decisions of circulation: actions, reasons, and reasons in sentences."""

from lienthu.circulation.policy import Action, Reason, Request
from lienthu.circulation.wording import next_step, reason_sentence

__all__ = ["Action", "Reason", "Request", "next_step", "reason_sentence"]
