"""What an import left as it was."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Left:
    """A record that was not taken, or not as it stands: its number in the file, its place, a code and words for it."""

    number: int
    offset: int
    code: str
    text: str = ""
