"""Every write of stock-taking."""

from lienthu.stocktaking.actions.closing import request_close, request_return, work_on_round
from lienthu.stocktaking.actions.demonstration import load_round
from lienthu.stocktaking.actions.opening import discard_round, open_round
from lienthu.stocktaking.actions.refusals import Refused
from lienthu.stocktaking.actions.scanning import Heard, Scanned, scan, spare, unscan

__all__ = [
    "Heard",
    "Refused",
    "Scanned",
    "discard_round",
    "load_round",
    "open_round",
    "request_close",
    "request_return",
    "scan",
    "spare",
    "unscan",
    "work_on_round",
]
