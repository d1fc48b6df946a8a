"""E-mail over SMTP, by the server of LIENTHU_EMAIL_URL."""

import contextlib
import smtplib
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from lienthu.notices.ports.outcome import Outcome, Outgoing, Refused, Sent, TryLater, Unsure

# Backends that send nothing: letters to readers would be printed into the logs.
_SILENT = {"django.core.mail.backends.console.EmailBackend", "django.core.mail.backends.dummy.EmailBackend"}


def configured() -> bool:
    """Is there a mail server?"""
    return settings.EMAIL_BACKEND not in _SILENT


def deliver(address: str, message: Outgoing) -> Outcome:
    """Send one letter as plain text."""
    connection = get_connection()
    try:
        connection.open()
    except smtplib.SMTPResponseException as error:
        return TryLater("UNREACHABLE", f"SMTP {error.smtp_code}")
    except (OSError, smtplib.SMTPException) as error:
        return TryLater("UNREACHABLE", type(error).__name__)
    try:
        connection.send_messages([_letter(address, message)])
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
        return _answered(_code(error))
    except (OSError, smtplib.SMTPException) as error:
        return Unsure("CUT", type(error).__name__)
    finally:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            connection.close()
    return Sent()


def _letter(address: str, message: Outgoing) -> EmailMessage:
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    domain = sender.rpartition("@")[2] or "localhost"
    body = f"{message.body}\n\n{message.sender}" + (f"\n{message.url}" if message.url else "")
    return EmailMessage(
        subject=message.subject,
        body=body,
        from_email=formataddr((message.sender, sender)),
        to=[address],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers={
            "Message-ID": f"<{message.reference}@{domain}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": message.language,
        },
    )


def _code(error: smtplib.SMTPException) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return int(next(iter(error.recipients.values()))[0])
    return int(error.smtp_code) if isinstance(error, smtplib.SMTPResponseException) else 0


def _answered(code: int) -> Outcome:
    """The server said no: for now (4xx) or for good (5xx)."""
    return TryLater("BUSY", f"SMTP {code}") if 400 <= code < 500 else Refused("REFUSED", f"SMTP {code}")
