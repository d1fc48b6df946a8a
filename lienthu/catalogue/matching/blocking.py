"""Keys that bring together records worth comparing; near linear, because nearly all blocks are small."""

from hashlib import blake2b

from lienthu.catalogue.matching.evidence import Evidence

BLOCK_LIMIT = 60
"""A key that more records share tells nothing ("Báo cáo", 2010): leave it out for finding candidates."""

_MOST_NUMBERS = 2


def blocking_keys(evidence: Evidence) -> tuple[int, ...]:
    """3 to 6 signed 64-bit numbers, the same on every machine; a key begins with its kind so that kinds never mix."""
    texts = [f"i{number}" for number in (evidence.isbn + evidence.isbn_weak)[:_MOST_NUMBERS]]
    title = evidence.title_folded.replace(" ", "")
    year = evidence.years[0] if evidence.years else 0
    name = _main_name(evidence)
    if title:
        if name:
            texts.append(f"n{title} {name}")
        texts.append(f"y{title} {year}")
        texts.append(f"p{title[:12]} {evidence.pages}" if evidence.pages else f"p{title} {evidence.rest[:12]}")
    if name and (evidence.pages or year):
        texts.append(f"a{name} {year} {evidence.pages}")
    if evidence.lccn:
        texts.append(f"l{evidence.lccn}")
    return tuple(dict.fromkeys(map(_number, texts)))


def _main_name(evidence: Evidence) -> str:
    words = [word for name in evidence.names[:1] for word in name.split()]
    return max(words, key=lambda word: (len(word), word), default="")


def _number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
