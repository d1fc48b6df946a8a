"""Pure rules about loan rules: which value holds and why, when a loan is due, what a table of rules does wrongly."""
