"""Which text and which hours hold at a library: its own, else the province's, else what the product brings."""

from dataclasses import dataclass

from django.db.models import F

from lienthu.notices.models import Hours, Template
from lienthu.notices.policy import KINDS, Texts, Timing

_TIMES = (
    "quiet_from",
    "quiet_until",
    "digest_at",
    "due_soon",
    "overdue_1",
    "overdue_2",
    "overdue_3",
    "expiring",
    "card",
)


@dataclass(frozen=True, slots=True)
class TextInForce:
    """A text with where it comes from: `level` LIBRARY, PROVINCE or PRODUCT."""

    vi: Texts
    en: Texts
    level: str
    template: Template | None


class TextBook:
    """The newest texts of all places, read once; for a page or a batch of notices."""

    def __init__(self) -> None:
        newest = Template.objects.order_by("library_id", "kind", "-version").distinct("library_id", "kind")
        self._own = {(one.library_id, one.kind): one for one in newest if one.active}

    def text(self, kind: str, library_id: int | None) -> TextInForce:
        """What holds for a kind at a library (None: the province)."""
        if library_id is not None and (own := self._own.get((library_id, kind))):
            return _of(own, "LIBRARY")
        if province := self._own.get((None, kind)):
            return _of(province, "PROVINCE")
        return TextInForce(KINDS[kind].vi, KINDS[kind].en, "PRODUCT", None)


def _of(row: Template, level: str) -> TextInForce:
    return TextInForce(
        Texts(row.subject_vi, row.body_vi, row.short_vi), Texts(row.subject_en, row.body_en, row.short_en), level, row
    )


def text_versions(kind: str, library_id: int | None) -> list[Template]:
    """What was written for a kind at one place, newest first."""
    return list(Template.objects.filter(kind=kind, library_id=library_id).order_by("-version"))


class Timetable:
    """When libraries write, read once. `own` tells whether a place has hours of its own."""

    def __init__(self) -> None:
        rows = Hours.objects.order_by(F("library_id").asc(nulls_first=True))
        self._own = {row.library_id: Timing(**{name: getattr(row, name) for name in _TIMES}) for row in rows}

    def of(self, library_id: int | None) -> Timing:
        return self._own.get(library_id) or self._own.get(None) or Timing()

    def own(self, library_id: int | None) -> bool:
        return library_id in self._own
