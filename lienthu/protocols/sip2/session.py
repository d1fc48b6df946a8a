"""What is known of one connection. One thread at a time works with a session."""

from dataclasses import dataclass, field

from lienthu.identity.access import Actor
from lienthu.protocols.sip2.charsets import UTF_8
from lienthu.protocols.sip2.models import Terminal


@dataclass(slots=True)
class Session:
    """One connection of a machine. `proved` holds readers whose password was right, until when (monotonic seconds)."""

    address: str
    tls: bool = False
    terminal: Terminal | None = None
    actor: Actor | None = None
    learnt_at: float = 0.0
    noted_at: float = 0.0
    charset: str = UTF_8
    delimiter: str = "|"
    language: str = "vi"
    line_end: bytes = b"\r"
    broken: int = 0
    last_request: bytes = b""
    last_answer: bytes = b""
    last_at: float = 0.0
    proved: dict[int, float] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)

    def forget_readers(self) -> None:
        """The reader has left the machine."""
        self.proved.clear()
        self.seen.clear()
