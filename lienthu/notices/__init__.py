"""What the library tells its readers: an outbox, the texts, the ways out."""
