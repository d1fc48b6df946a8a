"""SMS through the HTTP gateway that the settings describe: address, body, headers, what a good answer says."""

import json
import re
import unicodedata
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from lienthu.kernel.fetching import FetchError, post
from lienthu.notices.ports.outcome import Outcome, Outgoing, Refused, Sent, of_failed_fetch

SECONDS = 20.0
# Mobile numbers of Việt Nam since 2018: ten digits, the second one of these.
_MOBILE = re.compile(r"0[35789]\d{8}")
_PREFIXES = {"0": "0", "84": "84", "+84": "+84"}


def configured() -> bool:
    """Is there a gateway?"""
    return bool(settings.SMS_URL)


def mobile_number(phone: str) -> str:
    """The number in the form that the gateway takes; "" for one that takes no SMS (landlines, slips)."""
    digits = re.sub(r"[^0-9+]", "", phone)
    national = re.sub(r"^(?:\+84|0084|84(?=\d{9}$))", "0", digits)
    if not _MOBILE.fullmatch(national):
        return ""
    return _PREFIXES[settings.SMS_PREFIX] + national[1:]


def deliver(phone: str, message: Outgoing) -> Outcome:
    """Hand one message to the gateway."""
    number = mobile_number(phone)
    if not number:
        return Refused("NO_ADDRESS")
    words = {"{phone}": number, "{text}": _plain(message.short), "{reference}": message.reference}
    filled = _filled(json.loads(settings.SMS_BODY), words)
    if settings.SMS_FORM == "json":
        body, kind = json.dumps(filled, ensure_ascii=False).encode(), "application/json; charset=utf-8"
    else:
        body, kind = urlencode(filled).encode(), "application/x-www-form-urlencoded"
    try:
        answer = post(
            settings.SMS_URL, body=body, headers={"content-type": kind, **settings.SMS_HEADERS}, seconds=SECONDS
        )
    except FetchError as error:
        return of_failed_fetch(error)
    said = answer.body.decode("utf-8", "replace")
    if settings.SMS_OK and not re.search(settings.SMS_OK, said):
        return Refused("REFUSED", f"HTTP {answer.status}")
    return Sent()


def _filled(value: Any, words: dict[str, str]) -> Any:
    """The body with its three placeholders filled, at any depth."""
    if isinstance(value, dict):
        return {name: _filled(one, words) for name, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, words) for one in value]
    if isinstance(value, str):
        return re.sub(r"\{(?:phone|text|reference)\}", lambda found: words[found[0]], value)
    return value


def _plain(text: str) -> str:
    """Without marks where the settings ask for it: 160 letters a message instead of 70."""
    if not settings.SMS_PLAIN:
        return text
    text = text.replace("đ", "d").replace("Đ", "D").replace("…", "...").replace("«", '"').replace("»", '"')
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
