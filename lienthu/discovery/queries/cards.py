"""Union records prepared for lists of results and shelves: plain values, no queries."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.urls import reverse

from lienthu.catalogue.queries import Availability, UnionRecord
from lienthu.discovery.formats.entry import name_of
from lienthu.discovery.queries.finding import Found, Hit
from lienthu.discovery.wording import availability_sentence, availability_state, joined, language_name, type_name
from lienthu.kernel import ids
from lienthu.kernel.text import Segment, exact_key, folded_key, highlight, snippet

_SNIPPET = 160


@dataclass(frozen=True)
class Card:
    """One result as it is shown."""

    number: int
    public_id: str
    url: str
    title: Sequence[Segment]
    plain_title: str
    responsibility: Sequence[Segment]
    imprint: str
    class_number: str
    author: str
    state: str
    sentence: str
    online: str
    language: str
    kind: str
    year: int | None
    inside: Sequence[Segment] = ()


def cards(found: Found) -> list[Card]:
    """The cards of a page of results, with the found words marked."""
    return [card(hit, terms=found.terms) for hit in found.hits]


def card(hit: Hit, *, terms: Sequence[str] = ()) -> Card:
    """One card."""
    record = hit.record
    public_id = record.public_id
    summary = record.summary
    names = names_line(record)
    online = summary.get("digital_url") or ""
    title = highlight(record.full_title, terms)
    names_marked = highlight(names, terms)
    return Card(
        number=hit.number,
        public_id=public_id,
        url=record_url(public_id),
        title=title,
        plain_title=record.title,
        responsibility=names_marked,
        imprint=imprint(record),
        class_number=class_number(record),
        author=first_author(record),
        state=availability_state(hit.availability, online=bool(online)),
        sentence=availability_sentence(hit.availability),
        online=online,
        language=", ".join(language_name(code) for code in (summary.get("language") or ())[:2]),
        kind=type_name(summary.get("type") or "OTHER"),
        year=summary.get("year"),
        inside=() if _is_marked(title) or _is_marked(names_marked) else _inside(record, terms),
    )


def also_spelled(found: Found, shown: Sequence[Card]) -> list[str]:
    """Spellings with other marks that the titles shown for a query typed without marks have."""
    typed = " ".join(found.terms)
    exact, wanted = exact_key(typed), folded_key(typed)
    if not typed or exact != wanted:
        return []
    marked = [exact_key(text) for card in shown for text, is_hit in card.title if is_hit]
    seen = Counter(spelling for spelling in marked if spelling != exact and folded_key(spelling) == wanted)
    return [spelling for spelling, _ in seen.most_common(2)]


def record_url(public_id: str) -> str:
    """The page of a record; public identifiers need no quoting."""
    return _record_address(settings.ROOT_URLCONF) + public_id


@cache
def _record_address(_urls: str) -> str:
    # Putting together an address takes long where a page has twenty.
    least = ids.encode(0)
    return reverse("discovery:record", args=[least]).removesuffix(least)


def shelf_card(record: UnionRecord, availability: Availability) -> Card:
    """A card for a shelf of covers."""
    return card(Hit(0, record, availability))


def names_line(record: UnionRecord) -> str:
    """Who made it: the statement of the title page, else the names of the headings."""
    return record.summary.get("responsibility") or joined(record.summary.get("authors") or ())


def imprint(record: UnionRecord) -> str:
    """ "Hà Nội : Văn học, 1979 · 226 tr. · 895.9221"."""
    summary = record.summary
    published = " : ".join(filter(None, (summary.get("place"), summary.get("publisher"))))
    dated = ", ".join(filter(None, (published, str(summary.get("year") or ""))))
    extent = (summary.get("extent") or "").rstrip(" ;:+,")
    return " · ".join(filter(None, (summary.get("edition"), dated, extent, class_number(record))))


def class_number(record: UnionRecord) -> str:
    """The first class number, by which the cover plate gets its colour."""
    return next(iter(record.summary.get("ddc") or ()), "")


def first_author(record: UnionRecord) -> str:
    """The first author in natural order."""
    authors = record.summary.get("authors") or ()
    return name_of(authors[0]).natural if authors else ""


def _is_marked(segments: Sequence[Segment]) -> bool:
    return any(found for _, found in segments)


def _inside(record: UnionRecord, terms: Sequence[str]) -> Sequence[Segment]:
    """Where the words stand when neither title nor names have them: subjects, series, notes, abstract."""
    if not terms:
        return ()
    summary = record.summary
    lists = [text for name in ("subjects", "series", "other_titles", "notes") for text in summary.get(name) or ()]
    for value in (*lists, summary.get("abstract") or ""):
        found = snippet(value, terms, _SNIPPET) if value else ()
        if _is_marked(found):
            return found
    return ()
