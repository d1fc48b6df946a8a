"""The Western pages through which old text came into Unicode: their characters back to the bytes they had."""

_PAGES = ("cp1258", "cp1252")  # the later wins: where both know a character, it has the same byte


def _bytes_of_pages() -> dict[str, str]:
    found = {}
    for page in _PAGES:
        for byte in range(0x80, 0x100):
            character = bytes([byte]).decode(page, "ignore")
            if character > "\xff":
                found[character] = chr(byte)
    return found


_BYTES = _bytes_of_pages()
_TO_WESTERN = str.maketrans(_BYTES)
# What is left between 80 and 9F behind a conversion are the quotes and dashes of Windows.
_FROM_WESTERN = {
    byte: character
    for byte in range(0x80, 0xA0)
    if (character := bytes([byte]).decode("cp1252", "ignore")) > "\xff" and not character.isalpha()
}
PAGE_CHARACTERS = frozenset(_BYTES) | {chr(byte) for byte in range(0x80, 0x100)}
"""All characters beyond ASCII that a Western page, or 1258, gives to a byte."""


def to_western(text: str) -> str:
    """The text as Latin-1 characters, one for each byte of Windows' pages 1252 and 1258; others stay."""
    return text if text.isascii() else text.translate(_TO_WESTERN)


def from_western(text: str) -> str:
    """Quotes and dashes that stand among the control characters, as what Windows shows for them."""
    return text if text.isascii() else text.translate(_FROM_WESTERN)
