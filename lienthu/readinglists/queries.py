"""Reading lists with what the catalogue says of their titles today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from lienthu.catalogue.queries import Sight, availability_of, survivors_of, union_records
from lienthu.discovery.queries.cards import Card, shelf_card
from lienthu.kernel.text import folded_key, sort_key
from lienthu.readinglists.models import ListedTitle, ReadingList


def lists_of(patron_id: int) -> QuerySet[ReadingList]:
    """The lists of a reader, each with `count` titles."""
    return ReadingList.objects.filter(patron_id=patron_id).annotate(count=Count("titles"))


@dataclass(frozen=True, slots=True)
class Line:
    """One title of a list. `card`: as the catalogue has it now; None where it is shown no more."""

    id: int
    cluster_id: int
    title: str
    note: str
    added_at: datetime
    card: Card | None

    @property
    def author(self) -> str:
        return self.card.author if self.card else ""


def lines_of(one: ReadingList, *, sight: Sight) -> list[Line]:
    """The titles of a list, the last one added on top. What was merged stands under what took it up, once."""
    kept = list(ListedTitle.objects.filter(list=one).order_by("-added_at", "-pk"))
    now_at = survivors_of({entry.cluster_id for entry in kept})
    records = union_records(set(now_at.values()), sight=sight)
    available = availability_of(records, sight=sight)
    lines, seen = [], set()
    for entry in kept:
        cluster_id = now_at.get(entry.cluster_id, entry.cluster_id)
        if cluster_id in seen:
            continue
        seen.add(cluster_id)
        record = records.get(cluster_id)
        card = shelf_card(record, available[cluster_id]) if record else None
        title = card.plain_title if card else entry.title
        lines.append(Line(entry.pk, cluster_id, title, entry.note, entry.added_at, card))
    return lines


def narrowed(lines: Iterable[Line], words: str) -> list[Line]:
    """Those whose title, author or note has all these words, marks aside."""
    wanted = folded_key(words).split()[:8]
    return [
        line for line in lines if all(word in folded_key(f"{line.title} {line.author} {line.note}") for word in wanted)
    ]


def ordered(lines: Sequence[Line], sort: str) -> list[Line]:
    """By `added`, `title` or `author`; with a minus sign the other way round."""
    keys = {
        "added": lambda line: line.added_at,
        "title": lambda line: sort_key(line.title),
        "author": lambda line: (sort_key(line.author), sort_key(line.title)),
    }
    return sorted(lines, key=keys[sort.removeprefix("-")], reverse=sort.startswith("-"))
