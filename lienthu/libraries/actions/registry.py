"""Libraries: added, described, their services."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor, require
from lienthu.identity.actions import NotPossible, create_scope
from lienthu.kernel import text
from lienthu.libraries import wording
from lienthu.libraries.access import ADD, EDIT, LIFECYCLE
from lienthu.libraries.models import Library, LibraryService, Service, Unit
from lienthu.libraries.policy.codes import code_faults
from lienthu.libraries.queries import forget_library_names

_SERVICES = Path(__file__).resolve().parent.parent / "data" / "services.tsv"

# What others rely on: a library does not change these about itself.
_PROTECTED = ("name_vi", "kind", "parent", "listed")


@dataclass(frozen=True)
class LibraryData:
    """What is known about a library, without its code, hours and services. Coordinates: degrees, WGS 84."""

    name_vi: str
    kind: str
    name_en: str = ""
    parent: Library | None = None
    unit: Unit | None = None
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    phone: str = ""
    email: str = ""
    website: str = ""
    about: str = ""
    collection_languages: tuple[str, ...] = ()
    founded_date: date | None = None
    founding_decision: str = ""
    listed: bool = True


def create_library(*, actor: Actor, code: str, data: LibraryData, under: Any, demonstration: bool = False) -> Library:
    """Add a library with its place in the tree of permissions, below the scope `under`.

    Raises Refused; NotPossible for a code that has not the form of TCVN 11645 or is taken, or data that is not whole.
    """
    require(actor, ADD, at=under)
    faults = code_faults(code)
    if faults:
        raise NotPossible(" ".join(wording.code_fault(fault) for fault in faults), field="code")
    values = _checked(data)
    if Library.objects.filter(code__iexact=code).exists():
        raise NotPossible(_("Mã %(code)s đã thuộc một thư viện khác.") % {"code": code}, field="code")
    with writing(actor) as w:
        scope = create_scope(actor=actor, kind="LIBRARY", code=code, name=values["name_vi"], parent=under)
        library = Library(scope=scope, code=code, demonstration=demonstration, **values)
        try:
            with transaction.atomic():
                library.save()
        except IntegrityError as error:
            raise NotPossible(_("Mã %(code)s đã thuộc một thư viện khác.") % {"code": code}, field="code") from error
        w.audit("libraries.add_library", target=("library", code), at=code, details=_plain(values))
        w.publish("libraries.library_saved", code=code)
        transaction.on_commit(forget_library_names)
    return library


def edit_library(*, actor: Actor, library: Library, data: LibraryData) -> tuple[str, ...]:
    """Change what is known about a library; return the names of the fields that changed.

    Name, kind, parent and listing are for those who keep the registry ("libraries.change_lifecycle").
    Raises Refused, NotPossible.
    """
    require(actor, EDIT, at=library.scope)
    values = _checked(data)
    with writing(actor) as w:
        stored = Library.objects.select_for_update().get(pk=library.pk)
        changed = tuple(name for name, value in values.items() if getattr(stored, name) != value)
        if set(changed) & set(_PROTECTED):
            require(actor, LIFECYCLE, at=library.scope)
        if not changed:
            w.nothing_changed()
            return ()
        for name in changed:
            setattr(stored, name, values[name])
        stored.save(update_fields=[*changed, "updated_at"])
        details = _plain({name: values[name] for name in changed})
        w.audit("libraries.edit_library", target=("library", library.code), at=library.code, details=details)
        w.publish("libraries.library_saved", code=library.code)
        transaction.on_commit(forget_library_names)
    library.refresh_from_db()
    return tuple(name for name in changed if name not in ("name_sort", "name_folded"))


def set_services(*, actor: Actor, library: Library, offers: Mapping[str, str]) -> bool:
    """Let a library offer exactly these services (code -> note); False when it already did. Raises Refused."""
    require(actor, EDIT, at=library.scope)
    known = {service.code: service for service in Service.objects.filter(code__in=list(offers))}
    if len(known) < len(offers):
        raise NotPossible(_("Có dịch vụ không nằm trong danh mục dịch vụ."), field="services")
    with writing(actor) as w:
        Library.objects.select_for_update().get(pk=library.pk)
        before = dict(library.services.values_list("service__code", "note"))
        if before == dict(offers):
            w.nothing_changed()
            return False
        library.services.all().delete()
        LibraryService.objects.bulk_create(
            LibraryService(library=library, service=known[code], note=note) for code, note in offers.items()
        )
        details = {"services": sorted(offers)}
        w.audit("libraries.set_services", target=("library", library.code), at=library.code, details=details)
    return True


def load_services(*, actor: Actor) -> int:
    """Add the services of the data file that are not in the catalogue yet; return how many were added."""
    require(actor, ADD)
    known = set(Service.objects.values_list("code", flat=True))
    with _SERVICES.open(encoding="utf-8", newline="") as file:
        new = [Service(**row) for row in csv.DictReader(file, delimiter="\t") if row["code"] not in known]
    with writing(actor) as w:
        if not new:
            w.nothing_changed()
            return 0
        Service.objects.bulk_create(new)
        w.audit("libraries.load_services", target=("services", "all"), details={"created": len(new)})
    return len(new)


def _checked(data: LibraryData) -> dict[str, Any]:
    """The column values of the data; NotPossible when they do not make sense together."""
    values = {**_fields(data), "name_vi": " ".join(text.normalise(data.name_vi).split())}
    if not values["name_vi"]:
        raise NotPossible(_("Hãy nhập tên thư viện."), field="name_vi")
    if data.kind not in Library.Kind.values:
        raise NotPossible(_("Không có loại hình thư viện này."), field="kind")
    if (data.latitude is None) != (data.longitude is None):
        raise NotPossible(_("Tọa độ cần cả vĩ độ và kinh độ."), field="latitude")
    unknown = set(data.collection_languages) - set(wording.COLLECTION_LANGUAGES)
    if unknown:
        raise NotPossible(_("Không rõ ngôn ngữ: %(codes)s") % {"codes": ", ".join(sorted(unknown))},
                          field="collection_languages")  # fmt: skip
    values["collection_languages"] = list(data.collection_languages)
    values["name_sort"] = text.sort_key(values["name_vi"])
    values["name_folded"] = text.folded_key(f"{values['name_vi']} {data.name_en}")
    return values


def _fields(data: LibraryData) -> dict[str, Any]:
    """The fields by name; related rows stay rows."""
    return {name: getattr(data, name) for name in data.__dataclass_fields__}


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the audit trail keeps them: related rows by their code, nothing that is derived or empty."""
    hidden = ("name_sort", "name_folded")
    return {
        name: value.code if isinstance(value, Model) and hasattr(value, "code") else value
        for name, value in values.items()
        if name not in hidden
    }
