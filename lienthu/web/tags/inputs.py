"""Tags that take something from a person."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

from lienthu.web.components import FacetGroup, FacetOption
from lienthu.web.tags.filters import vn_number
from lienthu.web.tags.registry import register


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


@register.inclusion_tag("web/components/facet_group.html")
def facet_group(group: FacetGroup) -> dict[str, Any]:
    """One facet, inside a GET form."""
    return {"group": group}


@register.simple_tag
def facet_options(options: Sequence[FacetOption], name: str) -> SafeString:
    """The boxes of one facet. No template: a page of results has fifty of them, which took a quarter of its time."""
    return mark_safe("".join(_facet_option(option, escape(name)) for option in options))


def _facet_option(option: FacetOption, name: str) -> str:
    count = "" if option.count is None else f'<span class="count">{vn_number(option.count)}</span>'
    return (
        f'<label class="facet-option"><input type="checkbox" id="loc-{name}-{slugify(option.value)}" name="{name}"'
        f' value="{escape(option.value)}"{" checked" if option.selected else ""}>'
        f"<span>{escape(str(option.label))}</span>{count}</label>"
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
