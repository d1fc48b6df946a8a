"""Pure rules of authority control: forms and their texts, rewriting records, MARC 21 authority records, likeness."""
