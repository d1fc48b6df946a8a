"""Pages of the loan rules."""
