"""What the desk knows about MARC 21: the table of fields, texts for people, checks, forms. Pure Python, no Django."""
