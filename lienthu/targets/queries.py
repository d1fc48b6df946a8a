"""Everything that others may read of copy cataloguing, and the public targets that the product knows by itself."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from django.db.models import Q, QuerySet

from lienthu.libraries.queries import Library
from lienthu.targets.models import OverlayRules, Target
from lienthu.targets.policy.overlay import DEFAULT, Rule

_KNOWN = Path(__file__).parent / "data" / "known_targets.json"


def targets_at(library: Library) -> QuerySet[Target]:
    """The enabled targets that this library may ask, the most trusted first."""
    path = library.scope.path
    above = [path[: place + 1] for place, sign in enumerate(path) if sign == "/"]
    named = Target.libraries.through.objects.values("target_id")
    return Target.objects.filter(
        Q(libraries=library) | ~Q(pk__in=named), enabled=True, scope__path__in=[*above, path]
    ).distinct()


def rules_of(library: Library) -> dict[str, Rule]:
    """How a record from outside may change one of this library's, by group of fields."""
    stored: Mapping[str, str] = (
        OverlayRules.objects.filter(library=library).values_list("rules", flat=True).first() or {}
    )
    return {group: Rule(stored.get(group, rule)) for group, rule in DEFAULT.items()}


@cache
def known_targets() -> tuple[dict[str, Any], ...]:
    """Public targets with their published addresses; `source` says where each was published."""
    return tuple(orjson.loads(_KNOWN.read_bytes())["targets"])
