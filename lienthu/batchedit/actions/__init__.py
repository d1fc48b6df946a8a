"""The deeds of batch editing."""
