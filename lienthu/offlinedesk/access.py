"""Who may enrol desks without network and see what they sent: whoever lends there and holds `offlinedesk.enrol`."""

import hmac
from hashlib import sha256

from django.core.signing import BadSignature, TimestampSigner
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lienthu.circulation.access import LEND
from lienthu.identity.access import Actor, actor_by_id, may, require, scopes_with
from lienthu.identity.queries import Account
from lienthu.kernel import clock, ids
from lienthu.libraries.queries import Library, libraries
from lienthu.offlinedesk.models import Device, Event
from lienthu.offlinedesk.sealing import unseal

ENROL = "offlinedesk.enrol"
CHALLENGE_SECONDS = 300

AUDIT_LABELS = {
    "offlinedesk.enrolled": _("Ghi danh một máy làm quầy khi mất mạng"),
    "offlinedesk.revoked": _("Thu hồi một máy làm quầy khi mất mạng"),
    "offlinedesk.unlocked": _("Mở khóa một máy làm quầy khi mất mạng"),
    "offlinedesk.copied": _("Máy ngoài mạng lấy bản sao bạn đọc và tài liệu"),
    "offlinedesk.received": _("Nhận nhật ký của một máy ngoài mạng"),
    "offlinedesk.replayed": _("Xét một việc đã làm khi mất mạng"),
    "offlinedesk.settled": _("Xử lý xong một việc cần người quyết định"),
    "offlinedesk.downloaded": _("Tải nguyên văn nhật ký của máy ngoài mạng"),
    "offlinedesk.forgotten": _("Xóa số thẻ và nhật ký cũ của máy ngoài mạng"),
}


class NotGenuine(Exception):
    """A request that is not signed by the device it names. `code` is UNKNOWN, STALE or FORGED."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def own_libraries(actor: Actor) -> QuerySet[Library]:
    """Libraries where this actor may enrol devices."""
    return (
        libraries()
        .filter(status=Library.Status.ACTIVE, scope__in=scopes_with(actor, ENROL))
        .select_related("scope")
        .order_by("name_sort", "code")
    )


def require_enrol(actor: Actor, library: Library) -> None:
    """Raise Refused unless the actor may both lend here and enrol devices."""
    require(actor, ENROL, at=library.scope)
    require(actor, LEND, at=library.scope)


def visible_devices(actor: Actor) -> QuerySet[Device]:
    """The devices of one's libraries."""
    return Device.objects.filter(library__scope__in=scopes_with(actor, ENROL)).select_related("library__scope")


def get_device(actor: Actor, public_id: str) -> Device:
    """One device; Device.DoesNotExist for none, and for one of another library."""
    return visible_devices(actor).get(pk=ids.decode(public_id) or 0)


def visible_events(actor: Actor) -> QuerySet[Event]:
    """What the devices of one's libraries noted."""
    return Event.objects.filter(device__library__scope__in=scopes_with(actor, ENROL)).select_related(
        "device__library__scope"
    )


def is_live(device: Device) -> bool:
    """Neither revoked nor past its last day?"""
    return device.revoked_at is None and clock.today() <= device.until


def actor_behind(device: Device) -> Actor | None:
    """In whose name the device works; None once it, or the person, may do so no more."""
    if not is_live(device):
        return None
    try:
        actor = actor_by_id(device.enrolled_by)
    except Account.DoesNotExist:
        return None
    scope = device.library.scope
    return actor if may(actor, LEND, scope) and may(actor, ENROL, scope) else None


def challenge_for(device_id: str) -> str:
    """What the device signs along, so that a request that was overheard is of no use some minutes later."""
    return TimestampSigner(salt="offlinedesk").sign(device_id)


def device_of_request(*, device_id: str, challenge: str, signature: str, what: str, body: bytes) -> Device:
    """The device that signed this request. Raises NotGenuine; revoked devices are answered, not refused here."""
    device = Device.objects.select_related("library__scope").filter(pk=ids.decode(device_id) or 0).first()
    key = device_key(device) if device else None
    if device is None or key is None:
        raise NotGenuine("UNKNOWN")
    try:
        fresh = TimestampSigner(salt="offlinedesk").unsign(challenge, max_age=CHALLENGE_SECONDS)
    except BadSignature:
        raise NotGenuine("STALE") from None
    wanted = hmac.new(key, f"{what}\n{challenge}\n{sha256(body).hexdigest()}".encode(), sha256).hexdigest()
    if fresh != device.public_id or not hmac.compare_digest(wanted.encode(), signature.encode()):
        raise NotGenuine("FORGED")
    return device


def device_key(device: Device) -> bytes | None:
    """The key that the device signs with; None where the installation's key is another one."""
    return unseal(device.key_sealed)
