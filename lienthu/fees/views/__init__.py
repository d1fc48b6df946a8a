"""Pages of money: the desk, the reader's own, the public prices."""
