"""A machine of library A among the readers and copies of circulation, spoken to line by line."""

from collections.abc import Callable
from copy import copy
from uuid import uuid4

import pytest
from django.db.models import QuerySet

from lienthu.audit.models import Entry
from lienthu.circulation.tests.conftest import Network, _own_home, network, standing
from lienthu.protocols.sip2 import handlers
from lienthu.protocols.sip2.handlers import link, readers
from lienthu.protocols.sip2.tests.machine import Machine

__all__ = ["_own_home", "network", "standing"]


@pytest.fixture
def trail(db: None) -> Callable[[str], QuerySet[Entry]]:
    """The entries of an action that this test made; the trail keeps those of others, whatever tests take back."""
    last = Entry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    return lambda action: Entry.objects.filter(action=action, seq__gt=last).order_by("seq")


@pytest.fixture
def machine(network: Network) -> Machine:
    """A machine that may do the usual things, signed in."""
    return Machine(network.a).signed_in()


@pytest.fixture
def make_machine(network: Network) -> Callable[..., Machine]:
    return lambda **values: Machine(network.a, **values).signed_in()


@pytest.fixture(autouse=True)
def _fresh_counters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong passwords of one test close nothing for the next."""
    for module, name in ((link, "_OF_LOGIN"), (link, "_OF_ADDRESS"), (readers, "_PINS")):
        fresh = copy(getattr(module, name))
        fresh._name = f"{uuid4()}"
        monkeypatch.setattr(module, name, fresh)
    assert handlers.MOST_BROKEN == 5
