"""Records brought in from other repositories on a schedule."""
