"""Records in the forms that people and programs take along: citations, BibTeX, RIS, CSV, JSON-LD, ISBD."""
