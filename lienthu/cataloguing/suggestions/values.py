"""What a suggestion is."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is suggested, or why nothing is: a code and the values that its sentence names."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A value to offer with its reason. `value` is empty where the rules have no answer; the reason then says why."""

    value: str
    reason: Reason
