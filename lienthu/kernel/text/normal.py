"""One form for every text: Unicode NFC, with the damage repaired that NFC cannot repair.

Library of Congress and converted MARC-8 records carry marks in the wrong order (``Ché̂ Lan Viên``), loose from their
letter (``Nha ̀xuất``) or on the letter before it (``Nh̀a``), invisible characters and several kinds of blank.
"""

import re
from unicodedata import normalize

from lienthu.kernel.text.characters import COMBINING_LATIN
from lienthu.kernel.text.phonology import TONE_MARKS, is_vietnamese_syllable

# Quality marks with the letters that take them: circumflex, breve, horn.
_QUALITY = {"\u0302": "aeo", "\u0306": "a", "\u031b": "ou"}
_TONES = frozenset(TONE_MARKS[1:])
_VIETNAMESE_MARKS = _TONES | frozenset(_QUALITY)

_JOINERS = "\u200c\u200d"
_SPACES = "\t\n\x0b\x0c\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_REMOVED = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u180e\u200b\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\ufffe\uffff"
)
_SURROGATES = "\ud800-\udfff"
_ETH = "\u00d0\u00f0\u0189"

_CONTROL = re.compile("[\x00-\x1f\x7f]")
_SUSPECT = re.compile(f"[{_SPACES}{_REMOVED}{_SURROGATES}{_JOINERS}{COMBINING_LATIN}{_ETH}]")
_SPACE = re.compile(f"[{_SPACES}]")
_REMOVE = re.compile(f"[{_REMOVED}]")
_SURROGATE = re.compile(f"[{_SURROGATES}]")
# Joiners change nothing after Latin, Greek and Cyrillic letters, and spell words in Arabic, Indic and emoji.
_IDLE_JOINER = re.compile(f"(?<![\u0590-\u1dff\u2190-\ud7ff\ue000-\uffff\U00010000-\U0010ffff])[{_JOINERS}]+")
_MARK = re.compile(f"[{COMBINING_LATIN}]")
_CLUSTER = re.compile(f"[^\\W\\d_][{COMBINING_LATIN}]+")
_DETACHED = re.compile(f"([^\\W\\d_]{{0,12}})( {{0,2}})([{COMBINING_LATIN}]+)([^\\W\\d_]{{0,12}})")
_WORD = re.compile(f"[^\\W\\d_](?:[^\\W\\d_]|[{COMBINING_LATIN}])*")
_ETH_WORD = re.compile(f"(?<![^\\W_])(?<![\u0300-\u036f])[{_ETH}]([^\\W\\d_]+)(?![^\\W_])")
_ONLY_VIETNAMESE = re.compile("[ăâêôơưđĂÂÊÔƠƯĐ\u1ea0-\u1ef9]")

# A mark put in place can free its neighbour; every round leaves fewer loose marks, two do for real text.
_ROUNDS = 8

# NFC sorts a run of combining marks in quadratic time, so a hostile one is cut, as in Unicode's stream-safe form.
_LONG_TEXT = 1_000
_LONG_RUN = re.compile(f"([{COMBINING_LATIN}]{{30}})[{COMBINING_LATIN}]+")


def normalise(s: str) -> str:
    """The text in NFC with Vietnamese letters repaired; runs twice with the same result.

    Blanks of any kind and line ends become a space, control and zero-width characters go, an unpaired surrogate becomes
    U+FFFD. Spaces are neither joined nor trimmed. Marks of other languages stay as they are.
    """
    if s.isascii():
        return s if s.isprintable() else _without_controls(s)
    if len(s) > _LONG_TEXT:
        s = _LONG_RUN.sub(r"\1", s)
    s = normalize("NFC", s)
    return s if _SUSPECT.search(s) is None else _repaired(s)


def normalise_word(word: str) -> str:
    """As ``normalise`` for one word, taking it for Vietnamese where its marks allow: ``nh̀a`` -> ``nhà``. For keys."""
    word = normalise(word)
    return word if _MARK.search(word) is None else _WORD.sub(_shifted, word)


def _without_controls(s: str) -> str:
    return _CONTROL.sub("", _SPACE.sub(" ", s))


