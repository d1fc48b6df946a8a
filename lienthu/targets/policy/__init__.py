"""Pure rules of copy cataloguing: what is asked, how good a record is, what an overlay does."""
