"""Tags that show prepared values."""

from collections.abc import Sequence
from typing import Any

from django.utils.safestring import SafeString

from lienthu.web import components as c
from lienthu.web.covers import plate_class
from lienthu.web.markup import concatenated, fill
from lienthu.web.states import state_of
from lienthu.web.tags.registry import register


@register.inclusion_tag("web/components/button.html")
def button(
    label: str,
    href: str = "",
    kind: str = "primary",
    size: str = "",
    icon: str = "",
    type: str = "submit",
    name: str = "",
    value: str = "",
    form: str = "",
    key: str = "",
    disabled: bool = False,
    classes: str = "",
    id: str = "",
) -> dict[str, Any]:
    """A button, or a link that looks like one when `href` is given. kind: primary, secondary, quiet, danger."""
    return {
        "label": label,
        "href": href,
        "kind": kind,
        "size": size,
        "icon_name": icon,
        "type": type,
        "name": name,
        "value": value,
        "form": form,
        "key": key,
        "disabled": disabled,
        "classes": classes,
        "id": id,
    }


@register.simple_tag
def badge(state: str | tuple[str, str], text: str = "") -> SafeString:
    """`{% badge "available" "Có sẵn: 6 bản ở 4 thư viện" %}`; without a text the state's own word.

    A cell of a table may give both as (state, text).
    """
    if isinstance(state, tuple):
        state, text = state
    shown = state_of(state)
    return fill('<span class="badge badge-%s">%s</span>', shown.tone, text or shown.label)


@register.simple_tag
def cover(title: str, class_number: str = "", author: str = "", image: str = "", size: str = "medium") -> SafeString:
    """The library's own picture, else a calm plate in the colour of the shelf. size: small, medium, large, full."""
    if image:
        return fill(
            '<img class="cover cover-image cover-%s" src="%s" alt="" loading="lazy" decoding="async">', size, image
        )
    lines = [("title", title), ("author", author), ("number", class_number or "")]
    shown = concatenated([fill('<span class="cover-%s">%s</span>', *line) for line in lines if line[1]])
    return fill(
        '<span class="cover %s cover-%s" aria-hidden="true">%s</span>', plate_class(class_number or ""), size, shown
    )


@register.inclusion_tag("web/components/breadcrumbs.html")
def breadcrumbs(crumbs: Sequence[c.Crumb | tuple[str, str]]) -> dict[str, Any]:
    """The way to this page; the last one is the page itself. Takes `Crumb` or (label, url)."""
    return {"crumbs": [one if isinstance(one, c.Crumb) else c.Crumb(*one) for one in crumbs or ()]}


@register.inclusion_tag("web/components/definitions.html")
def definitions(rows: Sequence[tuple[str, Any]], classes: str = "") -> dict[str, Any]:
    """A definition list; a list as value gives one line each; rows without a value are left out."""
    shown = [(label, value if isinstance(value, list | tuple) else [value]) for label, value in rows if value]
    return {"rows": shown, "classes": classes}


@register.inclusion_tag("web/components/figures.html")
def figures(items: Sequence[c.Figure]) -> dict[str, Any]:
    """A row of figures between two rules."""
    return {"items": items}


@register.inclusion_tag("web/components/steps.html")
def steps(items: Sequence[c.Step], label: str = "") -> dict[str, Any]:
    """Where a task stands."""
    return {"items": items, "label": label}


@register.inclusion_tag("web/components/tabs.html")
def tabs(items: Sequence[c.Tab], label: str) -> dict[str, Any]:
    """Views of one page, each with its own address."""
    return {"items": items, "label": label}


@register.inclusion_tag("web/components/timeline.html")
def timeline(entries: Sequence[c.TimelineEntry]) -> dict[str, Any]:
    """What happened when, and by whom."""
    return {"entries": entries}


@register.inclusion_tag("web/components/progress.html")
def progress(work: c.Progress) -> dict[str, Any]:
    """Background work: asks its own address every second while it runs, and stops by itself."""
    return {"work": work}


@register.inclusion_tag("web/components/empty.html")
def empty_state(
    title: str, text: str = "", action: str = "", action_url: str = "", icon: str = "books"
) -> dict[str, Any]:
    """An empty place: what is not here, why, and what to do next."""
    return {
        "empty": c.Empty(title=title, text=text, action=c.Link(action, action_url) if action_url else None),
        "icon_name": icon,
    }


@register.inclusion_tag("web/components/bar_chart.html")
def bar_chart(chart: c.BarChart) -> dict[str, Any]:
    """Bars from zero with direct labels; the same figures as a table below."""
    return {"chart": chart}


@register.inclusion_tag("web/components/line_chart.html")
def line_chart(chart: c.LineChart) -> dict[str, Any]:
    """Up to five lines with their names at the end; the same figures as a table below."""
    return {"chart": chart}


@register.inclusion_tag("web/components/point_map.html")
def point_map(map: c.PointMap, list_hidden: bool = False) -> dict[str, Any]:
    """Places on a drawn map, with the list beside it that keyboards and screen readers use."""
    return {"map": map, "list_hidden": list_hidden}
