"""Service points of a library. Each has a place in the tree of permissions below its library."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor, require, system_actor
from lienthu.identity.actions import NotPossible, close_scope, create_scope, rename_scope
from lienthu.kernel import clock, text
from lienthu.libraries.access import EDIT
from lienthu.libraries.models import Branch, Library, Unit

_CODE = re.compile(r"[A-Z0-9-]{1,16}")


@dataclass(frozen=True)
class BranchData:
    """What is known about a service point. Coordinates: degrees, WGS 84."""

    name_vi: str
    kind: str
    name_en: str = ""
    unit: Unit | None = None
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    phone: str = ""


def add_branch(*, actor: Actor, library: Library, code: str, data: BranchData) -> Branch:
    """Add a service point. Raises Refused; NotPossible for a code that is taken or badly formed, or a closed library.

    Its scope is made by the registry itself: whoever may describe the library may add its service points.
    """
    require(actor, EDIT, at=library.scope)
    if not _CODE.fullmatch(code):
        raise NotPossible(_("Mã điểm phục vụ gồm chữ hoa không dấu, chữ số và dấu -, tối đa 16 ký tự."), field="code")
    _check(data)
    with writing(actor) as w:
        locked = Library.objects.select_for_update().get(pk=library.pk)
        if locked.status != Library.Status.ACTIVE:
            raise NotPossible(_("Thư viện không còn hoạt động nên không mở thêm điểm phục vụ."))
        if locked.branches.filter(code=code).exists():
            raise NotPossible(_("Thư viện đã có điểm phục vụ mang mã này."), field="code")
        scope = create_scope(
            actor=system_actor("libraries"),
            kind="BRANCH",
            code=f"{library.code}.{code}",
            name=f"{library.name_vi} – {data.name_vi}",
            parent=library.scope,
        )
        branch = Branch.objects.create(library=library, scope=scope, code=code, **data.__dict__)
        details = {"code": code, "kind": data.kind, "name": data.name_vi}
        w.audit("libraries.add_branch", target=("branch", scope.code), at=library.code, details=details)
    return branch


def edit_branch(*, actor: Actor, branch: Branch, data: BranchData) -> tuple[str, ...]:
    """Change what is known about a service point; return the names of the fields that changed."""
    require(actor, EDIT, at=branch.scope)
    _check(data)
    with writing(actor) as w:
        stored = Branch.objects.select_for_update().get(pk=branch.pk)
        changed = tuple(name for name, value in data.__dict__.items() if getattr(stored, name) != value)
        if not changed:
            w.nothing_changed()
            return ()
        for name in changed:
            setattr(stored, name, getattr(data, name))
        stored.save(update_fields=list(changed))
        if "name_vi" in changed:
            rename_scope(actor=actor, scope=branch.scope, name=f"{branch.library.name_vi} – {data.name_vi}")
        w.audit(
            "libraries.edit_branch",
            target=("branch", branch.scope.code),
            at=branch.library.code,
            details={"fields": list(changed)},
        )
    branch.refresh_from_db()
    return changed


def close_branch(*, actor: Actor, branch: Branch, on: date | None = None) -> bool:
    """Close a service point on a day; False when it was closed before. What refers to it keeps referring to it."""
    require(actor, EDIT, at=branch.scope)
    day = on or clock.today()
    with writing(actor) as w:
        if not Branch.objects.filter(pk=branch.pk, closed_date=None).update(closed_date=day):
            w.nothing_changed()
            return False
        close_scope(actor=system_actor("libraries"), scope=branch.scope, successor=None, on=day, grants_follow=False)
        w.audit(
            "libraries.close_branch",
            target=("branch", branch.scope.code),
            at=branch.library.code,
            details={"on": day},
        )
    branch.refresh_from_db()
    return True


def _check(data: BranchData) -> None:
    if not text.normalise(data.name_vi).strip():
        raise NotPossible(_("Hãy nhập tên điểm phục vụ."), field="name_vi")
    if data.kind not in Branch.Kind.values:
        raise NotPossible(_("Không có loại điểm phục vụ này."), field="kind")
    if (data.latitude is None) != (data.longitude is None):
        raise NotPossible(_("Tọa độ cần cả vĩ độ và kinh độ."), field="latitude")
