"""Opening hours: the week, the seasons, the exceptions, and whether public holidays are free."""

import re
from datetime import date, time
from itertools import pairwise

from django.utils.translation import gettext as _

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor, require
from lienthu.identity.actions import NotPossible
from lienthu.libraries.access import EDIT_HOURS
from lienthu.libraries.models import Branch, HoursException, Library, OpeningSpan, Season
from lienthu.libraries.policy.hours import Span, Week

_SPAN = re.compile(r"(\d{1,2})[:hg.](\d{2})?\s*[-–—]\s*(\d{1,2})[:hg.](\d{2})?\Z")


def read_spans(typed: str) -> tuple[Span, ...]:
    """Read "07:30-11:30, 13:30-17:00" (also "7h30–11h30"); empty means closed. Raises NotPossible."""
    spans = []
    for part in filter(None, (p.strip() for p in re.split(r"[,;]", typed))):
        match = _SPAN.match(part.lower())
        if match is None:
            raise NotPossible(_("Không hiểu giờ “%(text)s”. Viết như 07:30-11:30, 13:30-17:00.") % {"text": part})
        try:
            span = Span(time(int(match[1]), int(match[2] or 0)), time(int(match[3]), int(match[4] or 0)))
        except ValueError as error:
            raise NotPossible(_("Không có giờ “%(text)s”.") % {"text": part}) from error
        if span.closes <= span.opens:
            raise NotPossible(_("Giờ đóng cửa phải sau giờ mở cửa: “%(text)s”.") % {"text": part})
        spans.append(span)
    spans.sort()
    for before, after in pairwise(spans):
        if after.opens < before.closes:
            raise NotPossible(_("Hai khoảng giờ trong một ngày chồng lên nhau."))
    return tuple(spans)


def set_week(
    *, actor: Actor, library: Library, week: Week, branch: Branch | None = None, season: Season | None = None
) -> bool:
    """Let the ordinary week (or that of a season) be exactly this; False when it already was.

    For a branch, seven empty days take its own hours away: it then keeps those of its library. Raises Refused.
    """
    require(actor, EDIT_HOURS, at=branch.scope if branch else library.scope)
    with writing(actor) as w:
        Library.objects.select_for_update().get(pk=library.pk)
        stored = OpeningSpan.objects.filter(library=library, branch=branch, season=season)
        before = {(s.weekday, s.opens, s.closes) for s in stored}
        wanted = {(day, span.opens, span.closes) for day, spans in enumerate(week) for span in spans}
        if before == wanted:
            w.nothing_changed()
            return False
        stored.delete()
        OpeningSpan.objects.bulk_create(
            OpeningSpan(library=library, branch=branch, season=season, weekday=day, opens=opens, closes=closes)
            for day, opens, closes in sorted(wanted)
        )
        details = {
            "branch": branch.code if branch else "",
            "season": season.name if season else "",
            "spans": [f"{day + 1} {opens:%H:%M}-{closes:%H:%M}" for day, opens, closes in sorted(wanted)],
        }
        w.audit("libraries.set_hours", target=("library", library.code), at=library.code, details=details)
    return True


def set_holiday_rule(*, actor: Actor, library: Library, closed: bool) -> bool:
    """Say whether the library closes on public holidays; False when that was so already. Raises Refused."""
    require(actor, EDIT_HOURS, at=library.scope)
    with writing(actor) as w:
        if (
            not Library.objects.filter(pk=library.pk)
            .exclude(closed_on_holidays=closed)
            .update(closed_on_holidays=closed)
        ):
            w.nothing_changed()
            return False
        library.closed_on_holidays = closed
        details = {"closed_on_holidays": closed}
        w.audit("libraries.set_hours", target=("library", library.code), at=library.code, details=details)
    return True


def add_season(
    *, actor: Actor, library: Library, name: str, start: tuple[int, int], end: tuple[int, int], week: Week
) -> Season:
    """Add a season from (month, day) to (month, day) of every year. Raises Refused; NotPossible for no such day."""
    require(actor, EDIT_HOURS, at=library.scope)
    for month, day in (start, end):
        try:
            date(2024, month, day)  # a leap year: 29 February is a day
        except ValueError as error:
            raise NotPossible(_("Không có ngày %(day)d tháng %(month)d.") % {"day": day, "month": month}) from error
    if not name.strip():
        raise NotPossible(_("Hãy đặt tên cho mùa, ví dụ “Giờ hè”."), field="name")
    with writing(actor) as w:
        season = Season.objects.create(
            library=library, name=name.strip(), from_month=start[0], from_day=start[1], to_month=end[0], to_day=end[1]
        )
        details = {"name": season.name, "from": list(start), "to": list(end)}
        w.audit("libraries.add_season", target=("library", library.code), at=library.code, details=details)
        if any(week):
            set_week(actor=actor, library=library, week=week, season=season)
    return season


def remove_season(*, actor: Actor, season: Season) -> None:
    """Take a season away; its days follow the ordinary week again. Raises Refused."""
    library = season.library
    require(actor, EDIT_HOURS, at=library.scope)
    with writing(actor) as w:
        details = {"name": season.name}
        w.audit("libraries.remove_season", target=("library", library.code), at=library.code, details=details)
        season.delete()


def add_exception(
    *,
    actor: Actor,
    library: Library,
    first: date,
    last: date,
    reason: str,
    spans: tuple[Span, ...] = (),
    branch: Branch | None = None,
) -> tuple[HoursException, ...]:
    """Close from `first` to `last`, or open at these hours only. Raises Refused, NotPossible."""
    require(actor, EDIT_HOURS, at=branch.scope if branch else library.scope)
    if last < first:
        raise NotPossible(_("Ngày cuối phải sau ngày đầu."), field="last")
    if not reason.strip():
        raise NotPossible(_("Hãy ghi lý do để bạn đọc biết."), field="reason")
    with writing(actor) as w:
        rows = tuple(
            HoursException.objects.create(
                library=library,
                branch=branch,
                from_date=first,
                to_date=last,
                opens=span.opens if span else None,
                closes=span.closes if span else None,
                reason=reason.strip(),
            )
            for span in (spans or (None,))
        )
        details = {"branch": branch.code if branch else "", "from": first, "to": last, "reason": reason,
                   "closed": not spans}  # fmt: skip
        w.audit("libraries.add_exception", target=("library", library.code), at=library.code, details=details)
    return rows


def remove_exception(*, actor: Actor, exception: HoursException) -> None:
    """Take an exception away. Raises Refused."""
    library = exception.library
    require(actor, EDIT_HOURS, at=exception.branch.scope if exception.branch else library.scope)
    with writing(actor) as w:
        details = {"from": exception.from_date, "to": exception.to_date, "reason": exception.reason}
        w.audit("libraries.remove_exception", target=("library", library.code), at=library.code, details=details)
        exception.delete()
