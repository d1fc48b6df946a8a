"""The one kind of failure that this package shows to a person."""


class ServerError(Exception):
    """Something that the person at the terminal can mend; the message is a whole sentence that says how."""
