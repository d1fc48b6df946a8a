"""Pure rules of the desk without network: reading its log, its clock, and what a late event does."""
