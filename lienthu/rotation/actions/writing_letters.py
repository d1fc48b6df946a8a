"""Letters that are due: claimed and committed, then sent, then noted. What dies in between is never sent twice."""

import time
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from lienthu.identity.queries import Account
from lienthu.kernel import clock
from lienthu.kernel.locks import AlreadyRunning, sole_runner
from lienthu.notices.actions import Letter as MailLetter
from lienthu.notices.actions import Went, send_letter
from lienthu.rotation.models import Letter, LetterState, RotationSet, State
from lienthu.rotation.policy import next_letter

log = structlog.get_logger()
LOCK_CLASS = 7_333
# Longer than a mail server may take: what is still in hand then belongs to a worker that died.
IN_HAND = timedelta(minutes=5)


def send_letters(*, seconds: float = 45.0) -> int:
    """Send what is due, for at most so long; how many letters were tried. Only one worker does so at a time."""
    tried, until = 0, time.monotonic() + seconds
    try:
        with sole_runner(LOCK_CLASS, 1):
            _note_killed()
            while time.monotonic() < until and (letter := _claim()):
                _note(letter, *_send(letter))
                tried += 1
    except AlreadyRunning:
        pass
    return tried


def _claim() -> Letter | None:
    """The next letter, SENDING and committed. What is no longer true is skipped on the way."""
    while True:
        with transaction.atomic():
            waiting = Letter.objects.select_for_update(of=("self",), skip_locked=True).select_related(
                "set__owner", "set__host"
            )
            letter = waiting.filter(state=LetterState.WAITING, due_at__lte=clock.now()).order_by("due_at", "pk").first()
            if letter is None:
                return None
            over = letter.set.state not in (State.SENT, State.THERE) or letter.set.told_for != letter.day
            letter.state = LetterState.SKIPPED if over else LetterState.SENDING
            letter.claimed_at, letter.detail = clock.now(), ""
            letter.save(update_fields=["state", "claimed_at", "detail"])
        if not over:
            return letter


def _send(letter: Letter) -> tuple[Went, str]:
    account = Account.objects.filter(pk=letter.account_id, is_active=True).exclude(email="").first()
    if account is None or not account.email:
        return Went.REFUSED, "NO_ADDRESS"
    return send_letter(_words(letter.set, letter, account.email))


def _words(one: RotationSet, letter: Letter, address: str) -> MailLetter:
    with translation.override("vi"):
        words = {"name": one.name, "place": one.place, "due": f"{one.due_on:%d/%m/%Y}"}
        late = one.due_on < clock.today()
        subject = _("Bộ sách “%(name)s” đã quá hạn trả") if late else _("Bộ sách “%(name)s” sắp đến hạn trả")
        text = _(
            "Bộ sách “%(name)s” ở %(place)s có hạn trả ngày %(due)s. Mở Luân chuyển trên bàn làm việc để giao trả."
        )
        page = reverse("rotation:set", args=[one.public_id])
        return MailLetter(
            address=address,
            reference=f"lienthu-rotation-{letter.pk}",
            sender=one.owner.name_vi,
            subject=subject % words,
            body=text % words,
            url=f"{settings.SITE_URL.rstrip('/')}{page}" if settings.SITE_URL else "",
        )


def _note(letter: Letter, went: Went, detail: str) -> None:
    """How it went. Also from UNCERTAIN: a slow worker that somebody took for dead still knows best."""
    tries = letter.tries + 1
    wait = next_letter(tries) if went == Went.LATER else None
    state = {
        Went.SENT: LetterState.SENT,
        Went.UNSURE: LetterState.UNCERTAIN,
        Went.REFUSED: LetterState.FAILED,
        Went.LATER: LetterState.WAITING if wait else LetterState.FAILED,
    }[went]
    rows = Letter.objects.filter(pk=letter.pk, state__in=[LetterState.SENDING, LetterState.UNCERTAIN])
    rows.update(state=state, detail=detail[:60], tries=tries, due_at=clock.now() + (wait or timedelta()))
    # never an address, never a name
    log.info("rotation letter", letter=letter.pk, outcome=went.value, detail=detail)


def _note_killed() -> int:
    """What was in hand of a worker that died may have been delivered: nobody sends it again."""
    old = Letter.objects.filter(state=LetterState.SENDING, claimed_at__lt=clock.now() - IN_HAND)
    return old.update(state=LetterState.UNCERTAIN, detail="KILLED")
