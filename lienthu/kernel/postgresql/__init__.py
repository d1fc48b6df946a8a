"""PostgreSQL as Django's backend speaks to it, with a health check that costs no round trip."""
