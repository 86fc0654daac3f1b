"""The nouns: game, ledger, automaton, settings."""
