"""The database backend (settings.DATABASES): Django looks for `DatabaseWrapper` in a module of this name."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Sees by its socket whether the server has left a kept connection, instead of asking the server on every page."""

    def is_usable(self) -> bool:
        """Whether the next statement can be sent. After an error the server is asked."""
        if self.connection is None or self.connection.closed:
            return False
        if self.errors_occurred or _something_waits(self.connection.fileno()):
            return super().is_usable()
        return True


def _something_waits(descriptor: int) -> bool:
    """An idle connection has nothing to read, unless the server said goodbye, went away or sent a notice."""
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    return bool(waiting.poll(0))
