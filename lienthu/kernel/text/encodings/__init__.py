"""Vietnamese text from before Unicode: TCVN3 (ABC), VNI, VISCII, VIQR, CP1258 and BK HCM2, also where their bytes were
stored as Western characters, and UTF-8 written twice. Found by reading, brought over without touching what is right.
"""

from lienthu.kernel.text.encodings.codecs import (
    BKHCM2,
    CP1258,
    ENCODINGS,
    TCVN,
    TCVN3,
    TCVN3_CAPITALS,
    VIQR,
    VISCII,
    VNI,
    UnknownEncoding,
    decode,
    encode,
    falsified,
    mended,
)
from lienthu.kernel.text.encodings.detection import (
    AS_IS,
    CHOICES,
    DOUBLED,
    Guess,
    best_of,
    converted,
    detect,
    detect_in,
    gain,
    needs_judgement,
    with_capitals,
)
from lienthu.kernel.text.encodings.doubled import undoubled
from lienthu.kernel.text.encodings.judging import reads_well
from lienthu.kernel.text.encodings.tables import ALL_LETTERS

__all__ = [
    "ALL_LETTERS",
    "AS_IS",
    "BKHCM2",
    "CHOICES",
    "CP1258",
    "DOUBLED",
    "ENCODINGS",
    "TCVN",
    "TCVN3",
    "TCVN3_CAPITALS",
    "VIQR",
    "VISCII",
    "VNI",
    "Guess",
    "UnknownEncoding",
    "best_of",
    "converted",
    "decode",
    "detect",
    "detect_in",
    "encode",
    "falsified",
    "gain",
    "mended",
    "needs_judgement",
    "reads_well",
    "undoubled",
    "with_capitals",
]
