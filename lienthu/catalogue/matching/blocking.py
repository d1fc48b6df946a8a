"""Keys that bring together records worth comparing; near linear, because nearly all blocks are small."""

from hashlib import blake2b

from lienthu.catalogue.matching.evidence import Evidence
from lienthu.kernel.text import folded_key

BLOCK_LIMIT = 60
"""A key that more records share tells nothing ("Báo cáo", 2010): leave it out for finding candidates."""

_MOST_NUMBERS = 2


def blocking_keys(evidence: Evidence) -> tuple[int, ...]:
    """3 to 7 signed 64-bit numbers, the same on every machine; a key begins with its kind so that kinds never mix.

    Each kind forgives another slip: a wrong year (n), no author (y), neither (p), a misspelt title (f, a).
    """
    numbers = [f"i{number}" for number in evidence.isbn + evidence.isbn_weak]
    numbers += [f"{kind}{number}" for kind, number in (("s", evidence.issn), ("l", evidence.lccn)) if number]
    texts = numbers[:_MOST_NUMBERS]
    title = evidence.title_folded.replace(" ", "")
    year = evidence.years[0] if evidence.years else 0
    pages = evidence.pages
    name, initials = _main_name(evidence)
    if title:
        # The letters of a title stay the same set when two are exchanged or one is doubled or dropped.
        letters = "".join(sorted(set(title)))
        texts.append(f"y{title} {year}")
        texts.append(f"p{title[:12]} {pages}" if pages else f"p{title} {evidence.rest[:12]}")
        texts.append(f"f{letters} {pages or name or year}")
        if name:
            texts.append(f"n{title} {name}")
    if name and (pages or year):
        texts.append(f"a{name} {initials} {pages or year}")
    return tuple(dict.fromkeys(map(_number, texts)))


def _main_name(evidence: Evidence) -> tuple[str, str]:
    """The longest word of the first name, and its initials in order of the alphabet: order and commas do not matter."""
    for names in (evidence.names, evidence.bodies):
        if names:
            words = folded_key(names[0]).split()
            return max(words, key=lambda word: (len(word), word)), "".join(sorted(word[0] for word in words))
    return "", ""


def _number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
