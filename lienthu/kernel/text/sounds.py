"""Syllables that many people pronounce alike and so write for each other, in plain letters.

The north does not tell apart tr and ch, s and x, r, d and gi, in places l and n; the south not v, d and gi, nor the
ends n and ng, t and c. f, j, w and z stand for ph, gi, qu and d in quick writing.
"""

from functools import lru_cache

_ONSETS = (
    ("ch", "tr"),
    ("s", "x"),
    ("d", "gi", "r", "v", "z", "j"),
    ("l", "n"),
    ("c", "k", "q"),
    ("f", "ph"),
    ("g", "gh"),
    ("ng", "ngh"),
    ("qu", "w"),
)
_RHYMES = (("n", "ng", "nh"), ("t", "c", "ch"), ("i", "y"), ("iu", "ieu"), ("uu", "uou"))
_FIRST = sorted({one for group in _ONSETS for one in group}, key=len, reverse=True)
_LAST = sorted({one for group in _RHYMES for one in group}, key=len, reverse=True)
_SAME_ONSETS = {one: group for group in _ONSETS for one in group}
_SAME_RHYMES = {one: group for group in _RHYMES for one in group}


@lru_cache(4_000)
def sound_alikes(folded: str) -> frozenset[str]:
    """Other spellings of a syllable of plain lower-case letters that sound like it somewhere; also ones nobody has."""
    onset = next((one for one in _FIRST if folded.startswith(one) and len(folded) > len(one)), "")
    rest = folded[len(onset) :]
    end = next((one for one in _LAST if rest.endswith(one)), "")
    middle = rest[: len(rest) - len(end)] if end else rest
    onsets = _SAME_ONSETS.get(onset, (onset,))
    ends = _SAME_RHYMES.get(end, (end,)) if middle or end in ("i", "y", "iu", "ieu") else (end,)
    return frozenset(f"{one}{middle}{other}" for one in onsets for other in ends) - {folded}
