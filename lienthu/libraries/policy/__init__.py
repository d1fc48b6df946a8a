"""Rules of the registry, opening hours and administrative units: facts in, decisions with reasons out."""
