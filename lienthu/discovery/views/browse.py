"""Browsing in Vietnamese order: titles, authors, subjects, and the tree of class numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lienthu.authorities.queries import references
from lienthu.catalogue.queries import (
    AUTHOR_KINDS,
    AUTHOR_TAGS,
    SUBJECT_KINDS,
    SUBJECT_TAGS,
    HeadingEntry,
    Place,
    Stretch,
    heading_letters,
    headings,
    letter_bounds,
    title_letters,
    titles,
)
from lienthu.discovery.queries import class_numbers
from lienthu.discovery.queries.cards import first_author, imprint
from lienthu.discovery.queries.classes import LONGEST, count_below
from lienthu.discovery.wanted import Wanted
from lienthu.discovery.wording import CLASSES
from lienthu.kernel import ids
from lienthu.kernel.text import normalise, sort_key
from lienthu.web.components import Crumb, Link, Tab

SIZE = 50
_PREFIX = 100
_KEY = 1_100


@dataclass(frozen=True)
class Line:
    """One line of a list."""

    text: str
    url: str = ""
    note: str = ""
    count: int | None = None
    see: tuple[Link, ...] = ()
    see_also: tuple[Link, ...] = ()


@require_safe
def titles_page(request: HttpRequest) -> HttpResponse:
    """Titles of all records."""
    place, backward = _asked(request)
    stretch = titles(place=place, size=SIZE, backward=backward)
    lines = [
        Line(
            text=entry.record.full_title,
            url=reverse("discovery:record", args=[entry.record.public_id]),
            note=" · ".join(filter(None, (first_author(entry.record), imprint(entry.record)))),
        )
        for entry in stretch.entries
    ]
    return _list(request, "titles", stretch, lines, title_letters)


@require_safe
def authors_page(request: HttpRequest) -> HttpResponse:
    """Persons, bodies and meetings that wrote or made something."""
    place, backward = _asked(request)
    stretch = headings(kinds=AUTHOR_KINDS, tags=AUTHOR_TAGS, place=place, size=SIZE, backward=backward)
    lines = _with_references(stretch, place, backward, kinds=AUTHOR_KINDS, tags=AUTHOR_TAGS, wanted=_by)
    return _list(request, "authors", stretch, lines, lambda: heading_letters(kinds=AUTHOR_KINDS, tags=AUTHOR_TAGS))


@require_safe
def subjects_page(request: HttpRequest) -> HttpResponse:
    """Subject headings and keywords."""
    place, backward = _asked(request)
    stretch = headings(kinds=SUBJECT_KINDS, tags=SUBJECT_TAGS, place=place, size=SIZE, backward=backward)
    lines = _with_references(stretch, place, backward, kinds=SUBJECT_KINDS, tags=SUBJECT_TAGS, wanted=_about)
    return _list(request, "subjects", stretch, lines, lambda: heading_letters(kinds=SUBJECT_KINDS, tags=SUBJECT_TAGS))


@require_safe
def classes_page(request: HttpRequest, stem: str = "") -> HttpResponse:
    """The tree of class numbers; each class leads to its records and to the classes below it."""
    digits = stem.replace(".", "")
    if stem and (not digits.isascii() or not digits.isdigit() or len(stem) > LONGEST or stem != _written(digits)):
        raise Http404
    below = [
        (one, _caption(one.stem), reverse("discovery:browse_class", args=[one.stem]), _records(one.stem))
        for one in (class_numbers(stem) if len(stem) < LONGEST else [])
    ]
    context = {
        **_frame("classes"),
        "stem": stem,
        "here": _shown(stem) if stem else "",
        "caption": _caption(stem) if stem else "",
        "here_count": count_below(stem) if stem else None,
        "here_url": _records(stem) if stem else "",
        "below": below,
        "crumbs": _class_crumbs(digits),
    }
    return render(request, "discovery/classes.html", context)


def _written(digits: str) -> str:
    return digits if len(digits) <= 3 else f"{digits[:3]}.{digits[3:]}"


def _shown(stem: str) -> str:
    return stem.ljust(3, "0")


def _caption(stem: str) -> str:
    return str(CLASSES[stem]) if len(stem) == 1 else ""


def _records(stem: str) -> str:
    return f"{reverse('discovery:results')}?{Wanted(q=f'ddc:{stem}').parameters()}"


def _class_crumbs(digits: str) -> list[Crumb]:
    crumbs = [Crumb(_("Ký hiệu phân loại"), reverse("discovery:browse_classes"))]
    for length in range(1, len(digits) + 1):
        stem = _written(digits[:length])
        crumbs.append(Crumb(_shown(stem), reverse("discovery:browse_class", args=[stem])))
    return crumbs


def _by(text: str) -> Wanted:
    return Wanted(q=f'tác giả:"{_plain(text)}"')


def _about(text: str) -> Wanted:
    return Wanted(subject=(text,))


def _with_references(
    stretch: Stretch[HeadingEntry],
    place: Place,
    backward: bool,
    *,
    kinds: Sequence[str],
    tags: Sequence[int],
    wanted: Callable[[str], Wanted],
) -> list[Line]:
    """The headings of a stretch, and between them the forms that nobody uses but that lead to one in use."""
    entries = stretch.entries
    low, high = _ends(stretch, place, backward)
    found = references(kinds=kinds, tags=tags, low=low, high=high, headings=[entry.id for entry in entries])
    filed: list[tuple[tuple[bytes, int], Line]] = []
    for entry in entries:
        beside = found.beside.get(entry.id)
        line = Line(
            text=_shown_heading(entry.text),
            url=_found(wanted(entry.text)),
            count=entry.count,
            see=_links(beside.see, wanted) if beside else (),
            see_also=_links(beside.see_also, wanted) if beside else (),
        )
        filed.append(((entry.place.key, entry.place.id), line))
    for one in found.between:
        filed.append(((one.sort, one.heading_id), Line(text=_shown_heading(one.text), see=_links(one.see, wanted))))
    return [line for _place, line in sorted(filed, key=lambda pair: pair[0])]


def _ends(
    stretch: Stretch[HeadingEntry], place: Place, backward: bool
) -> tuple[tuple[bytes, int], tuple[bytes, int] | None]:
    """From where to where a page goes, so that pages one after the other leave no gap."""
    entries = stretch.entries
    if backward:
        first = entries[0].place if entries and stretch.more_before else Place(b"")
        return (first.key, first.id), (place.key, place.id)
    if entries and stretch.more_after:
        last = _after(entries[-1].place)
        return (place.key, place.id), (last.key, last.id)
    return (place.key, place.id), None


def _links(forms: Sequence[tuple[str, str]], wanted: Callable[[str], Wanted]) -> tuple[Link, ...]:
    return tuple(Link(_shown_heading(text), _found(wanted(text))) for _kind, text in forms)


def _shown_heading(text: str) -> str:
    return text.replace(" -- ", " – ")


def _found(wanted: Wanted) -> str:
    return f"{reverse('discovery:results')}?{wanted.parameters()}"


def _plain(text: str) -> str:
    return text.replace('"', " ").strip()


def _asked(request: HttpRequest) -> tuple[Place, bool]:
    """Where to begin: a prefix typed, a letter chosen, or a place of an earlier page; anything else is the start."""
    prefix = _prefix(request)
    if prefix:
        return Place(sort_key(prefix)), False
    starts = {mark: low for mark, low, _high in letter_bounds()}
    letter = request.GET.get("chu", "")
    if letter in starts:
        return Place(starts[letter]), False
    for name, backward in (("sau", False), ("truoc", True)):
        key, _dot, public = request.GET.get(name, "").partition(".")
        cluster_id = ids.decode(public)
        if cluster_id is not None and len(key) <= _KEY and _is_hex(key):
            return Place(bytes.fromhex(key), cluster_id), backward
    return Place(b""), False


def _is_hex(key: str) -> bool:
    return len(key) % 2 == 0 and all(sign in "0123456789abcdef" for sign in key)


def _prefix(request: HttpRequest) -> str:
    return normalise(request.GET.get("tu", "")[:_PREFIX].replace("\x00", "")).strip()


def _token(place: Place) -> str:
    return f"{place.key.hex()}.{ids.encode(place.id)}"


def _list(
    request: HttpRequest, kind: str, stretch: Stretch[Any], lines: list[Line], letters: Callable[[], set[str]]
) -> HttpResponse:
    base = reverse(f"discovery:browse_{kind}")
    present = letters()
    entries = stretch.entries
    context = {
        **_frame(kind),
        "base": base,
        "lines": lines,
        "prefix": _prefix(request),
        "letters": [
            (mark, f"{base}?{urlencode({'chu': mark})}" if mark in present else "", mark == request.GET.get("chu"))
            for mark, _low, _high in letter_bounds()
        ],
        "previous": f"{base}?truoc={_token(entries[0].place)}" if entries and stretch.more_before else "",
        "next": f"{base}?sau={_token(_after(entries[-1].place))}" if entries and stretch.more_after else "",
        "noindex": bool(request.GET),
    }
    return render(request, "discovery/browse.html", context)


def _after(place: Place) -> Place:
    """The first place behind an entry."""
    return Place(place.key, place.id + 1)


def _frame(kind: str) -> dict[str, Any]:
    labels = {
        "titles": _("Nhan đề"), "authors": _("Tác giả"), "subjects": _("Chủ đề"), "classes": _("Ký hiệu phân loại"),
    }  # fmt: skip
    return {
        "kind": kind,
        "kind_label": labels[kind],
        "tabs": [
            Tab(label, reverse(f"discovery:browse_{name}"), current=name == kind) for name, label in labels.items()
        ],
    }
