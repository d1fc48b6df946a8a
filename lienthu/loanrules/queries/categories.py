"""Reader categories as rules see them: each within wider ones, ANY the widest.

They are asked for with every loan and hardly ever change, so a process keeps them for some seconds.
"""

import time

from lienthu.loanrules.policy.resolving import ANY
from lienthu.patrons.queries import category_path as path_of_patrons

_SECONDS = 20.0
_MOST = 1000
_kept: dict[str, tuple[float, tuple[str, ...]]] = {}


def category_path(code: str) -> tuple[str, ...]:
    """Return the category and those around it, ANY last; changed categories are noticed within seconds."""
    if not code or code == ANY:
        return (ANY,)
    kept, now = _kept.get(code), time.monotonic()
    if kept is not None and kept[0] > now:
        return kept[1]
    path = path_of_patrons(code)
    if len(_kept) >= _MOST:
        _kept.clear()
    _kept[code] = (now + _SECONDS, path)
    return path
