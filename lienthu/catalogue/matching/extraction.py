"""From a MARC record to its evidence."""

import re

from lienthu.catalogue.marc import Record
from lienthu.catalogue.marc.description import Description
from lienthu.catalogue.matching.evidence import Evidence
from lienthu.kernel.text import exact_key, folded_key

_DIGITS = re.compile(r"[0-9]+")


def evidence_of(record: Record, description: Description) -> Evidence:
    """What the record says about its edition; never fails."""
    field = record.get("245")
    title = " ".join(field.values("a")) if field else description.title
    rest = " ".join(field.values("b")) if field else description.subtitle
    part = " ".join(field.values("p")) if field else ""
    numbers = [f"v{int(n)}" for n in _DIGITS.findall(" ".join(field.values("n")))] if field else []
    found = _DIGITS.findall(description.extent)
    return Evidence(
        kind=description.type,
        level=record.leader[7:8],
        form="",
        reproduction=False,
        languages=tuple(sorted(description.language)),
        isbn=tuple(description.isbn),
        isbn_weak=(),
        issn=description.issn,
        lccn="".join(record.subfields("010", "a")[:1]).strip(),
        national=(),
        oclc=(),
        title=exact_key(title),
        title_folded=folded_key(title),
        rest=exact_key(rest),
        rest_folded=folded_key(rest),
        part=exact_key(part),
        volume=tuple(numbers),
        other_titles=tuple(map(exact_key, description.other_titles)),
        names=tuple(" ".join(sorted(folded_key(_DIGITS.sub("", name)).split())) for name in description.authors),
        responsibility=exact_key(description.responsibility),
        edition=0,
        edition_kind="",
        edition_words=folded_key(description.edition),
        publishers=(folded_key(description.publisher),) if description.publisher else (),
        place=folded_key(description.place),
        years=(description.year,) if description.year else (),
        last_year=0,
        pages=max((int(n) for n in found if len(n) < 5), default=0),
        extent_volumes=0,
        series="",
    )
