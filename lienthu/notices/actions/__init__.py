"""Every write of notices."""

from lienthu.notices.actions.outbox import BadNotice, News, send, send_many, withdraw
from lienthu.notices.actions.routing import route_new
from lienthu.notices.actions.sending import send_due

__all__ = ["BadNotice", "News", "route_new", "send", "send_due", "send_many", "withdraw"]
