"""Lists of words written as running text."""


def words_of(text: str, separator: str | None = None) -> frozenset[str]:
    """The words of the text, parted by blanks or by the given separator."""
    return frozenset(text.split(separator))
