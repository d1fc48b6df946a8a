"""What happens to a file at the door: its type by content, its name, its size, and traps inside it."""
