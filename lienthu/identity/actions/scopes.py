"""The tree of places where roles are granted."""

from datetime import date

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lienthu.audit.actions import Writing, writing
from lienthu.identity.access import Actor, require
from lienthu.identity.actions.errors import NotPossible
from lienthu.identity.models import Account, Grant, Scope
from lienthu.kernel import clock

CHANGE = "libraries.change_lifecycle"


def create_scope(*, actor: Actor, kind: str, code: str, name: str, parent: Scope | None) -> Scope:
    """Add a place below `parent`. Raises Refused; NotPossible for a code that is taken or a wrong kind."""
    require(actor, "libraries.add_library", at=parent)
    if kind not in Scope.Kind.values:
        raise NotPossible(_("Không có loại đơn vị này."), field="kind")
    with writing(actor) as w:
        try:
            with transaction.atomic():
                scope = Scope.objects.create(kind=kind, code=code, name=name, parent=parent)
        except IntegrityError as error:
            raise _explained(error) from error
        details = {"kind": kind, "name": name, "parent": parent.code if parent else ""}
        w.audit("identity.create_scope", target=("scope", code), at=code, details=details)
    return scope


def rename_scope(*, actor: Actor, scope: Scope, name: str) -> bool:
    """Give a place another name; False when it has that name. Raises Refused."""
    require(actor, "libraries.edit_library", at=scope)
    with writing(actor) as w:
        if not Scope.objects.filter(pk=scope.pk).exclude(name=name).update(name=name):
            w.nothing_changed()
            return False
        details = {"was": scope.name, "name": name}
        w.audit("identity.rename_scope", target=("scope", scope.code), at=scope.code, details=details)
        scope.name = name
    return True


def move_scope(*, actor: Actor, scope: Scope, parent: Scope | None) -> bool:
    """Hang a place, with all below it, under another parent; False when it hangs there already.

    Roles granted at the place go with it; roles inherited from the old parent end, those of the new one begin.
    Raises Refused (permission is needed at both ends); NotPossible for a place moved below itself.
    """
    require(actor, CHANGE, at=scope)
    require(actor, CHANGE, at=parent)
    with writing(actor) as w:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('identity_scope_move', 0))")
        scope.refresh_from_db()
        if scope.parent_id == (parent.pk if parent else None):
            w.nothing_changed()
            return False
        old = scope.parent.code if scope.parent else ""
        scope.parent = parent
        try:
            with transaction.atomic():
                scope.save()
        except IntegrityError as error:
            scope.refresh_from_db()
            raise _explained(error) from error
        details = {"from": old, "to": parent.code if parent else ""}
        w.audit("identity.move_scope", target=("scope", scope.code), at=scope.code, details=details)
        w.publish("identity.scope_moved", scope_id=scope.pk)
    return True


def close_scope(
    *, actor: Actor, scope: Scope, successor: Scope | None, on: date | None = None, grants_follow: bool = True
) -> int:
    """Close a place that was merged into `successor` or dissolved (None) on a day; return how many roles followed.

    Lasting roles end at once; with `grants_follow` each goes on at the successor until the same last day,
    unless it is held there already. Raises Refused; NotPossible for a place that is already closed or open below.
    """
    require(actor, CHANGE, at=scope)
    if successor is not None:
        require(actor, CHANGE, at=successor)
        if successor.closed_date is not None or successor.path.startswith(scope.path):
            raise NotPossible(_("Đơn vị kế thừa phải đang hoạt động và nằm ngoài đơn vị này."), field="successor")
    day = on or clock.today()
    with writing(actor) as w:
        if Scope.objects.filter(parent=scope, closed_date=None).exists():
            raise NotPossible(_("Hãy khép lại hoặc chuyển các đơn vị bên dưới trước."))
        closed = Scope.objects.filter(pk=scope.pk, closed_date=None).update(closed_date=day, successor=successor)
        if not closed:
            raise NotPossible(_("%(place)s đã khép lại từ trước.") % {"place": scope.name})
        w.audit(
            "identity.close_scope",
            target=("scope", scope.code),
            at=scope.code,
            details={"successor": successor.code if successor else "", "on": day},
        )
        followed = _end_grants(actor, w, scope=scope, successor=successor if grants_follow else None, day=day)
        w.publish("identity.scope_closed", scope_id=scope.pk, successor_id=successor.pk if successor else None)
    scope.refresh_from_db()
    return followed


def reopen_scope(*, actor: Actor, scope: Scope) -> None:
    """Open a closed place again. Its roles are granted anew, because people have moved on since.

    Raises Refused; NotPossible for a place that is open, or whose parent is closed.
    """
    require(actor, CHANGE, at=scope)
    with writing(actor) as w:
        if scope.parent and Scope.objects.filter(pk=scope.parent_id).exclude(closed_date=None).exists():
            raise NotPossible(_("Hãy mở lại %(place)s trước.") % {"place": scope.parent.name})
        opened = Scope.objects.filter(pk=scope.pk).exclude(closed_date=None).update(closed_date=None, successor=None)
        if not opened:
            raise NotPossible(_("%(place)s đang hoạt động.") % {"place": scope.name})
        w.audit("identity.reopen_scope", target=("scope", scope.code), at=scope.code)
        w.publish("identity.scope_reopened", scope_id=scope.pk)
    scope.refresh_from_db()


def _end_grants(actor: Actor, w: Writing, *, scope: Scope, successor: Scope | None, day: date) -> int:
    lasting = Grant.objects.filter(scope=scope, revoked_at=None).filter(Q(valid_to=None) | Q(valid_to__gte=day))
    followed = 0
    for grant in lasting.select_for_update():
        reason = _("%(place)s đã khép lại.") % {"place": scope.name}
        Grant.objects.filter(pk=grant.pk).update(
            revoked_at=clock.now(), revoked_by=actor.account_id, revoke_reason=reason
        )
        if successor is not None and not _held(grant, successor, day):
            Grant.objects.create(
                account_id=grant.account_id,
                role=grant.role,
                scope=successor,
                valid_from=max(day, grant.valid_from),
                valid_to=grant.valid_to,
                reason=reason,
                granted_by_id=actor.account_id,
            )
            followed += 1
        w.audit(
            "identity.revoke_role",
            target=("account", Account.public_id_of(grant.account_id)),
            at=scope.code,
            details={"role": grant.role, "grant": grant.pk, "followed_to": successor.code if successor else ""},
        )
    return followed


def _held(grant: Grant, successor: Scope, day: date) -> bool:
    same = Grant.objects.filter(account=grant.account_id, role=grant.role, scope=successor, revoked_at=None)
    return same.filter(Q(valid_to=None) | Q(valid_to__gte=day)).exists()


def _explained(error: IntegrityError) -> NotPossible:
    text = str(error)
    if "identity_scope_code" in text:
        return NotPossible(_("Mã này đã thuộc một đơn vị khác."), field="code")
    if "identity_scope_branch_has_parent" in text:
        return NotPossible(_("Điểm phục vụ phải thuộc một thư viện."), field="parent")
    if "below itself" in text:
        return NotPossible(_("Không thể chuyển một đơn vị vào bên dưới chính nó."), field="parent")
    return NotPossible(_("Thông tin đơn vị chưa đầy đủ."))
