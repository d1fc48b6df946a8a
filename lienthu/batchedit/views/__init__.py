"""Pages of batch editing."""
