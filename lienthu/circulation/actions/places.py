"""The library of a desk, kept in the process for some seconds: every scan of a desk asks for the same one."""

import time

from lienthu.circulation.actions.refusals import refuse
from lienthu.libraries.queries import Library, libraries

_SECONDS = 20.0
_MOST = 1_000
_kept: dict[int, tuple[float, Library]] = {}


def library_at(library_id: int) -> Library:
    """A library with its scope; what is changed about it is noticed within seconds. Raises circulation's Refused."""
    now = time.monotonic()
    kept = _kept.get(library_id)
    if kept is not None and kept[0] > now:
        return kept[1]
    library = libraries().select_related(None).select_related("scope").filter(pk=library_id).first()
    if library is None:
        raise refuse("NO_SUCH_LIBRARY")
    if len(_kept) >= _MOST:
        _kept.clear()
    _kept[library_id] = (now + _SECONDS, library)
    return library
