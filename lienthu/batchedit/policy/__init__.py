"""Pure rules: what a step of a batch edit does to a record, and what it asks of it first."""
