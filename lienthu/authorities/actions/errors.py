"""Why something cannot be done."""


class NotPossible(ValueError):
    """The authority file forbids it, nothing changed; `message` says why in words, `field` which field of a form."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class ChangedMeanwhile(ValueError):
    """Somebody saved the authority after the caller had read it; nothing was written."""

    def __init__(self, *, current: int) -> None:
        super().__init__(str(current))
        self.current = current
