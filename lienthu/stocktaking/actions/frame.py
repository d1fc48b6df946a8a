"""What every action of a round does."""

from lienthu.stocktaking.actions.refusals import Refused
from lienthu.stocktaking.models import Round


def locked(round_id: int, *states: object) -> Round:
    """The round, its row locked until the transaction ends. Raises Refused when it is in none of these states."""
    rounds = Round.objects.select_for_update(of=("self",)).select_related("library__scope", "branch")
    one = rounds.get(pk=round_id)
    if one.state not in states:
        raise Refused("OTHER_STATE", state=one.state)
    return one
