"""What a library keeps for itself at the desk: templates and series of accession numbers."""

from lienthu.audit.actions import writing
from lienthu.cataloguing.access import EDIT, own_templates, series_of
from lienthu.cataloguing.models import NumberSeries, OwnTemplate
from lienthu.cataloguing.rules.sheets import SYSTEM, Sheet
from lienthu.identity.access import Actor, require
from lienthu.libraries.queries import Library

MOST_TEMPLATES = 60


class TooMany(ValueError):
    """The library keeps as many as it may."""


def save_template(*, actor: Actor, library: Library, name: str, sheet: Sheet) -> OwnTemplate:
    """Keep a sheet as a template; one of the same name is replaced. Raises Refused, TooMany."""
    require(actor, EDIT, at=library.scope)
    name = " ".join(name.split())[:100]
    with writing(actor) as w:
        known = own_templates(library)
        if not known.filter(name=name).exists() and known.count() >= MOST_TEMPLATES:
            raise TooMany(name)
        bare = sheet.with_rows(row for row in sheet.rows if row.tag not in SYSTEM)
        made, _ = OwnTemplate.objects.update_or_create(
            library=library, name=name, defaults={"content": bare.packed(), "made_by": actor.name}
        )
        w.audit(
            "cataloguing.template_saved",
            target=("library", library.code),
            at=library.code,
            details={"name": name},
        )
    return made


def remove_template(*, actor: Actor, library: Library, template_id: int) -> None:
    """Raises Refused, OwnTemplate.DoesNotExist."""
    require(actor, EDIT, at=library.scope)
    with writing(actor) as w:
        found = own_templates(library).get(pk=template_id)
        found.delete()
        w.audit(
            "cataloguing.template_removed",
            target=("library", library.code),
            at=library.code,
            details={"name": found.name},
        )


def save_series(*, actor: Actor, library: Library, name: str, prefix: str, digits: int, first: int) -> NumberSeries:
    """Set up a way of numbering copies; one with the same prefix and digits is renamed. Raises Refused."""
    require(actor, EDIT, at=library.scope)
    with writing(actor) as w:
        made, _ = NumberSeries.objects.update_or_create(
            library=library, prefix=prefix, digits=digits, defaults={"name": name, "first": first}
        )
        w.audit(
            "cataloguing.series_saved",
            target=("library", library.code),
            at=library.code,
            details={"name": name, "prefix": prefix, "digits": digits, "first": first},
        )
    return made


def remove_series(*, actor: Actor, library: Library, series_id: int) -> None:
    """Raises Refused, NumberSeries.DoesNotExist. Copies keep their numbers."""
    require(actor, EDIT, at=library.scope)
    with writing(actor) as w:
        found = series_of(library).get(pk=series_id)
        found.delete()
        w.audit(
            "cataloguing.series_removed",
            target=("library", library.code),
            at=library.code,
            details={"prefix": found.prefix, "digits": found.digits},
        )
