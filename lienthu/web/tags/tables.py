"""The data table and the pager: they keep every other parameter of the address."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from lienthu.web.components import Column, Row, Table
from lienthu.web.markup import concatenated, fill
from lienthu.web.tags.filters import vn_date, vn_datetime, vn_number
from lienthu.web.tags.frame import icon
from lienthu.web.tags.registry import register

# Columns that fit beside each other on a phone.
BESIDE = 2


@dataclass(frozen=True)
class Head:
    """A column head with the address that sorts by it."""

    column: Column
    url: str
    direction: str

    @property
    def aria_sort(self) -> str:
        return {"up": "ascending", "down": "descending"}.get(self.direction, "")


def address(query: QueryDict, **changes: str | int | None) -> str:
    """The present query with some parameters replaced; None removes one."""
    changed = query.copy()
    for name, value in changes.items():
        if value is None:
            changed.pop(name, None)
        else:
            changed[name] = str(value)
    return "?" + changed.urlencode()


def _query(context: dict[str, Any]) -> QueryDict:
    request: HttpRequest | None = context.get("request")
    return request.GET if request else QueryDict()


def page_numbers(number: int, pages: int) -> list[int | None]:
    """The numbers worth showing: first, last and the neighbours; None stands for a gap."""
    wanted = sorted({1, pages, *range(max(1, number - 1), min(pages, number + 1) + 1)})
    shown: list[int | None] = []
    for one in wanted:
        if shown and shown[-1] is not None and one - shown[-1] == 2:
            shown.append(one - 1)
        elif shown and shown[-1] is not None and one - shown[-1] > 2:
            shown.append(None)
        shown.append(one)
    return shown


@register.simple_tag(takes_context=True)
def pager(
    context: dict[str, Any],
    number: int,
    pages: int,
    total: int | None = None,
    size: int = 0,
    parameter: str = "page",
    label: str = "",
) -> SafeString:
    """`{% pager number=page pages=pages total=total size=20 %}`; nothing for a single page."""
    if pages <= 1:
        return SafeString()
    query = _query(context)

    def link(page: int) -> str:
        return address(query, **{parameter: page if page > 1 else None})

    def step(page: int, pattern: str, *values: str) -> SafeString:
        return fill(pattern, link(page), *values) if 1 <= page <= pages else SafeString()

    return fill(
        '<nav class="pager" aria-label="%s">\n%s\n<ul>%s%s%s</ul></nav>\n',
        label or gettext("Trang kết quả"),
        _extent(number, size, total) if total is not None and size else "",
        step(number - 1, '<li><a href="%s" rel="prev">%s%s</a></li>', icon("chevron-left"), gettext("Trước")),
        concatenated([_number(page, number, link(page) if page else "") for page in page_numbers(number, pages)]),
        step(number + 1, '<li><a href="%s" rel="next">%s%s</a></li>', gettext("Sau"), icon("chevron-right")),
    )


def _extent(number: int, size: int, total: int) -> SafeString:
    """Which results stand on this page."""
    places = {"first": (number - 1) * size + 1, "last": min(number * size, total), "total": total}
    sentence = gettext("Từ %(first)s đến %(last)s trong %(total)s")
    return fill('<p class="pager-text">%s</p>', sentence % {name: vn_number(place) for name, place in places.items()})


def _number(page: int | None, here: int, url: str) -> SafeString:
    if page is None:
        return SafeString('<li class="pager-number"><span class="pager-gap">…</span></li>')
    shown = vn_number(page)
    if page == here:
        return fill('<li class="pager-number"><span aria-current="page">%s</span></li>', shown)
    spoken = gettext("Trang %(page)s") % {"page": shown}
    return fill('<li class="pager-number"><a href="%s" aria-label="%s">%s</a></li>', url, spoken, shown)


@register.inclusion_tag("web/components/data_table.html", takes_context=True)
def data_table(context: dict[str, Any], table: Table) -> dict[str, Any]:
    """A sortable table with filters, export links, paging and an empty state; see `components.Table`."""
    query = _query(context)
    has_actions = any(row.actions for row in table.rows)
    return {
        "request": context.get("request"),
        "table": table,
        "stacks": _stacks(table, has_actions),
        "heads": [_head(query, table, column) for column in table.columns],
        "rows": [(row, [(column, cell(row, column)) for column in table.columns]) for row in table.rows],
        "has_actions": has_actions,
        "kept": _kept(query, table),
        "filtered": bool(table.filters and any(query.get(field.html_name) for field in table.filters)),
        "clear": address(query, **_cleared(table)),
    }


def _stacks(table: Table, has_actions: bool) -> bool:
    """Whether each row is a block on a phone: a third column would be cut off there, and so would a second of words."""
    shown = [column.kind for column in table.columns if not column.hidden_on_phone]
    return len(shown) + has_actions > BESIDE or any(kind in ("text", "badge") for kind in shown[1:])


def _head(query: QueryDict, table: Table, column: Column) -> Head:
    current = table.sort.lstrip("-") == column.key
    downwards = current and table.sort.startswith("-")
    wanted = f"-{column.key}" if current and not downwards else column.key
    url = address(query, **{table.sort_parameter: wanted, table.page_parameter: None}) if column.sortable else ""
    return Head(column, url, ("down" if downwards else "up") if current else "")


def _kept(query: QueryDict, table: Table) -> list[tuple[str, str]]:
    own = {field.html_name for field in table.filters} if table.filters else set()
    own.add(table.page_parameter)
    return [(key, value) for key, values in query.lists() if key not in own for value in values]


def _cleared(table: Table) -> dict[str, None]:
    names = [field.html_name for field in table.filters] if table.filters else []
    return dict.fromkeys([*names, table.page_parameter])


def cell(row: Row, column: Column) -> Any:
    """A cell as it is written: numbers and dates the Vietnamese way, a dash for nothing."""
    value = row.cells.get(column.key)
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return value
    if isinstance(value, datetime) and column.kind != "date":
        return vn_datetime(value)
    if isinstance(value, date):
        return vn_date(value)
    if column.kind == "number" and isinstance(value, int | float):
        return vn_number(value)
    # A year or a code in digits is not a quantity: 2026, never 2.026.
    return str(value) if isinstance(value, int) else value
