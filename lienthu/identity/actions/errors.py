class NotPossible(ValueError):
    """The request is allowed but cannot be done as it stands. `message` is for people, `field` names the input."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
