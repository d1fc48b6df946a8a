"""Every write of notices."""

from lienthu.notices.actions.choosing import BadDevice, NoCard, add_device, choose, mark_read, remove_device
from lienthu.notices.actions.deciding import NotNow, count_as_sent, send_again, told
from lienthu.notices.actions.forgetting import purge
from lienthu.notices.actions.letters import Letter, Went, send_letter
from lienthu.notices.actions.outbox import BadNotice, News, restore, send, send_many, withdraw
from lienthu.notices.actions.routing import route_new
from lienthu.notices.actions.sending import send_due
from lienthu.notices.actions.writing_texts import (
    BadText,
    drop_hours,
    faults_of,
    publish_text,
    set_hours,
    withdraw_text,
)

__all__ = [
    "BadDevice",
    "BadNotice",
    "BadText",
    "Letter",
    "News",
    "NoCard",
    "NotNow",
    "Went",
    "add_device",
    "choose",
    "count_as_sent",
    "drop_hours",
    "faults_of",
    "mark_read",
    "publish_text",
    "purge",
    "remove_device",
    "restore",
    "route_new",
    "send",
    "send_again",
    "send_due",
    "send_letter",
    "send_many",
    "set_hours",
    "told",
    "withdraw",
    "withdraw_text",
]