def _repaired(s: str) -> str:
    s = _REMOVE.sub("", _SPACE.sub(" ", s))
    s = normalize("NFC", _SURROGATE.sub("\ufffd", _IDLE_JOINER.sub("", s)))
    for _ in range(_ROUNDS):
        if _MARK.search(s) is None:
            break
        before = s
        s = _with_marks_in_place(s)
        if s == before:
            break
    if _ONLY_VIETNAMESE.search(s):
        s = _ETH_WORD.sub(_with_d_stroke, s)
    return s


def _with_marks_in_place(s: str) -> str:
    s = _CLUSTER.sub(_ordered, s)
    if _MARK.search(s):
        s = _DETACHED.sub(_attached, s)
        shifted = _WORD.sub(_shifted, s)
        # Other languages set such marks on consonants; only a text with Vietnamese letters is corrected.
        s = shifted if _ONLY_VIETNAMESE.search(shifted) else s
    return normalize("NFC", s)


def _ordered(match: re.Match[str]) -> str:
    """A letter and its marks as one Vietnamese letter, if they make one; otherwise unchanged."""
    return _compose(match.group()) or match.group()


def _compose(cluster: str) -> str:
    """The one Vietnamese letter that a letter with marks in any order, perhaps doubled, stands for; or ''."""
    letters = normalize("NFD", cluster)
    base, marks = letters[0], set(letters[1:])
    if base not in "aeiouyAEIOUY" or not marks <= _VIETNAMESE_MARKS:
        return ""
    tones = marks & _TONES
    qualities = marks - tones
    if len(tones) > 1 or len(qualities) > 1 or any(base.lower() not in _QUALITY[mark] for mark in qualities):
        return ""
    return normalize("NFC", base + "".join(qualities) + "".join(tones))


def _joined(letter: str, marks: str) -> str:
    """Letter and loose marks as one character of any language, or '' when Unicode has none."""
    found = _compose(letter + marks) or normalize("NFC", letter + marks)
    return found if len(found) == 1 else ""


def _attached(match: re.Match[str]) -> str:
    """Give a loose mark to the letter before it or after it, whichever makes Vietnamese syllables."""
    left, gap, marks, right = match.groups()
    if left and not gap:
        return match.group()
    if gap and not right and not match.string[match.end() : match.end() + 1].isalnum():
        # The blank before the mark belongs after it.
        gap = ""
    on_left = _joined(left[-1], marks) if left else ""
    on_right = _joined(right[0], marks) if right else ""
    marked_left, marked_right = left[:-1] + on_left, on_right + right[1:]
    readings = []
    if on_left:
        readings.append((marked_left, gap, right))
    if on_right:
        readings.append((left, gap, marked_right))
    if left and on_left and right:
        readings.append((marked_left, "", right))
    if left and on_right:
        readings.append((left, "", marked_right))
    for before, blank, after in readings:
        words = [before + after] if not blank else [word for word in (before, after) if word]
        if all(is_vietnamese_syllable(word) for word in words):
            return before + blank + after
    return marked_left + gap + right if on_left else match.group()


def _shifted(match: re.Match[str]) -> str:
    """Undo marks set on the letter before theirs, as MARC-8 read without reordering does (``Nh̀a`` -> ``Nhà``)."""
    word = match.group()
    if len(word) > 24 or not _MARK.search(word):
        return word
    moved, waiting = "", ""
    for letter in normalize("NFD", word):
        if letter in _VIETNAMESE_MARKS:
            waiting += letter
        else:
            moved += letter + waiting
            waiting = ""
    if waiting:
        return word
    found = normalize("NFC", _CLUSTER.sub(_ordered, moved))
    return found if is_vietnamese_syllable(found) else word


def _with_d_stroke(match: re.Match[str]) -> str:
    """Old code pages turned Đ into the Icelandic eth; only a Vietnamese syllable in a Vietnamese text is mended."""
    stroke = "đ" if match.group()[0] == "\u00f0" else "Đ"
    return stroke + match.group(1) if is_vietnamese_syllable("đ" + match.group(1)) else match.group()
