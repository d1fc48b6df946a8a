"""Vietnamese text: one normal form, search keys, filing order, highlighting, syllables, undone keystrokes."""

from lienthu.kernel.text.keys import Keys, exact_key, folded_key, keys, toneless_key
from lienthu.kernel.text.keystrokes import telex_to_vietnamese, vni_to_vietnamese
from lienthu.kernel.text.marking import Segment, highlight, snippet
from lienthu.kernel.text.normal import normalise
from lienthu.kernel.text.order import SORT_KEY_BYTES, filing_form, sort_key
from lienthu.kernel.text.phonology import is_vietnamese_syllable, place_tone
from lienthu.kernel.text.sounds import sound_alikes
from lienthu.kernel.text.tokenisation import Token, tokens, vietnamese_score

__all__ = [
    "SORT_KEY_BYTES",
    "Keys",
    "Segment",
    "Token",
    "exact_key",
    "filing_form",
    "folded_key",
    "highlight",
    "is_vietnamese_syllable",
    "keys",
    "normalise",
    "place_tone",
    "snippet",
    "sort_key",
    "sound_alikes",
    "telex_to_vietnamese",
    "tokens",
    "toneless_key",
    "vietnamese_score",
    "vni_to_vietnamese",
]
