"""Tags that take something from a person."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext, ngettext

from lienthu.web.components import FacetGroup, FacetOption
from lienthu.web.markup import concatenated, fill
from lienthu.web.tags.filters import vn_number
from lienthu.web.tags.registry import register

_CHECKED = SafeString(" checked")
# the same subjects and languages come on every page
_slug = lru_cache(maxsize=4_096)(slugify)


@register.inclusion_tag("web/components/search_box.html")
def search_box(
    action: str,
    value: str = "",
    suggest: str = "",
    label: str = "",
    placeholder: str = "",
    name: str = "q",
    size: str = "large",
    button: str = "",
    hidden: Mapping[str, str] | Sequence[tuple[str, str]] = (),
    autofocus: bool = False,
    id: str = "tim",
) -> dict[str, Any]:
    """A search form (GET). `suggest` is an address answering `?q=` with JSON {"items": [{"text", "note", "url"}]}."""
    return {
        "action": action,
        "value": value,
        "suggest": suggest,
        "label": label,
        "placeholder": placeholder,
        "name": name,
        "size": size,
        "button_label": button,
        "hidden": list(hidden.items()) if isinstance(hidden, Mapping) else hidden,
        "autofocus": autofocus,
        "id": id,
    }


@register.simple_tag
def facet_group(group: FacetGroup) -> SafeString:
    """One facet, inside a GET form. No template: the fifty boxes of a page of results took a quarter of its time."""
    rest = more = SafeString()
    if group.rest:
        rest = fill("<details><summary>%s</summary>%s</details>", _more(len(group.rest)), _boxes(group, group.rest))
    if group.more_url:
        more = fill('<p><a href="%s">%s</a></p>', group.more_url, gettext("Xem tất cả"))
    first = _boxes(group, group.first)
    return fill('<fieldset class="facet"><legend>%s</legend>\n%s\n%s\n%s</fieldset>\n', group.label, first, rest, more)


def _more(count: int) -> str:
    return ngettext("Thêm %(count)s mục", "Thêm %(count)s mục", count) % {"count": vn_number(count)}


def _boxes(group: FacetGroup, options: Sequence[FacetOption]) -> SafeString:
    return concatenated([_box(group.name, option) for option in options])


def _box(name: str, option: FacetOption) -> SafeString:
    count = SafeString() if option.count is None else fill('<span class="count">%s</span>', vn_number(option.count))
    return fill(
        '<label class="facet-option"><input type="checkbox" id="loc-%s-%s" name="%s" value="%s"%s>'
        "<span>%s</span>%s</label>",
        name,
        _slug(option.value),
        name,
        option.value,
        _CHECKED if option.selected else "",
        option.label,
        count,
    )


@register.inclusion_tag("web/components/facet_panel.html", takes_context=True)
def facet_panel(context: dict[str, Any], groups: Sequence[FacetGroup], action: str = "") -> dict[str, Any]:
    """All facets in one GET form that keeps the other parameters of the address.

    What is chosen stands above as links that take it back; on phones the rest opens by a link.
    """
    request: HttpRequest = context["request"]
    own = {group.name for group in groups} | {"page"}
    kept = [(key, value) for key, values in request.GET.lists() if key not in own for value in values]
    chosen = [
        (option.label, _without(request.GET, group.name, option.value))
        for group in groups
        for option in group.options
        if option.selected
    ]
    return {"groups": groups, "action": action or request.path, "kept": kept, "chosen": chosen}


def _without(query: QueryDict, name: str, value: str) -> str:
    """The address with one value of one facet taken back."""
    changed = query.copy()
    changed.setlist(name, [one for one in changed.getlist(name) if one != value])
    changed.pop("page", None)
    return "?" + changed.urlencode()


@register.inclusion_tag("web/components/file_drop.html")
def file_drop(field: Any, accept: str = "", hint: str = "") -> dict[str, Any]:
    """A file field that files can be dropped on; `field` is the bound field of a form."""
    return {"field": field, "accept": accept, "hint": hint}


@register.inclusion_tag("web/components/copy_text.html")
def copy_text(text: str, label: str = "", id: str = "") -> dict[str, Any]:
    """A text to take along, such as a citation, with a button that copies it."""
    return {"text": text, "label": label, "id": id}
