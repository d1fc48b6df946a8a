"""Why a deed was not done."""


class NotPossible(Exception):
    """The deed was not done and nothing changed. `code` names why; `values` belong into the sentence.

    NO_DRAFT, CHANGED (somebody else changed the draft), TWICE (such a row exists), NO_ROW, EMPTY (a row without
    values), VALUE (name, why), CODE (an unusable category or item type), LOCK (a lock on a value that the row does
    not give), PAST (a day before today), BEGUN (already in force), SAME (the draft is what already holds).
    """

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
