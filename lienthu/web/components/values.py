"""Values of the small components: links, facets, figures, steps, progress."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from django.utils.functional import Promise

Text: TypeAlias = str | Promise


@dataclass(frozen=True)
class Link:
    """A named address, for menus, exports and next steps."""

    label: Text
    url: str
    icon: str = ""


@dataclass(frozen=True)
class Crumb:
    """One step of the way to this page; the page itself has no address."""

    label: Text
    url: str = ""


@dataclass(frozen=True)
class FacetOption:
    """One value of a facet with the number of documents it would leave."""

    label: Text
    value: str
    count: int | None = None
    selected: bool = False


@dataclass(frozen=True)
class FacetGroup:
    """One facet of a result list: `name` is the query parameter that each chosen value is sent in.

    The first `shown` options and every selected one are visible; the others open without JavaScript.
    """

    label: Text
    name: str
    options: Sequence[FacetOption]
    shown: int = 6
    more_url: str = ""

    @property
    def first(self) -> list[FacetOption]:
        return [option for place, option in enumerate(self.options) if place < self.shown or option.selected]

    @property
    def rest(self) -> list[FacetOption]:
        return [option for place, option in enumerate(self.options) if place >= self.shown and not option.selected]


@dataclass(frozen=True)
class Figure:
    """One figure of a row of figures; numbers are written the Vietnamese way, texts as they are."""

    label: Text
    value: int | float | Text
    note: Text = ""
    url: str = ""


@dataclass(frozen=True)
class Tab:
    """One view of a page; every view has its own address, so no script is needed."""

    label: Text
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Step:
    """One step of a task."""

    label: Text
    state: Literal["done", "current", "todo", "failed"] = "todo"
    note: Text = ""
    url: str = ""


@dataclass(frozen=True)
class TimelineEntry:
    """Something that happened, newest first in lists of entries."""

    at: date | datetime
    title: Text
    text: Text = ""
    actor: Text = ""
    url: str = ""
    state: str = ""


@dataclass(frozen=True)
class Progress:
    """Work that goes on in the background. `url` answers the same component again; it is asked until `running` ends.

    `total` of 0 means that nobody knows yet how much there is; `rate` counts units per second; `left` is in seconds.
    """

    label: Text
    done: int = 0
    total: int = 0
    unit: Text = ""
    rate: float | None = None
    left: float | None = None
    state: Literal["running", "done", "failed", "waiting"] = "running"
    message: Text = ""
    url: str = ""
    next: Link | None = None

    @property
    def running(self) -> bool:
        return self.state in ("running", "waiting")

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0
