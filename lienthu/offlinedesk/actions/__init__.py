"""Every write of the desk without network."""

from lienthu.offlinedesk.actions.enrolling import Enrolled, NotEnrolled, enrol, note_copied, recovery_key, revoke
from lienthu.offlinedesk.actions.receiving import receive, receive_file
from lienthu.offlinedesk.actions.replaying import replay
from lienthu.offlinedesk.actions.settling import forget_old, note_downloaded, settle

__all__ = [
    "Enrolled",
    "NotEnrolled",
    "enrol",
    "forget_old",
    "note_copied",
    "note_downloaded",
    "receive",
    "receive_file",
    "recovery_key",
    "replay",
    "revoke",
    "settle",
]
