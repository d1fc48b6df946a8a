"""Cash in pieces, and amounts in words as receipts carry them."""

from collections.abc import Mapping

# Banknotes of the State Bank of Vietnam in use, in đồng.
DENOMINATIONS = (500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200)
MOST_PIECES = 100_000

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", "nghìn", "triệu", "tỷ", "nghìn tỷ", "triệu tỷ")


def worth(pieces: Mapping[int, int]) -> int:
    """What counted pieces are worth. Raises ValueError for a note that does not exist or an impossible number."""
    for note, number in pieces.items():
        if note not in DENOMINATIONS or not 0 <= number <= MOST_PIECES:
            raise ValueError((note, number))
    return sum(note * number for note, number in pieces.items())


def in_words(amount: int) -> str:
    """A whole amount in Vietnamese words: 15 000 is "mười lăm nghìn đồng"."""
    if amount == 0:
        return "không đồng"
    groups = []
    rest = abs(amount)
    while rest:
        rest, group = divmod(rest, 1000)
        groups.append(group)
    words: list[str] = ["âm"] if amount < 0 else []
    for place in range(len(groups) - 1, -1, -1):
        if groups[place]:
            words += _three(groups[place], full=place < len(groups) - 1)
            words += [_GROUPS[place]] if _GROUPS[place] else []
    return " ".join([*words, "đồng"])


def _three(number: int, *, full: bool) -> list[str]:
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    words = [_DIGITS[hundreds], "trăm"] if hundreds or full else []
    if tens > 1:
        words += [_DIGITS[tens], "mươi"]
    elif tens == 1:
        words.append("mười")
    elif ones and words:
        words.append("linh")
    if not ones:
        return words
    if ones == 1 and tens > 1:
        return [*words, "mốt"]
    if ones == 5 and tens:
        return [*words, "lăm"]
    if ones == 4 and tens > 1:
        return [*words, "tư"]
    return [*words, _DIGITS[ones]]
