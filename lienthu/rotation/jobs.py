"""Work of rotation at fixed times."""

import logging
from smtplib import SMTPException

from django.core.mail import send_mail
from django.utils.translation import gettext as _

from lienthu.identity.queries import Account
from lienthu.kernel import clock, jobs
from lienthu.rotation.actions import remind_of_sets
from lienthu.rotation.models import RotationSet

_log = logging.getLogger(__name__)


@jobs.task(queue="default", name="rotation.remind")
def remind(timestamp: int | None = None) -> None:
    """Tell the librarians of both libraries about sets that are due back soon, or should be back."""
    remind_of_sets(_write_to_librarians)


def _write_to_librarians(one: RotationSet) -> None:
    """A letter to who made the set up and who received it. The page shows the same, whether letters arrive or not."""
    people = Account.objects.filter(
        pk__in=[number for number in (one.made_by, one.received_by) if number], is_active=True
    )
    addresses = sorted({person.email for person in people if person.email})
    if not addresses:
        return
    words = {"name": one.name, "place": one.place, "due": f"{one.due_on:%d/%m/%Y}"}
    late = one.due_on < clock.today()
    subject = _("Bộ sách “%(name)s” đã quá hạn trả") if late else _("Bộ sách “%(name)s” sắp đến hạn trả")
    text = _("Bộ sách “%(name)s” ở %(place)s có hạn trả ngày %(due)s. Mở Luân chuyển trên bàn làm việc để giao trả.")
    try:
        send_mail(subject % words, text % words, None, addresses)
    except (SMTPException, OSError):
        _log.warning("rotation: letter about set %s not sent", one.public_id)
