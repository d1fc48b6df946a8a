"""Translation of what the command line says, without Django. LIENTHU_LANGUAGE chooses, Vietnamese is the default."""

import gettext
import os
from pathlib import Path

_LOCALE = Path(__file__).parent / "locale"


def gettext_noop(text: str) -> str:
    """Marks a text of a table for translation; translate() is called where the text is shown."""
    return text


def translate(text: str) -> str:
    """The text in the language of LIENTHU_LANGUAGE; the Vietnamese source text when there is no translation."""
    language = os.environ.get("LIENTHU_LANGUAGE", "vi")
    if language == "vi":
        return text
    # The locale of the machine is not asked: servers in Vietnam commonly run with an English or C locale.
    return gettext.translation("django", _LOCALE, languages=[language], fallback=True).gettext(text)
