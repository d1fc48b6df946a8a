"""Keeping the table of targets: add, change, remove, the known public ones; the rules of a library."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor, Refused, require
from lienthu.identity.queries import Scope
from lienthu.libraries.queries import Library
from lienthu.targets.access import MANAGE
from lienthu.targets.models import CheckState, OverlayRules, Target
from lienthu.targets.policy.overlay import DEFAULT, Rule
from lienthu.targets.queries import known_targets
from lienthu.targets.secrets import seal

# Where the secret is sent: a change of one of these forgets it.
_PLACE = ("kind", "address", "port", "user")


@dataclass(frozen=True, slots=True)
class TargetDraft:
    """What a person wrote about a target. `secret`: None leaves the stored one, "" takes it away."""

    values: Mapping[str, Any]
    scope: Scope
    libraries: Iterable[Library] = ()
    secret: str | None = None


def save_target(*, actor: Actor, draft: TargetDraft, target: Target | None = None) -> Target:
    """Add a target, or change one. Needs the permission where it belongs now and where it belonged."""
    require(actor, MANAGE, at=draft.scope)
    libraries = list(draft.libraries)
    for library in libraries:
        if not library.scope.path.startswith(draft.scope.path):
            raise Refused(MANAGE, at=library.scope)
    made = target is None
    with writing(actor) as w:
        if target is None:
            target = Target(scope=draft.scope)
        else:
            target = Target.objects.select_for_update().select_related("scope").get(pk=target.pk)
            require(actor, MANAGE, at=target.scope)
        before = {name: getattr(target, name) for name in draft.values}
        moved = not made and any(before.get(name) != draft.values.get(name, before.get(name)) for name in _PLACE)
        for name, value in draft.values.items():
            setattr(target, name, value)
        target.scope = draft.scope
        if draft.secret is not None or moved:
            target.secret = seal(draft.secret or "")
        if moved:
            target.check_state, target.checked_at, target.check_note = CheckState.NONE, None, {}
        target.save()
        target.libraries.set(libraries)
        changed = sorted(name for name, value in draft.values.items() if before.get(name) != value)
        w.audit(
            "targets.created" if made else "targets.changed",
            target=("target", target.pk),
            at=target.scope.code,
            details={"name": target.name, "address": target.address, "fields": changed},
        )
    return target


def remove_target(*, actor: Actor, target: Target) -> None:
    """Forget a target. What was taken from it keeps its name and bytes."""
    require(actor, MANAGE, at=target.scope)
    with writing(actor) as w:
        details = {"name": target.name, "address": target.address}
        w.audit("targets.removed", target=("target", target.pk), at=target.scope.code, details=details)
        target.delete()


def add_known_targets(*, actor: Actor, scope: Scope) -> int:
    """Add the public targets that are not there yet, switched off; how many were added."""
    require(actor, MANAGE, at=scope)
    with writing(actor) as w:
        there = set(Target.objects.filter(scope=scope).values_list("address", "name"))
        names = {name for _, name in there}
        new = [
            Target(scope=scope, enabled=False, **values)
            for values in known_targets()
            if values["name"] not in names and values["address"] not in {address for address, _ in there}
        ]
        Target.objects.bulk_create(new)
        if not new:
            w.nothing_changed()
            return 0
        w.audit(
            "targets.known_added",
            target=("targets", len(new)),
            at=scope.code,
            details={"names": [one.name for one in new]},
        )
    return len(new)


def set_rules(*, actor: Actor, library: Library, rules: Mapping[str, str]) -> None:
    """Set how records from outside may change this library's; groups left out get the default."""
    require(actor, MANAGE, at=library.scope)
    wanted = {group: Rule(rules.get(group, rule)).value for group, rule in DEFAULT.items()}
    with writing(actor) as w:
        OverlayRules.objects.update_or_create(library=library, defaults={"rules": wanted})
        changed = {group: rule for group, rule in wanted.items() if rule != DEFAULT[group]}
        w.audit("targets.rules_changed", target=("library", library.code), at=library.code, details=changed)
