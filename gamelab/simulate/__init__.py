"""Play by chance: matches, tournaments, evolution, learning, populations."""
