"""How much one file may ask of the machine."""

from dataclasses import dataclass

MIB = 1 << 20
GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes. ``max_ratio`` counts only once ``ratio_from`` bytes came out of an archive."""

    max_bytes: int = 2 * GIB
    max_unpacked: int = 8 * GIB
    max_ratio: int = 200
    ratio_from: int = 16 * MIB
    max_members: int = 2000


DEFAULT_LIMITS = Limits()
