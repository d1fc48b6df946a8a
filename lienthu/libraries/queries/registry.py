"""The registry of libraries: what others may read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.utils.module_loading import import_string
from django.utils.translation import get_language

from lienthu.kernel import text
from lienthu.kernel.postgresql.planned import ask
from lienthu.libraries.models import Branch, Library, LifecycleEvent, LifecycleSuccessor, Service, Succession, Unit

_NAMES_KEY = "libraries.names"
_NAMES_SECONDS = 60


@dataclass(frozen=True)
class Resolved:
    """What a code leads to: `library` now, `asked` the one that bore the code, `others` further successors."""

    library: Library
    asked: Library
    others: tuple[Library, ...] = ()

    @property
    def moved(self) -> bool:
        return self.library.pk != self.asked.pk


@dataclass(frozen=True)
class Figure:
    """One figure of a library that another part of the product knows, with its name for people."""

    label: str
    number: int | str
    url: str = ""


@dataclass(frozen=True)
class LibraryFilter:
    """What the list of libraries is narrowed to; empty values narrow nothing."""

    name: str = ""
    kind: str = ""
    unit: Unit | None = None
    service: str = ""
    language: str = ""
    with_closed: bool = False


def library_of_code(code: str) -> Library | None:
    """Return the library that bears exactly this code (case does not matter), whatever became of it."""
    return Library.objects.select_related("unit", "parent", "scope").filter(code__iexact=code.strip()).first()


def resolve_code(code: str) -> Resolved | None:
    """Follow a code to the library that continues it today; a circle in old data ends where it closes."""
    asked = library_of_code(code)
    if asked is None:
        return None
    library, seen = asked, {asked.pk}
    others: tuple[Library, ...] = ()
    while library.status != Library.Status.ACTIVE:
        found = successors_of(library)
        if not found or found[0].pk in seen:
            break
        library, others = found[0], found[1:]
        seen.add(library.pk)
    return Resolved(library=library, asked=asked, others=others)


def library_code(library_id: int | None) -> str:
    """The code of a library by its number; "" where there is none. One short statement."""
    found = ask("SELECT code FROM libraries_library WHERE id = %s", [library_id]) if library_id else []
    return str(found[0][0]) if found else ""


def library_by_code(code: str) -> Library | None:
    """Return the library that a code leads to today, through mergers and transfers."""
    resolved = resolve_code(code)
    return resolved.library if resolved else None


def successors_of(library: Library) -> tuple[Library, ...]:
    """Return the libraries that continue this one by its last closing event, the main one first."""
    event = (
        library.events.filter(kind__in=["MERGED", "TRANSFERRED", "DISSOLVED"], succession__isnull=False)
        .order_by("-date", "-pk")
        .first()
    )
    if event is None or library.status == Library.Status.ACTIVE:
        return ()
    lines = event.succession.select_related("library__unit", "library__parent", "library__scope").order_by("order")
    return tuple(line.library for line in lines)


def predecessors_of(library: Library) -> tuple[LifecycleEvent, ...]:
    """Return the events by which other libraries went into this one, the newest first."""
    lines = LifecycleSuccessor.objects.filter(library=library).select_related("event__library")
    return tuple(sorted((line.event for line in lines), key=lambda event: event.date, reverse=True))


def history_of(library: Library) -> tuple[LifecycleEvent, ...]:
    """Return everything that happened to a library, the oldest first."""
    return tuple(library.events.prefetch_related("successors").order_by("date", "pk"))


def libraries() -> QuerySet[Library]:
    """Return all libraries, closed and unlisted ones too, in Vietnamese order."""
    return Library.objects.select_related("unit", "parent", "scope").order_by("name_sort", "code")


def public_libraries() -> QuerySet[Library]:
    """Return the libraries that the public registry shows and that are active, in Vietnamese order."""
    return libraries().filter(listed=True, status=Library.Status.ACTIVE)


def find_libraries(wanted: LibraryFilter) -> QuerySet[Library]:
    """Return the listed libraries that match, in Vietnamese order. Words match in any tone spelling, in any order."""
    found = libraries().filter(listed=True) if wanted.with_closed else public_libraries()
    found = called(found, name=wanted.name, kind=wanted.kind)
    if wanted.unit is not None:
        found = found.filter(unit__in=units_below(wanted.unit))
    if wanted.service:
        found = found.filter(services__service__code=wanted.service)
    if wanted.language:
        found = found.filter(collection_languages__contains=[wanted.language])
    return found


def called(found: QuerySet[Library], *, name: str = "", kind: str = "", status: str = "") -> QuerySet[Library]:
    """Those of them with these words in the name or this in the code, of this kind and this status; "" is any."""
    if name.strip():
        found = found.filter(_named(name) | Q(code__icontains=name.strip()))
    if kind:
        found = found.filter(kind=kind)
    return found.filter(status=status) if status else found


def _named(name: str) -> Q:
    """Every word typed begins a word of the name."""
    condition = Q()
    for word in text.folded_key(name).split():
        condition &= Q(name_folded__startswith=word) | Q(name_folded__contains=f" {word}")
    return condition or Q(pk__in=[])


def units_below(unit: Unit) -> set[int]:
    """The ids of the unit, of the units below it, and of those that went into or came from any of them."""
    inside = _subtree({unit.pk})
    lines = Succession.objects.exclude(successor=None)
    before = lines.filter(successor__in=inside, main=True).values_list("predecessor", flat=True)
    # The merged province as such is no part of one of the old ones; its communes are.
    after = lines.filter(predecessor__in=inside, successor__level=Unit.Level.COMMUNE).values_list(
        "successor", flat=True
    )
    return inside | _subtree(set(before)) | set(after)


def _subtree(ids: set[int]) -> set[int]:
    """These units and everything below them; there are three levels at most."""
    children = set(Unit.objects.filter(parent__in=ids).values_list("pk", flat=True))
    return ids | children | set(Unit.objects.filter(parent__in=children).values_list("pk", flat=True))


def library_names() -> dict[str, str]:
    """Return the names of all libraries by code, in the language of the reader; kept for a minute."""
    english = (get_language() or "vi").startswith("en")
    key = f"{_NAMES_KEY}.{'en' if english else 'vi'}"
    names: dict[str, str] | None = cache.get(key)
    if names is None:
        rows = Library.objects.order_by("name_sort").values_list("code", "name_vi", "name_en")
        names = {code: (name_en or name_vi) if english else name_vi for code, name_vi, name_en in rows}
        cache.set(key, names, _NAMES_SECONDS)
    return names


def forget_library_names() -> None:
    """Forget the cached names in this process, after one of them changed."""
    cache.delete_many([f"{_NAMES_KEY}.vi", f"{_NAMES_KEY}.en"])


def branches_of(library: Library, *, closed: bool = False) -> QuerySet[Branch]:
    """Return the service points of a library."""
    found = library.branches.select_related("unit", "scope").order_by("code")
    return found if closed else found.filter(closed_date=None)


def branches() -> QuerySet[Branch]:
    """Return the service points of all libraries, closed ones too."""
    return Branch.objects.order_by("library_id", "code")


def branch_of_code(library_code: str, branch_code: str) -> Branch | None:
    """Return one service point by the two codes."""
    return (
        Branch.objects.select_related("library", "unit")
        .filter(library__code__iexact=library_code, code=branch_code)
        .first()
    )


def services() -> QuerySet[Service]:
    """Return the catalogue of services."""
    return Service.objects.all()


def figures_of(library: Library) -> tuple[Figure, ...]:
    """Return what other parts of the product know about a library in figures (settings.LIBRARY_FIGURES).

    Each entry is the dotted path of a callable that takes the library and returns Figures; parts above this one are
    plugged in there, so that the registry does not know them.
    """
    paths: tuple[str, ...] = tuple(getattr(settings, "LIBRARY_FIGURES", ()))
    sources: list[Callable[[Any], list[Figure]]] = [import_string(path) for path in paths]
    return tuple(figure for source in sources for figure in source(library))
