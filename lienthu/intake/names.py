"""File names that came from outside: good for showing, never for paths."""

import re
import unicodedata

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_LONGEST = 120
_NAMELESS = "tep"


def display_name(name: str) -> str:
    """The last part of the name without control, bidirectional and invisible characters, at most 120 characters."""
    cleaned = unicodedata.normalize("NFC", _UNSAFE.sub("", name.replace("\\", "/")))
    last = cleaned.rstrip("/").rpartition("/")[2].strip().lstrip(".").strip()
    last = re.sub(r'[<>:"|?*]', "_", last)
    if len(last) > _LONGEST:
        stem, dot, suffix = last.rpartition(".")
        keep_suffix = dot and len(suffix) <= 10
        last = f"{stem[: _LONGEST - len(suffix) - 1]}.{suffix}" if keep_suffix else last[:_LONGEST]
    return last or _NAMELESS


def suffix_of(name: str) -> str:
    """The lower-case ending after the last dot, without the dot."""
    stem, dot, suffix = name.rpartition(".")
    return suffix.lower() if dot and stem else ""
