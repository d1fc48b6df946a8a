"""Answers to a search: the index finds and counts, the database says what each record is and what can be had of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from lienthu.catalogue.queries import PUBLIC, Availability, Sight, UnionRecord, availability_of, union_records
from lienthu.catalogue.queries.unlisted import unlisted_ids
from lienthu.discovery.index import engine
from lienthu.discovery.queries.kept import did_you_mean, search
from lienthu.discovery.wanted import FACETS, Wanted
from lienthu.search import And, Correction, Facet, Node, Or, Pattern, Phrase, SearchResult, Word

# Below this many results another spelling may be worth a look.
FEW_RESULTS = 3
UNLISTED = 20
EXPORT_LIMIT = 1_000
_EXPORT_PAGE = 250


@dataclass(frozen=True, slots=True)
class Hit:
    """One result; `number` is its place among all."""

    number: int
    record: UnionRecord
    availability: Availability


@dataclass(frozen=True, slots=True)
class Found:
    """One page of results. `wanted` is what was answered: its page is the last one if more was asked for."""

    wanted: Wanted
    result: SearchResult
    hits: tuple[Hit, ...]
    terms: tuple[str, ...]

    @property
    def pages(self) -> int:
        return min(-(-self.result.total // self.wanted.size), self.wanted.last_page)


def find(wanted: Wanted, *, facets: tuple[Facet, ...] = FACETS) -> Found:
    """One page of results with facets; three questions to the index and the database in all, whatever the page size."""
    result = search(wanted.request(facets=facets))
    pages = min(-(-result.total // wanted.size), wanted.last_page)
    if wanted.page > max(pages, 1):
        wanted = replace(wanted, page=max(pages, 1))
        result = search(wanted.request(facets=facets))
    return Found(
        wanted=wanted,
        result=result,
        hits=tuple(_hits(result.ids, first=(wanted.page - 1) * wanted.size + 1)),
        terms=tuple(terms_of(result.node)),
    )


def find_unlisted(wanted: Wanted, *, sight: Sight) -> tuple[tuple[Hit, ...], int]:
    """What staff find beside the results that everybody gets: the first records, and how many there are.

    Only for words without filters, on the first page. Nothing is asked for the public.
    """
    if sight == PUBLIC or not wanted.q or wanted.choices or wanted.page > 1:
        return (), 0
    ids, total = unlisted_ids(wanted.q, sight=sight, most=UNLISTED)
    records = union_records(ids, sight=sight)
    availability = availability_of(records, sight=sight)
    return tuple(Hit(place, records[pk], availability[pk]) for place, pk in enumerate(records, start=1)), total


def corrections(found: Found) -> list[Correction]:
    """Queries that find more, when this one found little."""
    if found.result.total >= FEW_RESULTS or not found.wanted.q:
        return []
    return [one for one in did_you_mean(found.wanted.q) if one.total > found.result.total]


def export(wanted: Wanted, *, whole: bool) -> Iterator[UnionRecord]:
    """Records of this page, or of the first EXPORT_LIMIT results, in the order of the results."""
    if not whole:
        yield from union_records(engine().search(wanted.request(facets=())).ids).values()
        return
    for page in range(1, EXPORT_LIMIT // _EXPORT_PAGE + 1):
        ids = engine().search(replace(wanted, page=page, size=_EXPORT_PAGE).request(facets=())).ids
        yield from union_records(ids).values()
        if len(ids) < _EXPORT_PAGE:
            return


def count_of(query: str = "", *, available: bool = False, digital: bool = False) -> int:
    """How many records a query finds."""
    wanted = Wanted(q=query, available=available, digital=digital)
    return engine().search(replace(wanted.request(facets=()), limit=0)).total


def similar(cluster_id: int, *, count: int) -> list[UnionRecord]:
    """Records near this one."""
    return list(union_records(engine().more_like(cluster_id, limit=count)).values())


def terms_of(node: Node) -> Iterable[str]:
    """The words that results are asked to have, for highlighting."""
    match node:
        case Word(text) | Phrase(text):
            yield text
        case Pattern(text):
            yield f"{text.split('*')[0].split('?')[0]}*"
        case And(children) | Or(children):
            for child in children:
                yield from terms_of(child)


def _hits(ids: Iterable[int], *, first: int) -> Iterator[Hit]:
    wanted = list(ids)
    records = union_records(wanted)
    availability = availability_of(records)
    for number, cluster_id in enumerate(wanted, start=first):
        if cluster_id in records:
            yield Hit(number, records[cluster_id], availability[cluster_id])
