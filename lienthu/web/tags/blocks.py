"""Tags that hold content: notices, panels, dialogs."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lienthu.web.tags.registry import register

NOTICE_ICONS = {"refusal": "hand-stop", "warning": "alert-triangle", "info": "info-circle", "success": "circle-check"}


@register.simple_block_tag
def notice(
    content: SafeString,
    kind: str = "info",
    title: str = "",
    rule: str = "",
    rule_url: str = "",
    next: str = "",
    next_url: str = "",
    live: bool = False,
) -> SafeString:
    """What happened (title), why (the content), by which rule, and what to do next; it stands beside its subject."""
    words = {
        "refusal": _("Từ chối:"),
        "warning": _("Chú ý:"),
        "info": _("Thông tin:"),
        "success": _("Đã xong:"),
    }
    return _render(
        "notice",
        content=content,
        kind=kind,
        word=words.get(kind, ""),
        icon_name=NOTICE_ICONS.get(kind, "info-circle"),
        title=title,
        rule=rule,
        rule_url=rule_url,
        next=next,
        next_url=next_url,
        live=live,
    )


@register.simple_block_tag
def panel(content: SafeString, title: str = "", level: int = 2, id: str = "", classes: str = "") -> SafeString:
    """A ruled sheet with a title, for desks and side columns."""
    return _render("panel", content=content, title=title, level=level, id=id, classes=classes)


@register.simple_block_tag(takes_context=True)
def dialog(
    context: dict[str, Any],
    content: SafeString,
    id: str,
    title: str,
    label: str,
    url: str,
    confirm: str = "",
    kind: str = "danger",
    method: str = "post",
    icon: str = "",
    size: str = "",
) -> SafeString:
    """A question before something that cannot be taken back.

    With scripts the button opens a <dialog>; without them it is a link to `url`, a page that asks the same (GET)
    and does it (POST). The content says what will happen.
    """
    return _render(
        "dialog",
        content=content,
        id=id,
        title=title,
        label=label,
        url=url,
        confirm=confirm or label,
        kind=kind,
        method=method,
        icon_name=icon,
        size=size,
        csrf_token=context.get("csrf_token", ""),
    )


def _render(name: str, **context: Any) -> SafeString:
    return render_to_string(f"web/components/{name}.html", context)
