"""How much one reader may keep; pure."""

MOST_LISTS = 50
MOST_TITLES = 500
