"""The trail speaks to people: whatever the product writes about has a name there."""

import re
from pathlib import Path

import lienthu
from lienthu.config.trail import TARGETS

_TARGET = re.compile(r"\btarget=\(\s*\"([a-z_]+)\"")


def test_every_kind_of_thing_that_the_trail_notes_has_a_name_for_people():
    root = Path(lienthu.__file__).parent
    files = [path for path in root.rglob("*.py") if "tests" not in path.parts]
    noted = {kind for path in files for kind in _TARGET.findall(path.read_text(encoding="utf-8"))}
    assert {"patron", "record", "authority"} <= noted
    assert noted == set(TARGETS)
