"""What comes back from a target, whatever it speaks."""

from dataclasses import dataclass

# Limits of one answer. A MARC record of a book has 1 to 5 kB; ISO 2709 itself ends at 100 kB.
RECORD_BYTES = 1 << 20
ANSWER_BYTES = 8 << 20


@dataclass(frozen=True, slots=True)
class RawFound:
    """One record as it was sent. `syntax`: "usmarc", "xml"; `schema`: what an SRU server calls its record."""

    raw: bytes
    syntax: str
    schema: str = ""


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """`hits` as the target counts them; `skipped`: records that were not taken (too large, another format)."""

    hits: int
    records: tuple[RawFound, ...]
    skipped: int = 0
