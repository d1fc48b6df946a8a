"""What an examination finds."""

from dataclasses import dataclass, field
from typing import Any

from lienthu.operations.policy import State


@dataclass(frozen=True)
class Finding:
    """One part and how it stands. `cure` says what to do when it does not stand well; `facts` are for machines."""

    name: str
    label: str
    state: State
    sentence: str
    cure: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "label": self.label,
            "state": self.state.lower(),
            "sentence": self.sentence,
            "cure": self.cure,
            **({"facts": self.facts} if self.facts else {}),
        }
