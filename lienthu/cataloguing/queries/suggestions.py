"""Class numbers and author marks to suggest: first what our own records bear, then the data of the package.

    suggested_class_numbers(subjects=["Văn học dân gian"], title="Truyện cổ tích Tày")
    suggested_marks(name="Nguyễn Du", title="Truyện Kiều")

Nothing here writes. `cataloguing.wording_suggestions.suggestion_sentence` says why something is suggested.
"""

from collections.abc import Iterator, Sequence

from django.db import connection

from lienthu.catalogue.queries import SUBJECT_TAGS
from lienthu.cataloguing.suggestions import Reason, Suggestion, author_marks, class_numbers
from lienthu.kernel.text import exact_key

MOST = 6
# Headings are found in a title by runs of so many syllables; a common heading is judged by so many of its records.
LONGEST_RUN, SHORTEST_RUN = 5, 2
RECORDS_READ = 2_000
HEADING_KEY_LENGTH = 300

# The records of each heading, by the unique index on key and kind, and the first class number of each.
_IN_USE = """
SELECT w.key, max(h.text), u.number, sum(u.records)
FROM unnest(%(keys)s::text[]) AS w (key)
JOIN catalogue_heading h ON h.key = w.key AND h.kind IN ('TOPIC', 'PLACE', 'GENRE', 'PERSON', 'CORPORATE')
CROSS JOIN LATERAL (
    SELECT c.summary -> 'ddc' ->> 0 AS number, count(DISTINCT c.id) AS records
    FROM (SELECT k.record_id FROM catalogue_headinglink k
          WHERE k.heading_id = h.id AND k.tag = ANY(%(tags)s) LIMIT %(most)s) AS k
    JOIN catalogue_sourcerecord r ON r.id = k.record_id AND r.status = 'ACTIVE'
    JOIN catalogue_cluster c ON c.id = r.cluster_id AND c.is_active
    WHERE c.summary -> 'ddc' ->> 0 <> '' GROUP BY 1
) AS u
GROUP BY w.key, u.number
"""


def suggested_marks(*, name: str, title: str) -> tuple[Suggestion, ...]:
    """Author marks for a work under this author, or under its title where there is none."""
    return author_marks(name, title)


def suggested_class_numbers(*, subjects: Sequence[str] = (), title: str = "") -> tuple[Suggestion, ...]:
    """Class numbers, at most six, the best grounded first: those of our own records, then those of the data."""
    own = class_numbers_in_use(subjects=subjects, title=title)
    seen = {suggestion.value for suggestion in own}
    others = [one for one in class_numbers(subjects=subjects, title=title) if one.value not in seen]
    return (*own, *others)[:MOST]


def class_numbers_in_use(*, subjects: Sequence[str] = (), title: str = "") -> tuple[Suggestion, ...]:
    """Class numbers of our union records under the same subject headings, or under headings that the title names.

    `records` of the reason counts union records with this number under these headings; a subject outweighs the title.
    """
    asked = {exact_key(subject)[:HEADING_KEY_LENGTH]: "subject" for subject in subjects}
    for run in _runs(title):
        asked.setdefault(run, "title")
    asked.pop("", None)
    if not asked:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(_IN_USE, {"keys": list(asked), "tags": list(SUBJECT_TAGS), "most": RECORDS_READ})
        rows = cursor.fetchall()
    found: dict[str, tuple[tuple[bool, int], Suggestion]] = {}
    for key, heading, number, records in rows:
        rank = (asked[key] == "subject", int(records))
        if number not in found or rank > found[number][0]:
            reason = Reason("our_records", {"heading": heading, "records": int(records), "source": asked[key]})
            found[number] = rank, Suggestion(number, reason)
    ranked = sorted(found.values(), key=lambda one: (one[0], one[1].value), reverse=True)
    return tuple(suggestion for _rank, suggestion in ranked[:MOST])


def _runs(title: str) -> Iterator[str]:
    words = exact_key(title).split()[:40]
    for length in range(SHORTEST_RUN, LONGEST_RUN + 1):
        for start in range(len(words) - length + 1):
            yield " ".join(words[start : start + length])
