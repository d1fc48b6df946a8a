"""The tag for parts of a page that say the same to everybody."""

import re
from typing import Any
from weakref import WeakSet

from django.core.signals import setting_changed
from django.dispatch import receiver
from django.template import Context, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from lienthu.web.markup import as_markup
from lienthu.web.tags.registry import register

# A part is decided by few values, such as the current entry of the menu; more copies than this are a mistake.
_MOST = 128
_nodes: WeakSet["OnceNode"] = WeakSet()

_MARK = re.compile("\x02(\\w+)\x03")

Kept = tuple[str, tuple[str, ...]]
"""A part with a `%s` for each shown value, and the names of these in their order."""


@register.tag
def once(parser: Parser, token: Token) -> "OnceNode":
    """Render a part once for each language and keep it: `{% once by menu=menu with next=path %}…{% endonce %}`.

    Values after `by` decide: each combination of them is rendered once. Values after `with` are only shown: they are
    put in, escaped, wherever the part writes `{{ next }}`, and it cannot do anything else with them. Nothing else of
    the page is seen inside, so nothing of one visitor can be kept for another.
    """
    words = token.split_contents()[1:]
    values: dict[str, dict[str, FilterExpression]] = {"by": {}, "with": {}}
    while words:
        name = words.pop(0)
        found = token_kwargs(words, parser) if name in values else {}
        if not found:
            raise TemplateSyntaxError(f"once takes by name=value … with name=value …, not {name}")
        values[name].update(found)
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    return OnceNode(nodelist, decide=values["by"], shown=values["with"])


class OnceNode(Node):
    """The kept renderings of one part. They last as long as the compiled template: with DEBUG, for one page."""

    def __init__(
        self, nodelist: NodeList, *, decide: dict[str, FilterExpression], shown: dict[str, FilterExpression]
    ) -> None:
        self.nodelist = nodelist
        self._decide = decide
        self._shown = shown
        self._kept: dict[tuple[Any, ...], Kept] = {}
        _nodes.add(self)

    def render(self, context: Context) -> SafeString:
        decide = {name: value.resolve(context) for name, value in self._decide.items()}
        key = (get_language(), *decide.values())
        kept = self._kept.get(key)
        if kept is None:
            kept = self._render(context, decide)
            if len(self._kept) >= _MOST:
                self.forget()
            self._kept[key] = kept
        pattern, names = kept
        shown = {name: as_markup(value.resolve(context)) for name, value in self._shown.items()}
        return SafeString(pattern % tuple([shown[name] for name in names]))

    def forget(self) -> None:
        """Render anew from now on."""
        self._kept.clear()

    def _render(self, context: Context, decide: dict[str, Any]) -> Kept:
        marks = {name: SafeString(f"\x02{name}\x03") for name in self._shown}
        texts = _MARK.split(self.nodelist.render(context.new(decide | marks)))
        names = tuple(texts[1::2])
        if set(names) != set(marks):
            raise TemplateSyntaxError(f"once shows {sorted(names)} as they are, not {sorted(marks)}")
        return "%s".join(text.replace("%", "%%") for text in texts[::2]), names


@receiver(setting_changed)
def _forget_all(**_changed: Any) -> None:
    for node in list(_nodes):
        node.forget()
