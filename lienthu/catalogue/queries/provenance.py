"""Where the fields of a union record come from, in words."""

from collections.abc import Mapping, Sequence

from lienthu.catalogue.policy import FIELD_TAGS
from lienthu.catalogue.queries.contents import Source
from lienthu.catalogue.queries.union import UnionRecord
from lienthu.catalogue.wording import field_label


def given_by(found: UnionRecord, sources: Sequence[Source], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """(field with its MARC tags, libraries that gave it) where several records make up this one.

    No libraries where a person chose the value. `names` are those of libraries by code; records that the onlooker does
    not see are not named.
    """
    if not found.provenance or len(sources) < 2:
        return []
    library = {source.id: names.get(source.library, source.library) for source in sources}
    rows = []
    for field, tags in FIELD_TAGS.items():
        giver = found.provenance.get(field)
        if giver is None or not found.summary.get(field):
            continue
        records = [pk for one in giver for pk in one] if isinstance(giver, list) else [giver]
        givers = dict.fromkeys(library[pk] for pk in records if pk in library)
        rows.append((f"{field_label(field)} ({tags})", "; ".join(givers)))
    return rows
