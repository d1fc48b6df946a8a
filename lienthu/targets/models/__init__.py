from lienthu.targets.models.searching import Answer, AnswerState, Found, Search, SearchState
from lienthu.targets.models.taking import OverlayRules, Take, TakeMode
from lienthu.targets.models.targets import Charset, CheckState, Kind, Target

__all__ = [
    "Answer",
    "AnswerState",
    "Charset",
    "CheckState",
    "Found",
    "Kind",
    "OverlayRules",
    "Search",
    "SearchState",
    "Take",
    "TakeMode",
    "Target",
]
