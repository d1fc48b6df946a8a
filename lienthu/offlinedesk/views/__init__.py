"""Pages of the desk, and the addresses that devices call."""
