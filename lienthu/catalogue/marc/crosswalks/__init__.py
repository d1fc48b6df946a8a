"""The same record in other element sets: what MARC says, in the words of others."""
