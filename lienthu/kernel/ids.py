"""Public identifiers: a primary key in 29 letters that cannot be misread, with a check letter at the end.

The alphabet and the check letter are those of NOID (California Digital Library): digits and consonants without l, so
that no word appears; the sum of position × value modulo 29 finds every wrong letter and every swap of neighbours.
"""

ALPHABET = "0123456789bcdfghjkmnpqrstvwxz"
MINIMUM_LENGTH = 5
LARGEST = 2**63 - 1

_BASE = len(ALPHABET)
_VALUE = {letter: value for value, letter in enumerate(ALPHABET)}
# 29^13 > 2^63, so thirteen letters hold every bigint.
_LONGEST = 14


def encode(kind_pk: int) -> str:
    """The public identifier of a primary key, at least five letters; ValueError outside 0 … 2^63 - 1."""
    if not 0 <= kind_pk <= LARGEST:
        raise ValueError(f"not a primary key: {kind_pk}")
    letters = ""
    rest = kind_pk
    while rest:
        rest, value = divmod(rest, _BASE)
        letters = ALPHABET[value] + letters
    body = letters.rjust(MINIMUM_LENGTH - 1, ALPHABET[0])
    return body + _check_letter(body)


def decode(public: str) -> int | None:
    """The primary key, or None for anything that ``encode`` does not write; capitals are read as small letters."""
    if not MINIMUM_LENGTH <= len(public) <= _LONGEST or not public.isascii():
        return None
    written = public.lower()
    if any(letter not in _VALUE for letter in written):
        return None
    body = written[:-1]
    if _check_letter(body) != written[-1] or (len(body) >= MINIMUM_LENGTH and body[0] == ALPHABET[0]):
        return None
    number = 0
    for letter in body:
        number = number * _BASE + _VALUE[letter]
    return number if number <= LARGEST else None


def _check_letter(body: str) -> str:
    return ALPHABET[sum(place * _VALUE[letter] for place, letter in enumerate(body, start=1)) % _BASE]
