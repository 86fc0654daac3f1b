"""Learning: people who choose by what they experienced, and where that settles."""
