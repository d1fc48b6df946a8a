"""Why something was not done: a code and its words' values."""


class Refused(Exception):
    """Nothing was changed. `code` names the sentence in `wording.py`."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params
