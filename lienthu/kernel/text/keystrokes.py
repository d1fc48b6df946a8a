"""Vietnamese typed without an input method: Telex and VNI keystrokes read as the letters they stand for."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lienthu.kernel.text.normal import normalise
from lienthu.kernel.text.phonology import (
    BASE_LETTER,
    SYLLABLES,
    VOWELS,
    WITHOUT_TONE,
    is_vietnamese_syllable,
    with_tone,
)

# Tone numbers are places in phonology.TONE_MARKS: 1 huyền, 2 hỏi, 3 ngã, 4 sắc, 5 nặng.
_TELEX_TONES = {"f": 1, "r": 2, "x": 3, "s": 4, "j": 5}
_VNI_TONES = {"2": 1, "3": 2, "4": 3, "1": 4, "5": 5}
_CIRCUMFLEX = {"a": "â", "e": "ê", "o": "ô"}
_BREVE = {"a": "ă"}
_HORN = {"o": "ơ", "u": "ư"}
_STROKE = {"d": "đ"}
_TELEX_KEYS = {"a": {"a": "â"}, "e": {"e": "ê"}, "o": {"o": "ô"}, "d": _STROKE, "w": _BREVE | _HORN}
_VNI_KEYS = {"6": _CIRCUMFLEX, "7": _HORN, "8": _BREVE, "9": _STROKE}
_HORN_KEYS = ("w", "7")

_TELEX_WORD = re.compile(r"[^\W\d_]+")
_VNI_WORD = re.compile(r"[^\W\d_][^\W_]*")
# Plain letters that can begin a syllable; readings that have left them are given up.
_BEGINNINGS = frozenset(
    syllable.translate(BASE_LETTER)[:length] for syllable in SYLLABLES for length in range(len(syllable) + 1)
)
# The longest syllable, "nghiêng", takes seven letters; with its keys and a repeated one it takes ten.
_LONGEST = 12


@dataclass(frozen=True, slots=True)
class _Typed:
    """A reading of the keys so far: the letters, the tone (0 for none), and whether any key was more than a letter."""

    letters: str = ""
    tone: int = 0
    changed: bool = False


_Readings = Callable[[_Typed, str], Iterator[_Typed]]


def telex_to_vietnamese(s: str) -> str:
    """``truyeenj kieeuf`` -> ``truyện kiều``; keys may stand after their letter or at the end of the syllable.

    The text comes back as it was when not every word becomes a Vietnamese syllable, or none changes.
    """
    return _undone(s, _TELEX_WORD, _telex_readings)


def vni_to_vietnamese(s: str) -> str:
    """``truye6n5 kie6u2`` -> ``truyện kiều``; otherwise as ``telex_to_vietnamese``."""
    return _undone(s, _VNI_WORD, _vni_readings)


def _undone(s: str, word: re.Pattern[str], readings: _Readings) -> str:
    text = normalise(s)
    pieces: list[str] = []
    changed = False
    at = 0
    for match in word.finditer(text):
        found = _syllable(match.group(), readings)
        if found is None:
            return s
        changed = changed or found != match.group()
        pieces += (text[at : match.start()], found)
        at = match.end()
    return "".join(pieces) + text[at:] if changed else s


def _syllable(word: str, readings: _Readings) -> str | None:
    """The syllable these keys type, a changed reading before the plain one; None when they type none."""
    if len(word) > _LONGEST:
        return None
    states = [_Typed()]
    for key in word:
        new_states = dict.fromkeys(new for state in states for new in readings(state, key))
        states = [state for state in new_states if _is_beginning(state.letters)]
    plain = None
    for state in states:
        known = SYLLABLES.get(state.letters.lower())
        if known is None:
            if is_vietnamese_syllable(state.letters) and not state.changed:
                plain = state.letters
            continue
        lower = state.letters.lower()
        found = with_tone(lower, state.tone, known[0])
        if is_vietnamese_syllable(found):
            cased = "".join(
                new.upper() if old.isupper() else new for old, new in zip(state.letters, found, strict=True)
            )
            if state.changed:
                return cased
            plain = cased
    return plain


def _is_beginning(letters: str) -> bool:
    return letters.lower().translate(WITHOUT_TONE).translate(BASE_LETTER) in _BEGINNINGS


def _telex_readings(state: _Typed, key: str) -> Iterator[_Typed]:
    lower = key.lower()
    if lower in _TELEX_TONES:
        yield from _toned(state, _TELEX_TONES[lower])
    yield from _modified(state, lower, _TELEX_KEYS.get(lower, {}))
    if lower == "w":
        yield _Typed(state.letters + ("Ư" if key.isupper() else "ư"), state.tone, True)
    yield _Typed(state.letters + key, state.tone, state.changed)


def _vni_readings(state: _Typed, key: str) -> Iterator[_Typed]:
    if key in _VNI_TONES:
        yield from _toned(state, _VNI_TONES[key])
    elif key in _VNI_KEYS:
        yield from _modified(state, key, _VNI_KEYS[key])
    else:
        yield _Typed(state.letters + key, state.tone, state.changed)


def _toned(state: _Typed, tone: int) -> Iterator[_Typed]:
    if not state.tone and any(letter in VOWELS for letter in state.letters.lower()):
        yield _Typed(state.letters, tone, True)


def _modified(state: _Typed, key: str, change: dict[str, str]) -> Iterator[_Typed]:
    """Every reading in which the key changes a letter typed before; ``uo`` takes the horn on both."""
    letters = state.letters
    lower = letters.lower()
    if key in _HORN_KEYS and "uo" in lower:
        at = lower.index("uo")
        horned = ("Ư" if letters[at].isupper() else "ư") + ("Ơ" if letters[at + 1].isupper() else "ơ")
        yield _Typed(letters[:at] + horned + letters[at + 2 :], state.tone, True)
    for at, letter in enumerate(lower):
        # Only the first d of a word can bear the stroke.
        if letter in change and (letter != "d" or at == 0):
            new = change[letter].upper() if letters[at].isupper() else change[letter]
            yield _Typed(letters[:at] + new + letters[at + 1 :], state.tone, True)
