"""The page of one record, and its copies in other formats."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lienthu.catalogue.access import REVIEW, sight_of
from lienthu.catalogue.marc import Record
from lienthu.catalogue.queries import (
    PUBLIC,
    Copy,
    Merged,
    Sight,
    Source,
    UnionRecord,
    Withdrawn,
    availability_of,
    copies_of,
    editions_beside,
    find_union_record,
    given_by,
    notes_of,
    sources_of,
    statements_of,
)
from lienthu.catalogue.queries.stating import with_stated_copies
from lienthu.circulation.queries.staying import places_of
from lienthu.discovery.formats.citations import apa, iso690
from lienthu.discovery.formats.entry import entry_of
from lienthu.discovery.formats.isbd import isbd
from lienthu.discovery.formats.linked import Holder, json_ld
from lienthu.discovery.formats.references import bibtex, ris
from lienthu.discovery.queries import similar
from lienthu.discovery.queries.cards import class_number, first_author, names_line, shelf_card
from lienthu.discovery.views.missing import gone, missing
from lienthu.discovery.wanted import Wanted
from lienthu.discovery.wording import (
    availability_sentence,
    availability_state,
    language_name,
    names_of_libraries,
    staying_words,
    type_name,
)
from lienthu.identity.access import actor_of, may_anywhere
from lienthu.kernel import ids
from lienthu.web.components import Tab

SIMILAR = 6
VIEWS = ("mo-ta", "isbd", "marc", "trich-dan")


@dataclass(frozen=True)
class Held:
    """One library with its copies and where each of them is, for the table of holdings."""

    code: str
    name: str
    url: str
    copies: Sequence[tuple[Copy, str]]
    statements: Sequence[str]
    available: int

    @property
    def rows(self) -> int:
        """Rows of the table that are this library's."""
        return len(self.copies) + len(self.statements)


@require_safe
def record(request: HttpRequest, public: str) -> HttpResponse:
    """One union record; a merged one leads to the record that took it up."""
    sight = sight_of(actor_of(request))
    found = find(public, sight=sight)
    if isinstance(found, Merged):
        return HttpResponsePermanentRedirect(reverse("discovery:record", args=[ids.encode(found.survivor_id)]))
    if isinstance(found, Withdrawn):
        return gone(request, found)
    if found is None:
        return missing(request, public)
    if public != found.public_id:
        return HttpResponsePermanentRedirect(reverse("discovery:record", args=[found.public_id]))
    return render(request, "discovery/record.html", _context(request, found, sight))


def find(public: str, *, sight: Sight = PUBLIC) -> UnionRecord | Merged | Withdrawn | None:
    """What a public identifier names, as far as this onlooker may see it."""
    cluster_id = ids.decode(public)
    return find_union_record(cluster_id, sight=sight) if cluster_id is not None else None


def _context(request: HttpRequest, found: UnionRecord, sight: Sight) -> dict[str, Any]:
    shown = request.GET.get("xem", "")
    view = shown if shown in VIEWS else VIEWS[0]
    sources = sources_of(found.id, sight=sight)
    availability = availability_of([found.id], sight=sight)[found.id]
    holders = held_by(found.id, sight=sight)
    url = request.build_absolute_uri(reverse("discovery:record", args=[found.public_id]))
    entry = entry_of(found, url=url)
    nearby = similar(found.id, count=SIMILAR)
    nearby_availability = availability_of(one.id for one in nearby)
    online = found.summary.get("digital_url") or ""
    return {
        "record": found,
        "summary": found.summary,
        "url": url,
        "view": view,
        "tabs": _tabs(found, view),
        "rows": _rows(found),
        "author": first_author(found),
        "names": names_line(found),
        "class_number": class_number(found),
        "kind": type_name(found.summary.get("type") or "OTHER"),
        "state": availability_state(availability, online=bool(online)),
        "sentence": availability_sentence(availability),
        "online": online,
        "holders": holders,
        "copies": availability.copies,
        "sources": [(source, names_of_libraries().get(source.library, source.library)) for source in sources],
        "given": given_by(found, sources, names_of_libraries()),
        "editions": editions_beside(found.id, found.work_id, sight=sight),
        "local_notes": notes_of(found.id),
        "review_url": reverse("catalogue:cluster", args=[found.public_id])
        if may_anywhere(actor_of(request), REVIEW)
        else "",
        "isbd": isbd(sources[0].record) if sources and view == "isbd" else [],
        "marc": [
            (source, names_of_libraries().get(source.library, source.library), marc_rows(source.record))
            for source in with_stated_copies(sources, sight=sight)
        ]
        if view == "marc"
        else [],
        "apa": apa(entry),
        "iso690": iso690(entry),
        "bibtex": bibtex(entry),
        "ris": ris(entry),
        "json_ld": _json_ld(entry, found, sources, holders, request),
        "formats": [("json", "JSON"), ("marcxml", "MARCXML"), ("mrc", "ISO 2709"), ("bib", "BibTeX"), ("ris", "RIS")],
        "nearby": [shelf_card(one, nearby_availability[one.id]) for one in nearby],
    }


def _tabs(found: UnionRecord, current: str) -> list[Tab]:
    labels = {"mo-ta": _("Mô tả"), "isbd": _("Phiếu ISBD"), "marc": _("MARC 21"), "trich-dan": _("Trích dẫn")}
    base = reverse("discovery:record", args=[found.public_id])
    return [
        Tab(label, base if name == VIEWS[0] else f"{base}?xem={name}", current=name == current)
        for name, label in labels.items()
    ]


