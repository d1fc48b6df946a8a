"""A replay whose process is killed; apart from the other tests because it commits."""

import os
import signal
import time

import pytest

from lienthu.circulation.models import Loan
from lienthu.circulation.tests.conftest import make_network
from lienthu.offlinedesk.actions import receive
from lienthu.offlinedesk.models import Event
from lienthu.offlinedesk.tests.device import browser_at
from lienthu.testing import product_process

REPLAY = """
import django, os
django.setup()
from lienthu.identity.access import actor_by_id
from lienthu.offlinedesk.actions import replay
from lienthu.offlinedesk.models import Device
device = Device.objects.select_related("library__scope").get()
print("ready", flush=True)
replay(device=device, actor=actor_by_id(device.enrolled_by), seconds=120)
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_replay_killed_in_its_middle_goes_on_and_does_each_event_once(transactional_db, tmp_path):
    network = make_network()
    device = browser_at(network)
    numbers = [network.copy().accession_number for _number in range(60)]
    for number in numbers:
        device.lend(number, "T-0001")
    receive(device=device.enrolled.device, body=device.body())
    program = tmp_path / "run_replay.py"
    program.write_text(REPLAY)
    process = product_process("run_replay", PYTHONPATH=os.pathsep.join([str(tmp_path), os.getcwd()]))
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not 5 <= Loan.objects.count() < 60:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    done = Event.objects.exclude(state="PENDING").count()
    assert 5 <= done < 60
    assert Loan.objects.count() == done
    told = device.send()
    assert (told["pending"], told["last"]) == (0, 60)
    assert Loan.objects.count() == 60
    assert Loan.objects.values("item").distinct().count() == 60
