"""The list is published, people object, the decision is written down: what the Circular asks for, step by step."""

from datetime import date, datetime

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor
from lienthu.kernel import clock
from lienthu.weeding.actions.frame import locked, note, tidy
from lienthu.weeding.actions.refusals import Refused
from lienthu.weeding.models import Objection, Piece, State, Weeding
from lienthu.weeding.policy import FEWEST_IN_COUNCIL, most_pieces, over_share, years_between
from lienthu.weeding.queries import counts_of, held_by, last_done, lock_library, next_allowed, under_way

WHO_LETTERS, WHAT_LETTERS, WHY_LETTERS, DECISION_LETTERS = 200, 2_000, 400, 80


def publish_list(*, actor: Actor, weeding_id: int, at: datetime | None = None) -> Weeding:
    """Let everybody read the list; nothing is added to it from now on. Raises both Refused.

    `at`: when it was made public, if not now.
    """
    with writing(actor) as w:
        one = locked(actor, weeding_id, State.DRAFT)
        if len(one.council) < FEWEST_IN_COUNCIL:
            raise Refused("NO_COUNCIL")
        if not counts_of(one).listed:
            raise Refused("NOTHING_LISTED")
        one.state, one.published_at = State.PUBLISHED, at or clock.now()
        one.save(update_fields=["state", "published_at"])
        note(w, one, "published", at=at)
        return one


def note_objection(*, actor: Actor, weeding_id: int, who: str, what: str, piece_id: int | None = None) -> Objection:
    """Write down what somebody said against the list. Raises both Refused, Piece.DoesNotExist."""
    with writing(actor) as w:
        one = locked(actor, weeding_id, State.PUBLISHED)
        piece = Piece.objects.get(weeding=one, pk=piece_id) if piece_id else None
        who, what = tidy(who, WHO_LETTERS), tidy(what, WHAT_LETTERS)
        if not who or not what:
            raise Refused("EMPTY_OBJECTION")
        made = Objection.objects.create(
            weeding=one, piece=piece, who=who, what=what, at=clock.now(), by=actor.name[:200]
        )
        note(w, one, "objected")
        return made


def keep_piece(*, actor: Actor, weeding_id: int, piece_id: int, why: str) -> None:
    """Let a copy of the public list stay in stock; an empty `why` puts it back. Raises both Refused, DoesNotExist."""
    with writing(actor) as w:
        one = locked(actor, weeding_id, State.PUBLISHED)
        piece = Piece.objects.get(weeding=one, pk=piece_id)
        piece.kept_out = tidy(why, WHY_LETTERS)
        piece.save(update_fields=["kept_out"])
        note(w, one, "kept" if piece.kept_out else "put_back", {"count": 1})


def decide(*, actor: Actor, weeding_id: int, decision: str, decided_on: date) -> Weeding:
    """Write down the decision. Raises both Refused: each bound of the Circular is asked here, with today's stock."""
    with writing(actor) as w:
        one = locked(actor, weeding_id, State.PUBLISHED)
        first, number, today = one.decidable_from, tidy(decision, DECISION_LETTERS), clock.today()
        assert first is not None  # a list that is public was published
        if today < first or decided_on < first:
            raise Refused("TOO_EARLY", first=first)
        if decided_on > today:
            raise Refused("IN_FUTURE")
        if not number:
            raise Refused("NO_DECISION")
        # Two lists decided at the same moment would each be within the bounds, and together beyond them.
        lock_library(one.library_id)
        other = under_way(one)
        if other is not None:
            raise Refused("OTHER_UNDER_WAY", name=other.name)
        held, listed = held_by(one.library_id), counts_of(one).listed
        if not listed:
            raise Refused("NOTHING_LISTED")
        if over_share(pieces=listed, held=held):
            raise Refused("TOO_LARGE", listed=listed, most=most_pieces(held), held=held)
        last, allowed = last_done(one.library_id), next_allowed(one.library_id, held=held)
        if last is not None and allowed is not None and decided_on < allowed:
            raise Refused("TOO_SOON", first=allowed, years=years_between(held), name=last.name)
        one.state, one.decision, one.decided_on, one.held = State.DECIDED, number, decided_on, held
        one.save(update_fields=["state", "decision", "decided_on", "held"])
        note(w, one, "decided")
        return one