def _rows(found: UnionRecord) -> list[tuple[str, Any]]:
    """The description list; names and subjects lead to what else is under them."""
    summary = found.summary
    return [
        (
            _("Tác giả"),
            [_search_link(f'tác giả:"{_quoted(name)}"', name) for name in summary.get("author_headings") or ()],
        ),
        (_("Nhan đề khác"), list(summary.get("other_titles") or ())),
        (_("Lần xuất bản"), summary.get("edition")),
        (_("Xuất bản"), _published(summary)),
        (_("Mô tả vật lý"), summary.get("extent")),
        (_("Tùng thư"), [_search_link(f'tùng thư:"{_quoted(name)}"', name) for name in summary.get("series") or ()]),
        (_("Loại tài liệu"), type_name(summary.get("type") or "OTHER")),
        (
            _("Ngôn ngữ"),
            [_filter_link("language", code, language_name(code)) for code in summary.get("language") or ()],
        ),
        (
            _("Chủ đề"),
            [_filter_link("subject", name, name.replace(" -- ", " – ")) for name in summary.get("subjects") or ()],
        ),
        (_("Ký hiệu phân loại"), [_search_link(f"ddc:{number}", number) for number in summary.get("ddc") or ()]),
        (_("ISBN"), list(summary.get("isbn") or ())),
        (_("ISSN"), summary.get("issn")),
        (_("Tóm tắt"), summary.get("abstract")),
        (_("Phụ chú"), list(summary.get("notes") or ())),
    ]


def _published(summary: dict[str, Any]) -> str:
    place = " : ".join(filter(None, (summary.get("place"), summary.get("publisher"))))
    return ", ".join(filter(None, (place, str(summary.get("year") or ""))))


def _quoted(text: str) -> str:
    return text.replace('"', " ").strip()


def _search_link(query: str, label: str) -> SafeString:
    return format_html('<a href="{}?{}">{}</a>', reverse("discovery:results"), Wanted(q=query).parameters(), label)


def _filter_link(name: str, value: str, label: str) -> SafeString:
    wanted = Wanted(language=(value,)) if name == "language" else Wanted(subject=(value,))
    return format_html('<a href="{}?{}">{}</a>', reverse("discovery:results"), wanted.parameters(), label)


def held_by(cluster_id: int, *, sight: Sight = PUBLIC) -> list[Held]:
    """The libraries that hold the document, those with a copy to have now first, then in Vietnamese order."""
    names = names_of_libraries()
    english = (get_language() or "vi").startswith("en")
    copies: dict[str, list[tuple[Copy, str]]] = {}
    found = copies_of(cluster_id, sight=sight)
    away = places_of(copy.item_id for copy in found)
    for copy in found:
        vietnamese, other = copy.branch
        own = ", ".join(filter(None, ((other if english else "") or vietnamese, copy.shelf)))
        place = away.get(copy.item_id)
        copies.setdefault(copy.library, []).append((copy, staying_words(place, names) if place else own))
    statements: dict[str, list[str]] = {}
    for statement in statements_of(cluster_id, sight=sight):
        statements.setdefault(statement.library, []).append(statement.text)
    held = [
        Held(
            code=code,
            name=names.get(code, code),
            url=reverse("libraries:library", args=[code]),
            copies=copies.get(code, ()),
            statements=statements.get(code, ()),
            available=sum(copy.status == "AVAILABLE" for copy, _name in copies.get(code, ())),
        )
        for code in [*copies, *(code for code in statements if code not in copies)]
    ]
    return sorted(held, key=lambda one: one.available == 0)


def marc_rows(marc: Record) -> list[tuple[str, str, str, Sequence[tuple[str, str]]]]:
    """(tag, indicators, value, subfields) with blanks made visible."""
    rows: list[tuple[str, str, str, Sequence[tuple[str, str]]]] = [("LDR", "", marc.leader.replace(" ", "·"), ())]
    for field in marc.fields:
        value = field.value.replace(" ", "·") if field.tag in {"006", "007", "008"} else field.value
        rows.append((field.tag, field.indicators.replace(" ", "·"), value, field.subfields))
    return rows


def _json_ld(
    entry: Any, found: UnionRecord, sources: Sequence[Source], holders: Sequence[Held], request: HttpRequest
) -> SafeString:
    """JSON for a script element: the signs that could end it are written as escapes."""
    bodies = [
        value.strip().rstrip(".,")
        for source in sources
        for value in source.record.subfields("110", "a") + source.record.subfields("710", "a")
    ]
    thing = json_ld(
        entry,
        holders=[
            Holder(
                name=one.name,
                url=request.build_absolute_uri(one.url),
                available=one.available > 0,
                call_number=next((copy.call_number for copy, _name in one.copies if copy.call_number), ""),
            )
            for one in holders
        ],
        class_numbers=found.summary.get("ddc") or (),
        digital_url=found.summary.get("digital_url") or "",
        bodies=bodies,
    )
    text = orjson.dumps(thing).decode()
    for sign, escape in (
        ("<", "\\u003c"),
        (">", "\\u003e"),
        ("&", "\\u0026"),
        ("\u2028", "\\u2028"),
        ("\u2029", "\\u2029"),
    ):
        text = text.replace(sign, escape)
    return mark_safe(text)
