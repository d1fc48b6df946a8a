"""Findings and the required minimum in words, for other desks that keep to the same rules."""

from typing import Any

from django.utils.translation import gettext

from lienthu.cataloguing.wording import DEMANDS, SENTENCES, words

__all__ = ["demand_label", "finding_sentence", "words"]


def finding_sentence(code: str, params: dict[str, Any]) -> str:
    """One finding of `rules.checking`."""
    return gettext(SENTENCES[code]) % params


def demand_label(code: str) -> str:
    """One line of the required minimum."""
    return gettext(DEMANDS[code])
