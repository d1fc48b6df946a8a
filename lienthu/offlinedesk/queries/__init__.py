"""What others may read: the copy that a device takes along."""
