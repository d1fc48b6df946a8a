"""The Cutter table of the Library of Congress (Classification and Shelflisting Manual, G 63), two figures."""

import unicodedata

# (where an entry begins, its figure): a letter between two entries takes the one before it.
_AFTER_VOWEL = [("a", 2), ("b", 2), ("d", 3), ("l", 4), ("n", 5), ("p", 6), ("r", 7), ("s", 8), ("u", 9)]
_AFTER_S = [("a", 2), ("ch", 3), ("e", 4), ("h", 5), ("m", 6), ("t", 7), ("u", 8), ("w", 9)]
_AFTER_QU = [("a", 3), ("e", 4), ("i", 5), ("o", 6), ("r", 7), ("t", 8), ("y", 9)]
_AFTER_CONSONANT = [("a", 3), ("e", 4), ("i", 5), ("o", 6), ("r", 7), ("u", 8), ("y", 9)]
_EXPANSION = [("a", 3), ("e", 4), ("i", 5), ("m", 6), ("p", 7), ("t", 8), ("w", 9)]


def lc_cutter(word: str) -> str:
    """Initial and two figures, like H46 for Hemingway; nothing for a word without two Latin letters."""
    letters = _plain(word)
    if len(letters) < 2:
        return ""
    if letters.startswith("qu") and len(letters) > 2:
        table, rest = _AFTER_QU, letters[2:]
    elif letters[0] in "aeiou":
        table, rest = _AFTER_VOWEL, letters[1:]
    else:
        table, rest = (_AFTER_S if letters[0] == "s" else _AFTER_CONSONANT), letters[1:]
    used = 2 if table is _AFTER_S and rest.startswith("ch") else 1
    figures = str(_figure(table, rest))
    if len(rest) > used:
        figures += str(_figure(_EXPANSION, rest[used:]))
    return letters[0].upper() + figures


def _figure(table: list[tuple[str, int]], rest: str) -> int:
    figure = table[0][1]
    for start, value in table:
        if rest >= start:
            figure = value
    return figure


# Letters that have no decomposition.
_BARE = str.maketrans({"đ": "d", "ø": "o", "ł": "l"})


def _plain(word: str) -> str:
    """Latin letters without marks; empty when the word has other letters."""
    bare = unicodedata.normalize("NFD", word.lower()).translate(_BARE)
    letters = "".join(sign for sign in bare if sign.isalpha())
    return letters if letters.isascii() else ""
