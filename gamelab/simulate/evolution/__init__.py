"""Evolution: dynamics of shares, and populations in which the successful are imitated."""
