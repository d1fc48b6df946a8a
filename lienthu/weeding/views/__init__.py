"""Pages of weeding: of the desk, and the public lists."""
