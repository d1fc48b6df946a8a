"""Markup put together in Python, for what a page repeats so often that a template would take most of its time."""

import re
from html import escape

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

_SPECIAL = re.compile("[&<>\"']").search


def fill(pattern: str, *values: object) -> SafeString:
    """The pattern with its `%s` replaced by the values, escaped unless they are markup already.

    The same as `format_html` in a tenth of its time. The pattern is written in the source, never made of data.
    """
    return SafeString(pattern % tuple([as_markup(value) for value in values]))


def as_markup(value: object) -> str:
    """A value as it may stand in a page or in a quoted attribute: markup as it is, all else escaped."""
    # nearly all values are of these two types, and Django's way is five times as long
    if type(value) is str:
        # Most words hold nothing to escape, and looking takes half as long as escaping.
        return escape(value) if _SPECIAL(value) else value
    if isinstance(value, SafeString):
        return value
    return conditional_escape(value)


def concatenated(pieces: list[SafeString]) -> SafeString:
    """Pieces of markup one after the other."""
    return SafeString("".join(pieces))
