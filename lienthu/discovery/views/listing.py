"""The list of results as markup. No template: twenty of these took half the time of a page."""

from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lienthu.discovery.queries.cards import Card
from lienthu.web.markup import concatenated, fill
from lienthu.web.tags.filters import highlighted
from lienthu.web.tags.shows import badge, cover

_LIST = '<ol class="results" start="%s">%s</ol>'
_CARD = """<li class="result">%s<div class="result-text"><h2><a href="%s" hx-boost="false">%s</a></h2>%s%s
<p class="badges">%s%s <span class="muted">%s</span></p>%s
%s</div></li>"""
_WHY = (
    '<p class="why no-print"><a class="muted" href="%s" rel="nofollow" hx-get="%s" hx-target="closest .why"'
    ' hx-swap="innerHTML" hx-push-url="false" hx-boost="false">%s<span class="visually-hidden"> %s</span></a></p>'
)
_NOTHING = SafeString()


def result_list(cards: Sequence[Card], *, why_parameters: str = "") -> SafeString:
    """The cards in a numbered list; with `why_parameters`, each can say why it is there."""
    why_label = _("Vì sao có kết quả này?")
    online = fill(" %s", badge("online"))
    items = []
    for card in cards:
        why = f"{card.url}/vi-sao?{why_parameters}"
        items.append(
            fill(
                _CARD,
                cover(card.plain_title, card.class_number, card.author),
                card.url,
                highlighted(card.title),
                _if("<p>%s</p>", highlighted(card.responsibility)),
                _if('<p class="muted">%s</p>', card.imprint),
                badge(card.state, card.sentence),
                online if card.online else _NOTHING,
                f"{card.kind} · {card.language}" if card.language else card.kind,
                _if('<blockquote class="inside">%s</blockquote>', highlighted(card.inside)),
                fill(_WHY, why, why, why_label, card.plain_title) if why_parameters else _NOTHING,
            )
        )
    return fill(_LIST, cards[0].number, concatenated(items)) if cards else _NOTHING


def _if(pattern: str, value: str) -> SafeString:
    return fill(pattern, value) if value else _NOTHING
