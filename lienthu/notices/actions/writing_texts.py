"""Texts and hours of a library or of the province: versions are added, never changed."""

from collections.abc import Mapping
from dataclasses import asdict

from django.db import transaction
from django.db.models import Max

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor
from lienthu.libraries.queries import Library
from lienthu.notices.access import require_text_place
from lienthu.notices.models import Hours, Template
from lienthu.notices.policy import KINDS, Fault, Texts, Timing, faults
from lienthu.notices.queries import Timetable


class BadText(ValueError):
    """A text that cannot be used; `faults` by field, as subject_vi."""

    def __init__(self, found: Mapping[str, list[Fault]]) -> None:
        super().__init__(", ".join(found))
        self.faults = found


def faults_of(kind: str, texts: Mapping[str, Texts]) -> dict[str, list[Fault]]:
    """What is wrong with the texts of a kind, by field; `texts` by language."""
    found = {}
    for language, text in texts.items():
        for part, words in asdict(text).items():
            if wrong := faults(KINDS[kind], part, words):
                found[f"{part}_{language}"] = wrong
    return found


def publish_text(*, actor: Actor, kind: str, library: Library | None, vi: Texts, en: Texts) -> Template:
    """Use these texts from now on, here. Raises Refused, BadText."""
    require_text_place(actor, library)
    if found := faults_of(kind, {"vi": vi, "en": en}):
        raise BadText(found)
    values = {
        f"{part}_{language}": words
        for language, text in (("vi", vi), ("en", en))
        for part, words in asdict(text).items()
    }
    return _add(actor, kind, library, "notices.text_published", active=True, **values)


def withdraw_text(*, actor: Actor, kind: str, library: Library | None) -> Template | None:
    """Go back to the text of the level above; None when there is no own one. Raises Refused."""
    require_text_place(actor, library)
    newest = Template.objects.filter(kind=kind, library=library).order_by("-version").first()
    if newest is None or not newest.active:
        return None
    return _add(actor, kind, library, "notices.text_withdrawn", active=False)


def _add(actor: Actor, kind: str, library: Library | None, action: str, *, active: bool, **texts: str) -> Template:
    with writing(actor) as w, transaction.atomic():
        rows = Template.objects.filter(kind=kind, library=library)
        version = (rows.aggregate(last=Max("version"))["last"] or 0) + 1
        made = Template.objects.create(
            kind=kind, library=library, version=version, active=active, made_by=actor.name, **texts
        )
        w.audit(action, target=("notice-text", kind), at=library.code if library else "", details={"version": version})
    return made


def set_hours(*, actor: Actor, library: Library | None, timing: Timing) -> None:
    """When this library (None: the province) writes to its readers. Raises Refused."""
    require_text_place(actor, library)
    with writing(actor) as w:
        before = Timetable().of(library.pk if library else None)
        Hours.objects.update_or_create(library=library, defaults=asdict(timing))
        changed = {
            name: [str(getattr(before, name)), str(value)]
            for name, value in asdict(timing).items()
            if getattr(before, name) != value
        }
        w.audit(
            "notices.hours_changed",
            target=("notice-hours", library.code if library else "*"),
            at=library.code if library else "",
            details=changed,
        )


def drop_hours(*, actor: Actor, library: Library) -> None:
    """Follow the hours of the province again. Raises Refused."""
    require_text_place(actor, library)
    with writing(actor) as w:
        Hours.objects.filter(library=library).delete()
        w.audit("notices.hours_changed", target=("notice-hours", library.code), at=library.code, details={"own": False})
