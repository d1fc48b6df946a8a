"""Values of the data table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.forms import BaseForm

from lienthu.web.components.values import Link, Text


@dataclass(frozen=True)
class Column:
    """One column. `key` is the cell's key in a row and, if `sortable`, the value of `?sort=` (`-key`: downwards)."""

    key: str
    label: Text
    kind: Literal["text", "number", "date", "datetime", "code", "badge"] = "text"
    sortable: bool = False
    hidden_on_phone: bool = False


@dataclass(frozen=True)
class Row:
    """One row. Cells may be plain values, or safe HTML made by a component; `url` makes the first cell a link."""

    cells: Mapping[str, Any]
    url: str = ""
    state: str = ""
    actions: Sequence[Link] = ()


@dataclass(frozen=True)
class Empty:
    """What an empty place says: what is not there, why, and what to do next."""

    title: Text
    text: Text = ""
    action: Link | None = None


@dataclass(frozen=True)
class Table:
    """A table of one page of rows. `total` counts all rows; `sort` is the order in force, like `-year`."""

    caption: Text
    columns: Sequence[Column]
    rows: Sequence[Row]
    total: int | None = None
    number: int = 1
    size: int = 0
    sort: str = ""
    filters: BaseForm | None = None
    exports: Sequence[Link] = ()
    empty: Empty | None = None
    caption_hidden: bool = False
    # Two tables on one page need parameters of their own.
    sort_parameter: str = "sort"
    page_parameter: str = "page"
    classes: str = field(default="")

    @property
    def pages(self) -> int:
        if not self.size or self.total is None:
            return 1
        return max(1, -(-self.total // self.size))
